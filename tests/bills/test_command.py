"""``manage.py bill``: lines by command line, all or nothing, and with the rights of whoever is named."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.bills.models import Bill, BillLine
from tests.factories import BillFactory, InvoiceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def bill() -> Bill:
    return BillFactory()


def said(bill: Bill, *words: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("bill", bill.number, *words, stdout=out)
    return json.loads(out.getvalue())


def refused(bill: Bill, *words: str) -> str:
    with pytest.raises(CommandError) as error:
        said(bill, *words)
    return str(error.value)


def lines(shown: dict[str, Any]) -> list[tuple[int, str, str | None]]:
    return [(one["position"], one["cost_type"], one["amount"]) for one in shown["lines"]]


def test_lines_are_added_changed_taken_off_and_listed(bill: Bill) -> None:
    made = ["--add-line", "cost_type=差旅费", "amount=320.5", "--add-line", "cost_type=餐费", "description=a=b"]
    assert lines(said(bill, *made)) == [(1, "差旅费", "320.50"), (2, "餐费", None)]
    assert BillLine.objects.get(position=2).description == "a=b"
    changed = said(bill, "--change-line", "2", "amount=88.00", "spent_on=2026-03-01", "--drop-line", "1")
    assert lines(changed) == [(2, "餐费", "88.00")]
    assert changed["lines"][0]["spent_on"] == "2026-03-01"
    emptied = said(bill, "--change-line", "2", "amount=", "spent_on=", "cost_type=")
    assert lines(emptied) == [(2, "", None)]
    assert lines(said(bill)) == [(2, "", None)]


def test_invoices_are_put_on_an_line_made_just_before(bill: Bill) -> None:
    invoice = InvoiceFactory(company=bill.company)
    shown = said(bill, "--add-line", "cost_type=餐费", "--reserve", str(invoice.pk), "--line", "1")
    assert [bill_invoice["line"] for bill_invoice in shown["bill_invoices"]] == [shown["lines"][0]["id"]]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--add-line", "amount=12.345"], "amount"),
        (["--add-line", "amount=NaN"], "amount"),
        (["--add-line", "spent_on=2026-02-30"], "spent_on"),
        (["--add-line", "price=3"], "price"),
        (["--add-line", "餐费"], "餐费"),
        (["--change-line", "1"], "FIELD=VALUE"),
        (["--change-line", "7", "amount=1"], "no line 7; it has 1"),
        (["--change-line", "amount=1"], "no line amount=1"),
        (["--drop-line", "2"], "no line 2"),
        (["--reserve", "1", "--line", "3"], "no line 3"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_half_done(bill: Bill, words: list[str], told: str) -> None:
    said(bill, "--add-line", "cost_type=餐费")
    assert told in refused(bill, "--add-line", "cost_type=不留", *words)
    assert list(BillLine.objects.values_list("cost_type", flat=True)) == ["餐费"]
    bill.refresh_from_db()
    assert bill.revision == said(bill)["revision"]


def test_only_drafts_are_changed(bill: Bill) -> None:
    said(bill, "--add-line", "cost_type=餐费", "amount=5", "--do", "submit")
    assert bill.number in refused(bill, "--change-line", "1", "amount=6")


def test_whoever_is_named_has_no_more_rights_than_elsewhere(bill: Bill) -> None:
    UserFactory(username="stranger", role="administrator")
    UserFactory(username="viewer", role="viewer", companies=[bill.company])
    UserFactory(username="accountant", role="accountant", companies=[bill.company])
    added = ["--add-line", "cost_type=餐费", "amount=5"]
    assert "no bill" in refused(bill, "--as", "stranger", *added)
    assert "bills.change_bill" in refused(bill, "--as", "viewer", *added)
    assert said(bill, "--as", "viewer")["id"] == bill.pk
    shown = said(bill, "--as", "accountant", *added, "--do", "submit")
    assert shown["timeline"][0]["user"] == "accountant"
    assert "bills.approve_bill" in refused(bill, "--as", "accountant", "--do", "approve")
    assert "bills.override_check" in refused(bill, "--as", "accountant", "--let-pass", "x", "--reason", "y")
    bill.refresh_from_db()
    assert bill.state == "submitted"
