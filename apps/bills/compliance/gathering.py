"""The facts of invoices on bills that the checks need, read in a fixed number of queries for any number of invoices.

An invoice that was merged since it was picked is replaced by its master.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import msgspec
from django.db import connection
from django.utils import timezone

from apps.accounts.models import Company
from apps.accounts.names import joined, name_columns
from apps.bills.amounts import BillAmounts
from apps.bills.choices import BillInvoiceState
from apps.bills.models import Bill, BillInvoice
from apps.bills.selectors import amounts_of
from apps.bills.states import State
from apps.invoices.masters import family_ids, master_ids
from apps.invoices.models import Invoice, InvoiceLine, SourceRecord
from apps.sources.records import ClaimRecord, ExpenseStatus

from .facts import BillFacts, Elsewhere, InvoiceFacts, Neighbour
from .folding import nearby

_USED = (ExpenseStatus.USED, ExpenseStatus.BOOKED)
_BEFORE_APPROVAL = (State.DRAFT, State.SUBMITTED)
# Each step looks rows up by an index for every row of the step before. OFFSET 0 keeps PostgreSQL from joining in
# another order: right after a first import its statistics describe all tables as empty.
_NEIGHBOURS = """
SELECT DISTINCT a.id, a.distance, a.number, reserving.number, reserving.company_id
  FROM unnest(%(ids)s::bigint[], %(sellers)s::bigint[], %(codes)s::text[], %(numbers)s::text[],
              %(distances)s::int[]) AS a(id, seller, code, number, distance)
 CROSS JOIN LATERAL (
    SELECT i.id, i.seller_id FROM invoices_invoice i
     WHERE a.code IS NULL AND i.digital_number = a.number AND i.digital_number <> ''
       AND i.merged_into_id IS DISTINCT FROM a.id
    UNION ALL
    SELECT i.id, i.seller_id FROM invoices_invoice i
     WHERE i.number = a.number AND i.code = a.code AND i.digital_number = ''
       AND i.merged_into_id IS DISTINCT FROM a.id
    OFFSET 0) AS near
 CROSS JOIN LATERAL (
    SELECT b.number, b.company_id FROM bills_billinvoice u JOIN bills_bill b ON b.id = u.bill_id
     WHERE u.invoice_id = near.id AND u.state <> 'released'
    OFFSET 0) AS reserving
 WHERE a.seller IS NULL AND near.seller_id IS NULL
    OR EXISTS (SELECT FROM invoices_party mine, invoices_party other
                WHERE mine.id = a.seller AND other.id = near.seller_id
                  AND (mine.id = other.id OR mine.folded = other.folded
                       OR mine.tax_no <> '' AND mine.tax_no = other.tax_no))
 ORDER BY a.id, a.distance, a.number
"""


class _RecordPart(msgspec.Struct, frozen=True):
    """The part of an invoice record that the checks read."""

    expense_status: ExpenseStatus = ExpenseStatus.UNKNOWN
    claim: ClaimRecord | None = None
    machine_number: str = ""


_record_part = msgspec.json.Decoder(_RecordPart)


@dataclass(frozen=True)
class _FromSource:
    """A source's record of an invoice, and the company of the source."""

    source_id: int
    source: str
    company_id: int
    record: _RecordPart


class _Reservation(NamedTuple):
    """A bill that has reserved an invoice."""

    bill_id: int
    number: str
    employee: str
    company_id: int
    shared: bool
    picked_by: str


@dataclass(frozen=True)
class Gathered:
    """An invoice on a bill and its facts. ``invoice_id``: the master of the invoice."""

    bill_invoice: BillInvoice
    invoice_id: int
    invoice: InvoiceFacts
    bill: BillFacts


