"""Pulling from ShopEx: windows, details only where they are needed, three shapes of replies, and every error code."""

import itertools
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from apps.core.errors import Intent, TryLater
from apps.core.http import Request
from apps.core.redaction import Redactor
from apps.sandbox.server import Sandbox, running
from apps.sandbox.shopex import sign as sandbox_sign
from apps.sources.connectors.shopex import Shopex
from apps.sources.parsing import SHANGHAI
from apps.sources.records import InvoiceStatus

from .line import FakeClock, MemoryLine, Pulled, Store, pulled

TODAY = date(2026, 3, 31)
NOON = datetime(2026, 3, 31, 12, 0, tzinfo=SHANGHAI)
LIST, DETAIL, RESULT = "invoice.getInvoiceList", "invoice.getInvoice", "invoice.getResultList"


class Shop:
    """Invoices by day of issue and results by time, paged as the real one does. Stands in for the HTTP client.

    ``meddle`` sees each query and its answer before it is sent, and may give another. As the real client, it asks a
    few times for what is judged to be passing.
    """

    def __init__(self, *invoices: dict[str, Any], results: tuple[dict[str, Any], ...] = ()) -> None:
        self.invoices, self.results = list(invoices), list(results)
        self.queries: list[dict[str, Any]] = []
        self.requests: list[Request] = []
        self.meddle: Callable[[dict[str, Any], dict[str, Any]], Any] = lambda query, answer: answer
        self.redactor = Redactor(["the-token"])

    def json(self, build: Callable[[], Request], *, judge: Callable[[Any], None], **_: Any) -> Any:
        for attempt in range(3):
            request = build()
            query = dict(request.form or request.json)
            self.requests.append(request)
            self.queries.append(query)
            reply = self.meddle(query, self.answer(query))
            try:
                judge(reply)
            except TryLater:
                if attempt == 2:
                    raise
                continue
            return reply
        raise AssertionError("unreachable")

    def answer(self, query: dict[str, Any]) -> dict[str, Any]:
        if query["method"] == DETAIL:
            found = [one for one in self.invoices if one["invoice_bn"] == query["invoice_bn"]]
            unknown = {"error_response": {"code": "2002", "msg": "发票不存在"}}
            return found[0] | {"tax_no": "91330100MA1", "items": []} if found else unknown
        if query["method"] == RESULT:
            rows, first, last, day = self.results, query["start_time"], query["end_time"], "create_time"
        else:
            rows, first, last, day = self.invoices, query["start_date"], query["end_date"], "issue_date"
        found = [one for one in rows if first <= one[day] <= last]
        size, page = int(query["page_size"]), int(query["page_no"])
        return {"count": len(found), "lists": found[(page - 1) * size : page * size]}

    def asked(self, method: str) -> list[dict[str, Any]]:
        return [query for query in self.queries if query["method"] == method]


class Desk:
    """A source of that shop, pulled now and again."""

    def __init__(self, shop: Shop, **options: Any) -> None:
        self.shop, self.store, self.clock = shop, Store(), FakeClock(NOON)
        self.options = {"start_date": "2026-01-01", **options}
        self.notes: list[Any] = []

    def line(self) -> MemoryLine:
        entry = {"kind": "shopex", "base_url": "http://shop.test", "credentials": {"flag": "f", "token": "the-token"}}
        line = MemoryLine(entry, store=self.store, clock=self.clock, **self.options)
        line.http = self.shop
        return line

    def pull(self, most_pages: int | None = None) -> Pulled:
        line = self.line()
        found = pulled(Shopex(line), most_pages=most_pages)
        self.notes = line.notes
        return found


def issued(number: int, day: str = "2026-03-10", **changes: Any) -> dict[str, Any]:
    plain = {
        "invoice_bn": f"FP{number:06d}",
        "invoice_type": "增值税专用发票",
        "invoice_status": "已开票",
        "company_name": "测试科技有限公司",
        "total_amount": "113.00",
        "issue_date": day,
    }
    return plain | changes


def resulting(number: int, at: str = "2026-03-10 09:00:00") -> dict[str, Any]:
    return {
        "serial_no": f"SN{number}",
        "order_bn": f"FP{number:06d}",
        "type_id": 1,
        "billing_type": 1,
        "amount": "113.00",
        "cost_tax": "13.00",
        "invoice_no": f"2631{number:016d}",
        "create_time": at,
    }


