"""Which sightings are one invoice. Pure, and a function of the set of sightings: order of arrival cannot matter.

Sightings with the same primary key are one group. A weaker group (say, a printed code and number) joins a stronger one
(the 20-digit number) when exactly one stronger group claims its key as a further name **and** their totals do not
contradict each other. If several claim it, or the totals differ, nothing is merged: that is a contradiction for a
person. Why it is done this way: ``docs/decisions/0002-joining-by-alias.md``.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from .identity import is_statutory, rank


class Member(NamedTuple):
    """What grouping needs to know of a sighting. ``ident`` is anything hashable that names it."""

    ident: Any
    keys: tuple[str, ...]
    total: Decimal | None


@dataclass(frozen=True)
class Group:
    """One invoice to be: its key, its members, and the keys on which it contradicts another invoice."""

    key: str
    members: tuple[Member, ...]
    contradictions: frozenset[str]


def group(members: Iterable[Member]) -> list[Group]:
    """All invoices these sightings make, ordered by key."""
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
    return [Group(key, tuple(gathered[key]), frozenset(disputed[key])) for key in sorted(gathered)]


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
