"""Pulling from Piaozone: signature, token, codes, bills, details and messages, against a small scripted vendor."""

import hashlib
import json
import zlib
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.translation import override

from apps.core.errors import Intent, NeedsPerson, TryLater
from apps.sandbox.server import running
from apps.sources.connectors.base import Page
from apps.sources.connectors.piaozone import Piaozone
from apps.sources.connectors.piaozone.signing import polling_key, signed
from apps.sources.records import ExpenseStatus, InvoiceKind
from tests.core.upstream import Answer, Upstream, said

from .line import MemoryLine, Store, pulled

SAMPLES = Path(__file__).parent / "samples" / "piaozone"
SECRET = "testsecret-9f2c"
LINK = "link-0001"


def sample(name):
    return json.loads((SAMPLES / f"{name}.json").read_text(), parse_float=Decimal)


class Vendor:
    """What the vendor holds: details by serial number, bills, waiting messages by polling key."""

    def __init__(self):
        self.details, self.bills, self.channels = {}, {}, {}
        self.confirmed, self.logins, self.lifetime = [], [], 129_600
        self.valid, self.refuse, self.token_under_data = set(), {}, False

    def waiting(self, *bodies, link=LINK):
        key = polling_key(link, "md5")
        self.channels[key] = [
            {"msgId": f"m{n}", "from": "fpzs", "key": key, "data": body} for n, body in enumerate(bodies)
        ]
        return self.channels[key]

    def __call__(self, asked):
        if asked.path == "/base/oauth/token":
            return self.login(asked)
        if asked.query.get("access_token") not in self.valid:
            return said({"errcode": "1300", "description": "token", "data": None})
        for part, (code, text) in self.refuse.items():
            if part in asked.path or part in asked.body.decode():
                return said({"errcode": code, "description": text, "data": None})
        return said({"errcode": "0000", "description": "", "data": self.answer(asked)} if self.has(asked) else NOTHING)

    def login(self, asked):
        self.logins.append(asked.json())
        token = f"token-{len(self.logins)}"
        self.valid.add(token)
        found = {"access_token": token, "expires_in": self.lifetime}
        return said({"errcode": "0000", **({"data": found} if self.token_under_data else found)})

    def has(self, asked):
        return not (asked.path.endswith("data/v2") and not self.channels.get(asked.query["key"]))

    def answer(self, asked):
        body = asked.json()
        if asked.path.endswith("getUserKey"):
            return {"userKey": "user-" + body["billNumber"]}
        if asked.path.endswith("getLinkKey"):
            return "link-new"
        if asked.path.endswith("detail/query"):
            return [self.details[one] for one in body["fid"].split(",") if one in self.details]
        if asked.path.endswith("invoices/query"):
            assert body["userKey"] == "user-" + body["billNumber"]
            return [
                self.details.get(row, {"serialNo": row}) if isinstance(row, str) else row
                for row in self.bills[body["billNumber"]]
            ]
        if asked.path.endswith("data/v2"):
            return self.channels[asked.query["key"]][0]
        if asked.path.endswith("receipt"):
            self.confirmed.append(asked.query["msgId"])
            waiting = self.channels[asked.query["key"]]
            waiting[:] = [one for one in waiting if one.get("msgId") != asked.query["msgId"]]
            return None
        raise AssertionError(asked.path)


NOTHING = {"errcode": "1307", "description": "no data", "data": None}


@pytest.fixture
def vendor():
    return Vendor()


@pytest.fixture
def upstream(vendor):
    with Upstream(vendor) as running_vendor:
        yield running_vendor


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def line(upstream, store):
    """Makes a line; options as keywords."""
    made = []

    def make(**options):
        credentials = {
            "client_id": "testclient",
            "client_secret": SECRET,
            "tin": "T1",
            "ghf_mc": "某公司",
            "eid": "eid-1",
        }
        entry = {"kind": "piaozone", "base_url": upstream.url, "credentials": credentials}
        made.append(MemoryLine(entry, store=store, **options))
        return made[-1]

    yield make
    for one in made:
        one.http.close()


def detail(serial, **more):
    return {
        **sample("detail_vat"),
        "serialNo": serial,
        "invoiceNo": f"{zlib.crc32(serial.encode()) % 10**8:08d}",
        **more,
    }


def codes(line):
    return [note.code for note in line.notes]


# Signature, token, codes


