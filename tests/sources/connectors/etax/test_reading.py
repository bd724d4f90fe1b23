"""The tax bureau without a network: signatures, envelope, both list formats, codes, and the windows that are read."""

import json
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import BadRecord, NeedsPerson, TryLater
from apps.sources.connectors.base import CompanyFacts, RawItem, SourceFacts
from apps.sources.connectors.etax import EVERY_TYPE, Etax
from apps.sources.connectors.etax.envelope import content, opened, signature
from apps.sources.connectors.etax.listing import external_id, listed
from apps.sources.connectors.etax.reading import KINDS, STATES
from apps.sources.connectors.passes import Walk, plan
from apps.sources.records import DeductionStatus, InvoiceKind, InvoiceStatus

from .bureau import DIGITAL, archive, packed, parse, row, sample

TODAY = date(2026, 3, 31)


# The envelope

SIGNED = {
    "appid": "testappid",
    "jtnsrsbh": "91310000000000000X",
    "nsrsbh": "91310000000000000X",
    "serviceid": "S000621",
    "content": (
        "eyJyenp0IjoiMTEiLCJwYWdlIjoxLCJwYWdlU2l6ZSI6MTAwLCJycV9xIjoiMjAxOC0wNy0yOCIsInJxX3oiOiIyMDE4LTA4LTIzIn0="
    ),
}


@pytest.mark.parametrize(
    ("sign_type", "prefix", "expected"),
    [
        ("0", "", "MMcMSSCMER6wbVxh5/FTJnckzzTOKEh+MCdf8O31pdw="),
        ("0", "?", "r4+zPpFujlDOZW0ttknXEq72VZTIdHrWgHYuI1kKvCU="),
        ("1", "", "2A3EFBE7ABB2C7CCA174F34D3EB77E2E"),
        ("1", "?", "2A3EFBE7ABB2C7CCA174F34D3EB77E2E"),
    ],
)
def test_signatures_match_check_values(sign_type, prefix, expected):
    assert signature(SIGNED, "testsecret", sign_type, prefix) == expected


def test_query_is_sent_as_base64_of_json():
    query = {"rzzt": "11", "page": 1, "pageSize": 100, "rq_q": "2018-07-28", "rq_z": "2018-08-23"}
    assert content(query) == SIGNED["content"]


def test_plain_and_zipped_answers_are_decoded_with_exact_amounts():
    plain = b'{"count": 1, "InvoiceList": [{"totalTax": 844.66}]}'
    expected = {"count": 1, "InvoiceList": [{"totalTax": Decimal("844.66")}]}
    assert opened(packed(plain)) == expected
    assert opened(packed(archive(plain, b'{"count": 99}'))) == expected
    assert opened("") == opened(None) == {}


@pytest.mark.parametrize(
    "damaged",
    [
        "not base64!",
        17,
        packed(b"[1, 2]"),
        packed(b"PK\x03\x04 no archive"),
        packed(archive()),
        packed(archive(b"{}", method=zipfile.ZIP_LZMA)),
        packed(archive(b'{"a": 1}').replace(b"\xabV", b"\xff\xff", 1)),
    ],
)
def test_damaged_answer_is_retried_later(damaged):
    with pytest.raises(TryLater):
        opened(damaged)


def test_zip_bomb_is_refused():
    with pytest.raises(NeedsPerson) as refused:
        opened(packed(archive(b" " * (4 * 1024 * 1024))))
    assert refused.value.message.code == "etax.zip_bomb"


# The two list formats


def test_plain_list_has_count_and_page_size():
    listing = listed(sample("list"), "11")
    assert (listing.count, listing.size, len(listing.items)) == (201, 100, 1)
    assert listing.items[0].external_id == "5200171130:01539905"
    assert listing.items[0].payload["rzzt"] == "11"


def test_list_40_has_all_document_types_and_no_count():
    answer = sample("periods")
    answer["InvoiceList"]["202306"] = {"WSPZ": [row(invoiceType="18", invoiceNumber="333010260000012345")], "FP": None}
    listing = listed(answer, "40")
    assert listing.count is None
    assert listing.size == 100
    assert [item.payload["skssq"] for item in listing.items] == ["202002", "202002", "202306"]
    assert [item.payload["invoiceType"] for item in listing.items] == ["01", "17", "18"]


@pytest.mark.parametrize("empty", [{}, {"InvoiceList": None}, {"InvoiceList": []}, {"InvoiceList": {"202306": {}}}])
def test_empty_list_in_any_format_has_no_items(empty):
    assert listed(empty, "40").items == ()


