"""Which source wins which field. Pure: the canonical record is a function of what the sources say, in any order.

The tables below are the whole policy. Ties between two records of one system go to the one changed last at the source,
then by name, never by order of arrival. What a person settled wins over everything.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from apps.sources.records import (
    DeductionStatus,
    ExpenseStatus,
    InvoiceKind,
    InvoiceRecord,
    InvoiceStatus,
    PartyRecord,
    Verification,
)

from .identity import fold

# Who is believed first. The tax bureau states law; an issuing system knows its own invoices; scans come last.
_FACTS = ("etax", "shopex", "piaozone", "maycur", "checker", "file")
_LINES = ("shopex", "piaozone", "maycur", "checker", "etax", "file")
_EXPENSE = ("piaozone", "maycur", "checker", "etax", "shopex", "file")

ORDER_OF_BELIEF: Mapping[str, tuple[str, ...]] = {
    "kind": _FACTS,
    "direction": _FACTS,
    "code": _FACTS,
    "number": _FACTS,
    "digital_number": _FACTS,
    "check_code": ("etax", "piaozone", "checker", "maycur", "shopex", "file"),
    "issue_date": _FACTS,
    "currency": _FACTS,
    "amounts": _FACTS,
    "buyer": _FACTS,
    "seller": _FACTS,
    "status": ("etax", "shopex", "piaozone", "checker", "maycur", "file"),
    "verification": ("piaozone", "maycur", "checker", "etax", "shopex", "file"),
    "expense_status": _EXPENSE,
    "deduction_status": ("etax", "piaozone", "checker", "maycur", "shopex", "file"),
    "deduction_period": ("etax", "piaozone", "checker", "maycur", "shopex", "file"),
    "deductible_tax": ("etax", "piaozone", "checker", "maycur", "shopex", "file"),
    "remark": _LINES,
    "travel": ("maycur", "piaozone", "etax", "checker", "shopex", "file"),
    "lines": _LINES,
}

_HOW_FAR = (ExpenseStatus.UNUSED, ExpenseStatus.RESERVED, ExpenseStatus.USED, ExpenseStatus.BOOKED)

_UNSAID = frozenset(
    {
        "",
        InvoiceKind.UNKNOWN,
        InvoiceStatus.UNKNOWN,
        Verification.UNKNOWN,
        ExpenseStatus.UNKNOWN,
        DeductionStatus.UNKNOWN,
    }
)
_SINGLE = (
    "kind",
    "direction",
    "code",
    "number",
    "digital_number",
    "check_code",
    "issue_date",
    "currency",
    "status",
    "verification",
    "expense_status",
    "deduction_status",
    "deduction_period",
    "deductible_tax",
    "remark",
    "travel",
    "lines",
)
CONFLICT_FIELDS = (
    "total_amount",
    "amount_excl_tax",
    "tax_amount",
    "issue_date",
    "buyer_name",
    "buyer_tax_no",
    "seller_name",
    "seller_tax_no",
    "status",
)


class Statement(msgspec.Struct, frozen=True):
    """One source record: who says what."""

    source_id: int
    source_name: str
    source_kind: str
    record: InvoiceRecord


class Canonical(msgspec.Struct, frozen=True):
    """The invoice that statements make. ``conflicts``: field → (source id, external id, value) of all who say it."""

    record: InvoiceRecord
    deleted: bool
    conflicts: Mapping[str, tuple[tuple[int, str, str], ...]]


def resolve(
    statements: Sequence[Statement], settled: Mapping[str, str] | None = None, guests: Sequence[Statement] = ()
) -> Canonical:
    """The canonical record of one invoice. ``settled``: field → value a person chose. At least one statement.

    ``guests`` are statements about copies that a person joined to it: they fill gaps and contradict nothing.
    """
    living = [s for s in statements if not s.record.deleted]
    heard = living or list(statements)
    record = heard[0].record if len(heard) == 1 else _combined(heard)
    conflicts = _conflicts(record, living) if len(living) > 1 else {}
    living_guests = [s for s in guests if not s.record.deleted]
    if living_guests:
        record = _completed(record, _combined(living_guests))
    if settled:
        record = with_settled(record, settled)
    return Canonical(record, not living and not living_guests, conflicts)


def with_own_use(record: InvoiceRecord, said: Iterable[str]) -> InvoiceRecord:
    """The record with what our own bills and vouchers say of its use: the furthest of them wins over every source.

    That nobody here uses it any more only fills a gap: elsewhere it may well be in use.
    """
    own = max((ExpenseStatus(one) for one in said), key=_HOW_FAR.index, default=None)
    if own is None or (own == ExpenseStatus.UNUSED and record.expense_status != ExpenseStatus.UNKNOWN):
        return record
    return msgspec.structs.replace(record, expense_status=own)


def value_of(record: InvoiceRecord, field: str) -> Any:
    """A canonical field by its flat name (``buyer_name``, ``total_amount``, …)."""
    side, _, attribute = field.partition("_")
    if side in ("buyer", "seller"):
        return getattr(getattr(record, side), attribute)
    return getattr(record, field)


def as_text(value: Any) -> str:
    """A field's value as it is compared, stored and shown in conflicts; '' when not said."""
    return "" if value is None else str(value)


