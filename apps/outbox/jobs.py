"""The job RQ calls to deliver pushes, and the check that enqueues it."""

import time

from . import delivery
from .services import wake_delivery

_SHIFT = 300.0  # seconds; then the next job of the queue runs
_SLICE = 20.0  # seconds at one system before the next one


def deliver() -> None:
    """Send what is due, one system after the other. Enqueued twice, two workers share the work."""
    until = time.monotonic() + _SHIFT
    while sources := delivery.due_sources():
        if time.monotonic() > until:
            wake_delivery()
            return
        for source in sources:
            delivery.deliver(source, _SLICE)


def enqueue_if_due() -> bool:
    """Reap lost workers' pushes and enqueue the delivery when a push can be sent. Called every minute."""
    delivery.reap()
    if not delivery.due_sources():
        return False
    wake_delivery()
    return True
