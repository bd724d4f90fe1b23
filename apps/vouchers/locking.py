"""Locks vouchers for a change, in the order of their ids, and checks revision, state and period.

Used by ``services`` and ``pushing``.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.core.errors import HubError
from apps.core.messages import Message

from . import selectors, writing
from .choices import VoucherState
from .models import ClosedPeriod, Voucher
from .states import Action, State, after


def locked(pk: int, revision: int | None) -> Voucher:
    """Lock one voucher, see ``all_locked``. Raises HubError ``voucher.gone`` or ``voucher.changed_meanwhile``."""
    vouchers, refused = all_locked({pk: revision})
    if pk in refused:
        raise refused[pk]
    return vouchers[0]


def all_locked(revisions: Mapping[int, int | None]) -> tuple[list[Voucher], dict[int, HubError]]:
    """Lock vouchers until the transaction ends; (the locked ones in the order of ``revisions``, id → error of others).

    The voucher that one of them reverses is locked with it, so that a reversal and its original change one at a time.
    ``revisions``: id → the revision the caller has seen; None: any.
    """
    reversals = Voucher.objects.filter(pk__in=revisions, reversal_of__isnull=False)
    originals = reversals.values_list("reversal_of_id", flat=True)
    rows = Voucher.objects.select_for_update().filter(pk__in={*revisions, *originals}).order_by("pk")
    by_id = {voucher.pk: voucher for voucher in rows}
    books = selectors.books_with_source({voucher.book_id for voucher in by_id.values()})
    vouchers, refused = [], {}
    for pk, revision in revisions.items():
        voucher = by_id.get(pk)
        if voucher is None:
            refused[pk] = HubError("voucher.gone")
        elif revision is not None and voucher.revision != revision:
            refused[pk] = HubError("voucher.changed_meanwhile", voucher=voucher)
        else:
            voucher.book = books[voucher.book_id]
            vouchers.append(voucher)
    return vouchers, refused


def update_all(vouchers: Sequence[Voucher], **values: Any) -> None:
    """Set the same values on all vouchers, on the objects and, in one statement, in the database."""
    values["updated_at"] = timezone.now()
    Voucher.objects.filter(pk__in=[voucher.pk for voucher in vouchers]).update(**values)
    for voucher in vouchers:
        for name, value in values.items():
            setattr(voucher, name, value)


def possible(voucher: Voucher, action: Action) -> State | None:
    """The state the action leads to under the options of the voucher's book; None when it is not possible."""
    book = voucher.book
    return after(voucher.state, action, audit_first=book.audit_before_collect, editable=book.collected_editable)


def require(voucher: Voucher, action: Action) -> VoucherState:
    """The state the action leads to. Raises HubError ``voucher.not_audited`` for a draft that must be audited before it
    is collected, ``voucher.is_audited`` and ``voucher.is_booked`` for those that are read-only, else
    ``voucher.not_possible``."""
    state = possible(voucher, action)
    if state is None:
        if (voucher.state, action) == (VoucherState.DRAFT, Action.COLLECT):
            raise HubError("voucher.not_audited", voucher=voucher)
        if voucher.state == VoucherState.AUDITED and action in (Action.EDIT, Action.DISCARD):
            raise HubError("voucher.is_audited", voucher=voucher)
        if (voucher.state, action) == (VoucherState.BOOKED, Action.EDIT):
            raise HubError("voucher.is_booked", voucher=voucher)
        raise HubError("voucher.not_possible", voucher=voucher, state=Message(f"voucher.state.{voucher.state}"))
    return VoucherState(state.value)


def save(voucher: Voucher) -> None:
    """Write the row. Raises HubError ``voucher.number_taken``."""
    try:
        with transaction.atomic():
            voucher.save()
    except IntegrityError as error:
        raise HubError("voucher.number_taken", number=voucher.vouch_no or voucher.vouch_id) from error


def require_open(book_id: int, period: str) -> None:
    """Raises HubError ``voucher.period_closed``. Prevents closing periods of this book until the transaction ends."""
    share_books([book_id])
    if period and ClosedPeriod.objects.filter(book=book_id, period=period).exists():
        raise HubError("voucher.period_closed", period=period)


def share_books(book_ids: Collection[int]) -> None:
    """Prevent closing periods of these books until the transaction ends; other changes may run."""
    writing.lock_books(book_ids, exclusive=False)
