"""Double claims that no source reports, such as two bills with one invoice. The apps above register providers."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from apps.core.providers import Registry

from .claims import ClaimEvidence


class ClaimProvider(Protocol):
    """Those of these invoices that are masters and claimed more than once, with their claims."""

    def __call__(self, invoice_ids: Collection[int], /) -> Mapping[int, Sequence[ClaimEvidence]]: ...


registry: Registry[ClaimProvider] = Registry("claim provider")


def claims_of(invoice_ids: Collection[int]) -> dict[int, list[ClaimEvidence]]:
    """The claims all providers report of these invoices; invoices without a double claim are absent."""
    claims_by_invoice: dict[int, list[ClaimEvidence]] = defaultdict(list)
    for provider in registry:
        for invoice_id, claims in provider(invoice_ids).items():
            claims_by_invoice[invoice_id] += claims
    return claims_by_invoice
