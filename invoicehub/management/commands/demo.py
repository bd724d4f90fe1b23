"""``demo``: starts the sandbox and workers, pulls all five sources and shows the progress, then serves the workspace;
with ``--exit`` prints a summary and ends."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from apps.accounts.models import User
from apps.invoices.models import Invoice
from apps.sources import runs, services
from apps.sources.choices import ACTIVE_RUNS, RunStatus, RunTrigger
from apps.sources.connectors import CONNECTORS
from apps.sources.models import Source, SyncRun
from invoicehub import examples

USERNAME, PASSWORD = "admin", "invoicehub-demo"
_GOOD = (RunStatus.SUCCEEDED, RunStatus.PARTIAL)
_PATIENCE = 15 * 60.0


class Command(BaseCommand):
    help = "Set up everything, pull the five sandbox systems and serve the workspace."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--exit", action="store_true", help="pull, print the summary and stop")
        parser.add_argument("--invoices", type=int, default=400, help="how many the sandbox knows")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--port", type=int, default=8000, help="of the workspace; a free one if taken")

    def handle(self, *args: Any, **options: Any) -> None:
        translation.activate("en")
        self._say("Preparing the database …")
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns without it
        call_command("migrate", verbosity=0)
        _make_login()
        with contextlib.ExitStack() as stack:
            self._say(f"Starting the sandbox with {options['invoices']} invoices …")
            self._sandbox(stack, options["invoices"], options["seed"])
            self._say("Starting two workers and the scheduler …")
            stack.enter_context(_child(["work", "--workers", "2", "--tick", "5"]))
            good = self._pull_all()
            examples.make(PASSWORD)
            if options["exit"]:
                if not good:
                    sys.exit(1)
                return
            self._serve(stack, options["port"])

    def _sandbox(self, stack: contextlib.ExitStack, invoices: int, seed: int) -> None:
        directory = settings.DATA_DIR / "sandbox"
        directory.mkdir(parents=True, exist_ok=True)
        sources, companies = directory / "sources.json", directory / "companies.json"
        for file in (sources, companies):
            file.unlink(missing_ok=True)
        words = ["sandbox", "--invoices", str(invoices), "--seed", str(seed)]
        files = ["--sources-file", str(sources), "--companies-file", str(companies)]
        child = stack.enter_context(_child([*words, *files], quiet=True))
        _wait_for([sources, companies], child)
        call_command("import_sources", str(sources), "--companies", str(companies), verbosity=0)

    def _pull_all(self) -> bool:
        """Queue a pull of every source and show the progress; whether all succeeded."""
        runs.reap()
        started = [
            services.queue_run(source, RunTrigger.COMMAND)[0]
            for source in Source.objects.filter(enabled=True, kind__in=CONNECTORS)
        ]
        ids, deadline = [run.pk for run in started], time.monotonic() + _PATIENCE
        shown: dict[int, str] = {}
        while True:
            current = list(SyncRun.objects.filter(pk__in=ids).select_related("source").order_by("source__pk"))
            for run in current:
                line = f"  {run.source.name}: {run.get_status_display()}, {run.received} received"
                if shown.get(run.pk) != line:
                    shown[run.pk] = line
                    self._say(line)
            if not any(run.status in ACTIVE_RUNS for run in current):
                break
            if time.monotonic() > deadline:
                raise CommandError("The pulls did not end in time; see the runs page or the log.")
            time.sleep(0.5)
        self._table(current)
        return all(run.status in _GOOD for run in current)

    def _table(self, current: Sequence[SyncRun]) -> None:
        titles = ("source", "status", "received", "new", "changed", "unchanged", "quarantined", "deleted")
        lines = [
            (r.source.name, r.status, r.received, r.created, r.changed, r.unchanged, r.quarantined, r.tombstoned)
            for r in current
        ]
        self._say("")
        for line in (titles, *lines):
            name, status, *numbers = line
            self._say(f"{_padded(str(name), 26)}{status!s:<14}" + "".join(f"{n!s:>12}" for n in numbers))
        for run in current:
            for message in filter(None, [run.error_message, *run.note_messages]):
                self._say(f"  {run.source.name}: {message}")
        self._say(f"\n{Invoice.objects.filter(merged_into=None).count()} invoices in the ledger.")

    def _serve(self, stack: contextlib.ExitStack, port: int) -> None:
        port = port if _is_free(port) else 0
        address = f"127.0.0.1:{port or _free_port()}"
        words = ["-m", "gunicorn", "invoicehub.wsgi", "--bind", address, "--threads", "8", "--log-level", "warning"]
        server = subprocess.Popen([sys.executable, *words], cwd=settings.BASE_DIR, start_new_session=True)
        stack.callback(_end, server)
        self._say(
            f"\nThe workspace is at http://{address}/ — log in as {USERNAME} with {PASSWORD}. Ctrl-C stops everything."
            f"\nWith the same password: {' and '.join(examples.PEOPLE)}, who prepare and check each other's work."
        )
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with contextlib.suppress(KeyboardInterrupt):
            server.wait()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _make_login() -> None:
    rights = {"is_staff": True, "is_superuser": True, "sees_all_companies": True}
    name = {"last_name": "陈", "first_name": "静"}
    user, created = User.objects.get_or_create(username=USERNAME, defaults=rights | name)
    if created:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])


@contextlib.contextmanager
def _child(words: Sequence[str], *, quiet: bool = False) -> Iterator[subprocess.Popen[bytes]]:
    """Start a manage.py command in its own session, so that Ctrl-C reaches this process first."""
    output = subprocess.DEVNULL if quiet else None
    command = [sys.executable, "manage.py", *words]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=output, start_new_session=True)
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()


def _wait_for(files: Sequence[Path], child: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 300
    while not all(file.exists() for file in files):
        if child.poll() is not None or time.monotonic() > deadline:
            raise CommandError("The sandbox did not start.")
        time.sleep(0.1)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _padded(text: str, width: int) -> str:
    """Pad for a terminal, where Chinese characters take two columns."""
    taken = sum(2 if ord(character) > 0x2E80 else 1 for character in text)
    return text + " " * max(1, width - taken)
