"""Creates, changes, discards and reopens vouchers. ``auditing``, ``pushing`` and ``closing`` have the other steps.

A change and the pushes it queues are one transaction. A change names the revision it was made on; it is refused when
the voucher has a newer one. Nothing changes in a closed period: closing takes the book's lock exclusively and every
change shares it, so that no change runs while a period closes.
"""

from django.db import transaction

from apps.accounts.models import User
from apps.core.errors import HubError

from . import bookings, corrections, locking, numbering, people, pushing, writing
from .choices import VoucherState
from .closing import close_period as close_period
from .closing import open_period as open_period
from .deductions import InvoiceLink as InvoiceLink
from .models import AccountBook, Voucher
from .states import Action
from .writing import Change as Change


def create(book: AccountBook, change: Change, user: User | None) -> Voucher:
    """Create a draft; any field may be missing, and the type is 记 unless it is given.

    Raises HubError ``voucher.period_closed`` or ``voucher.number_taken``.
    """
    voucher = writing.new_voucher(book, user)
    voucher.type = numbering.DEFAULT_TYPE
    with transaction.atomic():
        _write(voucher, change, user)
    return voucher


def update(pk: int, revision: int | None, change: Change, user: User | None) -> Voucher:
    """Change a voucher. ``revision``: the one the change was made on, None: any. A booked one is read-only, unless its
    book has ``collected_editable``; then it is queued again.

    Raises HubError when it changed meanwhile, is audited, booked or void, its period is closed or its number is taken;
    NotReady for a booked one with problems.
    """
    with transaction.atomic():
        voucher = locking.locked(pk, revision)
        before = bookings.booked_by([voucher])[voucher.pk]
        locking.require(voucher, Action.EDIT)
        if voucher.state == VoucherState.BOOKED:
            corrections.require_unreversed(voucher)
        voucher.revision += 1
        _write(voucher, change, user)
        if voucher.state == VoucherState.BOOKED:
            _require_number(voucher)
            pushing.send(voucher, before, user)
    return voucher


def discard(pk: int, revision: int | None) -> None:
    """Delete a draft that was never sent; history keeps it. Raises HubError for one that was sent, and for one with a
    number after which others are in use: it would leave a gap."""
    with transaction.atomic():
        voucher = locking.locked(pk, revision)
        locking.require(voucher, Action.DISCARD)
        locking.require_open(voucher.book_id, voucher.period)
        if voucher.ever_sent or voucher.collected_revision is not None:
            raise HubError("voucher.sent_before", voucher=voucher)
        numbering.lock([voucher.book_id])
        if not numbering.is_last(voucher):
            raise HubError("voucher.number_not_last", voucher=voucher)
        voucher.delete()


def reopen(pk: int, revision: int | None) -> Voucher:
    """Make a void voucher a draft again, which is to be audited anew. Raises HubError, as ``update`` does."""
    with transaction.atomic():
        voucher = locking.locked(pk, revision)
        voucher.state = locking.require(voucher, Action.REOPEN)
        corrections.require_reversible_again(voucher)
        locking.require_open(voucher.book_id, voucher.period)
        voucher.revision += 1
        for column in ("examiner", "reviewer"):
            people.clear([voucher], column)
        voucher.audited_by = voucher.audited_at = voucher.booked_by = None
        voucher.void_reason = ""
        locking.save(voucher)
    return voucher


def _write(voucher: Voucher, change: Change, user: User | None) -> None:
    for error in writing.write([(voucher, change)], user).values():
        raise error


def _require_number(voucher: Voucher) -> None:
    """Give a booked voucher that has left its series the next number of the new one."""
    if not voucher.vouch_no:
        numbering.lock([voucher.book_id])
        numbering.reserve([voucher])
