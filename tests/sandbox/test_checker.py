from datetime import date

import pytest

from apps.sandbox.server import running
from apps.sandbox.truth.invoices import local
from apps.sandbox.world import World

from .clients import all_of_checker, ask_checker


def test_feed_has_pages_of_fifty_in_order_of_change(shared):
    first = ask_checker(shared)
    assert len(first["data"]) == 50
    assert first["lasttime"] == first["data"][-1]["CreateTime"]
    records = all_of_checker(shared)
    assert [row["Id"] for row in records] == [row["Id"] for row in shared.world.rows("checker")]
    assert [row["CreateTime"] for row in records] == sorted(row["CreateTime"] for row in records)


@pytest.mark.parametrize("lasttime", ["", "gestern", "2020-01-01"])
def test_missing_or_malformed_time_starts_at_first_record(shared, lasttime):
    assert ask_checker(shared, lasttime)["data"][0] == ask_checker(shared)["data"][0]


def test_end_of_feed_has_code_1(shared):
    assert ask_checker(shared, "2099-01-01 00:00:00")["code"] == "1"


def test_wrong_authcode_is_refused(shared):
    reply = ask_checker(shared, authcode="wrong")
    assert reply["code"] == "99"
    assert reply["data"] is None


def test_more_than_fifty_records_in_one_second_are_lost_or_repeated():
    world = {"invoices": 400, "today": date(2026, 3, 31), "crowd": 120}
    crowded = World(**world)
    second = max({at for at, _, _ in crowded.checker_feed}, key=[at for at, _, _ in crowded.checker_feed].count)
    assert [at for at, _, _ in crowded.checker_feed].count(second) == 120
    with running(**world) as exclusive:
        assert len(all_of_checker(exclusive)) < len(crowded.checker_feed)
    with running(**world, checker_inclusive=True) as inclusive:
        moment = f"{local(second):%Y-%m-%d %H:%M:%S}"
        page = ask_checker(inclusive, moment)
        assert page["lasttime"] == moment  # every further request would return this page again
        assert len(page["data"]) == 50


def test_edited_and_deleted_records_are_sent_again(sandbox):
    newest = all_of_checker(sandbox)[-1]["CreateTime"]
    done = sandbox.change(seed=4, count=40)
    later = all_of_checker(sandbox, newest)
    deleted = [row for row in later if row.get("Isdel", row.get("isdel")) == 1]
    assert len(deleted) == done["deleted"] > 0
    assert any(row["memo"].startswith("已更正") for row in later)


def test_too_frequent_request_is_refused():
    with running(invoices=100, pace={"checker": 60}) as sandbox:
        assert ask_checker(sandbox)["code"] == 0
        assert ask_checker(sandbox)["code"] == "99"
