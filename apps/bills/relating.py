"""What the invoice cloud is told of a bill: push payloads from the content of a bill. Pure.

Only invoices that the cloud knows have a serial number and can be named. A line without any is left out: the cloud
takes none that is empty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.sources.pushes import (
    BillLineRemoval,
    BillLines,
    BillReference,
    BillRemoval,
    BillType,
    Cover,
    LineInvoices,
    PushedInvoice,
    UsageUpdate,
)
from apps.sources.records import ExpenseStatus


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
    cover: Cover | None = None


def cached_lines(bill: BillContent) -> BillLines:
    """Which invoices lie on which line, for now."""
    lines = tuple(LineInvoices(line_key, serials) for line_key, serials in _lines(bill))
    return BillLines(_reference(bill), lines)


def saved_lines(bill: BillContent) -> BillLines:
    """The same for good, with cost types and the cover."""
    lines = tuple(
        LineInvoices(line_key, serials, bill.cost_types.get(line_key, "")) for line_key, serials in _lines(bill)
    )
    return BillLines(_reference(bill), lines, bill.cover)


def usage_update(bill: BillContent, status: ExpenseStatus) -> UsageUpdate:
    """How far the use of the bill's invoices has come, and what of their input tax is booked."""
    return UsageUpdate(
        status=status, bill=_reference(bill), invoices=tuple(_pushed(invoice) for invoice in bill.invoices)
    )


def line_removal(bill: BillContent, line_key: str) -> BillLineRemoval:
    """One line less."""
    return BillLineRemoval(_reference(bill), line_key)


def bill_removal(bill: BillContent) -> BillRemoval:
    """None of its invoices is on the bill any more."""
    return BillRemoval(_reference(bill))


def _reference(bill: BillContent) -> BillReference:
    return BillReference(bill.number, bill.external_key, BillType(bill.type))


def _lines(bill: BillContent) -> list[tuple[str, tuple[str, ...]]]:
    """Lines in the order of the bill with their serial numbers, what lies on none first."""
    serials_by_line: dict[str, list[str]] = {line_key: [] for line_key in ("", *bill.cost_types)}
    for invoice in bill.invoices:
        line_key = invoice.line_key if invoice.line_key in serials_by_line else ""
        serials_by_line[line_key].append(invoice.serial)
    return [(line_key, tuple(serials)) for line_key, serials in serials_by_line.items() if serials]


def _pushed(invoice: InvoiceContent) -> PushedInvoice:
    return PushedInvoice(
        serial_number=invoice.serial,
        deductible=invoice.deductible,
        input_tax=invoice.input_tax if invoice.deductible else None,
        transfer_out_reason=invoice.transfer_out_reason if invoice.deductible is not None else "",
    )