def with_settled(record: InvoiceRecord, settled: Mapping[str, str]) -> InvoiceRecord:
    """The record with what a person chose. Raises ValueError for a value that does not fit its field."""
    changes: dict[str, Any] = {}
    for field, chosen in settled.items():
        side, _, attribute = field.partition("_")
        if side in ("buyer", "seller"):
            party = changes.get(side, getattr(record, side))
            changes[side] = msgspec.structs.replace(party, **{attribute: chosen})
        elif field == "issue_date":
            changes[field] = date.fromisoformat(chosen) if chosen else None
        elif field == "status":
            changes[field] = InvoiceStatus(chosen)
        else:
            changes[field] = _yuan(chosen) if chosen else None
    return msgspec.structs.replace(record, **changes)


def _yuan(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "")).quantize(Decimal("0.01"))
    except ArithmeticError as error:
        raise ValueError(f"{text!r} is not an amount") from error


def _ordered(statements: Iterable[Statement], belief: Sequence[str]) -> list[Statement]:
    """The most believed first; among records of one system the one changed last."""

    def place(statement: Statement) -> tuple[Any, ...]:
        changed = statement.record.changed_at
        return (
            belief.index(statement.source_kind) if statement.source_kind in belief else len(belief),
            -changed.timestamp() if changed else 0.0,
            statement.source_name,
            statement.record.external_id,
        )

    return sorted(statements, key=place)


def _combined(statements: Sequence[Statement]) -> InvoiceRecord:
    orders: dict[tuple[str, ...], list[InvoiceRecord]] = {}

    def by_belief(field: str) -> list[InvoiceRecord]:
        belief = ORDER_OF_BELIEF[field]
        if belief not in orders:
            orders[belief] = [s.record for s in _ordered(statements, belief)]
        return orders[belief]

    first = by_belief("kind")[0]
    values: dict[str, Any] = {field: _first_said(by_belief(field), field) for field in _SINGLE}
    values.update(_amounts(by_belief("amounts")))
    values["buyer"], values["seller"] = _party(by_belief("buyer"), "buyer"), _party(by_belief("seller"), "seller")
    values["flags"] = tuple(sorted({flag for s in statements for flag in s.record.flags}))
    values["unknown_codes"] = tuple(sorted({code for s in statements for code in s.record.unknown_codes}))
    values["external_id"] = first.external_id
    return InvoiceRecord(**values)


def _completed(record: InvoiceRecord, further: InvoiceRecord) -> InvoiceRecord:
    """The record with what only the further one says."""
    changes = {field: getattr(further, field) for field in _SINGLE if not _is_said(getattr(record, field))}
    for side in ("buyer", "seller"):
        changes[side] = _party([record, further], side)
    if record.total_amount is None and record.amount_excl_tax is None:
        changes.update(_amounts([further]))
    return msgspec.structs.replace(record, **changes)


def _is_said(value: Any) -> bool:
    return value is not None and value != () and value not in _UNSAID


def _first_said(records: Sequence[InvoiceRecord], field: str) -> Any:
    for record in records:
        value = getattr(record, field)
        if _is_said(value):
            return value
    return getattr(records[0], field)


def _amounts(records: Sequence[InvoiceRecord]) -> dict[str, Decimal | None]:
    """The three amounts belong together: taken from one record, gaps filled only from records with the same total."""
    names = ("amount_excl_tax", "tax_amount", "total_amount")
    said = [r for r in records if r.total_amount is not None] or [r for r in records if r.amount_excl_tax is not None]
    if not said:
        return dict.fromkeys(names)
    same = [said[0], *(r for r in said[1:] if r.total_amount == said[0].total_amount)]
    return {name: next((v for r in same if (v := getattr(r, name)) is not None), None) for name in names}


def _party(records: Sequence[InvoiceRecord], side: str) -> PartyRecord:
    parties: list[PartyRecord] = [getattr(record, side) for record in records]
    return PartyRecord(
        **{
            field: next((v for party in parties if (v := getattr(party, field))), "")
            for field in ("name", "tax_no", "address_phone", "bank_account")
        }
    )


def _conflicts(record: InvoiceRecord, living: Sequence[Statement]) -> dict[str, tuple[tuple[int, str, str], ...]]:
    found = {}
    for field in CONFLICT_FIELDS:
        said = [
            (s.source_id, s.record.external_id, as_text(value))
            for s in living
            if (value := value_of(s.record, field)) is not None and value not in _UNSAID
        ]
        if len({_comparable(field, text) for _source, _id, text in said}) < 2:
            continue
        if field == "status" and record.status != InvoiceStatus.NORMAL:
            continue  # the most believed source knows it is void or red; the others are merely older
        found[field] = tuple(sorted(said))
    return found


def _comparable(field: str, text: str) -> str:
    """Brackets, spaces, dashes and letter case do not make two names different."""
    if field.endswith(("_name", "_tax_no")):
        return fold(text).replace("(", "").replace(")", "")
    return text
