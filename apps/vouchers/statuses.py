"""What becomes of a voucher's invoices upstream: booked with it, and back to what their bill says when it goes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Q

from apps.bills.choices import BillInvoiceState
from apps.bills.models import Bill, BillInvoice
from apps.invoices.masters import family_ids, master_ids
from apps.invoices.serial_numbers import serial_numbers
from apps.outbox.services import PushCommand
from apps.sources.choices import PushKind
from apps.sources.models import Source
from apps.sources.pushes import BillReference, BillType, PushedInvoice, UsageUpdate, VoucherReference
from apps.sources.records import ExpenseStatus

from .bookings import Booked, Turn
from .choices import VoucherState
from .models import Voucher, VoucherInvoice

# An invoice on a bill that another voucher books stays booked.
_STATUS_ON_BILL = {
    BillInvoiceState.RESERVED: ExpenseStatus.RESERVED,
    BillInvoiceState.USED: ExpenseStatus.USED,
    BillInvoiceState.BOOKED: ExpenseStatus.BOOKED,
}


def commands(turns: Sequence[Turn]) -> dict[int, list[PushCommand]]:
    """Usage updates for the system of each voucher's book, by voucher: of the invoices it books now, those on its bills
    too, and of those it no longer books.

    ``turns`` in the order in which they are queued. Must run in the vouchers' transaction, after ``bookings.follow``.
    Invoices that the system does not know are left out. As many statements for many vouchers as for one.
    """
    collected_turns = [(turn, turn.voucher.book.source) for turn in turns if turn.voucher.book.source]
    facts = _look_up(collected_turns)
    later: set[int] = set()  # living invoices that vouchers further on have booked until now, and free themselves
    commands: dict[int, list[PushCommand]] = {turn.voucher.pk: [] for turn in turns}
    for turn, source in reversed(collected_turns):
        commands[turn.voucher.pk] = _of_turn(turn, source, facts, later)
        later |= facts.living_of(turn.before.invoices)
    return commands


@dataclass(frozen=True)
class _Facts:
    """All that ``commands`` needs to know of the invoices of some turns."""

    living: Mapping[int, int]  # invoice as it was named → the one that stands for it today
    on_bills: Mapping[int, set[int]]  # bill → invoices on it, as they were picked
    booked_by: Mapping[int, set[int]]  # living → booked vouchers that name it
    serials: Mapping[int, Mapping[int, str]]  # source id → master id → serial number
    bill_invoices: Mapping[int, BillInvoice]  # master id → how it lies on a bill
    links: Mapping[tuple[int, int], VoucherInvoice]  # (voucher, living) → what the voucher says of it
    bills: Mapping[int, Bill]

    def living_of(self, named: Iterable[int]) -> set[int]:
        return {self.living[pk] for pk in named if pk in self.living}

    def invoices(self, booked: Booked) -> set[int]:
        """Living invoices a voucher books, directly or through its bills."""
        return self.living_of(booked.invoices).union(*(self.living_of(self.on_bills[pk]) for pk in booked.bills))


def _look_up(turns: Sequence[tuple[Turn, Source]]) -> _Facts:
    sides = [booked for turn, _source in turns for booked in (turn.before, turn.now)]
    on_bills = _on_bills({pk for booked in sides for pk in booked.bills})
    named = set().union(*on_bills.values(), *(booked.invoices for booked in sides))
    living = master_ids(named)
    roots = set(living.values())
    members = family_ids(roots)
    booked_by: dict[int, set[int]] = defaultdict(set)
    links: dict[tuple[int, int], VoucherInvoice] = {}
    voucher_ids = {turn.voucher.pk for turn, _source in turns}
    booked_or_ours = Q(voucher__state=VoucherState.BOOKED) | Q(voucher__in=voucher_ids)
    rows = VoucherInvoice.objects.filter(booked_or_ours, invoice__in=members).annotate(state=F("voucher__state"))
    for link in rows.order_by("pk"):
        root = members[link.invoice_id]
        if link.state == VoucherState.BOOKED:
            booked_by[root].add(link.voucher_id)
        if link.voucher_id in voucher_ids:
            links.setdefault((link.voucher_id, root), link)
    bill_invoices = _bill_invoices(members)
    serials = serial_numbers(roots, {source.pk for _turn, source in turns})
    bills = Bill.objects.in_bulk({bill_invoice.bill_id for bill_invoice in bill_invoices.values()})
    return _Facts(living, on_bills, booked_by, serials, bill_invoices, links, bills)


def _of_turn(turn: Turn, source: Source, facts: _Facts, later: Collection[int]) -> list[PushCommand]:
    voucher = turn.voucher
    now = facts.invoices(turn.now)
    former = facts.invoices(turn.before) - now
    gone = {pk for pk in former if pk not in later and not facts.booked_by.get(pk, set()) - {voucher.pk}}
    pushed: dict[tuple[int, ExpenseStatus], list[PushedInvoice]] = defaultdict(list)
    for pk in sorted(now | gone):
        serial, bill_invoice = facts.serials[source.pk].get(pk), facts.bill_invoices.get(pk)
        if not serial:
            continue
        if pk in now:
            status = ExpenseStatus.BOOKED
        else:
            status = _STATUS_ON_BILL[BillInvoiceState(bill_invoice.state)] if bill_invoice else ExpenseStatus.UNUSED
        # The upstream sets the status of a bill as a whole: only a bill that the voucher books is named.
        named = bill_invoice is not None and bill_invoice.bill_id in turn.now.bills | turn.before.bills
        bill_id = bill_invoice.bill_id if named and bill_invoice else 0
        link = facts.links.get((voucher.pk, pk))
        pushed[bill_id, status].append(_decided(serial, link, bill_invoice) if pk in now else _bare(serial))
    ordering_keys = sorted(
        {f"bill:{facts.bill_invoices[pk].bill_id}" for pk in now | gone if pk in facts.bill_invoices}
    )
    return [
        PushCommand(
            source=source, company=voucher.book.company, kind=PushKind.INVOICE_STATUS,
            subject=f"voucher:{voucher.pk}", label=voucher.label, revision=voucher.revision,
            ordering_keys=ordering_keys,
            replaces=False,
            payload=usage_update(facts.bills.get(bill_id), voucher, status, invoices),
        )
        for (bill_id, status), invoices in pushed.items()
    ]  # fmt: skip


def usage_update(
    bill: Bill | None, voucher: Voucher, status: ExpenseStatus, invoices: Sequence[PushedInvoice]
) -> UsageUpdate:
    """``bill``: the one on which the invoices lie; None: the voucher names them without a bill."""
    return UsageUpdate(
        status=status,
        invoices=tuple(invoices),
        bill=BillReference(bill.number, bill.external_key, BillType(bill.type)) if bill else None,
        voucher=None if bill else VoucherReference(voucher.vouch_id, voucher.vouch_no),
    )


def _bare(serial: str) -> PushedInvoice:
    return PushedInvoice(serial_number=serial)


def _decided(serial: str, link: VoucherInvoice | None, bill_invoice: BillInvoice | None) -> PushedInvoice:
    """With what the voucher says of the input tax, or the bill where the voucher does not name the invoice."""
    if link is not None:
        deductible, tax, reason = link.deductible, link.deduction_tax, link.transfer_out_remark
    elif bill_invoice is not None and bill_invoice.deductible is not None:
        deductible, tax = bill_invoice.deductible, bill_invoice.input_tax
        reason = bill_invoice.transfer_out_reason
    else:
        return _bare(serial)
    return PushedInvoice(
        serial_number=serial,
        deductible=deductible,
        input_tax=tax if deductible else None,
        transfer_out_reason=reason,
    )


def _on_bills(bills: Collection[int]) -> dict[int, set[int]]:
    invoices: dict[int, set[int]] = defaultdict(set)
    live = BillInvoice.objects.filter(bill__in=bills, contested=False).exclude(state=BillInvoiceState.RELEASED)
    for bill, invoice in live.values_list("bill_id", "invoice_id") if bills else ():
        invoices[bill].add(invoice)
    return invoices


def _bill_invoices(members: Mapping[int, int]) -> dict[int, BillInvoice]:
    """Living invoice → how it lies on a bill. ``members``: it and what was merged into it → it."""
    live = BillInvoice.objects.filter(invoice__in=members, contested=False).exclude(state=BillInvoiceState.RELEASED)
    return {members[bill_invoice.invoice_id]: bill_invoice for bill_invoice in live.order_by("-pk")}
