"""Runs the search for duplicates: new and changed invoices against all, batch by batch, or the whole ledger.

A batch, its cases and the position behind which the next batch begins (``invoices.changes``) are one transaction, so a
killed worker loses nothing and repeats nothing. The locked cursor lets one search run at a time; a second worker finds
it locked and leaves.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.invoices import changes
from apps.invoices.models import Invoice, SourceRecord
from apps.sources.records import loads

from . import candidates, claim_providers, opening
from .candidates import SearchResult, SettingsOf
from .choices import Scope, State
from .claims import ClaimEvidence, ParsedSourceRecord, double_claim
from .models import CaseMember, DuplicateCase, RuleSetting, SearchRun
from .rules import RULES_VERSION, Settings, StoredSetting, effective

BATCH = 500
_MANY = 20_000  # changed invoices above which one full search is faster than batches
_FOLLOWER = "duplicates"
_EXAMPLES = 10
_SLOW = timedelta(minutes=30)  # the oldest waiting change after which the search counts as stalled


@dataclass(frozen=True)
class SearchPreview:
    """How many cases a search would open and close, with examples: the invoice keys of the first cases opened, the ids
    of the first cases closed."""

    opened: int
    closed: int
    opened_keys: list[tuple[str, ...]]
    closed_ids: list[int]


def search_changed() -> int:
    """Search everything that changed since the last search; returns the number of invoices searched, 0 while another
    worker searches. A backlog that batches would handle slower than a full search is handled by a full search."""
    if len(changes.pending(_FOLLOWER).values_list("pk")[: _MANY + 1]) > _MANY:
        with transaction.atomic():
            if changes.try_lock(_FOLLOWER) is None:
                return 0
            search_all()
    total = 0
    while True:
        searched = _batch()
        total += searched
        if searched < BATCH:
            return total


@transaction.atomic
def _batch() -> int:
    """Search one batch; returns its number of invoices."""
    cursor, started = changes.try_lock(_FOLLOWER), timezone.now()
    if cursor is None:
        return 0
    batch = changes.next_batch(cursor, BATCH)
    ids = batch.invoice_ids
    if not ids:
        return 0
    result = candidates.search_changed(ids, settings_of())
    affected = {*ids, *(pk for verdict in result.verdicts for pk in (verdict.left, verdict.right))}
    case_changes = opening.update_suspects(result.verdicts, affected, rule_version())
    case_changes += opening.update_claims(double_claims(ids), ids, rule_version())
    changes.move(cursor, batch.end)
    _record(Scope.CHANGED, started, result, case_changes)
    return len(ids)


@transaction.atomic
def search_all(*, dry_run: bool = False, progress: Callable[[int], None] = lambda _count: None) -> opening.CaseChanges:
    """Search the whole ledger. ``dry_run`` rolls back, so that only the counts remain; ``progress`` is called with the
    number of invoices done since its last call."""
    cursor = changes.lock(_FOLLOWER)
    started, newest = timezone.now(), changes.newest()
    result = candidates.search_all(settings_of())
    case_changes = opening.update_suspects(result.verdicts, None, rule_version())
    last = 0
    while ids := list(Invoice.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[: 10 * BATCH]):
        last = ids[-1]
        case_changes += opening.update_claims(double_claims(ids), ids, rule_version())
        progress(len(ids))
    changes.move(cursor, newest)
    _record(Scope.ALL, started, result, case_changes)
    if dry_run:
        transaction.set_rollback(True)
    return case_changes


@transaction.atomic
def preview_search(cases: QuerySet[DuplicateCase]) -> SearchPreview:
    """What a search of the whole ledger would do to these cases; rolled back. Counted from the cases, not from the
    search run, so that a person who sees some companies learns nothing of the others."""
    open_cases = cases.filter(state=State.OPEN).order_by("pk")
    before = set(open_cases.values_list("pk", flat=True))
    search_all()
    after = set(open_cases.values_list("pk", flat=True))
    opened, closed = sorted(after - before), sorted(before - after)
    members = CaseMember.objects.filter(case__in=opened[:_EXAMPLES]).order_by("case", "pk").values_list("case", "key")
    keys = [tuple(key for _case, key in rows) for _case, rows in groupby(members, key=lambda member: member[0])]
    transaction.set_rollback(True)
    return SearchPreview(len(opened), len(closed), keys, closed[:_EXAMPLES])


def double_claims(ids: Sequence[int]) -> dict[int, Sequence[ClaimEvidence]]:
    """Invoice id → its claims, for those of these invoices that are claimed twice: according to their source records or
    to the claim providers of the apps above."""
    source_records = (
        SourceRecord.objects.filter(invoice__in=ids, invoice__merged_into=None)
        .order_by("invoice_id", "source_id", "external_id")
        .values_list("invoice_id", "source_id", "external_id", "record")
    )
    claims: dict[int, Sequence[ClaimEvidence]] = {}
    for invoice, rows in groupby(source_records, key=lambda row: row[0]):
        records = list(rows)
        if len(records) < 2:
            continue
        parsed = [
            ParsedSourceRecord(source, external_id, loads(record)) for _pk, source, external_id, record in records
        ]
        if evidence := double_claim(parsed):
            claims[invoice] = evidence
    for invoice, provided in claim_providers.claims_of(ids).items():
        claims[invoice] = [*claims.get(invoice, ()), *provided]
    return claims


def settings_of() -> SettingsOf:
    """A function from company id to the rules of that company, as stored now."""
    stored = [
        StoredSetting(*row) for row in RuleSetting.objects.values_list("code", "company_id", "enabled", "parameters")
    ]

    @cache
    def of(company_id: int) -> Settings:
        return effective(stored, company_id)

    return of


def rule_version() -> int:
    """Rises with every change of the rules, in the code or by an administrator."""
    return RULES_VERSION * 100_000 + RuleSetting.pgh_event_model.objects.count()  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Backlog:
    """Changed invoices that no search has covered: their number (counted up to 1001), and since when the oldest
    waits."""

    number: int
    since: datetime | None

    @property
    def stalled(self) -> bool:
        return self.since is not None and timezone.now() - self.since > _SLOW


def backlog() -> Backlog:
    moments = list(changes.pending(_FOLLOWER).values_list("updated_at", flat=True)[:1001])
    return Backlog(len(moments), moments[0] if moments else None)


def _record(scope: str, started: datetime, result: SearchResult, case_changes: opening.CaseChanges) -> None:
    SearchRun.objects.create(
        scope=scope,
        started_at=started,
        finished_at=timezone.now(),
        invoice_count=result.invoice_count,
        pair_count=result.pair_count,
        opened=case_changes.opened,
        closed=case_changes.closed,
        rule_version=rule_version(),
    )
