"""A large pull over HTTP in a process of its own: peak memory, and whether the last tenth is slower than the first."""

import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from apps.sources.models import Source, SyncRun

from .ingest import scratch_database

Say = Callable[[str], Any]
_MEMORY_GOAL = 400  # MB
_SAMPLE_SECONDS = 0.1


def run(invoices: int, say: Say) -> None:
    """Print memory and the time of the first and the last tenth of every source's records."""
    with scratch_database(), tempfile.TemporaryDirectory() as directory:
        sources, companies = Path(directory) / "sources.json", Path(directory) / "companies.json"
        words = [
            "sandbox",
            "--invoices",
            str(invoices),
            "--sources-file",
            str(sources),
            "--companies-file",
            str(companies),
        ]
        sandbox = _manage(words)
        try:
            while not sources.exists():
                if sandbox.poll() is not None:
                    raise RuntimeError("the sandbox did not start")
                time.sleep(0.1)
            call_command("import_sources", str(sources), "--companies", str(companies), verbosity=0)
            _measure(invoices, say)
        finally:
            sandbox.terminate()
            sandbox.wait(30)


def _measure(invoices: int, say: Say) -> None:
    names = list(Source.objects.order_by("pk").values_list("name", flat=True))
    started, peak = time.perf_counter(), 0.0
    progress: dict[str, list[tuple[float, int]]] = defaultdict(list)
    puller = _manage(["sync", *names, "--inline"], database=str(connection.settings_dict["NAME"]))
    watched = psutil.Process(puller.pid)
    while puller.poll() is None:
        time.sleep(_SAMPLE_SECONDS)
        try:
            peak = max(peak, watched.memory_info().rss / 1e6)
        except psutil.NoSuchProcess:
            break
        now = time.perf_counter()
        for name, received in SyncRun.objects.values_list("source__name", "received"):
            if not progress[name] or progress[name][-1][1] != received:
                progress[name].append((now, received))
    total, seconds = sum(SyncRun.objects.values_list("received", flat=True)), time.perf_counter() - started
    rate = total / seconds
    say(f"\nPull of a sandbox with {invoices} invoices: {total} records in {seconds:.0f} s ({rate:.0f} a second)")
    say(f"  peak memory of the pulling process: {peak:.0f} MB (goal below {_MEMORY_GOAL})")
    for name in names:
        first, last = _tenths(progress[name])
        ratio, records = last / first if first else 0, progress[name][-1][1]
        say(f"  {name}: last tenth took {ratio:.2f} times as long as the first ({records} records)")
    failures = SyncRun.objects.filter(status="failed").select_related("source")
    for run in failures:
        say(f"  {run.source.name} failed: {run.error_message}")
    failed = len(failures)
    say(f"  {failed} of {len(names)} pulls failed; finished {timezone.now():%Y-%m-%d %H:%M} UTC")


def _tenths(samples: list[tuple[float, int]]) -> tuple[float, float]:
    """Seconds that the first and the last tenth of the records took."""
    end = samples[-1][1]

    def reached(share: float) -> float:
        return next(moment for moment, received in samples if received >= end * share)

    return reached(0.1) - samples[0][0], samples[-1][0] - reached(0.9)


def _manage(words: list[str], database: str = "") -> "subprocess.Popen[bytes]":
    script = Path(settings.BASE_DIR) / "manage.py"
    command = [sys.executable, str(script), *words]
    if database:
        switch = (
            "import os; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'invoicehub.settings');"
            "from django.conf import settings;"
            f"settings.DATABASES['default']['NAME'] = {database!r};"
            "from django.core.management import execute_from_command_line as run;"
            f"run(['manage.py', *{words!r}])"
        )
        command = [sys.executable, "-c", switch]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL)
