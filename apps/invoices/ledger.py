"""Makes the ledger follow the source records, in sets. The only code that writes invoices.

One merge works on all the source records that hang together with the ones that arrived: it loads them, groups them
(``grouping``), resolves each group (``survivorship``) and writes what differs. Nothing is decided from the old invoice
row, so the result depends on the source records alone, and on what our own bills and vouchers do with them (``usage``).

Merges are serialised by one transaction-level advisory lock (``docs/decisions/0003-one-writer.md``): fetching and
parsing run beside each other, only this part waits. It also makes ``updated_at`` rise in commit order, so that a feed
ordered by it never skips a row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import msgspec
from django.db import connection

from apps.core import locks
from apps.core.bulk import copy_rows, next_ids, update_rows
from apps.sources.records import InvoiceRecord

from . import rows
from .conflicts import ConflictBook
from .flags import flags
from .grouping import Group, Member, group
from .identity import keys
from .parties import party_ids
from .source_records import Seat, invoices_by_key, load_connected, own_seats
from .survivorship import Canonical, Statement, resolve, with_own_use
from .usage import usages

_LOCK = "WITH had AS MATERIALIZED (SELECT pg_advisory_xact_lock(%s)) SELECT clock_timestamp() FROM had"


@dataclass(frozen=True)
class Origin:
    """The source that source records come from."""

    source_id: int
    source_name: str
    source_kind: str
    company_id: int


class Arrival(msgspec.Struct, frozen=True):
    """One record to merge: the newest canonical record of an external id, and the raw record it was read from."""

    external_id: str
    raw_id: int
    record: InvoiceRecord


@dataclass
class Merged:
    """What a merge did. ``stale`` are external ids of which a version newer at the source is held already."""

    created: list[int] = field(default_factory=list)
    updated: list[int] = field(default_factory=list)
    emptied: list[int] = field(default_factory=list)
    stale: set[str] = field(default_factory=set)


def merge(origin: Origin, arrivals: Sequence[Arrival]) -> Merged:
    """Bring source records into the ledger. Must run in a transaction; holds the ledger until it ends."""
    now = _lock()
    own = own_seats(origin.source_id, [arrival.external_id for arrival in arrivals])
    fresh: list[Seat] = []
    stale: set[str] = set()
    for arrival in arrivals:
        seat = _seated(origin, arrival, own.get(arrival.external_id))
        if seat is None:
            stale.add(arrival.external_id)
        else:
            fresh.append(seat)
    merged = _Merge(fresh, now).run()
    merged.stale = stale
    return merged


def recompute(invoice_ids: Sequence[int], *, rekey: bool = False, news: bool = False) -> Merged:
    """Make these invoices anew from their source records. ``rekey``: under the identity rules as they are now.
    ``news``: who follows the changes must hear of them, whether their rows change or not."""
    now = _lock()
    seats, _words = load_connected([], invoice_ids)
    if rekey:
        seats = [seat.rekeyed() for seat in seats]
    if news:
        seats = [replace(seat, news=True) for seat in seats]
    return _Merge(seats, now).run()


def _lock() -> str:
    """Wait for the ledger; the moment it was had, in ISO form."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [locks.LEDGER])
        return str(cursor.fetchone()[0].isoformat())


def _seated(origin: Origin, arrival: Arrival, old: Seat | None) -> Seat | None:
    """The source record this arrival makes; None when what we hold is newer."""
    record = arrival.record
    if old is not None and old.changed_at and record.changed_at and record.changed_at < old.changed_at:
        return None
    return Seat(
        id=old.id if old else None,
        invoice_id=old.invoice_id if old else None,
        source_id=origin.source_id,
        source_name=origin.source_name,
        source_kind=origin.source_kind,
        company_id=origin.company_id,
        external_id=arrival.external_id,
        raw_id=arrival.raw_id,
        record=record,
        keys=keys(record, origin.source_name),
        rewritten=True,
        news=old is None or _claimed(old.record) != _claimed(record),
    )


def _claimed(record: InvoiceRecord) -> tuple[object, ...]:
    """What followers must hear of although the invoice's own row may not show it."""
    return record.claim, record.expense_status, record.deleted


def _statement(seat: Seat) -> Statement:
    return Statement(seat.source_id, seat.source_name, seat.source_kind, seat.record)


class Outcome(msgspec.Struct, frozen=True):
    """One invoice as it will be: the row it lives in, its key, its values, its doubts, its source records."""

    invoice_id: int
    key: str
    canonical: Canonical
    flags: list[str]
    seats: list[Seat]

    @property
    def record(self) -> InvoiceRecord:
        return self.canonical.record


