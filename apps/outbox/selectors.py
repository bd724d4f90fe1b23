"""The pushes a person may see, and why one does not move."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.db.models import Count, Max, Min, QuerySet

from apps.core.decoding import decode_json
from apps.sources.connectors import CONNECTORS
from apps.sources.context import filled_options
from apps.sources.models import Source
from apps.sources.pushes import Payload

from .choices import UNSETTLED, PushState
from .models import Push

_MOST_GROUPS = 50


def pushes(user: Any) -> QuerySet[Push]:
    """The pushes of companies this person may see, without their payloads."""
    return Push.objects.visible_to(user).select_related("source").defer("source__credentials", "payload")


def of_subject(subject: str) -> QuerySet[Push]:
    """All pushes about one subject, the newest first. Whoever may see the subject may see them."""
    return (
        Push.objects.filter(subject=subject)
        .select_related("source", "queued_by", "decided_by")
        .defer("source__credentials", "payload")
        .order_by("-pk")
    )


def request_body(push: Push) -> Mapping[str, Any]:
    """Exactly what is sent, in the vendor's names, without who we are. Settled pushes from before version 0.1.0 stored
    that body itself as their payload; it is returned as it is."""
    try:
        content = push.content
    except msgspec.ValidationError:
        body: Mapping[str, Any] = decode_json(push.payload.encode())
        return body
    return body_of(push.source, push.kind, content)


def body_of(source: Source, kind: str, payload: Payload) -> Mapping[str, Any]:
    """``request_body`` of a push that is not queued yet."""
    return CONNECTORS[source.kind].request_body(kind, payload, filled_options(source.kind, source.options))


def problems(user: Any) -> list[dict[str, Any]]:
    """Pushes that wait for a person, grouped by source, reason, error_code and kind: ``count``, ``since`` and
    ``example``, the latest of the group."""
    stopped = pushes(user).filter(state=PushState.NEEDS_PERSON)
    groups = list(
        stopped.order_by()
        .values("source", "reason", "error_code", "kind")
        .annotate(count=Count("pk"), since=Min("queued_at"), latest=Max("pk"))
        .order_by("-count", "-latest")[:_MOST_GROUPS]
    )
    examples = pushes(user).in_bulk([group["latest"] for group in groups])
    return [group | {"example": examples[group["latest"]]} for group in groups if group["latest"] in examples]


def circuit_opened_by(push: Push) -> Push | None:
    """The other push that has opened the circuit of this push's system; None while the circuit is closed."""
    openers = Push.objects.filter(source=push.source_id, circuit_open=True).exclude(pk=push.pk)
    return openers.select_related("source").defer("source__credentials", "payload").order_by("pk").first()


def ahead(push: Push) -> Push | None:
    """The first unsettled push that shares an ordering key and comes before it; None when it may be sent."""
    before = Push.objects.filter(ordering_keys__overlap=push.ordering_keys, pk__lt=push.pk, state__in=UNSETTLED)
    return before.select_related("source").defer("source__credentials", "payload").order_by("pk").first()
