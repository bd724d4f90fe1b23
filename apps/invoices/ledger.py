"""Makes the ledger follow the source records, in sets. The only code that writes invoices.

A merge loads all source records that hang together with the ones received (``loading``), groups them (``grouping``),
resolves each group (``survivorship``) and writes what differs (``writing``). Nothing is decided from the old invoice
row, so the result depends on the source records, the merge links and the usages alone.

One transaction-level advisory lock serialises all merges (``docs/decisions/0003-one-writer.md``): fetching and parsing
run in parallel, only this part waits. It also makes ``updated_at`` rise in commit order, so that a feed ordered by it
never skips a row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec
from django.db import connection

from apps.core import locks
from apps.core.bulk import next_ids

from . import writing
from .choices import Flag
from .conflicts import ConflictBook
from .flags import flags
from .grouping import Group, group
from .loading import invoice_ids_by_key, load_connected, stored_records, usage_statuses
from .rows import ResolvedInvoice
from .source_records import SourceRecordState, renamed_keys
from .survivorship import resolve, with_own_usage

_LOCK = "WITH lock AS MATERIALIZED (SELECT pg_advisory_xact_lock(%s)) SELECT clock_timestamp() FROM lock"


@dataclass
class Merged:
    """What a merge did. ``stale``: external ids of which a version is stored that is newer at the source."""

    created: list[int] = field(default_factory=list)
    updated: list[int] = field(default_factory=list)
    redirected: list[int] = field(default_factory=list)
    stale: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Placement:
    """Which invoice row each group lives in.

    ``former``: rows that the source records belonged to before. ``redirects``: those of them that lose all their
    source records → the row that becomes their master.
    """

    invoice_ids: Mapping[str, int]  # key of the group → invoice id
    created: frozenset[int]
    former: frozenset[int]
    redirects: Mapping[int, int]

    @property
    def existing(self) -> frozenset[int]:
        """All rows concerned that are there already."""
        return (self.former | frozenset(self.invoice_ids.values())) - self.created


def merge(received: Sequence[SourceRecordState]) -> Merged:
    """Bring the received records of one source into the ledger, at most one for each external id.

    Must run in a transaction; holds the ledger's lock until that ends.
    """
    if not received:
        return Merged()
    moment = _lock()
    stored = stored_records(received[0].origin.source_id, [state.external_id for state in received])
    current = []
    stale = set()
    for state in received:
        former = stored.get(state.external_id)
        if former is None:
            current.append(state)
        elif state.is_older_than(former):
            stale.add(state.external_id)
        else:
            current.append(state.replacing(former))
    return replace(_apply(*_with_connected(current), moment), stale=stale)


def recompute(invoice_ids: Sequence[int], *, rekey: bool = False, notify: bool = False) -> Merged:
    """Compute these invoices anew from their source records.

    ``rekey``: under the current identity rules. ``notify``: followers must hear of them even when the rows stay the
    same. Must run in a transaction; holds the ledger's lock until that ends.
    """
    moment = _lock()
    records, links = load_connected([], invoice_ids)
    if rekey:
        rekeyed = [state.rekeyed() for state in records]
        writing.rename_keys(renamed_keys(records, rekeyed))
        records, links = _with_connected(rekeyed)
    if notify:
        records = [msgspec.structs.replace(state, notify=True) for state in records]
    return _apply(records, links, moment)


def _lock() -> str:
    """Wait for the ledger's lock; the moment it was obtained, in ISO form."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [locks.LEDGER])
        return str(cursor.fetchone()[0].isoformat())


def _with_connected(states: Sequence[SourceRecordState]) -> tuple[list[SourceRecordState], dict[str, str]]:
    """These states and all stored source records that hang together with them, and the merge links between them."""
    keys = {key for state in states for key in state.keys}
    invoice_ids = {state.invoice_id for state in states if state.invoice_id is not None}
    connected, links = load_connected(keys, invoice_ids)
    replaced = {state.identifier for state in states}
    return [*states, *(state for state in connected if state.identifier not in replaced)], links


def _apply(records: Sequence[SourceRecordState], links: Mapping[str, str], moment: str) -> Merged:
    """Group the records, compute the invoices and write what differs. ``records`` must hold all that hangs together."""
    if not records:
        return Merged()
    groups = group(records, links)
    placement = _place(groups)
    conflicts = ConflictBook(placement.existing)
    usages = usage_statuses(placement.existing, placement.redirects)
    invoices = [_resolve(g, placement.invoice_ids[g.key], conflicts, usages) for g in groups]
    updated = writing.write_invoices(invoices, placement.created, placement.redirects, moment)
    writing.write_source_records(invoices, moment)
    writing.write_match_keys(invoices, placement.created, placement.former)
    conflicts.forget(placement.redirects)
    conflicts.write()
    return Merged(sorted(placement.created), updated, sorted(placement.redirects))


def _place(groups: Sequence[Group]) -> Placement:
    """Each group lives in the row with its key, else in a row that its source records leave, else in a new row."""
    former = {state.invoice_id for g in groups for state in g.all_records if state.invoice_id is not None}
    invoice_ids = invoice_ids_by_key([g.key for g in groups])
    taken = set(invoice_ids.values())
    without_row = []
    for g in groups:
        if g.key in invoice_ids:
            continue
        free = {state.invoice_id for state in g.all_records if state.invoice_id is not None} - taken
        if free:
            invoice_ids[g.key] = min(free)
            taken.add(min(free))
        else:
            without_row.append(g.key)
    created = next_ids("invoices_invoice", len(without_row))
    invoice_ids.update(zip(without_row, created, strict=True))
    redirects = {
        state.invoice_id: invoice_ids[g.key]
        for g in groups
        for state in g.all_records
        if state.invoice_id is not None and state.invoice_id not in taken
    }
    return Placement(invoice_ids, frozenset(created), frozenset(former), redirects)


def _resolve(
    g: Group, invoice_id: int, conflicts: ConflictBook, usages: Mapping[int, Iterable[str]]
) -> ResolvedInvoice:
    """The invoice as it will be; its conflicts are entered into the book."""
    canonical = resolve(g.records, conflicts.settled(invoice_id), g.merged_records)
    record = canonical.record
    if invoice_id in usages:
        record = with_own_usage(record, usages[invoice_id])
    key_claims = {
        key: sorted((*state.identifier, key) for state in g.all_records if key in state.keys)
        for key in g.contradictions
    }
    open_conflicts = conflicts.follow(invoice_id, canonical.conflicts, key_claims)
    invoice_flags = flags(record, g.key)
    if open_conflicts.fields:
        invoice_flags.add(Flag.SOURCES_DISAGREE.value)
    if open_conflicts.identity:
        invoice_flags.add(Flag.NUMBERS_CONTRADICT.value)
    if canonical.deleted:
        invoice_flags.add(Flag.DELETED_AT_SOURCE.value)
    return ResolvedInvoice(invoice_id, g.key, record, canonical.deleted, sorted(invoice_flags), g.all_records)
