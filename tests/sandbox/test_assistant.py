"""The sandbox's assistant pages: a choice of invoices is stored in the books and sent as a message."""

import json
import re
from concurrent.futures import ThreadPoolExecutor, wait
from html import unescape

import pytest
import requests

from apps.sandbox.assistant import ADJUST, CHOOSE, EDIT, ENTRY, LISTED, SHOWN
from apps.sandbox.expenses import CACHE
from apps.sandbox.rows.piaozone import serial_no

from .clients import Cloud

KEY, NUMBER = "4f1c9a", "BX-77"


class Person:
    """A client of the assistant pages with a session for one bill."""

    def __init__(self, sandbox, **parameters):
        self.sandbox, self.cloud = sandbox, Cloud(sandbox)
        self.link = self.cloud.post("/m4/fpzs/getLinkKey")["data"]
        who = {name: self.cloud.mine[name] for name in ("tin", "ghf_mc", "eid")}
        bill = {"billNumber": NUMBER, "bxd_key": KEY, "random": "1", "ticketParam": "01111", "billType": ""}
        reply = self.cloud.post("/m4/fpzs/getUserKey", **(self.cloud.signed() | who | bill | parameters))
        self.address = {"userKey": reply["data"]["userKey"], "linkKey": self.link}

    def open(self, path, **more):
        query = self.address | {"gridParam": "1111", "sourceType": "polling"} | more
        return requests.get(self.cloud.base + path, params=query, timeout=5)

    def press(self, path, *serials, **more):
        """Submit the form of a page with these boxes ticked."""
        form = [*self.address.items(), *(("serial", one) for one in serials), *more.items()]
        query = self.address | {"gridParam": "1111"}
        return requests.post(self.cloud.base + path, params=query, data=form, timeout=5)

    def received(self):
        """Poll the waiting message, confirm it and return its body; None when there is none."""
        reply = self.cloud.poll(self.link)
        if reply["errcode"] == "1307":
            return None
        self.cloud.confirm(self.link, reply["data"]["msgId"])
        body = reply["data"]["data"]
        return json.loads(body) if isinstance(body, str) else body


def boxes(page):
    """Serial number → state of its box: on the bill (on), free, or excluded (off)."""
    boxes_by_serial = {}
    for box in re.findall(r'<input type="checkbox" name="serial"[^>]*>', page.text):
        state = "off" if " disabled" in box else "on" if " checked" in box else "free"
        boxes_by_serial[re.search(r'value="(\w+)"', box).group(1)] = state
    return boxes_by_serial


@pytest.fixture
def person(sandbox):
    return Person(sandbox)


@pytest.fixture
def free(sandbox):
    return [serial_no(invoice, sandbox.world.seed) for invoice in sandbox.books.free()[:5]]


def test_page_lists_free_invoices_and_those_on_the_bill(sandbox, person, free):
    page = person.open(CHOOSE)
    assert page.headers["Content-Type"].startswith("text/html")
    assert "选择发票" in page.text
    assert "://" not in page.text
    assert set(boxes(page)) == {serial_no(one, 1) for one in sandbox.books.free()}
    assert set(boxes(page).values()) == {"free"}
    person.press(CHOOSE, *free[:2])
    assert {serial for serial, state in boxes(person.open(CHOOSE)).items() if state == "on"} == set(free[:2])
    assert not set(free[:2]) & set(boxes(Person(sandbox, billNumber="BX-78", bxd_key="other").open(CHOOSE)))


@pytest.mark.parametrize(
    ("kind", "shape", "total"),
    [
        ("", list, "invoicesAmount"),
        ("Tra", list, "invoicesTotalAmount"),
        ("Pur", dict, "isElectronicInvoice"),
        ("BizOut", list, "invoicesTotalAmount"),
    ],
)
def test_choosing_fills_bill_and_sends_message_of_bill_type(sandbox, free, kind, shape, total):
    person = Person(sandbox, billType=kind)
    assert person.received() is None
    assert "已发送5张发票" in person.press(CHOOSE, *free).text
    message = person.received()
    data = message["data"]
    assert message["type"] == "saveBill"
    assert (data["billnumber"], data["bxd_key"], data["userid"]) == (NUMBER, KEY, person.cloud.mine["eid"])
    assert set(data["invoiceSerialNos"].split(",")) == set(free)
    assert isinstance(data["data"], shape)
    assert total in data
    assert {row["serialNo"] for row in person.cloud.bill(NUMBER)} == set(free)
    assert [(one.call, one.subject) for one in sandbox.books.effects] == [(CHOOSE, KEY)]


def test_message_is_repeated_until_confirmed(person, free):
    person.press(CHOOSE, free[0])
    first, again = person.cloud.poll(person.link)["data"], person.cloud.poll(person.link)["data"]
    assert first["msgId"] == again["msgId"]
    assert person.received()
    assert person.received() is None


def test_waiting_poll_returns_as_soon_as_message_exists(sandbox, person, free):
    sandbox.settings.piaozone_hold = 30
    with ThreadPoolExecutor(1) as waiting:
        heard = waiting.submit(person.cloud.poll, person.link)
        assert not wait([heard], timeout=0.2).done
        person.press(CHOOSE, free[0])
        assert heard.result(timeout=5)["errcode"] == "0000"


def test_unticking_an_invoice_removes_it_from_the_bill(sandbox, person, free):
    person.press(CHOOSE, *free[:3])
    person.press(CHOOSE, free[1])
    assert [row["serialNo"] for row in person.cloud.bill(NUMBER)] == [free[1]]
    assert person.received()["data"]["invoiceSerialNos"].count(",") == 2
    assert person.received()["data"]["invoiceSerialNos"] == free[1]
    assert {serial_no(one, 1) for one in sandbox.books.free()} >= {free[0], free[2]}


