"""Rate of two workers that deliver a long queue of pushes at the upstream's pace, and the time of the push list
meanwhile."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory

from apps.accounts.models import User
from apps.outbox import services, views
from apps.outbox.choices import PushState
from apps.outbox.models import Push
from apps.sources.choices import PushKind
from apps.sources.models import Source
from apps.sources.pushes import EntryContent, VoucherBook, VoucherCollect, VoucherReference
from invoicehub.warmth import warm_up

from .ingest import scratch_database

Say = Callable[[str], Any]
WORKERS = 2
_PAUSE = 0.015  # seconds the upstream wants between two requests
_PAGE_GOAL = 200  # ms
_DELIVER = """
import os; os.environ.setdefault("DJANGO_SETTINGS_MODULE", "invoicehub.settings")
from django.conf import settings; settings.DATABASES["default"]["NAME"] = {database!r}
import django; django.setup()
import structlog; structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
from apps.outbox import delivery
while delivery.due_sources():
    delivery.deliver({source}, 600)
"""


def run(count: int, say: Say) -> None:
    """Print pushes a second beside the pace, how many calls each push took, and how long the page took."""
    with scratch_database(), tempfile.TemporaryDirectory() as directory:
        sources, companies = Path(directory) / "sources.json", Path(directory) / "companies.json"
        script = str(Path(settings.BASE_DIR) / "manage.py")
        arguments = ["sandbox", "--invoices", "100", "--sources-file", str(sources), "--companies-file", str(companies)]
        sandbox = subprocess.Popen([sys.executable, script, *arguments], stdout=subprocess.DEVNULL)
        try:
            while not sources.exists():
                if sandbox.poll() is not None:
                    raise RuntimeError("the sandbox did not start")
                time.sleep(0.1)
            call_command("import_sources", str(sources), "--companies", str(companies), verbosity=0)
            source = Source.objects.select_related("company").get(kind="piaozone")
            source.options["min_interval_seconds"] = _PAUSE
            source.save()
            _queue(source, count)
            _drain(source, count, say)
        finally:
            sandbox.terminate()
            sandbox.wait(30)


def _queue(source: Source, count: int) -> None:
    services.queue([_push_command(source, n) for n in range(count)], None)


def _push_command(source: Source, n: int) -> services.PushCommand:
    day = date(2026, 3, 3)
    voucher = VoucherCollect(
        voucher=VoucherReference(f"b-{n}", f"{n:06d}"), book=VoucherBook(), business_date=day, account_date=day,
        period="202603", entries=(EntryContent(account="6602", debit=Decimal("10.00")),),
    )  # fmt: skip
    return services.PushCommand(
        source=source, company=source.company, kind=PushKind.VOUCHER_COLLECT, subject=f"bench:{n}",
        label=f"bench {n}", payload=voucher,
    )  # fmt: skip


def _drain(source: Source, count: int, say: Say) -> None:
    code = _DELIVER.format(database=str(connection.settings_dict["NAME"]), source=source.pk)
    looks: list[float] = []
    warm_up()  # as every web process does before its first visitor
    request = RequestFactory().get("/pushes/")
    request.user = User(username="bench", is_superuser=True)
    workers = [subprocess.Popen([sys.executable, "-c", code], cwd=settings.BASE_DIR) for _ in range(WORKERS)]
    while not Push.objects.filter(state=PushState.DONE).exists():
        time.sleep(0.01)
    before, started = Push.objects.filter(state=PushState.DONE).count(), time.perf_counter()
    while any(worker.poll() is None for worker in workers):
        begun = time.perf_counter()
        views.PushList.as_view()(request)
        looks.append((time.perf_counter() - begun) * 1000)
        time.sleep(0.5)
    seconds = time.perf_counter() - started
    done = Push.objects.filter(state=PushState.DONE)
    rate = (done.count() - before) / seconds
    say(f"\n{count} queued pushes, {WORKERS} workers, one request every {_PAUSE * 1000:.0f} ms:")
    say(f"  {done.count()} done in {seconds:.0f} s, {rate:.0f} a second, {rate * _PAUSE:.2f} of the pace")
    attempts = sum(push.attempts.count() for push in done.prefetch_related("attempts")[:200])
    say(f"  {attempts / min(200, count):.2f} calls for each")
    page = statistics.median(looks)
    say(f"  the page of the queue meanwhile: {page:.0f} ms, the slowest {max(looks):.0f} (goal below {_PAGE_GOAL})")
