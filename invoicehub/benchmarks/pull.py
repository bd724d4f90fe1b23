"""A large pull over HTTP in a separate process: peak memory, and whether the last tenth of the records is slower than
the first."""

import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
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
Page = Mapping[str, Any]  # a line of ``puller``
_MEMORY_GOAL = 400  # MB
_SAMPLE_SECONDS = 0.1
_ENOUGH = 50  # pages


def run(invoices: int, say: Say) -> None:
    """Print memory and the time of the first and the last tenth of every source's records."""
    with scratch_database(), tempfile.TemporaryDirectory() as directory:
        sources, companies = Path(directory) / "sources.json", Path(directory) / "companies.json"
        words = [
            "manage.py",
            "sandbox",
            "--invoices",
            str(invoices),
            "--sources-file",
            str(sources),
            "--companies-file",
            str(companies),
        ]
        sandbox = _python(words)
        try:
            while not sources.exists():
                if sandbox.poll() is not None:
                    raise RuntimeError("the sandbox did not start")
                time.sleep(0.1)
            call_command("import_sources", str(sources), "--companies", str(companies), verbosity=0)
            _measure(invoices, Path(directory), say)
        finally:
            sandbox.terminate()
            sandbox.wait(30)


def _measure(invoices: int, directory: Path, say: Say) -> None:
    names = list(Source.objects.order_by("pk").values_list("name", flat=True))
    file, peak, started = directory / "pages.jsonl", 0.0, time.perf_counter()
    database = str(connection.settings_dict["NAME"])
    puller = _python(["-m", "invoicehub.benchmarks.puller", database, str(file), *names])
    watched = psutil.Process(puller.pid)
    while puller.poll() is None:
        time.sleep(_SAMPLE_SECONDS)
        with suppress(psutil.NoSuchProcess):
            peak = max(peak, watched.memory_info().rss / 1e6)
    total, seconds = sum(SyncRun.objects.values_list("received", flat=True)), time.perf_counter() - started
    rate = total / seconds
    say(f"\nPull of a sandbox with {invoices} invoices: {total} records in {seconds:.0f} s ({rate:.0f} a second)")
    say(f"  peak memory of the pulling process: {peak:.0f} MB (goal below {_MEMORY_GOAL})")
    say("  Last tenth against first, time per record by the clock (by processor time, without the sandbox's):")
    pages = [json.loads(line) for line in file.read_text().splitlines()]
    for name in names:
        _say_source(name, [page for page in pages if page["source"] == name and page["records"]], say)
    failures = SyncRun.objects.filter(status="failed").select_related("source")
    for run in failures:
        say(f"  {run.source.name} failed: {run.error_message}")
    failed = len(failures)
    say(f"  {failed} of {len(names)} pulls failed; finished {timezone.now():%Y-%m-%d %H:%M} UTC")


def _say_source(name: str, pages: Sequence[Page], say: Say) -> None:
    """A line for every stream and call: a bill and a message cost differently, however large the ledger is."""
    by_call: dict[tuple[str, str], list[Page]] = defaultdict(list)
    for page in pages:
        by_call[page["stream"], page["call"]].append(page)
    for (stream, call), same_call in by_call.items():
        records = sum(page["records"] for page in same_call)
        steady = "too few to compare"
        if len(same_call) >= _ENOUGH:
            first, last = _tenth(same_call), _tenth(same_call[::-1])
            clock, processor = (_per_record(last, by) / _per_record(first, by) for by in ("clock", "processor"))
            steady = f"{clock:.2f} ({processor:.2f})"
        say(f"    {name} {stream} {call}: {steady}; {records} records in {len(same_call)} pages")


def _tenth(pages: Sequence[Page]) -> list[Page]:
    """The first pages, as many as hold a tenth of the records."""
    goal, records = sum(page["records"] for page in pages) / 10, 0
    taken: list[Page] = []
    for page in pages:
        if records >= goal:
            break
        taken.append(page)
        records += page["records"]
    return taken


def _per_record(pages: Sequence[Page], by: str) -> float:
    """Seconds."""
    return float(sum(page[by] for page in pages) / sum(page["records"] for page in pages))


def _python(words: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, *words], cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL)
