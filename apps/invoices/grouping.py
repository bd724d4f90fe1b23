"""Which source records are one invoice. Pure, and a function of the set of source records: order of arrival cannot
matter.

Source records with the same primary key are one group. A weaker group (say, a printed code and number) joins a stronger
one (the 20-digit number) when exactly one stronger group claims its key as a further name **and** their totals do not
contradict each other. If several claim it, or the totals differ, nothing is merged: that is a contradiction for a
person. Why it is done this way: ``docs/decisions/0002-joining-by-key.md``. Last, merge links join whole groups: the
members of such a copy are *guests* of the invoice that stays.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from .identity import is_statutory, rank


class Member(msgspec.Struct, frozen=True):
    """What grouping needs to know of a source record. ``ident`` is anything hashable that names it."""

    ident: Any
    keys: tuple[str, ...]
    total: Decimal | None


class Group(msgspec.Struct, frozen=True):
    """One invoice to be: its key, its members, the keys on which it contradicts another invoice, and those who are here
    by a person's word."""

    key: str
    members: tuple[Member, ...]
    contradictions: frozenset[str]
    guests: tuple[Member, ...] = ()

    @property
    def everybody(self) -> tuple[Member, ...]:
        return (*self.members, *self.guests)


def group(members: Iterable[Member], words: Mapping[str, str] | None = None) -> list[Group]:
    """All invoices these source records make, ordered by key. ``words``: key of a copy → key of the invoice that
    stays."""
    by_primary: dict[str, list[Member]] = defaultdict(list)
    claimants: dict[str, set[str]] = defaultdict(set)
    for member in members:
        primary = member.keys[0]
        by_primary[primary].append(member)
        for further in member.keys[1:]:
            if further != primary and rank(further) > rank(primary):
                claimants[further].add(primary)
    totals = {key: {m.total for m in found if m.total is not None} for key, found in by_primary.items()}
    joins, contradictions = _joins(claimants, totals)
    gathered: dict[str, list[Member]] = defaultdict(list)
    disputed: dict[str, set[str]] = defaultdict(set)
    for key, found in by_primary.items():
        final = _follow(key, joins)
        gathered[final] += found
        disputed[final] |= contradictions.get(key, set())
    groups = [Group(key, tuple(gathered[key]), frozenset(disputed[key])) for key in sorted(gathered)]
    return _taken_in(groups, words) if words else groups


def _taken_in(groups: list[Group], words: Mapping[str, str]) -> list[Group]:
    """Copies become guests of the group that carries the key they were said to be; without one they stay alone."""
    home = {key: found.key for found in groups for member in found.members for key in member.keys}
    host: dict[str, str] = {}
    for found in groups:
        said = {home[words[key]] for m in found.members for key in m.keys if key in words and words[key] in home}
        said.discard(found.key)
        if said:
            host[found.key] = min(said)
    guests: dict[str, list[Member]] = defaultdict(list)
    for found in groups:
        if found.key in host and host[found.key] not in host:
            guests[host[found.key]] += found.members
    return [
        msgspec.structs.replace(found, guests=tuple(guests[found.key]))
        for found in groups
        if found.key not in host or host[found.key] in host
    ]


def _joins(
    claimants: Mapping[str, set[str]], totals: Mapping[str, set[Decimal]]
) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Weaker key → the stronger one it joins, and group key → keys it is in dispute over."""
    joins: dict[str, str] = {}
    disputes: dict[str, set[str]] = defaultdict(set)
    for weaker, stronger in claimants.items():
        if len(stronger) == 1:
            (only,) = stronger
            if weaker not in totals or _compatible(totals[weaker], totals[only]):
                joins[weaker] = only
                continue
        if is_statutory(weaker):
            for key in (*stronger, weaker):
                disputes[key].add(weaker)
    return joins, disputes


def _compatible(one: set[Decimal], other: set[Decimal]) -> bool:
    return not one or not other or bool(one & other)


def _follow(key: str, joins: Mapping[str, str]) -> str:
    while key in joins:  # ends: every step goes to a stronger rank
        key = joins[key]
    return key
