"""Maycur without a network: login secret, windows, reading a list that changes meanwhile, and parsing of records."""

import json
from collections.abc import Mapping
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
from apps.sources.connectors.maycur import Maycur, login_secret
from apps.sources.connectors.maycur.reading import KINDS, LABELS, VALIDATION
from apps.sources.connectors.maycur.walk import PAGE_SIZE, Walk, windows
from apps.sources.records import DeductionStatus, InvoiceKind, InvoiceRecord, Verification, dumps
from tests.sources.connectors.context import at

SAMPLES = Path(__file__).parents[1] / "samples" / "maycur"
FACTS = SourceFacts("expenses", "maycur", CompanyFacts(), {})


def sample(name: str) -> dict[str, Any]:
    """The vendor's example row."""
    reply = json.loads((SAMPLES / f"{name}.json").read_text(), parse_float=Decimal)
    result: dict[str, Any] = reply["data"][0]
    return result


def parse(row: Mapping[str, Any]) -> InvoiceRecord:
    return Maycur.parse(raw_item(row, row.get("invoiceDataCode")), FACTS)


def test_login_secret_matches_check_value():
    expected = "5ac307a1c4de8fcab05203553d01a17a630b6d939ef8eb8746913e1f194d543a"
    assert login_secret("testsecret", "testcode", 1704067200000) == expected


# Windows


def test_windows_are_adjacent_calendar_months():
    result = list(windows(date(2025, 12, 15), at("2026-02-03 10:30:59")))
    assert result == [
        (at("2025-12-15 00:00"), at("2026-01-01 00:00")),
        (at("2026-01-01 00:00"), at("2026-02-01 00:00")),
        (at("2026-02-01 00:00"), at("2026-02-03 10:30")),
    ]


def test_no_window_is_empty_or_in_the_future():
    assert list(windows(date(2026, 3, 1), at("2026-03-01 00:00:20"))) == []
    assert list(windows(date(2026, 4, 1), at("2026-03-05 08:00"))) == []


# Walking


def walked(rows: list[int], meddle: Mapping[int, list[tuple[str, int]]], *, repeat: frozenset[int]) -> set[int]:
    """The rows that a walk reads. After page n, ``meddle[n]`` removes rows or inserts new ones on top; pages in
    ``repeat`` repeat the previous page."""
    walk, result, page, number = Walk(), set[int](), list[int](), 0
    while not walk.done:
        assert not walk.stuck
        if number not in repeat or not page:
            page, last = rows[walk.offset : walk.offset + PAGE_SIZE], walk.offset + PAGE_SIZE >= len(rows)
        result.update(page)
        walk.take([str(row) for row in page], last)
        for what, which in meddle.get(number, []):
            if what == "leaves" and rows:
                del rows[which % len(rows)]
            elif what == "arrives":
                rows.insert(0, 1_000_000 + number * 1000 + which)
        number += 1
    return result


CHANGE = st.tuples(st.sampled_from(["leaves", "leaves", "arrives"]), st.integers(0, 400))


@given(
    count=st.integers(0, 400),
    meddle=st.dictionaries(st.integers(0, 8), st.lists(CHANGE, max_size=80), max_size=6),
    repeat=st.frozensets(st.integers(1, 6), max_size=2),
)
def test_remaining_rows_are_read_although_the_list_changes(count, meddle, repeat):
    rows = list(range(count))
    result = walked(rows, meddle, repeat=repeat)
    assert {row for row in rows if row < 1_000_000} <= result


def test_repeated_page_is_not_taken_for_the_first_page():
    leaving = {0: [("leaves", 0)] * 13}
    for stale in ({2, 3}, {2}, {3}):
        assert walked(list(range(63)), leaving, repeat=frozenset(stale)) >= set(range(13, 63))


def test_walk_ends_when_all_rows_above_were_removed():
    walk = Walk()
    walk.take([str(n) for n in range(50)], False)
    answers = 0
    while not walk.done and not walk.stuck:
        walk.take(["60", "61"], True)  # all rows above were removed
        answers += 1
    assert walk.done
    assert answers < 8


def test_unchanged_list_is_read_with_one_row_overlap():
    walk, offsets = Walk(), []
    while not walk.done:
        offsets.append(walk.offset)
        walk.take(
            [str(n) for n in range(walk.offset, min(walk.offset + PAGE_SIZE, 120))], walk.offset + PAGE_SIZE >= 120
        )
    assert offsets == [0, 49, 98]


def test_list_without_end_marks_walk_as_stuck():
    walk = Walk()
    for _ in range(20):
        walk.take(["a", "b"], False)
    assert walk.stuck
    assert not walk.done


# Records


