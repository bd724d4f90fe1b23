from collections import Counter
from datetime import date

import pytest

from apps.sandbox.truth.numbers import credit_code_check
from apps.sandbox.world import SYSTEMS, World

TODAY = date(2026, 3, 31)


@pytest.fixture(scope="module")
def world() -> World:
    return World(1000, seed=3, today=TODAY)


def rows_of(world: World) -> dict[str, list]:
    return {system: list(world.rows(system)) for system in SYSTEMS}


def test_world_depends_on_seed_only():
    first, again, other = (World(150, seed=seed, today=TODAY) for seed in (5, 5, 6))
    assert rows_of(first) == rows_of(again)
    assert rows_of(first) != rows_of(other)


def test_changes_are_reproducible():
    first, again = (World(300, seed=5, today=TODAY) for _ in range(2))
    before = rows_of(first)
    assert first.change(1, 40) == again.change(1, 40)
    first.change(2, 40), again.change(2, 40)
    assert rows_of(first) == rows_of(again)
    assert rows_of(first) != before


def test_statutory_numbers_are_unique(world):
    digital = [one.digital for one in world.invoices if one.digital]
    pairs = [(one.kind, one.code, one.number) for one in world.invoices if one.code]
    assert len(set(digital)) == len(digital)
    assert len(set(pairs)) == len(pairs)
    assert all(len(number) == 20 and number.isdigit() for number in digital)


def test_codes_have_length_and_ending_of_their_kind(world):
    endings = {"vat_general_electronic": "11", "vat_special_electronic": "13", "vat_toll": "12", "vat_roll": "06"}
    for one in world.invoices:
        if one.kind in endings:
            assert len(one.code) == 12, one
            assert one.code.endswith(endings[one.kind]), one
        if one.kind == "vat_special_paper":
            assert len(one.code) == 10, one
            assert one.code[7] in "15", one


def test_few_amounts_do_not_add_up(world):
    vat = [one for one in world.invoices if one.tax and one.kind != "customs_payment"]
    wrong = [one for one in vat if one.amount + one.tax != one.total]
    assert 0 < len(wrong) < len(vat) * 0.02


def test_few_tax_numbers_fail_their_check(world):
    numbers = {one.seller.tax_no for one in world.invoices if one.seller.tax_no}
    failing = [number for number in numbers if credit_code_check(number[:17]) != number[17]]
    assert 0 < len(failing) < len(numbers) * 0.1


def test_invoice_is_in_one_to_three_systems(world):
    seen_by = Counter(len(one.systems) for one in world.invoices)
    assert set(seen_by) == {1, 2, 3}
    assert seen_by[2] + seen_by[3] > len(world.invoices) * 0.4
    assert any(one.systems == ("shopex", "etax") for one in world.invoices)  # sold within the corporate group


def test_every_kind_and_status_occurs(world):
    kinds = {one.kind for one in world.invoices}
    assert {"digital_paper_special", "digital_rail", "air_paper", "customs_payment", "fixed_amount", "taxi"} <= kinds
    assert {one.status for one in world.invoices} == {
        "normal", "void", "fully_red", "partly_red", "lost_control", "abnormal", "red_pending",
    }  # fmt: skip


def test_red_letter_invoices_reverse_fully_red_ones(world):
    red = [one for one in world.invoices if one.total < 0]
    blue = [one for one in world.invoices if one.status == "fully_red"]
    assert red
    assert blue
    assert {-one.total for one in red} >= {one.total for one in blue}


def test_systems_report_different_numbers_of_digital_paper_invoice(world):
    paper = {one.digital: one for one in world.invoices if one.kind == "digital_paper_special"}
    bureau = [row for row in world.rows("etax") if row["ylzd5"] in paper]
    assert bureau
    assert all(row["invoiceCode"] == paper[row["ylzd5"]].code for row in bureau)
    expense = [row for row in world.rows("maycur") if row["invoiceNumber"] in paper]
    assert expense
    assert all(not row["invoiceCode"] for row in expense)
    checked = {row["invoiceCode"] for row in world.rows("checker")} | {
        row["invoiceNum"] for row in world.rows("checker")
    }
    assert not checked & set(paper)


def test_checker_has_duplicates_with_and_without_errors():
    world = World(600, seed=9, today=TODAY)
    numbers = {(one.code, one.number, one.digital) for one in world.invoices}
    again = [one for one in world.copies if (one.code, one.number, one.digital) in numbers]
    assert 3 <= len(again) <= len(world.copies) - 3
    assert all(one.systems == ("checker",) for one in world.copies)
    assert any(one.deleted for one in world.invoices)
    rail, paper = (
        {(i.trip.passenger, i.trip.vehicle, i.trip.leaves) for i in world.invoices if i.trip and i.kind == kind}
        for kind in ("digital_rail", "train_paper")
    )
    assert rail & paper  # one trip on a paper and on a digital ticket


def test_truth_contains_every_readable_row_once():
    world = World(600, seed=9, today=TODAY)
    truth = list(world.truth())
    assert len(truth) == 600
    counted = Counter(system for one in truth for system in one["ids"])
    row_counts = {system: len(list(world.rows(system))) for system in SYSTEMS}
    row_counts["shopex"] = len(world.shopex_by_issue)
    counted["checker"] += len(world.copies)
    assert {system: counted[system] + 2 for system in SYSTEMS} == row_counts  # each system has two unreadable rows
    assert any(one["apart"] for one in truth)


def test_each_system_has_an_unreadable_row(world):
    assert "壹佰元整" in {row["invoiceMoney"] for row in world.rows("checker")}
    assert "面议" in {row.get("total_amount") for row in world.rows("shopex")}
    assert "--" in {row.get("totalAmount") for row in world.rows("etax")}
    assert "昨天" in {row["issueDate"] for row in world.rows("maycur")}
    assert "一百二" in {row["totalAmount"] for row in world.rows("piaozone")}


def test_common_data_errors_occur_in_small_numbers(world):
    rows = list(world.rows("checker"))
    straight = [row for row in rows if len(str(row["invoiceNum"])) == 8]
    assert 0 < len(straight) < len(rows) * 0.1
    assert {"isdel", "Isdel"} <= {key for row in rows for key in row}
    properties = [row["jsonProps"] for row in world.rows("maycur") if row["jsonProps"]]
    assert any(not text.endswith("}") for text in properties)


def test_large_world_has_limited_bills_and_forms():
    world = World(5000, seed=1, today=TODAY)
    assert max(len(filed) for filed in world.bills.values()) <= 300
    assert len(world.maycur_forms) < 450
