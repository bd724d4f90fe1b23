import json

import pytest

from apps.sandbox.server import running

from .clients import Cloud


def options(sandbox):
    return next(one for one in sandbox.sources() if one["kind"] == "piaozone")["options"]


@pytest.mark.parametrize("kind", ["", "1", "2"])
def test_token_is_returned_for_every_signature_type(shared, kind):
    reply = Cloud(shared).fetch_token(kind)
    assert reply["errcode"] == "0000"
    assert reply["access_token"]
    assert reply["expires_in"] == 129_600


def test_wrong_credentials_have_distinct_codes(shared):
    cloud = Cloud(shared)
    assert cloud.fetch_token(secret="wrong")["errcode"] == "1101"
    assert cloud.post("/base/oauth/token")["errcode"] == "1200"
    cloud.token = "stale"
    assert cloud.post("/m4/fpzs/getLinkKey")["errcode"] == "1300"


def test_bills_and_channels_together_contain_every_invoice(sandbox):
    cloud = Cloud(sandbox)
    serials = {row["serialNo"] for bill in options(sandbox)["watch_bills"] for row in cloud.bill(bill)}
    for link in options(sandbox)["watch_channels"]:
        while (reply := cloud.poll(link))["errcode"] == "0000":
            serials |= serials_in(reply["data"])
            cloud.confirm(link, reply["data"]["msgId"])
    assert serials == set(sandbox.world.by_serial)


def serials_in(envelope) -> set[str]:
    message = envelope["data"]
    message = json.loads(message) if isinstance(message, str) else message
    inner = message["data"]
    if message["type"] == "saveEntrys":
        return {inner["list"]["fid"]}
    return set(inner["invoiceSerialNos"].split(",")) if message["type"] == "saveBill" else {inner["data"]["serialNo"]}


def test_details_have_the_layout_of_their_type():
    with running(invoices=1000) as sandbox:
        cloud = Cloud(sandbox)
        samples = {}
        serials = list(sandbox.world.by_serial)
        for start in range(0, len(serials), 100):
            samples |= {row["invoiceType"]: row for row in cloud.details(*serials[start : start + 100])["data"]}
        assert {"1", "4", "7", "8", "9", "10", "11", "14", "16", "17", "19", "20", "23", "26", "27", "97"} <= set(
            samples
        )
        assert samples["27"]["items"][0]["goodsCode"]
        assert len(samples["9"]["invoiceCode"]) == len(samples["10"]["invoiceCode"]) == 8
        assert samples["9"]["trainNum"]
        assert len(samples["10"]["invoiceNo"]) == 13
        assert "invoiceNo" not in samples["19"]
        assert samples["19"]["taxPaidProofNo"]
        assert samples["14"]["consumptionType"]


def test_unknown_serial_numbers_are_omitted(shared):
    cloud, serial = Cloud(shared), next(iter(shared.world.by_serial))
    assert [row["serialNo"] for row in cloud.details(serial, "nothing")["data"]] == [serial]
    assert cloud.details("nothing")["errcode"] == "1307"


def test_bill_query_requires_user_key(shared):
    bill = options(shared)["watch_bills"][0]
    reply = Cloud(shared).post("/m4/fpzs/expense/invoices/query", userKey="none", billNumber=bill)
    assert reply["errcode"] == "3000"


def test_message_is_repeated_until_confirmed(sandbox):
    cloud, link = Cloud(sandbox), options(sandbox)["watch_channels"][0]
    first, again = cloud.poll(link)["data"], cloud.poll(link)["data"]
    assert first["msgId"] == again["msgId"]
    assert cloud.confirm(link, first["msgId"])["errcode"] == "0000"
    assert cloud.confirm(link, first["msgId"])["errcode"] == "0000"
    assert cloud.poll(link)["errcode"] == "1307"
    assert sandbox.systems["piaozone"].confirmed == [first["msgId"]]


def test_messages_have_every_shape_and_both_encodings(sandbox):
    cloud, shapes, carried = Cloud(sandbox), set(), set()
    for link in options(sandbox)["watch_channels"]:
        while (reply := cloud.poll(link))["errcode"] == "0000":
            carried.add(type(reply["data"]["data"]))
            body = reply["data"]["data"]
            body = json.loads(body) if isinstance(body, str) else body
            inner = body["data"].get("data")
            shapes.add((body["type"], type(inner)))
            cloud.confirm(link, reply["data"]["msgId"])
    assert carried == {dict, str}
    assert shapes == {("saveBill", list), ("saveBill", dict), ("saveEntrys", type(None)), ("updateInvoice", dict)}


def test_poll_without_message_waits(sandbox):
    sandbox.settings.piaozone_hold = 0.4
    cloud = Cloud(sandbox)
    assert cloud.poll("never opened")["errcode"] == "1307"
    assert sandbox.journal[-1]["ms"] >= 350


def test_edited_invoice_gets_new_serial_number_and_message(sandbox):
    cloud, link = Cloud(sandbox), options(sandbox)["watch_channels"][0]
    cloud.confirm(link, cloud.poll(link)["data"]["msgId"])
    before = set(sandbox.world.by_serial)
    while not sandbox.change(count=30)["renumbered"]:
        pass
    body = cloud.poll(link)["data"]["data"]
    message = json.loads(body) if isinstance(body, str) else body
    new = message["data"]["data"]["serialNo"]
    assert message["type"] == "updateInvoice"
    assert new not in before
    assert cloud.details(new)["data"][0]["serialNo"] == new
