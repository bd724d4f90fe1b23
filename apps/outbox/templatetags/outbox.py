"""Filters and tags of the pages of pushes."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django import template

from apps.core.redaction import mask_personal
from apps.outbox import selectors, subjects
from apps.outbox.choices import PushState
from apps.outbox.models import Push

register = template.Library()

_MOST_SHOWN = 99
_COLOURS: Mapping[str, str] = {
    "pending": "blue", "sending": "blue", "waiting": "yellow", "needs_person": "red", "done": "green",
    "cancelled": "secondary", "already": "green", "later": "yellow", "refused": "red", "unknown": "orange",
    "lost": "orange", "confirm_applied": "green", "not_applied": "yellow", "cannot_tell": "orange",
}  # fmt: skip


@register.filter
def push_colour(state: str) -> str:
    """The colour of a badge for a push's state or an attempt's outcome."""
    return _COLOURS.get(state, "secondary")


@register.filter
def address_of(push: Push) -> str:
    """The page of the push's subject; '' when there is none."""
    return subjects.address(push.subject)


@register.filter
def shown(payload: str) -> str:
    """A payload for people: indented, identity numbers masked."""
    body: Any = mask_personal(msgspec.json.decode(payload))
    return msgspec.json.format(msgspec.json.encode(body), indent=2).decode()


@register.simple_tag(takes_context=True)
def stopped_pushes(context: dict[str, Any]) -> str:
    """How many pushes wait for a person, for the navigation: '', '7', '99+'."""
    user = context["user"]
    if not user.has_perm("outbox.view_push"):
        return ""
    stopped = selectors.pushes(user).filter(state=PushState.NEEDS_PERSON)
    number = len(stopped.order_by().values_list("pk")[: _MOST_SHOWN + 1])
    return f"{_MOST_SHOWN}+" if number > _MOST_SHOWN else str(number or "")