def gather(
    bill_invoices: Sequence[BillInvoice], bills: Mapping[int, BillFacts], reach: int, visible: Collection[int] | None
) -> list[Gathered]:
    """The facts of these bill invoices, in their order. ``bills``: the facts of their bills (``facts_of_bills``);
    ``reach``: how far apart numbers may be to be neighbours; ``visible``: the companies the reader may see, None for
    all. They come with ``invoice.buyer`` and ``invoice.seller`` loaded."""
    invoices = _master_invoices(bill_invoices)
    members = family_ids({invoice.pk for invoice in invoices.values()})
    goods, from_sources = _goods(members), _from_sources(members)
    reservations = _reservations(members, bill_invoices)
    beside = _neighbours({invoice.pk: invoice for invoice in invoices.values()}.values(), reach, visible)
    gathered = []
    for bill_invoice in bill_invoices:
        invoice = invoices[bill_invoice.pk]
        records = from_sources.get(invoice.pk, ())
        facts = _invoice_facts(
            invoice,
            deducted=bill_invoice.input_tax if bill_invoice.deductible else None,
            goods=tuple(goods.get(invoice.pk, ())),
            machine_numbers=tuple(sorted({one.record.machine_number for one in records} - {""})),
            elsewhere=_elsewhere(bill_invoice, reservations.get(invoice.pk, ()), records, visible),
            neighbours=tuple(beside.get(invoice.pk, ())),
        )
        gathered.append(Gathered(bill_invoice, invoice.pk, facts, bills[bill_invoice.bill_id]))
    return gathered


def facts_of_bills(bills: Sequence[Bill]) -> dict[int, BillFacts]:
    """Bill id → its facts, for bills with ``company`` loaded. Two queries."""
    amounts = amounts_of(bills)
    return {bill.pk: _bill_facts(bill, amounts[bill.pk]) for bill in bills}


def _bill_facts(bill: Bill, amounts: BillAmounts) -> BillFacts:
    company: Company = bill.company
    names = (company.name, *company.former_names)
    return BillFacts(names, company.tax_no, _claimed_on(bill), bill.payee, bill.is_own, amounts)


def _claimed_on(bill: Bill) -> date:
    """The day from which the age of an invoice is counted: of submitting; today for a draft of ours; for bills of an
    upstream the bill's own date."""
    if bill.submitted_at is not None:
        return timezone.localdate(bill.submitted_at)
    if bill.is_own:
        return timezone.localdate()
    return bill.bill_date or timezone.localdate(bill.created_at)


def _master_invoices(bill_invoices: Sequence[BillInvoice]) -> dict[int, Invoice]:
    """Bill invoice id → the master of its invoice, which is the invoice itself unless it was merged since."""
    masters = master_ids({bill_invoice.invoice_id for bill_invoice in bill_invoices})
    merged_into = {master for picked, master in masters.items() if picked != master}
    rows = Invoice.objects.select_related("buyer", "seller").defer("travel", "remark")
    replacements = rows.in_bulk(merged_into) if merged_into else {}
    return {
        bill_invoice.pk: replacements.get(
            masters.get(bill_invoice.invoice_id, bill_invoice.invoice_id), bill_invoice.invoice
        )
        for bill_invoice in bill_invoices
    }


def _invoice_facts(
    invoice: Invoice,
    *,
    deducted: Decimal | None,
    goods: tuple[str, ...],
    machine_numbers: tuple[str, ...],
    elsewhere: tuple[Elsewhere, ...],
    neighbours: tuple[Neighbour, ...],
) -> InvoiceFacts:
    buyer, seller = invoice.buyer, invoice.seller
    return InvoiceFacts(
        number=invoice.digital_number or invoice.number,
        kind=invoice.kind,
        direction=invoice.direction,
        issue_date=invoice.issue_date,
        amount_excl_tax=invoice.amount_excl_tax,
        tax_amount=invoice.tax_amount,
        deducted=deducted,
        total_amount=invoice.total_amount,
        buyer_name=buyer.name if buyer else "",
        buyer_tax_no=buyer.tax_no if buyer else "",
        seller_name=seller.name if seller else "",
        seller_tax_no=seller.tax_no if seller else "",
        status=invoice.status,
        verification=invoice.verification,
        flags=frozenset(invoice.flags),
        goods=goods,
        machine_numbers=machine_numbers,
        elsewhere=elsewhere,
        neighbours=neighbours,
    )


