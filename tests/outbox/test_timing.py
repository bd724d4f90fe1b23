"""Delays of retries."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.outbox.timing import next_attempt

NOW = timedelta(0)


@given(st.integers(1, 200), st.one_of(st.none(), st.floats(0, 700_000)))
def test_waits_grow_and_stay_bounded(failures: int, retry_after: float | None) -> None:
    wait = next_attempt(failures, NOW, first=30, unreachable=True, retry_after=retry_after)
    assert wait is not None
    assert max(retry_after or 0.0, min(15 * 2 ** (failures - 1), 900)) <= wait <= max(retry_after or 0.0, 1800)


def test_refusals_stop_soon_and_outages_after_days() -> None:
    assert next_attempt(7, NOW, first=30, unreachable=False, retry_after=None) is not None
    assert next_attempt(8, NOW, first=30, unreachable=False, retry_after=None) is None
    assert next_attempt(900, timedelta(hours=47), first=30, unreachable=True, retry_after=None) is not None
    assert next_attempt(1, timedelta(days=2), first=30, unreachable=True, retry_after=None) is None
