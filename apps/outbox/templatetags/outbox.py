"""Filters and tags of the pages of pushes."""

from typing import Any

import msgspec
from django import template

from apps.core.counting import capped_count
from apps.core.redaction import mask_personal
from apps.outbox import selectors, subjects
from apps.outbox.choices import PushState
from apps.outbox.models import Push

register = template.Library()


@register.filter
def address_of(push: Push) -> str:
    """The page of the push's subject; '' when there is none."""
    return subjects.address(push.subject)


@register.filter
def request_body(push: Push) -> str:
    """What is sent, for people: indented, identity numbers masked."""
    body = mask_personal(selectors.request_body(push))
    return msgspec.json.format(msgspec.json.encode(body), indent=2).decode()


@register.simple_tag(takes_context=True)
def stopped_pushes(context: dict[str, Any]) -> str:
    """The number of pushes that need a person for the navigation: '', '7', '99+'."""
    user = context["user"]
    if not user.has_perm("outbox.view_push"):
        return ""
    return capped_count(selectors.pushes(user).filter(state=PushState.NEEDS_PERSON))
