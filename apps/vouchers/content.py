"""A voucher's content as values, used by checks, collecting, imports and proposals. Pure.

Amounts are in the book's base currency unless stated otherwise; None: nothing was entered.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.sources.pushes import ZERO as ZERO
from apps.sources.pushes import EntryContent as EntryContent
from apps.sources.pushes import MadeIn

from .charts.chart import Chart


@dataclass(frozen=True)
class BookContent:
    """An account book with its upstream identifiers."""

    account_id: str = ""
    system: str = ""
    type: str = ""
    chart_of_accounts: str = ""
    base_currency: str = "CNY"
    exchange_rate: str = ""
    company_id: str = ""
    company_number: str = ""
    company_name: str = ""
    source: str = ""  # name of the source its vouchers are collected into; '' for none


@dataclass(frozen=True)
class InvoiceContent:
    """An invoice that the voucher books. ``serial``: its upstream serial number; '' when it is unknown upstream."""

    number: str
    serial: str = ""
    status: str = "normal"
    tax_amount: Decimal | None = None
    deductible: bool = False
    deduction_tax: Decimal | None = None
    transfer_out_remark: str = ""


@dataclass(frozen=True)
class BillContent:
    """A bill that the voucher books. ``bill_id``: its external key; ``booked_by``: the name of another voucher that
    already books it, '' for none."""

    number: str
    bill_id: str
    booked_by: str = ""


@dataclass(frozen=True)
class VoucherContent:
    """The head, entries, invoices and bills of one voucher. ``chart``: the part of the book's chart of accounts that
    its entries name; None for a book without a chart. ``reverses``: whether it reverses another voucher in red."""

    book: BookContent
    vouch_id: str = ""
    vouch_no: str = ""
    business_date: date | None = None
    account_date: date | None = None
    period: str = ""
    type: str = ""
    resource: str = MadeIn.PIAOZONE
    sup_information: str = ""
    sup_information_amount: Decimal | None = None
    creator: str = ""
    examiner: str = ""
    reviewer: str = ""
    attachments_count: int = 0
    item: str = ""
    account_item: str = ""
    account_item_amount: Decimal | None = None
    entries: tuple[EntryContent, ...] = ()
    invoices: tuple[InvoiceContent, ...] = ()
    bills: tuple[BillContent, ...] = ()
    chart: Chart | None = None
    reverses: bool = False

    @property
    def total_debit(self) -> Decimal:
        return sum((entry.debit for entry in self.entries), ZERO)

    @property
    def total_credit(self) -> Decimal:
        return sum((entry.credit for entry in self.entries), ZERO)
