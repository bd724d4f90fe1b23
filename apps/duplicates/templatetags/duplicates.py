"""Filters and tags of duplicate cases."""

from typing import Any

from django import template

from apps.core.counting import capped_count
from apps.duplicates import selectors
from apps.duplicates.choices import State, Tier
from apps.duplicates.models import DuplicateCase

register = template.Library()


@register.filter
def tier_label(tier: str) -> str:
    return str(Tier(tier).label)


@register.simple_tag(takes_context=True)
def open_duplicates(context: Any) -> str:
    """The number of open cases for the navigation: '', '7', '99+'."""
    return capped_count(DuplicateCase.objects.visible_to(context["request"].user).filter(state=State.OPEN))


@register.simple_tag
def open_case_of(invoice_id: int) -> DuplicateCase | None:
    """The open case of an invoice; None without one."""
    return selectors.open_cases_of([invoice_id]).get(invoice_id)
