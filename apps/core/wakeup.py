"""Ringing for a job that finds out by itself what there is to do. When Redis is away nothing is lost: the tick rings
again."""

import secrets

import django_rq
import structlog
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


def wake(name: str, job: str, queue: str = "pulls") -> None:
    """Queue ``job`` (a dotted path without arguments) unless one rung under this name waits already. ``queue``:
    "pulls", or "pushes" for what must not wait until the pulls are through."""
    try:
        waiting = django_rq.get_queue(queue)
        if not any(job_id.startswith(name) for job_id in waiting.get_job_ids()):
            waiting.enqueue(job, job_id=f"{name}-{secrets.token_hex(4)}", result_ttl=0, failure_ttl=3600)
    except (RedisError, OSError) as error:
        log.warning("wakeup.failed", job=name, error=type(error).__name__)
