"""Counts of long lists that stay cheap at ten million rows."""

from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

_FEW, _CHEAP = 10_000, 10_000  # rows and the planner's units (some 50 ms), where reading all beats any walk


class Count(NamedTuple):
    """How many rows, whether that is exact, and whether all of them can be read at once (``keyset.page``)."""

    number: int
    exact: bool
    few: bool


def estimated_count(queryset: QuerySet[Any], cap: int = 1000) -> Count:
    """Exact up to ``cap``, then the planner's estimate."""
    counted = len(queryset.order_by().values_list("pk")[: cap + 1])
    if counted <= cap:
        return Count(counted, exact=True, few=True)
    statement, params = queryset.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", params)
        plan = cursor.fetchone()[0][0]["Plan"]
    number = max(int(plan["Plan Rows"]), cap)
    return Count(number, exact=False, few=number <= _FEW and plan["Total Cost"] <= _CHEAP)


def capped_count(queryset: QuerySet[Any], most: int = 99) -> str:
    """How many rows, for a badge of the navigation: '' for none, '7', '99+'."""
    counted = len(queryset.order_by().values_list("pk")[: most + 1])
    return f"{most}+" if counted > most else str(counted or "")
