"""What a person may see of the assistant's windows and messages."""

from datetime import timedelta
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from apps.accounts.selectors import visible_company_ids
from apps.bills.models import AssistantMessage, AssistantSession, Bill
from apps.sources.choices import SourceKind
from apps.sources.models import Source

from .choices import FOR_PEOPLE

_LATE = timedelta(minutes=2)  # after its end a session may still hear what waits in its channel


def messages(user: Any) -> QuerySet[AssistantMessage]:
    """The messages of the companies this person may see."""
    ids = visible_company_ids(user)
    rows = AssistantMessage.objects.all()
    return rows if ids is None else rows.filter(source__company__in=ids)


def for_people(user: Any) -> QuerySet[AssistantMessage]:
    """Those that wait for somebody, or for a bill."""
    return messages(user).filter(state__in=FOR_PEOPLE)


def live_sessions(bill: Bill) -> QuerySet[AssistantSession]:
    """Windows through which something may still arrive for this bill."""
    return AssistantSession.objects.filter(bill=bill, closed_at=None, ends_at__gt=timezone.now() - _LATE)


def news(bill: Bill) -> str:
    """A text that changes whenever the bill's page has something new to show; '' while nobody has a window open."""
    sessions = live_sessions(bill).values_list("pk", "trouble")
    if not sessions:
        return ""
    open_now = ".".join(f"{pk}{'!' if trouble else ''}" for pk, trouble in sessions.order_by("pk"))
    latest = bill.messages.aggregate(Max("pk"), Max("applied_at"), Max("attempts"))
    applied = latest["applied_at__max"]
    moment = f"{applied.timestamp():.3f}" if applied else ""
    return f"{bill.revision}-{open_now}-{latest['pk__max'] or 0}-{moment}-{latest['attempts__max'] or 0}"


def cloud_of(bill: Bill) -> Source | None:
    """The invoice cloud that knows this bill, or would: its upstream, else the only one of its company."""
    if bill.source_id is not None:
        return bill.source if bill.source and bill.source.kind == SourceKind.PIAOZONE else None
    clouds = list(Source.objects.filter(company=bill.company_id, kind=SourceKind.PIAOZONE, enabled=True)[:2])
    return clouds[0] if len(clouds) == 1 else None