def test_choosing_no_invoice_sends_no_message(sandbox, person):
    assert "请至少选择一张发票" in person.press(CHOOSE).text
    assert person.received() is None
    assert not sandbox.books.effects


def test_invoices_passed_by_caller_are_ticked(sandbox, free):
    person = Person(sandbox, invoiceSerialNos=",".join(free[:2]))
    assert {serial for serial, state in boxes(person.open(CHOOSE)).items() if state == "on"} == set(free[:2])


def test_ticket_param_excludes_invoices(sandbox):
    strict, lax = Person(sandbox, ticketParam="00000"), Person(sandbox, ticketParam="11111")
    page = strict.open(CHOOSE)
    kept_out = {serial for serial, state in boxes(page).items() if state == "off"}
    assert kept_out
    assert {"抬头不符", "查验不通过"} & set(
        re.findall(r"<small>(抬头不符|查验不通过|个人发票|税号不符)</small>", page.text)
    )
    assert "请至少" in strict.press(CHOOSE, next(iter(kept_out))).text
    assert "off" not in boxes(lax.open(CHOOSE)).values()
    assert "已发送" in lax.press(CHOOSE, next(iter(kept_out))).text
    other = {"billNumber": "BX-79", "bxd_key": "another"}
    # Invoices on other bills are allowed too.
    assert kept_out & set(boxes(Person(sandbox, ticketParam="11111", **other).open(CHOOSE)))


@pytest.mark.parametrize("query", [{}, {"userKey": "nobody"}])
def test_page_without_session_is_forbidden(sandbox, query):
    reply = requests.get(f"{sandbox.url}/piaozone{CHOOSE}", params=query, timeout=5)
    assert reply.status_code == 403
    assert "会话已失效" in reply.text
    assert requests.get(f"{sandbox.url}/piaozone/m4-web/nothing", params=query, timeout=5).status_code == 404


def test_unknown_channel_is_refused(sandbox, free):
    person = Person(sandbox)
    person.address["linkKey"] = "never opened"
    assert "连接通道不存在" in person.press(CHOOSE, free[0]).text


def with_entries(sandbox, free):
    person = Person(sandbox, branch_id="e1")
    entries = [{"entryid": "e1", "fid": free[:2]}, {"entryid": "e2", "fid": [free[2]]}]
    bill = {"billnumber": NUMBER, "bxd_key": KEY, "billTypeId": "t"}
    assert person.cloud.change(CACHE, **bill, data=entries)["errcode"] == "0000"
    return person


def test_adjusting_an_entry_changes_its_invoices_only(sandbox, free):
    person = with_entries(sandbox, free)
    shown = boxes(person.open(ADJUST))
    assert {serial for serial, state in shown.items() if state == "on"} == set(free[:2])
    assert free[2] not in shown
    person.press(ADJUST, free[1], free[3])
    message = person.received()
    assert message["type"] == "saveEntrys"
    assert (message["data"]["bxd_key"], message["data"]["branch_id"]) == (KEY, "e1")
    assert {row["fid"] for row in message["data"]["list"]} == {free[1], free[3]}
    kept = requests.get(f"{sandbox.url}/_sandbox/books", timeout=5).json()["bills"][KEY]["entries"]
    assert {entry: set(serials) for entry, serials in kept.items()} == {"e1": {free[1], free[3]}, "e2": {free[2]}}
    person.press(ADJUST, free[3])
    assert person.received()["data"]["list"]["fid"] == free[3]  # an object, as in the vendor's sample


def test_choosing_more_keeps_entries_of_remaining_invoices(sandbox, free):
    person = with_entries(sandbox, free)
    person.press(CHOOSE, *free[:4])
    assert {entry: len(filed) for entry, filed in sandbox.books.bills[KEY].entries.items()} == {"e1": 3, "e2": 1}


def test_adjusting_requires_entry_id(person):
    assert "缺少分录" in person.open(ADJUST).text


def test_read_only_pages_show_invoices(sandbox, free):
    person = with_entries(sandbox, free)
    listed = {path: set(re.findall(r'data-serial="(\w+)"', person.open(path).text)) for path in (ENTRY, LISTED)}
    assert listed == {ENTRY: set(free[:2]), LISTED: set(free[:3])}
    shown = unescape(person.open(SHOWN, serialNo=free[0]).text)
    assert person.cloud.details(free[0])["data"][0]["salerName"] in shown
    assert "<form" not in shown
    assert "发票不存在" in person.open(SHOWN, serialNo="gone").text


def test_edited_invoice_gets_new_serial_number_and_stays_on_bill(sandbox, person, free):
    person.press(CHOOSE, *free[:2])
    assert person.received()
    assert "流水号将会变化" in person.open(EDIT, serialNo=free[0]).text
    person.press(EDIT, serialNo=free[0], remark="<b>更正</b>")
    message = person.received()
    new = message["data"]["data"]["serialNo"]
    data = message["data"]
    assert (message["type"], data["billnumber"], data["bxd_key"]) == ("updateInvoice", NUMBER, KEY)
    assert new not in free
    assert {row["serialNo"] for row in person.cloud.bill(NUMBER)} == {new, free[1]}
    assert person.cloud.details(free[0])["errcode"] == "1307"
    assert person.cloud.details(new)["data"][0]["remark"] == "<b>更正</b>"
    assert "<b>更正" not in person.open(SHOWN, serialNo=new).text
    assert [one.content for one in sandbox.books.of(EDIT)] == [{"serialNo": new, "before": free[0]}]