def _goods(members: Mapping[int, int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    masters = set(members.values())
    rows = InvoiceLine.objects.filter(invoice__in=masters).exclude(name="").order_by("invoice_id", "position")
    for pk, name in rows.values_list("invoice_id", "name"):
        names[pk].append(name)
    return names


def _from_sources(members: Mapping[int, int]) -> dict[int, list[_FromSource]]:
    by_invoice: dict[int, list[_FromSource]] = defaultdict(list)
    rows = SourceRecord.objects.filter(invoice__in=members, deleted=False).order_by("source_id", "external_id")
    values = ("invoice_id", "source_id", "source__name", "source__company_id", "record")
    for pk, source_id, source, company_id, record in rows.values_list(*values):
        part = _record_part.decode(record)
        by_invoice[members[pk]].append(_FromSource(source_id, source, company_id, part))
    return by_invoice


def _reservations(members: Mapping[int, int], bill_invoices: Sequence[BillInvoice]) -> dict[int, list[_Reservation]]:
    """The bills that have reserved these invoices. For a single bill, its own reservations are left out."""
    live = BillInvoice.objects.filter(invoice__in=members).exclude(state=BillInvoiceState.RELEASED)
    bill_ids = {bill_invoice.bill_id for bill_invoice in bill_invoices}
    if len(bill_ids) == 1:
        live = live.exclude(bill__in=bill_ids)
    by_invoice: dict[int, list[_Reservation]] = defaultdict(list)
    values = ("bill_id", "bill__number", "bill__employee", "bill__company_id", "shared", *name_columns("picked_by"))
    for pk, bill_id, number, employee, company_id, shared, *name in live.order_by("pk").values_list(
        "invoice_id", *values
    ):
        by_invoice[members[pk]].append(_Reservation(bill_id, number, employee, company_id, shared, joined(*name)))
    return by_invoice


def _elsewhere(
    bill_invoice: BillInvoice,
    reservations: Sequence[_Reservation],
    records: Sequence[_FromSource],
    visible: Collection[int] | None,
) -> tuple[Elsewhere, ...]:
    """Other uses of the invoice: by other bills in this database, and by bills that sources name. Two bills that share
    an invoice by amount do not count."""
    bill, others = bill_invoice.bill, {}
    listed = {bill.number}
    for other in reservations:
        if other.bill_id == bill.pk or (bill_invoice.shared and other.shared):
            continue
        hidden, key = _hidden(other.company_id, visible), f"bill:{other.bill_id}"
        others[key] = Elsewhere(key, other.number, other.employee or other.picked_by, hidden)
        listed.add(other.number)
    for one in records:
        for key, number, reserved_by in _claims(one, bill):
            if number not in listed:
                others[key] = Elsewhere(key, number, reserved_by, _hidden(one.company_id, visible))
                listed.add(number or key)
    return tuple(others.values())


def _claims(one: _FromSource, bill: Bill) -> list[tuple[str, str, str]]:
    """(key, bill number, who uses it) for each bill that a source names, or for the source itself when it names
    none."""
    claim, status = one.record.claim, one.record.expense_status
    bill_numbers = claim.bill_number if claim else ""
    if bill_numbers and status != ExpenseStatus.UNUSED:
        numbers = [part.strip() for part in bill_numbers.split(", ")]
        reserved_by = (claim.person if claim else "") or one.source
        return [(f"claim:{one.source_id}:{number}", number, reserved_by) for number in numbers if number]
    # A source may report the invoice as used because of our own push: the bill's own system receives one when the bill
    # is submitted (an approval may have been taken back since), the others when it is approved.
    is_bills_source = bill.source_id == one.source_id
    not_pushed = State(bill.state) == State.DRAFT if is_bills_source else State(bill.state) in _BEFORE_APPROVAL
    if not bill_numbers and status in _USED and not_pushed and bill.is_own:
        return [(f"source:{one.source_id}", "", one.source)]
    return []


def _hidden(company_id: int, visible: Collection[int] | None) -> bool:
    return visible is not None and company_id not in visible


def _neighbours(
    invoices: Collection[Invoice], reach: int, visible: Collection[int] | None
) -> dict[int, list[Neighbour]]:
    """Invoice id → invoices of its seller on any bill whose number differs by at most ``reach``, the nearest first."""
    candidates = [
        (invoice.pk, invoice.seller_id, None if invoice.digital_number else invoice.code, number, distance)
        for invoice in invoices
        for number, distance in nearby(invoice.digital_number or invoice.number, reach)
    ]
    if not candidates:
        return {}
    ids, sellers, codes, numbers, distances = (list(column) for column in zip(*candidates, strict=True))
    parameters = {"ids": ids, "sellers": sellers, "codes": codes, "numbers": numbers, "distances": distances}
    neighbours: dict[int, list[Neighbour]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_NEIGHBOURS, parameters)
        for pk, distance, number, bill, company_id in cursor.fetchall():
            neighbours[pk].append(Neighbour(number, distance, bill, _hidden(company_id, visible)))
    return neighbours
