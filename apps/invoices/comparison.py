"""The invoice beside what each source says of it: which values agree, which differ, and whose word counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.sources.records import InvoiceRecord

from . import choices
from .identity import fold
from .models import FieldConflict, Invoice
from .survivorship import ORDER_OF_BELIEF, value_of

InvoiceUsage = Literal["counts", "agrees", "differs", "silent"]

LABELS: Mapping[str, str | Promise] = {
    "kind": _("Kind"),
    "direction": _("Direction"),
    "code": _("Invoice code"),
    "number": _("Invoice number"),
    "digital_number": _("Digital invoice number"),
    "check_code": _("Check code"),
    "issue_date": _("Issue date"),
    "amount_excl_tax": _("Amount excl. tax"),
    "tax_amount": _("Tax"),
    "total_amount": _("Total incl. tax"),
    "currency": _("Currency"),
    "buyer_name": _("Buyer"),
    "buyer_tax_no": _("Buyer's taxpayer number"),
    "seller_name": _("Seller"),
    "seller_tax_no": _("Seller's taxpayer number"),
    "status": _("Status"),
    "verification": _("Verification"),
    "expense_status": _("Expense status"),
    "deduction_status": _("Deduction"),
    "deduction_period": _("Deduction period"),
    "deductible_tax": _("Deductible tax"),
    "remark": _("Remark"),
}
AMOUNTS = frozenset({"amount_excl_tax", "tax_amount", "total_amount"})
_CHOICES: Mapping[str, Any] = {
    "kind": choices.Kind,
    "direction": choices.Flow,
    "status": choices.Status,
    "verification": choices.Verified,
    "expense_status": choices.Expense,
    "deduction_status": choices.Deduction,
}


@dataclass(frozen=True)
class Statement:
    """One source record as a column: what the source says, and whether it has deleted the document since."""

    source_kind: str
    record: InvoiceRecord
    deleted: bool


@dataclass(frozen=True)
class Cell:
    text: str
    standing: InvoiceUsage


@dataclass(frozen=True)
class Row:
    """One field: the value that counts, and each source's cell. ``disputed`` rows have an open conflict."""

    field: str
    label: str | Promise
    text: str
    cells: tuple[Cell, ...]
    disputed: bool
    settled: bool

    @property
    def is_figure(self) -> bool:
        return self.field in AMOUNTS or self.field == "deductible_tax"


def compare(invoice: Invoice, statements: Sequence[Statement], conflicts: Iterable[FieldConflict]) -> list[Row]:
    """All fields that the invoice or any source says something of, in the order people read them."""
    states = {conflict.field: conflict.state for conflict in conflicts}
    rows = []
    for field, label in LABELS.items():
        counts = _counting(invoice, field)
        said = [value_of(statement.record, field) for statement in statements]
        if not any(_is_said(value) for value in (counts, *said)):
            continue
        winner = _winner(field, counts, statements, said)
        rows.append(
            Row(
                field,
                label,
                shown(field, counts),
                tuple(
                    Cell(shown(field, value), _standing(field, value, counts, i == winner))
                    for i, value in enumerate(said)
                ),
                disputed=states.get(field) == choices.ConflictState.OPEN,
                settled=states.get(field) == choices.ConflictState.SETTLED,
            )
        )
    return rows


def said_anew(before: InvoiceRecord, after: InvoiceRecord) -> list[tuple[str | Promise, str, str]]:
    """(field in people's words, former value, new value) wherever two versions of one record differ."""
    pairs = ((field, value_of(before, field), value_of(after, field)) for field in LABELS)
    return [(LABELS[field], shown(field, old), shown(field, new)) for field, old, new in pairs if old != new]


def shown(field: str, value: Any) -> str:
    """A value of a field in people's words; '' when it is not said."""
    if not _is_said(value):
        return ""
    if field in _CHOICES:
        return str(dict(_CHOICES[field].choices).get(str(value), value))
    return f"{value:,.2f}" if isinstance(value, Decimal) else str(value)


def stated(invoice: Invoice, field: str) -> str:
    """The invoice's own value in people's words; '' when nobody says it."""
    return shown(field, _counting(invoice, field))


def exported(invoice: Invoice, field: str) -> str:
    """The invoice's value for a table: as shown, but amounts without thousands separators."""
    value = _counting(invoice, field)
    return f"{value:.2f}" if isinstance(value, Decimal) else shown(field, value)


def label(field: str) -> str | Promise:
    """The name of a field; of a disputed number (``key:C:…``) the number."""
    if field.startswith("key:"):
        return _("Number %(number)s") % {"number": field.split(":", 2)[-1]}
    return LABELS.get(field, field)


def _counting(invoice: Invoice, field: str) -> Any:
    side, _separator, attribute = field.partition("_")
    if side in ("buyer", "seller"):
        return getattr(getattr(invoice, side), attribute, "")
    return getattr(invoice, field)


def _is_said(value: Any) -> bool:
    return value is not None and value not in ("", "unknown")


def _same(field: str, one: Any, other: Any) -> bool:
    if field.endswith(("_name", "_tax_no")):
        return fold(str(one)) == fold(str(other))
    return str(one) == str(other)


def _winner(field: str, counts: Any, statements: Sequence[Statement], said: Sequence[Any]) -> int | None:
    """Whose word it is: the most believed of those that say the value that counts."""
    side = field.partition("_")[0]
    belief = ORDER_OF_BELIEF["amounts" if field in AMOUNTS else side if side in ("buyer", "seller") else field]
    agreeing = [
        (belief.index(statement.source_kind) if statement.source_kind in belief else len(belief), place)
        for place, (statement, value) in enumerate(zip(statements, said, strict=True))
        if not statement.deleted and _is_said(value) and _same(field, value, counts)
    ]
    return min(agreeing)[1] if agreeing else None


def _standing(field: str, value: Any, counts: Any, wins: bool) -> InvoiceUsage:
    if not _is_said(value):
        return "silent"
    if wins:
        return "counts"
    return "agrees" if _same(field, value, counts) else "differs"
