"""The minute's tick. PostgreSQL knows what is due; this only looks and rings. Several may run beside each other."""

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
from apps.vouchers import alarm

log = structlog.get_logger(__name__)

TICK_SECONDS = 60


def tick() -> int:
    """Reap what stopped breathing, queue what is due, ring for everything that waits; how many that were."""
    runs.reap()
    idempotency.forget_old()
    bills.ring_if_due()
    duplicates.ring_if_due()
    outbox.ring_if_due()
    services.queue_due()
    waiting = SyncRun.objects.filter(status=RunStatus.QUEUED).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True))
    services.ring(ids)
    alarm.raise_findings()
    return len(ids)


def beat() -> bool:
    """One tick that survives anything: a database that is away now may be back in a minute. False when it failed."""
    try:
        tick()
    except Exception:
        log.exception("tick.failed")
        connection.close()
        return False
    return True


def oldest_wait() -> timedelta | None:
    """How long the oldest queued run has been waiting; None when nothing waits. For health checks."""
    first = (
        SyncRun.objects.filter(status=RunStatus.QUEUED)
        .order_by("queued_at")
        .values_list("queued_at", flat=True)
        .first()
    )
    return timezone.now() - first if first else None
