"""Pulling messages from Piaozone: a message is confirmed only after it is stored."""

from collections import Counter
from decimal import Decimal

import pytest

from apps.sources.connectors.piaozone import Piaozone
from apps.sources.connectors.piaozone.signing import polling_key
from apps.sources.records import InvoiceKind
from tests.core.upstream import Upstream, said
from tests.sources.connectors.context import pulled

from .vendor import LINK, codes, detail, sample


def test_message_is_confirmed_after_it_and_its_invoices_are_stored(line, vendor, store):
    vendor.details = {"a": detail("a")}
    vendor.waiting({"type": "updateInvoice", "data": {"billnumber": "B-1", "data": {"serialNo": "a"}}})
    for most in (0, 1):
        assert pulled(Piaozone(line(watch_channels=[LINK])), most_pages=most).error is None
        assert vendor.confirmed == []
    assert pulled(Piaozone(line(watch_channels=[LINK]))).error is None
    assert vendor.confirmed == ["m0"]
    assert store.kept["m0"].payload["data"]["type"] == "updateInvoice"
    assert store.records["a"].claim.bill_number == "B-1"


def test_message_is_stored_before_its_invoices_are_requested(line, vendor, store):
    vendor.waiting({"type": "updateInvoice", "data": {"data": {"serialNo": "a"}}})
    vendor.refuse = {"detail/query": ("3000", "busy")}
    own = line(watch_channels=[LINK])
    pulled(Piaozone(own))
    assert "m0" in store.kept
    assert vendor.confirmed == []
    assert codes(own) == ["piaozone.channel_refused"]


def test_duplicate_message_is_confirmed_and_changes_nothing(line, vendor, store):
    vendor.details = {"a": detail("a")}
    body = {"type": "updateInvoice", "data": {"data": {"serialNo": "a"}}}
    vendor.waiting(body)
    pulled(Piaozone(line(watch_channels=[LINK])))
    vendor.waiting(body)
    again = pulled(Piaozone(line(watch_channels=[LINK])))
    assert vendor.confirmed == ["m0", "m0"]
    assert not again.created + again.changed
    assert len(store.kept) == 1


def test_all_messages_of_all_channels_are_received(line, vendor, store):
    vendor.details = {f"s{n}": detail(f"s{n}") for n in range(6)}
    update_of = lambda n: {"type": "updateInvoice", "data": {"data": {"serialNo": f"s{n}"}}}  # noqa: E731
    vendor.waiting(*(update_of(n) for n in range(3)), link="one")
    vendor.waiting(*(update_of(n) for n in range(3, 6)), link="two")
    assert len(pulled(Piaozone(line(watch_channels=["one", "empty", "two"]))).created) == 6
    assert len(vendor.confirmed) == 6


def test_plain_link_key_may_be_the_polling_key(line, vendor, upstream):
    vendor.details = {"a": detail("a")}
    vendor.waiting({"type": "updateInvoice", "data": {"data": {"serialNo": "a"}}})
    vendor.channels["plain-link"] = vendor.channels.popitem()[1]
    result = pulled(Piaozone(line(watch_channels=["plain-link"], polling_key="plain")))
    assert result.created == ["a"]


def test_poll_has_a_longer_timeout_than_other_calls(line, vendor, upstream):
    original_answer = vendor.answer

    def slow(request):
        if request.path.endswith("data/v2"):
            upstream.stopping.wait(2.4)
        return original_answer(request)

    vendor.answer = slow
    vendor.details = {"a": detail("a")}
    vendor.waiting({"type": "updateInvoice", "data": {"data": {"serialNo": "a"}}})
    assert pulled(Piaozone(line(watch_channels=[LINK]))).created == ["a"]


def test_ineffective_confirmation_does_not_block_the_pull(line, vendor):
    vendor.details = {"a": detail("a")}
    waiting = vendor.waiting({"type": "updateInvoice", "data": {"data": {"serialNo": "a"}}})
    vendor.channels[next(iter(vendor.channels))] = UnconfirmableChannel(waiting)
    own = line(watch_channels=[LINK])
    assert pulled(Piaozone(own)).error is None
    assert codes(own) == ["piaozone.not_confirmed"]
    assert len(vendor.confirmed) == 2


class UnconfirmableChannel(list):
    """A channel that ignores confirmations."""

    def __setitem__(self, place, value):
        """Keep all messages."""


def test_message_without_id_is_kept_and_ends_its_channel(line, vendor, store):
    waiting = vendor.waiting({"type": "updateInvoice", "data": {"data": {"serialNo": "a"}}})
    del waiting[0]["msgId"]
    vendor.details = {"a": detail("a")}
    own = line(watch_channels=[LINK])
    assert pulled(Piaozone(own)).created == ["a"]
    assert codes(own) == ["piaozone.no_message_id"]
    assert next(iter(store.kept)).startswith("noid:")


