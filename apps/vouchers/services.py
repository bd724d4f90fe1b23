"""What people and programs do to vouchers. Every change is one transaction with what it tells the upstream system.

A change says which version it was made on; an older one is refused. Nothing changes in a closed period: closing takes
the book's lock alone, every change shares it, so neither can slip past the other.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import HubError
from apps.core.messages import Message

from . import bookings, selectors, writing
from .choices import VoucherState
from .models import AccountBook, ClosedPeriod, Voucher
from .states import Action, after
from .writing import Change as Change
from .writing import InvoiceLink as InvoiceLink


def create(book: AccountBook, change: Change, user: User | None) -> Voucher:
    """A new draft; it may lack anything. Raises HubError ``voucher.period_closed`` or ``voucher.number_taken``."""
    voucher = Voucher(book=book, created_by=user)
    with transaction.atomic():
        _write(voucher, change, user)
    return voucher


def update(pk: int, revision: int | None, change: Change, user: User | None) -> Voucher:
    """Change a voucher as it was at ``revision`` (None: whatever it is now). A booked one is queued again.

    Raises HubError: changed meanwhile, void, period closed, number taken; NotReady for a booked one with problems.
    """
    from . import pushing  # it calls back for the lock and the checks of this module

    with transaction.atomic():
        voucher = locked(pk, revision)
        before = bookings.booked_by([voucher])[voucher.pk]
        require(voucher, Action.EDIT)
        voucher.revision += 1
        _write(voucher, change, user)
        if voucher.state == VoucherState.BOOKED:
            pushing.send(voucher, before, user)
    return voucher


def discard(pk: int, revision: int | None) -> None:
    """Remove a draft that was never sent; one that was is voided instead. History keeps it."""
    with transaction.atomic():
        voucher = locked(pk, revision)
        require(voucher, Action.DISCARD)
        require_open(voucher.book_id, voucher.period)
        if voucher.ever_sent or voucher.collected_revision is not None:
            raise HubError("voucher.sent_before", voucher=voucher)
        voucher.delete()


def reopen(pk: int, revision: int | None) -> Voucher:
    """Make a void voucher a draft again."""
    with transaction.atomic():
        voucher = locked(pk, revision)
        voucher.state = require(voucher, Action.REOPEN)
        require_open(voucher.book_id, voucher.period)
        voucher.revision += 1
        save(voucher)
    return voucher


def close_period(book: AccountBook, period: str, user: User | None) -> ClosedPeriod:
    """Nothing in this period may change from now on. Raises HubError while vouchers of it are not collected yet."""
    with transaction.atomic():
        writing.lock_books([book.pk], alone=True)
        unfinished = selectors.unfinished(book, period).count()
        if unfinished:
            raise HubError("voucher.period_with_open_work", period=period, book=book, count=unfinished)
        return ClosedPeriod.objects.get_or_create(book=book, period=period, defaults={"closed_by": user})[0]


def open_period(book: AccountBook, period: str) -> bool:
    """Take a close back; False when it was open."""
    with transaction.atomic():
        writing.lock_books([book.pk], alone=True)
        return bool(ClosedPeriod.objects.filter(book=book, period=period).delete()[0])


def locked(pk: int, revision: int | None) -> Voucher:
    """One of ``all_locked``. Raises HubError."""
    found, refused = all_locked({pk: revision})
    if pk in refused:
        raise refused[pk]
    return found[0]


def all_locked(wanted: Mapping[int, int | None]) -> tuple[list[Voucher], dict[int, HubError]]:
    """Vouchers, held until the transaction ends, in the order in which they are named; and, by id, why others cannot
    be touched. ``wanted``: id → the version that was seen (None: whatever it is now)."""
    rows = Voucher.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    held = {voucher.pk: voucher for voucher in rows}
    books = selectors.books_with_source({voucher.book_id for voucher in held.values()})
    found, refused = [], {}
    for pk, revision in wanted.items():
        voucher = held.get(pk)
        if voucher is None:
            refused[pk] = HubError("voucher.gone")
        elif revision is not None and voucher.revision != revision:
            refused[pk] = HubError("voucher.changed_meanwhile", voucher=voucher)
        else:
            voucher.book = books[voucher.book_id]
            found.append(voucher)
    return found, refused


def turn(vouchers: Sequence[Voucher], **values: Any) -> None:
    """Give them all the same values, here and in the database, in one statement."""
    values["updated_at"] = timezone.now()
    Voucher.objects.filter(pk__in=[voucher.pk for voucher in vouchers]).update(**values)
    for voucher in vouchers:
        for name, value in values.items():
            setattr(voucher, name, value)


def require(voucher: Voucher, action: Action) -> VoucherState:
    """The state the action leads to. Raises HubError ``voucher.not_possible``."""
    state = after(voucher.state, action)
    if state is None:
        raise HubError("voucher.not_possible", voucher=voucher, state=Message(f"voucher.state.{voucher.state}"))
    return VoucherState(state.value)


def _write(voucher: Voucher, change: Change, user: User | None) -> None:
    for error in writing.write([(voucher, change)], user).values():
        raise error


def save(voucher: Voucher) -> None:
    """Write the row. Raises HubError ``voucher.number_taken``."""
    try:
        with transaction.atomic():
            voucher.save()
    except IntegrityError as error:
        raise HubError("voucher.number_taken", number=voucher.vouch_no or voucher.vouch_id) from error


def require_open(book_id: int, period: str) -> None:
    """Raises HubError ``voucher.period_closed``; until the transaction ends nobody closes a period of this book."""
    share_books([book_id])
    if period and ClosedPeriod.objects.filter(book=book_id, period=period).exists():
        raise HubError("voucher.period_closed", period=period)


def share_books(book_ids: Collection[int]) -> None:
    """Until the transaction ends nobody closes a period of these books."""
    writing.lock_books(book_ids, alone=False)