def test_history_is_read_month_by_month_then_the_look_back_only():
    desk = Desk(Shop(issued(1, "2026-01-10"), issued(2), results=(resulting(1, "2026-01-11 09:00:00"), resulting(2))))
    assert len(desk.pull().created) == 4
    windows = [(query["start_date"], query["end_date"]) for query in desk.shop.asked(LIST)]
    assert windows == [("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28"), ("2026-03-01", "2026-03-31")]
    assert desk.shop.asked(RESULT)[0]["start_time"] == "2026-01-01 00:00:00"
    assert desk.shop.asked(RESULT)[-1]["end_time"] == "2026-03-31 23:59:59"
    desk.shop.queries.clear()
    second = desk.pull()
    assert (second.created, second.changed, second.unchanged) == ([], [], ["bn:FP000002"])
    assert [query["start_date"] for query in desk.shop.asked(LIST)] == ["2026-02-28", "2026-03-01"]
    assert [query["start_time"] for query in desk.shop.asked(RESULT)] == ["2026-03-30 00:00:00"]


@pytest.mark.parametrize(("lookback", "begin"), [(0, "2026-03-31"), (10, "2026-03-21"), (365, "2026-01-01")])
def test_the_look_back_is_an_option(lookback, begin):
    desk = Desk(Shop(), lookback_days=lookback)
    desk.pull()
    desk.shop.queries.clear()
    desk.pull()
    assert desk.shop.asked(LIST)[0]["start_date"] == begin


def test_history_that_is_moved_back_is_read():
    desk = Desk(Shop(issued(1, "2025-11-10")))
    assert desk.pull().created == []
    desk.options["start_date"] = "2025-11-01"
    assert desk.pull().created == ["bn:FP000001"]


def test_a_killed_pull_goes_on_with_the_month_it_was_in():
    rows = [issued(n, f"2026-0{1 + n % 3}-10") for n in range(360)]
    desk = Desk(Shop(*rows), lookback_days=0)
    assert len(desk.pull(most_pages=3).created) == 220  # January, and one of February's two pages
    desk.shop.queries.clear()
    assert desk.pull().error is None
    assert {query["start_date"] for query in desk.shop.asked(LIST)} == {"2026-02-01", "2026-03-01"}
    assert len(desk.store.records) == 360


def test_details_are_fetched_for_new_and_changed_rows_only():
    first, second = issued(1), issued(2)
    desk = Desk(Shop(first, second))
    desk.pull()
    assert len(desk.shop.asked(DETAIL)) == 2
    desk.shop.queries.clear()
    desk.pull()
    assert desk.shop.asked(DETAIL) == []
    second["invoice_status"] = "已作废"
    result = desk.pull()
    assert result.changed == ["bn:FP000002"]
    assert [query["invoice_bn"] for query in desk.shop.asked(DETAIL)] == ["FP000002"]
    assert desk.store.records["bn:FP000002"].status is InvoiceStatus.VOID
    assert desk.store.records["bn:FP000002"].buyer.tax_no == "91330100MA1"


def test_details_that_are_refused_are_asked_for_again_and_told():
    desk = Desk(Shop(issued(1), issued(2)))

    def refuse(query: dict[str, Any], answer: dict[str, Any]) -> Any:
        if query.get("invoice_bn") == "FP000001":
            return {"error_response": {"code": "2002", "msg": "发票不存在"}}
        return answer

    desk.shop.meddle = refuse
    assert desk.pull().error is None
    (note,) = desk.notes
    assert (note.code, note.params) == ("shopex.no_details", {"count": 1, "number": "FP000001"})
    assert desk.pull().changed == []
    desk.shop.meddle = lambda query, answer: answer
    assert desk.pull().changed == ["bn:FP000001"]
    assert desk.notes == []
    assert desk.store.records["bn:FP000001"].buyer.tax_no == "91330100MA1"


def test_a_shortfall_is_an_error_but_hides_nothing_behind_it():
    desk = Desk(Shop(issued(1, "2026-01-10"), issued(2, "2026-02-10"), issued(3)), lookback_days=0)

    def hide(query: dict[str, Any], answer: dict[str, Any]) -> Any:
        return answer | {"lists": []} if query.get("start_date") == "2026-02-01" else answer

    desk.shop.meddle = hide
    short = desk.pull()
    assert short.error is not None
    assert short.error.message.code == "shopex.shortfall"
    assert (short.error.message.params["count"], short.error.message.params["received"]) == (1, 0)
    assert desk.store.records.keys() == {"bn:FP000001", "bn:FP000003"}
    desk.shop.meddle = lambda query, answer: answer
    desk.clock.advance(40 * 86_400)
    again = desk.pull()
    assert again.error is None
    assert again.created == ["bn:FP000002"]


def test_rows_that_move_while_they_are_read_are_read_once_more():
    desk = Desk(Shop(*(issued(n) for n in range(150))), start_date="2026-03-01")

    def voids_one(query: dict[str, Any], answer: dict[str, Any]) -> Any:
        if query["method"] == LIST and len(desk.shop.invoices) == 150:
            del desk.shop.invoices[0]  # the 101st row slides to the first page after that was read
        return answer

    desk.shop.meddle = voids_one
    assert desk.pull().error is None
    assert len(desk.store.records) == 150


