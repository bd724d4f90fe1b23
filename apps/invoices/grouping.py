"""Which source records are one invoice. Pure, and a function of the set of source records: their order cannot matter.

Source records with the same primary key form one group. A group under a weaker key (printed code and number) joins the
group under a stronger key (the 20-digit number) when exactly one stronger group carries the weaker key **and** the
totals do not contradict each other. If several groups carry it, or the totals differ, nothing is joined: that is an
identity conflict for a person. The reasons are in ``docs/decisions/0002-joining-by-key.md``. At last merge links, made
by people, join whole groups.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec

from .identity import is_statutory, rank
from .source_records import SourceRecordState

_Records = list[SourceRecordState]


class Group(msgspec.Struct, frozen=True):
    """The source records of one invoice. ``merged_records`` are those that only a merge link brings here.
    ``contradictions`` are keys that another invoice carries as well."""

    key: str
    records: tuple[SourceRecordState, ...]
    contradictions: frozenset[str]
    merged_records: tuple[SourceRecordState, ...] = ()

    @property
    def all_records(self) -> tuple[SourceRecordState, ...]:
        return (*self.records, *self.merged_records) if self.merged_records else self.records


def group(records: Iterable[SourceRecordState], links: Mapping[str, str] | None = None) -> list[Group]:
    """All invoices that these source records make, ordered by key. ``links``: key of a redirect → key of its master."""
    by_primary: dict[str, _Records] = defaultdict(list)
    claimants: dict[str, set[str]] = defaultdict(set)
    for state in records:
        primary = state.keys[0]
        by_primary[primary].append(state)
        for key in state.keys[1:]:
            if key != primary and rank(key) > rank(primary):
                claimants[key].add(primary)
    joins, contradictions = _joins(claimants, by_primary)
    joined: dict[str, _Records] = defaultdict(list)
    contradicted: dict[str, set[str]] = defaultdict(set)
    for key, same_key in by_primary.items():
        strongest = _follow(key, joins)
        joined[strongest] += same_key
        contradicted[strongest] |= contradictions.get(key, set())
    groups = [Group(key, tuple(joined[key]), frozenset(contradicted[key])) for key in sorted(joined)]
    return _merge_linked(groups, links) if links else groups


def _merge_linked(groups: list[Group], links: Mapping[str, str]) -> list[Group]:
    """Apply merge links: the records of a redirect go to the group that carries the master's key.

    A link whose master is not there, or is itself a redirect, has no effect.
    """
    group_of_key = {key: g.key for g in groups for state in g.records for key in state.keys}
    master_of: dict[str, str] = {}
    for g in groups:
        keys = {key for state in g.records for key in state.keys if key in links}
        masters = {group_of_key[links[key]] for key in keys if links[key] in group_of_key} - {g.key}
        if masters:
            master_of[g.key] = min(masters)
    effective = {key: master for key, master in master_of.items() if master not in master_of}
    merged: dict[str, _Records] = defaultdict(list)
    for g in groups:
        if g.key in effective:
            merged[effective[g.key]] += g.records
    return [msgspec.structs.replace(g, merged_records=tuple(merged[g.key])) for g in groups if g.key not in effective]


def _joins(
    claimants: Mapping[str, set[str]], by_primary: Mapping[str, _Records]
) -> tuple[dict[str, str], dict[str, set[str]]]:
    """(weaker key → stronger key it joins, key of a group → keys on which it contradicts another group)."""
    joins: dict[str, str] = {}
    contradictions: dict[str, set[str]] = defaultdict(set)
    for weaker, stronger in claimants.items():
        if len(stronger) == 1:
            (only,) = stronger
            if _totals_agree(by_primary.get(weaker, ()), by_primary[only]):
                joins[weaker] = only
                continue
        if is_statutory(weaker):
            for key in (*stronger, weaker):
                contradictions[key].add(weaker)
    return joins, contradictions


def _totals_agree(one: Iterable[SourceRecordState], other: Iterable[SourceRecordState]) -> bool:
    """Whether both state a common total, or one of them states none."""
    one_totals, other_totals = _totals(one), _totals(other)
    return not one_totals or not other_totals or bool(one_totals & other_totals)


def _totals(records: Iterable[SourceRecordState]) -> set[Decimal]:
    return {total for state in records if (total := state.record.total_amount) is not None}


def _follow(key: str, joins: Mapping[str, str]) -> str:
    while key in joins:  # ends: every step goes to a stronger rank
        key = joins[key]
    return key
