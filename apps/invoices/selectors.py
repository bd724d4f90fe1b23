"""The part of the ledger that a person may see, and counts that stay cheap at ten million rows."""

from typing import Any

from django.db.models import Q, QuerySet

from apps.sources.selectors import quarantine, runs

from .models import Invoice, Party

__all__ = ["ledger", "matching_parties", "quarantine", "runs"]

_MOST_PARTIES = 1000


def ledger(user: Any) -> QuerySet[Invoice]:
    """The invoices of the companies this person may see; redirects left out."""
    return Invoice.objects.visible_to(user).filter(merged_into=None)


def matching_parties(text: str) -> list[int]:
    """Ids of parties whose name holds the text or whose taxpayer number begins with it; at most a thousand.

    The Party table is small beside the invoices: scanning it serves two-character Chinese names, no trigram index does.
    """
    matches = Q(name__icontains=text) | Q(tax_no__istartswith=text)
    return list(Party.objects.filter(matches).values_list("pk", flat=True)[:_MOST_PARTIES])