@pytest.mark.parametrize(
    ("sign_type", "sign", "enc_type"),
    [
        ("md5", "93dca4ba582a1c67d8a8e927a26d99d5", None),
        ("sha256", hashlib.sha256(b"testclienttestsecret1704067200000").hexdigest(), "1"),
        ("hmac", "a", "2"),
    ],
)
def test_check_value_of_the_signature(sign_type, sign, enc_type):
    fields = signed("testclient", "testsecret", 1704067200000, sign_type)
    assert fields.get("encType") == enc_type
    assert fields["timestamp"] == "1704067200000"
    if sign_type != "hmac":
        assert fields["sign"] == sign
    else:
        assert len(fields["sign"]) == 64
        assert fields["sign"] != signed("testclient", "testsecreu", 1704067200000, "hmac")["sign"]


@pytest.mark.parametrize("sign_type", ["md5", "sha256", "hmac"])
def test_every_signature_is_accepted_by_the_sandbox(sign_type):
    with running(invoices=20) as sandbox:
        entry = next(one for one in sandbox.sources() if one["kind"] == "piaozone")
        with MemoryLine(entry, sign_type=sign_type) as own:
            message = Piaozone(own).test()
    with override("en"):
        assert entry["credentials"]["ghf_mc"] in str(message)


def test_polling_key_forms():
    assert polling_key("abc", "md5") == "900150983cd24fb0d6963f7d28e17f72"
    assert polling_key("abc", "plain") == "abc"


@pytest.mark.parametrize("under_data", [False, True])
def test_the_token_is_read_from_either_level_and_shared(line, vendor, upstream, under_data):
    vendor.token_under_data = under_data
    Piaozone(line()).test()
    Piaozone(line()).test()
    assert len(vendor.logins) == 1
    assert vendor.logins[0].keys() == {"client_id", "timestamp", "sign"}
    assert {asked.query.get("access_token") for asked in upstream.asked[1:]} == {"token-1"}


def test_a_refused_token_is_renewed_once_and_the_call_repeated(line, vendor, store):
    Piaozone(line()).test()
    vendor.valid.clear()
    Piaozone(line()).test()
    assert len(vendor.logins) == 2
    assert store.token.value == "token-2"


def test_a_token_refused_for_ever_is_for_a_person(line, vendor, upstream):
    vendor.refuse = {"/m4/": ("1300", "token过期")}
    with pytest.raises(NeedsPerson) as failed:
        Piaozone(line()).test()
    assert failed.value.intent == Intent.CREDENTIALS
    assert failed.value.message.code == "piaozone.logged_out"
    assert len(vendor.logins) == 2


def test_a_token_is_given_up_before_the_vendor_does(line, vendor, store):
    Piaozone(line()).test()
    assert store.token.lifetime == 129_000


@pytest.mark.parametrize(
    ("code", "error", "intent", "message"),
    [
        ("1101", NeedsPerson, Intent.CREDENTIALS, "piaozone.credentials"),
        ("1200", NeedsPerson, Intent.CREDENTIALS, "piaozone.credentials"),
        ("3000", TryLater, Intent.TRY_LATER, "piaozone.failed"),
        ("9876", NeedsPerson, Intent.BAD_REQUEST, "piaozone.unknown_code"),
        ("", NeedsPerson, Intent.BAD_REQUEST, "piaozone.unknown_code"),
    ],
)
def test_every_code_has_its_intent(line, vendor, code, error, intent, message):
    vendor.refuse = {"getUserKey": (code, f"签名 {SECRET} 不对")}
    with pytest.raises(error) as failed:
        Piaozone(line()).test()
    assert (failed.value.intent, failed.value.message.code) == (intent, message)
    assert SECRET not in str(failed.value)


def test_ticket_param_has_the_digits_asked_for_and_holds_nothing_back(line, upstream):
    Piaozone(line()).test()
    Piaozone(line(ticket_param_digits=4)).test()
    sent = [asked.json()["ticketParam"] for asked in upstream.asked if asked.path.endswith("getUserKey")]
    assert sent == ["11111", "1111"]


def test_a_link_key_can_be_had(line):
    assert Piaozone(line())._calls.link_key() == "link-new"


# Bills and details


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


# Messages


def test_a_message_is_confirmed_only_after_it_and_its_invoices_are_durable(line, vendor, store):
    vendor.details = {"a": detail("a")}
    vendor.waiting({"type": "updateInvoice", "data": {"billnumber": "B-1", "data": {"serialNo": "a"}}})
    for most in (0, 1):
        assert pulled(Piaozone(line(watch_channels=[LINK])), most_pages=most).error is None
        assert vendor.confirmed == []
    assert pulled(Piaozone(line(watch_channels=[LINK]))).error is None
    assert vendor.confirmed == ["m0"]
    assert store.kept["m0"].payload["data"]["type"] == "updateInvoice"
    assert store.records["a"].claim.bill_number == "B-1"


