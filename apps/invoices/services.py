"""Writes to the ledger by people and commands. Each is a set operation, one transaction per batch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.core.batches import commit_each
from apps.core.errors import BadRecord, HubError
from apps.sources.choices import QuarantineState
from apps.sources.connectors import CONNECTORS
from apps.sources.connectors.base import RawItem
from apps.sources.context import source_facts
from apps.sources.models import QuarantinedRecord, RawRecord, Source
from apps.sources.records import InvoiceKind, InvoiceRecord, dumps

from . import imports, ledger
from .choices import ConflictState
from .identity import IDENTITY_VERSION
from .ingest import Parse, Version, states
from .models import FieldConflict, Invoice, SourceRecord
from .survivorship import with_settled

BATCH = 500


@dataclass(frozen=True)
class RetryResult:
    """How many records a retry brought into the ledger, and how many stay quarantined."""

    resolved: int
    remaining: int


def reader(source: Source) -> Parse:
    """The ``parse`` of a source's kind, bound to its facts."""
    if source.kind not in CONNECTORS:
        return imports.parse_row
    connector, facts = CONNECTORS[source.kind], source_facts(source)

    def parse(item: RawItem) -> InvoiceRecord:
        return connector.parse(item, facts)

    return parse


def retry_quarantined(ids: Sequence[int] | None, source: Source | None = None, user: User | None = None) -> RetryResult:
    """Parse quarantined records again without calling upstream. ``ids`` None: all, or all of ``source``."""
    waiting = QuarantinedRecord.objects.filter(state=QuarantineState.OPEN)
    if ids is not None:
        waiting = waiting.filter(pk__in=ids)
    if source is not None:
        waiting = waiting.filter(source=source)
    resolved = tried = 0
    for waiting_source in Source.objects.filter(pk__in=waiting.values("source")).select_related("company"):
        for batch in _batches(waiting.filter(source=waiting_source)):
            resolved += _retry(waiting_source, batch, user)
            tried += len(batch)
    return RetryResult(resolved, tried - resolved)


@transaction.atomic
def _retry(source: Source, batch: Sequence[int], user: User | None) -> int:
    rows = list(
        QuarantinedRecord.objects.select_for_update(of=("self",))
        .filter(pk__in=batch, state=QuarantineState.OPEN)
        .select_related("raw")
    )
    parse, now = reader(source), timezone.now()
    versions = [Version.stored(row.external_id, row.raw_id, row.raw.payload, parse) for row in rows]
    for row, version in zip(rows, versions, strict=True):
        row.attempts += 1
        if version.reason is None:
            row.state, row.settled_at, row.settled_by = QuarantineState.RESOLVED, now, user
        else:
            row.reason, row.reason_code = version.reason.stored(), version.reason.code[:60]
    QuarantinedRecord.objects.bulk_update(
        rows, ["attempts", "state", "settled_at", "settled_by", "reason", "reason_code"]
    )
    resolved = states(source, versions)
    ledger.merge(resolved)
    return len(resolved)


def dismiss_quarantined(record: QuarantinedRecord, user: User | None, comment: str) -> None:
    """A person dismisses a record. The raw record stays; ``reopen_quarantined`` undoes it."""
    _settle_quarantine(record, QuarantineState.OPEN, QuarantineState.DISMISSED, user, comment)


def reopen_quarantined(record: QuarantinedRecord, user: User | None) -> None:
    _settle_quarantine(record, QuarantineState.DISMISSED, QuarantineState.OPEN, user, "")


def _settle_quarantine(record: QuarantinedRecord, before: str, after: str, user: User | None, comment: str) -> None:
    now = timezone.now() if after == QuarantineState.DISMISSED else None
    updated = QuarantinedRecord.objects.filter(pk=record.pk, state=before).update(
        state=after, settled_at=now, settled_by=user, comment=comment[:300]
    )
    if not updated:
        raise HubError("quarantine.settled_meanwhile", record=record.external_id)


@transaction.atomic
def settle_conflict(conflict: FieldConflict, value: str, reason: str, user: User | None) -> None:
    """A person chooses the value of a field on which sources disagree; later versions of the sources do not change it.

    Raises BadRecord ``conflict.bad_value`` when the value does not fit the field.
    """
    if not conflict.field.startswith("key"):
        try:
            with_settled(InvoiceRecord("", kind=InvoiceKind.UNKNOWN), {conflict.field: value})
        except ValueError as error:
            raise BadRecord("conflict.bad_value", value=value) from error
    FieldConflict.objects.filter(pk=conflict.pk).update(
        state=ConflictState.SETTLED, chosen=value[:300], reason=reason[:300], settled_by=user, settled_at=timezone.now()
    )
    ledger.recompute([conflict.invoice_id])


