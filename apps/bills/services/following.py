"""Bills of the upstreams: made and refreshed from what their sources say of the invoices, in sets, after pulls.

The ledger marks an invoice as changed whenever a source claims it anew, so its stream of changes (``invoices.changes``,
one follower per source) contains every news. Repeating a batch changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.bills import states
from apps.bills.choices import BillInvoiceState, Origin
from apps.bills.models import Bill, BillInvoice, BillStep, UpstreamListing
from apps.bills.selectors import holders, live, origin_of
from apps.invoices import changes
from apps.invoices.masters import master_ids
from apps.invoices.models import Invoice, SourceRecord
from apps.sources.connectors import CONNECTORS
from apps.sources.context import filled_options
from apps.sources.models import Source
from apps.sources.records import ClaimRecord, ExpenseStatus, loads

from .reserving import lock
from .writing import free, noted, tell_ledger

BATCH = 300
_LONGEST_NUMBER = 100
_USED_AS = {ExpenseStatus.USED: BillInvoiceState.USED, ExpenseStatus.BOOKED: BillInvoiceState.BOOKED}


@dataclass
class Followed:
    """What following brought: invoices looked at, bills made, uses added and released."""

    looked_at: int = 0
    bills: int = 0
    added: int = 0
    released: int = 0


def follow_upstream(source: Source) -> Followed:
    """Bring the bills a source knows up to date with the ledger. Several may run beside each other."""
    total = Followed()
    if origin_of(source.kind):
        while _follow_batch(source, total):
            pass
    return total


def behind(source: Source) -> bool:
    """Whether the ledger changed since this source was followed. Cheap, whatever changed."""
    return bool(origin_of(source.kind)) and changes.pending(_follower(source)).exists()


def _follower(source: Source) -> str:
    return f"bills:{source.pk}"


@transaction.atomic
def _follow_batch(source: Source, total: Followed) -> bool:
    """Work off the next batch; whether there may be another one."""
    cursor = changes.lock(_follower(source))
    batch = changes.next_batch(cursor, BATCH, Q(source_ids__contains=[source.pk], merged_into=None))
    changes.move(cursor, batch.end)
    if batch.invoice_ids:
        total.looked_at += len(batch.invoice_ids)
        _refresh(source, _list(source, batch.invoice_ids), total)
    return batch.more


def _list(source: Source, invoice_ids: Collection[int]) -> set[str]:
    """Make the listings of these invoices' records what the records say; the bills concerned, before and after."""
    wanted: dict[tuple[str, str], UpstreamListing] = {}
    records: set[str] = set()
    now = timezone.now()
    seen = SourceRecord.objects.filter(source=source, invoice__in=invoice_ids)
    for external_id, invoice_id, text in seen.values_list("external_id", "invoice_id", "record"):
        records.add(external_id)
        record = loads(text)
        for number in () if record.deleted else _numbers(record.claim, source.kind):
            wanted[number, external_id] = UpstreamListing(
                source=source,
                number=number,
                external_id=external_id,
                invoice_id=invoice_id,
                expense_status=record.expense_status.value,
                person=record.claim.person[:100] if record.claim else "",
                department=record.claim.department[:200] if record.claim else "",
                seen_at=now,
            )
    old = UpstreamListing.objects.filter(source=source, external_id__in=records)
    known = {(row.number, row.external_id): row for row in old}
    gone = [row.pk for place, row in known.items() if place not in wanted]
    UpstreamListing.objects.filter(pk__in=gone).delete()
    UpstreamListing.objects.bulk_create(
        wanted.values(),
        update_conflicts=True,
        unique_fields=["source", "number", "external_id"],
        update_fields=["invoice", "expense_status", "person", "department", "seen_at"],
    )
    return {number for number, _external_id in known.keys() | wanted.keys()}


def _numbers(claim: ClaimRecord | None, source_kind: str) -> list[str]:
    """The bills a record says it lies on: the invoice cloud may name several."""
    said = claim.bill_number if claim else ""
    parts = said.split(", ") if source_kind == Origin.PIAOZONE else [said]
    return [part.strip()[:_LONGEST_NUMBER] for part in parts if part.strip()]


