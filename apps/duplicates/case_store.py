"""Reads and writes cases in sets: new cases by COPY, existing ones only where they differ.

A case that somebody decided since it was read is not written. A case whose invoices change gets a new revision, so that
nobody decides about invoices that the page did not show.
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

PartRow = tuple[Any, ...]
# Columns of the rows that belong to a case, after case_id; the first two identify a row within its case.
_PARTS: Mapping[type[Model], tuple[str, ...]] = {
    CaseMember: ("invoice_id", "key"),
    CandidatePair: ("left_id", "right_id", "rules", "fields", "tier", "score", "ambiguous"),
    Claim: ("source_id", "external_id", "person", "department", "bill_number", "entered_at", "deleted"),
}
_MANY = 10_000  # new cases above which the planner needs ANALYZE within the transaction


class CaseFields(NamedTuple):
    """The columns of a case that a search sets. ``total_amount`` in yuan, None when unknown."""

    signature: str
    state: str
    tier: str
    score: Decimal
    rule_version: int
    company_ids: list[int]
    total_amount: Decimal | None


@dataclass
class CaseEntry:
    """A case to write, with its rows by model; ``pk`` is 0 until a new case is written. ``members_changed``: its
    invoices differ from the stored ones."""

    pk: int
    fields: CaseFields
    parts: Mapping[type[Model], Sequence[PartRow]]
    members_changed: bool = False


def existing(signatures: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Signature → id and state, for the cases that exist."""
    rows = DuplicateCase.objects.filter(signature__in=_as_array(signatures, "text")).values_list(
        "signature", "pk", "state"
    )
    return {signature: (pk, state) for signature, pk, state in rows}


def open_cases(kind: Kind, affected: Iterable[int] | None) -> dict[int, set[int]]:
    """Id of each open case of these invoices (None: of all) → ids of its members."""
    members = CaseMember.objects.filter(case__kind=kind, case__state=State.OPEN)
    if affected is not None:
        members = members.filter(case__in=members.filter(invoice__in=_as_array(affected)).values("case"))
    cases: dict[int, set[int]] = defaultdict(set)
    for case, invoice in members.values_list("case_id", "invoice_id"):
        cases[case].add(invoice)
    return cases


def write(kind: Kind, entries: Sequence[CaseEntry]) -> None:
    """Store the cases and their rows. Must run in a transaction."""
    now = timezone.now()
    new = [entry for entry in entries if not entry.pk]
    for entry, pk in zip(new, next_ids("duplicates_duplicatecase", len(new)), strict=True):
        entry.pk = pk
    columns = ("id", "kind", *CaseFields._fields, "revision", "opened_at", "changed_at")
    copy_rows(
        "duplicates_duplicatecase", columns, [(entry.pk, kind.value, *entry.fields, 1, now, now) for entry in new]
    )
    new_ids = {entry.pk for entry in new}
    changed = _undecided(_differing([entry for entry in entries if entry.pk not in new_ids]))
    update_rows(
        "duplicates_duplicatecase",
        ("id", *CaseFields._fields, "changed_at"),
        [(entry.pk, *entry.fields, now) for entry in changed],
    )
    regrouped = DuplicateCase.objects.filter(pk__in=_as_array(entry.pk for entry in changed if entry.members_changed))
    regrouped.update(revision=F("revision") + 1)
    for model, names in _PARTS.items():
        model._default_manager.filter(case__in=_as_array(entry.pk for entry in changed)).delete()
        rows = ((entry.pk, *row) for entry in (*new, *changed) for row in entry.parts.get(model, ()))
        copy_rows(model._meta.db_table, ("case_id", *names), rows)
    if len(new) > _MANY:
        with connection.cursor() as cursor:
            cursor.execute(
                "ANALYZE duplicates_duplicatecase, duplicates_casemember, duplicates_candidatepair, duplicates_claim"
            )


def close(ids: Iterable[int]) -> int:
    """Close the open cases among these, which no evidence supports any more; returns their number."""
    closing = DuplicateCase.objects.filter(pk__in=_as_array(ids), state=State.OPEN)
    return closing.update(state=State.GONE, changed_at=timezone.now())


def _differing(entries: Sequence[CaseEntry]) -> list[CaseEntry]:
    """The entries that differ from what is stored. Sets ``members_changed``."""
    ids = [entry.pk for entry in entries]
    cases = DuplicateCase.objects.filter(pk__in=_as_array(ids)).values_list("pk", *CaseFields._fields)
    stored = {pk: CaseFields(*values) for pk, *values in cases}
    parts = {model: _stored_parts(model, ids) for model in _PARTS}
    different = []
    for entry in entries:
        changed = {
            model
            for model in _PARTS
            if sorted(entry.parts.get(model, ()), key=_identity) != parts[model].get(entry.pk, [])
        }
        entry.members_changed = CaseMember in changed
        if changed or stored.get(entry.pk) != entry.fields:
            different.append(entry)
    return different


def _stored_parts(model: type[Model], ids: Sequence[int]) -> dict[int, list[PartRow]]:
    parts: dict[int, list[PartRow]] = defaultdict(list)
    for pk, *values in model._default_manager.filter(case__in=_as_array(ids)).values_list("case_id", *_PARTS[model]):
        parts[pk].append(tuple(values))
    return {pk: sorted(rows, key=_identity) for pk, rows in parts.items()}


def _undecided(entries: Sequence[CaseEntry]) -> list[CaseEntry]:
    """The entries whose cases nobody decided since they were read. Locks them until the transaction ends."""
    locked = (
        DuplicateCase.objects.select_for_update().filter(pk__in=_as_array(entry.pk for entry in entries)).order_by("pk")
    )
    states = dict(locked.values_list("pk", "state"))
    return [entry for entry in entries if states.get(entry.pk, State.MERGED) not in DECIDED]


def _as_array(values: Iterable[int | str], kind: str = "bigint") -> RawSQL:
    """The values for ``__in`` as one array; Django would write a parameter for each of a hundred thousand."""
    return RawSQL(f"SELECT unnest(%s::{kind}[])", [list(values)])  # noqa: S611 - kind is this file's


def _identity(row: PartRow) -> PartRow:
    return row[0] or 0, row[1]  # a claim without a source has None
