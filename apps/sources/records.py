"""Canonical records: what any upstream's invoice looks like once its connector has understood it.

Frozen, typed, no Django. Amounts are Decimal yuan with two decimals, None means the source did not say (0 means it said
zero). Dates are calendar days in Asia/Shanghai. Text is trimmed; '' means not said. Where facts about kinds and states
come from: ``docs/domain.md``.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec


class InvoiceKind(StrEnum):
    """Kinds of document; the comment gives the tax bureau's type code where there is one."""

    VAT_SPECIAL_PAPER = "vat_special_paper"  # 01
    VAT_FREIGHT = "vat_freight"  # 02
    VEHICLE_SALE = "vehicle_sale"  # 03
    VAT_GENERAL_PAPER = "vat_general_paper"  # 04
    VAT_SPECIAL_ELECTRONIC = "vat_special_electronic"  # 08
    VAT_GENERAL_ELECTRONIC = "vat_general_electronic"  # 10
    VAT_ROLL = "vat_roll"  # 11
    VAT_TOLL = "vat_toll"  # 14
    USED_VEHICLE = "used_vehicle"  # 15
    DIGITAL_SPECIAL = "digital_special"  # 81, 09
    DIGITAL_GENERAL = "digital_general"  # 82, 90
    DIGITAL_VEHICLE = "digital_vehicle"  # 83
    DIGITAL_USED_VEHICLE = "digital_used_vehicle"  # 84
    DIGITAL_RAIL = "digital_rail"  # 51
    DIGITAL_AIR = "digital_air"  # 61
    DIGITAL_TOLL = "digital_toll"  # 8208
    DIGITAL_PAPER_SPECIAL = "digital_paper_special"  # 85
    DIGITAL_PAPER_GENERAL = "digital_paper_general"  # 86
    DIGITAL_PAPER_VEHICLE = "digital_paper_vehicle"  # 87
    DIGITAL_PAPER_USED_VEHICLE = "digital_paper_used_vehicle"  # 88
    CUSTOMS_PAYMENT = "customs_payment"  # 17
    TAX_PAYMENT_PROOF = "tax_payment_proof"  # 18
    TRAIN_PAPER = "train_paper"
    AIR_PAPER = "air_paper"
    TAXI = "taxi"
    COACH = "coach"
    SHIP = "ship"
    TOLL_RECEIPT = "toll_receipt"
    FIXED_AMOUNT = "fixed_amount"
    MACHINE_PRINTED = "machine_printed"
    MACHINE_PRINTED_ELECTRONIC = "machine_printed_electronic"
    OTHER = "other"
    UNKNOWN = "unknown"


class Direction(StrEnum):
    """Seen from our company: input invoices are received, output invoices are issued."""

    INPUT = "input"
    OUTPUT = "output"


class InvoiceStatus(StrEnum):
    NORMAL = "normal"
    VOID = "void"
    RED = "red"  # the red invoice of it exists
    PARTLY_RED = "partly_red"
    FULLY_RED = "fully_red"
    RED_PENDING = "red_pending"
    LOST_CONTROL = "lost_control"
    ABNORMAL = "abnormal"
    UNKNOWN = "unknown"


# An invoice of these states should be neither claimed nor booked.
BAD_STATUSES = (
    InvoiceStatus.VOID, InvoiceStatus.RED, InvoiceStatus.FULLY_RED, InvoiceStatus.LOST_CONTROL, InvoiceStatus.ABNORMAL,
)  # fmt: skip


class Verification(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_DONE = "not_done"
    UNKNOWN = "unknown"


class DeductionStatus(StrEnum):
    NOT_TICKED = "not_ticked"
    TICKED = "ticked"
    CERTIFIED = "certified"
    NOT_DEDUCTIBLE = "not_deductible"
    REFUND = "refund"
    UNKNOWN = "unknown"


class ExpenseStatus(StrEnum):
    UNUSED = "unused"
    RESERVED = "reserved"
    USED = "used"
    BOOKED = "booked"
    UNKNOWN = "unknown"


class PartyRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """Buyer or seller as printed."""

    name: str = ""
    tax_no: str = ""
    address_phone: str = ""
    bank_account: str = ""


class LineRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of goods. ``tax_rate`` is a fraction (0.13), None when unknown or when several apply."""

    name: str = ""
    spec: str = ""
    unit: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    amount: Decimal | None = None  # excluding tax
    tax_rate: Decimal | None = None
    tax_amount: Decimal | None = None
    goods_code: str = ""


class TravelRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A journey on a ticket. Identity numbers are not kept here, only in the stored raw record."""

    passenger: str = ""
    vehicle: str = ""  # train or flight number
    departure: str = ""
    destination: str = ""
    departs_on: date | None = None
    departs_at: str = ""  # HH:MM
    seat: str = ""
    ticket_number: str = ""
    fare: Decimal | None = None
    fuel_surcharge: Decimal | None = None
    development_fund: Decimal | None = None
    insurance: Decimal | None = None
    other_taxes: Decimal | None = None


class ClaimRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who claimed the invoice in the source and with what: reimbursement facts to keep."""

    person: str = ""
    department: str = ""
    bill_number: str = ""  # expense bill or form it is linked to
    bill_type: str = ""
    voucher_number: str = ""
    purpose: str = ""
    entered_by: str = ""
    entered_at: str = ""  # yyyy-MM-dd HH:MM:SS, Asia/Shanghai
    entry_method: str = ""


class InvoiceRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one source says of one document.

    ``link_keys`` join records of the same source that the vendor keeps under different ids (an order and its issuing
    result). ``flags`` name doubts found while reading (``apps.invoices.flags`` knows them all). ``unknown_codes`` keeps
    vendor codes nobody could map, as ``field=code``. ``facts`` are further vendor facts worth showing, label → text:
    the vendor's own, or a ``fact.…`` code of ``sentences.py`` where the text is ours.
    """

    external_id: str
    kind: InvoiceKind
    direction: Direction = Direction.INPUT
    code: str = ""
    number: str = ""
    digital_number: str = ""
    check_code: str = ""
    issue_date: date | None = None
    currency: str = "CNY"
    amount_excl_tax: Decimal | None = None
    tax_amount: Decimal | None = None
    total_amount: Decimal | None = None
    buyer: PartyRecord = PartyRecord()
    seller: PartyRecord = PartyRecord()
    status: InvoiceStatus = InvoiceStatus.UNKNOWN
    verification: Verification = Verification.UNKNOWN
    expense_status: ExpenseStatus = ExpenseStatus.UNKNOWN
    deduction_status: DeductionStatus = DeductionStatus.UNKNOWN
    deduction_period: str = ""  # yyyyMM
    deductible_tax: Decimal | None = None
    remark: str = ""
    travel: TravelRecord | None = None
    lines: tuple[LineRecord, ...] = ()
    claim: ClaimRecord | None = None
    file_url: str = ""
    machine_number: str = ""
    deleted: bool = False  # the source says it is gone: a tombstone
    changed_at: datetime | None = None  # the source's own last-modified time; decides which of two versions is newer
    link_keys: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    unknown_codes: tuple[str, ...] = ()
    facts: dict[str, str] = {}


_encoder = msgspec.json.Encoder(decimal_format="string")
_decoder = msgspec.json.Decoder(InvoiceRecord)


def dumps(record: InvoiceRecord) -> str:
    """The JSON kept with a source record; ``loads`` gives back an equal record."""
    return _encoder.encode(record).decode()


def loads(text: str | bytes) -> InvoiceRecord:
    return _decoder.decode(text)
