"""What RQ calls, and the ring for it."""

import structlog

from apps.core.doorbell import ring
from apps.sources.models import Source

from .choices import UPSTREAMS
from .services import behind, follow_upstream

log = structlog.get_logger(__name__)


def follow() -> None:
    """Bring the bills of all upstreams up to date. Rung twice, the second ring finds nothing to do."""
    for source in Source.objects.filter(kind__in=UPSTREAMS).order_by("pk"):
        done = follow_upstream(source)
        if done.bills or done.added or done.released:
            log.info("bills.followed", source=source.name, bills=done.bills, added=done.added, released=done.released)


def ring_if_due() -> bool:
    """Ring when the ledger has news of an upstream's bills; the minute's tick asks. False when there are none."""
    if not any(behind(source) for source in Source.objects.filter(kind__in=UPSTREAMS)):
        return False
    ring("follow-bills", "apps.bills.jobs.follow")
    return True