def repeating(desk: Desk, times: int) -> Callable[[dict[str, Any], Any], Any]:
    """The first page instead of the second, so many times."""
    budget = [True] * times

    def meddle(query: dict[str, Any], answer: Any) -> Any:
        if query.get("page_no") == "2" and budget:
            budget.pop()
            return desk.shop.answer(query | {"page_no": "1"})
        return answer

    return meddle


def test_a_page_that_comes_twice_is_asked_for_again():
    desk = Desk(Shop(*(issued(n) for n in range(150))), start_date="2026-03-01")
    desk.shop.meddle = repeating(desk, 1)
    assert desk.pull().error is None
    assert len(desk.store.records) == 150


def test_a_page_that_comes_again_and_again_leaves_its_window_for_the_next_run():
    desk = Desk(Shop(*(issued(n) for n in range(150))), start_date="2026-03-01")
    desk.shop.meddle = repeating(desk, 100)
    stuck = desk.pull()
    assert stuck.error is not None
    assert stuck.error.message.code == "shopex.repeated"
    assert len(stuck.created) == 100
    desk.shop.meddle = lambda query, answer: answer
    assert len(desk.pull().created) == 50


def test_the_page_of_another_window_is_not_taken_for_this_one():
    desk = Desk(Shop(issued(1, "2026-01-10"), issued(2, "2026-02-10"), issued(3)))
    replies: list[Any] = []

    def stale(query: dict[str, Any], answer: Any) -> Any:
        if query["method"] != LIST:
            return answer
        replies.append(answer)
        return replies[-2] if len(replies) == 2 else answer

    desk.shop.meddle = stale
    assert desk.pull().error is None
    assert len(desk.store.records) == 3


@pytest.mark.parametrize("reply", [{}, {"response": {}}, {"status": "维护中"}, {"rsp": "succ", "data": {}}])
def test_an_answer_without_a_list_does_not_pass_for_an_empty_window(reply):
    desk = Desk(Shop())
    desk.shop.meddle = lambda query, answer: reply
    failed = desk.pull().error
    assert failed is not None
    assert failed.message.code == "shopex.unexpected"
    assert desk.store.cursors == {}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda found: found,
        lambda found: {"response": found},
        lambda found: {"rsp": "succ", "data": found},
        lambda found: {"response": {"rsp": "succ", "data": found}},
        lambda found: {"rsp": "succ", "response": found},
        lambda found: {"code": 0, **found},
    ],
)
def test_replies_come_in_three_shapes(wrap):
    desk = Desk(Shop(issued(1), results=(resulting(1),)))
    desk.shop.meddle = lambda query, answer: wrap(answer)
    assert set(desk.pull().created) == {"bn:FP000001", "result:SN1"}


CODES = {
    Intent.BAD_REQUEST: ("1", "400", "2001", "2002", "e000001", "e000006"),
    Intent.CREDENTIALS: ("401", "403", "1001", "1003", "e000002", "e000004"),
    Intent.CLOCK: ("1002", "e000008"),
    Intent.CONFIGURATION: ("1004", "2003", "e000003"),
    Intent.TRY_LATER: ("500", "e000005", "e000007", "e000009", "77", ""),
}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda refusal: {"error_response": refusal},
        lambda refusal: {"response": {"error_response": refusal}},
        lambda refusal: {"rsp": "fail", **refusal},
        lambda refusal: {"response": {"rsp": "fail", **refusal}},
    ],
)
@pytest.mark.parametrize(("intent", "code"), [(intent, code) for intent, codes in CODES.items() for code in codes])
def test_every_code_has_its_intent_in_every_shape(wrap, intent, code):
    desk = Desk(Shop())
    refusal = {"code": code, "msg": "错误 the-token", "sub_msg": "sign string: flagfmethod the-token"}
    desk.shop.meddle = lambda query, answer: wrap(refusal)
    error = desk.pull().error
    assert error is not None
    assert error.intent is intent
    assert "错误" in str(error)
    assert "the-token" not in str(error)
    assert "sign string" not in str(error)


def test_a_bare_code_is_a_refusal_too():
    desk = Desk(Shop())
    desk.shop.meddle = lambda query, answer: {"code": 1003, "msg": "签名错误"}
    assert desk.pull().error.intent is Intent.CREDENTIALS


def test_a_repeated_request_is_signed_anew():
    desk = Desk(Shop(issued(1)))

    def refuse_first(query: dict[str, Any], answer: Any) -> Any:
        return {"error_response": {"code": "e000009", "msg": "重复"}} if len(desk.shop.queries) == 1 else answer

    desk.shop.meddle = refuse_first
    assert desk.pull().error is None
    first, second = desk.shop.queries[:2]
    assert int(second["timestamp"]) > int(first["timestamp"])
    assert second["sign"] != first["sign"]