@transaction.atomic
def reopen_conflict(conflict: FieldConflict, user: User | None) -> None:
    """Undo a settlement: survivorship decides again, and the conflict is open."""
    FieldConflict.objects.filter(pk=conflict.pk).update(
        state=ConflictState.OPEN, chosen=None, reason="", settled_by=user, settled_at=timezone.now()
    )
    ledger.recompute([conflict.invoice_id])


@dataclass
class Reworked:
    """How many records or invoices a reparse or rekey looked at and changed."""

    looked_at: int = 0
    changed: int = 0
    quarantined: int = 0


def reparse(source: Source, *, dry_run: bool = False) -> Iterator[Reworked]:
    """Read a source's stored raw records again, newest version of each; yields the running totals after every batch.

    With ``dry_run`` every batch is rolled back.
    """
    total, parse = Reworked(), reader(source)

    def write(batch: Sequence[Version]) -> Reworked:
        _reparse_batch(source, batch, total)
        if dry_run:
            transaction.set_rollback(True)
        return total

    yield from commit_each((partial(_read_again, stored, parse) for stored in _stored(source)), write)


def _stored(source: Source) -> Iterator[list[tuple[str, int, str]]]:
    """(external id, raw id, payload) of the newest version of every record, in batches."""
    last = ""
    newest = RawRecord.objects.filter(source=source, parsed=True).order_by("external_id", "-id").distinct("external_id")
    while batch := list(newest.filter(external_id__gt=last).values_list("external_id", "id", "payload")[:BATCH]):
        last = batch[-1][0]
        yield batch


def _read_again(stored: Sequence[tuple[str, int, str]], parse: Parse) -> list[Version]:
    return [Version.stored(external_id, raw_id, payload, parse) for external_id, raw_id, payload in stored]


def _reparse_batch(source: Source, batch: Sequence[Version], total: Reworked) -> None:
    ids = [version.item.external_id for version in batch]
    stored = dict(SourceRecord.objects.filter(source=source, external_id__in=ids).values_list("external_id", "record"))
    bad = [
        QuarantinedRecord(
            source=source,
            external_id=version.item.external_id,
            raw_id=version.raw_id,
            reason=version.reason.stored(),
            reason_code=version.reason.code[:60],
        )
        for version in batch
        if version.reason is not None
    ]
    _quarantine_again(source, bad)
    readable = [version for version in batch if version.record is not None]
    changed = [v for v in readable if v.record is not None and dumps(v.record) != stored.get(v.item.external_id)]
    ledger.merge(states(source, changed))
    readable_ids = [version.item.external_id for version in readable]
    QuarantinedRecord.objects.filter(source=source, external_id__in=readable_ids, state=QuarantineState.OPEN).update(
        state=QuarantineState.RESOLVED, settled_at=timezone.now()
    )
    total.looked_at += len(batch)
    total.changed += len(changed)
    total.quarantined += len(bad)


def _quarantine_again(source: Source, bad: Sequence[QuarantinedRecord]) -> None:
    """Quarantine these records with their current reason. Resolved ones are opened again, dismissed ones stay so."""
    QuarantinedRecord.objects.bulk_create(
        bad,
        update_conflicts=True,
        unique_fields=["source", "external_id"],
        update_fields=["raw", "reason", "reason_code"],
    )
    resolved = QuarantinedRecord.objects.filter(source=source, state=QuarantineState.RESOLVED)
    resolved.filter(external_id__in=[row.external_id for row in bad]).update(
        state=QuarantineState.OPEN, settled_at=None, settled_by=None
    )


def rekey(*, dry_run: bool = False, everything: bool = False) -> Iterator[Reworked]:
    """Compute the keys of invoices made under older identity rules (or of all) anew; yields the running totals.

    Merge links and redirects get the new keys as well. With ``dry_run`` every batch is rolled back.
    """
    total, last = Reworked(), 0
    stale = Invoice.objects.filter(merged_into=None)
    if not everything:
        stale = stale.exclude(identity_version=IDENTITY_VERSION)
    while batch := list(stale.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        last = batch[-1]
        with transaction.atomic():
            before = dict(Invoice.objects.filter(pk__in=batch).values_list("pk", "key"))
            merged = ledger.recompute(batch, rekey=True)
            after = dict(Invoice.objects.filter(pk__in=batch, merged_into=None).values_list("pk", "key"))
            total.looked_at += len(batch)
            total.changed += len(merged.created) + sum(1 for pk, key in before.items() if after.get(pk) != key)
            if dry_run:
                transaction.set_rollback(True)
        yield total


def _batches(waiting: QuerySet[QuarantinedRecord]) -> Iterator[list[int]]:
    last = 0
    while batch := list(waiting.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield batch
        last = batch[-1]
