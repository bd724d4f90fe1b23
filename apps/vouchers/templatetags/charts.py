"""Filters of the pages of charts of accounts and dimension lists."""

from typing import Any

from django import template
from django.utils.translation import gettext

from apps.core.messages import render
from apps.vouchers.charts.planning import PlannedAccount, PlannedItem
from apps.vouchers.choices import Dimension, Side
from apps.vouchers.models import Account

register = template.Library()


@register.filter
def dimension_label(kind: str) -> str:
    """The label of a dimension; '—' for none."""
    return str(Dimension(kind).label) if kind in Dimension.values else "—"


@register.filter
def dimension_labels(account: Account) -> list[str]:
    """The labels of the dimensions that an account requires."""
    return [dimension_label(kind) for kind in account.dimensions]


@register.filter
def difference(planned: PlannedAccount | PlannedItem, name: str) -> str:
    """What an import changes in one column: ``name: old → new``."""
    stored: Any = getattr(planned.existing, name)
    old = stored.code if isinstance(stored, Account) else stored
    label = gettext("parent account") if name == "parent" else render(f"chart_import.column.{name}", {})
    return f"{label}: {_shown(name, old)} → {_shown(name, planned.values[name])}"


def _shown(name: str, value: Any) -> str:
    if name == "direction":
        return str(Side(value).label)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return "、".join(dimension_label(kind) for kind in value) or "—"
    return str(value or "—")
