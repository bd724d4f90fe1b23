"""What a person may see of pushes, and what there is to say of those that do not move."""

from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from .choices import UNSETTLED, PushState
from .models import Push

_MOST_GROUPS = 50


def pushes(user: Any) -> QuerySet[Push]:
    """Those about companies this person may see, without what is heavy."""
    return Push.objects.visible_to(user).select_related("source").defer("source__credentials", "payload")


def of_subject(subject: str) -> QuerySet[Push]:
    """All pushes about one thing, the newest first. Whoever may see the thing may see them."""
    return (
        Push.objects.filter(subject=subject)
        .select_related("source", "queued_by", "decided_by")
        .defer("source__credentials", "payload")
        .order_by("-pk")
    )


def problems(user: Any) -> list[dict[str, Any]]:
    """What waits for a person, the same trouble together: system, reason, error_code, kind, how many, since when, and
    ``example``, the latest of them."""
    stopped = pushes(user).filter(state=PushState.NEEDS_PERSON)
    groups = (
        stopped.order_by()
        .values("source", "reason", "error_code", "kind")
        .annotate(count=Count("pk"), since=Min("queued_at"), latest=Max("pk"))
        .order_by("-count", "-latest")[:_MOST_GROUPS]
    )
    found = list(groups)
    examples = pushes(user).in_bulk([group["latest"] for group in found])
    return [group | {"example": examples[group["latest"]]} for group in found if group["latest"] in examples]


def holder(push: Push) -> Push | None:
    """The push whose trouble keeps this and all others of its system waiting; None when the way is free."""
    held = Push.objects.filter(source=push.source_id, circuit_open=True).exclude(pk=push.pk).select_related("source")
    return held.defer("source__credentials", "payload").order_by("pk").first()


def ahead(push: Push) -> Push | None:
    """The push it has to wait for, the first of them; None when it is its turn."""
    before = Push.objects.filter(ordering_keys__overlap=push.ordering_keys, pk__lt=push.pk, state__in=UNSETTLED)
    return before.select_related("source").defer("source__credentials", "payload").order_by("pk").first()
