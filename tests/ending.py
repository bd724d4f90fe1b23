"""A run of several workers that loses one of them ends at once, and fails.

Left to itself, xdist gives the tests of the lost worker to another one, which may first finish minutes of work, or to a
new worker, which may wait for a second test that never comes. Registered in the controller only.
"""

import os
import signal
import threading
from contextlib import suppress
from typing import Any

import pytest

GRACE_SECONDS = 15.0  # for the remaining workers to stop what they have started


class EndsWithItsWorkers:
    """Interrupts the workers that are left when one has died, then kills those that do not end."""

    def __init__(self) -> None:
        self._alive: dict[str, int] = {}  # worker → process number
        self._died: list[str] = []

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodeready(self, node: Any) -> None:
        self._alive[node.gateway.id] = node.gateway._rinfo().pid

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object | None) -> None:
        self._alive.pop(node.gateway.id, None)
        if error is None:
            return
        if not self._died:
            self._signal(signal.SIGINT)
            killing = threading.Timer(GRACE_SECONDS, self._signal, [signal.SIGKILL])
            killing.daemon = True
            killing.start()
        self._died.append(node.gateway.id)

    def _signal(self, number: signal.Signals) -> None:
        for process in list(self._alive.values()):
            with suppress(ProcessLookupError):
                os.kill(process, number)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A worker that died between two tests has failed none of them."""
        if self._died and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
