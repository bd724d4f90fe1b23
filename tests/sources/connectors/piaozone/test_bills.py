"""Pulling from Piaozone: bills and details."""

from collections import Counter

from django.utils.translation import override

from apps.core.errors import Intent
from apps.sources.connectors.base import Page
from apps.sources.connectors.piaozone import Piaozone
from apps.sources.records import ExpenseStatus
from tests.sources.connectors.context import pulled

from .vendor import LINK, codes, detail


def test_a_bills_invoices_know_their_bill_and_the_list_is_kept(line, vendor, store):
    vendor.details = {"a": detail("a"), "b": detail("b")}
    vendor.bills = {"B-1": ["a", "b"], "B-2": []}
    result = pulled(Piaozone(line(watch_bills=["B-1", "B-2", "B-1"])))
    assert sorted(result.created) == ["a", "b"]
    assert {record.claim.bill_number for record in store.records.values()} == {"B-1"}
    assert store.kept["bill:B-1"].payload == {"billNumber": "B-1", "serialNos": ["a", "b"]}
    assert store.kept["bill:B-2"].payload["serialNos"] == []


def test_no_way_of_fetching_an_invoice_looks_like_a_change(line, vendor, store):
    vendor.details = {"a": detail("a")}
    vendor.bills = {"B-1": ["a"]}
    assert pulled(Piaozone(line(watch_bills=["B-1"]))).created == ["a"]
    again = pulled(Piaozone(line(watch_bills=["B-1"])))
    alone = pulled(Piaozone(line()))
    vendor.waiting({"type": "updateInvoice", "data": {"billnumber": "B-1", "data": {"serialNo": "a"}}})
    told = pulled(Piaozone(line(watch_channels=[LINK])))
    assert (again.unchanged, alone.unchanged, told.unchanged) == (["a"], ["a"], ["a", "a"])
    assert not again.changed + alone.changed + told.changed
    assert store.records["a"].claim.bill_number == "B-1"


def test_a_refresh_brings_changes_and_keeps_the_bill(line, vendor, store):
    vendor.details = {"a": detail("a")}
    vendor.bills = {"B-1": ["a"]}
    pulled(Piaozone(line(watch_bills=["B-1"])))
    vendor.details["a"]["expenseStatus"] = "60"
    assert pulled(Piaozone(line())).changed == ["a"]
    assert store.records["a"].expense_status is ExpenseStatus.USED
    assert store.records["a"].claim.bill_number == "B-1"


def test_an_invoice_on_two_bills_names_both_until_it_leaves_one(line, vendor, store):
    vendor.details = {"a": detail("a")}
    vendor.bills = {"B-1": ["a"], "B-2": ["a"]}
    watch = {"watch_bills": ["B-1", "B-2"]}
    pulled(Piaozone(line(**watch)))
    assert store.records["a"].claim.bill_number == "B-1, B-2"
    assert not pulled(Piaozone(line(**watch))).changed
    vendor.bills["B-1"] = []
    assert pulled(Piaozone(line(**watch))).changed == ["a"]
    assert store.records["a"].claim.bill_number == "B-2"
    vendor.bills["B-2"] = []
    pulled(Piaozone(line(**watch)))
    assert store.records["a"].claim is None


def test_one_refused_bill_does_not_stop_the_others(line, vendor, store):
    vendor.details = {"a": detail("a")}
    vendor.bills = {"BAD": [], "B-1": ["a"]}
    vendor.refuse = {'"billNumber": "BAD"': ("4711", "单据不存在")}
    own = line(watch_bills=["BAD", "B-1"])
    result = pulled(Piaozone(own))
    assert (result.created, result.error) == (["a"], None)
    assert codes(own) == ["piaozone.bill_refused"]
    with override("en"):
        assert "BAD" in str(own.notes[0])
        assert "单据不存在" in str(own.notes[0])


def test_a_system_that_refuses_every_bill_fails_the_run(line, vendor, upstream):
    vendor.refuse = {"invoices/query": ("4711", "维护中")}
    result = pulled(Piaozone(line(watch_bills=[f"B-{n}" for n in range(20)])))
    assert result.error.message.code == "piaozone.unknown_code"
    assert Counter(asked.path for asked in upstream.asked)["/m4/fpzs/expense/invoices/query"] == 3


