"""Pulling from the invoice checker over HTTP: interval, seconds with many records, deletions, detected DES options."""

import itertools
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from apps.core.errors import Intent, NeedsPerson, TryLater
from apps.sandbox.server import Sandbox, running
from apps.sources.connectors.checker import Checker
from apps.sources.parsing import SHANGHAI
from tests.sources.connectors.context import FakeClock, MemoryContext, Store, pulled

TODAY = date(2026, 3, 31)
NIGHT = datetime(2026, 3, 31, 23, 59, tzinfo=SHANGHAI)
CROWD = 120


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(invoices=400, seed=3, today=TODAY) as world:
        yield world


@pytest.fixture(scope="module")
def crowded() -> Iterator[Sandbox]:
    with running(invoices=600, seed=4, today=TODAY, crowd=CROWD) as world:
        yield world


@pytest.fixture
def desk(sandbox: Sandbox) -> "Desk":
    return Desk(sandbox)


class Desk:
    """The sandbox's checker as a source for repeated pulls."""

    def __init__(self, sandbox: Sandbox, **options: Any) -> None:
        self.sandbox, self.store, self.clock, self.options = sandbox, Store(), FakeClock(NIGHT), options
        self._before = len(sandbox.journal)

    def context(self) -> MemoryContext:
        (entry,) = (one for one in self.sandbox.sources() if one["kind"] == "checker")
        return MemoryContext(entry, store=self.store, clock=self.clock, **self.options)

    @property
    def requests(self) -> list[dict[str, Any]]:
        return self.sandbox.journal[self._before :]


def fed_ids(sandbox: Sandbox) -> list[str]:
    return [row["Id"] for row in sandbox.world.rows("checker")]


