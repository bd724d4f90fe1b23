"""What becomes of a voucher's invoices upstream: booked with it, and back to what their bill says when it goes."""

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from apps.accounts.models import User
from apps.bills.choices import UseState
from apps.bills.models import Bill, InvoiceUse
from apps.invoices import standing
from apps.outbox import services as outbox
from apps.sources.choices import PushKind

from . import selectors
from .bookings import Booked, booked_by
from .choices import VoucherState
from .models import Voucher, VoucherInvoice

BOOKED, UNUSED = "65", "1"
# What the vendor calls the states of a use; a bill that is booked by another voucher keeps its invoices booked.
_OF_USE = {UseState.HELD: "30", UseState.USED: "60", UseState.BOOKED: BOOKED}


def queue_statuses(voucher: Voucher, before: Booked, user: User | None) -> None:
    """Tell the system of the voucher's book of the invoices it books now, those on its bills too, and of those it no
    longer books.

    Must run in the voucher's transaction, after ``bookings.follow``. Invoices that system does not know are left out.
    """
    source = voucher.book.source
    if source is None:
        return
    booked = booked_by(voucher)
    now = _invoices(booked)
    gone = _invoices(before) - now
    if not now and not gone:
        return
    gone -= _booked_elsewhere(voucher, gone)
    serials = selectors.serial_numbers(now | gone, [source.pk])
    uses = _uses(now | gone)
    links = {link.invoice_id: link for link in voucher.invoice_links.all()}
    told: dict[tuple[int, str], list[dict[str, str]]] = defaultdict(list)
    for pk in sorted(now | gone):
        serial, use = serials.get((source.pk, pk)), uses.get(pk)
        if not serial:
            continue
        status = BOOKED if pk in now else (_OF_USE[UseState(use.state)] if use else UNUSED)
        # The vendor sets a bill as a whole: only one the voucher books is named.
        on = use.bill_id if use and use.bill_id in booked.bills | before.bills else 0
        told[on, status].append({"serialNo": serial} | (_deduction(links.get(pk), use) if pk in now else {}))
    bills = Bill.objects.in_bulk({on for on, _status in told})
    lanes = [f"bill:{use.bill_id}" for use in uses.values()]
    for (on, status), invoices in told.items():
        outbox.queue(
            source=source, company=voucher.book.company, kind=PushKind.INVOICE_STATUS, subject=f"voucher:{voucher.pk}",
            label=str(voucher), payload=status_payload(bills.get(on, voucher), status, invoices),
            revision=voucher.revision, lanes=lanes, replaces=False, user=user,
        )  # fmt: skip


def status_payload(on: Bill | Voucher, status: str, invoices: list[dict[str, str]]) -> dict[str, Any]:
    """The body of a status update; ``on``: the bill they lie on. The vendor wants one: where there is none, the voucher
    itself stands for it."""
    if isinstance(on, Bill):
        named = {"billnumber": on.number, "bxd_key": on.bxd_key, "billTypeId": on.type}
    else:
        named = {"billnumber": on.vouch_no, "bxd_key": on.vouch_id, "billTypeId": "VOUCHER"}
    return {**named, "expenseStatus": status, "invoiceData": invoices}


def _deduction(link: VoucherInvoice | None, use: InvoiceUse | None) -> dict[str, str]:
    """What the voucher says of the input tax; what the bill says where the voucher does not name the invoice."""
    if link is not None:
        deductible, tax, reason = link.deductible, link.deduction_tax, link.transfer_out_remark
    elif use is not None and use.deductible is not None:
        deductible, tax, reason = use.deductible, use.input_tax, use.transfer_out_reason
    else:
        return {}
    amount = tax if deductible and tax is not None else Decimal(0)
    return {"canBeDeduction": "1" if deductible else "0", "entryAmount": f"{amount:.2f}", "outputReason": reason}


def _invoices(booked: Booked) -> set[int]:
    """Living invoices a voucher books, directly or through its bills."""
    named = set(booked.invoices)
    if booked.bills:
        live = InvoiceUse.objects.filter(bill__in=booked.bills, contested=False).exclude(state=UseState.RELEASED)
        named |= set(live.values_list("invoice_id", flat=True))
    return set(standing.living(named).values()) if named else set()


def _booked_elsewhere(voucher: Voucher, invoices: Collection[int]) -> set[int]:
    """Those of these living invoices that another booked voucher names."""
    members = standing.families(invoices)
    others = VoucherInvoice.objects.filter(invoice__in=members, voucher__state=VoucherState.BOOKED)
    return {members[pk] for pk in others.exclude(voucher=voucher).values_list("invoice_id", flat=True)}


def _uses(invoices: Collection[int]) -> dict[int, InvoiceUse]:
    """Living invoice → the use that holds it."""
    members = standing.families(invoices)
    uses = InvoiceUse.objects.filter(invoice__in=members, contested=False).exclude(state=UseState.RELEASED)
    return {members[use.invoice_id]: use for use in uses.order_by("-pk")}
