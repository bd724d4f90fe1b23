"""Where to read on. The vendor's pages hang on whole seconds, and it does not say whether it compares > or >=. Pure.

So every request includes the last second read, and a page that brings nothing new must be told apart: many records in
one second (a stalled cursor) or the vendor repeating an older page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

PAGE_SIZE = 50
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Step:
    """``since`` is the next time to send. ``more``: the page was full, there may be more.

    ``stalled`` is the second that holds more records than the vendor gives out. ``repeated``: an older page came again.
    """

    since: datetime | None
    more: bool
    stalled: datetime | None = None
    repeated: bool = False


def next_step(since: datetime | None, times: Sequence[datetime], *, count: int, all_known: bool, overlap: int) -> Step:
    """Judge one page: ``times`` are its records' change times (whole seconds), ``count`` its records, ``all_known``
    whether each was received before, ``overlap`` the seconds to send less than the last one read."""
    full = count >= PAGE_SIZE
    if not times:
        return Step(since, more=full, repeated=full)
    oldest, newest = min(times), max(times)
    if since is None:
        return Step(newest - _SECOND * (min(overlap, 1) if full else overlap), more=full)
    if oldest < since:
        return Step(since, more=True, repeated=True)
    if not full:
        return Step(max(since, newest - _SECOND * overlap), more=False)
    # A record of the very second that was sent shows that the vendor compares >=: no need to send a second less.
    following = newest if oldest == since else newest - _SECOND * min(overlap, 1)
    if following > since:
        return Step(following, more=True)
    if not all_known:
        return Step(since, more=True)
    return Step(since + _SECOND, more=True, stalled=newest)
