"""What holds for every connector, over real HTTP against the sandbox: nothing lost, nothing twice, nothing told."""

import io
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import structlog
from django.utils import translation

from apps.core.errors import Intent, NeedsPerson, TryLater
from apps.sandbox import server
from apps.sources.connectors import CONNECTORS
from apps.sources.records import InvoiceKind, dumps, loads
from invoicehub.logging import config

from .conformance import CASES, Case, Desk, cut_to, desk_of, emptied, undisturbed
from .line import QUICK, hash_of, pulled

FAULTS_BEFORE = {
    "http_500": "http.server_error",
    "http_429": "http.too_many",
    "timeout": "http.timeout",
    "html_page": "http.html_page",
}
FAULTS_AFTER = {"lost_reply": "http.cut_off", "cut_body": "http.cut_off", "bad_json": "http.not_json"}
FAULTS = FAULTS_BEFORE | FAULTS_AFTER
IMPATIENT = replace(QUICK, read_timeout=0.3)

every_case = pytest.mark.parametrize("case", CASES, ids=[case.kind for case in CASES])
with_token = pytest.mark.parametrize("case", [case for case in CASES if case.login], ids=lambda case: case.kind)


@pytest.fixture
def desk(case: Case) -> Iterator[Desk]:
    with desk_of(case) as found:
        yield found


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
    with connector.line:
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
    with connector.line:
        found = connector.test()
    assert "%(" not in str(found)
    assert found.code not in str(found)
    assert len(desk.sandbox.journal) - desk.logins() == 1
    assert desk.store.cursors == {}


# Trouble on the way


@every_case
@pytest.mark.parametrize("fault", FAULTS)
def test_a_passing_fault_is_passed(case, desk, fault):
    desk.fault(fault, after=1, call=case.path if fault in FAULTS_BEFORE else case.call)
    assert desk.pull(limits=IMPATIENT).error is None
    assert desk.store.records == undisturbed(case.kind).records
    assert desk.sandbox.faults.armed() == []


@every_case
@pytest.mark.parametrize("fault", FAULTS)
def test_a_lasting_fault_ends_the_run_in_one_sentence_and_loses_nothing(case, desk, fault):
    desk.fault(fault, times=10_000, after=1, call=case.path if fault in FAULTS_BEFORE else case.call)
    error = desk.pull(limits=replace(IMPATIENT, attempts=2)).error
    assert isinstance(error, TryLater)
    assert error.message.code == FAULTS[fault]
    assert "%(" not in str(error)
    desk.sandbox.faults.clear()
    assert desk.pull().error is None
    assert desk.store.records == undisturbed(case.kind).records


@every_case
def test_retry_after_is_waited_for(case, desk):
    desk.sandbox.settings.retry_after = 3
    desk.fault("http_429", call=case.path)
    assert desk.pull().error is None
    assert 3 in desk.clock.slept


@every_case
def test_a_retry_after_beyond_patience_ends_the_run(case, desk):
    desk.sandbox.settings.retry_after = 3600
    desk.fault("http_429", call=case.path)
    error = desk.pull().error
    assert isinstance(error, TryLater)
    assert error.retry_after == 3600
    assert max(desk.clock.slept, default=0) < 60


@every_case
def test_a_huge_body_is_refused(case, desk):
    desk.fault("huge_body", call=case.path)
    error = desk.pull(limits=replace(QUICK, max_bytes=1024 * 1024)).error
    assert isinstance(error, NeedsPerson)
    assert error.message.code == "http.too_large"


@every_case
@pytest.mark.parametrize("after", [1, 2, 4])  # the first page may be empty, and an empty page looks like any other
def test_a_page_that_comes_again_hides_nothing(case, desk, after):
    desk.fault("repeated_page", after=after, call=case.call)
    error = desk.pull().error
    assert error is None or isinstance(error, TryLater)
    assert desk.pull().error is None
    assert desk.store.records.keys() == undisturbed(case.kind).records.keys()


@every_case
def test_an_unreachable_host_ends_the_run_in_one_sentence(case, desk):
    connector = desk.connector()
    connector.line.base_url = "http://127.0.0.1:1"
    with connector.line:
        error = pulled(connector).error
    assert isinstance(error, TryLater)
    assert error.message.code == "http.unreachable"


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.kind in ("shopex", "etax")], ids=lambda case: case.kind
)
def test_a_shortfall_against_the_count_is_an_error_of_the_run(case, desk):
    if case.kind == "etax":
        desk.fault("short_count", times=10_000)
    else:
        desk.change_counts(by=7)
    result = desk.pull()
    assert isinstance(result.error, TryLater)
    assert result.error.message.code == f"{case.kind}.shortfall"
    assert desk.store.raw.keys() == undisturbed(case.kind).raw.keys()


# What answers mean


@pytest.mark.parametrize(
    ("case", "refusal"),
    [
        pytest.param(case, refusal, id=f"{case.kind}-{next(iter(refusal.reply.values()))}-{place}")
        for case in CASES
        for place, refusal in enumerate(case.refusals)
    ],
)
def test_every_code_has_the_intent_of_the_page(desk, refusal):
    desk.refuse(refusal)
    error = desk.pull().error
    if refusal.intent is None:
        assert error is None
        return
    assert error is not None
    assert error.intent is refusal.intent
    assert isinstance(error, TryLater if refusal.intent is Intent.TRY_LATER else NeedsPerson)
    assert "sign string" not in str(error)
    assert "%(" not in str(error)
    assert desk.store.cursors == {}


