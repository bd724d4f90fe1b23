"""Parses the details of an invoice into an invoice record. Pure.

There are nine layouts, by ``invoiceType``; rows of messages have the same data under other names. Misleading names:
in train and air layouts ``invoiceCode`` holds the day of travel; for fixed-amount and other invoices ``invoiceDate`` is
the day of receipt; ``sallerName`` is the seller, although the vendor's docs say otherwise; the ``amount`` of an
air ticket is the fare.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext_noop as _

from apps.core.errors import BadRecord
from apps.sources.connectors.base import RawItem
from apps.sources.connectors.items import own_payload
from apps.sources.parsing import day, decimal, money, number_text, rate, tax_number, text
from apps.sources.records import (
    ClaimRecord,
    DeductionStatus,
    ExpenseStatus,
    InvoiceKind,
    InvoiceRecord,
    InvoiceStatus,
    LineRecord,
    PartyRecord,
    TravelRecord,
    Verification,
)

from . import codes

# Other names of a field: misspellings in the samples, and the pinyin names of adjusted entries.
_OTHER_NAMES = {
    "fid": "serialNo",
    "fplx": "invoiceType",
    "fpdm": "invoiceCode",
    "fphm": "invoiceNo",
    "kprq": "invoiceDate",
    "jshj": "totalAmount",
    "se": "taxAmount",
    "invoiceMoney": "amount",
    "goodsCood": "goodsCode",
    "spbm": "goodsCode",
    "sallerName": "salerName",
    "sallerTaxNo": "salerTaxNo",
    "sallerAddressPhone": "salerAddressPhone",
    "sallerAccount": "salerAccount",
    "stationGeton": "stationGetOn",
    "stationGetoff": "stationGetOff",
}
_TICKETS = frozenset({InvoiceKind.TRAIN_PAPER, InvoiceKind.AIR_PAPER})
_FARES = frozenset({InvoiceKind.AIR_PAPER, InvoiceKind.DIGITAL_AIR})
_DATED_BY_RECEIPT = frozenset({InvoiceKind.FIXED_AMOUNT, InvoiceKind.OTHER})
_YUAN = frozenset({"", "CNY", "RMB", "人民币", "人民币元"})

_FACTS = {
    "consumptionType": _("Amount category"),
    "classifyName": _("Cost category"),
    "trip": _("Route"),
    "place": _("Place"),
    "licenseNumber": _("Licence plate"),
    "mileage": _("Mileage"),
    "timeGetOn": _("Got on at"),
    "timeGetOff": _("Got off at"),
    "price": _("Unit price"),
    "fillingUnit": _("Issued by"),
    "salesUnitCode": _("Sales unit"),
    "taxAuthorityName": _("Tax authority"),
    "checkTime": _("Ticked at"),
    "authenticateTime": _("Certified at"),
    "drawer": _("Drawn by"),
    "payee": _("Received by"),
    "reviewer": _("Reviewed by"),
}

_T = TypeVar("_T")


class _Row:
    """A vendor row, read by canonical name; collects unmapped codes."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.fields = dict(row)
        self.unknown: list[str] = []
        for other in sorted(_OTHER_NAMES.keys() & row.keys()):
            if self.fields.get(_OTHER_NAMES[other]) in (None, ""):
                self.fields[_OTHER_NAMES[other]] = row[other]
        self.get = self.fields.get

    def text(self, name: str, limit: int = 300) -> str:
        value = self.fields.get(name)
        return "" if value is None or isinstance(value, (dict, list)) else text(value, limit)

    def money(self, name: str) -> Decimal | None:
        return money(self.get(name), name)

    def coded(self, name: str, table: Mapping[str, _T], other: _T) -> _T:
        """The value of the code; ``other`` when it is missing, and for an unknown code, which is collected."""
        code = self.text(name, 40)
        if code and code not in table:
            self.unknown.append(f"{name}={code}")
        return table.get(code, other)


