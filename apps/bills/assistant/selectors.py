"""Reads about the assistant's sessions and messages."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from apps.bills import pushing
from apps.bills.models import AssistantMessage, AssistantSession, Bill
from apps.outbox.choices import UNSETTLED, PushState
from apps.outbox.models import Push
from apps.sources.kinds import SourceKind
from apps.sources.models import Source

from .choices import FOR_PEOPLE

_EVERY, _EVERY_PUSH = 1, 3  # seconds
_LATE = timedelta(minutes=2)  # messages may still arrive so long after the end of a session


def for_people(user: Any) -> QuerySet[AssistantMessage]:
    """Messages that wait for a person or for their bill."""
    return AssistantMessage.objects.visible_to(user).filter(state__in=FOR_PEOPLE)


def live_sessions(bill: Bill) -> QuerySet[AssistantSession]:
    """Sessions through which messages may still arrive for this bill."""
    return AssistantSession.objects.filter(bill=bill, closed_at=None, ends_at__gt=timezone.now() - _LATE)


def unheard_sessions() -> tuple[int, int]:
    """Number of open sessions, and of those not polled recently. For health checks."""
    silent_since = timezone.now() - _LATE
    unheard = Q(opened_at__lt=silent_since) & (Q(polled_at=None) | Q(polled_at__lt=silent_since))
    counts = AssistantSession.objects.filter(closed_at=None).aggregate(
        every=Count("pk"), unheard=Count("pk", filter=unheard)
    )
    return counts["every"], counts["unheard"]


@dataclass(frozen=True)
class News:
    """``text`` changes whenever the bill's page would change. ``every``: seconds between two polls of the page; 0:
    none."""

    text: str
    every: int


def news(bill: Bill) -> News:
    sessions = list(live_sessions(bill).order_by("pk").values_list("pk", "trouble"))
    open_now = ".".join(f"{pk}{'!' if trouble else ''}" for pk, trouble in sessions)
    latest = bill.messages.aggregate(number=Max("pk"), applied=Max("applied_at"), attempts=Sum("attempts"))
    pushed = Push.objects.filter(subject=pushing.subject_of(bill.pk)).aggregate(
        moved=Max("updated_at"), moving=Count("pk", filter=Q(state__in=UNSETTLED) & ~Q(state=PushState.NEEDS_PERSON))
    )
    moments = "-".join(str(at.timestamp()) if at else "" for at in (latest["applied"], pushed["moved"]))
    text = f"{bill.revision}-{open_now}-{latest['number'] or 0}-{latest['attempts'] or 0}-{moments}"
    return News(text, _EVERY if sessions else _EVERY_PUSH if pushed["moving"] else 0)


def cloud_of(bill: Bill) -> Source | None:
    """The invoice cloud of this bill: its upstream, else the only one of its company; None without one."""
    if bill.source_id is not None:
        return bill.source if bill.source and bill.source.kind == SourceKind.PIAOZONE else None
    clouds = list(Source.objects.filter(company=bill.company_id, kind=SourceKind.PIAOZONE, enabled=True)[:2])
    return clouds[0] if len(clouds) == 1 else None