def test_a_message_is_kept_before_its_invoices_are_asked_for(line, vendor, store):
    vendor.waiting({"type": "updateInvoice", "data": {"data": {"serialNo": "a"}}})
    vendor.refuse = {"detail/query": ("3000", "busy")}
    own = line(watch_channels=[LINK])
    pulled(Piaozone(own))
    assert "m0" in store.kept
    assert vendor.confirmed == []
    assert codes(own) == ["piaozone.channel_refused"]


def test_a_repeated_message_is_confirmed_again_and_changes_nothing(line, vendor, store):
    vendor.details = {"a": detail("a")}
    body = {"type": "updateInvoice", "data": {"data": {"serialNo": "a"}}}
    vendor.waiting(body)
    pulled(Piaozone(line(watch_channels=[LINK])))
    vendor.waiting(body)
    again = pulled(Piaozone(line(watch_channels=[LINK])))
    assert vendor.confirmed == ["m0", "m0"]
    assert not again.created + again.changed
    assert len(store.kept) == 1


def test_every_channel_is_drained(line, vendor, store):
    vendor.details = {f"s{n}": detail(f"s{n}") for n in range(6)}
    said_of = lambda n: {"type": "updateInvoice", "data": {"data": {"serialNo": f"s{n}"}}}  # noqa: E731
    vendor.waiting(*(said_of(n) for n in range(3)), link="one")
    vendor.waiting(*(said_of(n) for n in range(3, 6)), link="two")
    assert len(pulled(Piaozone(line(watch_channels=["one", "empty", "two"]))).created) == 6
    assert len(vendor.confirmed) == 6


def test_the_linkkey_itself_may_name_the_channel(line, vendor, upstream):
    vendor.details = {"a": detail("a")}
    vendor.waiting({"type": "updateInvoice", "data": {"data": {"serialNo": "a"}}})
    vendor.channels["plain-link"] = vendor.channels.popitem()[1]
    result = pulled(Piaozone(line(watch_channels=["plain-link"], polling_key="plain")))
    assert result.created == ["a"]


def test_a_poll_may_be_held_longer_than_other_calls_may_take(line, vendor, upstream):
    held = vendor.answer

    def slow(asked):
        if asked.path.endswith("data/v2"):
            upstream.stopping.wait(2.4)
        return held(asked)

    vendor.answer = slow
    vendor.details = {"a": detail("a")}
    vendor.waiting({"type": "updateInvoice", "data": {"data": {"serialNo": "a"}}})
    assert pulled(Piaozone(line(watch_channels=[LINK]))).created == ["a"]


def test_a_message_confirmed_in_vain_does_not_hold_the_pull_for_ever(line, vendor):
    vendor.details = {"a": detail("a")}
    waiting = vendor.waiting({"type": "updateInvoice", "data": {"data": {"serialNo": "a"}}})
    vendor.channels[next(iter(vendor.channels))] = Undying(waiting)
    own = line(watch_channels=[LINK])
    assert pulled(Piaozone(own)).error is None
    assert codes(own) == ["piaozone.not_confirmed"]
    assert len(vendor.confirmed) == 2


class Undying(list):
    """A channel that drops nothing."""

    def __setitem__(self, place, value):
        """Keep everything."""


def test_a_message_without_id_is_kept_and_leaves_its_channel(line, vendor, store):
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
def test_an_unreadable_message_waits_in_quarantine_and_is_confirmed(line, vendor, store, body):
    vendor.waiting(body)
    result = pulled(Piaozone(line(watch_channels=[LINK])))
    assert result.quarantined["m0"].code == "piaozone.unreadable_message"
    assert store.raw["m0"].payload["message"]["data"] == body
    assert vendor.confirmed == ["m0"]


def test_a_message_of_a_newer_type_is_kept_and_told_of(line, vendor, store):
    vendor.waiting({"type": "deleteInvoice", "data": {"x": 1}})
    own = line(watch_channels=[LINK])
    assert pulled(Piaozone(own)).kept == ["m0"]
    assert codes(own) == ["piaozone.new_message"]
    assert vendor.confirmed == ["m0"]


def test_a_refused_channel_does_not_stop_the_others(line, vendor):
    vendor.details = {"a": detail("a")}
    vendor.waiting({"type": "updateInvoice", "data": {"data": {"serialNo": "a"}}}, link="good")
    bad = polling_key("bad", "md5")

    def call(asked):
        if asked.query.get("key") == bad:
            return said({"errcode": "4001", "description": "key失效", "data": None})
        return vendor(asked)

    own = line(watch_channels=["bad", "good"])
    with Upstream(call) as other:
        own.base_url = other.url
        result = pulled(Piaozone(own))
    assert (result.created, result.error) == (["a"], None)
    assert codes(own) == ["piaozone.channel_refused"]