def test_default_interval_allows_one_page_per_run(desk):
    desk.options["min_interval_seconds"] = Checker.options[0].default
    rows = fed_ids(desk.sandbox)
    pages = -(-len(rows) // 50)
    assert pages > 2
    for number in range(1, pages):
        with desk.context() as line:
            result = pulled(Checker(line))
        assert (result.error, len(result.pages), len(desk.requests)) == (None, 1, number)
        until, message = line.postponed
        assert message.code == "checker.backlog"
        assert (until - desk.clock.now()).total_seconds() == 300
        with desk.context() as early:
            assert pulled(Checker(early)).received == 0
        assert early.postponed[1].code == "checker.too_soon"
        assert len(desk.requests) == number
        desk.clock.advance(300)
    with desk.context() as line:
        assert pulled(Checker(line)).error is None
    assert line.postponed is None
    assert desk.store.raw.keys() == set(rows)


def test_connection_test_respects_interval(desk):
    desk.options["min_interval_seconds"] = 300
    with desk.context() as line:
        assert Checker(line).test().code == "checker.test_ok"
        with pytest.raises(TryLater) as early:
            Checker(line).test()
    assert early.value.message.code == "checker.too_soon"
    assert len(desk.requests) == 1


def test_failed_request_is_not_repeated_within_long_interval(desk):
    desk.options["min_interval_seconds"] = 300
    desk.sandbox.fault("checker", "http_500")
    with desk.context() as line:
        failed = pulled(Checker(line))
    assert failed.error is not None
    assert failed.error.message.code == "http.server_error"
    assert len(desk.requests) == 1


def test_short_interval_is_kept_between_attempts(desk):
    desk.options["min_interval_seconds"] = 4
    desk.sandbox.fault("checker", "http_500", times=2)
    with desk.context() as line:
        result = pulled(Checker(line))
    assert result.error is None
    assert line.postponed is None
    waited = (desk.clock.now() - NIGHT).total_seconds()
    assert waited >= 4 * (len(desk.requests) - 1) > 4 * 2


@pytest.mark.parametrize("inclusive", [False, True])
def test_second_with_too_many_records_is_reported_and_skipped(crowded, monkeypatch, inclusive):
    monkeypatch.setattr(crowded.settings, "checker_inclusive", inclusive)
    desk = Desk(crowded)
    with desk.context() as line:
        result = pulled(Checker(line))
    assert result.error is None
    (note,) = line.notes
    assert note.code == "checker.stalled"
    times = {row["Id"]: row["CreateTime"] for row in crowded.world.rows("checker")}
    second = note.params["second"]
    assert [*times.values()].count(second) == CROWD
    missed = times.keys() - desk.store.raw.keys()
    assert {times[one] for one in missed} == {second}
    assert len(missed) == CROWD - 50
    with desk.context() as line:
        again = pulled(Checker(line))
    assert (again.created, again.changed, line.notes) == ([], [], [])


def test_second_with_too_many_records_is_skipped_across_runs(crowded):
    desk = Desk(crowded, min_interval_seconds=300)
    notes = []
    for _ in range(30):
        with desk.context() as line:
            assert pulled(Checker(line)).error is None
        notes += line.notes
        if line.postponed is None:
            break
        desk.clock.advance(300)
    assert len(notes) == 1
    assert len(desk.store.raw) == len(fed_ids(crowded)) - CROWD + 50


def test_edited_and_deleted_records_are_received_again():
    with running(invoices=400, seed=5, today=TODAY) as sandbox:
        desk = Desk(sandbox)
        with desk.context() as line:
            pulled(Checker(line))
        before, seen = dict(desk.store.records), set(desk.store.raw)
        sandbox.change(seed=2, count=30)
        with desk.context() as line:
            result = pulled(Checker(line))
        rows = {row["Id"]: row for row in sandbox.world.rows("checker")}
        gone = {number for number, row in rows.items() if row.get("Isdel", row.get("isdel"))}
        newly = gone - {number for number, record in before.items() if record.deleted}
        assert newly
        assert newly <= set(result.changed)
        assert {number for number, record in desk.store.records.items() if record.deleted} == gone
        assert set(result.created) == rows.keys() - seen
        assert all(before[number] != desk.store.records[number] for number in result.changed)


@pytest.mark.parametrize(
    ("mode", "iv", "encoding"),
    [
        ("cbc", "", "base64"),
        ("ecb", "", "base64"),
        ("cbc", "", "hex"),
        ("ecb", "", "hex"),
        ("cbc", "initvec8", "base64"),
    ],
)
def test_encryption_options_are_detected(desk, monkeypatch, mode, iv, encoding):
    for name, value in (("mode", mode), ("iv", iv), ("encoding", encoding)):
        monkeypatch.setattr(desk.sandbox.settings, f"checker_des_{name}", value)
    desk.options |= {"des_iv": iv, "des_mode": "ecb" if mode == "cbc" else "cbc"}
    with desk.context() as line:
        detected = Checker(line).detect()
    assert (detected["des_mode"], detected["des_encoding"]) == (mode, encoding)
    assert len(desk.requests) == 1
    desk.options |= detected
    with desk.context() as line:
        assert Checker(line).test().params == {"count": 50}


def test_wrong_key_fits_no_encryption_options(desk):
    with desk.context() as line:
        line.credentials = line.credentials | {"des_key": "wrongkey"}
        with pytest.raises(NeedsPerson) as refused:
            Checker(line).detect()
        assert refused.value.message.code == "checker.undecipherable"
        assert pulled(Checker(line)).error.intent is Intent.CREDENTIALS


def test_repeated_page_ends_the_run_without_moving_the_cursor(desk):
    desk.sandbox.fault("checker", "repeated_page", times=10, after=1)
    with desk.context() as line:
        result = pulled(Checker(line))
    desk.sandbox.faults.clear()
    assert result.error is not None
    assert result.error.message.code == "checker.repeated"
    assert line.notes == []
    assert desk.store.cursors["invoices"] == result.pages[0].cursor
    with desk.context() as line:
        assert pulled(Checker(line)).error is None
    assert desk.store.raw.keys() == set(fed_ids(desk.sandbox))


class Script:
    """Replaces the HTTP client: gives these answers in order and repeats the last one."""

    def __init__(self, line: MemoryContext, *answers: Any) -> None:
        self.redactor, self._answers = line.http.redactor, itertools.chain(answers, itertools.repeat(answers[-1]))
        self.sent: list[Any] = []

    def json(self, build: Any, *, judge: Any, **_: Any) -> Any:
        self.sent.append(build())
        answer = next(self._answers)
        judge(answer)
        return answer


@pytest.mark.parametrize(
    ("answer", "code", "intent"),
    [
        ({"code": 98, "msg": "授权过期"}, "checker.authorisation", Intent.CREDENTIALS),
        ({"Code": "98", "msg": ""}, "checker.authorisation", Intent.CREDENTIALS),
        ({"code": 99, "msg": "授权码 the-authcode 错误"}, "checker.authorisation", Intent.CREDENTIALS),
        ({"code": 1, "msg": "Unauthorized"}, "checker.authorisation", Intent.CREDENTIALS),
        ({"code": 99, "msg": "失败 the-authcode"}, "checker.failed", Intent.TRY_LATER),
        ({"code": 42, "msg": "?"}, "checker.unknown_code", Intent.CONFIGURATION),
        ({"msg": "?"}, "checker.unknown_code", Intent.CONFIGURATION),
        ([], "http.not_json", Intent.TRY_LATER),
    ],
)
def test_error_codes_have_intent(answer, code, intent):
    error = pulled(scripted(answer)).error
    assert error is not None
    assert (error.message.code, error.intent) == (code, intent)
    assert "the-authcode" not in str(error)


@pytest.mark.parametrize(
    "answer",
    [{"code": 1, "data": None, "msg": "无数据"}, {"Code": "1"}, {"code": 0, "data": ""}, {"code": 0, "data": []}],
)
def test_no_data_ends_the_pull_without_error(answer):
    connector = scripted(answer)
    assert pulled(connector).pages == []
    assert connector.test().code == "checker.test_empty"
    with pytest.raises(NeedsPerson) as nothing:
        connector.detect()
    assert nothing.value.message.code == "checker.nothing_to_detect"


def test_request_contains_authcode_and_last_time():
    connector = scripted({"code": 1})
    connector.context.store.cursors["invoices"] = {"since": "2026-03-30 08:00:00", "stalled": ""}
    pulled(connector)
    (request,) = connector.context.http.sent
    assert (request.method, request.url) == ("POST", "http://checker.test/api/Invoice/GetInvoices")
    assert request.json == {"lasttime": "2026-03-30 08:00:00", "authcode": "the-authcode"}
    assert request.headers["Authorization"] == "the-authcode"
    assert request.headers["Content-Type"] == "application/json;charset=UTF-8"


@pytest.mark.parametrize("bogus", ["0001-01-01 00:00:00", "2099-01-01 00:00:00", "gestern", None])
def test_implausible_change_time_does_not_move_the_cursor(monkeypatch, bogus):
    rows = [{"Id": "1", "CreateTime": "2026-03-30 08:00:00"}, {"Id": "2", "CreateTime": bogus}]
    connector = scripted({"code": 0, "data": "…"}, {"code": 1})
    monkeypatch.setattr("apps.sources.connectors.checker.cipher.Cipher.decrypt", lambda *_: json.dumps(rows).encode())
    assert pulled(connector).error is None
    assert connector.context.store.cursors["invoices"]["since"] == "2026-03-30 07:59:59"


def scripted(*answers: Any) -> Checker:
    credentials = {"authcode": "the-authcode", "des_key": "testkey1"}
    entry = {"kind": "checker", "base_url": "http://checker.test", "credentials": credentials}
    line = MemoryContext(entry, clock=FakeClock(NIGHT), min_interval_seconds=0)
    line.http = Script(line, *answers)
    return Checker(line)
