"""Effects of changing calls on the sandbox's books, and refusals of invalid calls."""

import time

import pytest
import requests

from apps.sandbox.books import digest
from apps.sandbox.expenses import (
    BILL_DELETE,
    CACHE,
    COLLECT,
    ENTRY_DELETE,
    SAVE,
    STATUS,
    VOUCHER_DELETE,
)
from apps.sandbox.rows.piaozone import serial_no
from apps.sandbox.rows.shopex import invoice_bn

from .clients import Cloud, ask_shop

KEY = "key-of-a-bill"
BILL = {"billnumber": "BX-1", "bxd_key": KEY, "billTypeId": "expense"}


def voucher(name: str = "V1", **changes):
    head = {"vouchId": name, "vouchNo": "记-1", "businessDate": "2026_03_01", "accountDate": "2026_03_31"}
    entry = {"subject": "6602", "creditAmount": "", "debitsAmount": "1234567890123456.78", "abstract": "差旅"}
    return {
        "accountInfo": {"accountId": "A1"},
        "voucherInfo": {**head, "period": "202603", "entries": [entry], **changes},
        "companyInfo": {"companyId": "C1"},
        "expenseIdArray": ["BX-1"],
        "serialNoArray": ["s1"],
        "invoiceData": [{"serialNo": "s1", "deductionFlag": 1, "deductionTaxAmount": "12.30", "remark": ""}],
    }


def relation(*serials: str, entry: str = "e1", **more):
    return {**BILL, "data": [{"entryid": entry, "fid": list(serials)}], **more}


@pytest.fixture
def cloud(sandbox):
    return Cloud(sandbox)


@pytest.fixture
def free(sandbox):
    """Serial numbers of five invoices that are not on a bill."""
    return [serial_no(invoice, sandbox.world.seed) for invoice in sandbox.books.free()[:5]]


def test_collecting_again_replaces_voucher_but_refuses_equal_content(sandbox, cloud):
    assert cloud.post(COLLECT, **voucher())["errcode"] == "0000"
    again = cloud.post(COLLECT, **voucher())
    assert (again["errcode"], again["description"]) == ("3000", "凭证内容一致，无需重复归集")
    changed = voucher(reviewer="李")
    assert cloud.post(COLLECT, **changed)["errcode"] == "0000"
    kept = sandbox.books.vouchers["V1"]
    assert (kept.content, kept.versions, kept.deleted) == (changed, 2, False)
    assert [one.digest for one in sandbox.books.of(COLLECT, "V1")] == [digest(voucher()), digest(changed)]


def test_deleted_voucher_can_be_collected_again(sandbox, cloud):
    body = {"vouchNo": "记-1", "vouchId": "V1"}
    assert "不存在" in cloud.post(VOUCHER_DELETE, **body)["description"]
    cloud.post(COLLECT, **voucher())
    assert cloud.post(VOUCHER_DELETE, vouchId="V1")["description"] == "参数不能为空:vouchNo"
    assert cloud.post(VOUCHER_DELETE, **body)["errcode"] == "0000"
    assert sandbox.books.vouchers["V1"].deleted
    assert "已删除" in cloud.post(VOUCHER_DELETE, **body)["description"]
    assert cloud.post(COLLECT, **voucher())["errcode"] == "0000"
    assert not sandbox.books.vouchers["V1"].deleted
    assert [one.call for one in sandbox.books.effects] == [COLLECT, VOUCHER_DELETE, COLLECT]
    assert [one.order for one in sandbox.books.effects] == [1, 2, 3]


@pytest.mark.parametrize(
    "changes",
    [
        {"vouchId": ""},
        {"vouchNo": None},
        {"businessDate": "2026-03-01"},
        {"accountDate": "2026_02_30"},
        {"period": "202613"},
        {"period": "2026-03"},
        {"supInformationAmount": 12},
        {"accountItemAmount": "1e3"},
        {"entries": [{"creditAmount": 12.5, "debitsAmount": ""}]},
        {"entries": [{"debitsAmount": "1,000.00"}]},
        {"entries": [{"dueDate": "20260301"}]},
        {"entries": {"debitsAmount": "1.00"}},
    ],
)
def test_voucher_with_invalid_field_is_refused(sandbox, cloud, changes):
    reply = cloud.post(COLLECT, **voucher(**changes))
    assert reply["errcode"] == "3000"
    assert reply["description"].startswith("参数")
    assert not sandbox.books.vouchers
    assert not sandbox.books.effects


@pytest.mark.parametrize("part", [{"serialNoArray": [7]}, {"invoiceData": [{"serialNo": "s", "deductionFlag": 2}]}])
def test_voucher_references_are_validated(sandbox, cloud, part):
    assert cloud.post(COLLECT, **voucher() | part)["errcode"] == "3000"
    assert not sandbox.books.effects


