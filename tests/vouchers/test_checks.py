"""Checks of a voucher before it is collected."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.vouchers import checks
from apps.vouchers.checks import problems
from apps.vouchers.content import BillContent, EntryContent, InvoiceContent

from .builders import BOOK, CREDIT, DEBIT, content

_cents = st.integers(-(10**12), 10**12).filter(bool).map(lambda n: Decimal(n) / 100)


def codes(**changes: Any) -> list[str]:
    return [problem.code for problem in problems(content(**changes))]


def test_a_complete_voucher_has_no_problems() -> None:
    assert problems(content()) == []


@pytest.mark.parametrize("field", ["vouch_id", "business_date", "account_date", "period"])
def test_the_vendors_required_fields_are_required(field: str) -> None:
    empty = None if field.endswith("date") else ""
    reported = problems(content(**{field: empty}))
    assert [(p.code, p.field, p.blocking) for p in reported] == [("voucher.missing", field, True)]


@given(amounts=st.lists(_cents, min_size=1, max_size=8))
def test_equal_sums_balance_to_the_cent(amounts: list[Decimal]) -> None:
    debits = tuple(EntryContent(summary="a", account="1", debit=amount) for amount in amounts)
    total = sum(amounts, Decimal(0))
    if total:
        entries = (*debits, EntryContent(summary="b", account="2", credit=total))
        assert "voucher.debit_exceeds" not in codes(entries=entries)
        assert "voucher.credit_exceeds" not in codes(entries=entries)


@given(amounts=st.lists(_cents, min_size=1, max_size=8), off=_cents)
def test_a_difference_is_reported_with_side_and_amount(amounts: list[Decimal], off: Decimal) -> None:
    debits = tuple(EntryContent(summary="a", account="1", debit=amount) for amount in amounts)
    entries = (*debits, EntryContent(summary="b", account="2", credit=sum(amounts, Decimal(0)) - off))
    reported = [p for p in problems(content(entries=entries)) if p.field == "entries" and "exceeds" in p.code]
    (problem,) = reported
    assert problem.code == ("voucher.debit_exceeds" if off > 0 else "voucher.credit_exceeds")
    assert Decimal(problem.params["difference"]) == abs(off)
    assert problem.blocking


@given(text=st.text(max_size=7))
def test_a_period_is_a_year_and_a_month(text: str) -> None:
    valid = checks.valid_period(text)
    try:
        expected = len(text) == 6 and text.isascii() and text.isdigit() and date(1, int(text[4:]), 1) is not None
    except ValueError:
        expected = False
    assert valid == expected


@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)), period=st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_the_accounting_date_must_be_in_the_period(day: date, period: date) -> None:
    reported = codes(account_date=day, period=f"{period:%Y%m}")
    same = (day.year, day.month) == (period.year, period.month)
    assert ("voucher.date_outside_period" in reported) != same


def test_a_closed_period_is_a_problem() -> None:
    (problem,) = problems(content(), {"202603"})
    assert (problem.code, problem.params, problem.blocking) == ("voucher.period_closed", {"period": "202603"}, True)
    assert problems(content(), {"202602"}) == []


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (EntryContent(summary="x", debit=Decimal(1)), "voucher.entry_without_account"),
        (EntryContent(summary="x", account="1"), "voucher.entry_without_amount"),
        (EntryContent("x", "1", debit=Decimal(1), credit=Decimal(1)), "voucher.entry_on_both_sides"),
        (EntryContent("x", "1", debit=Decimal(7), currency="USD"), "voucher.entry_without_rate"),
    ],
)
def test_each_entry_is_checked(entry: EntryContent, code: str) -> None:
    reported = [p for p in problems(content(entries=(DEBIT, CREDIT, entry))) if p.code == code]
    assert [(p.params["line"], p.blocking) for p in reported] == [(3, True)]


def test_a_foreign_amount_that_differs_from_its_rate_is_a_warning() -> None:
    entry = EntryContent("x", "1", debit=Decimal(70), currency="USD", amount=Decimal(10), exchange_rate=Decimal("7.1"))
    credit = EntryContent("y", "2", credit=Decimal(70))
    (problem,) = problems(content(entries=(entry, credit)))
    assert (problem.code, problem.blocking) == ("voucher.entry_rate_differs", False)


def test_one_entry_is_too_few() -> None:
    assert "voucher.too_few_entries" in codes(entries=(DEBIT,))


@pytest.mark.parametrize(
    ("invoice", "code", "blocking"),
    [
        (InvoiceContent("1", "s", deductible=True), "voucher.deduction_without_tax", True),
        (InvoiceContent("1", "s", deduction_tax=Decimal(1)), "voucher.tax_without_deduction", True),
        (
            InvoiceContent("1", "s", tax_amount=Decimal(1), deductible=True, deduction_tax=Decimal(2)),
            "voucher.deduction_too_high",
            False,
        ),
        (InvoiceContent("1"), "voucher.invoice_unknown_upstream", False),
        (InvoiceContent("1", "s", status="void"), "voucher.invoice_used_up", False),
    ],
)
def test_each_invoice_is_checked(invoice: InvoiceContent, code: str, blocking: bool) -> None:
    assert [(p.code, p.blocking) for p in problems(content(invoices=(invoice,)))] == [(code, blocking)]


def test_a_bill_of_another_voucher_is_a_problem() -> None:
    (problem,) = problems(content(bills=(BillContent("BX1", "key", booked_by="记 0007"),)))
    assert problem.params == {"bill": "BX1", "voucher": "记 0007"}


def test_a_book_without_id_and_source_is_a_problem() -> None:
    book = type(BOOK)(company_name="甲公司")
    assert codes(book=book) == ["voucher.book_without_id", "voucher.book_without_source"]