def test_external_id_does_not_depend_on_optional_fields():
    paper = {"invoiceCode": "3100261130", "invoiceNumber": "06374001", "invoiceType": "85"}
    assert external_id(paper | {"ylzd5": DIGITAL}) == external_id(paper | {"ylzd5": ""}) == "3100261130:06374001"
    assert external_id(row(invoiceType="81")) == external_id(row(invoiceType="09")) == DIGITAL
    slip = row(invoiceType="17", invoiceNumber="530420191041060008-L02")
    assert external_id(slip) == "17:530420191041060008-L02"
    assert external_id(slip) != external_id(slip | {"invoiceType": "18"})
    assert external_id(row(invoiceType="18")) == f"18:{DIGITAL}"  # twenty digits, but no invoice number


def test_rows_without_number_or_structure_are_bad_records():
    for broken, code in ((row(invoiceNumber=None), "record.no_id"), ("nonsense", "record.not_an_object")):
        (item,) = listed({"InvoiceList": [broken]}, "10").items
        with pytest.raises(BadRecord) as bad:
            Etax.parse(item, SourceFacts("bureau", "etax", CompanyFacts(), {}))
        assert bad.value.message.code == code


# Codes


def test_vendor_sample_of_plain_list_is_parsed():
    (item,) = listed(sample("list"), "11").items
    record = Etax.parse(item, SourceFacts("bureau", "etax", CompanyFacts(), {"rzzt_labels": {"11": "当期已勾选"}}))
    assert (record.kind, record.code, record.number) == (InvoiceKind.VAT_SPECIAL_PAPER, "5200171130", "01539905")
    assert (record.amount_excl_tax, record.tax_amount) == (Decimal("28155.34"), Decimal("844.66"))
    assert record.total_amount == Decimal("29000.00")
    assert record.deductible_tax == Decimal("844.66")
    assert record.issue_date == date(2018, 6, 21)
    assert record.digital_number == ""  # the sample has a description in place of the number
    assert record.deduction_status is DeductionStatus.TICKED
    assert record.facts["List at the tax bureau"] == "当期已勾选"


def test_vendor_sample_of_past_periods_is_parsed():
    invoice, slip = (Etax.parse(item, SourceFacts("b", "etax", CompanyFacts(), {})) for item in
                     listed(sample("periods"), "40").items)  # fmt: skip
    assert invoice.issue_date == date(2020, 1, 16)
    assert (invoice.deduction_status, invoice.deduction_period) == (DeductionStatus.CERTIFIED, "202002")
    assert invoice.facts["Ticked on"] == "2020-02-28"
    assert slip.kind is InvoiceKind.CUSTOMS_PAYMENT
    assert slip.number == "53042019104106***8-L02"
    assert (slip.amount_excl_tax, slip.total_amount, slip.tax_amount) == (None, None, Decimal("433138.80"))


def test_total_of_tax_proof_is_its_tax():
    proof = parse(row(invoiceType="18", invoiceNumber="33301026000001234567", totalAmount=None))
    assert proof.kind is InvoiceKind.TAX_PAYMENT_PROOF
    assert (proof.number, proof.digital_number) == ("33301026000001234567", "")
    assert (proof.amount_excl_tax, proof.tax_amount, proof.total_amount) == (None, Decimal("13.00"), Decimal("13.00"))


def test_numbers_of_digital_and_paper_invoices():
    assert (parse(row()).code, parse(row()).number, parse(row()).digital_number) == ("", "", DIGITAL)
    paper = parse(row(invoiceType="85", invoiceCode="3100261130", invoiceNumber="06374001", ylzd5=DIGITAL))
    assert (paper.code, paper.number, paper.digital_number) == ("3100261130", "06374001", DIGITAL)
    assert paper.kind is InvoiceKind.DIGITAL_PAPER_SPECIAL


@pytest.mark.parametrize(("code", "kind"), KINDS.items())
def test_every_type_has_a_kind(code, kind):
    record = parse(row(invoiceType=code, invoiceCode="3100261130", invoiceNumber="06374001"))
    assert record.kind is kind
    assert record.unknown_codes == ()


def test_kinds_of_similar_type_codes():
    assert KINDS["83"] is InvoiceKind.DIGITAL_VEHICLE
    assert KINDS["8208"] is InvoiceKind.DIGITAL_TOLL
    assert KINDS["10"] is InvoiceKind.VAT_GENERAL_ELECTRONIC
    assert set(EVERY_TYPE) <= set(KINDS)


@pytest.mark.parametrize(("code", "status"), STATES.items())
def test_every_state_has_a_status(code, status):
    assert parse(row(state=code)).status is status


def test_state_1_is_void():
    assert parse(row(state="1")).status is InvoiceStatus.VOID
    assert parse(row(state=80)).status is InvoiceStatus.RED_PENDING


@pytest.mark.parametrize(
    ("ticked", "deducted", "mode", "status"),
    [
        ("0", "0", "", DeductionStatus.NOT_TICKED),
        ("1", "0", "", DeductionStatus.TICKED),
        ("1", "0", "1", DeductionStatus.TICKED),
        ("1", "1", "1", DeductionStatus.CERTIFIED),
        ("", "1", "", DeductionStatus.CERTIFIED),
        ("1", "1", "2", DeductionStatus.REFUND),
        ("1", "1", "4", DeductionStatus.NOT_DEDUCTIBLE),
        ("1", "0", "4", DeductionStatus.NOT_DEDUCTIBLE),
        ("", "", "", DeductionStatus.UNKNOWN),
    ],
)
def test_deduction_status(ticked, deducted, mode, status):
    record = parse(row(checkStatus=ticked, deductible=deducted, deductibleMode=mode))
    assert record.deduction_status is status


