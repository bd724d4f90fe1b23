"""RQ jobs of bills, and the check that enqueues them."""

import structlog

from apps.core.wakeup import wake
from apps.sources.models import Source

from .assistant import applying
from .choices import UPSTREAMS
from .input_tax import following as input_tax
from .services import behind, follow_upstream

log = structlog.get_logger(__name__)

MOST_MESSAGES = 500  # per job; the tick of the next minute enqueues another job


def follow() -> None:
    """Bring the bills of all upstreams up to date. A second run finds nothing to do."""
    for source in Source.objects.filter(kind__in=UPSTREAMS).order_by("pk"):
        done = follow_upstream(source)
        if done.bills or done.added or done.released:
            log.info("bills.followed", source=source.name, bills=done.bills, added=done.added, released=done.released)


def follow_input_tax() -> None:
    """Judge the input tax of unbooked bills anew where the ledger changed. A second run finds nothing to do."""
    judged = input_tax.follow()
    if judged:
        log.info("bills.input_tax_judged", bills=judged)


def apply_messages() -> None:
    """Apply the messages of the assistant that are due."""
    for pk in applying.due().values_list("pk", flat=True)[:MOST_MESSAGES]:
        applying.apply(pk)


def enqueue_if_due() -> bool:
    """Enqueue the jobs when the ledger changed for bills, or messages wait. Called every minute. False when it did not
    change for the bills of an upstream."""
    if applying.due().exists():
        wake("apply-messages", "apps.bills.jobs.apply_messages")
    if input_tax.behind():
        wake("follow-input-tax", "apps.bills.jobs.follow_input_tax")
    if not any(behind(source) for source in Source.objects.filter(kind__in=UPSTREAMS)):
        return False
    wake("follow-bills", "apps.bills.jobs.follow")
    return True
