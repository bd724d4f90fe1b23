"""Invoices that sources really said something of, so that the ledger can follow what bills do with them."""

from typing import Any

from apps.invoices.models import Invoice
from apps.sources.models import Source
from apps.sources.records import ClaimRecord, InvoiceKind, InvoiceRecord
from tests.invoices.ledgers import bring


def said(number: int, bill: str = "", **values: Any) -> InvoiceRecord:
    """What a source says of invoice ``number``: 113.00, on that bill of theirs."""
    return InvoiceRecord(
        external_id=f"s{number}",
        kind=InvoiceKind.DIGITAL_SPECIAL,
        digital_number=f"{number:020d}",
        claim=ClaimRecord(person="李雷", bill_number=bill) if bill else None,
        **{"total_amount": 113, **values},
    )


def invoices(source: Source, count: int) -> list[Invoice]:
    bring(source, *(said(n) for n in range(count)))
    return list(Invoice.objects.filter(merged_into=None).order_by("digital_number"))
