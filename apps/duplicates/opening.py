"""Cases follow the evidence: opened, brought up to date or closed, in sets. What people decided is never touched.

Suspicions that hang together are one case of at most five invoices, one level deep. A case keeps its row while at
least two of its invoices stay together, so that comments and the person asked are not lost.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from apps.invoices.models import Invoice

from .choices import DECIDED, Kind, State, Tier
from .claims import Claimed
from .matching import Verdict
from .models import Case, CaseMember, Claim, Pair
from .scores import score

MOST_MEMBERS = 5
_EXAMPLES = 10
_TIERS = (Tier.CERTAIN, Tier.LIKELY, Tier.POSSIBLE)


@dataclass(frozen=True)
class Facts:
    """What a case needs to know of an invoice."""

    key: str
    company_ids: tuple[int, ...]
    total: Decimal | None


@dataclass
class Opened:
    """How many cases were opened and closed; ``keys`` of the first ones opened, ``gone`` the first ids closed."""

    opened: int = 0
    closed: int = 0
    keys: list[tuple[str, ...]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)


def suspects(verdicts: Iterable[Verdict], concerned: Collection[int] | None, rule_version: int) -> Opened:
    """Make the suspect cases what these suspicions say. ``concerned``: ids whose open cases may be closed when nothing
    speaks for them any more; None for all. Must run in a transaction."""
    found = list(verdicts)
    facts = _facts({one for verdict in found for one in (verdict.left, verdict.right)})
    found = _without_dismissed(found, facts)
    groups = grouped(found)
    wanted = {
        _signature(Kind.SUSPECT, [facts[one].key for one in members]): (members, about) for members, about in groups
    }
    known = {case.signature: case for case in Case.objects.filter(signature__in=wanted)}
    open_cases = _open_cases(Kind.SUSPECT, concerned)
    rows = Case.objects.in_bulk(list(open_cases))
    cases_of: dict[int, list[int]] = defaultdict(list)
    for pk, their_members in open_cases.items():
        for one in their_members:
            cases_of[one].append(pk)
    taken: set[int] = {case.pk for case in known.values()}
    result, written = Opened(), list[tuple[Case, Sequence[int], Sequence[Verdict]]]()
    for signature, (members, about) in wanted.items():
        case = known.get(signature) or rows.get(_successor(members, cases_of, taken))
        if case is not None and case.state in DECIDED:
            continue
        if case is None or case.state == State.GONE:
            result.opened += 1
            result.keys += [tuple(facts[one].key for one in members)] if result.opened <= _EXAMPLES else []
        case = case or Case(kind=Kind.SUSPECT)
        if case.pk:
            taken.add(case.pk)
        case.signature, case.state, case.rule_version = signature, State.OPEN, rule_version
        case.tier = min((Tier(verdict.tier) for verdict in about), key=_TIERS.index)
        case.score = max(score(verdict) for verdict in about)
        _describe(case, [facts[one] for one in members])
        written.append((case, members, about))
    _save([case for case, _members, _about in written])
    _rewrite(written, facts)
    gone = sorted(pk for pk in open_cases if pk not in taken)
    result.closed, result.gone = _close(gone), gone[:_EXAMPLES]
    return result


def claims(found: Mapping[int, Sequence[Claimed]], concerned: Collection[int], rule_version: int) -> Opened:
    """Make the claim cases of these invoices what their claims say. Must run in a transaction."""
    facts = _facts(found)
    wanted = {_signature(Kind.CLAIM, [facts[pk].key, *_names(found[pk])]): pk for pk in facts}
    known = {case.signature: case for case in Case.objects.filter(signature__in=wanted)}
    open_cases = _open_cases(Kind.CLAIM, concerned)
    by_invoice = {next(iter(members)): pk for pk, members in open_cases.items() if members}
    result, written, kept = Opened(), list[tuple[Case, int]](), {case.pk for case in known.values()}
    replaced = Case.objects.in_bulk([pk for pk in by_invoice.values() if pk not in kept])
    for signature, pk in wanted.items():
        case = known.get(signature) or replaced.get(by_invoice.get(pk, 0))
        if case is not None and case.state in DECIDED:
            continue
        result.opened += case is None or case.state == State.GONE
        case = case or Case(kind=Kind.CLAIM)
        case.signature, case.state, case.rule_version = signature, State.OPEN, rule_version
        case.tier, case.score = Tier.CERTAIN, Decimal(1)
        _describe(case, [facts[pk]])
        written.append((case, pk))
    _save([case for case, _pk in written])
    kept |= {case.pk for case, _pk in written}
    CaseMember.objects.filter(case__in=kept, case__state=State.OPEN).delete()
    CaseMember.objects.bulk_create(CaseMember(case=case, invoice_id=pk, key=facts[pk].key) for case, pk in written)
    Claim.objects.filter(case__in=[case for case, _pk in written]).delete()
    Claim.objects.bulk_create(
        Claim(case=case, **{name: getattr(claim, name) for name in Claimed.__dataclass_fields__})
        for case, pk in written
        for claim in found[pk]
    )
    result.closed = _close(pk for pk in open_cases if pk not in kept)
    return result


def grouped(verdicts: Sequence[Verdict]) -> list[tuple[tuple[int, ...], list[Verdict]]]:
    """Suspicions that hang together: (ids ascending, the suspicions between them). The best ones are joined first; one
    that would make a group of more than five stays a case of its own."""
    group_of: dict[int, set[int]] = {}
    apart = []
    for verdict in sorted(verdicts, key=lambda v: (_TIERS.index(Tier(v.tier)), -v.strength, v.left, v.right)):
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
    rows = Invoice.objects.filter(pk__in=list(ids)).values_list("pk", "key", "company_ids", "total_amount")
    return {pk: Facts(key, tuple(companies), total) for pk, key, companies, total in rows}


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


def _open_cases(kind: str, concerned: Collection[int] | None) -> dict[int, set[int]]:
    """Open cases of these invoices with their members' ids."""
    members = CaseMember.objects.filter(case__kind=kind, case__state=State.OPEN)
    if concerned is not None:
        members = members.filter(case__in=members.filter(invoice__in=list(concerned)).values("case"))
    found: dict[int, set[int]] = defaultdict(set)
    for case, invoice in members.values_list("case_id", "invoice_id"):
        found[case].add(invoice)
    return found


