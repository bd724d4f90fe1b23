"""What a person may see of the ledger, and counts that stay cheap at ten million rows."""

from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from apps.sources.selectors import quarantine, runs

from .models import Invoice, Party

__all__ = ["estimated_count", "ledger", "matching_parties", "quarantine", "runs"]

_MOST_PARTIES = 1000
_FEW, _CHEAP = 10_000, 10_000  # rows and the planner's units (some 50 ms), where reading all beats any walk


def ledger(user: Any) -> QuerySet[Invoice]:
    """The invoices of the companies this person may see; shells of merged invoices left out."""
    return Invoice.objects.visible_to(user).filter(merged_into=None)


def matching_parties(text: str) -> list[int]:
    """Ids of parties whose name holds the text or whose taxpayer number begins with it; at most a thousand.

    The Party table is small beside the invoices: scanning it serves two-character Chinese names, no trigram index does.
    """
    wanted = Q(name__icontains=text) | Q(tax_no__istartswith=text)
    return list(Party.objects.filter(wanted).values_list("pk", flat=True)[:_MOST_PARTIES])


class Count(NamedTuple):
    """How many rows, whether that is exact, and whether all of them can be read at once (``keyset.page``)."""

    number: int
    exact: bool
    few: bool


def estimated_count(queryset: QuerySet[Any], cap: int = 1000) -> Count:
    """Exact up to ``cap``, then the planner's estimate."""
    found = len(queryset.order_by().values_list("pk")[: cap + 1])
    if found <= cap:
        return Count(found, exact=True, few=True)
    statement, params = queryset.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", params)
        plan = cursor.fetchone()[0][0]["Plan"]
    number = max(int(plan["Plan Rows"]), cap)
    return Count(number, exact=False, few=number <= _FEW and plan["Total Cost"] <= _CHEAP)
