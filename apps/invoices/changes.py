"""Following the changes of the ledger in batches: each change exactly once per follower, also after a crash.

Every change of an invoice moves its ``updated_at``, so the ledger in the order ``(updated_at, id)`` is a stream. A
follower keeps its position in a ``ChangeCursor`` and moves it in the transaction of its own work. It reads only settled
changes (``apps.core.feeds``): none can appear later in front of its position. Use inside ``transaction.atomic``::

    cursor = changes.lock("example")
    batch = changes.next_batch(cursor, 500)
    ...  # work on batch.invoice_ids
    changes.move(cursor, batch.end)
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThanOrEqual

from apps.core.feeds import settled

from .models import ChangeCursor, Invoice


class Position(NamedTuple):
    """A place in the stream: the invoice that changed, and its ``updated_at``."""

    changed_at: datetime
    invoice_id: int


@dataclass(frozen=True)
class Batch:
    """Changed invoices in the order of their changes. ``end``: where the cursor goes once they are worked off, None
    when the ledger has no settled change. ``more``: whether the batch was full."""

    invoice_ids: list[int]
    end: Position | None
    more: bool


def lock(follower: str) -> ChangeCursor:
    """The follower's cursor, locked until the transaction ends; waits for another worker that holds it."""
    return _locked(follower, skip_locked=False) or _locked(follower, skip_locked=False, create=True)  # type: ignore[return-value]


def try_lock(follower: str) -> ChangeCursor | None:
    """As ``lock``; None instead of waiting when another worker holds it."""
    cursor = _locked(follower, skip_locked=True)
    if cursor is None and not ChangeCursor.objects.filter(pk=follower).exists():
        cursor = _locked(follower, skip_locked=True, create=True)
    return cursor


def next_batch(cursor: ChangeCursor, size: int, among: Q | None = None) -> Batch:
    """The next ``size`` changed invoices behind a locked cursor; ``among`` leaves out those the follower ignores.

    ``end`` of a batch that is not full passes over the ignored changes as well.
    """
    end = newest()
    if end is None:
        return Batch([], None, more=False)
    rows = _after(Invoice.objects.filter(among or Q()), position_of(cursor))
    rows = rows.filter(TupleLessThanOrEqual(Tuple("updated_at", "pk"), end))
    batch = [Position(*row) for row in rows.order_by("updated_at", "pk").values_list("updated_at", "pk")[:size]]
    more = len(batch) == size
    return Batch([change.invoice_id for change in batch], batch[-1] if more else end, more)


def move(cursor: ChangeCursor, end: Position | None) -> None:
    """Note that everything up to ``end`` is worked off. A cursor never moves back."""
    position = position_of(cursor)
    if end is not None and (position is None or position < end):
        cursor.changed_at, cursor.invoice_id = end
        cursor.save()


def newest() -> Position | None:
    """The newest settled change of the ledger; None without one."""
    row = settled(Invoice.objects.order_by("-updated_at", "-pk"), "updated_at").values_list("updated_at", "pk").first()
    return Position(*row) if row else None


def pending(follower: str) -> QuerySet[Invoice]:
    """The settled changes the follower has not worked off, the oldest first. Locks nothing."""
    cursor = ChangeCursor.objects.filter(pk=follower).first()
    rows = _after(Invoice.objects.order_by("updated_at", "pk"), position_of(cursor) if cursor else None)
    return settled(rows, "updated_at")


def position_of(cursor: ChangeCursor) -> Position | None:
    """None at the beginning of the stream."""
    return None if cursor.changed_at is None else Position(cursor.changed_at, cursor.invoice_id)


def _after(invoices: QuerySet[Invoice], position: Position | None) -> QuerySet[Invoice]:
    if position is None:
        return invoices
    return invoices.filter(TupleGreaterThan(Tuple("updated_at", "pk"), position))


def _locked(follower: str, *, skip_locked: bool, create: bool = False) -> ChangeCursor | None:
    if create:  # another worker may do so at the same moment
        ChangeCursor.objects.bulk_create([ChangeCursor(follower=follower)], ignore_conflicts=True)
    return ChangeCursor.objects.select_for_update(skip_locked=skip_locked).filter(pk=follower).first()