def test_two_lists_asked_within_a_second_carry_different_timestamps():
    desk = Desk(Shop())
    desk.pull()
    stamps = [int(query["timestamp"]) for query in desk.shop.queries]
    assert stamps == sorted(set(stamps))
    assert desk.clock.now() == NOON


def test_parameters_travel_flat_and_signed():
    desk = Desk(Shop(issued(1)), path="/api/rpc/")
    desk.pull()
    for request in desk.shop.requests:
        assert request.url == "http://shop.test/api/rpc/"
        assert request.json is None
        sent = request.form
        assert {sent[name] for name in ("flag", "ver", "charset", "type")} == {"f", "1", "utf-8", "json"}
        assert sent["sign"] == sandbox_sign(sent, "the-token")
        assert "the-token" not in sent.values()


def test_methods_can_be_renamed_and_timestamps_written_out():
    desk = Desk(Shop(), list_method="x.list", result_method="x.results", timestamp_format="yyyyMMddHHmmss")
    desk.shop.answer = lambda query: {"count": 0, "lists": []}
    desk.pull()
    assert {query["method"] for query in desk.shop.queries} == {"x.list", "x.results"}
    assert desk.shop.queries[0]["timestamp"] == "20260331120000"


# Against the sandbox, over HTTP


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(invoices=600, seed=3, today=TODAY) as world:
        yield world


_minutes = itertools.count()


def quick_clock() -> FakeClock:
    """Each a minute later than the one before: the sandbox remembers the signatures of earlier tests."""
    return FakeClock(datetime.now(SHANGHAI) + timedelta(minutes=next(_minutes)))


def entry_of(sandbox: Sandbox) -> dict[str, Any]:
    return next(entry for entry in sandbox.sources() if entry["kind"] == "shopex")


@pytest.mark.parametrize("reply", ["bare", "response", "rsp"])
@pytest.mark.parametrize("transport", ["form", "json"])
def test_every_way_to_ask_gets_every_row(sandbox, monkeypatch, reply, transport):
    monkeypatch.setattr(sandbox.settings, "shopex_reply", reply)
    monkeypatch.setattr(sandbox.settings, "shopex_transport", transport)
    with MemoryLine(entry_of(sandbox), clock=quick_clock(), transport=transport) as line:
        assert Shopex(line).test().code == "shopex.test_ok"
        found = pulled(Shopex(line))
    assert found.error is None
    assert found.received == len(list(sandbox.world.rows("shopex")))
    assert len(found.quarantined) == 2


@pytest.mark.parametrize("fraction", [False, True])
def test_the_records_are_the_truth_of_the_world(sandbox, monkeypatch, fraction):
    monkeypatch.setattr(sandbox.settings, "shopex_tax_rate_fraction", fraction)
    with MemoryLine(entry_of(sandbox), clock=quick_clock()) as line:
        pulled(Shopex(line))
    records = line.store.records
    joined = {key: one for name, one in records.items() if name.startswith("result:") for key in one.link_keys}
    compared = 0
    for true in sandbox.world.truth():
        number = true["ids"].get("shopex")
        if not number:
            continue
        order = records[f"bn:{number}"]
        assert str(order.total_amount) == true["total_amount"]
        assert str(order.tax_amount) == true["tax_amount"]
        assert order.buyer.tax_no == true["buyer_tax_no"]
        if true["issued"]:
            issue = joined[order.link_keys[0]]
            assert (issue.code, issue.digital_number) == (true["code"], true["digital_number"])
            assert issue.kind == true["kind"]
            assert str(issue.total_amount) == true["total_amount"]
            assert str(issue.tax_amount) == true["tax_amount"]
            assert all(line.tax_rate is not None and 0 <= line.tax_rate < 1 for line in issue.lines)
            compared += 1
    assert compared > 50


def test_a_wrong_token_ends_in_one_sentence_without_it(sandbox):
    entry = entry_of(sandbox)
    wrong = entry | {"credentials": entry["credentials"] | {"token": "not-the-token-7731"}}
    with MemoryLine(wrong) as line:
        refused = pulled(Shopex(line)).error
    assert refused is not None
    assert (refused.message.code, refused.intent) == ("shopex.credentials", Intent.CREDENTIALS)
    assert "not-the-token-7731" not in str(refused)
    assert "sign string" not in str(refused)


def test_a_wrong_clock_is_told_to_a_person(sandbox):
    with MemoryLine(entry_of(sandbox), clock=FakeClock(datetime(2001, 1, 1, tzinfo=SHANGHAI))) as line:
        refused = pulled(Shopex(line.with_options(start_date="2000-12-01"))).error
    assert refused is not None
    assert (refused.message.code, refused.intent) == ("shopex.clock", Intent.CLOCK)
