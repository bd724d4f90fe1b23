"""Cases follow the evidence: opened, brought up to date or closed, in sets. What people decided is never touched.

Suspicions that hang together are one case of at most five invoices, one level deep. A case keeps its row while at
least two of its invoices stay together, so that comments and the person asked are not lost.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from . import case_history
from .case_history import Entry, Told
from .choices import DECIDED, Kind, State, Tier
from .claims import Claimed
from .matching import Verdict
from .models import CandidatePair, CaseMember, Claim
from .scores import score

MOST_MEMBERS = 5
_TIERS = ("certain", "likely", "possible")


@dataclass(frozen=True)
class Facts:
    """What a case needs to know of an invoice."""

    key: str
    company_ids: tuple[int, ...]
    total: Decimal | None


@dataclass
class Opened:
    """How many cases were opened and closed."""

    opened: int = 0
    closed: int = 0


def suspects(verdicts: Iterable[Verdict], concerned: Collection[int] | None, rule_version: int) -> Opened:
    """Make the suspect cases what these suspicions say. ``concerned``: ids whose open cases may be closed when nothing
    speaks for them any more; None for all. Must run in a transaction."""
    found = list(verdicts)
    facts = _facts({one for verdict in found for one in (verdict.left, verdict.right)})
    groups = grouped(_without_dismissed(found, facts))
    wanted = {
        _signature(Kind.SUSPECT, [facts[one].key for one in members]): (members, about) for members, about in groups
    }
    known, open_cases = case_history.known(wanted), case_history.open_cases(Kind.SUSPECT, concerned)
    cases_of: dict[int, list[int]] = defaultdict(list)
    for pk, their_members in open_cases.items():
        for one in their_members:
            cases_of[one].append(pk)
    taken = {pk for pk, _state in known.values()}
    result, entries = Opened(), list[Entry]()
    for signature, (members, about) in wanted.items():
        pk, state = known.get(signature) or _successor(members, cases_of, taken)
        if state in DECIDED:
            continue
        result.opened += state != State.OPEN
        taken.add(pk)
        parts = {
            CaseMember: [(one, facts[one].key) for one in members],
            CandidatePair: [_pair(verdict) for verdict in about],
        }
        tier = min((verdict.tier for verdict in about), key=_TIERS.index)
        told = _told(signature, tier, max(map(score, about)), rule_version, [facts[one] for one in members])
        entries.append(Entry(pk, told, parts))
    case_history.write(Kind.SUSPECT, entries)
    result.closed = case_history.close(pk for pk in open_cases if pk not in taken)
    return result


def claims(found: Mapping[int, Sequence[Claimed]], concerned: Collection[int], rule_version: int) -> Opened:
    """Make the claim cases of these invoices what their claims say. Must run in a transaction."""
    facts = _facts(found)
    wanted = {_signature(Kind.CLAIM, [facts[pk].key, *_names(found[pk])]): pk for pk in facts}
    known, open_cases = case_history.known(wanted), case_history.open_cases(Kind.CLAIM, concerned)
    kept = {pk for pk, _state in known.values()}
    replaced = {next(iter(members)): (pk, State.OPEN) for pk, members in open_cases.items() if pk not in kept}
    result, entries = Opened(), list[Entry]()
    for signature, invoice in wanted.items():
        pk, state = known.get(signature, replaced.get(invoice, _NEW))
        if state in DECIDED:
            continue
        result.opened += state != State.OPEN
        parts = {CaseMember: [(invoice, facts[invoice].key)], Claim: [astuple(claim) for claim in found[invoice]]}
        told = _told(signature, Tier.CERTAIN.value, Decimal(1), rule_version, [facts[invoice]])
        entries.append(Entry(pk, told, parts))
        kept.add(pk)
    case_history.write(Kind.CLAIM, entries)
    result.closed = case_history.close(pk for pk in open_cases if pk not in kept)
    return result


def grouped(verdicts: Sequence[Verdict]) -> list[tuple[tuple[int, ...], list[Verdict]]]:
    """Suspicions that hang together: (ids ascending, the suspicions between them). The best ones are joined first; one
    that would make a group of more than five stays a case of its own."""
    group_of: dict[int, set[int]] = {}
    apart = []
    for verdict in sorted(verdicts, key=lambda v: (_TIERS.index(v.tier), -v.strength, v.left, v.right)):
        left = group_of.get(verdict.left, {verdict.left})
        right = group_of.get(verdict.right, {verdict.right})
        if left is not right and len(left) + len(right) > MOST_MEMBERS:
            apart.append(verdict)
            continue
        both = left | right
        for one in both:
            group_of[one] = both
    inside: dict[tuple[int, ...], list[Verdict]] = defaultdict(list)
    separate = {id(verdict) for verdict in apart}
    for verdict in verdicts:
        members = (verdict.left, verdict.right) if id(verdict) in separate else tuple(sorted(group_of[verdict.left]))
        inside[members].append(verdict)
    return list(inside.items())


def _facts(ids: Iterable[int]) -> dict[int, Facts]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, key, company_ids, total_amount FROM invoices_invoice WHERE id = ANY(%s)", [list(ids)]
        )
        return {pk: Facts(key, tuple(companies), total) for pk, key, companies, total in cursor.fetchall()}


def _without_dismissed(found: Sequence[Verdict], facts: Mapping[int, Facts]) -> list[Verdict]:
    """Those between documents of which nobody has said that they are two."""
    pairs = [sorted((facts[verdict.left].key, facts[verdict.right].key)) for verdict in found]
    if not pairs:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.left_key, n.right_key FROM duplicates_notduplicate n JOIN unnest(%s::text[], %s::text[])"
            " AS w(l, r) ON n.left_key = w.l AND n.right_key = w.r",
            [[left for left, _right in pairs], [right for _left, right in pairs]],
        )
        said = set(cursor.fetchall())
    return [verdict for verdict, pair in zip(found, pairs, strict=True) if tuple(pair) not in said]


def _signature(kind: str, names: Iterable[str]) -> str:
    return hashlib.sha256("\n".join([kind, *sorted(names)]).encode()).hexdigest()


def _names(found: Sequence[Claimed]) -> list[str]:
    """Who claimed it: another claim makes another case, and what was decided of the first says nothing of it."""
    return [f"{claim.source_id}:{claim.external_id}" for claim in found]


def _successor(members: Iterable[int], cases_of: Mapping[int, Sequence[int]], taken: set[int]) -> tuple[int, str]:
    """The open case that grew or shrank into this group: it shares two invoices with it, or more."""
    shared = Counter(pk for one in members for pk in cases_of.get(one, ()) if pk not in taken)
    (pk, count), *_rest = shared.most_common(1) or [(0, 0)]
    return (pk, State.OPEN) if count >= 2 else _NEW


_NEW = (0, "")


def _told(signature: str, tier: str, share: Decimal, rule_version: int, facts: Sequence[Facts]) -> Told:
    companies = sorted({company for one in facts for company in one.company_ids})
    totals = [one.total for one in facts if one.total is not None]
    total = max(totals, key=abs, default=None)
    return Told(signature, State.OPEN.value, tier, share, rule_version, companies, total)


def _pair(verdict: Verdict) -> tuple[Any, ...]:
    return (
        verdict.left, verdict.right, list(verdict.rules), dict(verdict.fields), verdict.tier, score(verdict),
        verdict.ambiguous,
    )  # fmt: skip