@pytest.mark.parametrize(
    "body", ["{not json", 7, None, [], {"type": "saveBill", "data": "nonsense"}, {"type": "saveBill"}]
)
def test_unreadable_message_is_quarantined_and_confirmed(line, vendor, store, body):
    vendor.waiting(body)
    result = pulled(Piaozone(line(watch_channels=[LINK])))
    assert result.quarantined["m0"].code == "piaozone.unreadable_message"
    assert store.raw["m0"].payload["message"]["data"] == body
    assert vendor.confirmed == ["m0"]


def test_message_of_unknown_type_is_kept_and_reported(line, vendor, store):
    vendor.waiting({"type": "deleteInvoice", "data": {"x": 1}})
    own = line(watch_channels=[LINK])
    assert pulled(Piaozone(own)).kept == ["m0"]
    assert codes(own) == ["piaozone.new_message"]
    assert vendor.confirmed == ["m0"]


def test_refused_channel_does_not_stop_the_others(line, vendor):
    vendor.details = {"a": detail("a")}
    vendor.waiting({"type": "updateInvoice", "data": {"data": {"serialNo": "a"}}}, link="good")
    bad = polling_key("bad", "md5")

    def call(request):
        if request.query.get("key") == bad:
            return said({"errcode": "4001", "description": "key失效", "data": None})
        return vendor(request)

    own = line(watch_channels=["bad", "good"])
    with Upstream(call) as other:
        own.base_url = other.url
        result = pulled(Piaozone(own))
    assert (result.created, result.error) == (["a"], None)
    assert codes(own) == ["piaozone.channel_refused"]


def test_changed_serial_number_is_a_new_record(line, vendor, store):
    vendor.details = {"old": detail("old")}
    vendor.bills = {"B-1": ["old"]}
    pulled(Piaozone(line(watch_bills=["B-1"])))
    vendor.details = {"new": detail("new", isRevise="2")}
    vendor.waiting({"type": "updateInvoice", "data": {"billnumber": "B-1", "data": {"serialNo": "new"}}})
    own = line(watch_channels=[LINK])
    assert pulled(Piaozone(own)).created == ["new"]
    assert "edited_by_hand" in store.records["new"].flags
    assert codes(own) == ["piaozone.gone"]


def test_message_with_enough_data_is_used_without_details(line, vendor, store):
    vendor.waiting(sample("message_corporate"))
    pulled(Piaozone(line(watch_channels=[LINK])))
    corporate = store.records["e7601aa2a677467bbf0271fbde682d910"]
    assert (corporate.kind, corporate.number, corporate.issue_date) == (
        InvoiceKind.VAT_SPECIAL_PAPER,
        "30819003",
        None,
    )
    assert corporate.claim.bill_number == "RH-365-20181117-1054"
    vendor.waiting(sample("message_entries"))
    pulled(Piaozone(line(watch_channels=[LINK])))
    entry = store.records["e7fde3adddbe46328aa3405085854c250"]
    assert (entry.kind, entry.code, entry.number) == (InvoiceKind.FIXED_AMOUNT, "144031601300", "00819005")
    assert entry.total_amount == Decimal("100.00")
    assert entry.issue_date is None
    assert "receipt_date" in entry.flags


def test_message_without_enough_data_is_quarantined_until_details_arrive(line, vendor, store):
    vendor.waiting(sample("message_purchase"))
    result = pulled(Piaozone(line(watch_channels=[LINK])))
    assert {message.code for message in result.quarantined.values()} == {"piaozone.no_detail"}
    assert len(result.quarantined) == 2
    serial = next(iter(result.quarantined))
    vendor.details = {serial: detail(serial)}
    vendor.waiting(sample("message_purchase"))
    assert pulled(Piaozone(line(watch_channels=[LINK]))).changed == [serial]
    assert serial not in store.quarantine


def test_row_without_serial_number_is_quarantined(line, vendor):
    vendor.waiting(sample("message_trip"))
    result = pulled(Piaozone(line(watch_channels=[LINK])))
    assert Counter(message.code for message in result.quarantined.values()) == {
        "record.no_id": 1,
        "piaozone.no_detail": 2,
    }


def test_message_does_not_overwrite_details(line, vendor, store):
    vendor.details = {"1125866": detail("1125866")}
    vendor.bills = {"2018-11-28-00001898": ["1125866"]}
    pulled(Piaozone(line(watch_bills=["2018-11-28-00001898"])))
    before = store.records["1125866"]
    vendor.details = {}
    vendor.waiting(sample("message_update"))
    result = pulled(Piaozone(line(watch_channels=[LINK])))
    assert not result.changed
    assert store.records["1125866"] == before
