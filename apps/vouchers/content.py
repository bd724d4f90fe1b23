"""A voucher's content as a value: what checks judge, what is collected, what an import or a draft proposes. Pure.

Amounts in yuan of the book's base currency unless said otherwise; None means that nothing was entered.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.sources.pushes import ZERO as ZERO
from apps.sources.pushes import EntryContent as EntryContent
from apps.sources.pushes import MadeIn


@dataclass(frozen=True)
class BookContent:
    """The set of books, as the upstream system knows it."""

    account_id: str = ""
    system: str = ""
    type: str = ""
    chart_of_accounts: str = ""
    base_currency: str = "CNY"
    exchange_rate: str = ""
    company_id: str = ""
    company_number: str = ""
    company_name: str = ""
    source: str = ""  # name of the source it is collected into; '' when it has none


@dataclass(frozen=True)
class InvoiceContent:
    """An invoice the voucher books. ``serial``: what the upstream system calls it, '' when it does not know it."""

    number: str
    serial: str = ""
    status: str = "normal"
    tax_amount: Decimal | None = None
    deductible: bool = False
    deduction_tax: Decimal | None = None
    transfer_out_remark: str = ""


@dataclass(frozen=True)
class BillContent:
    """A bill the voucher books. ``bill_id``: what the upstream system calls it; ``booked_by``: another voucher that
    books it already, '' for none."""

    number: str
    bill_id: str
    booked_by: str = ""


@dataclass(frozen=True)
class VoucherContent:
    """Everything that makes one voucher."""

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

    @property
    def total_debit(self) -> Decimal:
        return sum((entry.debit for entry in self.entries), ZERO)

    @property
    def total_credit(self) -> Decimal:
        return sum((entry.credit for entry in self.entries), ZERO)
