"""``manage.py bill``: lines by command line, all or nothing, with the permissions of the named person."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.bills.models import Bill, BillLine
from apps.invoices.models import Invoice
from tests.bills.builders import record_of
from tests.factories import BillFactory, InvoiceFactory, SourceFactory, UserFactory
from tests.invoices.ledgers import bring

pytestmark = pytest.mark.django_db


@pytest.fixture
def bill() -> Bill:
    return BillFactory()


def run_bill(bill: Bill, *words: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("bill", bill.number, *words, stdout=out)
    return json.loads(out.getvalue())


def refused(bill: Bill, *words: str) -> str:
    with pytest.raises(CommandError) as error:
        run_bill(bill, *words)
    return str(error.value)


def lines(shown: dict[str, Any]) -> list[tuple[int, str, str | None]]:
    return [(one["position"], one["cost_type"], one["amount"]) for one in shown["lines"]]


def test_lines_are_added_changed_dropped_and_listed(bill: Bill) -> None:
    made = ["--add-line", "cost_type=差旅费", "amount=320.5", "--add-line", "cost_type=餐费", "description=a=b"]
    assert lines(run_bill(bill, *made)) == [(1, "差旅费", "320.50"), (2, "餐费", None)]
    assert BillLine.objects.get(position=2).description == "a=b"
    changed = run_bill(bill, "--change-line", "2", "amount=88.00", "spent_on=2026-03-01", "--drop-line", "1")
    assert lines(changed) == [(2, "餐费", "88.00")]
    assert changed["lines"][0]["spent_on"] == "2026-03-01"
    emptied = run_bill(bill, "--change-line", "2", "amount=", "spent_on=", "cost_type=")
    assert lines(emptied) == [(2, "", None)]
    assert lines(run_bill(bill)) == [(2, "", None)]


def test_invoices_are_reserved_on_a_line_added_in_the_same_call(bill: Bill) -> None:
    invoice = InvoiceFactory(company=bill.company)
    shown = run_bill(bill, "--add-line", "cost_type=餐费", "--reserve", str(invoice.pk), "--line", "1")
    assert [bill_invoice["line"] for bill_invoice in shown["bill_invoices"]] == [shown["lines"][0]["id"]]


@pytest.mark.parametrize(
    ("words", "expected"),
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
def test_an_error_is_named_and_nothing_is_written(bill: Bill, words: list[str], expected: str) -> None:
    run_bill(bill, "--add-line", "cost_type=餐费")
    assert expected in refused(bill, "--add-line", "cost_type=不留", *words)
    assert list(BillLine.objects.values_list("cost_type", flat=True)) == ["餐费"]
    bill.refresh_from_db()
    assert bill.revision == run_bill(bill)["revision"]


def test_only_drafts_are_changed(bill: Bill) -> None:
    run_bill(bill, "--add-line", "cost_type=餐费", "amount=5", "without_invoice_reason=补贴", "--do", "submit")
    assert bill.number in refused(bill, "--change-line", "1", "amount=6")


def test_the_named_person_needs_the_usual_permissions(bill: Bill) -> None:
    UserFactory(username="stranger", role="administrator")
    UserFactory(username="viewer", role="viewer", companies=[bill.company])
    UserFactory(username="accountant", role="accountant", companies=[bill.company])
    added = ["--add-line", "cost_type=餐费", "amount=5", "without_invoice_reason=补贴"]
    assert "no bill" in refused(bill, "--as", "stranger", *added)
    assert "bills.change_bill" in refused(bill, "--as", "viewer", *added)
    assert run_bill(bill, "--as", "viewer")["id"] == bill.pk
    shown = run_bill(bill, "--as", "accountant", *added, "--do", "submit")
    assert shown["timeline"][0]["user"] == "accountant"
    assert "bills.approve_bill" in refused(bill, "--as", "accountant", "--do", "approve")
    assert "bills.override_check" in refused(bill, "--as", "accountant", "--let-pass", "x", "--reason", "y")
    bill.refresh_from_db()
    assert bill.state == "submitted"


def test_differences_are_settled_by_command_line(bill: Bill) -> None:
    bring(source := SourceFactory(company=bill.company), record_of(1))
    invoice = Invoice.objects.get(source_ids__contains=[source.pk])
    shown = run_bill(bill, "--add-line", "cost_type=餐费", "amount=100", "--reserve", str(invoice.pk))
    assert shown["amounts"]["difference"] == "-13.00"
    assert ("difference", None) in [(one["check"], one["invoice"]) for one in shown["checks"]]
    assert run_bill(bill, "--use-partly", "1")["amounts"]["difference"] == "0.00"
    shown = run_bill(bill, "--change-line", "1", "amount=120", "without_invoice_reason=补贴")
    assert shown["amounts"]["difference"] == "20.00"
    assert "difference" not in [one["check"] for one in shown["checks"]]