def read(item: RawItem) -> InvoiceRecord:
    """The invoice record; a tombstone for a serial number that was replaced by another one.

    Raises BadRecord: ``piaozone.no_detail`` for a message's row that does not identify its document, and
    ``piaozone.unreadable_message`` for an unreadable message."""
    payload = own_payload(item, "serialNo")
    if "replaced_by" in payload:
        return InvoiceRecord(external_id=item.external_id, kind=InvoiceKind.UNKNOWN, deleted=True)
    if "message" in payload:
        raise BadRecord("piaozone.unreadable_message", message=item.external_id)
    source = payload.get("detail") or payload.get("message_row")
    if not isinstance(source, dict):
        raise BadRecord("record.not_an_object", value=text(str(source), 60))
    row = _Row(source)
    kind = row.coded("invoiceType", codes.KINDS, InvoiceKind.UNKNOWN)
    code, number, digital = _numbers(row, kind)
    if digital and not code:
        kind = codes.DIGITAL_FORMS.get(kind, kind)
    if "detail" not in payload and not (number or digital):
        raise BadRecord("piaozone.no_detail", serial=item.external_id)
    receipt_day = kind in _DATED_BY_RECEIPT
    dated = day(row.get("invoiceDate"), "invoiceDate")
    lines, damaged = _lines(row.get("items"))
    return InvoiceRecord(
        external_id=item.external_id,
        kind=kind,
        code=code,
        number=number,
        digital_number=digital,
        check_code=number_text(row.text("checkCode"), 50),
        issue_date=None if receipt_day else dated,
        currency=_currency(row),
        amount_excl_tax=None if kind in _FARES else row.money("amount"),
        tax_amount=row.money("taxAmount"),
        total_amount=row.money("totalAmount"),
        buyer=_party(row, "buyer"),
        seller=_party(row, "saler"),
        status=row.coded("invoiceStatus", codes.STATUSES, InvoiceStatus.UNKNOWN),
        verification=row.coded("checkStatus", codes.VERIFICATIONS, Verification.UNKNOWN),
        expense_status=row.coded("expenseStatus", codes.EXPENSE_STATUSES, ExpenseStatus.UNKNOWN),
        deduction_status=_deduction(row),
        remark=row.text("remark", 1000),
        travel=_TRAVEL[kind](row) if kind in _TRAVEL else None,
        lines=lines,
        claim=_claim(payload.get("bills")),
        file_url=_file_url(row),
        flags=_flags(row, receipt_day and dated is not None, damaged),
        unknown_codes=tuple(row.unknown),
        facts=_facts(row, dated if receipt_day else None),
    )


def _numbers(row: _Row, kind: InvoiceKind) -> tuple[str, str, str]:
    """(code, number, digital number). A ticket's ``invoiceCode`` is a day, not a code."""
    number = number_text(row.text("invoiceNo"))
    if kind == InvoiceKind.TAX_PAYMENT_PROOF:
        number = number_text(row.text("taxPaidProofNo")) or number
    if kind == InvoiceKind.TRAIN_PAPER:
        number = number or number_text(row.text("printingSequenceNo"))
    if kind == InvoiceKind.AIR_PAPER:
        number = number_text(row.text("electronicTicketNum")) or number
    code = "" if kind in _TICKETS else number_text(row.text("invoiceCode"))
    digital = next((value for value in (number, code) if len(value) == 20 and value.isdigit()), "")
    if digital:
        code, number = ("" if value == digital else value for value in (code, number))
    return code, number, digital


def _party(row: _Row, side: str) -> PartyRecord:
    return PartyRecord(
        name=row.text(f"{side}Name"),
        tax_no=tax_number(row.text(f"{side}TaxNo")),
        address_phone=row.text(f"{side}AddressPhone"),
        bank_account=row.text(f"{side}Account"),
    )


def _deduction(row: _Row) -> DeductionStatus:
    """The more advanced of the two marks; certification by scanning is the older procedure."""
    certified = row.coded("authenticateFlag", codes.AUTHENTICATIONS, DeductionStatus.UNKNOWN)
    ticked = row.coded("checkFlag", codes.TICKS, DeductionStatus.UNKNOWN)
    progress = [DeductionStatus.UNKNOWN, DeductionStatus.NOT_TICKED, DeductionStatus.TICKED, DeductionStatus.CERTIFIED]
    return max(certified, ticked, key=progress.index)


def _currency(row: _Row) -> str:
    currency = row.text("currencyType", 20).upper()
    if currency in _YUAN:
        return "CNY"
    if len(currency) == 3 and currency.isascii() and currency.isalpha():
        return currency
    row.unknown.append(f"currencyType={currency}")
    return "CNY"


def _lines(items: Any) -> tuple[tuple[LineRecord, ...], bool]:
    """(lines, whether some could not be parsed)."""
    if items in (None, ""):
        return (), False
    if not isinstance(items, list):
        return (), True
    rows = [_Row(entry) for entry in items if isinstance(entry, dict)]
    return tuple(_line(row) for row in rows), len(rows) < len(items)


def _line(row: _Row) -> LineRecord:
    return LineRecord(
        name=row.text("goodsName"),
        spec=row.text("specModel"),
        unit=row.text("unit", 40),
        quantity=decimal(row.get("num"), "num"),
        unit_price=decimal(row.get("unitPrice"), "unitPrice"),
        amount=money(row.get("detailAmount"), "detailAmount"),
        tax_rate=_rate(row),
        tax_amount=row.money("taxAmount"),
        goods_code=row.text("goodsCode", 40),
    )


