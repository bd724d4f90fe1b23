"""One 每刻 invoice as a canonical record. Pure. Facts: ``docs/upstreams/maycur.md``.

Passengers' identity numbers stay in the raw record. A tax of 0 on an air ticket is kept as what the vendor wrote, and
says nothing about deduction.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as _

from apps.core.decoding import decode_json
from apps.core.errors import BadRecord, TryLater
from apps.core.redaction import mask_personal
from apps.sources.connectors.base import RawItem
from apps.sources.connectors.items import own_payload
from apps.sources.parsing import day, epoch_moment, money, number_text, rate, tax_number, text
from apps.sources.records import (
    ClaimRecord,
    InvoiceKind,
    InvoiceRecord,
    LineRecord,
    PartyRecord,
    TravelRecord,
    Verification,
)

# The vendor has published these codes only; any other counts as known if its description is one of the labels below.
KINDS = {
    "04": InvoiceKind.VAT_GENERAL_PAPER,
    "10018": InvoiceKind.DIGITAL_RAIL,
    "10019": InvoiceKind.DIGITAL_AIR,
}
LABELS = {
    "增值税专用发票": InvoiceKind.VAT_SPECIAL_PAPER,
    "增值税专用发票(纸质)": InvoiceKind.VAT_SPECIAL_PAPER,
    "增值税普通发票": InvoiceKind.VAT_GENERAL_PAPER,
    "增值税普通发票(纸质)": InvoiceKind.VAT_GENERAL_PAPER,
    "增值税普通发票(卷票)": InvoiceKind.VAT_ROLL,
    "增值税电子专用发票": InvoiceKind.VAT_SPECIAL_ELECTRONIC,
    "增值税电子普通发票": InvoiceKind.VAT_GENERAL_ELECTRONIC,
    "增值税电子普通发票(通行费)": InvoiceKind.VAT_TOLL,
    "机动车销售统一发票": InvoiceKind.VEHICLE_SALE,
    "二手车销售统一发票": InvoiceKind.USED_VEHICLE,
    "电子发票(增值税专用发票)": InvoiceKind.DIGITAL_SPECIAL,
    "电子发票(普通发票)": InvoiceKind.DIGITAL_GENERAL,
    "电子发票(铁路电子客票)": InvoiceKind.DIGITAL_RAIL,
    "电子发票(航空运输电子客票行程单)": InvoiceKind.DIGITAL_AIR,
    "航空运输电子客票行程单": InvoiceKind.AIR_PAPER,
    "火车票": InvoiceKind.TRAIN_PAPER,
    "出租车发票": InvoiceKind.TAXI,
    "定额发票": InvoiceKind.FIXED_AMOUNT,
}
VALIDATION = {
    "VALIDATED": Verification.PASSED,
    "VALIDATION_FAILED": Verification.FAILED,
    "NOT_VALIDATION": Verification.NOT_DONE,
}
BUSINESS = {"PERSONAL": "fact.personal", "CORP": "fact.corporate"}

_TRAVEL_AMOUNTS = {
    "fare": "fare",
    "fuel_surcharge": "fuelSurcharge",
    "development_fund": "caacDevelopmentFund",
    "insurance": "insurance",
    "other_taxes": "otherTaxAmount",
}
_IDENTITY_LENGTH = 18
_UNSAID: tuple[Any, ...] = (None, "", "{}", "null", {})


def read(item: RawItem) -> InvoiceRecord:
    """Raises BadRecord for what has no id, or impossible amounts or dates. Damaged details only raise a flag."""
    row = own_payload(item, "invoiceDataCode")
    unknown: list[str] = []
    kind, verification = _kind(row, unknown), _verification(row, unknown)
    number = number_text(row.get("invoiceNumber"))
    digital = number if len(number) == 20 and number.isdigit() else ""
    details, travel, damaged = _details(row.get("jsonProps"))
    lines, lines_damaged = _lines(row.get("lineItems"))
    doubts = {
        "unknown_code": bool(unknown),
        "damaged_details": damaged or lines_damaged,
        "title_conflict": _holds(row, "invoiceTitleConflict") or _holds(row, "invoiceTitleConflictWithFee"),
        "tax_number_conflict": _holds(row, "invoiceTaxNumberConflictWithFee"),
    }
    return InvoiceRecord(
        external_id=item.external_id,
        kind=kind,
        code=number_text(row.get("invoiceCode")),
        number="" if digital else number,
        digital_number=digital,
        check_code=number_text(row.get("checkCode")),
        issue_date=_day(row.get("issueDate"), "issueDate"),
        amount_excl_tax=money(row.get("totalPriceAmount"), "totalPriceAmount"),
        tax_amount=money(row.get("totalTaxAmount"), "totalTaxAmount"),
        total_amount=money(row.get("totalPriceAndTax"), "totalPriceAndTax"),
        buyer=_party(row, "buyer", "buyerAddressPhone"),
        seller=_party(row, "supplier", "supplierAddress"),
        verification=verification,
        remark=_without_identities(row.get("remark"), 1000),
        travel=travel,
        lines=lines,
        claim=_claim(row),
        flags=tuple(flag for flag, holds in doubts.items() if holds),
        unknown_codes=tuple(unknown),
        facts=_facts(row, details),
    )


def _kind(row: Mapping[str, Any], unknown: list[str]) -> InvoiceKind:
    code, label = text(row.get("type"), 40), text(row.get("invoiceTypeDesc"), 60)
    kind = KINDS.get(code) or LABELS.get(label.replace("（", "(").replace("）", ")"))
    if kind is None and (code or label):
        unknown.append(f"type={code or label}")
    return kind or InvoiceKind.UNKNOWN


def _verification(row: Mapping[str, Any], unknown: list[str]) -> Verification:
    value = text(row.get("validateStatus"), 40)
    if value and value not in VALIDATION:
        unknown.append(f"validateStatus={value}")
    return VALIDATION.get(value, Verification.UNKNOWN)


def _holds(row: Mapping[str, Any], field: str) -> bool:
    return text(row.get(field), 10).lower() in ("1", "true")


def _day(value: Any, field: str) -> date | None:
    """The day in Asia/Shanghai of epoch milliseconds."""
    moment = epoch_moment(value, field)
    return day(moment.date().isoformat(), field) if moment else None


def _without_identities(value: Any, limit: int = 300) -> str:
    # Masked before it is cut: part of an identity number has no longer the shape that is masked.
    return text(mask_personal(text(value, limit + _IDENTITY_LENGTH)), limit)


def _party(row: Mapping[str, Any], side: str, address: str) -> PartyRecord:
    return PartyRecord(
        name=text(row.get(f"{side}Name")),
        tax_no=tax_number(row.get(f"{side}TaxNumber")),
        address_phone=text(row.get(address)),
        bank_account=text(row.get(f"{side}BankAccount")),
    )


def _details(packed: Any) -> tuple[Mapping[str, Any], TravelRecord | None, bool]:
    """The properties in ``jsonProps``, the journey they tell of, and whether something in them could not be read."""
    if packed in _UNSAID:
        return {}, None, False
    try:
        properties = decode_json(packed) if isinstance(packed, str) else packed
        if not isinstance(properties, dict):
            return {}, None, properties is not None
        return properties, _journey(properties), False
    except (TryLater, BadRecord):
        return {}, None, True


def _journey(properties: Mapping[str, Any]) -> TravelRecord | None:
    """The layouts of air and rail tickets. A train's number may stand in a field of its own."""
    leaves = text(properties.get("departureTime"), 40)
    seat = (text(properties.get("seatName") or properties.get("seat"), 60), text(properties.get("seatNo"), 60))
    journey = TravelRecord(
        passenger=text(properties.get("passenger"), 100),
        vehicle=text(properties.get("vehicleNumber") or properties.get("trainNumber"), 40),
        departure=text(properties.get("departureLocation"), 100),
        destination=text(properties.get("destinationLocation"), 100),
        departs_on=day(leaves or properties.get("consumeDate"), "departureTime"),
        departs_at=leaves[11:16],
        seat=" ".join(part for part in seat if part),
        ticket_number=number_text(properties.get("ticketNo"), 60),
        **{name: money(properties.get(field), field) for name, field in _TRAVEL_AMOUNTS.items()},
    )
    return journey if journey != TravelRecord() else None


