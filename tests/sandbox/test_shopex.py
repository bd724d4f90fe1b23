import pytest
import requests

from apps.sandbox.rows.shopex import invoice_bn
from apps.sandbox.server import running
from apps.sandbox.shopex import sign

from .clients import ask_shop, credentials, post_shop, shop_parameters

ALL_DAYS = {"start_date": "2020-01-01", "end_date": "2099-01-01"}
ALL_TIMES = {"start_time": "2020-01-01 00:00:00", "end_time": "2099-01-01 00:00:00"}


@pytest.fixture(scope="module")
def busy():
    with running(invoices=2000, seed=2) as sandbox:
        yield sandbox


def test_page_is_limited_to_a_hundred_rows_and_count_is_complete(busy):
    listed = ask_shop(busy, "invoice.getInvoiceList", **ALL_DAYS, page_no=1, page_size=1000)
    assert len(listed["lists"]) == 100
    assert listed["count"] == len(busy.world.shopex_by_issue) > 100
    second = ask_shop(busy, "invoice.getInvoiceList", **ALL_DAYS, page_no=2, page_size=100)
    assert not {row["invoice_bn"] for row in second["lists"]} & {row["invoice_bn"] for row in listed["lists"]}


def test_list_is_filtered_by_issue_date_and_status(busy):
    day = busy.world.today.replace(day=1).isoformat()
    window = {"start_date": day, "end_date": busy.world.today.isoformat()}
    answer = ask_shop(busy, "invoice.getInvoiceList", **window, invoice_status="已开票", page_size=100)
    assert answer["lists"]
    assert all(row["issue_date"] >= day and row["invoice_status"] == "已开票" for row in answer["lists"])


def test_detail_has_tax_number_and_lines(busy):
    listed = ask_shop(busy, "invoice.getInvoiceList", **ALL_DAYS)["lists"][0]
    answer = ask_shop(busy, "invoice.getInvoice", invoice_bn=listed["invoice_bn"])
    assert answer["tax_no"]
    assert round(sum(item["amount"] for item in answer["items"]), 2) == answer["amount"]


def test_results_have_statutory_number_and_positive_amount(busy):
    results = [
        row
        for page in range(1, 4)
        for row in ask_shop(busy, "invoice.getResultList", **ALL_TIMES, page_no=page, page_size=100)["lists"]
    ]
    assert all(row["invoice_no"] and row["amount"] > 0 for row in results)
    assert {row["billing_type"] for row in results} == {1, 2}
    assert {len(row["invoice_no"]) for row in results} == {8, 20}


@pytest.mark.parametrize("shape", ["bare", "response", "rsp"])
def test_three_shapes_of_reply(sandbox, shape):
    sandbox.settings.shopex_reply = shape
    listed = ask_shop(sandbox, "invoice.getInvoiceList", **ALL_DAYS)
    inner = {"bare": listed, "response": listed.get("response"), "rsp": listed.get("data")}[shape]
    assert inner["count"] == len(sandbox.world.shopex_by_issue)


def code_of(reply) -> str:
    return reply["error_response"]["code"]


def test_refusal_of_wrong_sign_shows_signed_text(sandbox):
    parameters = shop_parameters(sandbox, "invoice.getInvoiceList", **ALL_DAYS)
    reply = post_shop(sandbox, parameters | {"sign": "0" * 32})
    assert code_of(reply) == "e000004"
    assert "methodinvoice.getInvoiceList" in reply["error_response"]["sub_msg"]


def test_same_sign_is_accepted_once(sandbox):
    parameters = shop_parameters(sandbox, "invoice.getInvoiceList", **ALL_DAYS)
    assert "lists" in post_shop(sandbox, parameters)
    assert code_of(post_shop(sandbox, parameters)) == "e000009"


def test_invalid_parameters_have_distinct_codes(sandbox):
    token = credentials(sandbox, "shopex")["token"]

    def altered(**changes):
        parameters = shop_parameters(sandbox, "invoice.getInvoiceList", **ALL_DAYS) | changes
        return code_of(post_shop(sandbox, parameters | {"sign": sign(parameters, token)}))

    assert altered(timestamp="1704067200") == "e000008"
    assert altered(timestamp="20240101080000") == "e000008"
    assert altered(flag="other") == "1001"
    assert altered(method="invoice.nothing") == "e000003"
    assert altered(start_date="01/02/2026") == "1"


def test_json_body_is_read_only_with_json_transport(sandbox):
    url = f"{sandbox.url}/shopex/index.php/openapi/rpc/service/"
    parameters = shop_parameters(sandbox, "invoice.getInvoiceList", **ALL_DAYS)
    assert code_of(requests.post(url, json=parameters, timeout=10).json()) == "2001"
    sandbox.settings.shopex_transport = "json"
    assert "lists" in requests.post(url, json=parameters, timeout=10).json()


def test_only_paper_invoices_accept_print_information(busy):
    paper = next(one for one in busy.world.shopex_by_number.values() if one.kind == "vat_special_paper")
    digital = next(one for one in busy.world.shopex_by_number.values() if one.digital)
    parameters = {"shop_id": "1", "invoice_no": paper.number}
    assert ask_shop(busy, "invoice.update", order_bn=invoice_bn(paper), **parameters) == {
        "response": {"msg": "success"}
    }
    assert busy.books.orders == {invoice_bn(paper): paper.number}
    assert ask_shop(busy, "invoice.update", order_bn=invoice_bn(digital), **parameters)["rsp"] == "fail"
