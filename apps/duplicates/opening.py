"""Opens, updates and closes cases to match the evidence, in sets. Decided cases are never touched.

Connected candidate pairs form one case of at most five invoices. A case keeps its row while at least two of its
invoices stay together, so that its comments and its assignee are not lost.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from . import case_store
from .case_store import CaseEntry, CaseFields
from .choices import DECIDED, Kind, State, Tier
from .claims import ClaimEvidence
from .matching import Verdict
from .models import CandidatePair, CaseMember, Claim
from .scores import score

MOST_MEMBERS = 5
_TIERS = ("certain", "likely", "possible")


@dataclass(frozen=True)
class InvoiceSummary:
    """The fields of an invoice that its cases repeat."""

    key: str
    company_ids: tuple[int, ...]
    total: Decimal | None


@dataclass
class CaseChanges:
    """How many cases were opened and closed."""

    opened: int = 0
    closed: int = 0

    def __add__(self, other: "CaseChanges") -> "CaseChanges":
        return CaseChanges(self.opened + other.opened, self.closed + other.closed)


def update_suspects(verdicts: Iterable[Verdict], affected: Collection[int] | None, rule_version: int) -> CaseChanges:
    """Make the suspect cases match these candidate pairs. ``affected``: ids of the invoices whose open cases are closed
    when no pair supports them any more; None for all. Must run in a transaction."""
    pairs = list(verdicts)
    summaries = _summaries({pk for verdict in pairs for pk in (verdict.left, verdict.right)})
    groups = {
        _signature(Kind.SUSPECT, [summaries[pk].key for pk in members]): (members, evidence)
        for members, evidence in grouped(_without_dismissed(pairs, summaries))
    }
    existing, open_cases = case_store.existing(groups), case_store.open_cases(Kind.SUSPECT, affected)
    cases_of: dict[int, list[int]] = defaultdict(list)
    for case_id, member_ids in open_cases.items():
        for pk in member_ids:
            cases_of[pk].append(case_id)
    taken = {case_id for case_id, _state in existing.values()}
    changes, entries = CaseChanges(), list[CaseEntry]()
    for signature, (members, evidence) in groups.items():
        case_id, state = existing.get(signature) or _successor(members, cases_of, taken)
        if state in DECIDED:
            continue
        changes.opened += state != State.OPEN
        taken.add(case_id)
        parts = {
            CaseMember: [(pk, summaries[pk].key) for pk in members],
            CandidatePair: [_pair_row(verdict) for verdict in evidence],
        }
        tier = min((verdict.tier for verdict in evidence), key=_TIERS.index)
        best = max(map(score, evidence))
        fields = _case_fields(signature, tier, best, rule_version, [summaries[pk] for pk in members])
        entries.append(CaseEntry(case_id, fields, parts))
    case_store.write(Kind.SUSPECT, entries)
    changes.closed = case_store.close(case_id for case_id in open_cases if case_id not in taken)
    return changes


def update_claims(
    claims: Mapping[int, Sequence[ClaimEvidence]], affected: Collection[int], rule_version: int
) -> CaseChanges:
    """Make the claim cases of the ``affected`` invoices match these double claims (by invoice id). Must run in a
    transaction."""
    summaries = _summaries(claims)
    invoices = {_signature(Kind.CLAIM, [summaries[pk].key, *_claim_names(claims[pk])]): pk for pk in summaries}
    existing, open_cases = case_store.existing(invoices), case_store.open_cases(Kind.CLAIM, affected)
    kept = {case_id for case_id, _state in existing.values()}
    replaced = {
        next(iter(members)): (case_id, State.OPEN) for case_id, members in open_cases.items() if case_id not in kept
    }
    changes, entries = CaseChanges(), list[CaseEntry]()
    for signature, invoice in invoices.items():
        case_id, state = existing.get(signature, replaced.get(invoice, _NEW))
        if state in DECIDED:
            continue
        changes.opened += state != State.OPEN
        parts = {CaseMember: [(invoice, summaries[invoice].key)], Claim: [astuple(claim) for claim in claims[invoice]]}
        fields = _case_fields(signature, Tier.CERTAIN.value, Decimal(1), rule_version, [summaries[invoice]])
        entries.append(CaseEntry(case_id, fields, parts))
        kept.add(case_id)
    case_store.write(Kind.CLAIM, entries)
    changes.closed = case_store.close(case_id for case_id in open_cases if case_id not in kept)
    return changes


def grouped(verdicts: Sequence[Verdict]) -> list[tuple[tuple[int, ...], list[Verdict]]]:
    """Connected candidate pairs as (invoice ids ascending, the pairs between them). The best pairs are joined first; a
    pair that would make a group larger than ``MOST_MEMBERS`` forms a group of its own."""
    group_of: dict[int, set[int]] = {}
    unjoined = []
    for verdict in sorted(verdicts, key=lambda v: (_TIERS.index(v.tier), -v.strength, v.left, v.right)):
        left = group_of.get(verdict.left, {verdict.left})
        right = group_of.get(verdict.right, {verdict.right})
        if left is not right and len(left) + len(right) > MOST_MEMBERS:
            unjoined.append(verdict)
            continue
        union = left | right
        for pk in union:
            group_of[pk] = union
    groups: dict[tuple[int, ...], list[Verdict]] = defaultdict(list)
    separate = {id(verdict) for verdict in unjoined}
    for verdict in verdicts:
        members = (verdict.left, verdict.right) if id(verdict) in separate else tuple(sorted(group_of[verdict.left]))
        groups[members].append(verdict)
    return list(groups.items())


def _summaries(ids: Iterable[int]) -> dict[int, InvoiceSummary]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, key, company_ids, total_amount FROM invoices_invoice WHERE id = ANY(%s)", [list(ids)]
        )
        return {pk: InvoiceSummary(key, tuple(companies), total) for pk, key, companies, total in cursor.fetchall()}


def _without_dismissed(verdicts: Sequence[Verdict], summaries: Mapping[int, InvoiceSummary]) -> list[Verdict]:
    """The pairs that nobody dismissed."""
    keys = [sorted((summaries[verdict.left].key, summaries[verdict.right].key)) for verdict in verdicts]
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.left_key, n.right_key FROM duplicates_notduplicate n JOIN unnest(%s::text[], %s::text[])"
            " AS w(l, r) ON n.left_key = w.l AND n.right_key = w.r",
            [[left for left, _right in keys], [right for _left, right in keys]],
        )
        dismissed = set(cursor.fetchall())
    return [verdict for verdict, pair in zip(verdicts, keys, strict=True) if tuple(pair) not in dismissed]


def _signature(kind: str, names: Iterable[str]) -> str:
    return hashlib.sha256("\n".join([kind, *sorted(names)]).encode()).hexdigest()


def _claim_names(claims: Sequence[ClaimEvidence]) -> list[str]:
    """The claims by source and id. They are part of the signature, so that a decision about two claims does not cover a
    third."""
    return [f"{claim.source_id}:{claim.external_id}" for claim in claims]


def _successor(members: Iterable[int], cases_of: Mapping[int, Sequence[int]], taken: set[int]) -> tuple[int, str]:
    """Id and state of the open case that continues as this group: it shares at least two invoices with it. ``_NEW``
    without one."""
    shared = Counter(case_id for pk in members for case_id in cases_of.get(pk, ()) if case_id not in taken)
    (case_id, count), *_rest = shared.most_common(1) or [(0, 0)]
    return (case_id, State.OPEN) if count >= 2 else _NEW


_NEW = (0, "")  # no id yet, no state


def _case_fields(
    signature: str, tier: str, case_score: Decimal, rule_version: int, invoices: Sequence[InvoiceSummary]
) -> CaseFields:
    companies = sorted({company for invoice in invoices for company in invoice.company_ids})
    totals = [invoice.total for invoice in invoices if invoice.total is not None]
    total = max(totals, key=abs, default=None)
    return CaseFields(signature, State.OPEN.value, tier, case_score, rule_version, companies, total)


def _pair_row(verdict: Verdict) -> tuple[Any, ...]:
    return (
        verdict.left, verdict.right, list(verdict.rules), dict(verdict.fields), verdict.tier, score(verdict),
        verdict.ambiguous,
    )  # fmt: skip