@pytest.mark.parametrize("how", ["access_token", "sign", "none"])
def test_voucher_calls_require_configured_authentication(sandbox, cloud, how):
    sandbox.settings.piaozone_voucher_auth = how
    accepted = {"access_token": ["access_token"], "sign": ["sign"], "none": ["access_token", "sign", "none"]}[how]
    for place, shown in enumerate(("access_token", "sign", "none")):
        query = {"access_token": cloud.token} if shown == "access_token" else {}
        body = voucher(f"V{place}") | (cloud.signed() if shown == "sign" else {})
        reply = requests.post(f"{cloud.base}{COLLECT}", params=query, json=body, timeout=5).json()
        refusal = "1300" if how == "access_token" else "1101"
        assert reply["errcode"] == ("0000" if shown in accepted else refusal)
    assert all("sign" not in kept.content for kept in sandbox.books.vouchers.values())


def test_bill_holds_invoices_of_last_cache_or_save_call(sandbox, cloud, free):
    assert cloud.change(CACHE, **relation(*free[:3]))["errcode"] == "0000"
    assert {row["serialNo"] for row in cloud.bill("BX-1")} == set(free[:3])
    cover = {"coverBase64": "AA==", "coverFileType": "pdf", "coverNumber": "1"}
    assert cloud.change(SAVE, **relation(*free[2:4], **cover))["errcode"] == "0000"
    assert {row["serialNo"] for row in cloud.bill("BX-1")} == set(free[2:4])
    assert sandbox.books.bills[KEY].saved
    effects = sandbox.books.of(subject=KEY)
    assert [one.call for one in effects] == [CACHE, SAVE]
    assert effects[0].content == relation(*free[:3])
    assert {serial_no(one, 1) for one in sandbox.books.free()[:3]} == set(free[:2]) | {free[4]}


@pytest.mark.parametrize(
    "changes",
    [
        {"billTypeId": ""},
        {"bxd_key": ""},
        {"data": []},
        {"data": [{"fid": ["x"]}]},
        {"data": [{"entryid": "", "fid": []}]},
        {"data": [{"entryid": "", "fid": ["no such number"]}]},
        {"coverBase64": "AA==", "coverFileType": "pdf"},
    ],
)
def test_relation_with_invalid_field_is_refused(sandbox, cloud, free, changes):
    assert cloud.change(SAVE, **relation(*free) | changes)["errcode"] == "3000"
    assert not sandbox.books.effects
    assert not sandbox.books.bills


def test_changing_call_requires_token_signature_and_company(sandbox, cloud, free):
    body = relation(*free)
    assert cloud.post(CACHE, **body)["errcode"] == "1101"
    assert cloud.change(CACHE, **body, tin="91330100000000000X")["errcode"] == "1101"
    cloud.token = "stale"
    assert cloud.change(CACHE, **body)["errcode"] == "1300"
    assert not sandbox.books.effects


def status(state: str, *serials: str, **more):
    rows = [{"serialNo": s, "canBeDeduction": "1", "entryAmount": "1.20", "outputReason": ""} for s in serials]
    return {**BILL, "expenseStatus": state, "ticketParam": "11010", "invoiceData": rows, **more}


def test_details_report_status_that_was_set(sandbox, cloud, free):
    cloud.change(CACHE, **relation(*free[:2]))
    for state in ("30", "60", "65", "1"):
        assert cloud.change(STATUS, **status(state, free[0]))["errcode"] == "0000"
        states = {row["serialNo"]: row["expenseStatus"] for row in cloud.details(*free[:3])["data"]}
        assert states == {free[0]: state, free[1]: state, free[2]: "1"}
    assert sandbox.books.bills[KEY].status == "1"
    books = requests.get(f"{sandbox.url}/_sandbox/books", timeout=5).json()
    kept = {"expenseStatus": "1", "canBeDeduction": "1", "entryAmount": "1.20", "outputReason": ""}
    assert books["invoices"] == {free[0]: kept}
    assert [one["call"] for one in books["effects"]] == [CACHE, *[STATUS] * 4]


@pytest.mark.parametrize(
    "changes",
    [
        {"expenseStatus": "70"},
        {"expenseStatus": ""},
        {"ticketParam": "111"},
        {"invoiceData": [{"serialNo": "nobody's"}]},
        {"invoiceData": []},
        {"tin": ""},
    ],
)
def test_status_with_invalid_field_or_unknown_invoice_is_refused(sandbox, cloud, changes):
    assert cloud.change(STATUS, **status("30") | changes)["errcode"] != "0000"
    assert not sandbox.books.effects


def test_status_with_float_amount_is_refused(sandbox, cloud, free):
    body = status("30", free[0])
    body["invoiceData"][0]["entryAmount"] = 1.2
    assert "浮点" in cloud.change(STATUS, **body)["description"]
    assert not sandbox.books.effects


