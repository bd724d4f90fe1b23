"""Measures time, processor time and memory of a piece of work, in this process and in PostgreSQL if it is local."""

import threading
import time
from types import TracebackType
from typing import Self

import psutil
from django.db import connection

_EVERY = 0.2  # seconds


class Time:
    """Seconds between entering and leaving. ``processor`` depends little on other work of the machine; it includes
    PostgreSQL's background work."""

    def __enter__(self) -> Self:
        self._ours, self._server = psutil.Process(), _server()
        self.processor, self._started = self.spent(), time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.wall = time.perf_counter() - self._started
        self.processor = self.spent() - self.processor

    def spent(self) -> float:
        """Seconds of processor time until now; only differences are meaningful."""
        spent = self._ours.cpu_times()
        seconds = spent.user + spent.system
        if self._server:
            ended = self._server.cpu_times()  # of backends that have ended
            seconds += ended.children_user + ended.children_system + sum(map(_processor_time, self._server.children()))
        return float(seconds)


class Cost(Time):
    """Memory as well: growth of this process and memory of PostgreSQL, at the moment of their largest sum."""

    def __enter__(self) -> Self:
        super().__enter__()
        self._before = self._ours.memory_info().rss
        self._our_memory = self._their_memory = 0.0  # MB
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        super().__exit__(kind, value, traceback)
        self._done.set()
        self._thread.join()

    @property
    def seconds(self) -> str:
        return f"{self.wall:.1f} s ({self.processor:.1f} s of processor time)"

    @property
    def memory(self) -> str:
        both = self._our_memory + self._their_memory
        return f"{both:.0f} MB (this process {self._our_memory:.0f}, PostgreSQL {self._their_memory:.0f})"

    def _watch(self) -> None:
        while not self._done.wait(_EVERY):
            ours = (self._ours.memory_info().rss - self._before) / 1e6
            theirs = sum(map(_share, [self._server, *self._server.children()])) / 1e6 if self._server else 0.0
            if ours + theirs > self._our_memory + self._their_memory:
                self._our_memory, self._their_memory = ours, theirs


def _server() -> psutil.Process | None:
    """The PostgreSQL server of the connection; None when it runs elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    try:
        backend = psutil.Process(pid)
        return backend.parent() if "postgres" in backend.name() else None
    except psutil.Error:
        return None


def _share(process: psutil.Process) -> int:
    """Memory of the process in bytes, shared pages divided among their users."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def _processor_time(process: psutil.Process) -> float:
    try:
        spent = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(spent.user + spent.system)
