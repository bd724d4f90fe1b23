"""Invoices with source records, so that the ledger resolves them again when bills change their usage."""

from typing import Any

from apps.invoices.models import Invoice
from apps.sources.models import Source
from apps.sources.records import ClaimRecord, InvoiceKind, InvoiceRecord
from tests.invoices.ledgers import bring


def record_of(number: int, bill: str = "", **values: Any) -> InvoiceRecord:
    """A source's record of invoice ``number``: 113.00 yuan, on the upstream's bill of that number."""
    return InvoiceRecord(
        external_id=f"s{number}",
        digital_number=f"{number:020d}",
        claim=ClaimRecord(person="李雷", bill_number=bill) if bill else None,
        **{"kind": InvoiceKind.DIGITAL_SPECIAL, "total_amount": 113, **values},
    )


def invoices(source: Source, count: int) -> list[Invoice]:
    bring(source, *(record_of(n) for n in range(count)))
    return list(Invoice.objects.filter(merged_into=None).order_by("digital_number"))