def test_entries_and_bills_can_be_deleted(sandbox, cloud, free):
    entries = [{"entryid": "e1", "fid": free[:2]}, {"entryid": "e2", "fid": free[2:4]}]
    cloud.change(CACHE, **BILL, data=entries)
    cloud.change(STATUS, **status("30", free[0]))
    gone = {**BILL, "branch_id": "e1", "entryid": "e1", "ticketParam": "11111"}
    assert cloud.change(ENTRY_DELETE, **gone)["errcode"] == "0000"
    assert {row["serialNo"] for row in cloud.bill("BX-1")} == set(free[2:4])
    assert {row["expenseStatus"] for row in cloud.details(*free[:2])["data"]} == {"1"}
    assert "不存在" in cloud.change(ENTRY_DELETE, **gone)["description"]
    assert cloud.change(ENTRY_DELETE, **gone | {"entryid": "e2"})["errcode"] == "3000"
    assert cloud.change(BILL_DELETE, **BILL)["errcode"] == "0000"
    user = cloud.user_key("BX-1")
    reply = cloud.post("/m4/fpzs/expense/invoices/query", userKey=user, billNumber="BX-1")
    assert reply["errcode"] == "1307"
    assert "不存在" in cloud.change(BILL_DELETE, **BILL)["description"]
    assert [one.call for one in sandbox.books.of(subject=KEY)] == [CACHE, STATUS, ENTRY_DELETE, BILL_DELETE]


def test_generated_bill_can_be_deleted(sandbox, cloud):
    number = next(bill for bill in sandbox.world.bills if "-BILL-" in bill)
    assert cloud.change(BILL_DELETE, billnumber=number, bxd_key="k", ticketParam="1111")["errcode"] == "0000"
    assert sandbox.books.on_bill(number) == []


def test_order_accepts_the_same_invoice_number_once(sandbox):
    paper = next(one for one in sandbox.world.shopex_by_number.values() if one.kind == "vat_special_paper")
    parameters = {"order_bn": invoice_bn(paper), "shop_id": "sbx-1", "invoice_no": "12345678"}
    assert ask_shop(sandbox, "invoice.update", **parameters) == {"response": {"msg": "success"}}
    assert ask_shop(sandbox, "invoice.update", **parameters)["rsp"] == "fail"
    assert ask_shop(sandbox, "invoice.update", **parameters | {"invoice_no": "12345679"})["response"]
    assert sandbox.books.orders == {parameters["order_bn"]: "12345679"}
    assert [one.content["invoice_no"] for one in sandbox.books.of("invoice.update")] == ["12345678", "12345679"]


def test_faults_occur_before_or_after_the_effect(sandbox, cloud):
    def collect(name):
        try:
            query = {"access_token": cloud.token}
            reply = requests.post(f"{cloud.base}{COLLECT}", params=query, json=voucher(name), timeout=5)
        except requests.ConnectionError:
            return "hung up"
        return reply.json()["errcode"] if reply.ok else reply.status_code

    outcomes = {}
    for place, fault in enumerate(("http_500", "timeout", "http_429", "failed_after", "lost_reply", "refuse", "slow")):
        sandbox.fault("piaozone", fault, call="collect")
        outcomes[fault] = (collect(f"F{place}"), f"F{place}" in sandbox.books.vouchers)
    assert outcomes == {
        "http_500": (500, False),
        "timeout": ("hung up", False),
        "http_429": (429, False),
        "failed_after": (500, True),
        "lost_reply": ("hung up", True),
        "refuse": ("3000", False),
        "slow": ("0000", True),
    }


def test_refusal_has_configured_code_and_text(sandbox, cloud):
    sandbox.fault("piaozone", "refuse", call="collect", code="9527", text="账期已关闭")
    reply = cloud.post(COLLECT, **voucher())
    assert (reply["errcode"], reply["description"]) == ("9527", "账期已关闭")
    sandbox.fault("shopex", "refuse", code="2002", text="店铺停用")
    assert ask_shop(sandbox, "invoice.update")["error_response"]["msg"] == "店铺停用"
    assert not sandbox.books.effects


def test_slow_fault_delays_reply(sandbox, cloud):
    sandbox.settings.slow = 0.3
    sandbox.fault("piaozone", "slow", call="collect")
    begun = time.monotonic()
    assert cloud.post(COLLECT, **voucher())["errcode"] == "0000"
    assert time.monotonic() - begun >= 0.3


def test_configured_share_of_calls_fails(sandbox):
    sandbox.settings.failing, sandbox.settings.hang = {"checker": 0.5}, 0
    outcomes = []
    for _ in range(60):
        try:
            outcomes.append(requests.post(f"{sandbox.url}/checker/api/Invoice/GetInvoices", timeout=5).status_code)
        except requests.ConnectionError:
            outcomes.append(0)
    struck = [one["outcome"] for one in sandbox.journal]
    assert 15 <= sum(code != 200 for code in outcomes) <= 45
    assert set(struck) >= {"http_500", "timeout", "failed_after", "lost_reply"}
    sandbox.settings.failing = {}
    assert requests.post(f"{sandbox.url}/checker/api/Invoice/GetInvoices", timeout=5).status_code == 200