def test_paper_sample_is_parsed():
    record = parse(sample("paper"))
    assert record.external_id == "INV2009231AV99XQ8"
    assert (record.kind, record.code, record.number) == (InvoiceKind.VAT_GENERAL_PAPER, "asa", "as")
    assert record.issue_date == date(2020, 9, 23)
    assert (record.amount_excl_tax, record.tax_amount, record.total_amount) == (1, 0, 1)
    assert record.verification is Verification.NOT_DONE
    (line,) = record.lines
    assert (line.name, line.amount) == ("*医疗仪器器械*输尿管支架", Decimal("7135.40"))
    assert (line.tax_rate, line.tax_amount) == (Decimal("0.13"), Decimal("927.60"))
    assert record.travel is None
    assert record.claim is not None
    assert (record.claim.person, record.claim.purpose) == ("UI1707201NIOCWLC", "MK_FT_123")
    assert record.claim.entered_at == "2020-09-23 13:50:15"
    assert record.facts["Personal or corporate"] == "fact.personal"
    assert record.flags == ()


def test_rail_sample_is_parsed():
    record = parse(sample("rail"))
    assert record.kind is InvoiceKind.DIGITAL_RAIL
    assert (record.code, record.number, record.digital_number) == ("", "", "24319166100000023794")
    assert record.amount_excl_tax == Decimal("47.71")
    assert record.tax_amount == Decimal("4.29")
    assert record.total_amount == Decimal("52.00")
    assert record.issue_date == date(2024, 11, 8)
    assert record.lines == ()
    travel = record.travel
    assert travel is not None
    assert (travel.passenger, travel.vehicle) == ("李四", "G7589")
    assert (travel.departure, travel.destination) == ("上海虹桥", "桐乡")
    assert (travel.departs_on, travel.departs_at) == (date(2024, 11, 8), "10:33")
    assert travel.seat == "二等座 13车06C号"
    assert travel.ticket_number == "6610078086110895878472024"


def test_air_sample_is_parsed():
    record = parse(sample("air"))
    assert record.kind is InvoiceKind.DIGITAL_AIR
    assert record.digital_number == "23448784110000000649"
    assert record.verification is Verification.PASSED
    travel = record.travel
    assert travel is not None
    assert travel.departs_on == date(2023, 2, 10)  # the day of the flight, not of the expense
    assert (travel.vehicle, travel.ticket_number) == ("CZ3201", "7842472952068")
    assert travel.development_fund == Decimal("50.00")
    assert (travel.fare, travel.fuel_surcharge, travel.insurance) == (0, 0, 0)
    assert record.facts["Carrier"] == "中国南方航空股份有限公司"


def test_zero_tax_of_air_ticket_leaves_deduction_unknown():
    record = parse(sample("air"))
    assert record.tax_amount == Decimal("0.00")
    assert record.deductible_tax is None
    assert record.deduction_status is DeductionStatus.UNKNOWN


def test_identity_numbers_are_only_in_raw_record():
    row = sample("rail")
    identity = "152923198501070012"
    row["jsonProps"] = row["jsonProps"].replace("152923******070012", identity)
    row |= {"remark": f"乘客 {identity}", "comment": f"证件{identity}"}
    assert identity not in dumps(parse(row))
    assert "152923******070012" not in dumps(parse(sample("rail")))


@pytest.mark.parametrize(("field", "limit"), [("remark", 1000), ("comment", 300)])
def test_truncated_identity_number_is_masked(field, limit):
    identity = "152923198501070012"
    for shown in range(7, 18):
        record = dumps(parse(sample("rail") | {field: "备" * (limit - shown) + identity}))
        assert identity[:7] not in record


DOCUMENTED = {"04": "vat_general_paper", "10018": "digital_rail", "10019": "digital_air"}


@pytest.mark.parametrize(("code", "kind"), DOCUMENTED.items())
def test_documented_types_have_a_kind(code, kind):
    assert parse(sample("rail") | {"type": code}).kind == kind
    assert KINDS.keys() == DOCUMENTED.keys()


@pytest.mark.parametrize(
    ("code", "verification"),
    [("VALIDATED", "passed"), ("VALIDATION_FAILED", "failed"), ("NOT_VALIDATION", "not_done")],
)
def test_documented_validation_states(code, verification):
    assert parse(sample("rail") | {"validateStatus": code}).verification == verification


@pytest.mark.parametrize(
    "damaged",
    [
        '{"passenger": "张三", "seat":',
        "[]",
        '"text"',
        '{"departureTime": "soon"}',
        '{"fare": "much"}',
        17,
    ],
)
def test_record_with_damaged_details_is_kept(damaged):
    record = parse(sample("air") | {"jsonProps": damaged})
    assert record.flags == ("damaged_details",)
    assert record.travel is None
    assert record.total_amount == Decimal("50.00")


