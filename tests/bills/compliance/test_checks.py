"""The rules of the checks alone: which facts give findings and which do not."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.bills.amounts import BillAmounts, LineAmounts
from apps.bills.compliance import checks
from apps.bills.compliance.checks import CHECKS, bill_findings, findings
from apps.bills.compliance.checks.buyer import TITLED
from apps.bills.compliance.choices import CheckLevel
from apps.bills.compliance.definition import Check, Level, Setting
from apps.bills.compliance.facts import BillFacts, Elsewhere, Finding, InvoiceFacts, Neighbour
from apps.bills.compliance.folding import folded, nearby
from apps.bills.compliance.policy import preset
from apps.sources.records import InvoiceKind

BILL = BillFacts(("甲（上海）有限公司", "乙贸易公司"), "91310000MA1FL0AB3C", date(2026, 11, 20))
GOOD = InvoiceFacts(
    number="26312000000000000007",
    kind="digital_special",
    issue_date=date(2026, 11, 1),
    amount_excl_tax=Decimal("100.00"),
    tax_amount=Decimal("13.00"),
    total_amount=Decimal("113.00"),
    buyer_name="甲（上海）有限公司",
    buyer_tax_no="91310000MA1FL0AB3C",
    seller_name="丙文具店",
    seller_tax_no="91440000100017600N",
    status="normal",
    verification="passed",
    goods=("*纸制品*打印纸",),
)
ALL_ON = {code: replace(preset(check, ""), level=Level.WARN) for code, check in CHECKS.items()}


def findings_of(bill: BillFacts = BILL, settings: Any = ALL_ON, **changes: Any) -> dict[str, Finding]:
    return {finding.check: finding for finding in findings(replace(GOOD, **changes), bill, settings)}


def test_every_check_is_registered_and_fits_its_column() -> None:
    modules = [import_module(f"{checks.__name__}.{module.name}") for module in iter_modules(checks.__path__)]
    written = {one.code for module in modules for one in vars(module).values() if isinstance(one, Check)}
    assert written == CHECKS.keys()
    assert all(code == check.code and len(code) <= 30 for code, check in CHECKS.items())
    assert [str(level) for level in Level] == CheckLevel.values


def test_every_limit_has_a_preset_that_makes_sense() -> None:
    limits = [check.limit for check in CHECKS.values() if check.limit]
    assert limits
    assert all(0 <= limit.preset <= limit.highest and "%(preset)s" in limit.help for limit in limits)


def _line(entered: str | None, invoices: str, reason: str = "", position: int = 1) -> LineAmounts:
    amount = None if entered is None else Decimal(entered)
    return LineAmounts(position, position, "差旅费", amount, Decimal(invoices), 1, reason)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (BillAmounts(), []),
        (BillAmounts(None, (_line("113", "113"), _line(None, "50", position=2))), []),
        (BillAmounts(None, (), Decimal(113), 1), []),
        (BillAmounts(None, (_line("120", "113", "补贴"),)), []),
        (BillAmounts(None, (_line("120", "113"),)), ["checks.line_above_invoices"]),
        (BillAmounts(None, (_line("100", "113", "补贴"),)), ["checks.line_below_invoices"]),
        (BillAmounts(None, (_line("113", "113"),), Decimal(9), 1), ["checks.without_line"]),
        (BillAmounts(Decimal(120), (_line("113", "113"),)), ["checks.claimed_differs"]),
        (BillAmounts(Decimal(113), (_line("113", "113"),)), []),
        (BillAmounts(Decimal(120), (), Decimal(113), 1), ["checks.claimed_differs_from_invoices"]),
        (
            BillAmounts(Decimal(1), (_line("120", "113"), _line("1", "2", position=2)), Decimal(5), 1),
            [
                "checks.claimed_differs",
                "checks.line_above_invoices",
                "checks.line_below_invoices",
                "checks.without_line",
            ],
        ),
    ],
)
def test_differences_of_lines_and_invoices_are_found_on_own_bills(amounts: BillAmounts, expected: list[str]) -> None:
    objections = bill_findings(replace(BILL, amounts=amounts), ALL_ON)
    assert [one.code for one in objections] == expected
    assert {one.check for one in objections} <= {"difference"}
    assert len({one.evidence for one in objections}) == len(objections)
    assert bill_findings(replace(BILL, amounts=amounts, is_own=False), ALL_ON) == []


def test_a_valid_invoice_has_no_findings() -> None:
    assert findings_of() == {}


@given(st.data())
def test_variants_of_writing_a_title_are_accepted(data: st.DataObject) -> None:
    plain = data.draw(st.sampled_from(["甲上海有限公司", "乙贸易公司"]))
    noise = st.text(st.sampled_from(" 　()（）[]【】-－—_·"), max_size=3)
    written = "".join(character + data.draw(noise) for character in plain)
    assert "title" not in findings_of(buyer_name=written)


@given(st.text("甲乙丙丁上海有限公司(）- ", min_size=1, max_size=12))
def test_any_other_title_is_reported(name: str) -> None:
    names = {folded(one) for one in BILL.company_names}
    assert ("title" in findings_of(buyer_name=name)) == (bool(folded(name)) and folded(name) not in names)


def test_findings_about_title_and_number_have_actual_and_expected_values() -> None:
    both = findings_of(buyer_name="丁公司", buyer_tax_no="91310000MA1FL0AB3D")
    assert (both["title"].field, both["title"].actual, both["title"].expected) == (
        "buyer_name",
        "丁公司",
        "甲（上海）有限公司",
    )
    assert both["tax_number"].expected == BILL.company_tax_no
    assert "tax_number" not in findings_of(buyer_tax_no="９１３１００００ MA1FL0-AB3C")
    assert findings_of(buyer_tax_no="").keys() == {"tax_number_missing"}
    assert findings_of(direction="output", buyer_name="客户", buyer_tax_no="1") == {}


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"verification": "failed"}, "verification_failed"),
        ({"verification": "not_done"}, "verification_missing"),
        ({"verification": "unknown"}, "verification_missing"),
        ({"status": "void"}, "invalid"),
        ({"status": "red"}, "invalid"),
        ({"status": "fully_red"}, "invalid"),
        ({"status": "lost_control"}, "invalid"),
        ({"status": "partly_red"}, "doubtful"),
        ({"status": "red_pending"}, "doubtful"),
        ({"status": "abnormal"}, "doubtful"),
        ({"buyer_name": "", "buyer_tax_no": ""}, "personal"),
        ({"machine_numbers": ("26312000000000000008",)}, "machine_number"),
        ({"total_amount": Decimal("113.07")}, "sum"),
        ({"flags": frozenset({"lines_do_not_add_up"})}, "sum"),
        ({"deducted": Decimal("13.01"), "tax_amount": Decimal("13.00")}, "input_tax"),
        ({"flags": frozenset({"edited_by_hand"})}, "edited"),
        ({"goods": ("*烟草*中华香烟",)}, "sensitive"),
        ({"elsewhere": (Elsewhere("bill:1", "BX1", "李雷"),)}, "used_elsewhere"),
        ({"neighbours": (Neighbour("26312000000000000008", 1, "BX2"),)}, "consecutive"),
    ],
)
def test_each_defect_gives_exactly_its_finding(changes: dict[str, Any], check: str) -> None:
    assert findings_of(**changes).keys() == {check}


@pytest.mark.parametrize("name", ["(个人)", "张三（个人）", "个人", "个人（张三）", "张三13812345678"])
def test_a_personal_title_is_reported(name: str) -> None:
    assert {"personal", "title"} <= findings_of(buyer_name=name).keys()


@given(st.sampled_from(sorted(set(InvoiceKind) - TITLED)))
def test_tickets_need_no_title_and_no_verification(kind: InvoiceKind) -> None:
    assert findings_of(kind=kind, buyer_name="", buyer_tax_no="", verification="unknown") == {}


@given(st.dates(date(2023, 1, 1), date(2027, 12, 31)), st.integers(0, 400), st.integers(0, 12))
def test_age_is_counted_in_days_and_by_the_year(issued: date, days: int, until: int) -> None:
    on = {**ALL_ON, "too_old": Setting(Level.WARN, days), "other_year": Setting(Level.WARN, until)}
    findings = findings_of(settings=on, issue_date=issued)
    assert ("too_old" in findings) == (BILL.claimed_on - issued > timedelta(days))
    years = BILL.claimed_on.year - issued.year
    assert ("other_year" in findings) == (years > 1 or (years == 1 and BILL.claimed_on.month > until))


def test_age_keeps_a_finding_and_another_date_changes_it() -> None:
    old = {"issue_date": date(2026, 1, 5)}
    today, later = (
        findings_of(replace(BILL, claimed_on=day), **old) for day in (date(2026, 11, 20), date(2026, 11, 21))
    )
    assert today["too_old"].evidence == later["too_old"].evidence
    assert findings_of(issue_date=date(2026, 1, 6))["too_old"].evidence != today["too_old"].evidence


@given(st.text("0123456789", min_size=1, max_size=20), st.integers(0, 20))
def test_nearby_numbers_keep_their_length_and_are_symmetric(number: str, reach: int) -> None:
    near = nearby(number, reach)
    assert all(len(other) == len(number) and 1 <= distance <= reach for other, distance in near)
    assert all((number, distance) in nearby(other, reach) for other, distance in near)
    assert len(near) <= 2 * reach
    assert nearby(number + "A", reach) == ()


def test_neighbours_count_within_the_limit_except_fixed_amount_receipts() -> None:
    near = (Neighbour("1", 1, "A"), Neighbour("3", 3, "B", hidden=True))
    assert findings_of(neighbours=near)["consecutive"].expected == "1 (A), ***"
    closer = {**ALL_ON, "consecutive": Setting(Level.WARN, 2)}
    assert findings_of(settings=closer, neighbours=near)["consecutive"].expected == "1 (A)"
    assert "consecutive" not in findings_of(neighbours=near, kind="fixed_amount")


def test_the_blacklist_matches_names_and_numbers() -> None:
    for entry in ("丙 文具店", "91440000-100017600N"):
        assert "blacklist" in findings_of(settings={**ALL_ON, "blacklist": Setting(Level.BLOCK, None, ("", entry))})
    assert "blacklist" not in findings_of(seller_name="", seller_tax_no="", settings=ALL_ON)


def test_the_payee_is_compared_when_there_is_one() -> None:
    assert findings_of(replace(BILL, payee="丙（文具店）")) == {}
    assert findings_of(replace(BILL, payee="丁公司")).keys() == {"payee"}


def test_a_device_number_is_no_invoice_number() -> None:
    assert findings_of(machine_numbers=("661512345678", "26312000000000000007")) == {}


def test_a_hidden_use_names_nothing_and_has_the_same_evidence() -> None:
    seen, hidden = (Elsewhere("bill:1", "BX1", "李雷", hidden=one) for one in (False, True))
    visible_use, hidden_use = (findings_of(elsewhere=(one,))["used_elsewhere"] for one in (seen, hidden))
    assert visible_use.evidence == hidden_use.evidence
    assert "BX1" not in str(hidden_use.params) + hidden_use.actual


@given(st.sampled_from(list(CHECKS)))
def test_a_check_that_is_off_has_no_findings(check: str) -> None:
    bad = replace(
        GOOD,
        buyer_name="个人",
        buyer_tax_no="1",
        verification="failed",
        status="void",
        issue_date=date(2020, 1, 1),
        goods=("香烟",),
        elsewhere=(Elsewhere("bill:1", "B", "x"),),
        neighbours=(Neighbour("1", 1, "A"),),
        total_amount=Decimal(1),
        flags=frozenset({"edited_by_hand"}),
        deducted=Decimal(99),
        machine_numbers=("26312000000000000008",),
    )
    off = {**ALL_ON, check: replace(ALL_ON[check], level=Level.OFF)}
    everything, without = (findings(bad, replace(BILL, payee="丁"), one) for one in (ALL_ON, off))
    assert [one for one in everything if one.check != check] == without