@dataclass
class _Listed:
    """What a source lists on one bill: living invoice → its expense status there; and who claims it."""

    invoices: dict[int, str] = field(default_factory=dict)
    people: Counter[tuple[str, str]] = field(default_factory=Counter)


def _refresh(source: Source, numbers: Collection[str], total: Followed) -> None:
    listed = _listed(source, numbers)
    known = {bill.number: bill for bill in _ours(source, numbers)}
    missing = [number for number in listed if number not in known]
    made = _make(source, missing)
    total.bills += len(made)
    theirs = {bill.pk: bill for bill in [*known.values(), *made] if not bill.is_own and bill.source_id == source.pk}
    counts = _settle(theirs, {bill.pk: listed.get(bill.number, _Listed()) for bill in theirs.values()})
    total.added += sum(added for added, _gone in counts.values())
    total.released += sum(gone for _added, gone in counts.values())
    _write_heads(source, theirs, listed, counts)
    mine = [bill for bill in known.values() if bill.is_own]
    _link(source, mine, listed)


def _listed(source: Source, numbers: Collection[str]) -> dict[str, _Listed]:
    found: dict[str, _Listed] = defaultdict(_Listed)
    rows = list(UpstreamListing.objects.filter(source=source, number__in=numbers).order_by("pk"))
    living = master_ids({row.invoice_id for row in rows})
    for row in rows:
        found[row.number].invoices[living.get(row.invoice_id, row.invoice_id)] = row.expense_status
        found[row.number].people[row.person, row.department] += 1
    return dict(found)


def _ours(source: Source, numbers: Collection[str]) -> Iterable[Bill]:
    """The bills of these numbers in the source's company, locked in order."""
    found = Bill.objects.select_for_update(of=("self",)).filter(company=source.company_id, number__in=numbers)
    return found.filter(Q(origin=Origin.OWN) | Q(source=source)).order_by("pk")


def _make(source: Source, numbers: Collection[str]) -> list[Bill]:
    taken = set(Bill.objects.filter(company=source.company_id, number__in=numbers).values_list("number", flat=True))
    connector, options = CONNECTORS[source.kind], filled_options(source.kind, source.options)
    new = [
        Bill(
            company_id=source.company_id,
            origin=origin_of(source.kind),
            source=source,
            number=number,
            type=connector.bill_type(number, options),
            state=states.State.SUBMITTED,
        )
        for number in sorted(set(numbers) - taken)  # a number of another upstream of the company stays that one's
    ]
    made = Bill.objects.bulk_create(new)
    BillStep.objects.bulk_create(noted(bill, "upstream", None, "bills.was_seen", source=source.name) for bill in made)
    return made


def _settle(bills: Mapping[int, Bill], listed: Mapping[int, _Listed]) -> dict[int, tuple[int, int]]:
    """Make the uses of these upstream bills what is listed on them; bill → (added, released)."""
    bill_invoices = list(live(BillInvoice.objects.filter(bill__in=bills)).order_by("pk"))
    living = master_ids({bill_invoice.invoice_id for bill_invoice in bill_invoices})
    placed = {
        (bill_invoice.bill_id, living.get(bill_invoice.invoice_id, bill_invoice.invoice_id)): bill_invoice
        for bill_invoice in bill_invoices
    }
    wanted = {(pk, invoice): status for pk, found in listed.items() for invoice, status in found.invoices.items()}
    gone = [bill_invoice for place, bill_invoice in placed.items() if place not in wanted]
    free(BillInvoice.objects.filter(pk__in=[bill_invoice.pk for bill_invoice in gone]), None)
    new = sorted(place for place in wanted if place not in placed)
    totals = dict(Invoice.objects.filter(pk__in={invoice for _pk, invoice in wanted}).values_list("pk", "total_amount"))
    _restate(placed, wanted, totals)
    touched = [
        *(invoice for _pk, invoice in new),
        *(living[bill_invoice.invoice_id] for bill_invoice in bill_invoices if bill_invoice.contested),
    ]
    lock(set(touched))
    taken = {invoice for invoice, others in holders(set(touched)).items() if others}
    _add(new, wanted, totals, taken)
    _uncontest(
        [bill_invoice for bill_invoice in bill_invoices if bill_invoice.contested and bill_invoice not in gone],
        living,
        taken,
    )
    tell_ledger({invoice for _pk, invoice in wanted} | {bill_invoice.invoice_id for bill_invoice in bill_invoices})
    added, released = Counter(pk for pk, _invoice in new), Counter(bill_invoice.bill_id for bill_invoice in gone)
    return {pk: (added[pk], released[pk]) for pk in bills}


