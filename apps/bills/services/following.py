"""Bills of the upstreams: created and refreshed in batches from the claims of source records, after pulls.

The ledger marks an invoice as changed whenever a source record of it changes, so the stream of changes
(``invoices.changes``, one cursor per source) contains every change of a claim. Repeating a batch changes nothing.
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
from apps.bills.input_tax.services import refresh as judge_input_tax
from apps.bills.models import Bill, BillInvoice, BillStep, UpstreamListing
from apps.bills.selectors import live, origin_of, reservations_of
from apps.invoices import changes
from apps.invoices.masters import master_ids
from apps.invoices.models import Invoice, SourceRecord
from apps.sources.connectors import CONNECTORS
from apps.sources.context import filled_options
from apps.sources.models import Source
from apps.sources.records import ClaimRecord, ExpenseStatus, loads

from .reserving import lock
from .writing import free, noted, update_usage

BATCH = 300
_LONGEST_NUMBER = 100
_USED_AS = {ExpenseStatus.USED: BillInvoiceState.USED, ExpenseStatus.BOOKED: BillInvoiceState.BOOKED}


@dataclass
class Followed:
    """Result of following: numbers of invoices read, bills created, bill invoices added and released."""

    looked_at: int = 0
    bills: int = 0
    added: int = 0
    released: int = 0


def follow_upstream(source: Source) -> Followed:
    """Bring the bills that a source lists up to date with the ledger. Concurrent calls are safe."""
    total = Followed()
    if origin_of(source.kind):
        while _follow_batch(source, total):
            pass
    return total


def behind(source: Source) -> bool:
    """Whether the ledger has changed since this source was followed. Its cost does not grow with the changes."""
    return bool(origin_of(source.kind)) and changes.pending(_follower(source)).exists()


def _follower(source: Source) -> str:
    return f"bills:{source.pk}"


@transaction.atomic
def _follow_batch(source: Source, total: Followed) -> bool:
    """Process the next batch; whether there may be another one."""
    cursor = changes.lock(_follower(source))
    batch = changes.next_batch(cursor, BATCH, Q(source_ids__contains=[source.pk], merged_into=None))
    changes.move(cursor, batch.end)
    if batch.invoice_ids:
        total.looked_at += len(batch.invoice_ids)
        _refresh(source, _store_listings(source, batch.invoice_ids), total)
    return batch.more


def _store_listings(source: Source, invoice_ids: Collection[int]) -> set[str]:
    """Store the listings that the records of these invoices state; the numbers of the bills concerned before and
    after."""
    listings: dict[tuple[str, str], UpstreamListing] = {}
    records: set[str] = set()
    now = timezone.now()
    source_records = SourceRecord.objects.filter(source=source, invoice__in=invoice_ids)
    for external_id, invoice_id, text in source_records.values_list("external_id", "invoice_id", "record"):
        records.add(external_id)
        record = loads(text)
        for number in () if record.deleted else _numbers(record.claim, source.kind):
            listings[number, external_id] = UpstreamListing(
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
    stored = {(row.number, row.external_id): row for row in old}
    outdated = [row.pk for place, row in stored.items() if place not in listings]
    UpstreamListing.objects.filter(pk__in=outdated).delete()
    UpstreamListing.objects.bulk_create(
        listings.values(),
        update_conflicts=True,
        unique_fields=["source", "number", "external_id"],
        update_fields=["invoice", "expense_status", "person", "department", "seen_at"],
    )
    return {number for number, _external_id in stored.keys() | listings.keys()}


def _numbers(claim: ClaimRecord | None, source_kind: str) -> list[str]:
    """The bill numbers that a record names: the invoice cloud may name several."""
    bill_numbers = claim.bill_number if claim else ""
    parts = bill_numbers.split(", ") if source_kind == Origin.PIAOZONE else [bill_numbers]
    return [part.strip()[:_LONGEST_NUMBER] for part in parts if part.strip()]


@dataclass
class _Listed:
    """What a source lists on one bill: master id → expense status there; (person, department) → number of records."""

    invoices: dict[int, str] = field(default_factory=dict)
    people: Counter[tuple[str, str]] = field(default_factory=Counter)


def _refresh(source: Source, numbers: Collection[str], total: Followed) -> None:
    listed = _listed(source, numbers)
    bill_of = {bill.number: bill for bill in _locked_bills(source, numbers)}
    missing = [number for number in listed if number not in bill_of]
    created = _make(source, missing)
    total.bills += len(created)
    theirs = {
        bill.pk: bill for bill in [*bill_of.values(), *created] if not bill.is_own and bill.source_id == source.pk
    }
    counts = _settle(theirs, {bill.pk: listed.get(bill.number, _Listed()) for bill in theirs.values()})
    total.added += sum(added for added, _gone in counts.values())
    total.released += sum(gone for _added, gone in counts.values())
    _write_heads(source, theirs, listed, counts)
    judge_input_tax(theirs)
    own_bills = [bill for bill in bill_of.values() if bill.is_own]
    _link(source, own_bills, listed)


def _listed(source: Source, numbers: Collection[str]) -> dict[str, _Listed]:
    by_number: dict[str, _Listed] = defaultdict(_Listed)
    rows = list(UpstreamListing.objects.filter(source=source, number__in=numbers).order_by("pk"))
    masters = master_ids({row.invoice_id for row in rows})
    for row in rows:
        by_number[row.number].invoices[masters.get(row.invoice_id, row.invoice_id)] = row.expense_status
        by_number[row.number].people[row.person, row.department] += 1
    return dict(by_number)


def _locked_bills(source: Source, numbers: Collection[str]) -> Iterable[Bill]:
    """The bills of these numbers in the source's company, locked in order."""
    bills = Bill.objects.select_for_update(of=("self",)).filter(company=source.company_id, number__in=numbers)
    return bills.filter(Q(origin=Origin.OWN) | Q(source=source)).order_by("pk")


