"""Template tags about duplicate cases."""

from typing import Any

from django import template

from apps.duplicates import selectors
from apps.duplicates.choices import Tier
from apps.duplicates.models import DuplicateCase

register = template.Library()

_MOST_SHOWN = 99


@register.filter
def tier_label(tier: str) -> str:
    return str(Tier(tier).label)


@register.simple_tag(takes_context=True)
def open_duplicates(context: Any) -> str:
    """Number of open cases for the navigation; '' for none."""
    number = selectors.open_count(context["request"].user, _MOST_SHOWN)
    return f"{_MOST_SHOWN}+" if number > _MOST_SHOWN else str(number or "")


@register.simple_tag
def open_case_of(invoice_id: int) -> DuplicateCase | None:
    """The open case of an invoice; None without one."""
    return selectors.open_cases_of([invoice_id]).get(invoice_id)
