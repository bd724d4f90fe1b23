"""What becomes of a voucher's invoices upstream: booked with it, and back to what their bill says when it goes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q

from apps.bills.choices import BillInvoiceState
from apps.bills.models import Bill, BillInvoice
from apps.invoices import usage
from apps.outbox.services import PushCommand
from apps.sources.choices import PushKind
from apps.sources.models import Source

from . import selectors
from .bookings import Booked, Turn
from .choices import VoucherState
from .models import Voucher, VoucherInvoice

BOOKED, UNUSED = "65", "1"
# What the vendor calls the states of a use; a bill that is booked by another voucher keeps its invoices booked.
_OF_USE = {BillInvoiceState.RESERVED: "30", BillInvoiceState.USED: "60", BillInvoiceState.BOOKED: BOOKED}


def commands(turns: Sequence[Turn]) -> dict[int, list[PushCommand]]:
    """What the system of each voucher's book is to be told, by voucher: of the invoices it books now, those on its
    bills too, and of those it no longer books.

    ``turns`` in the order in which they are told. Must run in the vouchers' transaction, after ``bookings.follow``.
    Invoices that system does not know are left out. As many statements for many as for one.
    """
    told = [(turn, turn.voucher.book.source) for turn in turns if turn.voucher.book.source]
    found = _look_up(told)
    later: set[int] = set()  # living invoices that vouchers further on have booked until now, and free themselves
    commands: dict[int, list[PushCommand]] = {turn.voucher.pk: [] for turn in turns}
    for turn, source in reversed(told):
        commands[turn.voucher.pk] = _of_turn(turn, source, found, later)
        later |= found.living_of(turn.before.invoices)
    return commands


@dataclass(frozen=True)
class _Found:
    """Everything that is to be known of the invoices of some turns."""

    living: Mapping[int, int]  # invoice as it was named → the one that stands for it today
    on_bills: Mapping[int, set[int]]  # bill → invoices it holds, as they were picked
    booked_by: Mapping[int, set[int]]  # living → booked vouchers that name it
    serials: Mapping[tuple[int, int], str]  # (source, living) → serial number
    uses: Mapping[int, BillInvoice]  # living → the use that holds it
    links: Mapping[tuple[int, int], VoucherInvoice]  # (voucher, living) → what the voucher says of it
    bills: Mapping[int, Bill]

    def living_of(self, named: Iterable[int]) -> set[int]:
        return {self.living[pk] for pk in named if pk in self.living}

    def invoices(self, booked: Booked) -> set[int]:
        """Living invoices a voucher books, directly or through its bills."""
        return self.living_of(booked.invoices).union(*(self.living_of(self.on_bills[pk]) for pk in booked.bills))


def _look_up(told: Sequence[tuple[Turn, Source]]) -> _Found:
    sides = [booked for turn, _source in told for booked in (turn.before, turn.now)]
    on_bills = _on_bills({pk for booked in sides for pk in booked.bills})
    named = set().union(*on_bills.values(), *(booked.invoices for booked in sides))
    living = usage.living(named)
    roots = set(living.values())
    members = usage.families(roots)
    booked_by: dict[int, set[int]] = defaultdict(set)
    links: dict[tuple[int, int], VoucherInvoice] = {}
    ours = {turn.voucher.pk for turn, _source in told}
    told_of = Q(voucher__state=VoucherState.BOOKED) | Q(voucher__in=ours)
    rows = VoucherInvoice.objects.filter(told_of, invoice__in=members).annotate(state=F("voucher__state"))
    for link in rows.order_by("pk"):
        root = members[link.invoice_id]
        if link.state == VoucherState.BOOKED:
            booked_by[root].add(link.voucher_id)
        if link.voucher_id in ours:
            links.setdefault((link.voucher_id, root), link)
    uses = _uses(members)
    serials = selectors.serial_numbers(roots, {source.pk for _turn, source in told})
    bills = Bill.objects.in_bulk({use.bill_id for use in uses.values()})
    return _Found(living, on_bills, booked_by, serials, uses, links, bills)


def _of_turn(turn: Turn, source: Source, found: _Found, later: Collection[int]) -> list[PushCommand]:
    voucher = turn.voucher
    now = found.invoices(turn.now)
    gone = found.invoices(turn.before) - now
    gone = {pk for pk in gone if pk not in later and not found.booked_by.get(pk, set()) - {voucher.pk}}
    told: dict[tuple[int, str], list[dict[str, str]]] = defaultdict(list)
    for pk in sorted(now | gone):
        serial, use = found.serials.get((source.pk, pk)), found.uses.get(pk)
        if not serial:
            continue
        status = BOOKED if pk in now else (_OF_USE[BillInvoiceState(use.state)] if use else UNUSED)
        # The vendor sets a bill as a whole: only one the voucher books is named.
        on = use.bill_id if use and use.bill_id in turn.now.bills | turn.before.bills else 0
        deduction = _deduction(found.links.get((voucher.pk, pk)), use) if pk in now else {}
        told[on, status].append({"serialNo": serial} | deduction)
    ordering_keys = sorted({f"bill:{found.uses[pk].bill_id}" for pk in now | gone if pk in found.uses})
    return [
        PushCommand(
            source=source, company=voucher.book.company, kind=PushKind.INVOICE_STATUS,
            subject=f"voucher:{voucher.pk}", label=voucher.label, revision=voucher.revision,
            ordering_keys=ordering_keys,
            replaces=False,
            payload=status_payload(found.bills.get(on, voucher), status, invoices),
        )
        for (on, status), invoices in told.items()
    ]  # fmt: skip


def status_payload(on: Bill | Voucher, status: str, invoices: list[dict[str, str]]) -> dict[str, Any]:
    """The body of a status update; ``on``: the bill they lie on. The vendor wants one: where there is none, the voucher
    itself stands for it."""
    if isinstance(on, Bill):
        named = {"billnumber": on.number, "bxd_key": on.external_key, "billTypeId": on.type}
    else:
        named = {"billnumber": on.vouch_no, "bxd_key": on.vouch_id, "billTypeId": "VOUCHER"}
    return {**named, "expenseStatus": status, "invoiceData": invoices}


def _deduction(link: VoucherInvoice | None, use: BillInvoice | None) -> dict[str, str]:
    """What the voucher says of the input tax; what the bill says where the voucher does not name the invoice."""
    if link is not None:
        deductible, tax, reason = link.deductible, link.deduction_tax, link.transfer_out_remark
    elif use is not None and use.deductible is not None:
        deductible, tax, reason = use.deductible, use.input_tax, use.transfer_out_reason
    else:
        return {}
    amount = tax if deductible and tax is not None else Decimal(0)
    return {"canBeDeduction": "1" if deductible else "0", "entryAmount": f"{amount:.2f}", "outputReason": reason}


def _on_bills(bills: Collection[int]) -> dict[int, set[int]]:
    held: dict[int, set[int]] = defaultdict(set)
    live = BillInvoice.objects.filter(bill__in=bills, contested=False).exclude(state=BillInvoiceState.RELEASED)
    for bill, invoice in live.values_list("bill_id", "invoice_id") if bills else ():
        held[bill].add(invoice)
    return held


def _uses(members: Mapping[int, int]) -> dict[int, BillInvoice]:
    """Living invoice → the use that holds it. ``members``: it and what was merged into it → it."""
    uses = BillInvoice.objects.filter(invoice__in=members, contested=False).exclude(state=BillInvoiceState.RELEASED)
    return {members[use.invoice_id]: use for use in uses.order_by("-pk")}
