"""Cut time into the windows in which lists are read. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta


def months(start: date, end: date) -> Iterator[tuple[date, date]]:
    """The days [start, end] cut at the ends of calendar months; nothing when start lies after end."""
    while start <= end:
        following = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield start, min(end, following - timedelta(days=1))
        start = following
