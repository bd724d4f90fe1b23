"""What a booked voucher means for the bills and invoices it names: they are booked with it, and return when it goes."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.bills import services as bill_services
from apps.bills.choices import BillState, Origin
from apps.bills.models import Bill
from apps.invoices import standing
from apps.invoices.choices import Expense

from .choices import VoucherState
from .models import Voucher, VoucherBill, VoucherInvoice

_SAID_BY = "vouchers"


@dataclass(frozen=True)
class Booked:
    """Ids of what a voucher books at a moment."""

    bills: frozenset[int] = frozenset()
    invoices: frozenset[int] = frozenset()


def booked_by(voucher: Voucher) -> Booked:
    """Nothing, unless it is a booked voucher."""
    if voucher._state.adding or voucher.state != VoucherState.BOOKED:
        return Booked()
    return Booked(
        frozenset(voucher.bill_links.values_list("bill_id", flat=True)),
        frozenset(voucher.invoice_links.values_list("invoice_id", flat=True)),
    )


def follow(voucher: Voucher, before: Booked, user: User | None) -> None:
    """Let bills and invoices follow a voucher that has just been saved; ``before`` is what it booked until then.

    Bills of an upstream follow that system, not us. Must run in the voucher's transaction.
    """
    now = booked_by(voucher)
    own = Bill.objects.filter(origin=Origin.OWN).order_by("pk")
    for bill in own.filter(pk__in=now.bills - before.bills, state=BillState.APPROVED):
        bill_services.book(bill, user, tell=_told_by_bill(voucher, bill))
    elsewhere = VoucherBill.objects.filter(voucher__state=VoucherState.BOOKED).exclude(voucher=voucher)
    gone = own.filter(pk__in=before.bills - now.bills, state=BillState.BOOKED)
    for bill in gone.exclude(pk__in=elsewhere.values("bill")):
        reason = _("Voucher %(voucher)s no longer books it.") % {"voucher": voucher}
        bill_services.unbook(bill, user, reason, tell=_told_by_bill(voucher, bill))
    _tell_ledger(voucher, before, now)


def _told_by_bill(voucher: Voucher, bill: Bill) -> bool:
    """Whether the bill's own system is another one than the voucher's, which ``statuses`` tells of its invoices."""
    return bill.source_id != voucher.book.source_id


def _tell_ledger(voucher: Voucher, before: Booked, now: Booked) -> None:
    gone = before.invoices - now.invoices
    others = VoucherInvoice.objects.filter(invoice__in=gone, voucher__state=VoucherState.BOOKED)
    kept = set(others.exclude(voucher=voucher).values_list("invoice_id", flat=True))
    statuses: dict[int, str] = dict.fromkeys(sorted(now.invoices - before.invoices), Expense.BOOKED.value)
    standing.say(_SAID_BY, statuses | dict.fromkeys(sorted(gone - kept), Expense.UNUSED.value))
