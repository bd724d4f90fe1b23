"""What RQ calls, and the ring for it."""

import secrets

import django_rq
import structlog
from redis.exceptions import RedisError

from apps.sources.models import Source

from .choices import Origin
from .services import behind, follow_upstream

log = structlog.get_logger(__name__)
_NAME = "follow-bills"
_KINDS = (Origin.PIAOZONE, Origin.MAYCUR)


def follow() -> None:
    """Bring the bills of all upstreams up to date. Rung twice, the second ring finds nothing to do."""
    for source in Source.objects.filter(kind__in=_KINDS).order_by("pk"):
        done = follow_upstream(source)
        if done.bills or done.added or done.released:
            log.info("bills.followed", source=source.name, bills=done.bills, added=done.added, released=done.released)


def ring_if_due() -> bool:
    """Ring when the ledger has news of an upstream's bills; the minute's tick asks. False when there are none."""
    if not any(behind(source) for source in Source.objects.filter(kind__in=_KINDS)):
        return False
    try:
        queue = django_rq.get_queue("pulls")
        if not any(job_id.startswith(_NAME) for job_id in queue.get_job_ids()):
            job_id = f"{_NAME}-{secrets.token_hex(4)}"
            queue.enqueue("apps.bills.jobs.follow", job_id=job_id, result_ttl=0, failure_ttl=3600)
    except (RedisError, OSError) as error:
        log.warning("doorbell.silent", job=_NAME, error=type(error).__name__)
    return True
