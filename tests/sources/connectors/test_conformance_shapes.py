"""Pages with an unexpected structure: the run reports them, skips no row, and the next correct pull receives all
rows."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.core.errors import UpstreamError

from .conformance import CASES, IMPATIENT, every_case, undisturbed


def disturb(patch: pytest.MonkeyPatch, kind: str, page: Callable[[int, list[Any]], Any]) -> None:
    """Replace the rows of each page by ``page(number, rows)``; the first page has number 1."""
    numbers = iter(range(1, 1_000_000))
    patch.setattr(f"apps.sandbox.{kind}.arranged", lambda rows, request: page(next(numbers), rows))


@every_case
@pytest.mark.parametrize("odd", [{"rows": [{"a": 1}]}, {"a": 1}, "rows", 7, True], ids=str)
def test_page_that_is_no_list_is_quarantined_or_ends_the_run(case, desk, odd):
    with pytest.MonkeyPatch.context() as patch:
        disturb(patch, case.kind, lambda number, rows: odd)
        result = desk.pull(limits=IMPATIENT)
    if result.error is None:
        assert result.quarantined  # the whole page is quarantined as one record
    else:
        assert isinstance(result.error, UpstreamError)
        assert "%(" not in str(result.error)
        assert desk.store.records == {}
        assert desk.store.cursors == {} or result.quarantined
    assert desk.pull().error is None
    assert desk.store.records == undisturbed(case.kind).records


@every_case
def test_duplicate_row_is_stored_once(case, desk, monkeypatch):
    disturb(monkeypatch, case.kind, lambda number, rows: [*rows, *rows[:1]])
    desk.pull()
    records = undisturbed(case.kind).records
    assert desk.store.records
    assert {name: record for name, record in desk.store.records.items() if records[name] != record} == {}


@pytest.mark.parametrize("case", [case for case in CASES if case.kind != "maycur"], ids=lambda case: case.kind)
@pytest.mark.parametrize("empty", [[], None], ids=str)
def test_empty_page_in_the_middle_loses_no_rows(case, desk, empty):
    """Not for Maycur: it sends no count, so an empty page marked as last cannot be detected."""
    with pytest.MonkeyPatch.context() as patch:
        disturb(patch, case.kind, lambda number, rows: empty if number == 2 else rows)
        result = desk.pull(limits=IMPATIENT)
    assert result.error is None or isinstance(result.error, UpstreamError)
    assert desk.pull().error is None
    assert desk.store.records == undisturbed(case.kind).records
