"""What RQ calls, and the ring for it."""

import time

from . import delivery
from .services import ring_for_delivery

_SHIFT = 300.0  # seconds; then the next one in the queue has its turn
_SLICE = 20.0  # seconds at one system before the others are looked at


def deliver() -> None:
    """Send what is due, at one system after the other. Rung twice, two workers share the work."""
    until = time.monotonic() + _SHIFT
    while sources := delivery.due_sources():
        if time.monotonic() > until:
            ring_for_delivery()
            return
        for source in sources:
            delivery.deliver(source, _SLICE)


def enqueue_if_due() -> bool:
    """Take up what lost workers left, and ring when something can be sent; the minute's tick asks."""
    delivery.reap()
    if not delivery.due_sources():
        return False
    ring_for_delivery()
    return True