def test_wrong_credentials_stop_at_the_first_bill(line, vendor):
    vendor.refuse = {"getUserKey": ("1101", "企业不符")}
    result = pulled(Piaozone(line(watch_bills=["B-1", "B-2"])))
    assert result.error.intent == Intent.CREDENTIALS


def test_details_are_asked_for_in_batches(line, vendor, upstream, store):
    vendor.details = {f"s{n:03}": detail(f"s{n:03}") for n in range(120)}
    vendor.bills = {"B-1": list(vendor.details)}
    pulled(Piaozone(line(watch_bills=["B-1"])))
    upstream.asked.clear()
    assert len(pulled(Piaozone(line())).unchanged) == 120
    asked = [one.json()["fid"].split(",") for one in upstream.asked if one.path.endswith("detail/query")]
    assert max(map(len, asked)) == 50
    assert sorted(serial for some in asked for serial in some) == sorted(vendor.details)


def test_what_a_bill_has_just_told_leaves_no_gaps_in_the_batches(line, vendor, upstream, store):
    vendor.details = {f"s{n:03}": detail(f"s{n:03}") for n in range(200)}
    vendor.bills = {"B-1": list(vendor.details)}
    pulled(Piaozone(line(watch_bills=["B-1"])))
    vendor.bills = {"B-2": [serial for n, serial in enumerate(vendor.details) if n % 4]}
    upstream.asked.clear()
    pulled(Piaozone(line(watch_bills=["B-2"])))
    asked = [one.json()["fid"].split(",") for one in upstream.asked if one.path.endswith("detail/query")]
    assert [len(some) for some in asked] == [50]


def test_known_invoices_without_details_are_reported_once_and_kept(line, vendor, store):
    vendor.details = {"a": detail("a"), "b": detail("b")}
    vendor.bills = {"B-1": ["a", "b"]}
    pulled(Piaozone(line(watch_bills=["B-1"])))
    del vendor.details["a"]
    first, second = line(), line()
    pulled(Piaozone(first))
    pulled(Piaozone(second))
    assert (codes(first), codes(second)) == (["piaozone.gone"], [])
    assert not store.records["a"].deleted
    del vendor.details["b"]
    third = line()
    pulled(Piaozone(third))
    assert third.notes[0].params == {"count": 1, "serial": "b"}


def test_nothing_to_watch_is_an_empty_pull(line):
    assert pulled(Piaozone(line())).pages == []


def test_rows_without_serial_number_or_form_wait_in_quarantine(line, vendor, store):
    vendor.details = {"a": detail("a")}
    vendor.bills = {"B-1": ["a", {"invoiceNo": "1"}, 7, {"serialNo": ""}, {"serialNo": {"x": 1}}]}
    result = pulled(Piaozone(line(watch_bills=["B-1"])))
    assert result.created == ["a"]
    assert Counter(message.code for message in result.quarantined.values()) == {
        "record.no_id": 3,
        "record.not_an_object": 1,
    }
    assert pulled(Piaozone(line(watch_bills=["B-1"]))).quarantined.keys() == result.quarantined.keys()


def test_a_bill_number_too_long_to_remember_is_still_no_change(line, vendor, store):
    long = "B" * 70
    vendor.details = {"a": detail("a")}
    vendor.bills = {long: ["a"]}
    pulled(Piaozone(line(watch_bills=[long])))
    assert store.records["a"].claim.bill_number == long
    assert pulled(Piaozone(line())).unchanged == ["a"]
    assert pulled(Piaozone(line(watch_bills=[long]))).unchanged == ["a"]


def test_details_are_read_in_pages(line, vendor):
    vendor.details = {"a": detail("a")}
    vendor.bills = {"B-1": ["a"]}
    found = pulled(Piaozone(line(watch_bills=["B-1"]))).pages
    assert [(type(page), page.stream, page.parsed) for page in found] == [
        (Page, "details", True),
        (Page, "bills", False),
    ]