@pytest.mark.parametrize("nothing", [None, "", "{}", "null"])
def test_missing_details_set_no_flag(nothing):
    record = parse(sample("air") | {"jsonProps": nothing})
    assert record.flags == ()
    assert record.travel is None


@pytest.mark.parametrize("lines", [{"name": "x"}, ["x"], [{"name": "x", "priceAmount": "dear"}]])
def test_record_with_damaged_lines_is_kept(lines):
    record = parse(sample("paper") | {"lineItems": lines})
    assert record.flags == ("damaged_details",)
    assert record.lines == ()


def test_amounts_may_be_numbers_or_text():
    row = sample("rail") | {
        "totalPriceAmount": "1,047.71",
        "totalTaxAmount": "4.29",
        "totalPriceAndTax": 1052,
    }
    record = parse(row)
    assert (record.amount_excl_tax, record.tax_amount) == (Decimal("1047.71"), Decimal("4.29"))
    assert record.total_amount == Decimal("1052.00")


def test_dates_are_in_shanghai_time():
    before_midnight = int(at("2026-03-10 23:59:59").timestamp() * 1000)
    assert parse(sample("rail") | {"issueDate": before_midnight}).issue_date == date(2026, 3, 10)
    assert parse(sample("rail") | {"issueDate": str(before_midnight + 1000)}).issue_date == date(2026, 3, 11)
    assert parse(sample("rail") | {"issueDate": None}).issue_date is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"issueDate": "昨天"}, "record.bad_date"),
        ({"issueDate": 1730995200}, "record.bad_date"),  # in seconds instead of milliseconds
        ({"totalPriceAndTax": "无法识别"}, "record.bad_amount"),
        ({"invoiceDataCode": ""}, "record.no_id"),
    ],
)
def test_invalid_values_are_bad_records(change, code):
    with pytest.raises(BadRecord) as bad:
        parse(sample("rail") | change)
    assert bad.value.message.code == code


def test_row_that_is_no_object_is_a_bad_record():
    with pytest.raises(BadRecord) as bad:
        Maycur.parse(raw_item(["x"], ""), FACTS)
    assert bad.value.message.code == "record.not_an_object"


@pytest.mark.parametrize(("code", "kind"), KINDS.items())
def test_documented_type_code_overrides_description(code, kind):
    record = parse(sample("rail") | {"type": code, "invoiceTypeDesc": "something else"})
    assert record.kind is kind
    assert record.unknown_codes == ()


@pytest.mark.parametrize(("label", "kind"), LABELS.items())
def test_other_type_codes_are_mapped_by_exact_label(label, kind):
    widened = label.replace("(", "（").replace(")", "）")
    assert parse(sample("rail") | {"type": "99", "invoiceTypeDesc": widened}).kind is kind


@pytest.mark.parametrize("label", ["电子发票", "火车票(退票)", "财政电子票据(新)", "", None])
def test_unknown_code_with_unknown_label_stays_unknown(label):
    record = parse(sample("rail") | {"type": "10099", "invoiceTypeDesc": label})
    assert record.kind is InvoiceKind.UNKNOWN
    assert record.unknown_codes == ("type=10099",)
    assert record.flags == ("unknown_code",)


@pytest.mark.parametrize(("code", "verification"), [*VALIDATION.items(), ("", Verification.UNKNOWN)])
def test_known_validation_states(code, verification):
    record = parse(sample("rail") | {"validateStatus": code})
    assert record.verification is verification
    assert record.unknown_codes == ()


def test_unknown_validation_state_is_kept():
    record = parse(sample("rail") | {"validateStatus": "PENDING"})
    assert record.verification is Verification.UNKNOWN
    assert record.unknown_codes == ("validateStatus=PENDING",)


@pytest.mark.parametrize(
    ("field", "flag", "label"),
    [
        ("invoiceTitleConflict", "title_conflict", "Invoice title in conflict"),
        ("invoiceTitleConflictWithFee", "title_conflict", "Title in conflict with the expense"),
        (
            "invoiceTaxNumberConflictWithFee",
            "tax_number_conflict",
            "Taxpayer number in conflict with the expense",
        ),
    ],
)
def test_conflicts_become_flags_and_facts(field, flag, label):
    record = parse(sample("rail") | {field: True})
    assert record.flags == (flag,)
    assert record.facts[label] == "fact.yes"


def test_parsing_has_no_side_effects():
    item = RawItem("INV1", sample("rail"))
    before = json.dumps(item.payload, default=str)
    assert Maycur.parse(item, FACTS) == Maycur.parse(item, FACTS)
    assert json.dumps(item.payload, default=str) == before