def _successor(members: Iterable[int], cases_of: Mapping[int, Sequence[int]], taken: set[int]) -> int:
    """The open case that grew or shrank into this group: it shares two invoices with it, or more. 0 for none."""
    shared = Counter(pk for one in members for pk in cases_of.get(one, ()) if pk not in taken)
    (pk, count), *_rest = shared.most_common(1) or [(0, 0)]
    return pk if count >= 2 else 0


def _describe(case: Case, facts: Sequence[Facts]) -> None:
    case.company_ids = sorted({company for one in facts for company in one.company_ids})
    totals = [one.total for one in facts if one.total is not None]
    case.total_amount = max(totals, key=abs, default=None)
    case.changed_at = timezone.now()


def _save(cases: Sequence[Case]) -> None:
    new, old = [case for case in cases if case.pk is None], [case for case in cases if case.pk is not None]
    Case.objects.bulk_create(new, batch_size=1000)
    changed = ["signature", "state", "tier", "score", "rule_version", "company_ids", "total_amount", "changed_at"]
    Case.objects.bulk_update(old, changed, batch_size=500)


def _rewrite(written: Sequence[tuple[Case, Sequence[int], Sequence[Verdict]]], facts: Mapping[int, Facts]) -> None:
    cases = [case for case, _members, _about in written]
    CaseMember.objects.filter(case__in=cases).delete()
    Pair.objects.filter(case__in=cases).delete()
    CaseMember.objects.bulk_create(
        [
            CaseMember(case=case, invoice_id=one, key=facts[one].key)
            for case, members, _about in written
            for one in members
        ],
        batch_size=2000,
    )
    Pair.objects.bulk_create(
        [
            Pair(
                case=case,
                left_id=verdict.left,
                right_id=verdict.right,
                rules=list(verdict.rules),
                fields=dict(verdict.fields),
                tier=verdict.tier,
                score=score(verdict),
                ambiguous=verdict.ambiguous,
            )
            for case, _members, about in written
            for verdict in about
        ],
        batch_size=2000,
    )


def _close(ids: Iterable[int]) -> int:
    closing = Case.objects.filter(pk__in=list(ids), state=State.OPEN)
    return closing.update(state=State.GONE, changed_at=timezone.now())
