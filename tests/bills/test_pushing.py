"""The pushes that changes of a bill queue for the invoice cloud: each once, in order, only for its own invoices."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from apps.bills import pushing, services
from apps.bills.models import Bill
from apps.invoices.models import Invoice
from apps.outbox.models import Push
from apps.outbox.selectors import request_body
from apps.sources.models import Source
from tests.factories import BillFactory, SourceFactory

from .builders import invoices

pytestmark = pytest.mark.django_db


@pytest.fixture
def cloud() -> Source:
    return SourceFactory(name="发票云", kind="piaozone")


@pytest.fixture
def bill(cloud: Source) -> Bill:
    return BillFactory(company=cloud.company, source=cloud)


@pytest.fixture
def invoices_of_cloud(cloud: Source) -> list[Invoice]:
    return invoices(cloud, 3)


def pushes_of(bill: Bill) -> list[tuple[str, object]]:
    """The pushes that were not superseded: kind, and the status or the serial numbers."""
    pushes: list[tuple[str, object]] = []
    for push in Push.objects.filter(subject=f"bill:{bill.pk}").exclude(state="cancelled").order_by("pk"):
        body = request_body(push)
        named = [serial for line in body.get("data", ()) for serial in line["fid"]]
        pushes.append((push.kind, body.get("expenseStatus") or named))
    return pushes


def delivered() -> None:
    Push.objects.filter(state="pending").update(state="done")


def take(bill: Bill, *chosen: Invoice) -> None:
    assert services.reserve(bill, [one.pk for one in chosen], None).refused == []


def test_only_the_latest_lines_are_pushed_and_equal_ones_not_again(
    bill: Bill, invoices_of_cloud: list[Invoice]
) -> None:
    assert pushes_of(bill) == []
    take(bill, invoices_of_cloud[0])
    take(bill, invoices_of_cloud[1])
    assert pushes_of(bill) == [("bill_lines_cache", ["s0", "s1"])]
    services.edit_bill(bill, None, title="出差")
    on_bill = bill.bill_invoices.get(invoice=invoices_of_cloud[0])
    services.adjust_bill_invoice(bill, on_bill, None, deductible=True, input_tax=Decimal("13.00"))
    assert pushes_of(bill) == [("bill_lines_cache", ["s0", "s1"])]
    assert Push.objects.count() == 2
    delivered()
    services.release(bill, [bill.bill_invoices.get(invoice=invoices_of_cloud[1]).pk], None)
    assert pushes_of(bill) == [("bill_lines_cache", ["s0", "s1"]), ("bill_lines_cache", ["s0"])]


def test_every_step_pushes_the_expense_status(bill: Bill, invoices_of_cloud: list[Invoice]) -> None:
    take(bill, *invoices_of_cloud)
    services.submit(bill, None)
    services.approve(bill, None)
    services.book(bill, None)
    services.unbook(bill, None, "x")
    services.unapprove(bill, None, "x")
    services.reject(bill, None, "x")
    every = ["s0", "s1", "s2"]
    assert pushes_of(bill) == [
        ("bill_lines_cache", every), ("bill_lines_save", every), ("invoice_status", "30"), ("invoice_status", "60"),
        ("invoice_status", "65"), ("invoice_status", "60"), ("invoice_status", "30"), ("invoice_status", "1"),
    ]  # fmt: skip
    last = Push.objects.order_by("-pk").first()
    assert last is not None
    assert [one["serialNo"] for one in request_body(last)["invoiceData"]] == every


def test_a_reopened_bill_is_cached_again(bill: Bill, invoices_of_cloud: list[Invoice]) -> None:
    take(bill, invoices_of_cloud[0])
    services.submit(bill, None)
    services.withdraw(bill, None, "x")
    services.reopen(bill, None)
    kinds = [kind for kind, _ in pushes_of(bill)]
    assert kinds == ["bill_lines_save", "invoice_status", "invoice_status", "bill_lines_cache"]


def test_an_emptied_bill_is_removed_upstream(bill: Bill, invoices_of_cloud: list[Invoice]) -> None:
    take(bill, invoices_of_cloud[0])
    delivered()
    services.release(bill, [bill_invoice.pk for bill_invoice in bill.bill_invoices.all()], None)
    services.edit_bill(bill, None, title="空")
    assert pushes_of(bill) == [("bill_lines_cache", ["s0"]), ("bill_remove", [])]


def _discard(bill: Bill) -> None:
    services.discard(bill, None, "x")


def _delete(bill: Bill) -> None:
    services.delete_bill(bill, None)


@pytest.mark.parametrize("end", [_discard, _delete])
def test_a_discarded_or_deleted_bill_is_removed_upstream(
    bill: Bill, invoices_of_cloud: list[Invoice], end: Callable[[Bill], None]
) -> None:
    take(bill, invoices_of_cloud[0])
    delivered()
    pk = bill.pk
    end(bill)
    bill.pk = pk
    assert pushes_of(bill) == [("bill_lines_cache", ["s0"]), ("bill_remove", [])]


def test_a_deleted_bill_without_sent_pushes_queues_no_removal(bill: Bill, invoices_of_cloud: list[Invoice]) -> None:
    take(bill, invoices_of_cloud[0])
    pk = bill.pk
    services.delete_bill(bill, None)
    bill.pk = pk
    assert pushes_of(bill) == []


def test_a_dropped_line_is_removed_upstream_and_its_invoices_stay(bill: Bill, invoices_of_cloud: list[Invoice]) -> None:
    line = services.put_line(bill, None, cost_type="招待费")
    services.reserve(bill, [invoices_of_cloud[0].pk], None, line=line)
    delivered()
    branch = line.line_key
    services.drop_line(bill, line, None)
    assert [kind for kind, _ in pushes_of(bill)] == ["bill_lines_cache", "bill_line_remove", "bill_lines_cache"]
    dropped = request_body(Push.objects.get(kind="bill_line_remove"))
    assert (dropped["branch_id"], dropped["entryid"]) == (branch, branch)


def test_a_bill_that_leaves_the_cloud_is_removed_there(
    bill: Bill, cloud: Source, invoices_of_cloud: list[Invoice]
) -> None:
    take(bill, invoices_of_cloud[0])
    delivered()
    services.edit_bill(bill, None, source=None)
    assert pushes_of(bill)[-1] == ("bill_remove", [])
    assert Push.objects.get(kind="bill_remove").source == cloud


def test_invoices_and_bills_unknown_to_the_cloud_are_not_pushed(
    cloud: Source, invoices_of_cloud: list[Invoice]
) -> None:
    bureau = SourceFactory(name="税局", kind="etax", company=cloud.company)
    from tests.invoices.ledgers import bring

    from .builders import record_of

    bring(bureau, record_of(77))
    strange = Invoice.objects.get(digital_number=f"{77:020d}")
    mine = BillFactory(company=cloud.company, source=cloud)
    take(mine, strange)
    services.submit(mine, None)
    assert pushes_of(mine) == []
    elsewhere = BillFactory(company=cloud.company, source=bureau)
    take(elsewhere, invoices_of_cloud[0])
    assert not Push.objects.exists()


def test_pushes_wait_for_the_bill_that_released_the_invoice(
    bill: Bill, cloud: Source, invoices_of_cloud: list[Invoice]
) -> None:
    take(bill, invoices_of_cloud[0])
    services.submit(bill, None)
    services.withdraw(bill, None, "x")
    other = BillFactory(company=cloud.company, source=cloud)
    take(other, invoices_of_cloud[0])
    push = Push.objects.get(subject=f"bill:{other.pk}")
    assert set(push.ordering_keys) == {f"bill:{bill.pk}", f"bill:{other.pk}"}


def test_the_page_reports_an_unavailable_cloud(bill: Bill, cloud: Source, invoices_of_cloud: list[Invoice]) -> None:
    take(bill, invoices_of_cloud[0])
    assert pushing.waiting(pushing.timeline(bill)) is None  # queued, not stopped
    Push.objects.update(state="waiting", circuit_open=True, error={"code": "http.timeout", "params": {"host": "cloud"}})
    services.submit(bill, None)
    waiting = pushing.waiting(pushing.timeline(bill))
    assert waiting is not None
    assert (waiting.source, waiting.count) == (cloud, 3)
    assert "cloud" in str(waiting.message)
