"""Which windows of a list to read, and how far the reading of one got. Pure.

A list's cursor guarantees that every day up to ``until`` was read or is in ``todo``. After a killed pull, or a window
that brought fewer records than announced, only the windows in ``todo`` are read again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from apps.sources.connectors.items import nameless
from apps.sources.connectors.windows import months

Window = tuple[date, date]  # both days included, within one calendar month


@dataclass(frozen=True)
class Plan:
    """``windows`` to read, oldest first: from ``begin`` to today without a gap, and older ones left from before."""

    begin: date
    today: date
    windows: tuple[Window, ...]
    start: date
    full: str  # month (yyyy-MM) of the latest pass over everything

    def cursor(self, todo: Sequence[Window]) -> dict[str, Any]:
        """The position once all windows but ``todo`` are read."""
        return {
            "until": self.today.isoformat(),
            "start": self.start.isoformat(),
            "full": self.full,
            "todo": [[start.isoformat(), end.isoformat()] for start, end in todo],
        }


def plan(cursor: Mapping[str, Any], start: date, today: date, *, lookback: int, monthly: bool) -> Plan:
    """Everything from ``start`` on at first, once a month if ``monthly``, and when ``start`` was moved back; else what
    is left over, ``lookback`` days before the last day read, and the new days."""
    month, full = f"{today:%Y-%m}", str(cursor.get("full", ""))
    start = min(start, today)
    if not cursor or (monthly and full != month) or start < date.fromisoformat(cursor.get("start", cursor["until"])):
        begin, full = start, month
    else:
        begin = max(start, min(date.fromisoformat(cursor["until"]), today) - timedelta(days=lookback))
    merged = {(day.year, day.month): (day, end) for day, end in months(begin, today)}
    for left in cursor.get("todo", ()):
        day, end = (date.fromisoformat(text) for text in left)
        days = merged.get((day.year, day.month), (day, end))
        merged[day.year, day.month] = (min(day, days[0]), max(end, days[1]))
    return Plan(begin, today, tuple(sorted(merged.values())), start, full)


class Walk:
    """One reading of one window, page by page. ``before`` holds the ids of the list's page before it."""

    def __init__(self, before: frozenset[str]) -> None:
        self.page, self._found = before, set[str]()
        self.received = 0
        self.count: int | None = None
        self.moved = False  # the count changed while reading: rows may have moved to a page that was read before
        self.complete = False
        self.ended = False  # there is no next page, complete or not

    def repeats(self, ids: Sequence[str]) -> bool:
        """Whether a page holds nothing new: the one before once more, or only what this window gave already."""
        return bool(ids) and (frozenset(ids) == self.page or self._found.issuperset(ids))

    def take(self, ids: Sequence[str], count: int | None, size: int) -> None:
        """Count a page of at most ``size`` records; ``count`` are in the window, None if the vendor does not count."""
        self.moved = self.moved or self.count not in (None, count)
        # Two records without an id may be alike and are two all the same.
        self.received += sum(record not in self._found or nameless(record) for record in ids)
        self._found.update(ids)
        self.page, self.count = frozenset(ids), count
        # Without a count only a page that is not exactly full can be the last; a longer one was never cut into pages.
        self.complete = len(ids) != size if count is None else self.received >= count
        self.ended = self.complete or not ids
