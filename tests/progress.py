"""Waiting for long work: it is given up when nothing moves any more, never because of the time it takes in all.

A limit for the whole would fail on a slow or busy machine, where every step takes ten times as long.
"""

import time
from collections.abc import Callable
from typing import TypeVar

import pytest

STALL_SECONDS = 180.0  # longer than any single step takes: the start of a process, the recovery of a server
# One look counts for at most this long: a machine that slept, or starved the tests, did not let the work go on either.
LOOK_SECONDS = 10.0

Result = TypeVar("Result")


class Progress:
    """Fails the test once what it is shown has stayed the same for `stall_seconds`."""

    def __init__(self, work: str, stall_seconds: float = STALL_SECONDS) -> None:
        self.work, self.stall_seconds = work, stall_seconds
        self._mark: object = object()
        self._looked_at = time.monotonic()
        self._idle = 0.0

    def look(self, mark: object) -> None:
        """`mark` is anything that changes while the work goes on: a count, a tuple of counts, a state."""
        now = time.monotonic()
        self._idle += min(now - self._looked_at, LOOK_SECONDS)
        self._looked_at = now
        if mark != self._mark:
            self._mark, self._idle = mark, 0.0
        elif self._idle > self.stall_seconds:
            pytest.fail(f"{self.work}: nothing has moved for {self.stall_seconds:.0f} s, last at {mark!r}")


def wait_until(
    done: Callable[[], Result],
    mark: Callable[[], object] = lambda: None,
    *,
    work: str = "what the test waits for",
    pause: float = 0.05,
    stall_seconds: float = STALL_SECONDS,
) -> Result:
    """The first true answer of `done`. Fails once `mark` has given the same for `stall_seconds`."""
    progress = Progress(work, stall_seconds)
    while not (answer := done()):
        progress.look(mark())
        time.sleep(pause)
    return answer