def test_a_changed_serial_number_is_a_new_record(line, vendor, store):
    vendor.details = {"old": detail("old")}
    vendor.bills = {"B-1": ["old"]}
    pulled(Piaozone(line(watch_bills=["B-1"])))
    vendor.details = {"new": detail("new", isRevise="2")}
    vendor.waiting({"type": "updateInvoice", "data": {"billnumber": "B-1", "data": {"serialNo": "new"}}})
    own = line(watch_channels=[LINK])
    assert pulled(Piaozone(own)).created == ["new"]
    assert "edited_by_hand" in store.records["new"].flags
    assert codes(own) == ["piaozone.gone"]


def test_without_details_a_message_that_says_enough_is_used(line, vendor, store):
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


def test_what_is_unusable_even_then_is_quarantined_and_heals(line, vendor, store):
    vendor.waiting(sample("message_purchase"))
    result = pulled(Piaozone(line(watch_channels=[LINK])))
    assert {message.code for message in result.quarantined.values()} == {"piaozone.no_detail"}
    assert len(result.quarantined) == 2
    serial = next(iter(result.quarantined))
    vendor.details = {serial: detail(serial)}
    vendor.waiting(sample("message_purchase"))
    assert pulled(Piaozone(line(watch_channels=[LINK]))).changed == [serial]
    assert serial not in store.quarantine


def test_a_row_without_serial_number_waits_in_quarantine(line, vendor):
    vendor.waiting(sample("message_trip"))
    result = pulled(Piaozone(line(watch_channels=[LINK])))
    assert Counter(message.code for message in result.quarantined.values()) == {
        "record.no_id": 1,
        "piaozone.no_detail": 2,
    }


def test_a_message_never_overwrites_details(line, vendor, store):
    vendor.details = {"1125866": detail("1125866")}
    vendor.bills = {"2018-11-28-00001898": ["1125866"]}
    pulled(Piaozone(line(watch_bills=["2018-11-28-00001898"])))
    before = store.records["1125866"]
    vendor.details = {}
    vendor.waiting(sample("message_update"))
    result = pulled(Piaozone(line(watch_channels=[LINK])))
    assert not result.changed
    assert store.records["1125866"] == before


# The whole world


def test_the_whole_sandbox_arrives_and_stays_the_same():
    with running(invoices=200, seed=3) as sandbox:
        sandbox.settings.piaozone_hold = 0.02
        entry = next(one for one in sandbox.sources() if one["kind"] == "piaozone")
        store = Store()
        with MemoryLine(entry, store=store) as first:
            result = pulled(Piaozone(first))
        with MemoryLine(entry, store=store) as second:
            again = pulled(Piaozone(second))
        assert result.error is None
        assert set(store.records) | set(store.quarantine) == set(sandbox.world.by_serial)
        assert not again.created + again.changed
        assert again.error is None
        assert not second.notes


def test_killed_at_any_page_the_next_pull_makes_it_whole():
    with running(invoices=60, seed=5) as sandbox:
        sandbox.settings.piaozone_hold = 0.02
        entry = next(one for one in sandbox.sources() if one["kind"] == "piaozone")
        store = Store()
        for most in range(1, 60, 7):
            with MemoryLine(entry, store=store) as killed:
                assert pulled(Piaozone(killed), most_pages=most).error is None
        with MemoryLine(entry, store=store) as last:
            assert pulled(Piaozone(last)).error is None
        assert set(store.records) | set(store.quarantine) == set(sandbox.world.by_serial)
        assert not sandbox.systems["piaozone"].channels.waiting()


def test_a_bill_number_too_long_to_remember_is_still_no_change(line, vendor, store):
    long = "B" * 70
    vendor.details = {"a": detail("a")}
    vendor.bills = {long: ["a"]}
    pulled(Piaozone(line(watch_bills=[long])))
    assert store.records["a"].claim.bill_number == long
    assert pulled(Piaozone(line())).unchanged == ["a"]
    assert pulled(Piaozone(line(watch_bills=[long]))).unchanged == ["a"]


def test_pages_are_pages(line, vendor):
    vendor.details = {"a": detail("a")}
    vendor.bills = {"B-1": ["a"]}
    found = pulled(Piaozone(line(watch_bills=["B-1"]))).pages
    assert [(type(page), page.stream, page.parsed) for page in found] == [
        (Page, "details", True),
        (Page, "bills", False),
    ]


def test_an_answer_that_is_no_object_is_tried_again_later(line, upstream):
    upstream.answer = lambda asked: Answer(body=b"[]")
    with pytest.raises(TryLater) as failed:
        Piaozone(line()).test()
    assert failed.value.message.code == "http.not_json"
