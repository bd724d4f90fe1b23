"""Puts unreadable amounts and dates into broken records."""

from typing import Any

from apps.sandbox.truth.invoices import Invoice


def spoilt(row: dict[str, Any], invoice: Invoice, *, amount: tuple[str, str], date: tuple[str, str]) -> dict[str, Any]:
    """The row with the (field, text) of the invoice's defect; unchanged for most invoices, which have none."""
    if invoice.defect == "amount":
        row |= [amount]
    elif invoice.defect == "date":
        row |= [date]
    return row
