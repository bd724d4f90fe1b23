"""Requirements on every connector, over HTTP against the sandbox: no record is lost or received twice."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.sources.connectors import BUILT_IN, CONNECTORS
from apps.sources.records import InvoiceKind

from .conformance import CASES, UpstreamCase, cut_to, desk_of, every_case, undisturbed
from .context import hash_of
from .first_half import FirstHalf

HERE = Path(__file__).parent


def test_every_connector_is_in_the_suite():
    """Connectors with a sandbox take both halves; every other one has a ``test_first_half.py``."""
    imitated = {case.kind for case in CASES}
    others = [connector.kind for connector in BUILT_IN if connector.kind not in imitated]
    assert [kind for kind in others if not (HERE / kind / "test_first_half.py").exists()] == []


# Forms


@every_case
def test_credentials_have_vendor_names_and_secrets_are_marked(case):
    parameters = CONNECTORS[case.kind].credentials
    assert {one.name for one in parameters if one.secret} == set(case.secrets)
    assert {one.name for one in parameters if not one.secret} == set(case.public)
    assert all(one.required for one in parameters)


@every_case
def test_documented_options_exist_with_default(case):
    options = {one.name: one for one in CONNECTORS[case.kind].options}
    assert {name: options[name].default for name in case.options} == case.options


@every_case
class TestFirstHalf(FirstHalf):
    """Some rows of the sandbox have a bad amount or date."""

    quarantine_codes = frozenset({"record.bad_amount", "record.bad_date"})


# A pull


@every_case
@pytest.mark.parametrize("pages", [1, 2])
def test_paging_ends_after_exactly_full_pages(case, pages):
    with desk_of(case, invoices=3000) as desk:
        cut_to(desk.sandbox, case.page_size * pages)
        result = desk.pull()
        assert result.error is None
        assert len(desk.store.records) == case.page_size * pages
        assert len(result.created) == case.page_size * pages


@every_case
def test_order_within_a_page_does_not_matter(case, desk):
    desk.fault("reordered_page", times=10_000)
    assert desk.pull().error is None
    assert desk.store.records == undisturbed(case.kind).records


# Records


def altered(case: UpstreamCase, monkeypatch: pytest.MonkeyPatch, alter: Callable[[Any], Any], times: int) -> None:
    """Replace the first row by ``alter(row)`` on ``times`` pages with several rows."""
    left = [True] * times

    def arranged(rows: list[Any], request: Any) -> list[Any]:
        return [alter(rows[0]), *rows[1:]] if len(rows) > 1 and left and left.pop() else rows

    monkeypatch.setattr(f"apps.sandbox.{case.kind}.arranged", arranged)


@every_case
@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (None, "record.not_an_object"),
        ("not a record", "record.not_an_object"),
        ([1], "record.not_an_object"),
        ({}, "record.no_id"),
        ({"value": {"a": None}, "b": 1}, "record.no_id"),
    ],
    ids=str,
)
def test_record_without_number_is_quarantined(case, desk, monkeypatch, odd, reason):
    altered(case, monkeypatch, lambda row: odd, times=1)
    result = desk.pull()
    assert result.error is None
    (nameless,) = (one for one in desk.store.raw if one.startswith("noid:"))
    assert desk.store.quarantine[nameless].code == reason
    expected = undisturbed(case.kind).records
    others = {number: record for number, record in desk.store.records.items() if number in expected}
    assert others == {number: expected[number] for number in others}
    assert len(others) >= len(expected) - 1
    assert desk.pull().error is None
    assert desk.store.quarantine[nameless].code == reason


@every_case
def test_unknown_code_is_kept_and_flagged(case, desk, monkeypatch):
    def outlandish(row: dict[str, Any]) -> dict[str, Any]:
        return row | {name: value for name, value in case.unknown.items() if name in row}

    altered(case, monkeypatch, outlandish, times=10)
    assert desk.pull().error is None
    strange = [one for one in desk.store.records.values() if any(case.kept in code for code in one.unknown_codes)]
    assert strange
    assert all(one.kind is InvoiceKind.UNKNOWN and "unknown_code" in one.flags for one in strange)


@every_case
def test_fingerprint_changes_only_with_content(case, desk):
    desk.pull()
    for number, item in desk.store.raw.items():
        assert desk.store.fingerprints[number] == (item.fingerprint or hash_of(item.payload))
    desk.sandbox.change(seed=5, count=60)
    later = desk.pull()
    assert later.error is None
    assert later.created
    if case.kind != "maycur":  # invoices of Maycur do not change after they were exported
        assert later.changed
    rows = {number for number in later.changed if number in undisturbed(case.kind).raw}
    assert all(
        dict(desk.store.raw[number].payload) != dict(undisturbed(case.kind).raw[number].payload) for number in rows
    )