def _lines(value: Any) -> tuple[tuple[LineRecord, ...], bool]:
    """The lines, and whether there are some that could not be read."""
    if not value:
        return (), False
    if not isinstance(value, list) or not all(isinstance(line, dict) for line in value):
        return (), True
    try:
        return tuple(_line(line) for line in value), False
    except BadRecord:
        return (), True


def _line(line: Mapping[str, Any]) -> LineRecord:
    return LineRecord(
        name=text(line.get("name")),
        amount=money(line.get("priceAmount"), "priceAmount"),
        tax_rate=rate(line.get("taxRate"), "taxRate", percent=True),
        tax_amount=money(line.get("taxAmount"), "taxAmount"),
    )


def _claim(row: Mapping[str, Any]) -> ClaimRecord:
    entered = epoch_moment(row.get("importedAt"), "importedAt")
    return ClaimRecord(
        person=text(row.get("userName") or row.get("userCode"), 100),
        bill_number=text(row.get("reimburseDataCode"), 100),
        purpose=text(row.get("feeTypeBizCode"), 100),
        entered_at=f"{entered:%Y-%m-%d %H:%M:%S}" if entered else "",
        entry_method=text(row.get("source"), 60),
    )


def _yes(row: Mapping[str, Any], field: str) -> str:
    return "fact.yes" if _holds(row, field) else ""


def _facts(row: Mapping[str, Any], details: Mapping[str, Any]) -> dict[str, str]:
    business, tax_rate = text(row.get("bizType"), 40), text(details.get("taxRate"), 20)
    facts = {
        _("Personal or corporate"): BUSINESS.get(business) or text(row.get("bizTypeDesc"), 60) or business,
        _("Kind as the source names it"): text(row.get("invoiceTypeDesc"), 60),
        _("Invoice title in conflict"): _yes(row, "invoiceTitleConflict"),
        _("Title in conflict with the expense"): _yes(row, "invoiceTitleConflictWithFee"),
        _("Taxpayer number in conflict with the expense"): _yes(row, "invoiceTaxNumberConflictWithFee"),
        _("Status at the source"): text(row.get("invoiceStatus"), 60),
        _("Expense"): text(row.get("feeCode"), 60),
        _("Note of the reimburser"): _without_identities(row.get("comment")),
        _("Carrier"): text(details.get("carrier") or details.get("issueBy"), 100),
        _("Tax rate of the ticket"): tax_rate,
        _("Tax of the ticket"): text(details.get("taxAmount"), 20),
    }
    return {label: value for label, value in facts.items() if value}
