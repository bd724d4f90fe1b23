"""What booked vouchers mean for the bills and invoices they name: they are booked with them, and return when they go.

All of it for many vouchers at once, in as many statements as for one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from apps.accounts.models import User
from apps.bills import services as bill_services
from apps.bills.models import Bill
from apps.invoices import usage
from apps.invoices.choices import Expense

from .choices import VoucherState
from .models import Voucher, VoucherBill, VoucherInvoice

_SAID_BY = "vouchers"


@dataclass(frozen=True)
class Booked:
    """Ids of what a voucher books at a moment."""

    bills: frozenset[int] = frozenset()
    invoices: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Turn:
    """A voucher that has just been saved: what it booked until then, and what it books now."""

    voucher: Voucher
    before: Booked
    now: Booked


def named_by(vouchers: Sequence[Voucher]) -> dict[int, Booked]:
    """What each of them names, by id, whether it is booked or not."""
    ids = [voucher.pk for voucher in vouchers]
    bills, invoices = defaultdict(set), defaultdict(set)
    for voucher, bill in VoucherBill.objects.filter(voucher__in=ids).values_list("voucher_id", "bill_id"):
        bills[voucher].add(bill)
    for voucher, invoice in VoucherInvoice.objects.filter(voucher__in=ids).values_list("voucher_id", "invoice_id"):
        invoices[voucher].add(invoice)
    return {pk: Booked(frozenset(bills[pk]), frozenset(invoices[pk])) for pk in ids}


def booked_by(vouchers: Sequence[Voucher]) -> dict[int, Booked]:
    """What each of them books, by id; nothing, unless it is a booked voucher."""
    named = named_by([voucher for voucher in vouchers if voucher.state == VoucherState.BOOKED])
    return {voucher.pk: named.get(voucher.pk, Booked()) for voucher in vouchers}


def follow(turns: Sequence[Turn], user: User | None) -> None:
    """Let bills and invoices follow vouchers that have just been saved.

    Bills of an upstream follow that system, not us. Must run in the vouchers' transaction.
    """
    taken = {pk: turn.voucher for turn in turns for pk in turn.now.bills - turn.before.bills}
    left = {pk: turn.voucher for turn in turns for pk in turn.before.bills - turn.now.bills}
    untold = _told_by_voucher(taken | left)
    bill_services.book_all(taken, user, untold)
    kept = VoucherBill.objects.filter(bill__in=left, voucher__state=VoucherState.BOOKED)
    for pk in set(kept.values_list("bill_id", flat=True)) if left else ():
        del left[pk]
    bill_services.unbook_all({pk: voucher.name for pk, voucher in left.items()}, user, untold)
    _tell_ledger(turns)


def _told_by_voucher(carriers: dict[int, Voucher]) -> set[int]:
    """Bills whose own system is that of their voucher, which ``statuses`` tells of its invoices."""
    sources = Bill.objects.filter(pk__in=carriers).values_list("pk", "source_id") if carriers else ()
    return {pk for pk, source in sources if source == carriers[pk].book.source_id}


def _tell_ledger(turns: Sequence[Turn]) -> None:
    before = frozenset[int]().union(*(turn.before.invoices for turn in turns))
    now = frozenset[int]().union(*(turn.now.invoices for turn in turns))
    gone = before - now
    others = VoucherInvoice.objects.filter(invoice__in=gone, voucher__state=VoucherState.BOOKED)
    kept = set(others.values_list("invoice_id", flat=True)) if gone else set()
    statuses: dict[int, str] = dict.fromkeys(sorted(now - before), Expense.BOOKED.value)
    usage.set_usage(_SAID_BY, statuses | dict.fromkeys(sorted(gone - kept), Expense.UNUSED.value))
