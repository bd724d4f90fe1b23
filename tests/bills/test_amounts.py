"""The money of a bill: what is to be paid, differences, and using invoices partly. Sums are made by another way."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.bills.amounts import BillAmounts, LineAmounts, reduced, usable_partly

_cents = st.integers(-500_000, 500_000)


def line(entered: str | None, invoices: str = "0", reason: str = "") -> LineAmounts:
    return LineAmounts(1, 1, "差旅费", None if entered is None else Decimal(entered), Decimal(invoices), 1, reason)


def test_lines_are_the_amount_to_be_paid_and_invoices_add_nothing_to_them() -> None:
    amounts = BillAmounts(None, (line("2600.00", "2591.44"), line(None, "88.00")), Decimal("500.00"), 1)
    assert amounts.to_be_paid == Decimal("2688.00")
    assert amounts.of_invoices == Decimal("3179.44")
    assert amounts.difference == Decimal("-491.44")
    assert amounts.not_itemized == 0


def test_without_lines_the_invoices_are_the_amount_to_be_paid() -> None:
    assert BillAmounts(None, (), Decimal("113.00"), 1).to_be_paid == Decimal("113.00")


def test_an_entered_amount_is_the_amount_to_be_paid() -> None:
    amounts = BillAmounts(Decimal("120.00"), (), Decimal("113.00"), 1)
    assert (amounts.to_be_paid, amounts.not_itemized) == (Decimal("120.00"), Decimal("7.00"))


@pytest.mark.parametrize(
    ("entered", "invoices", "reason", "partly", "unexplained"),
    [
        ("113.00", "113.00", "", False, False),
        (None, "113.00", "", False, False),
        ("100.00", "113.00", "", True, True),
        ("100.00", "113.00", "补贴", True, True),  # a reason does not stand for invoices that are not used
        ("120.00", "113.00", "", False, True),
        ("120.00", "113.00", "补贴", False, False),
        ("50.00", "0.00", "补贴", False, False),
        ("-20.00", "0.00", "", False, True),  # a discount
        ("-20.00", "0.00", "优惠", False, False),
        ("-113.00", "-113.00", "", False, False),
        ("-100.00", "-113.00", "", True, True),
        ("20.00", "-113.00", "", False, True),
        ("0.00", "113.00", "", True, True),
    ],
)
def test_differences_of_a_line(
    entered: str | None, invoices: str, reason: str, partly: bool, unexplained: bool
) -> None:
    one = line(entered, invoices, reason)
    assert (one.usable_partly, one.unexplained) == (partly, unexplained)


def test_reducing_is_in_proportion_with_the_cents_on_the_largest() -> None:
    amounts = [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    assert reduced(amounts, Decimal("50.00")) == [Decimal("16.66"), Decimal("16.66"), Decimal("16.68")]
    with pytest.raises(ValueError, match="cannot be reduced"):
        reduced(amounts, Decimal("101.00"))


@given(cents=st.lists(_cents, min_size=1, max_size=30), part=st.integers(0, 999))
def test_reduced_amounts_come_to_the_line_and_none_grows(cents: list[int], part: int) -> None:
    amounts = [Decimal(one) / 100 for one in cents]
    whole = sum(cents)
    target = abs(whole) * part // 1000 * (1 if whole > 0 else -1)
    if not usable_partly(Decimal(target) / 100, Decimal(whole) / 100):
        assert whole == 0
        return
    parts = reduced(amounts, Decimal(target) / 100)
    in_cents = [int(one * 100) for one in parts]
    assert sum(in_cents) == target
    assert all(one * 100 == number for one, number in zip(parts, in_cents, strict=True))
    for before, after in zip(cents, in_cents, strict=True):
        assert 0 <= after <= before or before <= after <= 0
