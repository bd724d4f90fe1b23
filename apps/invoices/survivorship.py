"""Which source wins which field. Pure: the invoice is a function of its source records, in any order.

The policy is the column ``belief`` of the field table (``fields``). Between two records of sources of one kind, the one
changed last at its source wins, then the source with the lower id, never the one that arrived first. A value chosen by
a person wins over all sources.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from apps.sources.records import ExpenseStatus, InvoiceRecord, InvoiceStatus, PartyRecord

from .fields import CONFLICT_FIELDS, FIELDS_BY_NAME, INVOICE_FIELDS, value_of
from .identity import fold
from .source_records import SourceRecordState

_BY_PROGRESS = (ExpenseStatus.UNUSED, ExpenseStatus.RESERVED, ExpenseStatus.USED, ExpenseStatus.BOOKED)

_SINGLE_FIELDS = tuple(field for field in INVOICE_FIELDS if not field.whole)  # each decided on its own
_AMOUNTS = tuple(field.name for field in INVOICE_FIELDS if field.whole == "amounts")
_BELIEF = {field.whole or field.name: field.belief for field in INVOICE_FIELDS}
_EMPTY_VALUES = frozenset({"", "unknown"})  # by which a source says nothing of a field; the enums' UNKNOWN included

Claims = tuple[tuple[int, str, str], ...]  # (source id, external id, value), sorted


class Canonical(msgspec.Struct, frozen=True):
    """The invoice that source records make. ``deleted``: every source has deleted it. ``conflicts``: field → claims of
    all records that state a value."""

    record: InvoiceRecord
    deleted: bool
    conflicts: Mapping[str, Claims]


def resolve(
    records: Sequence[SourceRecordState],
    settled: Mapping[str, str] | None = None,
    merged_records: Sequence[SourceRecordState] = (),
) -> Canonical:
    """The canonical record of one invoice. ``settled``: field → value a person chose. At least one record.

    ``merged_records`` came by a merge link: they fill gaps and contradict nothing.
    """
    current = [state for state in records if not state.record.deleted]
    considered = current or list(records)
    record = considered[0].record if len(considered) == 1 else _combined(considered)
    conflicts = _conflicts(record, current) if len(current) > 1 else {}
    current_merged = [state for state in merged_records if not state.record.deleted]
    if current_merged:
        record = _completed(record, _combined(current_merged))
    if settled:
        record = with_settled(record, settled)
    return Canonical(record, not current and not current_merged, conflicts)


def with_own_usage(record: InvoiceRecord, statuses: Iterable[str]) -> InvoiceRecord:
    """The record with the usage that our own bills and vouchers make of it: the furthest one wins over every source.

    ``unused`` only fills a gap, because the invoice may be in use in another system.
    """
    furthest = max((ExpenseStatus(status) for status in statuses), key=_BY_PROGRESS.index, default=None)
    if furthest is None or (furthest == ExpenseStatus.UNUSED and record.expense_status != ExpenseStatus.UNKNOWN):
        return record
    return msgspec.structs.replace(record, expense_status=furthest)


def as_text(value: Any) -> str:
    """A field's value as conflicts compare, store and show it; '' for None."""
    return "" if value is None else str(value)


def with_settled(record: InvoiceRecord, settled: Mapping[str, str]) -> InvoiceRecord:
    """The record with what a person chose. Raises ValueError for a value that does not fit its field."""
    changes: dict[str, Any] = {}
    for name, text in settled.items():
        field = FIELDS_BY_NAME[name]
        attribute, _, part = field.path.partition(".")
        if part:
            party = changes.get(attribute, getattr(record, attribute))
            changes[attribute] = msgspec.structs.replace(party, **{part: text})
        elif field.is_date:
            changes[name] = date.fromisoformat(text) if text else None
        elif field.is_amount:
            changes[name] = _amount(text) if text else None
        else:
            changes[name] = field.value_type(text)
    return msgspec.structs.replace(record, **changes)


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "")).quantize(Decimal("0.01"))
    except ArithmeticError as error:
        raise ValueError(f"{text!r} is not an amount") from error


