"""What holds for every connector, over real HTTP against the sandbox: nothing lost, nothing twice."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from apps.sources.connectors import CONNECTORS
from apps.sources.records import InvoiceKind, dumps, loads

from .conformance import CASES, Case, cut_to, desk_of, emptied, every_case, undisturbed
from .context import hash_of


def test_every_connector_is_held_to_its_page():
    assert {case.kind for case in CASES} == CONNECTORS.keys()
    assert all(kind == connector.kind for kind, connector in CONNECTORS.items())


# What the forms show


@every_case
def test_credentials_have_the_vendors_names_and_secrets_are_write_only(case):
    parameters = CONNECTORS[case.kind].credentials
    assert {one.name for one in parameters if one.secret} == set(case.secrets)
    assert {one.name for one in parameters if not one.secret} == set(case.public)
    assert all(one.required for one in parameters)


@every_case
def test_every_option_of_the_page_is_there_with_its_default(case):
    options = {one.name: one for one in CONNECTORS[case.kind].options}
    assert {name: options[name].default for name in case.options} == case.options
    for option in options.values():
        assert option.kind != "choice" or option.default in dict(option.choices)
        assert not option.secret


@every_case
def test_labels_are_for_people_in_both_languages(case):
    connector = CONNECTORS[case.kind]
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert str(connector.label)
            assert all(str(one.label) for one in (*connector.credentials, *connector.options))


# A pull


@every_case
def test_a_pull_brings_every_row_once_and_names_the_bad_ones(case, desk):
    result = desk.pull()
    assert result.error is None
    assert len(desk.store.raw) == len(list(desk.sandbox.world.rows(case.kind)))
    assert desk.store.raw.keys() == desk.store.records.keys() | desk.store.quarantine.keys()
    assert {message.code for message in desk.store.quarantine.values()} == {"record.bad_amount", "record.bad_date"}
    counted = (result.created, result.changed, result.unchanged, result.quarantined, result.kept)
    assert result.received == sum(map(len, counted))


@every_case
def test_records_survive_being_stored(case):
    for record in undisturbed(case.kind).records.values():
        assert loads(dumps(record)) == record


@every_case
def test_amounts_never_pass_through_float(case):
    def floats(value: Any) -> bool:
        if isinstance(value, dict):
            return any(map(floats, value.values()))
        return any(map(floats, value)) if isinstance(value, list) else isinstance(value, float)

    assert not any(floats(dict(item.payload)) for item in undisturbed(case.kind).raw.values())


@every_case
def test_a_second_pull_changes_nothing(case, desk):
    desk.pull()
    records, cursors = dict(desk.store.records), dict(desk.store.cursors)
    again = desk.pull()
    assert (again.error, again.created, again.changed, desk.notes) == (None, [], [], [])
    assert desk.store.records == records
    assert desk.store.cursors.keys() == cursors.keys()


@every_case
@pytest.mark.parametrize("pages", [0, 1, 2, 7])
def test_a_killed_pull_goes_on_and_ends_the_same(case, desk, pages):
    desk.pull(most_pages=pages)
    assert desk.pull().error is None
    assert desk.store.records == undisturbed(case.kind).records
    assert desk.store.quarantine == undisturbed(case.kind).quarantine


@every_case
def test_an_empty_world_is_no_error(case, desk):
    emptied(desk.sandbox)
    connector = desk.connector()
    with connector.context:
        assert connector.test().code.startswith(f"{case.kind}.")
    for _ in range(2):
        result = desk.pull()
        assert result.error is None
        assert desk.store.raw == {}
        assert desk.notes == []


@every_case
@pytest.mark.parametrize("pages", [1, 2])
def test_paging_ends_after_pages_that_are_exactly_full(case, pages):
    with desk_of(case, invoices=3000) as desk:
        cut_to(desk.sandbox, case.page_size * pages)
        result = desk.pull()
        assert result.error is None
        assert len(desk.store.records) == case.page_size * pages
        assert len(result.created) == case.page_size * pages


@every_case
def test_the_order_within_a_page_does_not_matter(case, desk):
    desk.fault("reordered_page", times=10_000)
    assert desk.pull().error is None
    assert desk.store.records == undisturbed(case.kind).records


@every_case
def test_the_connection_test_is_one_cheap_call(case, desk):
    connector = desk.connector()
    with connector.context:
        found = connector.test()
    assert "%(" not in str(found)
    assert found.code not in str(found)
    assert len(desk.sandbox.journal) - desk.logins() == 1
    assert desk.store.cursors == {}


# Records


def altered(case: Case, monkeypatch: pytest.MonkeyPatch, alter: Callable[[Any], Any], times: int) -> None:
    """Let so many pages of several rows hold ``alter(row)`` in place of their first row."""
    left = [True] * times

    def arranged(found: list[Any], request: Any) -> list[Any]:
        return [alter(found[0]), *found[1:]] if len(found) > 1 and left and left.pop() else found

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
def test_a_record_nobody_can_name_waits_in_quarantine(case, desk, monkeypatch, odd, reason):
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
def test_an_unknown_code_is_kept_flagged_and_not_guessed(case, desk, monkeypatch):
    def outlandish(row: dict[str, Any]) -> dict[str, Any]:
        return row | {name: value for name, value in case.unknown.items() if name in row}

    altered(case, monkeypatch, outlandish, times=10)
    assert desk.pull().error is None
    strange = [one for one in desk.store.records.values() if any(case.kept in code for code in one.unknown_codes)]
    assert strange
    assert all(one.kind is InvoiceKind.UNKNOWN and "unknown_code" in one.flags for one in strange)


@every_case
def test_fingerprints_change_with_the_content_and_with_nothing_else(case, desk):
    desk.pull()
    for number, item in desk.store.raw.items():
        assert desk.store.fingerprints[number] == (item.fingerprint or hash_of(item.payload))
    desk.sandbox.change(seed=5, count=60)
    later = desk.pull()
    assert later.error is None
    assert later.created
    if case.kind != "maycur":  # its invoices do not change any more
        assert later.changed
    rows = {number for number in later.changed if number in undisturbed(case.kind).raw}
    assert all(
        dict(desk.store.raw[number].payload) != dict(undisturbed(case.kind).raw[number].payload) for number in rows
    )
