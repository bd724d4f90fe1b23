"""``work [--workers N]``: the background processes of an installation: N workers, one that only sends, one
that listens to open windows of the assistant, and one scheduler, kept alive."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

_RESTART_PAUSE = 2.0


class Command(BaseCommand):
    help = "Run the workers and the scheduler; a process that dies is started again. Stop with Ctrl-C or SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--tick", type=float, default=60.0, help="seconds between two looks at what is due")

    def handle(self, *args: Any, **options: Any) -> None:
        roles = {f"worker-{n}": ["run_worker"] for n in range(1, options["workers"] + 1)}
        # One worker only sends, since a pull may take hours.
        roles["courier"] = ["run_worker", "pushes"]
        roles["listener"] = ["run_listener"]
        roles["scheduler"] = ["run_scheduler", "--tick", str(options["tick"])]
        _Crew(roles).stay()


class _Crew:
    """Child processes by role; one that ends is started again."""

    def __init__(self, roles: dict[str, list[str]]) -> None:
        self._roles = roles
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._ending = False

    def stay(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._end)
        started: dict[str, float] = {}
        while not self._ending:
            for role, words in self._roles.items():
                child = self._children.get(role)
                due = time.monotonic() - started.get(role, -_RESTART_PAUSE) >= _RESTART_PAUSE
                if (child is None or child.poll() is not None) and due:
                    self._children[role] = subprocess.Popen(
                        [sys.executable, "manage.py", *words], cwd=settings.BASE_DIR
                    )
                    started[role] = time.monotonic()
            time.sleep(0.2)
        self._stop()

    def _end(self, *_: object) -> None:
        self._ending = True

    def _stop(self) -> None:
        for child in self._children.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + 15
        for child in self._children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, deadline - time.monotonic()))
            if child.poll() is None:
                child.kill()
