"""When a push is tried again, and when trying is given up. Pure."""

import random
from datetime import timedelta

_LONGEST = 1800.0
_REFUSALS = 8  # the system itself failed at this push so often: about an hour
_PATIENCE = timedelta(days=2)  # with a system that is away: over a weekend


def next_attempt(
    failures: int, since: timedelta, *, first: float, away: bool, retry_after: float | None
) -> float | None:
    """Seconds until the next attempt; None when it is time for a person.

    ``first``: seconds until the second attempt; each further one waits twice as long, up to half an hour.
    ``failures``: failed attempts including the last; ``since``: time since the first one; ``away``: the system could
    not be asked at all, which says nothing about this push; ``retry_after``: seconds the system asked us to wait.
    """
    if since >= _PATIENCE or (failures >= _REFUSALS and not away):
        return None
    wait = min(first * 2 ** min(failures - 1, 10), _LONGEST) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter
    return max(wait, retry_after or 0.0)
