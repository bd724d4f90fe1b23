"""Peak memory of a piece of work: what this process grew by, and what PostgreSQL holds if it runs on this machine."""

import threading
from types import TracebackType

import psutil
from django.db import connection

_EVERY = 0.2  # seconds


class Peak:
    """Between entering and leaving. As text: megabytes, both together at their worst moment."""

    def __enter__(self) -> "Peak":
        self._ours, self._server = psutil.Process(), _server()
        self._before = self._ours.memory_info().rss
        self.ours = self.theirs = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def __str__(self) -> str:
        return f"{self.ours + self.theirs:.0f} MB (this process {self.ours:.0f}, PostgreSQL {self.theirs:.0f})"

    def _watch(self) -> None:
        while not self._done.wait(_EVERY):
            ours = (self._ours.memory_info().rss - self._before) / 1e6
            theirs = sum(map(_share, [self._server, *self._server.children()])) / 1e6 if self._server else 0.0
            if ours + theirs > self.ours + self.theirs:
                self.ours, self.theirs = ours, theirs


def _server() -> psutil.Process | None:
    """The server behind the connection, if it is on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    try:
        backend = psutil.Process(pid)
        return backend.parent() if "postgres" in backend.name() else None
    except psutil.Error:
        return None


def _share(process: psutil.Process) -> int:
    """Its memory, with a fair part of what it shares."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0
