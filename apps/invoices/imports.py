"""Reads rows of files, in the field names of the export, into invoice records.

One row is one invoice of a source of kind ``file``. Its external id there is its key or, without one, its numbers.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from apps.core.errors import BadRecord
from apps.core.workbooks import rounded
from apps.sources import parsing
from apps.sources.connectors.base import RawItem
from apps.sources.records import InvoiceKind, InvoiceRecord, LineRecord, PartyRecord, TravelRecord

from .fields import INVOICE_FIELDS, InvoiceField

UNREADABLE = "unreadable"  # the only field of a row that could not be read at all: its text

_SCALAR_FIELDS = tuple(field for field in INVOICE_FIELDS if not field.is_structured)
_NUMBERS = ("key", *(field.name for field in INVOICE_FIELDS if field.is_number))
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
_REPORTED = (  # flags that only a source can know; the others are computed anew
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


_TEXT_READERS: Mapping[str, Callable[[Any], str]] = {  # by the form of a field; any other is plain text
    "number": parsing.number_text,
    "slip": parsing.slip_text,
    "tax_number": parsing.tax_number,
}


class _Origin(msgspec.Struct):
    """The part of a field ``sources`` that is read back."""

    deleted: bool = False


def external_id(row: Mapping[str, Any]) -> str:
    """The external id of the row; '' when it has neither key nor number."""
    key = parsing.text(row.get("key") or row.get("digital_number"), 200)
    if key:
        return key
    code, number = parsing.number_text(row.get("code")), parsing.number_text(row.get("number"))
    return f"{code}-{number}" if number else ""


def parse_row(item: RawItem) -> InvoiceRecord:
    """The record of one row. Raises BadRecord naming the field."""
    row = parsing.require_object(item.payload)
    if UNREADABLE in row:
        raise BadRecord("record.not_an_object", value=parsing.text(row[UNREADABLE], 60))
    if not external_id(row):
        raise BadRecord("record.missing", field="key, digital_number, number")
    values: dict[str, Any] = {field.name: _value(field, row.get(field.name)) for field in _SCALAR_FIELDS}
    for name in _NUMBERS:
        _refuse_rounded(row.get(name), name)
    _refuse_lost_zeros(row, values["kind"])
    origins = _structured(row.get("sources"), list[_Origin], "sources") or []
    for side in ("buyer", "seller"):
        values[side] = PartyRecord(values.pop(f"{side}_name"), values.pop(f"{side}_tax_no"))
    return InvoiceRecord(
        external_id=item.external_id,
        travel=_travel(row.get("travel")),
        lines=tuple(_line(line) for line in _structured(row.get("lines"), list[dict[str, Any]], "lines") or ()),
        flags=tuple(sorted(set(_structured(row.get("flags"), list[str], "flags") or ()).intersection(_REPORTED))),
        deleted=bool(origins) and all(origin.deleted for origin in origins),
        **values,
    )


def _value(field: InvoiceField, cell: Any) -> Any:
    """The value of a scalar field. Raises BadRecord naming the field."""
    if field.is_choice:
        return _choice(field, cell)
    if field.is_amount:
        return parsing.exact_money(cell, field.name)
    if field.is_date:
        return parsing.day(cell, field.name)
    return _TEXT_READERS.get(field.form, lambda text: parsing.text(text, field.max_length))(cell) or field.default


def _refuse_rounded(value: Any, field: str) -> None:
    """Raises BadRecord for a number that a spreadsheet has rounded, a formula, or the error of a formula."""
    text = parsing.text(value, 60)
    if rounded(text) or text.startswith(("=", "#")):
        raise BadRecord("record.rounded_number", field=field, value=text)


def _refuse_lost_zeros(row: Mapping[str, Any], kind: InvoiceKind) -> None:
    """Raises BadRecord for a code or number with fewer digits than those of this kind have."""
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


def _choice(field: InvoiceField, cell: Any) -> Any:
    value = parsing.text(cell)
    try:
        return field.value_type(value) if value else field.default
    except ValueError:
        raise BadRecord("record.bad_choice", field=field.name, value=value) from None


def _structured(value: Any, kind: Any, field: str) -> Any:
    if not value:
        return None
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError:
        raise BadRecord("record.bad_structure", field=field) from None
