"""The canonical fields ``bills`` and ``vouchers`` of an invoice. The apps above the ledger register a provider each."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from apps.core.providers import Registry

LINK_FIELDS = ("bills", "vouchers")


class LinkProvider(Protocol):
    """Invoice id → values of the field, as JSON takes them; invoices merged into one of these count as that one.

    ``company_ids``: the companies the reader may see, None for all of them.
    """

    def __call__(
        self, invoice_ids: Sequence[int], company_ids: Collection[int] | None, /
    ) -> Mapping[int, list[dict[str, Any]]]: ...


registry: Registry[LinkProvider] = Registry("link provider")


def links_of(
    field: str, invoice_ids: Sequence[int], company_ids: Collection[int] | None
) -> Mapping[int, list[dict[str, Any]]]:
    """The values of one of LINK_FIELDS for these invoices; invoices without any are absent."""
    provider = registry.get(field)
    return provider(invoice_ids, company_ids) if provider else {}