def test_unknown_codes_are_kept_and_flagged():
    record = parse(row(invoiceType="97", state="5", deductibleMode="3", managementStatus="9"))
    assert (record.kind, record.status) == (InvoiceKind.UNKNOWN, InvoiceStatus.UNKNOWN)
    assert set(record.unknown_codes) == {"invoiceType=97", "state=5", "deductibleMode=3", "managementStatus=9"}
    assert "unknown_code" in record.flags


def test_warnings_of_the_bureau_become_flags_and_facts():
    record = parse(row(managementStatus="2", abnormalType="0", ylzd4="3", tdyslxDm="08", ylzd2="1"))
    assert {"abnormal_management", "not_deductible_reason"} == set(record.flags)
    assert record.facts["Management status"] == "异常凭证"
    assert record.facts["Abnormality"] == "状态异常"
    assert record.facts["Reason not deductible"] == "福利消费"
    assert record.facts["Line of business"] == "通行费"
    assert parse(row(managementStatus="6")).flags == ()  # low risk


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"totalAmount": "--"}, "record.bad_amount"),
        ({"validTax": 1e20}, "record.bad_amount"),
        ({"billingDate": "2026-13-01"}, "record.bad_date"),
    ],
)
def test_invalid_values_are_bad_records(change, code):
    with pytest.raises(BadRecord) as bad:
        parse(row(**change))
    assert bad.value.message.code == code


# Windows


def days(windows: Any) -> set[date]:
    return {start + timedelta(days=n) for start, end in windows for n in range((end - start).days + 1)}


def test_first_pass_reads_month_by_month():
    first = plan({}, date(2026, 1, 15), TODAY, lookback=31, monthly=True)
    assert first.windows == (
        (date(2026, 1, 15), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 31)),
    )


def test_later_passes_read_look_back_or_everything_once_a_month():
    start = date(2025, 10, 1)
    cursor = plan({}, start, TODAY, lookback=31, monthly=True).cursor([])
    next_day = TODAY + timedelta(days=1)
    for day, monthly, begin in [
        (TODAY, True, TODAY - timedelta(days=31)),
        (next_day, False, TODAY - timedelta(days=31)),
        (next_day, True, start),
    ]:
        assert plan(cursor, start, day, lookback=31, monthly=monthly).begin == begin
    earlier = date(2025, 8, 1)
    assert plan(cursor, earlier, TODAY, lookback=31, monthly=False).begin == earlier


@given(
    stops=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 15), st.sets(st.integers(0, 14))), max_size=6),
    lookback=st.integers(0, 60),
    monthly=st.booleans(),
)
def test_no_day_is_skipped_after_kills(stops, lookback, monthly):
    start, today, cursor, read = date(2025, 5, 17), date(2025, 11, 3), {}, set[date]()
    for later, killed_after, short in [*stops, (1, 99, set())]:
        today += timedelta(days=later)
        reading = plan(json.loads(json.dumps(cursor)), start, today, lookback=lookback, monthly=monthly)
        todo = list(reading.windows)
        for place, window in enumerate(reading.windows[:killed_after]):
            assert (window[0].year, window[0].month) == (window[1].year, window[1].month)
            if place in short:
                continue
            todo.remove(window)
            read |= days([window])
            cursor = reading.cursor(todo)
    assert days([(start, today)]) <= read


def test_walk_ends_by_count_or_short_page():
    counted = Walk(frozenset())
    counted.take(["a", "b"], 3, 2)
    assert (counted.complete, counted.ended) == (False, False)
    counted.take(["c"], 3, 2)
    assert counted.complete
    uncounted = Walk(frozenset())
    uncounted.take(["a", "b"], None, 2)
    assert not uncounted.ended
    uncounted.take([], None, 2)
    assert uncounted.complete
    unpaged = Walk(frozenset())
    unpaged.take(["a", "b", "c"], None, 2)
    assert unpaged.complete


def test_changed_count_marks_walk_as_moved():
    walk = Walk(frozenset())
    walk.take(["a", "b"], 4, 2)
    walk.take(["d"], 3, 2)
    assert walk.moved
    assert walk.complete


def test_parsing_has_no_side_effects():
    item = RawItem("x", row(rzzt="10"))
    before = json.dumps(item.payload, default=str)
    facts = SourceFacts("bureau", "etax", CompanyFacts(), {})
    assert Etax.parse(item, facts) == Etax.parse(item, facts)
    assert json.dumps(item.payload, default=str) == before
