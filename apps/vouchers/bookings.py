"""Sets bills and invoices to booked when a voucher books them, and back when the voucher no longer does.

A reversal books nothing: it ends what the voucher that it reverses books, as long as the reversal itself is booked.

Every function takes many vouchers and runs as many statements as for one.
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
from .selectors import books_its_bills

_PROVIDER = "vouchers"


@dataclass(frozen=True)
class Booked:
    """Ids of the bills and invoices that a voucher books."""

    bills: frozenset[int] = frozenset()
    invoices: frozenset[int] = frozenset()


@dataclass(frozen=True)
class BookingChange:
    """A voucher that has just been saved, with what it booked before and what it books now."""

    voucher: Voucher
    before: Booked
    now: Booked


def references_of(vouchers: Sequence[Voucher]) -> dict[int, Booked]:
    """Voucher id → bills and invoices linked to it, whatever its state."""
    ids = [voucher.pk for voucher in vouchers]
    bills, invoices = defaultdict(set), defaultdict(set)
    for voucher, bill in VoucherBill.objects.filter(voucher__in=ids).values_list("voucher_id", "bill_id"):
        bills[voucher].add(bill)
    for voucher, invoice in VoucherInvoice.objects.filter(voucher__in=ids).values_list("voucher_id", "invoice_id"):
        invoices[voucher].add(invoice)
    return {pk: Booked(frozenset(bills[pk]), frozenset(invoices[pk])) for pk in ids}


def booked_by(vouchers: Sequence[Voucher]) -> dict[int, Booked]:
    """Voucher id → bills and invoices that it books; empty for one that is not booked, reverses another or is
    reversed."""
    references = after_booking([voucher for voucher in vouchers if voucher.state == VoucherState.BOOKED])
    return {voucher.pk: references.get(voucher.pk, Booked()) for voucher in vouchers}


def after_booking(vouchers: Sequence[Voucher]) -> dict[int, Booked]:
    """Voucher id → bills and invoices that it books once it is booked; empty for a reversal and a reversed one."""
    candidates = [voucher for voucher in vouchers if voucher.reversal_of_id is None]
    booked = [voucher.pk for voucher in candidates if voucher.state == VoucherState.BOOKED]
    rows = Voucher.objects.filter(reversal_of__in=booked, state=VoucherState.BOOKED)
    ended = set(rows.values_list("reversal_of_id", flat=True)) if booked else set()
    references = references_of([voucher for voucher in candidates if voucher.pk not in ended])
    return {voucher.pk: references.get(voucher.pk, Booked()) for voucher in vouchers}


def apply_changes(changes: Sequence[BookingChange], user: User | None) -> None:
    """Book and unbook bills and invoices after vouchers were saved.

    The state of a bill that an upstream system owns stays with that system. Must run in the vouchers' transaction.
    """
    added = {pk: change.voucher for change in changes for pk in change.now.bills - change.before.bills}
    removed = {pk: change.voucher for change in changes for pk in change.before.bills - change.now.bills}
    covered = _covered_by_voucher(added | removed)
    bill_services.book_all(added, user, covered)
    kept = VoucherBill.objects.filter(books_its_bills("voucher"), bill__in=removed)
    for pk in set(kept.values_list("bill_id", flat=True)) if removed else ():
        del removed[pk]
    bill_services.unbook_all({pk: voucher.name for pk, voucher in removed.items()}, user, covered)
    _update_usage(changes)


def _covered_by_voucher(vouchers_by_bill: dict[int, Voucher]) -> set[int]:
    """Bills of the same source as their voucher: ``statuses`` already pushes the usage of their invoices."""
    sources = Bill.objects.filter(pk__in=vouchers_by_bill).values_list("pk", "source_id") if vouchers_by_bill else ()
    return {pk for pk, source in sources if source == vouchers_by_bill[pk].book.source_id}


def _update_usage(changes: Sequence[BookingChange]) -> None:
    before = frozenset[int]().union(*(change.before.invoices for change in changes))
    now = frozenset[int]().union(*(change.now.invoices for change in changes))
    gone = before - now
    others = VoucherInvoice.objects.filter(books_its_bills("voucher"), invoice__in=gone)
    kept = set(others.values_list("invoice_id", flat=True)) if gone else set()
    statuses: dict[int, str] = dict.fromkeys(sorted(now - before), Expense.BOOKED.value)
    usage.set_usage(_PROVIDER, statuses | dict.fromkeys(sorted(gone - kept), Expense.UNUSED.value))
