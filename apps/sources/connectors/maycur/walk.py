"""Where to read next in a list that slides while it is read, and which months to read. Pure.

The vendor lists newest first and knows only offsets. A row that somebody links to a form meanwhile leaves the list, all
below it move up, and the next offset would skip some. So each page begins with the last row of the one before.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from apps.sources.connectors.windows import months
from apps.sources.parsing import SHANGHAI

PAGE_SIZE = 50
MOST_IDLE = 12  # pages in a row that bring nothing new before we give up
MOST_DOUBTS = 2  # times in a row that the top is asked for again because it came as the page from further down


class Walk:
    """One walk through one list; ``offset`` is what to ask for next."""

    def __init__(self) -> None:
        self.offset = 0
        self.done = False
        self.stuck = False
        self._seen: set[str] = set()  # a gapless stretch from the top
        self._idle = 0
        self._back = PAGE_SIZE // 2
        self._detached: list[str] | None = None  # the page before, if it did not continue the stretch
        self._doubts = 0

    def take(self, ids: Sequence[str], last: bool) -> None:
        """Judge the page at ``offset``. ``last`` is what the vendor says of it."""
        # Back at the top, the page from further down once more is likely just that, sent again by mistake.
        doubtful = self.offset == 0 and list(ids) == self._detached and self._doubts < MOST_DOUBTS
        attached = not doubtful and (self.offset == 0 or (bool(ids) and ids[0] in self._seen))
        if not attached:
            self._idle += 1
            self._detached, self._doubts = list(ids), self._doubts + 1 if doubtful else 0
            self.offset, self._back = max(0, self.offset - self._back), self._back * 2
        else:
            self._detached, self._doubts = None, 0
            self._idle = self._idle + 1 if self._seen.issuperset(ids) else 0
            self._seen.update(ids)
            self.done, self._back = last, PAGE_SIZE // 2
            self.offset += max(0, len(ids) - 1)
        self.stuck = self._idle > MOST_IDLE


def windows(start: date, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """[start, now) cut where months begin; both ends in Asia/Shanghai, whole minutes, the second one not included."""
    now = now.astimezone(SHANGHAI).replace(second=0, microsecond=0)
    for first, last in months(start, now.date()):
        begin = datetime.combine(first, time(), SHANGHAI)
        end = min(datetime.combine(last, time(), SHANGHAI) + timedelta(days=1), now)
        if begin < end:
            yield begin, end
