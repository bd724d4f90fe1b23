"""Push payloads: what an upstream system is to be told, in our own words. Pure; connectors translate them.

The outbox stores a payload as JSON (``written``) and hands it to the connector as the value it was (``read``). Amounts
are Decimal in the base currency of the book or bill, in JSON exact decimal text; days are calendar days, in JSON ISO.
'' means not entered, None means not known or not decided. A serial number is the upstream's own name of an invoice;
invoices that the upstream does not know are never named.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from .records import ExpenseStatus

ZERO = Decimal("0.00")


class BillType(StrEnum):
    """What kind of expense bill it is: 费用, 差旅, 采购, 对公."""

    EXPENSE = "expense"
    TRAVEL = "travel"
    PURCHASE = "purchase"
    CORPORATE = "corporate"


class MadeIn(StrEnum):
    """The system in which a voucher was made."""

    PIAOZONE = "piaozone"
    EAS = "eas"
    CLOUD = "cloud"
    COSMIC = "cosmic"
    GALAXY = "galaxy"


@dataclass(frozen=True)
class BillReference:
    """A bill as both sides know it. ``external_key``: its global id upstream."""

    number: str
    external_key: str
    type: BillType


@dataclass(frozen=True)
class VoucherReference:
    """A voucher as both sides know it. Numbers begin anew with every period; the id is unique."""

    voucher_id: str
    number: str


@dataclass(frozen=True, kw_only=True)
class PushedInvoice:
    """An invoice and what was decided about its input tax. ``deductible`` None: nothing was decided. ``input_tax``: the
    part that is deducted, None unless deductible and known."""

    serial_number: str
    deductible: bool | None = None
    input_tax: Decimal | None = None
    transfer_out_reason: str = ""


@dataclass(frozen=True)
class LineInvoices:
    """The invoices on one line of a bill. ``line_key`` '': on no line."""

    line_key: str
    serial_numbers: tuple[str, ...]
    cost_type: str = ""


@dataclass(frozen=True)
class Cover:
    """The cover sheet of a bill: the file in base64, its type such as pdf, and the number printed on it."""

    base64: str
    file_type: str
    number: str


@dataclass(frozen=True)
class BillLines:
    """All invoices of a bill by line, for now (``bill_lines_cache``) or for good (``bill_lines_save``)."""

    bill: BillReference
    lines: tuple[LineInvoices, ...]
    cover: Cover | None = None


@dataclass(frozen=True)
class BillLineRemoval:
    """A line of a bill is gone (``bill_line_remove``)."""

    bill: BillReference
    line_key: str


@dataclass(frozen=True)
class BillRemoval:
    """None of its invoices is on the bill any more (``bill_remove``)."""

    bill: BillReference


@dataclass(frozen=True, kw_only=True)
class UsageUpdate:
    """How far the use of these invoices has come (``invoice_status``). Either ``bill``, on which they lie, or the
    ``voucher`` that names them without a bill."""

    status: ExpenseStatus
    invoices: tuple[PushedInvoice, ...]
    bill: BillReference | None = None
    voucher: VoucherReference | None = None


@dataclass(frozen=True, kw_only=True)
class VoucherBook:
    """The account book, and the company that keeps it, as the upstream system knows them."""

    account_id: str = ""
    system: str = ""
    type: str = ""
    chart_of_accounts: str = ""
    base_currency: str = "CNY"
    exchange_rate: str = ""  # name of the table of rates
    company_id: str = ""
    company_number: str = ""
    company_name: str = ""


@dataclass(frozen=True)
class EntryContent:
    """One entry of a voucher. ``amount`` in ``currency``, ``debit`` and ``credit`` in base currency."""

    summary: str = ""
    account: str = ""
    dimension: str = ""
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    currency: str = "CNY"
    amount: Decimal | None = None
    exchange_rate: Decimal | None = None
    quantity: Decimal | None = None
    unit: str = ""
    price: Decimal | None = None
    due_date: date | None = None


@dataclass(frozen=True, kw_only=True)
class VoucherCollect:
    """A whole voucher (``voucher_collect``); one with the same id replaces the version before. ``period``: yyyyMM;
    ``bill_keys``: global ids of the bills it books."""

    voucher: VoucherReference
    book: VoucherBook
    business_date: date | None = None
    account_date: date | None = None
    period: str = ""
    type: str = ""
    made_in: MadeIn = MadeIn.PIAOZONE
    supplement: str = ""
    supplement_amount: Decimal | None = None
    creator: str = ""
    examiner: str = ""
    reviewer: str = ""
    attachments_count: int = 0
    item: str = ""
    account_item: str = ""
    account_item_amount: Decimal | None = None
    entries: tuple[EntryContent, ...] = ()
    bill_keys: tuple[str, ...] = ()
    invoices: tuple[PushedInvoice, ...] = ()


@dataclass(frozen=True)
class VoucherVoid:
    """A collected voucher is void (``voucher_void``)."""

    voucher: VoucherReference


@dataclass(frozen=True)
class OrderInvoice:
    """The number printed on the paper invoice of an order (``order_invoice``)."""

    order: str
    number: str


Payload = (
    VoucherCollect | VoucherVoid | UsageUpdate | BillLines | BillLineRemoval | BillRemoval | OrderInvoice
)  # fmt: skip

PAYLOADS: Mapping[str, type[Payload]] = {
    "voucher_collect": VoucherCollect,
    "voucher_void": VoucherVoid,
    "invoice_status": UsageUpdate,
    "bill_lines_cache": BillLines,
    "bill_lines_save": BillLines,
    "bill_line_remove": BillLineRemoval,
    "bill_remove": BillRemoval,
    "order_invoice": OrderInvoice,
}


def written(payload: Payload) -> str:
    """JSON with sorted names; equal for equal payloads. Raises TypeError for a float: amounts are exact."""
    return msgspec.json.encode(_plain(asdict(payload)), order="sorted").decode()


def read(kind: str, text: str) -> Payload:
    """The payload that was ``written`` for a push of this kind."""
    return msgspec.json.decode(text, type=PAYLOADS[kind])


def decimal_text(number: Decimal | None) -> str:
    """Exact, never in scientific notation, with at least two decimals; '' for None.

    >>> decimal_text(Decimal("2.0000")), decimal_text(Decimal("7.19745223")), decimal_text(Decimal("1E+3"))
    ('2.00', '7.19745223', '1000.00')
    """
    if number is None:
        return ""
    whole, _point, decimals = format(number, "f").partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def _plain(value: Any) -> Any:
    """As JSON has it; None is left out."""
    if isinstance(value, float):
        raise TypeError("a float in a payload: amounts travel as exact decimals")
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
