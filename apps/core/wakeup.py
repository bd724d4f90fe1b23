"""Enqueue a job that looks up its own work. When Redis is unavailable nothing is lost: the next tick enqueues it."""

import secrets

import django_rq
import structlog
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


def wake(name: str, job: str, queue: str = "pulls") -> None:
    """Enqueue ``job`` (a dotted path without arguments) unless one with this ``name`` is queued already. ``queue``:
    "pulls", or "pushes" for jobs that must not wait behind pulls."""
    try:
        jobs = django_rq.get_queue(queue)
        if not any(job_id.startswith(name) for job_id in jobs.get_job_ids()):
            jobs.enqueue(job, job_id=f"{name}-{secrets.token_hex(4)}", result_ttl=0, failure_ttl=3600)
    except (RedisError, OSError) as error:
        log.warning("wakeup.failed", job=name, error=type(error).__name__)
