"""Pulling bills and details from Piaozone."""

from collections import Counter

from django.utils.translation import override

from apps.core.errors import Intent
from apps.sources.connectors.base import Page
from apps.sources.connectors.piaozone import Piaozone
from apps.sources.records import ExpenseStatus
from tests.sources.connectors.context import pulled

from .vendor import LINK, codes, detail


def test_invoices_have_their_bill_and_bill_list_is_kept(line, vendor, store):
    vendor.details = {"a": detail("a"), "b": detail("b")}
    vendor.bills = {"B-1": ["a", "b"], "B-2": []}
    result = pulled(Piaozone(line(watch_bills=["B-1", "B-2", "B-1"])))
    assert sorted(result.created) == ["a", "b"]
    assert {record.claim.bill_number for record in store.records.values()} == {"B-1"}
    assert store.kept["bill:B-1"].payload == {"billNumber": "B-1", "serialNos": ["a", "b"]}
    assert store.kept["bill:B-2"].payload["serialNos"] == []


def test_invoice_is_unchanged_in_every_way_of_fetching_it(line, vendor, store):
    vendor.details = {"a": detail("a")}
    vendor.bills = {"B-1": ["a"]}
    assert pulled(Piaozone(line(watch_bills=["B-1"]))).created == ["a"]
    again = pulled(Piaozone(line(watch_bills=["B-1"])))
    alone = pulled(Piaozone(line()))
    vendor.waiting({"type": "updateInvoice", "data": {"billnumber": "B-1", "data": {"serialNo": "a"}}})
    by_message = pulled(Piaozone(line(watch_channels=[LINK])))
    assert (again.unchanged, alone.unchanged, by_message.unchanged) == (["a"], ["a"], ["a", "a"])
    assert not again.changed + alone.changed + by_message.changed
    assert store.records["a"].claim.bill_number == "B-1"


def test_refresh_receives_changes_and_keeps_the_bill(line, vendor, store):
    vendor.details = {"a": detail("a")}
    vendor.bills = {"B-1": ["a"]}
    pulled(Piaozone(line(watch_bills=["B-1"])))
    vendor.details["a"]["expenseStatus"] = "60"
    assert pulled(Piaozone(line())).changed == ["a"]
    assert store.records["a"].expense_status is ExpenseStatus.USED
    assert store.records["a"].claim.bill_number == "B-1"


def test_invoice_on_two_bills_has_both_bill_numbers(line, vendor, store):
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


def test_run_fails_when_every_bill_is_refused(line, vendor, upstream):
    vendor.refuse = {"invoices/query": ("4711", "维护中")}
    result = pulled(Piaozone(line(watch_bills=[f"B-{n}" for n in range(20)])))
    assert result.error.message.code == "piaozone.unknown_code"
    assert Counter(request.path for request in upstream.requests)["/m4/fpzs/expense/invoices/query"] == 3


def test_wrong_credentials_end_the_run(line, vendor):
    vendor.refuse = {"getUserKey": ("1101", "企业不符")}
    result = pulled(Piaozone(line(watch_bills=["B-1", "B-2"])))
    assert result.error.intent == Intent.CREDENTIALS


def test_details_are_requested_in_batches(line, vendor, upstream, store):
    vendor.details = {f"s{n:03}": detail(f"s{n:03}") for n in range(120)}
    vendor.bills = {"B-1": list(vendor.details)}
    pulled(Piaozone(line(watch_bills=["B-1"])))
    upstream.requests.clear()
    assert len(pulled(Piaozone(line())).unchanged) == 120
    batches = [one.json()["fid"].split(",") for one in upstream.requests if one.path.endswith("detail/query")]
    assert max(map(len, batches)) == 50
    assert sorted(serial for some in batches for serial in some) == sorted(vendor.details)


def test_batches_are_full_without_invoices_received_by_bill(line, vendor, upstream, store):
    vendor.details = {f"s{n:03}": detail(f"s{n:03}") for n in range(200)}
    vendor.bills = {"B-1": list(vendor.details)}
    pulled(Piaozone(line(watch_bills=["B-1"])))
    vendor.bills = {"B-2": [serial for n, serial in enumerate(vendor.details) if n % 4]}
    upstream.requests.clear()
    pulled(Piaozone(line(watch_bills=["B-2"])))
    batches = [one.json()["fid"].split(",") for one in upstream.requests if one.path.endswith("detail/query")]
    assert [len(some) for some in batches] == [50]


def test_invoices_without_details_are_reported_once_and_kept(line, vendor, store):
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


def test_pull_without_bills_and_channels_is_empty(line):
    assert pulled(Piaozone(line())).pages == []


def test_rows_without_serial_number_or_structure_are_quarantined(line, vendor, store):
    vendor.details = {"a": detail("a")}
    vendor.bills = {"B-1": ["a", {"invoiceNo": "1"}, 7, {"serialNo": ""}, {"serialNo": {"x": 1}}]}
    result = pulled(Piaozone(line(watch_bills=["B-1"])))
    assert result.created == ["a"]
    assert Counter(message.code for message in result.quarantined.values()) == {
        "record.no_id": 3,
        "record.not_an_object": 1,
    }
    assert pulled(Piaozone(line(watch_bills=["B-1"]))).quarantined.keys() == result.quarantined.keys()


def test_long_bill_number_causes_no_change(line, vendor, store):
    long = "B" * 70
    vendor.details = {"a": detail("a")}
    vendor.bills = {long: ["a"]}
    pulled(Piaozone(line(watch_bills=[long])))
    assert store.records["a"].claim.bill_number == long
    assert pulled(Piaozone(line())).unchanged == ["a"]
    assert pulled(Piaozone(line(watch_bills=[long]))).unchanged == ["a"]


def test_details_and_bills_are_separate_pages(line, vendor):
    vendor.details = {"a": detail("a")}
    vendor.bills = {"B-1": ["a"]}
    pages = pulled(Piaozone(line(watch_bills=["B-1"]))).pages
    assert [(type(page), page.stream, page.parsed) for page in pages] == [
        (Page, "details", True),
        (Page, "bills", False),
    ]
