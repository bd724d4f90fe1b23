"""Cases as they are written: in sets, new ones by COPY, known ones only where they differ.

None is written that somebody decided since it was read, and one whose invoices became others has a new revision, so
that nobody decides about invoices he did not see.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, Model
from django.db.models.expressions import RawSQL
from django.utils import timezone

from apps.core.bulk import copy_rows, next_ids, update_rows

from .choices import DECIDED, Kind, State
from .models import CandidatePair, CaseMember, Claim, DuplicateCase

Row = tuple[Any, ...]
# What stands behind the case in a row; the first two tell the rows of a case apart.
_PARTS: Mapping[type[Model], tuple[str, ...]] = {
    CaseMember: ("invoice_id", "key"),
    CandidatePair: ("left_id", "right_id", "rules", "fields", "tier", "score", "ambiguous"),
    Claim: ("source_id", "external_id", "person", "department", "bill_number", "entered_at", "deleted"),
}
_MANY = 10_000  # cases after which the planner must hear of it within the transaction, or it takes them for none


class Told(NamedTuple):
    """What a search says of a case. ``total_amount`` in yuan, None when nobody says."""

    signature: str
    state: str
    tier: str
    score: Decimal
    rule_version: int
    company_ids: list[int]
    total_amount: Decimal | None


@dataclass
class Entry:
    """A case and its rows by model; ``pk`` is 0 until a new one is written. ``moved``: its invoices are others than
    they were."""

    pk: int
    told: Told
    parts: Mapping[type[Model], Sequence[Row]]
    moved: bool = False


def known(signatures: Iterable[str]) -> dict[str, tuple[int, str]]:
    """The id and state of those cases that exist."""
    rows = DuplicateCase.objects.filter(signature__in=_these(signatures, "text")).values_list(
        "signature", "pk", "state"
    )
    return {signature: (pk, state) for signature, pk, state in rows}


def open_cases(kind: Kind, concerned: Iterable[int] | None) -> dict[int, set[int]]:
    """Open cases of these invoices (None: all) with their members' ids."""
    members = CaseMember.objects.filter(case__kind=kind, case__state=State.OPEN)
    if concerned is not None:
        members = members.filter(case__in=members.filter(invoice__in=_these(concerned)).values("case"))
    found: dict[int, set[int]] = defaultdict(set)
    for case, invoice in members.values_list("case_id", "invoice_id"):
        found[case].add(invoice)
    return found


def write(kind: Kind, entries: Sequence[Entry]) -> None:
    """Make the cases and their rows what the entries say. Must run in a transaction."""
    now = timezone.now()
    new = [entry for entry in entries if not entry.pk]
    for entry, pk in zip(new, next_ids("duplicates_duplicatecase", len(new)), strict=True):
        entry.pk = pk
    columns = ("id", "kind", *Told._fields, "revision", "opened_at", "changed_at")
    copy_rows("duplicates_duplicatecase", columns, [(entry.pk, kind.value, *entry.told, 1, now, now) for entry in new])
    fresh = {entry.pk for entry in new}
    changed = _undecided(_differing([entry for entry in entries if entry.pk not in fresh]))
    update_rows(
        "duplicates_duplicatecase",
        ("id", *Told._fields, "changed_at"),
        [(entry.pk, *entry.told, now) for entry in changed],
    )
    moved = DuplicateCase.objects.filter(pk__in=_these(entry.pk for entry in changed if entry.moved))
    moved.update(revision=F("revision") + 1)
    for model, names in _PARTS.items():
        model._default_manager.filter(case__in=_these(entry.pk for entry in changed)).delete()
        rows = ((entry.pk, *row) for entry in (*new, *changed) for row in entry.parts.get(model, ()))
        copy_rows(model._meta.db_table, ("case_id", *names), rows)
    if len(new) > _MANY:
        with connection.cursor() as cursor:
            cursor.execute(
                "ANALYZE duplicates_duplicatecase, duplicates_casemember, duplicates_candidatepair, duplicates_claim"
            )


def close(ids: Iterable[int]) -> int:
    """Cases for which nothing speaks any more; how many that were."""
    closing = DuplicateCase.objects.filter(pk__in=_these(ids), state=State.OPEN)
    return closing.update(state=State.GONE, changed_at=timezone.now())


def _differing(entries: Sequence[Entry]) -> list[Entry]:
    """Those that say something else than what is there."""
    ids = [entry.pk for entry in entries]
    cases = DuplicateCase.objects.filter(pk__in=_these(ids)).values_list("pk", *Told._fields)
    told = {pk: Told(*values) for pk, *values in cases}
    held = {model: _held(model, ids) for model in _PARTS}
    different = []
    for entry in entries:
        others = {
            model for model in _PARTS if sorted(entry.parts.get(model, ()), key=_place) != held[model].get(entry.pk, [])
        }
        entry.moved = CaseMember in others
        if others or told.get(entry.pk) != entry.told:
            different.append(entry)
    return different


def _held(model: type[Model], ids: Sequence[int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for pk, *values in model._default_manager.filter(case__in=_these(ids)).values_list("case_id", *_PARTS[model]):
        found[pk].append(tuple(values))
    return {pk: sorted(rows, key=_place) for pk, rows in found.items()}


def _undecided(entries: Sequence[Entry]) -> list[Entry]:
    """Those that nobody decided since they were read; from now on nobody can until this is committed."""
    held = DuplicateCase.objects.select_for_update().filter(pk__in=_these(entry.pk for entry in entries)).order_by("pk")
    states = dict(held.values_list("pk", "state"))
    return [entry for entry in entries if states.get(entry.pk, State.MERGED) not in DECIDED]


def _these(values: Iterable[int | str], kind: str = "bigint") -> RawSQL:
    """For ``__in``: one array, where Django would write a parameter for each of a hundred thousand."""
    return RawSQL(f"SELECT unnest(%s::{kind}[])", [list(values)])  # noqa: S611 - kind is this file's


def _place(row: Row) -> Row:
    return row[0] or 0, row[1]  # a claim without a source has none