class _Merge:
    """One merge, step by step; exists for the time of one call."""

    def __init__(self, arriving: Sequence[Seat], now: str) -> None:
        self.now = now
        self.result = Merged()
        arrived = {(seat.source_id, seat.external_id) for seat in arriving}
        all_keys = {key for seat in arriving for key in seat.keys}
        touched = {seat.invoice_id for seat in arriving if seat.invoice_id is not None}
        connected, self.words = load_connected(all_keys, touched)
        self.source_records = [*arriving, *(s for s in connected if (s.source_id, s.external_id) not in arrived)]
        self.former = {seat.invoice_id for seat in self.source_records if seat.invoice_id is not None}

    def run(self) -> Merged:
        if not self.source_records:
            return self.result
        groups = group([Member(seat, seat.keys, seat.record.total_amount) for seat in self.source_records], self.words)
        places = self._places(groups)
        known = self.former | (set(places.values()) - self.new_ids)
        conflicts = ConflictBook(known)
        self.moved = {m.ident.invoice_id: places[g.key] for g in groups for m in g.everybody if m.ident.invoice_id}
        own_bill_invoices = usages(known, {old: self.moved[old] for old in self.emptied})
        outcomes = [
            self._outcome(g, places[g.key], conflicts, own_bill_invoices.get(places[g.key], ())) for g in groups
        ]
        self._write_invoices(outcomes)
        self._write_seats(groups, places)
        self._write_aliases(groups, places)
        conflicts.forget(self.emptied)
        conflicts.write()
        return self.result

    def _places(self, groups: Sequence[Group]) -> dict[str, int]:
        """Which invoice row each group lives in: the row of that key, else a row its members leave, else a new one."""
        rows_by_key = invoices_by_key([g.key for g in groups])
        places = {g.key: rows_by_key[g.key] for g in groups if g.key in rows_by_key}
        taken = set(places.values())
        homeless = []
        for g in groups:
            if g.key in places:
                continue
            olds = sorted({m.ident.invoice_id for m in g.everybody if m.ident.invoice_id is not None} - taken)
            if olds:
                places[g.key] = olds[0]
                taken.add(olds[0])
            else:
                homeless.append(g.key)
        new_ids = next_ids("invoices_invoice", len(homeless))
        places.update(zip(homeless, new_ids, strict=True))
        self.new_ids = set(new_ids)
        self.emptied = self.former - taken
        return places

    def _outcome(
        self, g: Group, invoice_id: int, conflicts: ConflictBook, own_bill_invoices: Sequence[str]
    ) -> "Outcome":
        seats: list[Seat] = [member.ident for member in g.everybody]
        canonical = resolve(
            [_statement(member.ident) for member in g.members],
            conflicts.settled(invoice_id),
            [_statement(member.ident) for member in g.guests],
        )
        if own_bill_invoices:
            canonical = msgspec.structs.replace(canonical, record=with_own_use(canonical.record, own_bill_invoices))
        disputes = {
            key: sorted((s.source_id, s.external_id, key) for s in seats if key in s.keys) for key in g.contradictions
        }
        open_disputes = conflicts.follow(invoice_id, canonical.conflicts, disputes)
        found = flags(canonical.record, g.key)
        if open_disputes.fields:
            found.add("sources_disagree")
        if open_disputes.numbers:
            found.add("numbers_contradict")
        if canonical.deleted:
            found.add("deleted_at_source")
        return Outcome(invoice_id, g.key, canonical, sorted(found), seats)

    def _write_invoices(self, outcomes: Sequence["Outcome"]) -> None:
        parties = party_ids({party for o in outcomes for party in (o.record.buyer, o.record.seller)})
        new = [o for o in outcomes if o.invoice_id in self.new_ids]
        old = [o for o in outcomes if o.invoice_id not in self.new_ids]
        copy_rows("invoices_invoice", rows.INVOICE, (rows.invoice(o, parties, self.now) for o in new))
        copy_rows("invoices_invoiceline", rows.LINE, (line for o in new for line in rows.lines(o)))
        self._empty()
        known = [rows.invoice(o, parties, self.now)[:-1] for o in old]
        changed = update_rows("invoices_invoice", rows.INVOICE_UPDATE, known, "updated_at")
        relined = rows.replace_lines(old)
        # Who claims an invoice and which records are its own is not in its row, but whoever follows the changes must
        # hear of it.
        claimed = {o.invoice_id for o in old for seat in o.seats if seat.news or seat.invoice_id != o.invoice_id}
        left = {s.invoice_id for o in outcomes for s in o.seats if s.invoice_id and s.invoice_id != o.invoice_id}
        rows.touch((relined | claimed | left) - set(changed), self.now)
        self.result.created = [o.invoice_id for o in new]
        self.result.updated = sorted(set(changed) | relined)

    def _empty(self) -> None:
        """Rows whose source records all went elsewhere become shells that lead there."""
        shells = [(old, self.moved[old]) for old in sorted(self.emptied)]
        rows.make_redirects(shells, self.now)
        self.result.emptied = [old for old, _target in shells]

    def _write_seats(self, groups: Sequence[Group], places: dict[str, int]) -> None:
        seated: list[tuple[Seat, int]] = [(member.ident, places[g.key]) for g in groups for member in g.everybody]
        new = [(seat, invoice) for seat, invoice in seated if seat.id is None]
        rewritten = [(s, i) for s, i in seated if s.id is not None and s.rewritten]
        moved = [(s, i) for s, i in seated if s.id and not s.rewritten and s.invoice_id != i]
        copy_rows("invoices_sourcerecord", rows.SOURCE_RECORD, (rows.source_record(s, i, self.now) for s, i in new))
        update_rows(
            "invoices_sourcerecord",
            ("id", *rows.SOURCE_RECORD_UPDATE),
            [(s.id, *rows.source_record_update(s, i, self.now)) for s, i in rewritten],
        )
        update_rows("invoices_sourcerecord", ("id", "invoice_id"), [(s.id, i) for s, i in moved])

    def _write_aliases(self, groups: Sequence[Group], places: dict[str, int]) -> None:
        wanted = {(key, places[g.key]) for g in groups for m in g.everybody for key in m.keys if key[0] != "S"}
        known = {pair for pair in wanted if pair[1] not in self.new_ids}
        rows.replace_aliases(self.former | {invoice for _key, invoice in known}, known)
        copy_rows("invoices_invoicekey", ("key", "invoice_id"), sorted(wanted - known))
