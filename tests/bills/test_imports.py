"""Bills from sheets: the import does what its plan shows, in a number of queries independent of the number of bills."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.bills import imports, services
from apps.bills.models import Bill, ReservationPolicy
from apps.invoices.models import Invoice
from apps.sources.models import Source
from tests.factories import BillFactory, SourceFactory, UserFactory

from .builders import invoices, record_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return SourceFactory(kind="piaozone")


@pytest.fixture
def wang(source: Source) -> User:
    return UserFactory(username="wang", role="accountant", companies=[source.company])


def row(number: str, *invoices_on_bill: Invoice, **values: str) -> imports.SheetRow:
    numbers = ", ".join(invoice.digital_number for invoice in invoices_on_bill)
    return {
        "number": number,
        "employee": "韩梅梅",
        "cost_type": "差旅费",
        "amount": "113.00",
        "invoices": numbers,
    } | values


def problems(planned: Sequence[imports.Planned]) -> dict[str, bool]:
    return {one.number: bool(one.problems) for one in planned}


def test_two_hundred_bills_need_as_many_queries_as_five(source: Source, wang: User) -> None:
    free = invoices(source, 205)

    def statements(of: Sequence[Invoice]) -> tuple[int, int]:
        rows = [one for invoice in of for one in (row(f"BX{invoice.pk}", invoice), row(f"BX{invoice.pk}"))]
        with CaptureQueriesContext(connection) as looking:
            plan = imports.plan(rows, wang)
        with CaptureQueriesContext(connection) as making:
            assert imports.carry_out(plan, wang).as_dict() == {"made": len(of), "skipped": 0, "refused": []}
        return len(looking), len(making)

    statements([])
    few = statements(free[:5])
    assert statements(free[5:]) == few
    assert sum(few) < 60
    assert Bill.objects.count() == 205
    assert set(Invoice.objects.values_list("expense_status", flat=True)) == {"reserved"}


def test_an_imported_bill_equals_an_entered_one(source: Source, wang: User) -> None:
    first, second, third = invoices(source, 3)
    only_invoices = {"cost_type": "", "amount": "", "bill_date": "2026-03-02"}
    rows = [row("BX-1", first, second), row("BX-1", third, **only_invoices)]
    imports.carry_out(imports.plan(rows, wang), wang)
    bill = Bill.objects.get()
    invoices_on_bill = {
        bill_invoice.invoice_id: bill_invoice.line and bill_invoice.line.position
        for bill_invoice in bill.bill_invoices.select_related("line")
    }
    assert invoices_on_bill == {first.pk: 1, second.pk: 1, third.pk: 1}  # the last one as proposed
    assert {
        (bill_invoice.state, str(bill_invoice.amount), bill_invoice.picked_by)
        for bill_invoice in bill.bill_invoices.all()
    } == {("reserved", "113.00", wang)}
    steps = [step.message["code"] for step in bill.timeline.order_by("pk")]
    assert steps == ["bills.was_imported", "bills.line_put", "bills.was_picked", "bills.was_picked"]
    assert (bill.revision, bill.created_by, bill.state) == (5, wang, "draft")
    services.put_line(bill, wang, 5, cost_type="餐费")
    assert list(bill.lines.values_list("position", flat=True)) == [1, 2]


def test_carrying_out_does_what_was_planned(source: Source, wang: User) -> None:
    free, reserved, twice, shown = invoices(source, 4)
    elsewhere = BillFactory(company=source.company, number="BX-0")
    services.reserve(elsewhere, [reserved.pk], None)
    rows = [
        row("BX-0"), row("BX-1", free), row("BX-2", reserved), row("BX-3", twice), row("BX-4", shown, twice),
        row("BX-5", shown), row("BX-6", shown, amount="abc"),
    ]  # fmt: skip
    expected = {
        name: name in ("BX-2", "BX-4", "BX-6") for name in ("BX-0", "BX-1", "BX-2", "BX-3", "BX-4", "BX-5", "BX-6")
    }
    plan = imports.plan(rows, wang)
    assert problems(plan) == expected
    assert "BX-0" in " ".join(plan[2].problems)  # the bill that has it
    assert "BX-3" in " ".join(plan[4].problems)  # a bill of the same file
    done = imports.carry_out(plan, wang)
    assert (done.made, done.skipped, [number for number, _why in done.refused]) == (3, 1, ["BX-2", "BX-4", "BX-6"])
    assert set(Bill.objects.values_list("number", flat=True)) == {"BX-0", "BX-1", "BX-3", "BX-5"}


def test_a_policy_lets_bills_of_one_file_share(source: Source, wang: User) -> None:
    (invoice,) = invoices(source, 1)
    ReservationPolicy.objects.create(company=source.company, share_by_amount=True)
    plan = imports.plan([row("BX-1", invoice), row("BX-2", invoice)], wang)
    assert problems(plan) == {"BX-1": False, "BX-2": True}  # the first one claims all of it


def test_invoices_and_numbers_taken_since_the_plan_are_refused(source: Source, wang: User) -> None:
    first, second = invoices(source, 2)
    plan = imports.plan([row("BX-1", first), row("BX-2"), row("BX-3", second)], wang)
    services.reserve(BillFactory(company=source.company, number="BX-2"), [first.pk], None)
    done = imports.carry_out(plan, wang)
    assert done.made == 1
    assert [number for number, _why in done.refused] == ["BX-1", "BX-2"]
    assert Bill.objects.filter(number="BX-1").count() == 0


def test_an_invoice_of_another_company_is_refused(source: Source) -> None:
    other = SourceFactory(kind="piaozone")
    (invoice,) = invoices(other, 1)
    (one,) = imports.plan([row("BX-1", invoice, company_tax_no=source.company.tax_no)], None)
    assert one.problems
    assert record_of(1).total_amount == 113


def test_more_invoices_than_allowed_at_once_are_a_problem(source: Source, wang: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("apps.bills.services.reserving.MOST_AT_ONCE", 1)
    (one,) = imports.plan([row("BX-1", *invoices(source, 2))], wang)
    assert one.problems
