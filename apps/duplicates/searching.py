"""The search as it runs: new and changed invoices against all, batch by batch, or the whole ledger again.

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
from .candidates import Found, SettingsOf
from .choices import Scope, State
from .claims import Claimed, Seen, claimed_twice
from .models import CaseMember, DuplicateCase, RuleSetting, SearchRun
from .rules import RULES_VERSION, Row, Settings, effective

BATCH = 500
_MANY = 20_000
_FOLLOWER = "duplicates"
_EXAMPLES = 10
_SLOW = timedelta(minutes=30)  # then somebody should look why


@dataclass(frozen=True)
class Foreseen:
    """How many cases would be opened and closed; ``keys`` of the first ones opened, ``gone`` the first ids closed."""

    opened: int
    closed: int
    keys: list[tuple[str, ...]]
    gone: list[int]


def search_changed() -> int:
    """Look at everything that changed since the last search; how many invoices that were. Leaves at once when another
    worker is at it. After so much that batches would take longer than all at once, all is searched at once."""
    if len(changes.pending(_FOLLOWER).values_list("pk")[: _MANY + 1]) > _MANY:
        with transaction.atomic():
            if changes.try_lock(_FOLLOWER) is None:
                return 0
            search_all()
    total = 0
    while True:
        looked_at = _batch()
        total += looked_at
        if looked_at < BATCH:
            return total


@transaction.atomic
def _batch() -> int:
    cursor, started = changes.try_lock(_FOLLOWER), timezone.now()
    if cursor is None:
        return 0
    batch = changes.next_batch(cursor, BATCH)
    ids = batch.invoice_ids
    if not ids:
        return 0
    found = candidates.search_changed(ids, settings_of())
    concerned = {*ids, *(one for verdict in found.verdicts for one in (verdict.left, verdict.right))}
    outcome = _follow(found, concerned, claims_of(ids), ids)
    changes.move(cursor, batch.end)
    _record(Scope.CHANGED, started, found, outcome)
    return len(ids)


@transaction.atomic
def search_all(*, dry_run: bool = False, say: Callable[[int], None] = lambda _done: None) -> opening.Opened:
    """Search the whole ledger. ``dry_run`` rolls back and only tells what would open and close; ``say`` hears of
    progress in invoices."""
    cursor = changes.lock(_FOLLOWER)
    started, newest = timezone.now(), changes.newest()
    found = candidates.search_all(settings_of())
    outcome = opening.suspects(found.verdicts, None, rule_version())
    last = 0
    while ids := list(Invoice.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[: 10 * BATCH]):
        last = ids[-1]
        claims = opening.claims(claims_of(ids), ids, rule_version())
        outcome.opened, outcome.closed = outcome.opened + claims.opened, outcome.closed + claims.closed
        say(len(ids))
    changes.move(cursor, newest)
    _record(Scope.ALL, started, found, outcome)
    if dry_run:
        transaction.set_rollback(True)
    return outcome


@transaction.atomic
def foresee(cases: QuerySet[DuplicateCase]) -> Foreseen:
    """What a search of the whole ledger would do to these cases; rolled back. Who sees some companies learns nothing
    of the others, so it is told from the cases, not from what the search counts."""
    shown = cases.filter(state=State.OPEN).order_by("pk")
    before = set(shown.values_list("pk", flat=True))
    search_all()
    after = set(shown.values_list("pk", flat=True))
    opened, closed = sorted(after - before), sorted(before - after)
    members = CaseMember.objects.filter(case__in=opened[:_EXAMPLES]).order_by("case", "pk").values_list("case", "key")
    keys = [tuple(key for _case, key in those) for _case, those in groupby(members, key=lambda member: member[0])]
    transaction.set_rollback(True)
    return Foreseen(len(opened), len(closed), keys, closed[:_EXAMPLES])


def _follow(
    found: Found, concerned: set[int], claims: dict[int, Sequence[Claimed]], looked_at: Sequence[int]
) -> opening.Opened:
    version = rule_version()
    one = opening.suspects(found.verdicts, concerned, version)
    other = opening.claims(claims, looked_at, version)
    return opening.Opened(one.opened + other.opened, one.closed + other.closed)


def claims_of(ids: Sequence[int]) -> dict[int, Sequence[Claimed]]:
    """Those of these invoices that were claimed twice, with the claims: by what their source records say, and by
    what the apps above know."""
    source_records = (
        SourceRecord.objects.filter(invoice__in=ids, invoice__merged_into=None)
        .order_by("invoice_id", "source_id", "external_id")
        .values_list("invoice_id", "source_id", "external_id", "record")
    )
    found: dict[int, Sequence[Claimed]] = {}
    for invoice, rows in groupby(source_records, key=lambda row: row[0]):
        several = list(rows)
        if len(several) > 1:
            seen = [Seen(source, external_id, loads(record)) for _pk, source, external_id, record in several]
            if claims := claimed_twice(seen):
                found[invoice] = claims
    for invoice, others in claim_providers.claims_of(ids).items():
        found[invoice] = [*found.get(invoice, ()), *others]
    return found


def settings_of() -> SettingsOf:
    """The rules of each company as they are now."""
    rows = [Row(*row) for row in RuleSetting.objects.values_list("code", "company_id", "enabled", "parameters")]

    @cache
    def of(company_id: int) -> Settings:
        return effective(rows, company_id)

    return of


def rule_version() -> int:
    """Rises with every change of a rule in the code or by an administrator."""
    return RULES_VERSION * 100_000 + RuleSetting.pgh_event_model.objects.count()  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Backlog:
    """How many changed invoices no search has looked at (counted to a thousand and one), since when the first waits."""

    number: int
    since: datetime | None

    @property
    def stalled(self) -> bool:
        return self.since is not None and timezone.now() - self.since > _SLOW


def backlog() -> Backlog:
    moments = list(changes.pending(_FOLLOWER).values_list("updated_at", flat=True)[:1001])
    return Backlog(len(moments), moments[0] if moments else None)


def _record(scope: str, started: datetime, found: Found, outcome: opening.Opened) -> None:
    SearchRun.objects.create(
        scope=scope,
        started_at=started,
        finished_at=timezone.now(),
        looked_at=found.looked_at,
        judged=found.judged,
        opened=outcome.opened,
        closed=outcome.closed,
        rule_version=rule_version(),
    )
