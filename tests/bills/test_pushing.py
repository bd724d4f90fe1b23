"""What a bill's changes queue for the invoice cloud: each thing once, in order, and nothing it has no business with."""

from collections.abc import Callable

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
def known(cloud: Source) -> list[Invoice]:
    return invoices(cloud, 3)


def told(bill: Bill) -> list[tuple[str, object]]:
    """What was queued and not superseded: kind, and the status or the serial numbers."""
    found: list[tuple[str, object]] = []
    for push in Push.objects.filter(subject=f"bill:{bill.pk}").exclude(state="cancelled").order_by("pk"):
        body = request_body(push)
        named = [serial for line in body.get("data", ()) for serial in line["fid"]]
        found.append((push.kind, body.get("expenseStatus") or named))
    return found


def delivered() -> None:
    Push.objects.filter(state="pending").update(state="done")


def take(bill: Bill, *chosen: Invoice) -> None:
    assert services.reserve(bill, [one.pk for one in chosen], None).refused == []


def test_edits_are_cached_the_latest_only_and_the_same_not_again(bill: Bill, known: list[Invoice]) -> None:
    assert told(bill) == []
    take(bill, known[0])
    take(bill, known[1])
    assert told(bill) == [("bill_lines_cache", ["s0", "s1"])]
    services.edit_bill(bill, None, title="出差")
    services.adjust_bill_invoice(bill, bill.bill_invoices.get(invoice=known[0]), None, deductible=True)
    assert told(bill) == [("bill_lines_cache", ["s0", "s1"])]
    assert Push.objects.count() == 2
    delivered()
    services.release(bill, [bill.bill_invoices.get(invoice=known[1]).pk], None)
    assert told(bill) == [("bill_lines_cache", ["s0", "s1"]), ("bill_lines_cache", ["s0"])]


def test_every_step_says_how_far_the_use_has_come(bill: Bill, known: list[Invoice]) -> None:
    take(bill, *known)
    services.submit(bill, None)
    services.approve(bill, None)
    services.book(bill, None)
    services.unbook(bill, None, "x")
    services.unapprove(bill, None, "x")
    services.reject(bill, None, "x")
    every = ["s0", "s1", "s2"]
    assert told(bill) == [
        ("bill_lines_cache", every), ("bill_lines_save", every), ("invoice_status", "30"), ("invoice_status", "60"),
        ("invoice_status", "65"), ("invoice_status", "60"), ("invoice_status", "30"), ("invoice_status", "1"),
    ]  # fmt: skip
    last = Push.objects.order_by("-pk").first()
    assert last is not None
    assert [one["serialNo"] for one in request_body(last)["invoiceData"]] == every


def test_a_withdrawn_bill_that_comes_back_is_cached_again(bill: Bill, known: list[Invoice]) -> None:
    take(bill, known[0])
    services.submit(bill, None)
    services.withdraw(bill, None, "x")
    services.reopen(bill, None)
    kinds = [kind for kind, _ in told(bill)]
    assert kinds == ["bill_lines_save", "invoice_status", "invoice_status", "bill_lines_cache"]


def test_an_emptied_bill_is_taken_off(bill: Bill, known: list[Invoice]) -> None:
    take(bill, known[0])
    delivered()
    services.release(bill, [bill_invoice.pk for bill_invoice in bill.bill_invoices.all()], None)
    services.edit_bill(bill, None, title="空")
    assert told(bill) == [("bill_lines_cache", ["s0"]), ("bill_remove", [])]


def _discard(bill: Bill) -> None:
    services.discard(bill, None, "x")


def _delete(bill: Bill) -> None:
    services.delete_bill(bill, None)


@pytest.mark.parametrize("end", [_discard, _delete])
def test_a_bill_that_ends_is_taken_off(bill: Bill, known: list[Invoice], end: Callable[[Bill], None]) -> None:
    take(bill, known[0])
    delivered()
    pk = bill.pk
    end(bill)
    bill.pk = pk
    assert told(bill) == [("bill_lines_cache", ["s0"]), ("bill_remove", [])]


def test_what_never_went_out_is_not_taken_back(bill: Bill, known: list[Invoice]) -> None:
    take(bill, known[0])
    pk = bill.pk
    services.delete_bill(bill, None)
    bill.pk = pk
    assert told(bill) == []


def test_a_dropped_line_is_dropped_there_and_its_invoices_stay(bill: Bill, known: list[Invoice]) -> None:
    line = services.put_line(bill, None, cost_type="招待费")
    services.reserve(bill, [known[0].pk], None, line=line)
    delivered()
    branch = line.line_key
    services.drop_line(bill, line, None)
    assert [kind for kind, _ in told(bill)] == ["bill_lines_cache", "bill_line_remove", "bill_lines_cache"]
    dropped = request_body(Push.objects.get(kind="bill_line_remove"))
    assert (dropped["branch_id"], dropped["entryid"]) == (branch, branch)


def test_another_system_gets_what_this_one_loses(bill: Bill, cloud: Source, known: list[Invoice]) -> None:
    take(bill, known[0])
    delivered()
    services.edit_bill(bill, None, source=None)
    assert told(bill)[-1] == ("bill_remove", [])
    assert Push.objects.get(kind="bill_remove").source == cloud


def test_invoices_and_bills_it_does_not_know_are_not_named(cloud: Source, known: list[Invoice]) -> None:
    bureau = SourceFactory(name="税局", kind="etax", company=cloud.company)
    from tests.invoices.ledgers import bring

    from .builders import said

    bring(bureau, said(77))
    strange = Invoice.objects.get(digital_number=f"{77:020d}")
    mine = BillFactory(company=cloud.company, source=cloud)
    take(mine, strange)
    services.submit(mine, None)
    assert told(mine) == []
    elsewhere = BillFactory(company=cloud.company, source=bureau)
    take(elsewhere, known[0])
    assert not Push.objects.exists()


def test_a_bill_waits_for_the_one_that_gave_its_invoice_back(bill: Bill, cloud: Source, known: list[Invoice]) -> None:
    take(bill, known[0])
    services.submit(bill, None)
    services.withdraw(bill, None, "x")
    other = BillFactory(company=cloud.company, source=cloud)
    take(other, known[0])
    push = Push.objects.get(subject=f"bill:{other.pk}")
    assert set(push.ordering_keys) == {f"bill:{bill.pk}", f"bill:{other.pk}"}


def test_the_page_says_when_the_cloud_is_away(bill: Bill, cloud: Source, known: list[Invoice]) -> None:
    take(bill, known[0])
    assert pushing.waiting(pushing.timeline(bill)) is None  # it only has not gone yet
    Push.objects.update(state="waiting", circuit_open=True, error={"code": "http.timeout", "params": {"host": "cloud"}})
    services.submit(bill, None)
    waiting = pushing.waiting(pushing.timeline(bill))
    assert waiting is not None
    assert (waiting.source, waiting.count) == (cloud, 3)
    assert "cloud" in str(waiting.message)
