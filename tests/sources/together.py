"""Runs functions in threads at the same moment, each with its own database connection."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

from tests.progress import STALL_SECONDS

Result = TypeVar("Result")


def together(*actions: Callable[[], Result]) -> list[Result]:
    """Run these functions at once. Returns their results in order, or raises the first exception."""
    ready = threading.Barrier(len(actions))

    def run(action: Callable[[], Result]) -> Result:
        try:
            connection.ensure_connection()
            ready.wait(STALL_SECONDS)
            return action()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return [future.result(STALL_SECONDS) for future in [pool.submit(run, action) for action in actions]]
