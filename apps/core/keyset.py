"""Pages of long lists by key: page 10 000 costs what page 1 costs, and rows that arrive meanwhile shift nothing.

A position is the sort value and id of the last row seen. Rows without a sort value come last in either direction; they
are read by a query of their own, because a condition that covers both kinds at once could not use an index.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.db.models.functions import Coalesce

Row = TypeVar("Row", bound=Model)
_NONE = "-"  # stands for an empty sort value in a position


@dataclass(frozen=True)
class Order:
    """A sort order: a field (None: by id only), whether downwards, and how its text becomes a value again."""

    field: str | None
    descending: bool = True
    read: Callable[[str], Any] = str


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows in display order, and the positions behind the neighbouring pages (None: there is none)."""

    rows: list[Row]
    next: str | None
    previous: str | None


def page(
    queryset: QuerySet[Row], order: Order, size: int, after: str = "", before: str = "", *, few: bool = False
) -> Page[Row]:
    """The ``size`` rows behind position ``after``, or those in front of ``before``; from the beginning without either.

    A position that cannot be read (an edited address) counts as none. ``few``: gather all rows and sort them. Else
    PostgreSQL walks the order and hopes to meet them soon, which reads half the table when they lie together at its
    other end (``counting.estimated_count`` knows). At most two queries.
    """
    position = _read(after or before, order)
    backwards = bool(before) and not after and position is not None
    rows = _take(queryset, order, size + 1, position, backwards, few)
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    elif position is None:
        return Page(rows, _position(rows[-1], order) if more else None, None)
    if not rows:
        return Page([], None, None)
    has_next, has_previous = (True, more) if backwards else (more, True)
    return Page(
        rows,
        _position(rows[-1], order) if has_next else None,
        _position(rows[0], order) if has_previous else None,
    )


def readable(position: str, order: Order) -> bool:
    """Whether ``page`` could begin at this position."""
    return _read(position, order) is not None


def _take(
    queryset: QuerySet[Row],
    order: Order,
    count: int,
    position: tuple[Any, int] | None,
    backwards: bool,
    few: bool,
) -> list[Row]:
    down = order.descending != backwards
    if order.field is None:
        return list(_behind(queryset, None, position, down, few)[:count])
    filled, empty = queryset.exclude(**{order.field: None}), queryset.filter(**{order.field: None})
    in_empty = position is not None and position[0] is None
    rows: list[Row] = []
    for part, field in ((empty, None), (filled, order.field)) if backwards else ((filled, order.field), (empty, None)):
        here = position is not None and in_empty == (field is None)
        passed = position is not None and not here and in_empty != backwards
        if len(rows) < count and not passed:
            rows += _behind(part, field, position if here else None, down, few)[: count - len(rows)]
    return rows


def _behind(
    queryset: QuerySet[Row], field: str | None, position: tuple[Any, int] | None, down: bool, few: bool
) -> QuerySet[Row]:
    if position is not None:
        value, pk = position
        if field is None:
            queryset = queryset.filter(Q(pk__lt=pk) if down else Q(pk__gt=pk))
        else:
            comparison = TupleLessThan if down else TupleGreaterThan
            queryset = queryset.filter(comparison(Tuple(F(field), F("pk")), (value, pk)))
    columns: list[Any] = [F(name) for name in (field, "pk") if name]
    if few:
        columns[0] = Coalesce(columns[0], columns[0])  # the same value, in the order of which nothing can be walked
    return queryset.order_by(*(column.desc() if down else column.asc() for column in columns))


def _position(row: Row, order: Order) -> str:
    value = getattr(row, order.field) if order.field else None
    return f"{_NONE if value is None else value}~{row.pk}"


def _read(text: str, order: Order) -> tuple[Any, int] | None:
    value, separator, pk = text.rpartition("~")
    if not separator or not pk.isdecimal():
        return None
    try:
        return (None if value == _NONE else order.read(value)), int(pk)
    except (ValueError, ArithmeticError):
        return None
