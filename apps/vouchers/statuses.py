"""Makes the usage updates of a voucher's invoices: booked with the voucher, and back to the usage on their bill."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from apps.bills.choices import BillInvoiceState
from apps.bills.models import Bill, BillInvoice
from apps.invoices.masters import family_ids, master_ids
from apps.invoices.serial_numbers import serial_numbers
from apps.outbox.services import PushCommand
from apps.sources.choices import PushKind
from apps.sources.models import Source
from apps.sources.pushes import BillReference, BillType, PushedInvoice, UsageUpdate, VoucherReference
from apps.sources.records import ExpenseStatus

from .bookings import Booked, BookingChange
from .models import Voucher, VoucherInvoice
from .selectors import books_its_bills

# Usage of an invoice that the voucher no longer books. A bill that another voucher books stays booked.
_STATUS_ON_BILL = {
    BillInvoiceState.RESERVED: ExpenseStatus.RESERVED,
    BillInvoiceState.USED: ExpenseStatus.USED,
    BillInvoiceState.BOOKED: ExpenseStatus.BOOKED,
}


def commands(changes: Sequence[BookingChange]) -> dict[int, list[PushCommand]]:
    """Voucher → usage updates for the source of its book: of the invoices that it books now, directly or through its
    bills, and of those that it no longer books.

    ``changes``: in the order in which they are queued. Must run in the vouchers' transaction, after
    ``bookings.apply_changes``. Invoices that the source does not know are left out. As many statements for many
    vouchers as for one.
    """
    with_source = [(change, change.voucher.book.source) for change in changes if change.voucher.book.source]
    lookup = _look_up(with_source)
    later: set[int] = set()  # masters that later vouchers of the sequence booked before, and update themselves
    commands: dict[int, list[PushCommand]] = {change.voucher.pk: [] for change in changes}
    for change, source in reversed(with_source):
        commands[change.voucher.pk] = _of_change(change, source, lookup, later)
        later |= lookup.masters_of(change.before.invoices)
    return commands


@dataclass(frozen=True)
class _InvoiceLookup:
    """The invoices and bills of some changes, as ``commands`` needs them."""

    masters: Mapping[int, int]  # linked invoice → its master
    on_bills: Mapping[int, set[int]]  # bill → invoices on it, not their masters
    booked_by: Mapping[int, set[int]]  # master → booked vouchers linked to it
    serials: Mapping[int, Mapping[int, str]]  # source id → master id → serial number
    bill_invoices: Mapping[int, BillInvoice]  # master id → its place on a bill
    links: Mapping[tuple[int, int], VoucherInvoice]  # (voucher, master) → link
    bills: Mapping[int, Bill]

    def masters_of(self, invoices: Iterable[int]) -> set[int]:
        return {self.masters[pk] for pk in invoices if pk in self.masters}

    def invoices(self, booked: Booked) -> set[int]:
        """Masters that a voucher books, directly or through its bills."""
        return self.masters_of(booked.invoices).union(*(self.masters_of(self.on_bills[pk]) for pk in booked.bills))


def _look_up(changes: Sequence[tuple[BookingChange, Source]]) -> _InvoiceLookup:
    sides = [booked for change, _source in changes for booked in (change.before, change.now)]
    on_bills = _on_bills({pk for booked in sides for pk in booked.bills})
    linked = set().union(*on_bills.values(), *(booked.invoices for booked in sides))
    masters = master_ids(linked)
    master_pks = set(masters.values())
    members = family_ids(master_pks)
    booked_by: dict[int, set[int]] = defaultdict(set)
    links: dict[tuple[int, int], VoucherInvoice] = {}
    voucher_ids = {change.voucher.pk for change, _source in changes}
    rows = VoucherInvoice.objects.filter(invoice__in=members).annotate(books=books_its_bills("voucher"))
    for link in rows.filter(Q(books=True) | Q(voucher__in=voucher_ids)).order_by("pk"):
        master = members[link.invoice_id]
        if link.books:
            booked_by[master].add(link.voucher_id)
        if link.voucher_id in voucher_ids:
            links.setdefault((link.voucher_id, master), link)
    bill_invoices = _bill_invoices(members)
    serials = serial_numbers(master_pks, {source.pk for _turn, source in changes})
    bills = Bill.objects.in_bulk({bill_invoice.bill_id for bill_invoice in bill_invoices.values()})
    return _InvoiceLookup(masters, on_bills, booked_by, serials, bill_invoices, links, bills)


def _of_change(
    change: BookingChange, source: Source, lookup: _InvoiceLookup, later: Collection[int]
) -> list[PushCommand]:
    voucher = change.voucher
    now = lookup.invoices(change.now)
    dropped = lookup.invoices(change.before) - now
    released = {pk for pk in dropped if pk not in later and not lookup.booked_by.get(pk, set()) - {voucher.pk}}
    pushed: dict[tuple[int, ExpenseStatus], list[PushedInvoice]] = defaultdict(list)
    for pk in sorted(now | released):
        serial, bill_invoice = lookup.serials[source.pk].get(pk), lookup.bill_invoices.get(pk)
        if not serial:
            continue
        if pk in now:
            status = ExpenseStatus.BOOKED
        else:
            status = _STATUS_ON_BILL[BillInvoiceState(bill_invoice.state)] if bill_invoice else ExpenseStatus.UNUSED
        # The upstream sets the status of a bill as a whole: only a bill that the voucher books is bill_is_booked.
        bill_is_booked = bill_invoice is not None and bill_invoice.bill_id in change.now.bills | change.before.bills
        bill_id = bill_invoice.bill_id if bill_is_booked and bill_invoice else 0
        link = lookup.links.get((voucher.pk, pk))
        pushed[bill_id, status].append(
            _with_deduction(serial, link, bill_invoice) if pk in now else _bare_invoice(serial)
        )
    ordering_keys = sorted(
        {f"bill:{lookup.bill_invoices[pk].bill_id}" for pk in now | released if pk in lookup.bill_invoices}
    )
    return [
        PushCommand(
            source=source, company=voucher.book.company, kind=PushKind.INVOICE_STATUS,
            subject=f"voucher:{voucher.pk}", label=voucher.label, revision=voucher.revision,
            ordering_keys=ordering_keys,
            replaces=False,
            payload=usage_update(lookup.bills.get(bill_id), voucher, status, invoices),
        )
        for (bill_id, status), invoices in pushed.items()
    ]  # fmt: skip


def usage_update(
    bill: Bill | None, voucher: Voucher, status: ExpenseStatus, invoices: Sequence[PushedInvoice]
) -> UsageUpdate:
    """``bill``: the bill that the invoices are on; None: they are on the voucher only."""
    return UsageUpdate(
        status=status,
        invoices=tuple(invoices),
        bill=BillReference(bill.number, bill.external_key, BillType(bill.type)) if bill else None,
        voucher=None if bill else VoucherReference(voucher.vouch_id, voucher.vouch_no),
    )


def _bare_invoice(serial: str) -> PushedInvoice:
    return PushedInvoice(serial_number=serial)


def _with_deduction(serial: str, link: VoucherInvoice | None, bill_invoice: BillInvoice | None) -> PushedInvoice:
    """With the deduction that the voucher states, or else the bill."""
    if link is not None:
        deductible, tax, reason = link.deductible, link.deduction_tax, link.transfer_out_remark
    elif bill_invoice is not None and bill_invoice.deductible is not None:
        deductible, tax = bill_invoice.deductible, bill_invoice.input_tax
        reason = bill_invoice.transfer_out_reason
    else:
        return _bare_invoice(serial)
    return PushedInvoice(
        serial_number=serial,
        deductible=deductible,
        input_tax=tax if deductible else None,
        transfer_out_reason=reason,
    )


def _on_bills(bills: Collection[int]) -> dict[int, set[int]]:
    invoices: dict[int, set[int]] = defaultdict(set)
    reserved = BillInvoice.objects.filter(bill__in=bills, contested=False).exclude(state=BillInvoiceState.RELEASED)
    for bill, invoice in reserved.values_list("bill_id", "invoice_id") if bills else ():
        invoices[bill].add(invoice)
    return invoices


def _bill_invoices(members: Mapping[int, int]) -> dict[int, BillInvoice]:
    """Master → its place on a bill. ``members``: invoice → master, for masters and what was merged into them."""
    reserved = BillInvoice.objects.filter(invoice__in=members, contested=False).exclude(state=BillInvoiceState.RELEASED)
    return {members[bill_invoice.invoice_id]: bill_invoice for bill_invoice in reserved.order_by("-pk")}
