"""Canonical invoices from files: the field names of the export, read back into records.

One row is one invoice of a source of kind ``file``; what names it there is its key or, without one, its numbers.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from apps.core.errors import BadRecord
from apps.core.workbooks import rounded
from apps.sources import parsing
from apps.sources.connectors.base import RawItem
from apps.sources.records import (
    DeductionStatus,
    Direction,
    ExpenseStatus,
    InvoiceKind,
    InvoiceRecord,
    InvoiceStatus,
    LineRecord,
    PartyRecord,
    TravelRecord,
    Verification,
)

UNREADABLE = "unreadable"  # the only field of a row that could not be read at all: its text

_CHOICES: dict[str, tuple[type[Any], Any]] = {
    "kind": (InvoiceKind, InvoiceKind.UNKNOWN),
    "direction": (Direction, Direction.INPUT),
    "status": (InvoiceStatus, InvoiceStatus.UNKNOWN),
    "verification": (Verification, Verification.UNKNOWN),
    "expense_status": (ExpenseStatus, ExpenseStatus.UNKNOWN),
    "deduction_status": (DeductionStatus, DeductionStatus.UNKNOWN),
}
_AMOUNTS = ("amount_excl_tax", "tax_amount", "total_amount", "deductible_tax")
_NUMBERS = ("key", "code", "number", "digital_number", "check_code", "buyer_tax_no", "seller_tax_no")
_NUMBER_LENGTH = 8
_WITH_CODES = frozenset(
    {
        InvoiceKind.VAT_SPECIAL_PAPER,
        InvoiceKind.VAT_GENERAL_PAPER,
        InvoiceKind.VAT_SPECIAL_ELECTRONIC,
        InvoiceKind.VAT_GENERAL_ELECTRONIC,
        InvoiceKind.VAT_ROLL,
        InvoiceKind.VAT_TOLL,
        InvoiceKind.VEHICLE_SALE,
        InvoiceKind.USED_VEHICLE,
    }
)
_REPORTED = (  # doubts of the source; the others are computed anew
    "names_swapped",
    "damaged_details",
    "edited_by_hand",
    "title_conflict",
    "tax_number_conflict",
    "receipt_date",
    "not_deductible_reason",
    "abnormal_management",
    "unknown_code",
)


class _Seen(msgspec.Struct):
    deleted: bool = False


def external_id(row: Mapping[str, Any]) -> str:
    """What names the row in its file; '' when nothing does."""
    named = parsing.text(row.get("key") or row.get("digital_number"), 200)
    if named:
        return named
    code, number = parsing.number_text(row.get("code")), parsing.number_text(row.get("number"))
    return f"{code}-{number}" if number else ""


def parse_row(item: RawItem) -> InvoiceRecord:
    """The record of one row. Raises BadRecord naming the field."""
    row = parsing.require_object(item.payload)
    if UNREADABLE in row:
        raise BadRecord("record.not_an_object", value=parsing.text(row[UNREADABLE], 60))
    if not external_id(row):
        raise BadRecord("record.missing", field="key, digital_number, number")
    values: dict[str, Any] = {name: _choice(row, name) for name in _CHOICES}
    values |= {name: _yuan(row.get(name), name) for name in _AMOUNTS}
    for name in _NUMBERS:
        _refuse_rounded(row.get(name), name)
    _refuse_lost_zeros(row, values["kind"])
    seen = _structured(row.get("sources"), list[_Seen], "sources") or []
    return InvoiceRecord(
        external_id=item.external_id,
        code=parsing.number_text(row.get("code")),
        number=parsing.slip_text(row.get("number")),
        digital_number=parsing.number_text(row.get("digital_number")),
        check_code=parsing.text(row.get("check_code"), 40),
        issue_date=parsing.day(row.get("issue_date"), "issue_date"),
        currency=parsing.text(row.get("currency"), 3) or "CNY",
        buyer=PartyRecord(parsing.text(row.get("buyer_name")), parsing.tax_number(row.get("buyer_tax_no"))),
        seller=PartyRecord(parsing.text(row.get("seller_name")), parsing.tax_number(row.get("seller_tax_no"))),
        deduction_period=parsing.text(row.get("deduction_period"), 6),
        remark=parsing.text(row.get("remark"), 1000),
        travel=_travel(row.get("travel")),
        lines=tuple(_line(line) for line in _structured(row.get("lines"), list[dict[str, Any]], "lines") or ()),
        flags=tuple(sorted(set(_structured(row.get("flags"), list[str], "flags") or ()).intersection(_REPORTED))),
        deleted=bool(seen) and all(one.deleted for one in seen),
        **values,
    )


def _yuan(value: Any, field: str) -> Decimal | None:
    """Exact to the cent: what a person wrote is refused rather than rounded."""
    amount, exact = parsing.money(value, field), parsing.decimal(value, field)
    if amount != exact:
        raise BadRecord("record.bad_amount", field=field, value=parsing.text(value, 60))
    return amount


def _refuse_rounded(value: Any, field: str) -> None:
    """Raises BadRecord for a number that a spreadsheet has rounded, a formula, or the error it came to."""
    said = parsing.text(value, 60)
    if rounded(said) or said.startswith(("=", "#")):
        raise BadRecord("record.rounded_number", field=field, value=said)


def _refuse_lost_zeros(row: Mapping[str, Any], kind: InvoiceKind) -> None:
    """Raises BadRecord for digits that are fewer than this kind's code and number have."""
    code, number = parsing.number_text(row.get("code")), parsing.number_text(row.get("number"))
    if kind not in _WITH_CODES:
        return
    if code.isdigit() and len(code) in (9, 11):
        raise BadRecord("record.lost_zeros", field="code", value=code)
    if code and number.isdigit() and len(number) < _NUMBER_LENGTH:
        raise BadRecord("record.lost_zeros", field="number", value=number)


def _line(line: Mapping[str, Any]) -> LineRecord:
    return LineRecord(
        name=parsing.text(line.get("name")),
        spec=parsing.text(line.get("spec")),
        unit=parsing.text(line.get("unit"), 100),
        quantity=parsing.decimal(line.get("quantity"), "lines.quantity"),
        unit_price=parsing.decimal(line.get("unit_price"), "lines.unit_price"),
        amount=parsing.money(line.get("amount"), "lines.amount"),
        tax_rate=parsing.rate(line.get("tax_rate"), "lines.tax_rate"),
        tax_amount=parsing.money(line.get("tax_amount"), "lines.tax_amount"),
        goods_code=parsing.number_text(line.get("goods_code")),
    )


def _travel(value: Any) -> TravelRecord | None:
    journey: TravelRecord | None = _structured(value, TravelRecord, "travel")
    if journey is None:
        return None
    texts = {
        name: parsing.text(text) for name, text in msgspec.structs.asdict(journey).items() if isinstance(text, str)
    }
    return msgspec.structs.replace(journey, **texts)


def _choice(row: Mapping[str, Any], name: str) -> Any:
    kind, default = _CHOICES[name]
    value = parsing.text(row.get(name))
    try:
        return kind(value) if value else default
    except ValueError:
        raise BadRecord("record.bad_choice", field=name, value=value) from None


def _structured(value: Any, kind: Any, field: str) -> Any:
    if not value:
        return None
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError:
        raise BadRecord("record.bad_structure", field=field) from None