def _by_belief(states: Iterable[SourceRecordState], belief: Sequence[str]) -> list[InvoiceRecord]:
    """The records of the most believed sources first; among sources of one kind the record changed last."""

    def position(state: SourceRecordState) -> tuple[Any, ...]:
        return (
            belief.index(state.origin.kind) if state.origin.kind in belief else len(belief),
            -state.changed_at.timestamp() if state.changed_at else 0.0,
            state.identifier,
        )

    return [state.record for state in sorted(states, key=position)]


def _combined(states: Sequence[SourceRecordState]) -> InvoiceRecord:
    orders: dict[tuple[str, ...], list[InvoiceRecord]] = {}

    def ordered(name: str) -> list[InvoiceRecord]:
        belief = _BELIEF[name]
        if belief not in orders:
            orders[belief] = _by_belief(states, belief)
        return orders[belief]

    values: dict[str, Any] = {field.name: _first_value(ordered(field.name), field.name) for field in _SINGLE_FIELDS}
    values.update(_amounts(ordered("amounts")))
    values["buyer"], values["seller"] = _party(ordered("buyer"), "buyer"), _party(ordered("seller"), "seller")
    values["flags"] = tuple(sorted({flag for state in states for flag in state.record.flags}))
    values["unknown_codes"] = tuple(sorted({code for state in states for code in state.record.unknown_codes}))
    values["external_id"] = ordered("kind")[0].external_id
    return InvoiceRecord(**values)


def _completed(record: InvoiceRecord, further: InvoiceRecord) -> InvoiceRecord:
    """The record with the values that only the further one states."""
    changes = {
        field.name: getattr(further, field.name)
        for field in _SINGLE_FIELDS
        if not _has_value(getattr(record, field.name))
    }
    for side in ("buyer", "seller"):
        changes[side] = _party([record, further], side)
    if record.total_amount is None and record.amount_excl_tax is None:
        changes.update(_amounts([further]))
    return msgspec.structs.replace(record, **changes)


def _has_value(value: Any) -> bool:
    return value is not None and value != () and value not in _EMPTY_VALUES


def _first_value(records: Sequence[InvoiceRecord], attribute: str) -> Any:
    for record in records:
        value = getattr(record, attribute)
        if _has_value(value):
            return value
    return getattr(records[0], attribute)


def _amounts(records: Sequence[InvoiceRecord]) -> dict[str, Decimal | None]:
    """The three amounts belong together: taken from one record, gaps filled only from records with the same total."""
    with_amounts = [r for r in records if r.total_amount is not None] or [
        r for r in records if r.amount_excl_tax is not None
    ]
    if not with_amounts:
        return dict.fromkeys(_AMOUNTS)
    total = with_amounts[0].total_amount
    same_total = [with_amounts[0], *(r for r in with_amounts[1:] if r.total_amount == total)]
    return {name: next((v for r in same_total if (v := getattr(r, name)) is not None), None) for name in _AMOUNTS}


def _party(records: Sequence[InvoiceRecord], side: str) -> PartyRecord:
    """Each part of the party from the first record that states it."""
    parties: list[PartyRecord] = [getattr(record, side) for record in records]
    return PartyRecord(
        **{
            part: next((value for party in parties if (value := getattr(party, part))), "")
            for part in ("name", "tax_no", "address_phone", "bank_account")
        }
    )


def _conflicts(record: InvoiceRecord, states: Sequence[SourceRecordState]) -> dict[str, Claims]:
    conflicts = {}
    for name in CONFLICT_FIELDS:
        claims = [
            (*state.identifier, as_text(value))
            for state in states
            if (value := value_of(state.record, name)) is not None and value not in _EMPTY_VALUES
        ]
        if len({_comparable(name, text) for _source, _id, text in claims}) < 2:
            continue
        if name == "status" and record.status != InvoiceStatus.NORMAL:
            continue  # the most believed source reports it void or red; the others are out of date
        conflicts[name] = tuple(sorted(claims))
    return conflicts


def _comparable(name: str, text: str) -> str:
    """Brackets, spaces, dashes and letter case do not make two names different."""
    if name.endswith(("_name", "_tax_no")):
        return fold(text).replace("(", "").replace(")", "")
    return text
