import io
import json
import zipfile

import pytest

from apps.sandbox.server import running

from .clients import ask_etax, etax_list

EVERY_STATE = "0,1,2,3,4,7,8,80"
EVERY_TYPE = "01,03,04,08,10,11,14,15,09,90,81,82,83,84,85,86,87,88,51,61,17,18,8208"


def test_default_filters_hide_states_and_types(shared):
    default = etax_list(shared, rzzt="10", pageSize=500)
    everything = etax_list(shared, rzzt="10", pageSize=500, fpztdm=EVERY_STATE, fplxdm=EVERY_TYPE)
    assert default["count"] < everything["count"] == len(shared.world.etax_lists["10"])
    assert {row["state"] for row in default["InvoiceList"]} <= {"0", "2", "7", "8"}
    assert {"1", "3", "4", "80"} <= {row["state"] for row in everything["InvoiceList"]}
    hidden = {row["invoiceType"] for row in everything["InvoiceList"]} - {
        r["invoiceType"] for r in default["InvoiceList"]
    }
    assert {"09", "90", "11", "15"} <= hidden


def test_customs_slips_and_tax_proofs_lack_documented_fields(shared):
    rows = (
        etax_list(shared, rzzt="10", pageSize=500)["InvoiceList"]
        + etax_list(shared, rzzt="40", pageSize=500)["InvoiceList"]
    )
    slips = [row for row in rows if row["invoiceType"] == "17"]
    assert slips
    assert all("totalAmount" not in row and not row["invoiceCode"] and "-L0" in row["invoiceNumber"] for row in slips)
    assert any(row["invoiceType"] == "18" for row in rows)


def test_page_size_is_requested_limited_or_default(shared):
    assert etax_list(shared, rzzt="10")["pageSize"] == 50
    assert etax_list(shared, rzzt="10", pageSize=9999)["pageSize"] == 500
    pages = [etax_list(shared, rzzt="10", pageSize=40, page=page)["InvoiceList"] for page in range(1, 6)]
    numbers = [(row["invoiceCode"], row["invoiceNumber"]) for page in pages for row in page]
    assert len(set(numbers)) == len(numbers) == etax_list(shared, rzzt="10")["count"]


def test_date_filter_means_issue_date_or_ticking_date_in_list_11(shared):
    day = shared.world.today.replace(day=1).isoformat()
    issued = etax_list(shared, rzzt="10", pageSize=500, rq_q=day, rq_z="2099-01-01")["InvoiceList"]
    assert issued
    assert all(row["billingDate"] >= day for row in issued)
    ticked = etax_list(shared, rzzt="11", pageSize=500, rq_q=day, rq_z="2099-01-01", fplxdm=EVERY_TYPE)["InvoiceList"]
    assert ticked
    assert all(row["deductibleDate"] >= day for row in ticked)


def test_list_40_is_keyed_by_period_and_has_no_count(shared):
    answer = etax_list(shared, rzzt="40", adapter="1", pageSize=500)
    assert "count" not in answer
    assert answer["pageSize"] == "500"
    assert {} in answer["InvoiceList"].values()
    periods = {period: sorts for period, sorts in answer["InvoiceList"].items() if sorts}
    row = next(iter(next(iter(periods.values())).values()))[0]
    assert len(row["billingDate"]) == 19
    assert all(r["deductiblePeriod"] == p for p, sorts in periods.items() for rows in sorts.values() for r in rows)
    chosen = max(periods)
    one = etax_list(shared, rzzt="40", adapter="1", skssq=chosen, pageSize=500)["InvoiceList"]
    assert {period for period, sorts in one.items() if sorts} == {chosen}


def test_zipped_answer_has_the_same_rows(shared):
    _, packed = ask_etax(shared, rzzt="10", iszip="1")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert json.loads(archive.read(archive.namelist()[0])) == etax_list(shared, rzzt="10")


def test_calls_that_return_rows_are_charged(shared):
    assert ask_etax(shared, rzzt="10")[0]["jf_num"] == 1
    assert ask_etax(shared, rzzt="10", rq_q="2000-01-01", rq_z="2000-01-02")[0]["sfjf"] == "N"


def test_domestically_sold_exports_are_filtered_by_znxpz(shared):
    at_home, rest = (etax_list(shared, rzzt="12", znxpz=resale, pageSize=500)["count"] for resale in ("Y", "N"))
    assert at_home + rest == len(shared.world.etax_lists["12"]) > 0
    assert etax_list(shared, rzzt="12", pageSize=500)["count"] == rest


def test_both_signature_types_are_accepted_and_wrong_ones_refused(shared):
    assert ask_etax(shared, sign_type="1", rzzt="10")[0]["code"] == "0000"
    for kind in "01":
        assert ask_etax(shared, sign_type=kind, secret="wrong", rzzt="10")[0]["code"] == "9002"


def test_canonical_prefix_of_deployment_changes_signature(sandbox):
    sandbox.settings.etax_canonical_prefix = "?"
    assert ask_etax(sandbox, rzzt="10")[0]["code"] == "9002"


@pytest.mark.parametrize(
    "query", [{}, {"rzzt": "99"}, {"rzzt": "10", "rq_q": "01.02.2026"}, {"rzzt": "10", "page": "x"}]
)
def test_invalid_query_is_refused(shared, query):
    assert ask_etax(shared, **query)[0]["code"] == "9003"


def test_one_invoice_can_be_queried_by_number():
    with running(invoices=300) as sandbox:
        invoice = next(one for _, _, one in sandbox.world.etax_lists["10"] if one.digital and not one.code)
        answer = etax_list(sandbox, rzzt="10", qdfphm=invoice.digital, fplxdm=EVERY_TYPE, fpztdm=EVERY_STATE)
        assert [row["invoiceNumber"] for row in answer["InvoiceList"]] == [invoice.digital]
