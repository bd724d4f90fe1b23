"""Pulling from ShopEx: windows, and details of new and changed rows only."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.sources.records import InvoiceStatus

from .shop import DETAIL, LIST, RESULT, Desk, Shop, issued, resulting


def test_first_pull_reads_history_and_next_only_look_back():
    desk = Desk(Shop(issued(1, "2026-01-10"), issued(2), results=(resulting(1, "2026-01-11 09:00:00"), resulting(2))))
    assert len(desk.pull().created) == 4
    windows = [(query["start_date"], query["end_date"]) for query in desk.shop.queries_of(LIST)]
    assert windows == [("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28"), ("2026-03-01", "2026-03-31")]
    assert desk.shop.queries_of(RESULT)[0]["start_time"] == "2026-01-01 00:00:00"
    assert desk.shop.queries_of(RESULT)[-1]["end_time"] == "2026-03-31 23:59:59"
    desk.shop.queries.clear()
    second = desk.pull()
    assert (second.created, second.changed, second.unchanged) == ([], [], ["bn:FP000002"])
    assert [query["start_date"] for query in desk.shop.queries_of(LIST)] == ["2026-02-28", "2026-03-01"]
    assert [query["start_time"] for query in desk.shop.queries_of(RESULT)] == ["2026-03-30 00:00:00"]


@pytest.mark.parametrize(("lookback", "begin"), [(0, "2026-03-31"), (10, "2026-03-21"), (365, "2026-01-01")])
def test_look_back_is_an_option(lookback, begin):
    desk = Desk(Shop(), lookback_days=lookback)
    desk.pull()
    desk.shop.queries.clear()
    desk.pull()
    assert desk.shop.queries_of(LIST)[0]["start_date"] == begin


def test_earlier_start_date_is_read():
    desk = Desk(Shop(issued(1, "2025-11-10")))
    assert desk.pull().created == []
    desk.options["start_date"] = "2025-11-01"
    assert desk.pull().created == ["bn:FP000001"]


def test_killed_pull_continues_with_unfinished_month():
    rows = [issued(n, f"2026-0{1 + n % 3}-10") for n in range(360)]
    desk = Desk(Shop(*rows), lookback_days=0)
    assert len(desk.pull(most_pages=3).created) == 220  # January and the first of February's two pages
    desk.shop.queries.clear()
    assert desk.pull().error is None
    assert {query["start_date"] for query in desk.shop.queries_of(LIST)} == {"2026-02-01", "2026-03-01"}
    assert len(desk.store.records) == 360


def test_details_are_fetched_for_new_and_changed_rows_only():
    first, second = issued(1), issued(2)
    desk = Desk(Shop(first, second))
    desk.pull()
    assert len(desk.shop.queries_of(DETAIL)) == 2
    desk.shop.queries.clear()
    desk.pull()
    assert desk.shop.queries_of(DETAIL) == []
    second["invoice_status"] = "已作废"
    result = desk.pull()
    assert result.changed == ["bn:FP000002"]
    assert [query["invoice_bn"] for query in desk.shop.queries_of(DETAIL)] == ["FP000002"]
    assert desk.store.records["bn:FP000002"].status is InvoiceStatus.VOID
    assert desk.store.records["bn:FP000002"].buyer.tax_no == "91330100MA1"


def test_refused_details_are_reported_and_requested_again():
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


def test_incomplete_window_is_an_error_and_later_windows_are_read():
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


def test_window_is_read_again_when_rows_move():
    desk = Desk(Shop(*(issued(n) for n in range(150))), start_date="2026-03-01")

    def voids_one(query: dict[str, Any], answer: dict[str, Any]) -> Any:
        if query["method"] == LIST and len(desk.shop.invoices) == 150:
            del desk.shop.invoices[0]  # the 101st row moves to the first page, which was already read
        return answer

    desk.shop.meddle = voids_one
    assert desk.pull().error is None
    assert len(desk.store.records) == 150


def repeating(desk: Desk, times: int) -> Callable[[dict[str, Any], Any], Any]:
    """Answer with the first page instead of the second, ``times`` times."""
    budget = [True] * times

    def meddle(query: dict[str, Any], answer: Any) -> Any:
        if query.get("page_no") == "2" and budget:
            budget.pop()
            return desk.shop.answer(query | {"page_no": "1"})
        return answer

    return meddle


def test_repeated_page_is_requested_again():
    desk = Desk(Shop(*(issued(n) for n in range(150))), start_date="2026-03-01")
    desk.shop.meddle = repeating(desk, 1)
    assert desk.pull().error is None
    assert len(desk.store.records) == 150


def test_persistently_repeated_page_leaves_window_to_the_next_run():
    desk = Desk(Shop(*(issued(n) for n in range(150))), start_date="2026-03-01")
    desk.shop.meddle = repeating(desk, 100)
    stuck = desk.pull()
    assert stuck.error is not None
    assert stuck.error.message.code == "shopex.repeated"
    assert len(stuck.created) == 100
    desk.shop.meddle = lambda query, answer: answer
    assert len(desk.pull().created) == 50


def test_page_of_another_window_is_detected():
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
def test_answer_without_list_is_no_empty_window(reply):
    desk = Desk(Shop())
    desk.shop.meddle = lambda query, answer: reply
    failed = desk.pull().error
    assert failed is not None
    assert failed.message.code == "shopex.unexpected"
    assert desk.store.cursors == {}
