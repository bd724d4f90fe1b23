"""When a push is tried again, and when trying is given up. Pure."""

import random
from datetime import timedelta

_LONGEST = 1800.0
_MOST_FAILURES = 8  # of the system at this push: about an hour
_LONGEST_OUTAGE = timedelta(days=2)  # of a system that is unreachable: over a weekend


def next_attempt(
    failures: int, since: timedelta, *, first: float, unreachable: bool, retry_after: float | None
) -> float | None:
    """Seconds until the next attempt; None when a person has to decide.

    ``first``: seconds until the second attempt; each further one waits twice as long, up to half an hour.
    ``failures``: failed attempts including the last; ``since``: time since the first one; ``unreachable``: the
    system could not be called, which says nothing about this push; ``retry_after``: seconds it asked us to wait.
    """
    if since >= _LONGEST_OUTAGE or (failures >= _MOST_FAILURES and not unreachable):
        return None
    wait = min(first * 2 ** min(failures - 1, 10), _LONGEST) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter
    return max(wait, retry_after or 0.0)
