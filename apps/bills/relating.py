"""Push payloads for the invoice cloud from the content of a bill. Pure.

Only invoices with a serial number of the cloud can be named. A line without such an invoice is left out, because the
cloud accepts no empty line.
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
    """An invoice of the bill. ``line_key`` '': on no line; ``deductible`` None: not decided."""

    serial: str
    line_key: str = ""
    deductible: bool | None = None
    input_tax: Decimal | None = None
    transfer_out_reason: str = ""


@dataclass(frozen=True)
class BillContent:
    """A bill for its pushes. ``cost_types``: line_key → cost type, in the order of the bill's lines."""

    number: str
    external_key: str
    type: str
    invoices: Sequence[InvoiceContent]
    cost_types: dict[str, str]
    cover: Cover | None = None


def cached_lines(bill: BillContent) -> BillLines:
    """The invoices of each line, cached by the cloud for a limited time."""
    lines = tuple(LineInvoices(line_key, serials) for line_key, serials in _lines(bill))
    return BillLines(_reference(bill), lines)


def saved_lines(bill: BillContent) -> BillLines:
    """The invoices of each line to be stored by the cloud, with cost types and the cover."""
    lines = tuple(
        LineInvoices(line_key, serials, bill.cost_types.get(line_key, "")) for line_key, serials in _lines(bill)
    )
    return BillLines(_reference(bill), lines, bill.cover)


def usage_update(bill: BillContent, status: ExpenseStatus) -> UsageUpdate:
    """The expense status of the bill's invoices, and the input tax to book of each."""
    return UsageUpdate(
        status=status, bill=_reference(bill), invoices=tuple(_pushed(invoice) for invoice in bill.invoices)
    )


def line_removal(bill: BillContent, line_key: str) -> BillLineRemoval:
    """The removal of one line."""
    return BillLineRemoval(_reference(bill), line_key)


def bill_removal(bill: BillContent) -> BillRemoval:
    """The removal of all invoices of the bill."""
    return BillRemoval(_reference(bill))


def _reference(bill: BillContent) -> BillReference:
    return BillReference(bill.number, bill.external_key, BillType(bill.type))


def _lines(bill: BillContent) -> list[tuple[str, tuple[str, ...]]]:
    """(line_key, serial numbers) in the order of the bill; invoices on no line come first."""
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