def _make(source: Source, numbers: Collection[str]) -> list[Bill]:
    taken = set(Bill.objects.filter(company=source.company_id, number__in=numbers).values_list("number", flat=True))
    connector, options = CONNECTORS[source.kind], filled_options(source.kind, source.options)
    # A number belongs to the upstream of the company that listed it first.
    new = [
        Bill(
            company_id=source.company_id,
            origin=origin_of(source.kind),
            source=source,
            number=number,
            type=connector.bill_type(number, options),
            state=states.State.SUBMITTED,
        )
        for number in sorted(set(numbers) - taken)
    ]
    made = Bill.objects.bulk_create(new)
    BillStep.objects.bulk_create(noted(bill, "upstream", None, "bills.was_seen", source=source.name) for bill in made)
    return made


def _settle(bills: Mapping[int, Bill], listed: Mapping[int, _Listed]) -> dict[int, tuple[int, int]]:
    """Make the invoices on these upstream bills those that are listed; bill id → (added, released)."""
    bill_invoices = list(live(BillInvoice.objects.filter(bill__in=bills)).order_by("pk"))
    masters = master_ids({bill_invoice.invoice_id for bill_invoice in bill_invoices})
    placed = {
        (bill_invoice.bill_id, masters.get(bill_invoice.invoice_id, bill_invoice.invoice_id)): bill_invoice
        for bill_invoice in bill_invoices
    }
    statuses = {
        (pk, invoice): status for pk, listed_bill in listed.items() for invoice, status in listed_bill.invoices.items()
    }
    gone = [bill_invoice for place, bill_invoice in placed.items() if place not in statuses]
    free(BillInvoice.objects.filter(pk__in=[bill_invoice.pk for bill_invoice in gone]), None)
    new = sorted(place for place in statuses if place not in placed)
    totals = dict(
        Invoice.objects.filter(pk__in={invoice for _pk, invoice in statuses}).values_list("pk", "total_amount")
    )
    _restate(placed, statuses, totals)
    touched = [
        *(invoice for _pk, invoice in new),
        *(masters[bill_invoice.invoice_id] for bill_invoice in bill_invoices if bill_invoice.contested),
    ]
    lock(set(touched))
    taken = {invoice for invoice, others in reservations_of(set(touched)).items() if others}
    _add(new, statuses, totals, taken)
    _uncontest(
        [bill_invoice for bill_invoice in bill_invoices if bill_invoice.contested and bill_invoice not in gone],
        masters,
        taken,
    )
    update_usage({invoice for _pk, invoice in statuses} | {bill_invoice.invoice_id for bill_invoice in bill_invoices})
    added, released = Counter(pk for pk, _invoice in new), Counter(bill_invoice.bill_id for bill_invoice in gone)
    return {pk: (added[pk], released[pk]) for pk in bills}


def _restate(
    placed: Mapping[tuple[int, int], BillInvoice],
    statuses: Mapping[tuple[int, int], str],
    totals: Mapping[int, Decimal | None],
) -> None:
    """Update state and amount of the bill invoices: the use upstream, and the present total of the ledger."""
    moved: list[BillInvoice] = []
    for (pk, invoice), bill_invoice in placed.items():
        if (pk, invoice) in statuses:
            stated = _used_as(statuses[pk, invoice]), totals.get(invoice)
            if stated != (bill_invoice.state, bill_invoice.amount):
                bill_invoice.state, bill_invoice.amount = stated
                moved.append(bill_invoice)
    BillInvoice.objects.bulk_update(moved, ["state", "amount"], batch_size=500)


def _add(
    new: Collection[tuple[int, int]],
    statuses: Mapping[tuple[int, int], str],
    totals: Mapping[int, Decimal | None],
    taken: set[int],
) -> None:
    """Adds to ``taken``: of two upstream bills with the same invoice the first one reserves it."""
    now, bill_invoices = timezone.now(), []
    for pk, invoice in new:
        state = _used_as(statuses[pk, invoice])
        values: dict[str, Any] = {"state": state, "amount": totals.get(invoice), "contested": invoice in taken}
        bill_invoices.append(BillInvoice(bill_id=pk, invoice_id=invoice, picked_at=now, **values))
        taken.add(invoice)
    BillInvoice.objects.bulk_create(bill_invoices)


def _uncontest(contested: Collection[BillInvoice], masters: Mapping[int, int], taken: set[int]) -> None:
    """Turn contested rows into reservations where no other bill has reserved the invoice any more."""
    free_now = []
    for bill_invoice in contested:
        invoice = masters[bill_invoice.invoice_id]
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
    """Update state, person and time of reading; record changed bills in their timeline."""
    now = timezone.now()
    moved: list[Bill] = []
    for bill in bills.values():
        listed_bill = listed.get(bill.number, _Listed())
        state = states.derived(Counter(listed_bill.invoices.values()))
        person, department = (
            listed_bill.people.most_common(1)[0][0] if listed_bill.people else (bill.employee, bill.department)
        )
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
    """Link bills of our own to this source, which lists the same number, so that both are compared."""
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
