"""The judgement of input tax against values made by hand. Rules: docs/input-tax.md."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.bills.input_tax.judgement import Facts, Judgement, Line, Part, Reason, TravelRule, judge, offer
from apps.sources.records import DeductionStatus, Direction, InvoiceKind, InvoiceStatus, TravelRecord

PAPER_ENDS = date(2025, 12, 31)
RULES = [
    TravelRule("train_paper", "face", Decimal("0.09"), True, date(2019, 4, 1), PAPER_ENDS, "第39号"),
    TravelRule("air_paper", "fare_and_fuel", Decimal("0.09"), True, date(2019, 4, 1), PAPER_ENDS, "第39号"),
    TravelRule("coach", "face", Decimal("0.03"), True, date(2019, 4, 1), None, "第39号"),
    TravelRule("ship", "face", Decimal("0.03"), True, date(2019, 4, 1), None, "第39号"),
    TravelRule("digital_rail", "face", Decimal("0.09"), True, date(2024, 11, 1), PAPER_ENDS, "第8号"),
    TravelRule("digital_rail", "stated", None, True, date(2026, 1, 1), None, "第13号"),
    TravelRule("digital_air", "fare_and_fuel", Decimal("0.09"), True, date(2024, 12, 1), PAPER_ENDS, "第9号"),
    TravelRule("digital_air", "stated", None, True, date(2026, 1, 1), None, "第13号"),
    TravelRule("digital_general", "stated", None, False, date(2019, 4, 1), None, "第39号"),
    TravelRule("vat_general_electronic", "stated", None, False, date(2019, 4, 1), None, "第39号"),
    TravelRule("vat_toll", "stated", None, False, date(2018, 1, 1), None, "90号"),
    TravelRule("digital_toll", "stated", None, False, date(2018, 1, 1), None, "90号"),
    TravelRule("toll_receipt", "face", Decimal("0.05"), False, date(2018, 1, 1), None, "90号"),
]
WANG = TravelRecord(passenger="王芳", departure="杭州东", destination="上海虹桥")
FLIGHT = TravelRecord(
    passenger="王芳", departure="杭州", destination="北京", fare=Decimal(1000), fuel_surcharge=Decimal(90),
    development_fund=Decimal(50),
)  # fmt: skip
LINES = {
    "taxi_app": (Line("*运输服务*客运服务费", Decimal("3.00")),),
    "transport": (Line("旅客运输服务", None),),
    "agency": (Line("*经纪代理服务*代订客运机票", Decimal("6.00")),),
    "meal": (Line("*餐饮服务*餐费", Decimal("6.00")),),
    "hotel_and_meal": (Line("*住宿服务*住宿费", Decimal("18.00")), Line("*餐饮服务*餐费", Decimal("6.00"))),
    "mixed": (Line("*运输服务*客运服务费", Decimal("3.00")), Line("*物流辅助服务*收派服务费", Decimal("2.00"))),
    "toll": (Line("过路过桥费", None),),
    "freight": (Line("*运输服务*国内货物运输", Decimal("9.00")),),
}


def facts(kind: str, total: str | None = "113.00", tax: str | None = "13.00", **values: Any) -> Facts:
    """An invoice of 2026-03-02, verified as normal."""
    values.setdefault("issue_date", date(2026, 3, 2))
    for name, enum in (("status", InvoiceStatus), ("deduction", DeductionStatus), ("direction", Direction)):
        if name in values:
            values[name] = enum(values[name])
    money = {"total": None if total is None else Decimal(total), "tax": None if tax is None else Decimal(tax)}
    if "bureau_tax" in values:
        values["bureau_tax"] = Decimal(values["bureau_tax"])
    return Facts(kind=InvoiceKind(kind), **money, **values)


def outcome(judgement: Judgement) -> tuple[str, str, str]:
    """Deducted, transferred out, and the code of the reason, the inner one of a transfer."""
    why = judgement.reason.params.get("why")
    code = why.code if isinstance(why, Reason) else judgement.reason.code
    return f"{judgement.input_tax:.2f}", f"{judgement.transferred_out:.2f}", code


DAY_2025, NO = date(2025, 6, 1), "0.00"
# What is judged; tax to deduct; tax transferred out; why.
TABLE: list[tuple[Facts, str, str, str]] = [
    # Documents that carry deductible tax, as much as they state.
    (facts("vat_special_paper"), "13.00", NO, "tax.document"),
    (facts("vat_special_electronic"), "13.00", NO, "tax.document"),
    (facts("digital_special"), "13.00", NO, "tax.document"),
    (facts("digital_special", deduction="not_ticked"), "13.00", NO, "tax.document"),
    (facts("digital_paper_special"), "13.00", NO, "tax.document"),
    (facts("vehicle_sale", "113000.00", "13000.00"), "13000.00", NO, "tax.document"),
    (facts("digital_vehicle"), "13.00", NO, "tax.document"),
    (facts("digital_paper_vehicle"), "13.00", NO, "tax.document"),
    (facts("customs_payment", None, "88.40"), "88.40", NO, "tax.document"),
    (facts("tax_payment_proof", "60.00", "60.00"), "60.00", NO, "tax.document"),
    (facts("digital_special", tax=None), NO, NO, "tax.not_stated"),
    (facts("digital_special", "100.00", "0.00"), NO, NO, "tax.document"),
    # Ordinary documents.
    (facts("vat_general_paper"), NO, NO, "tax.ordinary"),
    (facts("vat_roll"), NO, NO, "tax.ordinary"),
    (facts("digital_general"), NO, NO, "tax.ordinary"),
    (facts("digital_paper_general"), NO, NO, "tax.ordinary"),
    (facts("used_vehicle"), NO, NO, "tax.ordinary"),
    (facts("taxi", "35.00", None, travel=WANG), NO, NO, "tax.ordinary"),
    (facts("fixed_amount", "50.00", None), NO, NO, "tax.ordinary"),
    (facts("unknown"), NO, NO, "tax.ordinary"),
    # Ticked: what the bureau says.
    (facts("digital_special", deduction="ticked", bureau_tax="13.00"), "13.00", NO, "tax.ticked"),
    (facts("digital_special", deduction="certified", bureau_tax="9.10"), "9.10", NO, "tax.ticked"),
    (facts("digital_special", deduction="ticked"), "13.00", NO, "tax.ticked"),
    (facts("digital_general", deduction="ticked", bureau_tax="4.00"), "4.00", NO, "tax.ticked"),
    (facts("digital_special", tax=None, deduction="ticked"), NO, NO, "tax.ticked_without_amount"),
    (facts("digital_special", deduction="not_deductible", bureau_tax="13.00"), NO, NO, "tax.bureau_refuses"),
    (facts("digital_special", deduction="refund", bureau_tax="13.00"), NO, NO, "tax.refund"),
    # Small-scale, issued by the company itself, on another bill.
    (facts("digital_special", small_scale=True), NO, NO, "tax.small_scale"),
    (facts("digital_special", small_scale=True, deduction="ticked", bureau_tax="13.00"), NO, NO, "tax.small_scale"),
    (facts("digital_rail", "52.00", "4.29", travel=WANG, small_scale=True), NO, NO, "tax.small_scale"),
    (facts("digital_special", direction="output"), NO, NO, "tax.issued"),
    (facts("digital_special", contested=True), NO, NO, "tax.contested"),
    # States.
    (facts("digital_special", status="void"), NO, NO, "tax.status"),
    (facts("digital_special", status="red"), NO, NO, "tax.status"),
    (facts("digital_special", status="fully_red"), NO, NO, "tax.status"),
    (facts("digital_special", status="red_pending"), NO, NO, "tax.status"),
    (facts("digital_special", status="lost_control"), NO, NO, "tax.status"),
    (facts("digital_special", status="abnormal"), NO, NO, "tax.status"),
    (facts("digital_special", status="unknown"), "13.00", NO, "tax.document"),
    (facts("digital_special", status="partly_red"), "13.00", NO, "tax.document"),
    (facts("digital_special", status="void", deduction="ticked", bureau_tax="13.00"), NO, "13.00", "tax.status"),
    # Red-letter invoices carry negative tax.
    (facts("digital_special", "-113.00", "-13.00"), "-13.00", NO, "tax.document"),
    (facts("digital_special", "-113.00", "-13.00", status="red"), "-13.00", NO, "tax.document"),
    (facts("digital_special", "-113.00", "-13.00", status="void"), NO, NO, "tax.status"),
    (facts("digital_special", "-113.00", "-13.00", deduction="ticked", bureau_tax="13.00"), "-13.00", NO, "tax.ticked"),
    # The use of the cost.
    (facts("digital_special", use="welfare"), NO, NO, "tax.use.welfare"),
    (facts("digital_special", use="entertainment"), NO, NO, "tax.use.entertainment"),
    (facts("digital_special", use="catering"), NO, NO, "tax.use.catering"),
    (facts("digital_special", use="simplified"), NO, NO, "tax.use.simplified"),
    (facts("digital_special", use="exempt"), NO, NO, "tax.use.exempt"),
    (facts("digital_special", use="loss"), NO, NO, "tax.use.loss"),
    (facts("digital_special", use="loan_interest"), NO, NO, "tax.use.loan_interest"),
    (facts("digital_special", use="welfare", deduction="ticked", bureau_tax="13.00"), NO, "13.00", "tax.use.welfare"),
    (facts("digital_special", use="loss", deduction="certified", bureau_tax="9.10"), NO, "9.10", "tax.use.loss"),
    (facts("digital_special", "106.00", "6.00", lines=LINES["meal"]), NO, NO, "tax.service"),
    (
        facts("digital_special", "106.00", "6.00", lines=LINES["meal"], deduction="ticked", bureau_tax="6.00"),
        NO, "6.00", "tax.service",
    ),
    (facts("digital_special", "424.00", "24.00", lines=LINES["hotel_and_meal"]), "24.00", NO, "tax.document"),
    # Rail: 52.00 ÷ 1.09 = 47.71, so 4.29. Paper tickets until 2025-12-31.
    (facts("train_paper", "52.00", None, travel=WANG, issue_date=DAY_2025), "4.29", NO, "tax.face"),
    (facts("train_paper", "52.00", None, travel=WANG, issue_date=PAPER_ENDS), "4.29", NO, "tax.face"),
    (facts("train_paper", "52.00", None, travel=WANG, issue_date=date(2026, 1, 1)), NO, NO, "tax.rule_ended"),
    (facts("train_paper", "52.00", None, travel=WANG, issue_date=date(2019, 3, 31)), NO, NO, "tax.rule_begins"),
    (facts("train_paper", "52.00", None, issue_date=DAY_2025), NO, NO, "tax.no_passenger"),
    (facts("train_paper", None, None, travel=WANG, issue_date=DAY_2025), NO, NO, "tax.no_price"),
    (facts("train_paper", "52.00", None, travel=WANG, issue_date=None), NO, NO, "tax.no_date"),
    (facts("train_paper", "52.00", None, travel=WANG, issue_date=DAY_2025, use="welfare"), NO, NO, "tax.use.welfare"),
    (facts("digital_rail", "52.00", "4.29", travel=WANG, issue_date=DAY_2025), "4.29", NO, "tax.travel_stated"),
    (facts("digital_rail", "52.00", None, travel=WANG, issue_date=DAY_2025), "4.29", NO, "tax.face"),
    (facts("digital_rail", "52.00", "4.29", travel=WANG), "4.29", NO, "tax.travel_stated"),
    (facts("digital_rail", "52.00", None, travel=WANG), NO, NO, "tax.not_stated"),
    # Air: (1000 + 90) ÷ 1.09 = 1000, so 90.00; the development fund of 50.00 is not counted.
    (facts("air_paper", "1140.00", None, travel=FLIGHT, issue_date=DAY_2025), "90.00", NO, "tax.fare_and_fuel"),
    (facts("air_paper", "1140.00", None, travel=WANG, issue_date=DAY_2025), NO, NO, "tax.no_price"),
    (facts("air_paper", "1140.00", None, travel=FLIGHT), NO, NO, "tax.rule_ended"),
    (facts("digital_air", "1140.00", "90.00", travel=FLIGHT), "90.00", NO, "tax.travel_stated"),
    (facts("digital_air", "1140.00", None, travel=FLIGHT, issue_date=DAY_2025), "90.00", NO, "tax.fare_and_fuel"),
    (
        facts("digital_air", "3000.00", "0.00", travel=TravelRecord(passenger="王芳", destination="东京成田")),
        NO, NO, "tax.abroad",
    ),
    (
        facts("digital_rail", "215.00", "17.75", travel=TravelRecord(passenger="王芳", destination="香港西九龙")),
        NO, NO, "tax.abroad",
    ),
    (
        facts("digital_rail", "52.00", "4.29", travel=TravelRecord(passenger="王芳", departure="烟台北")),
        "4.29", NO, "tax.travel_stated",
    ),
    # Road and water: 103.00 ÷ 1.03 × 3 % = 3.00, unchanged in 2026.
    (facts("coach", "103.00", None, travel=WANG), "3.00", NO, "tax.face"),
    (facts("coach", "103.00", None, travel=WANG, issue_date=DAY_2025), "3.00", NO, "tax.face"),
    (facts("coach", "103.00", None), NO, NO, "tax.no_passenger"),
    (facts("ship", "206.00", None, travel=WANG), "6.00", NO, "tax.face"),
    # Tolls: 21.00 ÷ 1.05 × 5 % = 1.00 of bridges and gates; e-invoices show their tax.
    (facts("toll_receipt", "21.00", None, seller="杭州湾跨海大桥发展有限公司"), "1.00", NO, "tax.face"),
    (facts("toll_receipt", "21.00", None, seller="高速公路", lines=LINES["toll"]), NO, NO, "tax.road_toll"),
    (facts("vat_toll", "103.00", "3.00"), "3.00", NO, "tax.travel_stated"),
    (facts("digital_toll", "103.00", "3.00"), "3.00", NO, "tax.travel_stated"),
    (facts("digital_toll", "103.00", None), NO, NO, "tax.not_stated"),
    # Ordinary e-invoices of passenger transport.
    (facts("digital_general", "103.00", "3.00", lines=LINES["taxi_app"]), "3.00", NO, "tax.passenger_transport"),
    (
        facts("vat_general_electronic", "103.00", "3.00", lines=LINES["transport"]),
        "3.00", NO, "tax.passenger_transport",
    ),
    (facts("digital_general", "138.00", "5.00", lines=LINES["mixed"]), "3.00", NO, "tax.passenger_transport"),
    (facts("digital_general", "106.00", "6.00", lines=LINES["agency"]), NO, NO, "tax.agency"),
    (facts("digital_general", "109.00", "9.00", lines=LINES["freight"]), NO, NO, "tax.ordinary"),
    (facts("vat_general_paper", "103.00", "3.00", lines=LINES["taxi_app"]), NO, NO, "tax.ordinary"),
    (facts("digital_general", "103.00", "3.00", lines=LINES["taxi_app"], use="welfare"), NO, NO, "tax.use.welfare"),
    # Parts: 13.00 × 50 ÷ 113 = 5.7522; the rest is 7.25, so that both make 13.00.
    (facts("digital_special", part=Part(Decimal(50))), "5.75", NO, "tax.document"),
    (facts("digital_special", part=Part(Decimal(63), before=Decimal(50))), "7.25", NO, "tax.document"),
    (facts("digital_special", part=Part(Decimal(63), Decimal(50), taken=Decimal("10.00"))), "3.00", NO, "tax.document"),
    (facts("digital_special", part=Part(Decimal(63), Decimal(50), taken=Decimal("13.00"))), NO, NO, "tax.document"),
    (facts("digital_special", "-113.00", "-13.00", part=Part(Decimal(-50))), "-5.75", NO, "tax.document"),
    (
        facts("digital_special", use="welfare", deduction="ticked", bureau_tax="13.00", part=Part(Decimal(50))),
        NO, "5.75", "tax.use.welfare",
    ),
    (facts("customs_payment", None, "88.40", part=Part(before=Decimal(1))), NO, NO, "tax.document"),
]  # fmt: skip


@pytest.mark.parametrize(("judged", "deducted", "out", "code"), TABLE)
def test_the_table(judged: Facts, deducted: str, out: str, code: str) -> None:
    judgement = judge(judged, RULES)
    assert outcome(judgement) == (deducted, out, code)
    assert judgement.deductible == (deducted != NO)


def test_the_law_is_that_of_the_issue_date() -> None:
    def law(**values: Any) -> Any:
        return judge(facts("digital_special", **values), RULES).reason.params["law"].code  # type: ignore[union-attr]

    assert law(use="welfare", issue_date=date(2025, 12, 31)) == "tax.law.before_2026"
    assert law(use="welfare", issue_date=date(2026, 1, 1)) == "tax.law.vat_law"
    assert law(use="loan_interest", issue_date=date(2026, 1, 1)) == "tax.law.implementing_rules"


def test_the_reason_of_a_computed_tax_names_its_parts() -> None:
    judged = facts("train_paper", "52.00", None, travel=WANG, issue_date=DAY_2025)
    assert judge(judged, RULES).reason == Reason("tax.face", {"base": "52.00", "rate": "9", "source": "第39号"})


def test_what_a_person_may_decide_on_ignores_use_and_status() -> None:
    judged = facts("digital_special", use="welfare", status="void", deduction="ticked", bureau_tax="9.10")
    assert (offer(judged, RULES).tax, offer(judged, RULES).ticked) == (Decimal("9.10"), True)
    assert offer(facts("taxi", "35.00", None), RULES).tax is None


CENTS = st.integers(1, 10_000_000)


@given(total=CENTS, tax=CENTS, cuts=st.lists(CENTS, max_size=6), red=st.booleans())
def test_the_shares_of_an_invoice_sum_to_its_tax(total: int, tax: int, cuts: list[int], red: bool) -> None:
    """However an invoice is divided: to the cent when all of it is used, and never more for the first shares."""
    sign = -1 if red else 1
    edges = [0, *sorted(cut for cut in set(cuts) if cut < total), total]
    whole = Decimal(sign * min(tax, total)) / 100
    money = facts("digital_special", str(Decimal(sign * total) / 100), str(whole))
    summed = Decimal()
    for start, end in pairwise(edges):
        part = Part(Decimal(sign * (end - start)) / 100, Decimal(start) / 100, abs(summed))
        judged = Facts(**{**vars(money), "part": part})
        summed += judge(judged, RULES).input_tax
        assert abs(summed) <= abs(whole)
    assert summed == whole