def _restate(
    placed: Mapping[tuple[int, int], BillInvoice],
    wanted: Mapping[tuple[int, int], str],
    totals: Mapping[int, Decimal | None],
) -> None:
    """How far the use of each invoice has come there, and its total as the ledger knows it now."""
    moved: list[BillInvoice] = []
    for (pk, invoice), bill_invoice in placed.items():
        if (pk, invoice) in wanted:
            said = _used_as(wanted[pk, invoice]), totals.get(invoice)
            if said != (bill_invoice.state, bill_invoice.amount):
                bill_invoice.state, bill_invoice.amount = said
                moved.append(bill_invoice)
    BillInvoice.objects.bulk_update(moved, ["state", "amount"], batch_size=500)


def _add(
    new: Collection[tuple[int, int]],
    wanted: Mapping[tuple[int, int], str],
    totals: Mapping[int, Decimal | None],
    taken: set[int],
) -> None:
    """``taken`` grows: of two upstream bills with the same invoice the first one holds it."""
    now, bill_invoices = timezone.now(), []
    for pk, invoice in new:
        state = _used_as(wanted[pk, invoice])
        values: dict[str, Any] = {"state": state, "amount": totals.get(invoice), "contested": invoice in taken}
        bill_invoices.append(BillInvoice(bill_id=pk, invoice_id=invoice, picked_at=now, **values))
        taken.add(invoice)
    BillInvoice.objects.bulk_create(bill_invoices)


def _uncontest(contested: Collection[BillInvoice], living: Mapping[int, int], taken: set[int]) -> None:
    """What nobody else holds any more is held by the upstream's bill."""
    free_now = []
    for bill_invoice in contested:
        invoice = living[bill_invoice.invoice_id]
        if invoice not in taken:
            taken.add(invoice)
            free_now.append(bill_invoice.pk)
    BillInvoice.objects.filter(pk__in=free_now).update(contested=False)


def _used_as(expense_status: str) -> str:
    return _USED_AS.get(ExpenseStatus(expense_status), BillInvoiceState.RESERVED)


def _write_heads(
    source: Source,
    bills: Mapping[int, Bill],
    listed: Mapping[str, _Listed],
    counts: Mapping[int, tuple[int, int]],
) -> None:
    """State, people and the moment seen; what changed goes into the timeline."""
    now = timezone.now()
    moved: list[Bill] = []
    for bill in bills.values():
        found = listed.get(bill.number, _Listed())
        state = states.derived(Counter(found.invoices.values()))
        person, department = found.people.most_common(1)[0][0] if found.people else (bill.employee, bill.department)
        added, gone = counts[bill.pk]
        if added or gone or state != bill.state:
            bill.revision += 1
            bill.updated_at = now
            moved.append(bill)
        bill.state, bill.employee, bill.department = state, person, department
        bill.upstream_state, bill.upstream_seen_at = state, now
    fields = ["state", "upstream_state", "employee", "department", "upstream_seen_at", "revision", "updated_at"]
    Bill.objects.bulk_update(bills.values(), fields, batch_size=500)
    steps = []
    for bill in moved:
        added, gone = counts[bill.pk]
        steps.append(noted(bill, "upstream", None, "bills.upstream_moved", source=source.name, added=added, gone=gone))
    BillStep.objects.bulk_create(steps)


def _link(source: Source, bills: Collection[Bill], listed: Mapping[str, _Listed]) -> None:
    """Bills of our own that this source knows by the same number, from now on compared with it."""
    now, steps = timezone.now(), []
    for bill in bills:
        if bill.source_id is None:
            steps.append(noted(bill, "upstream", None, "bills.was_linked", source=source.name))
            bill.source = source
        if bill.source_id == source.pk:
            there = listed.get(bill.number, _Listed()).invoices
            bill.upstream_state, bill.upstream_seen_at = states.derived(Counter(there.values())), now
    Bill.objects.bulk_update(bills, ["source", "upstream_state", "upstream_seen_at"], batch_size=500)
    BillStep.objects.bulk_create(steps)
