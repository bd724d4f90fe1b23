"""Exactly what the invoice cloud is told of a bill, in the vendor's names. Pure.

Only invoices that the cloud knows have a serial number and can be named. A line without any is left out: the vendor
takes none that is empty. Facts: ``docs/upstreams/piaozone.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

UNUSED, IN_REVIEW, APPROVED, BOOKED = "1", "30", "60", "65"  # expenseStatus


@dataclass(frozen=True)
class CoverContent:
    """The cover sheet of a bill: the file in base64, its type such as pdf, and the number printed on it."""

    base64: str
    file_type: str
    number: str


@dataclass(frozen=True)
class InvoiceContent:
    """An invoice of the bill. ``line_key`` '' on no line; ``deductible`` None: nobody has decided."""

    serial: str
    line_key: str = ""
    deductible: bool | None = None
    input_tax: Decimal | None = None
    transfer_out_reason: str = ""


@dataclass(frozen=True)
class BillContent:
    """``cost_types``: line (line_key) → its cost type, in the order of the bill."""

    number: str
    external_key: str
    type: str
    invoices: Sequence[InvoiceContent]
    cost_types: dict[str, str]
    cover: CoverContent | None = None


def cache_payload(bill: BillContent) -> dict[str, Any]:
    """Which invoices lie on which line, for now (entry/cache)."""
    return {**_named(bill), "data": [{"entryid": line, "fid": serials} for line, serials in _lines(bill)]}


def save_payload(bill: BillContent) -> dict[str, Any]:
    """The same for good, with cost types and the cover (entry/save)."""
    lines = [
        {"entryid": line, "fid": serials, "costTypeId": "", "costTypeName": bill.cost_types.get(line, "")}
        for line, serials in _lines(bill)
    ]
    return {**_named(bill), **_cover(bill.cover), "data": lines}


def status_payload(bill: BillContent, status: str) -> dict[str, Any]:
    """How far the use of the bill's invoices has come, and what of their input tax is booked (status/update)."""
    return {**_named(bill), "expenseStatus": status, "invoiceData": [_deduction(one) for one in bill.invoices]}


def line_delete_payload(bill: BillContent, line_key: str) -> dict[str, Any]:
    """One line less (del/entry). The vendor's sample and table disagree on the field: both are sent."""
    return {**_named(bill), "branch_id": line_key, "entryid": line_key}


def bill_delete_payload(bill: BillContent) -> dict[str, Any]:
    """None of its invoices is on the bill any more (del)."""
    return _named(bill)


def _named(bill: BillContent) -> dict[str, Any]:
    return {"billnumber": bill.number, "bxd_key": bill.external_key, "billTypeId": bill.type}


def _lines(bill: BillContent) -> list[tuple[str, list[str]]]:
    """Entries in the order of the bill, what lies on none first."""
    found: dict[str, list[str]] = {line: [] for line in ("", *bill.cost_types)}
    for invoice in bill.invoices:
        found[invoice.line_key if invoice.line_key in found else ""].append(invoice.serial)
    return [(line, serials) for line, serials in found.items() if serials]


def _cover(cover: CoverContent | None) -> dict[str, str]:
    if cover is None:
        return {}
    return {"coverBase64": cover.base64, "coverFileType": cover.file_type, "coverNumber": cover.number}


def _deduction(invoice: InvoiceContent) -> dict[str, str]:
    """What nobody has decided is not said."""
    if invoice.deductible is None:
        return {"serialNo": invoice.serial}
    booked = invoice.input_tax if invoice.deductible and invoice.input_tax is not None else Decimal(0)
    return {
        "serialNo": invoice.serial,
        "canBeDeduction": "1" if invoice.deductible else "0",
        "entryAmount": f"{booked:.2f}",
        "outputReason": invoice.transfer_out_reason,
    }
