"""ShopEx without a network: its signature, and the parsing of invoices and results."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import BadRecord
from apps.sources.connectors.base import CompanyFacts, RawItem, SourceFacts
from apps.sources.connectors.items import raw_item
from apps.sources.connectors.shopex import Shopex
from apps.sources.connectors.shopex.reading import KINDS
from apps.sources.connectors.shopex.signing import assemble, sign
from apps.sources.records import Direction, InvoiceKind, InvoiceRecord, InvoiceStatus

COMPANY = CompanyFacts("杭州云杉商贸有限公司", "91330100MA00000000")
DIGITAL = "24310000000000000001"


def sample(name: str) -> Any:
    text = (Path(__file__).parents[1] / "samples" / "shopex" / f"{name}.json").read_text()
    return json.loads(text, parse_float=Decimal)


def invoice(result_link: str = "order_bn", **changes: Any) -> InvoiceRecord:
    listed = sample("list")["lists"][0]
    detail = sample("invoice") | changes
    item = RawItem("bn:FP20240101001", {"list": {**listed, **changes}, "detail": detail})
    return Shopex.parse(item, facts(result_link))


def result(result_link: str = "order_bn", **changes: Any) -> InvoiceRecord:
    item = RawItem("result:SN2401010001", {"result": sample("result") | changes})
    return Shopex.parse(item, facts(result_link))


def facts(result_link: str) -> SourceFacts:
    return SourceFacts("shop", "shopex", COMPANY, {"result_link": result_link})


# The signature


def test_sign_matches_vendor_check_value():
    parameters = {
        "charset": "utf-8",
        "end_date": "2024-01-31",
        "flag": "testflag",
        "method": "invoice.getInvoiceList",
        "page_no": 1,
        "page_size": "50",
        "start_date": "2024-01-01",
        "timestamp": "1704067200",
        "type": "json",
        "ver": "1",
    }
    expected = "C2A252CCD37BF50C8D5C87D5FBE54CB4"
    assert sign(parameters, "testtoken123") == expected
    assert sign(parameters | {"sign": "anything"}, "testtoken123") == expected
    assert sign(parameters, "testtoken124") != expected


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"b": "2", "a": "1", "B": "3"}, "B3a1b2"),
        ({"a": None, "b": ""}, "b"),
        ({"yes": True, "no": False}, "no0yes1"),
        ({"items": [{"b": 1, "a": [True, None]}, "x"], "a": 1}, "a1items0a01b11x"),
        ({"n": {str(place): "v" for place in range(11)}}, "n" + "0v1v10v2v3v4v5v6v7v8v9v"),
        ({"n": ["v"] * 11}, "n" + "0v1v10v2v3v4v5v6v7v8v9v"),
        ({"price": Decimal("1.50"), "名": "税&%"}, "price1.50名税&%"),
    ],
)
def test_parameters_are_assembled_in_vendor_order(parameters, expected):
    assert assemble(parameters) == expected


@given(st.dictionaries(st.text(min_size=1), st.text() | st.integers() | st.booleans() | st.none()))
def test_parameter_order_does_not_change_the_sign(parameters):
    assert sign(dict(reversed(parameters.items())), "t") == sign(parameters, "t")


# Invoices


def test_vendor_sample_is_an_output_invoice_of_our_company():
    record = invoice()
    assert (record.direction, record.kind, record.status) == (
        Direction.OUTPUT,
        InvoiceKind.VAT_SPECIAL_PAPER,
        InvoiceStatus.NORMAL,
    )
    assert (record.seller.name, record.seller.tax_no) == (COMPANY.name, COMPANY.tax_no)
    assert (record.buyer.name, record.buyer.tax_no) == ("测试科技有限公司", "91110105MA00123456")
    assert (record.amount_excl_tax, record.tax_amount, record.total_amount) == (
        Decimal("10000.00"),
        Decimal("1300.00"),
        Decimal("11300.00"),
    )
    assert record.issue_date == date(2024, 1, 1)
    (line,) = record.lines
    assert (line.name, line.spec, line.unit, line.quantity, line.unit_price, line.amount) == (
        "测试产品",
        "标准规格",
        "个",
        Decimal(100),
        Decimal("100.00"),
        Decimal("10000.00"),
    )


def test_number_of_the_shop_is_no_statutory_number():
    record = invoice()
    assert (record.code, record.number, record.digital_number) == ("", "", "")
    assert record.facts["invoice_bn"] == "FP20240101001"


def test_row_without_details_is_parsed():
    record = Shopex.parse(RawItem("bn:1", {"list": sample("list")["lists"][1]}), facts("order_bn"))
    assert (record.total_amount, record.amount_excl_tax, record.lines) == (Decimal("5650.00"), None, ())


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("已开票", InvoiceStatus.NORMAL),
        ("已作废", InvoiceStatus.VOID),
        ("已红冲", InvoiceStatus.RED),
        ("部分红冲", InvoiceStatus.PARTLY_RED),
        ("开票中", InvoiceStatus.UNKNOWN),
    ],
)
def test_states_have_a_status(state, status):
    record = invoice(invoice_status=state)
    assert (record.status, record.unknown_codes) == (status, ())


@pytest.mark.parametrize("described", [*KINDS, "电子发票（普通发票）"])
def test_types_are_read_with_both_kinds_of_brackets(described):
    record = invoice(invoice_type=described)
    assert record.kind is not InvoiceKind.UNKNOWN
    assert record.unknown_codes == ()


def test_unknown_codes_are_kept_and_flagged():
    record = invoice(invoice_type="收购发票", invoice_status="挂起")
    assert (record.kind, record.status) == (InvoiceKind.UNKNOWN, InvoiceStatus.UNKNOWN)
    assert record.unknown_codes == ("invoice_type=收购发票", "invoice_status=挂起")
    assert record.flags == ("unknown_code",)
    record = result(type_id=7, billing_type=3)
    assert record.kind is InvoiceKind.UNKNOWN
    assert record.unknown_codes == ("billing_type=3", "type_id=7")
    assert record.total_amount == Decimal("11300.00")


@pytest.mark.parametrize("items", ["[{", [{"item_name": "x", "amount": "不详"}], ["x"], 7])
def test_record_with_damaged_lines_is_kept(items):
    record = invoice(items=items)
    assert (record.lines, record.flags) == ((), ("damaged_details",))
    assert record.total_amount == Decimal("11300.00")


def test_lines_may_be_json_text():
    assert invoice(items=json.dumps(sample("invoice")["items"], default=str)).lines == invoice().lines


# Results


def test_result_has_statutory_number():
    record = result()
    assert (record.digital_number, record.code, record.kind) == (DIGITAL, "", InvoiceKind.DIGITAL_SPECIAL)
    assert (record.amount_excl_tax, record.tax_amount, record.total_amount) == (
        Decimal("10000.00"),
        Decimal("1300.00"),
        Decimal("11300.00"),
    )
    assert record.direction is Direction.OUTPUT
    assert record.seller.tax_no == COMPANY.tax_no
    assert record.file_url.endswith("SN2401010001.pdf")


@pytest.mark.parametrize(
    ("code", "number", "special", "kind"),
    [
        ("", DIGITAL, 0, InvoiceKind.DIGITAL_GENERAL),
        ("033001900111", "12345678", 0, InvoiceKind.VAT_GENERAL_ELECTRONIC),
        ("033001900113", "12345678", 1, InvoiceKind.VAT_SPECIAL_ELECTRONIC),
        ("3300190130", "12345678", 1, InvoiceKind.VAT_SPECIAL_PAPER),
        ("033001900104", "12345678", 0, InvoiceKind.VAT_GENERAL_PAPER),
    ],
)
def test_kind_follows_from_type_and_number_format(code, number, special, kind):
    assert result(invoice_code=code, invoice_no=number, type_id=special).kind is kind


@pytest.mark.parametrize("sign_of_it", [1, -1])
def test_amounts_of_red_results_are_negative(sign_of_it):
    record = result(billing_type=2, amount=sign_of_it * Decimal("11300.00"), cost_tax=sign_of_it * Decimal("1300.00"))
    assert (record.amount_excl_tax, record.tax_amount, record.total_amount) == (
        Decimal("-10000.00"),
        Decimal("-1300.00"),
        Decimal("-11300.00"),
    )
    assert record.lines[0].amount == Decimal("-10000.00")


@pytest.mark.parametrize(
    ("rate", "expected"),
    [(13, "0.13"), (Decimal("0.13"), "0.13"), ("13%", "0.13"), (1, "0.01"), (0, "0"), ("免税", None), (None, None)],
)
def test_tax_rate_may_be_percent_or_fraction(rate, expected):
    assert result(tax_rate=rate).lines[0].tax_rate == (None if expected is None else Decimal(expected))


def test_result_without_number_is_a_bad_record():
    with pytest.raises(BadRecord) as bad:
        result(invoice_no="")
    assert bad.value.message.code == "record.missing"


def test_only_http_address_becomes_a_link():
    assert result(url="javascript:alert(1)").file_url == ""


# Link keys of invoices and results


def test_order_and_result_share_link_keys_when_numbers_are_equal():
    assert result().link_keys == invoice().link_keys != ()
    assert result(order_bn="FP2").link_keys != invoice().link_keys
    assert result(order_bn="").link_keys == ()


def test_result_link_option_none_sets_no_link_keys():
    assert result("none").link_keys == invoice("none").link_keys == ()


def test_red_result_and_reversed_invoice_share_no_link_key():
    assert not set(result(billing_type=2).link_keys) & set(invoice().link_keys)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"invoice_type": "增值税专用发票"}, "record.no_id"),
        ("not a row", "record.not_an_object"),
        (None, "record.not_an_object"),
    ],
)
def test_rows_without_external_id_are_bad_records(row, code):
    with pytest.raises(BadRecord) as bad:
        Shopex.parse(raw_item(row, "", prefix="bn:"), facts("order_bn"))
    assert bad.value.message.code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"total_amount": "面议"}, "record.bad_amount"), ({"issue_date": "0000-00-00"}, "record.bad_date")],
)
def test_invalid_values_are_bad_records(changes, code):
    with pytest.raises(BadRecord) as bad:
        invoice(**changes)
    assert bad.value.message.code == code
