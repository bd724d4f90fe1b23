"""When two invoices may be one document: the rules explain every known error and leave look-alikes alone."""

from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.duplicates.matching import Document, Verdict, edit, judge, likeness, settle
from apps.duplicates.rules import DEFAULTS, RULES, StoredSetting, effective

PAPER = Document(
    1, "vat_general_electronic", "031012610011", "59777725", "", date(2025, 3, 11), Decimal("113.00"),
    Decimal("100.00"), "上海正源广告", "91310000000000001X", (1,), (7,),
)  # fmt: skip
DIGITAL = PAPER._replace(kind="digital_special", code="", number="", digital="25442000000012345678")


def settled(*documents: Document) -> list[Verdict]:
    return settle(verdict for one, other in combinations(documents, 2) if (verdict := judge(one, other)))


def damaged(document: Document, **values) -> Document:
    return document._replace(id=2, sources=(2,), **values)


@pytest.mark.parametrize(
    ("other", "rules", "tier"),
    [
        (damaged(PAPER, number="59747725"), ("digit_wrong",), "certain"),
        (damaged(PAPER, number="59177725"), ("look_alike",), "certain"),
        (damaged(PAPER, number="95777725"), ("neighbours_swapped",), "certain"),
        (damaged(PAPER, number="5977725"), ("digit_lost",), "certain"),
        (damaged(PAPER, code=""), ("code_lost",), "certain"),
        (damaged(PAPER, code="031012610017"), ("code_slip",), "certain"),
        (damaged(PAPER, code="59777725", number="031012610011"), ("fields_swapped",), "certain"),
        (damaged(PAPER, number="59777728"), ("digit_wrong",), "likely"),  # near enough for a booklet
        (damaged(PAPER, code="", number=""), ("number_missing",), "likely"),
        (
            damaged(PAPER, code="", number="", total=Decimal("100.00")),
            ("number_missing", "tax_left_out"),
            "likely",
        ),
        (
            damaged(PAPER, code="", number="", seller="老字号商行"),
            ("number_missing", "former_name"),
            "likely",
        ),
        (
            damaged(PAPER, code="", number="", seller="上海正元广告"),
            ("number_missing", "name_variant"),
            "likely",
        ),
        (
            damaged(PAPER, code="", number="", seller="上海正元广告", seller_tax_no=""),
            ("number_missing", "name_variant"),
            "possible",
        ),
        (
            damaged(PAPER, code="", number="", total=Decimal("100.00"), seller="老字号商行"),
            ("number_missing", "tax_left_out", "former_name"),
            "possible",
        ),
        (damaged(PAPER, code="", issued=date(2025, 3, 12)), ("code_lost", "day_off"), "likely"),
        (damaged(PAPER, code="", issued=date(2025, 11, 3)), ("code_lost", "month_day_swapped"), "likely"),
        (
            damaged(PAPER, code="", issued=date(2025, 11, 4)),
            ("code_lost", "month_day_swapped", "day_off"),
            "likely",
        ),
        (damaged(PAPER, code="", total=Decimal("100.00")), ("code_lost", "tax_left_out"), "likely"),
        (damaged(PAPER, code="", seller="上海正元广告"), ("code_lost", "name_variant"), "likely"),
        (damaged(PAPER, code="", seller="老字号商行"), ("code_lost", "former_name"), "likely"),
        (damaged(DIGITAL, digital="25442000000012345687"), ("neighbours_swapped",), "certain"),
        (damaged(DIGITAL, digital="", number="2544200000012345678"), ("digit_lost",), "certain"),
    ],
)
def test_every_error_of_the_field_is_explained(other, rules, tier):
    left = DIGITAL if other.kind == "digital_special" else PAPER
    verdict = judge(left, other)
    assert verdict is not None
    assert set(verdict.rules) == set(rules)
    assert verdict.tier == tier
    assert judge(other, left) == verdict  # whichever is looked at first


def test_leading_zeros_get_lost():
    verdict = judge(PAPER._replace(number="00777725"), damaged(PAPER, number="777725"))
    assert verdict is not None
    assert verdict.rules == ("zero_lost",)


def test_the_same_trip_on_paper_and_electronically():
    trip = {"passenger": "张伟", "vehicle": "G7301", "departs_on": "2025-03-11"}
    electronic = DIGITAL._replace(kind="digital_rail", **trip)
    paper = damaged(PAPER, kind="train_paper", code="", number="K000029", seller="", total=Decimal("74.50"), **trip)
    verdict = judge(electronic, paper)
    assert verdict is not None
    assert verdict.rules == ("same_trip",)
    assert judge(electronic, paper._replace(departs_on="2025-03-12")) is None
    assert judge(electronic._replace(passenger=""), paper._replace(passenger="")) is None


TAXI = PAPER._replace(kind="taxi", seller="", seller_tax_no="")


def test_a_ticket_read_twice_by_one_system_but_no_neighbours_in_a_booklet():
    verdict = judge(TAXI, TAXI._replace(id=2, number="59177725"))
    assert verdict is not None
    assert "scanned_twice" in verdict.rules
    assert settled(TAXI, TAXI._replace(id=2, number="59777726")) == []
    assert judge(TAXI, TAXI._replace(id=2, number="59177725", total=Decimal("12.00"))) is None
    assert judge(TAXI, TAXI._replace(id=2, number="59177725", issued=date(2025, 3, 12))) is None


