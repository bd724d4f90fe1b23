"""Creates, changes, discards and reopens vouchers; closes and opens periods.

A change and the pushes it queues are one transaction. A change names the revision it was made on; it is refused when
the voucher has a newer one. Nothing changes in a closed period: closing takes the book's lock exclusively and every
change shares it, so that no change runs while a period closes.
"""

from django.db import transaction

from apps.accounts.models import User
from apps.core.errors import HubError

from . import bookings, locking, pushing, selectors, writing
from .choices import VoucherState
from .deductions import InvoiceLink as InvoiceLink
from .models import AccountBook, ClosedPeriod, Voucher
from .states import Action
from .writing import Change as Change


def create(book: AccountBook, change: Change, user: User | None) -> Voucher:
    """Create a draft; any field may be missing.

    Raises HubError ``voucher.period_closed`` or ``voucher.number_taken``.
    """
    voucher = Voucher(book=book, created_by=user)
    with transaction.atomic():
        _write(voucher, change, user)
    return voucher


def update(pk: int, revision: int | None, change: Change, user: User | None) -> Voucher:
    """Change a voucher. ``revision``: the one the change was made on, None: any. A booked one is queued again.

    Raises HubError when it changed meanwhile, is void, its period is closed or its number is taken; NotReady for a
    booked one with problems.
    """
    with transaction.atomic():
        voucher = locking.locked(pk, revision)
        before = bookings.booked_by([voucher])[voucher.pk]
        locking.require(voucher, Action.EDIT)
        voucher.revision += 1
        _write(voucher, change, user)
        if voucher.state == VoucherState.BOOKED:
            pushing.send(voucher, before, user)
    return voucher


def discard(pk: int, revision: int | None) -> None:
    """Delete a draft that was never sent; history keeps it. Raises HubError for one that was sent."""
    with transaction.atomic():
        voucher = locking.locked(pk, revision)
        locking.require(voucher, Action.DISCARD)
        locking.require_open(voucher.book_id, voucher.period)
        if voucher.ever_sent or voucher.collected_revision is not None:
            raise HubError("voucher.sent_before", voucher=voucher)
        voucher.delete()


def reopen(pk: int, revision: int | None) -> Voucher:
    """Make a void voucher a draft again. Raises HubError, as ``update`` does."""
    with transaction.atomic():
        voucher = locking.locked(pk, revision)
        voucher.state = locking.require(voucher, Action.REOPEN)
        locking.require_open(voucher.book_id, voucher.period)
        voucher.revision += 1
        locking.save(voucher)
    return voucher


def close_period(book: AccountBook, period: str, user: User | None) -> ClosedPeriod:
    """Close a period for all changes. Raises HubError while vouchers of it are drafts or not collected."""
    with transaction.atomic():
        writing.lock_books([book.pk], exclusive=True)
        unfinished = selectors.unfinished(book, period).count()
        if unfinished:
            raise HubError("voucher.period_with_open_work", period=period, book=book, count=unfinished)
        return ClosedPeriod.objects.get_or_create(book=book, period=period, defaults={"closed_by": user})[0]


def open_period(book: AccountBook, period: str) -> bool:
    """Open a closed period again; False when it was open."""
    with transaction.atomic():
        writing.lock_books([book.pk], exclusive=True)
        return bool(ClosedPeriod.objects.filter(book=book, period=period).delete()[0])


def _write(voucher: Voucher, change: Change, user: User | None) -> None:
    for error in writing.write([(voucher, change)], user).values():
        raise error
