"""One 每刻 invoice into a canonical record. Pure. Facts: ``docs/upstreams/maycur.md``.

Passengers' identity numbers stay in the raw record.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from apps.core.errors import BadRecord, TryLater
from apps.core.http import decode_json
from apps.sources.parsing import decimal, epoch_moment, money, number_text, rate, tax_number, text
from apps.sources.records import (
    ClaimRecord,
    InvoiceKind,
    InvoiceRecord,
    InvoiceStatus,
    LineRecord,
    PartyRecord,
    TravelRecord,
    Verification,
)

from ..base import RawItem, SourceFacts
from ..items import own_payload

KINDS = {
    "01": InvoiceKind.VAT_SPECIAL_PAPER,
    "04": InvoiceKind.VAT_GENERAL_PAPER,
    "08": InvoiceKind.VAT_SPECIAL_ELECTRONIC,
    "10": InvoiceKind.VAT_GENERAL_ELECTRONIC,
    "11": InvoiceKind.VAT_ROLL,
    "14": InvoiceKind.VAT_TOLL,
    "10018": InvoiceKind.DIGITAL_RAIL,
    "10019": InvoiceKind.DIGITAL_AIR,
}
# The vendor publishes no full list of codes: an unknown code is understood only through its exact description.
DESCRIPTIONS = {
    "增值税专用发票(纸质)": InvoiceKind.VAT_SPECIAL_PAPER,
    "增值税普通发票(纸质)": InvoiceKind.VAT_GENERAL_PAPER,
    "增值税电子专用发票": InvoiceKind.VAT_SPECIAL_ELECTRONIC,
    "增值税电子普通发票": InvoiceKind.VAT_GENERAL_ELECTRONIC,
    "电子发票(增值税专用发票)": InvoiceKind.DIGITAL_SPECIAL,
    "电子发票(普通发票)": InvoiceKind.DIGITAL_GENERAL,
    "电子发票(铁路电子客票)": InvoiceKind.DIGITAL_RAIL,
    "电子发票(航空运输电子客票行程单)": InvoiceKind.DIGITAL_AIR,
    "数电纸质发票(增值税专用发票)": InvoiceKind.DIGITAL_PAPER_SPECIAL,
    "数电纸质发票(普通发票)": InvoiceKind.DIGITAL_PAPER_GENERAL,
    "增值税普通发票(卷票)": InvoiceKind.VAT_ROLL,
    "通行费发票": InvoiceKind.VAT_TOLL,
    "火车票": InvoiceKind.TRAIN_PAPER,
    "机票行程单": InvoiceKind.AIR_PAPER,
    "航空运输电子客票行程单": InvoiceKind.AIR_PAPER,
    "出租车票": InvoiceKind.TAXI,
    "出租车发票": InvoiceKind.TAXI,
    "客运汽车票": InvoiceKind.COACH,
    "汽车票": InvoiceKind.COACH,
    "船票": InvoiceKind.SHIP,
    "过路费": InvoiceKind.TOLL_RECEIPT,
    "过路费发票": InvoiceKind.TOLL_RECEIPT,
    "过桥过路费发票": InvoiceKind.TOLL_RECEIPT,
    "定额发票": InvoiceKind.FIXED_AMOUNT,
    "机打发票": InvoiceKind.MACHINE_PRINTED,
    "通用机打发票": InvoiceKind.MACHINE_PRINTED,
}
_VERIFIED = {
    "VALIDATED": Verification.PASSED,
    "VALIDATION_FAILED": Verification.FAILED,
    "NOT_VALIDATION": Verification.NOT_DONE,
}
_ON_PAPER = {InvoiceKind.TRAIN_PAPER, InvoiceKind.AIR_PAPER}


def read(item: RawItem, source: SourceFacts) -> InvoiceRecord:
    """Raises BadRecord for impossible values."""
    row = own_payload(item, "invoiceDataCode")
    kind, unknown = _kind(row)
    number = number_text(row.get("invoiceNumber"))
    digital = number if len(number) == 20 and number.isdigit() and kind not in _ON_PAPER else ""
    issued = epoch_moment(row.get("issueDate"), "issueDate")
    travel, damaged = _travel(row)
    verification = text(row.get("validateStatus"), 30)
    if verification and verification not in _VERIFIED:
        unknown.append(f"validateStatus={verification}")
    conflicts = {
        "title_conflict": row.get("invoiceTitleConflict") is True or row.get("invoiceTitleConflictWithFee") is True,
        "tax_number_conflict": row.get("invoiceTaxNumberConflictWithFee") is True,
        "damaged_details": damaged,
    }
    return InvoiceRecord(
        external_id=item.external_id,
        kind=kind,
        code=number_text(row.get("invoiceCode")),
        number=number,
        digital_number=digital,
        check_code=text(row.get("checkCode"), 40),
        issue_date=issued.date() if issued else None,
        amount_excl_tax=money(row.get("totalPriceAmount"), "totalPriceAmount"),
        tax_amount=money(row.get("totalTaxAmount"), "totalTaxAmount"),
        total_amount=money(row.get("totalPriceAndTax"), "totalPriceAndTax"),
        buyer=_party(row, "buyer", "buyerAddressPhone", "buyerBankAccount"),
        seller=_party(row, "supplier", "supplierAddress", "supplierBankAccount"),
        status=InvoiceStatus.UNKNOWN,
        verification=_VERIFIED.get(verification, Verification.UNKNOWN),
        remark=text(row.get("remark"), 1000),
        travel=travel,
        lines=tuple(_line(line) for line in row.get("lineItems") or () if isinstance(line, dict)),
        claim=_claim(row),
        flags=tuple(flag for flag, holds in conflicts.items() if holds),
        unknown_codes=tuple(unknown),
        facts=_facts(row),
    )


def _kind(row: Mapping[str, Any]) -> tuple[InvoiceKind, list[str]]:
    code = text(row.get("type"), 20)
    described = text(row.get("invoiceTypeDesc"), 60).replace("（", "(").replace("）", ")")
    kind = KINDS.get(code) or DESCRIPTIONS.get(described)
    if kind:
        return kind, []
    return InvoiceKind.UNKNOWN, [f"type={code or described}"]


def _party(row: Mapping[str, Any], side: str, address: str, bank: str) -> PartyRecord:
    return PartyRecord(
        name=text(row.get(f"{side}Name")),
        tax_no=tax_number(row.get(f"{side}TaxNumber")),
        address_phone=text(row.get(address), 200),
        bank_account=text(row.get(bank), 200),
    )


def _travel(row: Mapping[str, Any]) -> tuple[TravelRecord | None, bool]:
    """The journey in jsonProps, and whether it was there but could not be read (the record itself must not suffer)."""
    packed = row.get("jsonProps")
    if not packed:
        return None, False
    try:
        props = decode_json(packed) if isinstance(packed, str) else packed
        return (_journey(props), False) if isinstance(props, dict) else (None, True)
    except (TryLater, BadRecord, msgspec.DecodeError, ValueError):
        return None, True


def _journey(props: Mapping[str, Any]) -> TravelRecord | None:
    departs = text(props.get("departureTime"), 20)
    day = departs[:10] or text(props.get("consumeDate"), 10)
    vehicle = text(props.get("vehicleNumber") or props.get("trainNumber"), 20)
    if not (vehicle or props.get("passenger")):
        return None
    amounts = {
        "fare": "fare",
        "fuel_surcharge": "fuelSurcharge",
        "development_fund": "caacDevelopmentFund",
        "insurance": "insurance",
        "other_taxes": "otherTaxAmount",
    }
    return TravelRecord(
        passenger=text(props.get("passenger"), 60),
        vehicle=vehicle,
        departure=text(props.get("departureLocation"), 60),
        destination=text(props.get("destinationLocation"), 60),
        departs_on=date.fromisoformat(day) if day else None,
        departs_at=departs[11:16],
        seat=text(props.get("seatName") or props.get("seat"), 30),
        ticket_number=text(props.get("ticketNo"), 40),
        **{name: money(props.get(vendor), vendor) for name, vendor in amounts.items()},
    )


def _line(line: Mapping[str, Any]) -> LineRecord:
    return LineRecord(
        name=text(line.get("name")),
        spec=text(line.get("spec")),
        unit=text(line.get("unit"), 100),
        quantity=decimal(line.get("quantity"), "quantity"),
        unit_price=decimal(line.get("unitPrice"), "unitPrice"),
        amount=money(line.get("priceAmount"), "priceAmount"),
        tax_rate=rate(line.get("taxRate"), "taxRate"),
        tax_amount=money(line.get("taxAmount"), "taxAmount"),
    )


def _claim(row: Mapping[str, Any]) -> ClaimRecord:
    imported = epoch_moment(row.get("importedAt"), "importedAt")
    return ClaimRecord(
        person=text(row.get("userName") or row.get("userCode"), 60),
        bill_number=text(row.get("reimburseDataCode"), 60),
        bill_type=text(row.get("bizType"), 20),
        purpose=text(row.get("feeTypeBizCode"), 60),
        entered_at=f"{imported:%Y-%m-%d %H:%M:%S}" if imported else "",
        entry_method=text(row.get("source"), 30),
    )


def _facts(row: Mapping[str, Any]) -> dict[str, str]:
    names = ("feeCode", "consumeType", "bizTypeDesc", "comment", "invoiceStatus", "qrCode")
    return {name: value for name in names if (value := text(row.get(name), 200))}