def _rate(row: _Row) -> Decimal | None:
    """A fraction; None when several rates apply."""
    tax_rate = row.text("taxRate", 20)
    return None if tax_rate == codes.SEVERAL_RATES else rate(tax_rate, "taxRate", percent=True)


def _travel_day(row: _Row, *more: str) -> date | None:
    """The day in a ticket's ``invoiceCode``, else in ``more`` fields; None when there is none."""
    for name in ("invoiceCode", *more):
        try:
            if travel_day := day(row.text(name, 40), name):
                return travel_day
        except BadRecord:
            continue  # some layouts have codes or times in these fields
    return None


def _clock(row: _Row, name: str) -> str:
    """HH:MM; '' when it is not a time of day."""
    clock = row.text(name, 20)
    return clock[:5] if re.match(r"\d\d:\d\d", clock) else ""


def _train(row: _Row) -> TravelRecord:
    return TravelRecord(
        passenger=row.text("passengerName", 100),
        vehicle=row.text("trainNum", 40),
        departure=row.text("stationGetOn", 100),
        destination=row.text("stationGetOff", 100),
        departs_on=_travel_day(row),
        departs_at=_clock(row, "trainTime"),
        seat=row.text("seatGrade", 40),
    )


def _air(row: _Row) -> TravelRecord:
    return TravelRecord(
        passenger=row.text("passengerName", 100),
        vehicle=row.text("flightNum", 40),
        departure=row.text("placeOfDeparture", 100),
        destination=row.text("destination", 100),
        departs_on=_travel_day(row, "airTime"),
        departs_at=_clock(row, "airTime"),
        seat=row.text("seatGradeName", 40) or row.text("seatGrade", 40),
        ticket_number=number_text(row.text("invoiceNo")),
        fare=row.money("amount"),
        fuel_surcharge=row.money("fuelSurcharge"),
        development_fund=row.money("airportConstructionFee"),
        insurance=row.money("insurancePremium"),
        other_taxes=row.money("otherTotalTaxAmount"),
    )


def _coach_or_ship(row: _Row) -> TravelRecord:
    return TravelRecord(
        passenger=row.text("passengerName", 100),
        departure=row.text("stationGetOn", 100),
        destination=row.text("stationGetOff", 100),
        departs_at=_clock(row, "time"),
    )


def _toll(row: _Row) -> TravelRecord:
    return TravelRecord(
        departure=row.text("entrance", 100), destination=row.text("exit", 100), departs_at=_clock(row, "time")
    )


_TRAVEL: dict[InvoiceKind, Callable[[_Row], TravelRecord]] = {
    InvoiceKind.TRAIN_PAPER: _train,
    InvoiceKind.DIGITAL_RAIL: _train,
    InvoiceKind.AIR_PAPER: _air,
    InvoiceKind.DIGITAL_AIR: _air,
    InvoiceKind.COACH: _coach_or_ship,
    InvoiceKind.SHIP: _coach_or_ship,
    InvoiceKind.TOLL_RECEIPT: _toll,
}


def _claim(bills: Any) -> ClaimRecord | None:
    return ClaimRecord(bill_number=", ".join(text(bill, 100) for bill in bills)) if bills else None


def _file_url(row: _Row) -> str:
    for name in ("downloadUrl", "originalGraphUrl", "snapshotUrl"):
        address = row.text(name, 500)
        if address.startswith(("http://", "https://")):
            return address
    return ""


def _flags(row: _Row, receipt_date: bool, damaged: bool) -> tuple[str, ...]:
    doubts = [
        ("unknown_code", bool(row.unknown)),
        ("receipt_date", receipt_date),
        ("edited_by_hand", row.text("isRevise", 10) == "2"),
        ("damaged_details", damaged),
    ]
    return tuple(name for name, doubted in doubts if doubted)


def _facts(row: _Row, received_on: date | None) -> dict[str, str]:
    facts = {label: row.text(name) for name, label in _FACTS.items() if name in row.fields}
    facts[_("Date of receipt")] = received_on.isoformat() if received_on else ""
    facts[_("Issued for another")] = "fact.yes" if row.text("proxyMark", 10) == "1" else ""
    if tax_rate := row.text("taxRate", 20):
        applies = _rate(row)
        several = "fact.several" if tax_rate == codes.SEVERAL_RATES else tax_rate
        facts[_("Tax rate")] = several if applies is None else f"{(applies * 100).normalize():f}%"
    if row.text("expenseStatus", 10) == "80":
        facts[_("Expense state")] = "fact.closed"
    return {label: value for label, value in facts.items() if value}
