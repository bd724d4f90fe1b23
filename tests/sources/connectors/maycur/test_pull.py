"""Pulling from Maycur: free and linked invoices, lists that change while they are read, and a shared login."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.core.errors import Intent, NeedsPerson, TryLater
from apps.core.http import Request
from apps.core.redaction import Redactor
from apps.sandbox.server import Sandbox, running
from apps.sources.connectors.maycur import LOGIN, Maycur
from tests.sources.connectors.context import FakeClock, MemoryContext, Pulled, Store, at, pulled

NOW = at("2026-03-20 12:00:30")


class Office:
    """Replaces the HTTP client: invoices by export time and by form, newest first. ``meddle`` gets each search before
    it is answered and may return another answer."""

    def __init__(self, free: dict[str, str] | None = None, **forms: list[str]) -> None:
        self.free, self.forms = free or {}, forms
        self.logins = 0
        self.bodies: list[dict[str, Any]] = []
        self.searches: list[dict[str, Any]] = []
        self.meddle: Callable[[dict[str, Any]], dict[str, Any] | None] = lambda query: None
        self.welcome: dict[str, Any] = {"code": "ACK", "data": {"tokenId": "t", "entCode": "ENT1"}}
        self.redactor = Redactor(["the-secret"])

    def json(
        self, build: Callable[[], Request], *, judge: Callable[[Any], None] = lambda reply: None, safe: bool = True
    ) -> Any:
        request = build()
        reply = self._login(safe) if request.url.endswith(LOGIN) else self._search(request)
        judge(reply)
        return reply

    def _login(self, safe: bool) -> dict[str, Any]:
        assert not safe, "a login must not be repeated"
        self.logins += 1
        answer = {**self.welcome}
        if answer["code"] == "ACK":
            answer["data"] = answer["data"] | {"tokenId": f"token-{self.logins}"}
        return answer

    def _search(self, request: Request) -> dict[str, Any]:
        self.bodies.append(request.json)
        query = request.json.get("data", request.json)
        self.searches.append(query | {"token": request.headers["tokenId"], "entCode": request.headers["entCode"]})
        return self.meddle(self.searches[-1]) or self.answer(query)

    def answer(self, query: dict[str, Any]) -> dict[str, Any]:
        if "forms" in query:
            selected = [code for form in query["forms"] for code in self.forms.get(form["formBizCode"], [])]
        else:
            inside = [(when, code) for code, when in self.free.items()
                      if query["exportAtStart"] <= when < query["exportAtEnd"]]  # fmt: skip
            selected = [code for _, code in sorted(inside, reverse=True)]
        offset = query["offset"]
        page = selected[offset : offset + query["limit"]]
        rows = [{"invoiceDataCode": code, "type": "04", "totalPriceAndTax": "10.00"} for code in page]
        return {"code": "ACK", "data": rows, "last": offset + query["limit"] >= len(selected)}


class Desk:
    """A source of that office for repeated pulls."""

    def __init__(self, office: Office, **options: Any) -> None:
        self.office, self.store, self.clock = office, Store(), FakeClock(NOW)
        self.options = {"start_date": "2026-02-10", **options}
        self.notes: list[Any] = []

    def context(self) -> MemoryContext:
        credentials = {"appCode": "testcode", "appSecret": "the-secret"}
        entry = {"kind": "maycur", "base_url": "http://office.test", "credentials": credentials}
        context = MemoryContext(entry, store=self.store, clock=self.clock, **self.options)
        context.http = self.office
        return context

    def pull(self, most_pages: int | None = None) -> Pulled:
        context = self.context()
        result = pulled(Maycur(context), most_pages=most_pages)
        self.notes = context.notes
        return result


def exported(count: int, day: str = "2026-03-10") -> dict[str, str]:
    start = datetime.fromisoformat(f"{day} 09:00")
    return {f"{day}-{n:03d}": f"{start + timedelta(minutes=n):%Y-%m-%d %H:%M}" for n in range(count)}


def nack(message: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda query: {"code": "NACK", "message": message}


def test_windows_are_half_open_months_within_the_history():
    office = Office({"a": "2026-02-28 23:59", "b": "2026-03-01 00:00", "c": "2026-03-20 12:00"})
    desk = Desk(office)
    assert desk.pull().error is None
    assert [(one["exportAtStart"], one["exportAtEnd"]) for one in office.searches] == [
        ("2026-02-10 00:00", "2026-03-01 00:00"),
        ("2026-03-01 00:00", "2026-03-20 12:00"),
    ]
    assert set(desk.store.raw) == {"a", "b"}  # the minute of c has not ended
    desk.clock.advance(60)
    desk.pull()
    assert set(desk.store.raw) == {"a", "b", "c"}


def test_rows_are_received_once_although_pages_overlap():
    desk = Desk(Office(exported(130)))
    result = desk.pull()
    assert (result.received, len(result.created)) == (130, 130)
    assert [one["offset"] for one in desk.office.searches] == [0, 0, 49, 98]
    assert all(one["limit"] == 50 and one["entCode"] == "ENT1" for one in desk.office.searches)


def test_later_pull_reads_lag_again_and_changes_nothing():
    desk = Desk(Office(exported(3, "2026-03-01") | exported(3, "2026-03-19")), lag_days=2)
    desk.pull()
    desk.office.searches.clear()
    second = desk.pull()
    assert [one["exportAtStart"] for one in desk.office.searches] == ["2026-03-18 00:00"]
    assert (len(second.unchanged), second.created, second.changed) == (3, [], [])


def test_earlier_start_date_is_read():
    desk = Desk(Office(exported(2, "2026-01-15")))
    assert desk.pull().created == []
    desk.options["start_date"] = "2026-01-01"
    assert len(desk.pull().created) == 2


def test_killed_pull_reads_unfinished_month_again():
    desk = Desk(Office(exported(60, "2026-02-15") | exported(60)), lag_days=0)
    desk.pull(most_pages=3)
    desk.office.searches.clear()
    result = desk.pull()
    assert result.error is None
    assert len(desk.store.raw) == 120
    assert desk.office.searches[0]["exportAtStart"] == "2026-03-01 00:00"


def test_no_row_is_missed_when_others_leave_the_list():
    desk = Desk(Office(exported(140)), start_date="2026-03-01")
    leaving = sorted(desk.office.free)[-20:]

    def links(query: dict[str, Any]) -> None:
        if query["offset"] == 49:
            for code in leaving:
                desk.office.free.pop(code, None)

    desk.office.meddle = links
    assert desk.pull().error is None
    assert set(desk.office.free) <= set(desk.store.raw)


def test_window_ends_only_with_last_flag():
    desk = Desk(Office(exported(3)))
    desk.office.meddle = lambda query: {key: value for key, value in desk.office.answer(query).items() if key != "last"}
    result = desk.pull()
    assert isinstance(result.error, TryLater)
    assert result.error.message.code == "maycur.unfinished"
    assert desk.store.cursors == {}


def test_page_of_another_window_is_detected():
    desk = Desk(Office(exported(3, "2026-02-15") | exported(3)))
    replies: list[dict[str, Any]] = []

    def repeats(query: dict[str, Any]) -> dict[str, Any]:
        replies.append(desk.office.answer(query))
        return replies[0]

    desk.office.meddle = repeats
    result = desk.pull()
    assert result.error is not None
    assert result.error.message.code == "maycur.repeated"
    desk.office.meddle = lambda query: None
    assert desk.pull().error is None
    assert len(desk.store.raw) == 6


def test_forms_are_queried_in_batches_without_duplicates():
    numbers = [f"BX{n:03d}" for n in range(120)]
    office = Office(None, **{number: [f"inv-{number}"] for number in numbers})
    watched = [{"formType": "REIMBURSE", "formBizCode": number} for number in [*numbers, "BX001"]]
    desk = Desk(office, watch_forms=[*watched, {"formBizCode": "BX7"}, "BX8"])
    result = desk.pull()
    assert len(result.created) == 120
    batches = [one for one in office.searches if "forms" in one]
    assert {len(one["forms"]) for one in batches} == {50, 20}
    assert all("exportAtStart" not in one for one in batches)
    (note,) = desk.notes
    assert (note.code, note.params["count"]) == ("maycur.bad_forms", 2)


def test_queries_are_wrapped_with_wrap_option():
    desk = Desk(Office(exported(1)), wrap=True)
    assert len(desk.pull().created) == 1
    assert all(set(body) == {"timestamp", "data"} for body in desk.office.bodies)
    stamps = [body["timestamp"] for body in desk.office.bodies]
    assert stamps == sorted(set(stamps))


def test_nack_ends_the_run_with_its_message():
    desk = Desk(Office())
    desk.office.meddle = nack("查询区间最大为一个月 the-secret")
    failed = desk.pull().error
    assert isinstance(failed, NeedsPerson)
    assert failed.message.code == "maycur.refused"
    assert failed.intent is Intent.BAD_REQUEST
    assert "查询区间最大为一个月" in str(failed)
    assert "the-secret" not in str(failed)
    assert desk.office.logins == 1


@pytest.mark.parametrize("message", ["token已失效", "请重新登录", "Invalid TOKEN"])
def test_lost_login_is_renewed_once_and_query_repeated(message):
    desk = Desk(Office(exported(2)))
    desk.office.meddle = lambda query: nack(message)(query) if query["token"] == "token-1" else None
    result = desk.pull()
    assert result.error is None
    assert len(result.created) == 2
    assert desk.office.logins == 2


def test_message_of_lost_login_can_be_configured():
    desk = Desk(Office(exported(2)), auth_error_pattern="session")
    desk.office.meddle = lambda query: nack("no session")(query) if query["token"] == "token-1" else None
    assert desk.pull().error is None
    desk.office.meddle = nack("请重新登录")
    failed = desk.pull().error
    assert failed is not None
    assert failed.message.code == "maycur.refused"
    desk.options["auth_error_pattern"] = "("
    failed = desk.pull().error
    assert failed is not None
    assert failed.message.code == "maycur.bad_pattern"


def test_ineffective_login_is_renewed_only_once():
    desk = Desk(Office())
    desk.office.meddle = nack("token已失效")
    failed = desk.pull().error
    assert failed is not None
    assert failed.message.code == "maycur.logged_out"
    assert desk.office.logins == 2


def test_refused_login_is_not_repeated():
    desk = Desk(Office())
    desk.office.welcome = {"code": "NACK", "message": "登录过于频繁，客户端已被禁止登录"}
    failed = desk.pull().error
    assert isinstance(failed, NeedsPerson)
    assert failed.message.code == "maycur.login"
    assert failed.intent is Intent.CREDENTIALS
    assert "禁止登录" in str(failed)
    assert desk.office.logins == 1


def test_token_is_reused_until_it_expires():
    desk = Desk(Office(exported(1)), token_minutes=5)
    desk.pull()
    desk.clock.advance(4 * 60)
    desk.pull()
    assert desk.office.logins == 1
    desk.clock.advance(2 * 60)
    desk.pull()
    assert desk.office.logins == 2


def test_worker_uses_token_renewed_by_another_worker():
    desk = Desk(Office(exported(1)))
    first, second = desk.context(), desk.context()
    desk.pull()
    shared_token = first.token(lambda: pytest.fail("there is a token"))
    renewed = first.token(Maycur(first)._login, rejected=shared_token.value)
    assert second.token(lambda: pytest.fail("it is renewed"), rejected=shared_token.value) == renewed
    assert desk.office.logins == 2


# Against the sandbox, over HTTP


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(invoices=200, seed=5) as world:
        yield world


def entry_of(sandbox: Sandbox) -> dict[str, Any]:
    return next(entry for entry in sandbox.sources() if entry["kind"] == "maycur")


def logins(sandbox: Sandbox) -> int:
    return sum(line["call"] == "auth/login" for line in sandbox.journal)


@pytest.mark.parametrize("wrap", [False, True])
def test_all_rows_are_received_and_second_pull_changes_nothing(sandbox, wrap):
    sandbox.settings.maycur_wrap = wrap
    store = Store()
    for run in ("first", "second"):
        with MemoryContext(entry_of(sandbox), store=store, wrap=wrap) as context:
            result = pulled(Maycur(context))
        assert result.error is None
        if run == "first":
            rows = {row["invoiceDataCode"] for row in sandbox.world.rows("maycur")}
            assert {*result.created, *result.quarantined} == rows
            assert result.received == len(rows)
        else:
            assert (result.created, result.changed) == ([], [])
    assert logins(sandbox) == 1
    assert all(record.issue_date for record in store.records.values())


@pytest.mark.parametrize("status", [200, 401])
def test_expired_token_is_renewed_for_both_http_statuses(sandbox, status):
    sandbox.settings.maycur_auth_status = status
    sandbox.fault("maycur", "expired_token", after=1)
    with MemoryContext(entry_of(sandbox)) as context:
        result = pulled(Maycur(context))
    assert result.error is None
    assert result.received == len(list(sandbox.world.rows("maycur")))
    assert logins(sandbox) == 2


def test_wrong_secret_logs_in_once_and_is_not_shown(sandbox):
    entry = entry_of(sandbox)
    wrong = entry | {"credentials": entry["credentials"] | {"appSecret": "not-the-secret-7731"}}
    with MemoryContext(wrong) as context, pytest.raises(NeedsPerson) as refused:
        Maycur(context).test()
    assert refused.value.message.code == "maycur.login"
    assert "not-the-secret-7731" not in str(refused.value)
    assert logins(sandbox) == 1


def test_connection_test(sandbox):
    with MemoryContext(entry_of(sandbox)) as context:
        assert Maycur(context).test().code == "maycur.test_ok"
    assert len(sandbox.journal) == 2
