"""What RQ calls, and the ring for it."""

import secrets

import django_rq
import structlog
from redis.exceptions import RedisError

from . import searching

log = structlog.get_logger(__name__)
_NAME = "search-duplicates"


def search() -> None:
    """Search what changed. Rung twice, the second ring finds the lock taken or nothing to do."""
    searching.search_changed()


def ring_if_due() -> bool:
    """Ring for a search when invoices changed since the last one; the minute's tick asks. False when nothing waits."""
    if not searching.backlog().number:
        return False
    try:
        queue = django_rq.get_queue("pulls")
        if not any(job_id.startswith(_NAME) for job_id in queue.get_job_ids()):
            job_id = f"{_NAME}-{secrets.token_hex(4)}"
            queue.enqueue("apps.duplicates.jobs.search", job_id=job_id, result_ttl=0, failure_ttl=3600)
    except (RedisError, OSError) as error:
        log.warning("doorbell.silent", job=_NAME, error=type(error).__name__)
    return True
