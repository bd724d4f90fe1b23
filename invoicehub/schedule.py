"""Runs every minute: reads from PostgreSQL what is due and enqueues its jobs. Several may run at once."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.db import connection
from django.utils import timezone

from apps.bills import jobs as bills
from apps.core import idempotency
from apps.duplicates import jobs as duplicates
from apps.outbox import jobs as outbox
from apps.sources import runs, services
from apps.sources.choices import RunStatus
from apps.sources.models import SyncRun
from apps.vouchers import findings

log = structlog.get_logger(__name__)

TICK_SECONDS = 60


def wake_pulls() -> None:
    """Enqueue a job for every queued pull."""
    waiting = SyncRun.objects.filter(status=RunStatus.QUEUED).order_by("pk")
    services.wake(list(waiting.values_list("pk", flat=True)))


_STEPS: tuple[Callable[[], object], ...] = (
    runs.reap,
    services.queue_due,
    wake_pulls,
    outbox.enqueue_if_due,
    bills.enqueue_if_due,
    duplicates.enqueue_if_due,
    findings.raise_findings,
    idempotency.forget_old,
)


def tick() -> bool:
    """End runs without a heartbeat, queue runs that are due, enqueue jobs for everything that waits. A step that fails
    is logged and does not stop the others; False when one failed."""
    well = True
    for step in _STEPS:
        try:
            step()
        except Exception:
            log.exception("tick.failed", step=f"{step.__module__}.{step.__qualname__}")
            connection.close()
            well = False
    return well


def oldest_wait() -> timedelta | None:
    """How long the oldest queued run has been waiting; None when nothing waits. For health checks."""
    first = (
        SyncRun.objects.filter(status=RunStatus.QUEUED)
        .order_by("queued_at")
        .values_list("queued_at", flat=True)
        .first()
    )
    return timezone.now() - first if first else None
