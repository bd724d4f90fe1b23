import json

import pytest
import requests

from .clients import Cloud, Maycur, ask_checker, ask_etax, ask_shop, etax_list, shop_parameters

ALL_DAYS = {"start_date": "2020-01-01", "end_date": "2099-01-01"}


def raw(sandbox, **more):
    """Send one request to the checker and return the HTTP response."""
    code = next(one["credentials"]["authcode"] for one in sandbox.sources() if one["kind"] == "checker")
    url = f"{sandbox.url}/checker/api/Invoice/GetInvoices"
    return requests.post(url, json={"authcode": code}, headers={"Authorization": code}, timeout=5, **more)


def test_http_error_faults(sandbox):
    sandbox.fault("checker", "http_500")
    sandbox.fault("checker", "http_429")
    assert raw(sandbox).status_code == 500
    limited = raw(sandbox)
    assert limited.status_code == 429
    assert limited.headers["Retry-After"] == "1"
    assert raw(sandbox).status_code == 200


def test_times_and_after_limit_a_fault(sandbox):
    sandbox.fault("checker", "http_500", times=2, after=1)
    assert [raw(sandbox).status_code for _ in range(4)] == [200, 500, 500, 200]


def test_broken_body_faults(sandbox):
    sandbox.fault("checker", "cut_body")
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        raw(sandbox)
    sandbox.fault("checker", "bad_json")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        raw(sandbox).json()
    sandbox.fault("checker", "html_page")
    page = raw(sandbox)
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")


def test_timeout_and_lost_reply_faults(sandbox):
    sandbox.fault("checker", "timeout")
    with pytest.raises(requests.exceptions.ConnectionError):
        raw(sandbox)
    sandbox.fault("shopex", "lost_reply")
    parameters = shop_parameters(sandbox, "invoice.getInvoiceList", **ALL_DAYS)
    url = f"{sandbox.url}/shopex/index.php/openapi/rpc/service/"
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.post(url, data=parameters, timeout=5)
    # The first request was processed.
    assert requests.post(url, data=parameters, timeout=5).json()["error_response"]["code"] == "e000009"


def test_client_may_close_connection_during_huge_body(sandbox):
    sandbox.fault("checker", "huge_body")
    with raw(sandbox, stream=True) as reply:
        assert int(reply.headers["Content-Length"]) == 50 * 1024 * 1024
        assert reply.raw.read(1024)
    assert raw(sandbox).status_code == 200


def test_repeated_page_equals_previous_page(sandbox):
    first = ask_checker(sandbox)
    sandbox.fault("checker", "repeated_page")
    assert ask_checker(sandbox, first["lasttime"]) == first
    assert ask_checker(sandbox, first["lasttime"]) != first


def test_reordered_page_has_the_same_rows(sandbox):
    usual = ask_shop(sandbox, "invoice.getInvoiceList", **ALL_DAYS)["lists"]
    sandbox.fault("shopex", "reordered_page")
    assert ask_shop(sandbox, "invoice.getInvoiceList", **ALL_DAYS)["lists"] == usual[::-1]


def test_expired_token_fault(sandbox):
    cloud, expense = Cloud(sandbox), Maycur(sandbox)
    for system in ("piaozone", "maycur", "checker"):
        sandbox.fault(system, "expired_token")
    assert cloud.post("/m4/fpzs/getLinkKey")["errcode"] == "1300"
    assert Cloud(sandbox).post("/m4/fpzs/getLinkKey")["errcode"] == "0000"
    assert expense.search(offset=0).status_code == 401
    assert ask_checker(sandbox)["code"] == "98"


def test_faults_of_the_tax_bureau(sandbox):
    true = etax_list(sandbox, rzzt="10", pageSize=500)
    sandbox.fault("etax", "short_count")
    assert etax_list(sandbox, rzzt="10", pageSize=500)["count"] > len(true["InvoiceList"])
    sandbox.fault("etax", "zip_bomb")
    _, packed = ask_etax(sandbox, rzzt="10", iszip="1")
    assert len(packed) < 4 * 1024 * 1024
    assert packed.startswith(b"PK")


def test_control_endpoints(sandbox):
    control = f"{sandbox.url}/_sandbox"
    armed = {"system": "checker", "fault": "http_500", "times": 5, "after": 0}
    unsaid = {"call": "", "code": "", "text": ""}
    assert requests.post(f"{control}/faults", json=armed, timeout=5).json() == [armed | unsaid]
    assert raw(sandbox).status_code == 500
    assert requests.delete(f"{control}/faults", timeout=5).json() == []
    assert raw(sandbox).status_code == 200
    assert requests.post(f"{control}/faults", json=armed | {"fault": "rain"}, timeout=5).status_code == 400
    done = requests.post(f"{control}/change", json={"seed": 1, "count": 7}, timeout=5).json()
    assert sum(done.values()) == 7
    summary = requests.get(f"{control}/summary", timeout=5).json()
    assert summary["version"] == 1
    assert summary["invoices"] == 200 + done["added"]


def test_journal_has_every_request_and_no_secret(sandbox):
    ask_checker(sandbox)
    ask_shop(sandbox, "invoice.getInvoiceList", **ALL_DAYS)
    etax_list(sandbox, rzzt="10")
    Maycur(sandbox).search(offset=0)
    Cloud(sandbox).post("/m4/fpzs/getLinkKey")
    lines = requests.get(f"{sandbox.url}/_sandbox/journal", timeout=5).json()
    assert {line["system"] for line in lines} == {"checker", "shopex", "etax", "maycur", "piaozone"}
    assert lines[2]["parameters"] == {"rzzt": "10"}
    text = json.dumps(lines)
    for one in sandbox.sources():
        for name in ("authcode", "des_key", "token", "appsecret", "appSecret", "client_secret"):
            assert one["credentials"].get(name, "-absent-") not in text
