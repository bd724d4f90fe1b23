"""The costs and entries of random bills. Expected sums are made in cents from the drawn numbers, not by the code."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.bills.amounts import BillAmounts, LineAmounts
from apps.vouchers.costs import DIFFERENCE, InvoicePart, TaxExceedsCostsError, bill_costs
from apps.vouchers.drafting import Accounts, Cost, draft_entries

MAPPING = {
    "": Accounts("6602.99", "2221.01", "2241", "2221.02", "2221.03"),
    "差旅费": Accounts(debit="6602.01"),
    "福利费": Accounts(debit="6602.05"),
    "采购": Accounts("1403", credit="2202"),
}
_COST_TYPES = ("", "差旅费", "福利费", "采购")
_PAYABLE = ("2241", "2202")


@dataclass(frozen=True)
class Drawn:
    """A bill as drawn, in cents. ``lines``: (cost type, amount or None); ``invoices``: (line or None, cost type,
    amount, tax, how the tax is booked)."""

    claimed: int | None
    lines: tuple[tuple[str, int | None], ...]
    invoices: tuple[tuple[int | None, str, int, int, str], ...]

    @property
    def to_be_paid(self) -> int:
        if self.claimed is not None:
            return self.claimed
        if not self.lines:
            return sum(amount for _line, _type, amount, _tax, _how in self.invoices)
        of_line = dict.fromkeys(range(len(self.lines)), 0)
        for line, _type, amount, _tax, _how in self.invoices:
            if line is not None:
                of_line[line] += amount
        return sum(of_line[place] if cents is None else cents for place, (_type, cents) in enumerate(self.lines))

    def tax(self, *how: str) -> int:
        return sum(tax for _line, _type, _amount, tax, booked in self.invoices if booked in how)


@st.composite
def bills(draw: st.DrawFn, red: bool = True) -> Drawn:
    """Bills with several lines, lines without an amount, discounts, invoices used partly, red-letter invoices,
    tax-exempt ones, and welfare whose ticked tax is transferred out."""
    cost_types = st.sampled_from(_COST_TYPES)
    cents = st.none() | st.integers(-30_00 if red else 1, 3000_00)
    lines = tuple(draw(st.lists(st.tuples(cost_types, cents), max_size=4)))
    invoices = []
    for _number in range(draw(st.integers(0, 6))):
        total = draw(st.integers(-2000_00 if red else 1, 2000_00))
        rate = draw(st.sampled_from((0, 3, 6, 9, 13)))
        how = draw(st.sampled_from(("deduct", "pending", "out", "none"))) if rate else "none"
        tax = int(total * rate / (100 + rate)) if how != "none" else 0
        line = draw(st.none() | st.integers(0, len(lines) - 1)) if lines else None
        invoices.append((line, draw(cost_types), total, tax, how))
    return Drawn(draw(st.none() | st.integers(0, 5000_00)), lines, tuple(invoices))


def yuan(cents: int) -> Decimal:
    return Decimal(cents) / 100


def costs_of(number: str, bill: Drawn) -> list[Cost]:
    lines = []
    for place, (cost_type, entered) in enumerate(bill.lines):
        on_line = sum(amount for line, _type, amount, _tax, _how in bill.invoices if line == place)
        amount = None if entered is None else yuan(entered)
        lines.append(LineAmounts(place, place + 1, cost_type, amount, yuan(on_line), 1))
    without = sum(amount for line, _type, amount, _tax, _how in bill.invoices if line is None)
    claimed = None if bill.claimed is None else yuan(bill.claimed)
    parts = [
        InvoicePart(
            line,
            cost_type,
            yuan(amount),
            yuan(tax if how == "deduct" else 0),
            yuan(tax if how == "pending" else 0),
            yuan(tax if how == "out" else 0),
        )
        for line, cost_type, amount, tax, how in bill.invoices
    ]
    return bill_costs(number, BillAmounts(claimed, tuple(lines), yuan(without)), parts, lambda text: text)


def _sum(entries: list[tuple[str, Decimal]], *accounts: str) -> int:
    return int(sum((amount for account, amount in entries if account in accounts), Decimal()) * 100)


@given(first=bills(), second=bills())
def test_a_voucher_pays_exactly_the_amounts_to_be_paid(first: Drawn, second: Drawn) -> None:
    try:
        costs = [*costs_of("BX1", first), *costs_of("BX2", second)]
    except TaxExceedsCostsError:
        return  # whether rightly so, is the next test
    entries = draft_entries(costs, MAPPING)
    debited, credited = [(e.account, e.debit) for e in entries], [(e.account, e.credit) for e in entries]
    assert sum(e.debit for e in entries) == sum(e.credit for e in entries)
    assert _sum(credited, *_PAYABLE) == first.to_be_paid + second.to_be_paid
    deducted, out = (first.tax(how) + second.tax(how) for how in ("deduct", "out"))
    assert _sum(debited, "2221.01") == deducted + out
    assert _sum(debited, "2221.02") == first.tax("pending") + second.tax("pending")
    assert _sum(credited, "2221.03") == out
    assert all(bool(e.debit) != bool(e.credit) for e in entries)
    paid = {cost.bill: sum(int(one.total * 100) for one in costs if one.bill == cost.bill) for cost in costs}
    assert paid.get("BX1", 0) == first.to_be_paid
    assert paid.get("BX2", 0) == second.to_be_paid


@given(bill=bills(red=False))
def test_deducted_tax_makes_no_expense_negative(bill: Drawn) -> None:
    booked = bill.tax("deduct", "pending")
    on_lines = dict.fromkeys(range(len(bill.lines)), 0)
    for line, _type, amount, _tax, _how in bill.invoices:
        if line is not None:
            on_lines[line] += amount
    if bill.lines:
        itemized = sum(on_lines[place] if cents is None else cents for place, (_t, cents) in enumerate(bill.lines))
    else:
        itemized = sum(amount for _line, _type, amount, _tax, _how in bill.invoices)
    try:
        costs = costs_of("BX1", bill)
    except TaxExceedsCostsError:
        assert booked > itemized
        return
    assert booked <= itemized
    assert all(cost.total >= cost.tax + cost.pending for cost in costs if not cost.apart)


def _part(line: int | None, amount: str, tax: str) -> InvoicePart:
    return InvoicePart(line, "", Decimal(amount), Decimal(tax))


def _lines(*amounts: str) -> BillAmounts:
    return BillAmounts(None, tuple(LineAmounts(n, n, "", Decimal(one)) for n, one in enumerate(amounts)))


@pytest.mark.parametrize(
    ("amounts", "parts", "expected"),
    [
        # The tax of invoices on a line lowers that line's expense; that of invoices on no line the largest one's.
        (_lines("2600", "88"), [_part(0, "2591.44", "298.13"), _part(1, "88", "0")], ["2301.87", "88"]),
        (_lines("100", "300"), [_part(None, "113", "13")], ["100", "287"]),
        # Tax that a line does not pay for goes to the largest of the others.
        (_lines("5", "300", "20"), [_part(0, "113", "13")], ["0", "292", "20"]),
        # A red-letter bill carries its sign.
        (_lines("-113"), [_part(0, "-113", "-13")], ["-100"]),
        (_lines("-5"), [_part(0, "-113", "-13")], ["8"]),
    ],
)
def test_tax_lowers_the_expense_of_its_line(
    amounts: BillAmounts, parts: list[InvoicePart], expected: list[str]
) -> None:
    costs = bill_costs("BX1", amounts, parts, lambda text: text)
    assert [cost.total - cost.tax for cost in costs] == [Decimal(one) for one in expected]


def test_what_the_amount_claimed_differs_by_is_an_entry_of_its_own() -> None:
    amounts = BillAmounts(Decimal(120), (), Decimal(113), 1)
    costs = bill_costs("BX1", amounts, [_part(None, "113", "13")], lambda text: text)
    entries = [(e.account, e.summary, e.debit, e.credit) for e in draft_entries(costs, MAPPING)]
    assert entries == [
        ("6602.99", "BX1", Decimal(100), Decimal(0)),
        ("6602.99", DIFFERENCE, Decimal(7), Decimal(0)),
        ("2221.01", "BX1", Decimal(13), Decimal(0)),
        ("2241", "BX1", Decimal(0), Decimal(120)),
    ]


def test_transferred_out_tax_stays_in_the_expense() -> None:
    part = InvoicePart(0, "", Decimal(113), transferred_out=Decimal(13))
    costs = bill_costs(
        "BX1", BillAmounts(None, (LineAmounts(0, 1, "福利费", Decimal(113)),)), [part], lambda text: text
    )
    assert [(e.account, e.debit or -e.credit) for e in draft_entries(costs, MAPPING)] == [
        ("6602.05", Decimal(113)),
        ("2221.01", Decimal(13)),
        ("2221.03", Decimal(-13)),
        ("2241", Decimal(-113)),
    ]
