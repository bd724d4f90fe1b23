"""What every connector makes of pages that are not shaped as agreed: the run says so, nothing is passed over, and once
the vendor is itself again, all is there."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.core.errors import UpstreamError

from .conformance import CASES, IMPATIENT, every_case, undisturbed


def disturb(patch: pytest.MonkeyPatch, kind: str, page: Callable[[int, list[Any]], Any]) -> None:
    """``page`` makes what stands where the rows of each page were, from its number (1 is the first) and the rows."""
    numbers = iter(range(1, 1_000_000))
    patch.setattr(f"apps.sandbox.{kind}.arranged", lambda found, request: page(next(numbers), found))


@every_case
@pytest.mark.parametrize("odd", [{"rows": [{"a": 1}]}, {"a": 1}, "rows", 7, True], ids=str)
def test_what_is_no_list_of_rows_is_kept_or_ends_the_run(case, desk, odd):
    with pytest.MonkeyPatch.context() as patch:
        disturb(patch, case.kind, lambda number, rows: odd)
        result = desk.pull(limits=IMPATIENT)
    if result.error is None:
        assert result.quarantined  # as one record that waits
    else:
        assert isinstance(result.error, UpstreamError)
        assert "%(" not in str(result.error)
        assert desk.store.records == {}
        assert desk.store.cursors == {} or result.quarantined
    assert desk.pull().error is None
    assert desk.store.records == undisturbed(case.kind).records


@every_case
def test_a_row_that_is_there_twice_is_one(case, desk, monkeypatch):
    disturb(monkeypatch, case.kind, lambda number, rows: [*rows, *rows[:1]])
    desk.pull()
    records = undisturbed(case.kind).records
    assert desk.store.records
    assert {name: record for name, record in desk.store.records.items() if records[name] != record} == {}


@pytest.mark.parametrize("case", [case for case in CASES if case.kind != "maycur"], ids=lambda case: case.kind)
@pytest.mark.parametrize("empty", [[], None], ids=str)
def test_an_empty_page_in_the_middle_loses_nothing(case, desk, empty):
    """Maycur counts nothing: its empty list that says it is the last one cannot be told from the truth."""
    with pytest.MonkeyPatch.context() as patch:
        disturb(patch, case.kind, lambda number, rows: empty if number == 2 else rows)
        result = desk.pull(limits=IMPATIENT)
    assert result.error is None or isinstance(result.error, UpstreamError)
    assert desk.pull().error is None
    assert desk.store.records == undisturbed(case.kind).records