@pytest.mark.parametrize(
    "other",
    [
        PAPER._replace(id=2, number="59777726"),  # one system holds both numbers: consecutive invoices
        damaged(PAPER, code="044002500111", issued=date(2025, 6, 1), total=Decimal("99.00")),  # same number, other code
        damaged(PAPER, number="81902866", issued=date(2025, 4, 11)),  # monthly rent
        damaged(PAPER, number="59777735", total=Decimal("-113.00")),  # its red counterpart
        damaged(PAPER, number="12345678"),  # same amount and day by chance
        damaged(PAPER, code="", number="", seller="", seller_tax_no=""),  # too little to go by
        damaged(PAPER, number="59177725", issued=None, seller="", seller_tax_no=""),  # so is this
        damaged(PAPER, code="031012610017", number="59177725"),  # a slip in both is too much to believe
    ],
)
def test_look_alikes_are_left_alone(other):
    assert judge(PAPER, other) is None


def verdict_between(left: int, right: int, sources: tuple[int, int], strength: int = 100) -> Verdict:
    return Verdict(left, right, ("look_alike",), {}, "certain", strength, sources=((sources[0],), (sources[1],)))


def test_of_two_candidates_of_one_system_none_is_certain():
    one, other = verdict_between(1, 2, (1, 2)), verdict_between(1, 3, (1, 2))
    assert [(v.tier, v.ambiguous) for v in settle([one, other])] == [("likely", True)] * 2
    better, worse = settle([one, other._replace(strength=90)])
    assert (better.tier, better.ambiguous, worse.tier, worse.ambiguous) == ("certain", False, "likely", True)
    assert settle([one, verdict_between(1, 3, (1, 3))]) == [one, verdict_between(1, 3, (1, 3))]


def test_an_invoice_without_a_number_belongs_to_the_best_candidate_of_a_system_or_to_nobody_surely():
    missing = damaged(PAPER, code="", number="")
    same_day = PAPER._replace(id=3, number="81902866")
    assert [(v.tier, v.ambiguous) for v in settled(PAPER, missing, same_day)] == [("possible", True)] * 2
    elsewhere_too = same_day._replace(sources=(3,))  # another system, and surely another document
    assert [(v.tier, v.ambiguous) for v in settled(PAPER, missing, elsewhere_too)] == [("possible", True)] * 2
    copy = PAPER._replace(id=3, number="59747725", sources=(3,))
    assert {v.tier for v in settled(PAPER, missing, copy)} == {"likely", "certain"}
    worse = same_day._replace(total=Decimal("113.50"), excl_tax=Decimal("100.50"))
    assert [(v.left, v.right, v.tier) for v in settled(PAPER, missing, worse)] == [(1, 2, "likely")]


def test_neighbours_are_a_booklet_unless_the_bureau_lists_only_one_of_them():
    neighbour, listed = damaged(PAPER, number="59777724"), PAPER._replace(listed=True)
    assert settled(PAPER, neighbour) == []
    assert [v.tier for v in settled(listed, neighbour)] == ["possible"]
    assert [v.tier for v in settled(listed, damaged(PAPER, number="59777726"))] == ["likely"]  # 5 looks like 6


def test_no_booklet_is_longer_than_fifty():
    rival = verdict_between(1, 3, (1, 2))
    assert settle([verdict_between(1, 2, (1, 2))._replace(distance=50), rival])[0].right == 3
    assert [v.right for v in settle([verdict_between(1, 2, (1, 2))._replace(distance=51), rival])] == [2, 3]


def test_two_numbers_that_the_bureau_knows_are_two_invoices():
    other = damaged(PAPER, number="59747725")
    assert judge(PAPER._replace(listed=True), other._replace(verified=True)) is None
    assert judge(PAPER._replace(listed=True), other) is not None
    codeless = damaged(PAPER, code="")  # no full number, so it proves nothing
    assert judge(PAPER._replace(listed=True), codeless._replace(verified=True)) is not None


@given(st.permutations([verdict_between(1, n, (1, 2 + n % 3), 90 + n) for n in range(2, 8)]))
def test_rivals_are_weighed_the_same_in_any_order(verdicts):
    def key(verdict):
        return verdict.left, verdict.right

    expected = settle(sorted(verdicts, key=key))
    assert sorted(settle(verdicts), key=key) == sorted(expected, key=key)


@given(st.text("0123456789", min_size=8, max_size=20), st.integers(0, 7), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_one_slip(number, place, digit):
    slipped = number[:place] + digit + number[place + 1 :]
    assert bool(edit(number, slipped)) == (slipped != number)
    assert edit(number, slipped) == edit(slipped, number)


def test_likeness_of_names():
    assert likeness("正源", "正源") == 1
    assert likeness("上海正源广告", "苏州宏图物流") == 0


def test_a_rule_that_is_off_explains_nothing():
    settings = effective(
        [StoredSetting("look_alike", None, False, {}), StoredSetting("day_off", 7, True, {"days": 3})], 7
    )
    assert judge(PAPER, damaged(PAPER, number="59177725"), settings) is None
    far = damaged(PAPER, code="", issued=date(2025, 3, 14))
    assert judge(PAPER, far, settings) is not None
    assert judge(PAPER, far, DEFAULTS) is None or "date_slip" in judge(PAPER, far, DEFAULTS).rules
    assert effective([StoredSetting("look_alike", 7, True, {}), StoredSetting("look_alike", None, False, {})], 7).on(
        "look_alike"
    )


def test_every_rule_has_words():
    from apps.duplicates.choices import RuleCode

    assert set(RuleCode.values) == set(RULES)