@every_case
def test_what_is_no_object_is_no_answer(case, desk):
    desk.answer(lambda request, handle: server.json_reply(["?"]))
    error = desk.pull().error
    assert isinstance(error, TryLater)


@pytest.mark.parametrize(
    ("case", "secret"), [pytest.param(case, secret, id=secret) for case in CASES for secret in case.secrets]
)
def test_a_wrong_secret_needs_a_person_and_is_not_told(desk, ear, secret):
    wrong = "wr0ng-secret-7731"
    error = desk.pull(credentials={secret: wrong}).error
    assert isinstance(error, NeedsPerson)
    assert error.intent is Intent.CREDENTIALS
    text = told(desk, ear, error)
    assert "upstream.call" in text
    assert wrong not in text
    assert desk.store.raw == {}


@pytest.mark.parametrize("case", [case for case in CASES if case.kind == "checker"], ids=lambda case: case.kind)
def test_an_authorisation_that_ran_out_needs_a_person(desk):
    desk.fault("expired_token", after=1)
    error = desk.pull().error
    assert isinstance(error, NeedsPerson)
    assert error.intent is Intent.CREDENTIALS
    assert len(desk.store.raw) == 50


# Tokens


@with_token
def test_an_expired_token_is_renewed_once(case, desk):
    desk.fault("expired_token", after=2)
    assert desk.pull().error is None
    assert desk.logins() == 2
    assert desk.store.records == undisturbed(case.kind).records


@with_token
def test_the_token_outlives_the_run(case, desk):
    desk.pull()
    desk.pull()
    assert desk.logins() == 1


@with_token
def test_workers_share_one_renewal(case, desk):
    workers = [desk.connector() for _ in range(4)]
    with workers[0].line:
        workers[0].test()
    desk.fault("expired_token")
    start, results = threading.Barrier(len(workers)), []

    def work(worker: Any) -> None:
        start.wait()
        with worker.line:
            results.append(worker.test())

    threads = [threading.Thread(target=work, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(results) == len(workers)
    assert desk.logins() == 2


@with_token
def test_a_token_that_never_helps_is_not_asked_for_again_and_again(case, desk):
    desk.fault("expired_token", times=10_000)
    assert isinstance(desk.pull().error, NeedsPerson)
    assert desk.logins() == 2


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


# Secrets


class Ear(logging.StreamHandler):
    """Hears all that is logged, as the program writes it, down to debugging."""

    def __init__(self) -> None:
        super().__init__(io.StringIO())
        settings = dict(config("DEBUG", as_json=True)["formatters"]["structured"])
        self.setFormatter(settings.pop("()")(**settings))

    @property
    def heard(self) -> str:
        return self.stream.getvalue()


@pytest.fixture
def ear() -> Iterator[Ear]:
    root, handler = logging.getLogger(), Ear()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.setLevel(level)
    root.removeHandler(handler)


def told(desk: Desk, ear: Ear, *errors: Any) -> str:
    """All that people or files get to see."""
    said = [f"{one} {one.message!r} {one!r}" for one in errors if one]
    return "\n".join([ear.heard, *said, *(f"{note} {note!r}" for note in desk.notes)])


@every_case
@pytest.mark.parametrize("fault", ["", *FAULTS, "expired_token", "repeated_page", "huge_body"])
def test_no_secret_in_any_log_line_error_or_note(case, desk, ear, fault):
    if fault:
        desk.fault(fault, times=10_000, after=1)
    connector = desk.connector(limits=replace(IMPATIENT, max_bytes=1024 * 1024, attempts=2))
    with connector.line:
        found = pulled(connector)
    secrets = [connector.line.credentials[name] for name in case.secrets]
    secrets += [desk.store.token.value] if desk.store.token else []
    text = told(desk, ear, found.error)
    assert "upstream.call" in text
    assert [secret for secret in secrets if secret in text] == []


@every_case
def test_no_secret_is_told_when_the_vendor_says_it_back(case, desk, ear):
    connector = desk.connector()
    secrets = [connector.line.credentials[name] for name in case.secrets]
    echo = " ".join(secrets)
    errors = []
    for refusal in case.refusals:
        spoken = {"msg": echo, "message": echo, "description": echo, "sub_msg": echo}
        inner = {name: value | spoken for name, value in refusal.reply.items() if isinstance(value, dict)}
        desk.refuse(replace(refusal, reply=refusal.reply | spoken | inner))
        with connector.line:
            errors.append(pulled(connector).error)
    desk.answer(lambda request, handle: server.Reply(400, f"bad request {echo}".encode(), "text/plain"))
    with connector.line:
        errors.append(pulled(connector).error)
    assert any(errors)
    text = told(desk, ear, *errors)
    assert [secret for secret in secrets if secret in text] == []


def test_the_ear_would_hear_a_secret(ear):
    structlog.get_logger("probe").info("upstream.call", said="loud-and-clear")
    logging.getLogger("urllib3.connectionpool").debug("GET /x?access_token=%s", "quiet")
    assert "loud-and-clear" in ear.heard
    assert "quiet" not in ear.heard
