"""The invoice beside what each source says of it: which values agree, which differ, and which source wins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.sources.records import InvoiceRecord

from .choices import LABELS_OF, ConflictState
from .fields import FIELDS_BY_NAME, LABELLED_FIELDS, VALUE_GETTERS, InvoiceField, value_of
from .identity import fold
from .models import FieldConflict, Invoice, SourceRecord

Agreement = Literal["wins", "agrees", "differs", "silent"]

LABELS: Mapping[str, str | Promise] = {field.name: _(field.label) for field in LABELLED_FIELDS}  # from the field table


@dataclass(frozen=True)
class Column:
    """A source record with its invoice record, decoded once."""

    source_record: SourceRecord
    record: InvoiceRecord


@dataclass(frozen=True)
class Cell:
    """The value of one source, and how it compares with the invoice's."""

    text: str
    agreement: Agreement


@dataclass(frozen=True)
class Row:
    """One field: the invoice's value, and each source's cell. ``disputed`` rows have an open conflict."""

    field: str
    label: str | Promise
    text: str
    cells: tuple[Cell, ...]
    disputed: bool
    settled: bool

    @property
    def is_amount(self) -> bool:
        return FIELDS_BY_NAME[self.field].is_amount


def compare(invoice: Invoice, columns: Sequence[Column], conflicts: Iterable[FieldConflict]) -> list[Row]:
    """A row for every field of which the invoice or any source states a value, in the order of the field table."""
    states = {conflict.field: conflict.state for conflict in conflicts}
    rows = []
    for field in LABELLED_FIELDS:
        name = field.name
        own = invoice_value(invoice, name)
        values = [value_of(column.record, name) for column in columns]
        if not any(_has_value(value) for value in (own, *values)):
            continue
        winner = _winner(field, own, columns, values)
        cells = tuple(
            Cell(shown(name, value), _agreement(name, value, own, position == winner))
            for position, value in enumerate(values)
        )
        rows.append(
            Row(
                name,
                LABELS[name],
                shown(name, own),
                cells,
                disputed=states.get(name) == ConflictState.OPEN,
                settled=states.get(name) == ConflictState.SETTLED,
            )
        )
    return rows


def changed_fields(before: InvoiceRecord, after: InvoiceRecord) -> list[tuple[str | Promise, str, str]]:
    """(label of the field, former value, new value) wherever two versions of one record differ."""
    values = ((name, value_of(before, name), value_of(after, name)) for name in LABELS)
    return [(LABELS[name], shown(name, old), shown(name, new)) for name, old, new in values if old != new]


def shown(name: str, value: Any) -> str:
    """A value of a field as pages show it; '' when the source does not state one."""
    if not _has_value(value):
        return ""
    field = FIELDS_BY_NAME.get(name)
    if field is not None and field.is_choice:
        return str(LABELS_OF[field.value_type].get(str(value), value))
    return f"{value:,.2f}" if isinstance(value, Decimal) else str(value)


def stated(invoice: Invoice, name: str) -> str:
    """The invoice's own value as pages show it; '' when no source states one."""
    return shown(name, invoice_value(invoice, name))


def exported(invoice: Invoice, name: str) -> str:
    """The invoice's value for a table: as shown, but amounts without thousands separators."""
    value = invoice_value(invoice, name)
    return f"{value:.2f}" if isinstance(value, Decimal) else shown(name, value)


def label(name: str) -> str | Promise:
    """The label of a field; of an identity conflict (``key:C:…``) the number."""
    if name.startswith("key:"):
        return _("Number %(number)s") % {"number": name.split(":", 2)[-1]}
    return LABELS.get(name, name)


def invoice_value(invoice: Invoice, name: str) -> Any:
    """The value of a canonical field in the invoice row; '' for the parts of a missing party."""
    if FIELDS_BY_NAME[name].whole in ("buyer", "seller") and getattr(invoice, FIELDS_BY_NAME[name].whole) is None:
        return ""
    return VALUE_GETTERS[name](invoice)


def _has_value(value: Any) -> bool:
    return value is not None and value not in ("", "unknown")


def _same(name: str, one: Any, other: Any) -> bool:
    if name.endswith(("_name", "_tax_no")):
        return fold(str(one)) == fold(str(other))
    return str(one) == str(other)


def _winner(field: InvoiceField, own: Any, columns: Sequence[Column], values: Sequence[Any]) -> int | None:
    """The column whose value won: the most believed of those that state the invoice's value."""
    agreeing = [
        (field.position_of(column.source_record.source.kind), position)
        for position, (column, value) in enumerate(zip(columns, values, strict=True))
        if not column.source_record.deleted and _has_value(value) and _same(field.name, value, own)
    ]
    return min(agreeing)[1] if agreeing else None


def _agreement(name: str, value: Any, own: Any, wins: bool) -> Agreement:
    if not _has_value(value):
        return "silent"
    if wins:
        return "wins"
    return "agrees" if _same(name, value, own) else "differs"
