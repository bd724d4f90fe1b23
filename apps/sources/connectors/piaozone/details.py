"""发票云 invoice details, nine layouts, into canonical records. Pure. Facts: ``docs/upstreams/piaozone.md``.

What surprises: in ticket layouts ``invoiceCode`` is a date and ``invoiceNo`` a printed or ticket number; for fixed-amount
and other receipts ``invoiceDate`` is the day of receipt; both spellings ``salerName`` and ``sallerName`` are the seller.
"""

from collections.abc import Mapping
from typing import Any

from apps.core.errors import BadRecord
from apps.sources.parsing import day, decimal, money, number_text, rate, tax_number, text
from apps.sources.records import (
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

from ..base import RawItem, SourceFacts
from ..items import own_payload

KINDS = {
    "1": InvoiceKind.VAT_GENERAL_ELECTRONIC,
    "2": InvoiceKind.VAT_SPECIAL_ELECTRONIC,
    "3": InvoiceKind.VAT_GENERAL_PAPER,
    "4": InvoiceKind.VAT_SPECIAL_PAPER,
    "5": InvoiceKind.VAT_ROLL,
    "7": InvoiceKind.MACHINE_PRINTED,
    "8": InvoiceKind.TAXI,
    "9": InvoiceKind.TRAIN_PAPER,
    "10": InvoiceKind.AIR_PAPER,
    "11": InvoiceKind.OTHER,
    "12": InvoiceKind.VEHICLE_SALE,
    "13": InvoiceKind.USED_VEHICLE,
    "14": InvoiceKind.FIXED_AMOUNT,
    "15": InvoiceKind.VAT_TOLL,
    "16": InvoiceKind.COACH,
    "17": InvoiceKind.TOLL_RECEIPT,
    "19": InvoiceKind.TAX_PAYMENT_PROOF,
    "20": InvoiceKind.SHIP,
    "23": InvoiceKind.MACHINE_PRINTED_ELECTRONIC,
    "26": InvoiceKind.DIGITAL_GENERAL,
    "27": InvoiceKind.DIGITAL_SPECIAL,
}
# A twenty-digit number is a digital invoice, whatever older type the deployment still gives it.
_DIGITAL_FORMS = {
    "1": InvoiceKind.DIGITAL_GENERAL,
    "2": InvoiceKind.DIGITAL_SPECIAL,
    "9": InvoiceKind.DIGITAL_RAIL,
    "10": InvoiceKind.DIGITAL_AIR,
    "15": InvoiceKind.DIGITAL_TOLL,
}
STATES = {
    "0": InvoiceStatus.NORMAL,
    "1": InvoiceStatus.LOST_CONTROL,
    "2": InvoiceStatus.VOID,
    "3": InvoiceStatus.RED,
    "4": InvoiceStatus.ABNORMAL,
}
VERIFIED = {"1": Verification.PASSED, "2": Verification.FAILED, "3": Verification.NOT_DONE}
EXPENSE = {
    "1": ExpenseStatus.UNUSED,
    "2": ExpenseStatus.HELD,
    "25": ExpenseStatus.HELD,
    "30": ExpenseStatus.HELD,
    "40": ExpenseStatus.UNUSED,
    "60": ExpenseStatus.USED,
    "65": ExpenseStatus.BOOKED,
    "70": ExpenseStatus.BOOKED,
    "27": ExpenseStatus.UNUSED,
    "80": ExpenseStatus.BOOKED,
}
_TICKED = {"1": DeductionStatus.NOT_TICKED, "2": DeductionStatus.TICKED, "3": DeductionStatus.CERTIFIED}
_DATE_OF_RECEIPT = {"11", "14"}
_SEVERAL_RATES = "99"


def read(item: RawItem, source: SourceFacts) -> InvoiceRecord:
    """Raises BadRecord when neither the details nor the message say enough."""
    payload = own_payload(item, "serialNo")
    row: Mapping[str, Any] = payload.get("detail") or payload.get("message_row") or {}
    kind_code = text(row.get("invoiceType"), 10)
    if not kind_code:
        raise BadRecord("record.missing", field="invoiceType")
    kind, code, number, digital = _numbers(row, kind_code)
    dated = day(row.get("invoiceDate"), "invoiceDate")
    received = kind_code in _DATE_OF_RECEIPT
    total = money(row.get("totalAmount"), "totalAmount")
    if total is None and not (number or digital):
        raise BadRecord("record.missing", field="totalAmount")
    return InvoiceRecord(
        external_id=item.external_id,
        kind=kind,
        code=code,
        number=number,
        digital_number=digital,
        check_code=text(row.get("checkCode"), 40),
        issue_date=None if received else dated,
        currency=text(row.get("currencyType"), 3) or "CNY",
        amount_excl_tax=_excluding_tax(row, kind_code),
        tax_amount=money(row.get("taxAmount"), "taxAmount"),
        total_amount=total,
        buyer=_party(row, "buyer"),
        seller=_party(row, "saler", "saller"),
        status=STATES.get(text(row.get("invoiceStatus"), 4), InvoiceStatus.UNKNOWN),
        verification=VERIFIED.get(text(row.get("checkStatus"), 4), Verification.UNKNOWN),
        expense_status=EXPENSE.get(text(row.get("expenseStatus"), 4), ExpenseStatus.UNKNOWN),
        deduction_status=_TICKED.get(text(row.get("authenticateFlag"), 4), DeductionStatus.UNKNOWN),
        remark=text(row.get("remark"), 1000),
        travel=_travel(row, kind_code),
        lines=tuple(_line(line) for line in row.get("items") or () if isinstance(line, dict)),
        file_url=text(row.get("downloadUrl") or row.get("snapshotUrl"), 500),
        flags=_flags(row, received),
        unknown_codes=_unknown(row, kind_code),
        facts={"receivedOn": dated.isoformat()} if received and dated else {},
    )


def _numbers(row: Mapping[str, Any], kind_code: str) -> tuple[InvoiceKind, str, str, str]:
    """Kind, code, number, digital number, each from the field that really holds it in this layout."""
    kind = KINDS.get(kind_code, InvoiceKind.UNKNOWN)
    printed = number_text(row.get("invoiceNo"))
    code = "" if kind_code in ("9", "10") else number_text(row.get("invoiceCode"))
    if kind_code == "19":
        return kind, "", number_text(row.get("taxPaidProofNo") or printed), ""
    if kind_code == "9":
        printed = printed or number_text(row.get("printingSequenceNo"))
    itinerary = number_text(row.get("electronicTicketNum")) if kind_code == "10" else ""
    digital = next((n for n in (printed, itinerary) if len(n) == 20 and n.isdigit()), "")
    if digital:
        kind = _DIGITAL_FORMS.get(kind_code, kind) if not code else kind
        return kind, code, digital, digital
    return kind, code, itinerary or printed, ""


def _excluding_tax(row: Mapping[str, Any], kind_code: str) -> Any:
    if kind_code == "10":
        return None  # the fare: fuel and tax come on top, the development fund too
    value = row.get("invoiceMoney")
    return money(value if value not in (None, "") else row.get("amount"), "amount")


def _party(row: Mapping[str, Any], *spellings: str) -> PartyRecord:
    """The side under the first spelling that names it."""
    side = next((s for s in spellings if row.get(f"{s}Name") or row.get(f"{s}TaxNo")), spellings[0])
    return PartyRecord(
        name=text(row.get(f"{side}Name")),
        tax_no=tax_number(row.get(f"{side}TaxNo")),
        address_phone=text(row.get(f"{side}AddressPhone"), 200),
        bank_account=text(row.get(f"{side}Account"), 200),
    )


def _travel(row: Mapping[str, Any], kind_code: str) -> TravelRecord | None:
    if kind_code not in ("9", "10", "16", "20"):
        return None
    air = kind_code == "10"
    coded = text(row.get("invoiceCode"), 8)
    day_of_travel = text(row.get("airTime"), 10) or (coded if kind_code in ("9", "10") else "") or row.get("invoiceDate")
    return TravelRecord(
        passenger=text(row.get("passengerName"), 60),
        vehicle=text(row.get("flightNum") or row.get("trainNum"), 20),
        departure=text(row.get("placeOfDeparture") or row.get("stationGetOn"), 60),
        destination=text(row.get("destination") or row.get("stationGetOff"), 60),
        departs_on=day(day_of_travel, "airTime" if air else "invoiceCode"),
        departs_at=text(row.get("trainTime") or row.get("time"), 5),
        seat=text(row.get("seatGradeName") or row.get("seatGrade"), 30),
        ticket_number=text(row.get("invoiceNo"), 40) if air else "",
        fare=money(row.get("amount"), "amount") if air else None,
        fuel_surcharge=money(row.get("fuelSurcharge"), "fuelSurcharge"),
        development_fund=money(row.get("airportConstructionFee"), "airportConstructionFee"),
        insurance=money(row.get("insurancePremium"), "insurancePremium"),
        other_taxes=money(row.get("otherTotalTaxAmount"), "otherTotalTaxAmount"),
    )


def _line(line: Mapping[str, Any]) -> LineRecord:
    several = text(line.get("taxRate"), 10) == _SEVERAL_RATES
    return LineRecord(
        name=text(line.get("goodsName")),
        spec=text(line.get("specModel")),
        unit=text(line.get("unit"), 100),
        quantity=decimal(line.get("num"), "num"),
        unit_price=decimal(line.get("unitPrice"), "unitPrice"),
        amount=money(line.get("detailAmount"), "detailAmount"),
        tax_rate=None if several else rate(line.get("taxRate"), "taxRate", percent=True),
        tax_amount=money(line.get("taxAmount"), "taxAmount"),
        goods_code=text(line.get("goodsCode") or line.get("goodsCood"), 40),
    )


def _flags(row: Mapping[str, Any], received: bool) -> tuple[str, ...]:
    flags = ["receipt_date"] if received else []
    return (*flags, "edited_by_hand") if text(row.get("isRevise"), 2) == "2" else tuple(flags)


def _unknown(row: Mapping[str, Any], kind_code: str) -> tuple[str, ...]:
    tables = (("invoiceStatus", STATES), ("checkStatus", VERIFIED), ("expenseStatus", EXPENSE), ("authenticateFlag", _TICKED))
    unknown = [] if kind_code in KINDS else [f"invoiceType={kind_code}"]
    for field, table in tables:
        value = text(row.get(field), 10)
        if value and value not in table:
            unknown.append(f"{field}={value}")
    return tuple(unknown)
