"""Collecting, changing and voiding vouchers: the queued pushes, and the states of bills and invoices."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.bills import services as bill_services
from apps.bills.models import Bill
from apps.core.errors import HubError
from apps.invoices.models import Invoice, SourceRecord
from apps.outbox import services as outbox
from apps.outbox.choices import PushState
from apps.outbox.models import Push
from apps.outbox.selectors import request_body
from apps.sources.choices import PushKind
from apps.vouchers import auditing, pushing, services
from apps.vouchers.models import AccountBook, ClosedPeriod, Voucher, VoucherBill, VoucherInvoice
from apps.vouchers.services import Change, InvoiceLink
from apps.vouchers.states import Action
from tests.factories import (
    AuditedVoucherFactory,
    BillFactory,
    BillInvoiceFactory,
    BillLineFactory,
    InvoiceFactory,
    PartyFactory,
    VoucherFactory,
)


class Queue:
    """The pushes in the outbox, in the order in which they were queued, without cancelled ones."""

    def _pushes(self) -> Any:
        return Push.objects.exclude(state=PushState.CANCELLED).order_by("pk")

    @property
    def rows(self) -> list[tuple[str, str, dict[str, Any]]]:
        return [(push.kind, push.subject, request_body(push)) for push in self._pushes()]

    @property
    def kinds(self) -> list[str]:
        """Kinds of the pushes without usage updates."""
        return [push.kind for push in self._pushes().exclude(kind=PushKind.INVOICE_STATUS)]

    @property
    def statuses(self) -> list[tuple[str, list[str]]]:
        """(expense status, serial numbers) in order."""
        pushes = self._pushes().filter(kind=PushKind.INVOICE_STATUS)
        return [
            (request_body(one)["expenseStatus"], [row["serialNo"] for row in request_body(one)["invoiceData"]])
            for one in pushes
        ]

    def deliver(self) -> None:
        """Mark all pushes as done."""
        for push in self._pushes().exclude(state=PushState.DONE):
            outbox.mark_done(push, None, "it is there")


@pytest.fixture
def queue(db: None) -> Queue:
    return Queue()


@pytest.fixture
def voucher(book: AccountBook) -> Voucher:
    return AuditedVoucherFactory(book=book)


@pytest.fixture
def bill(book: AccountBook, voucher: Voucher) -> Bill:
    """An approved bill of one invoice, on the voucher."""
    bill = BillFactory(company=book.company)
    line = BillLineFactory(bill=bill)
    us = PartyFactory(name=book.company.name, tax_no=book.company.tax_no)
    invoice = InvoiceFactory(company=book.company, buyer=us, seen_by=[book.source])
    BillInvoiceFactory(bill=bill, line=line, invoice=invoice)
    bill_services.submit(bill, None)
    bill_services.approve(bill, None)
    VoucherBill.objects.create(voucher=voucher, bill=bill)
    return bill


def state_of(row: Any) -> str:
    row.refresh_from_db()
    return str(row.state)


def expense_status(invoice: Invoice) -> str:
    return Invoice.objects.get(pk=invoice.pk).expense_status


def test_collect_books_the_bill_and_void_unbooks_it(voucher: Voucher, bill: Bill, queue: Queue) -> None:
    invoice = bill.bill_invoices.get().invoice
    assert expense_status(invoice) == "used"
    pushing.queue_collect(voucher.pk, 1, None)
    assert (state_of(voucher), state_of(bill), expense_status(invoice)) == ("booked", "booked", "booked")
    queue.deliver()
    pushing.queue_void(voucher.pk, None, None, "误记")
    assert (state_of(voucher), state_of(bill), expense_status(invoice)) == ("void", "approved", "used")
    assert queue.kinds == ["voucher_collect", "voucher_void"]
    assert queue.rows[0][2]["expenseIdArray"] == [bill.external_key]
    assert queue.rows[2][2] == {"vouchNo": voucher.vouch_no, "vouchId": voucher.vouch_id}
    serial = SourceRecord.objects.get(invoice=invoice).external_id
    assert queue.statuses == [("65", [serial]), ("60", [serial])]
    assert queue.rows[1][2]["bxd_key"] == bill.external_key


def test_a_bill_with_a_void_invoice_is_not_booked(voucher: Voucher, bill: Bill, queue: Queue) -> None:
    invoice = bill.bill_invoices.get().invoice
    Invoice.objects.filter(pk=invoice.pk).update(status="void")
    with pytest.raises(HubError) as refused:
        pushing.queue_collect(voucher.pk, 1, None)
    assert refused.value.message.code == "checks.stopped_booking"
    assert bill.number in str(refused.value)
    assert (state_of(voucher), state_of(bill), queue.rows) == ("audited", "approved", [])


def test_a_bill_of_the_same_source_gets_one_usage_update(voucher: Voucher, bill: Bill, queue: Queue) -> None:
    Bill.objects.filter(pk=bill.pk).update(source=voucher.book.source)
    serial = SourceRecord.objects.get(invoice=bill.bill_invoices.get().invoice).external_id
    pushing.queue_collect(voucher.pk, 1, None)
    queue.deliver()
    pushing.queue_void(voucher.pk, None, None, "误记")
    assert queue.statuses == [("65", [serial]), ("60", [serial])]


def test_a_bill_on_a_booked_voucher_cannot_be_unbooked_alone(voucher: Voucher, bill: Bill, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, 1, None)
    with pytest.raises(HubError) as error:
        bill_services.unbook(bill, None, "by mistake")
    assert error.value.message.code == "bills.booked_by_voucher"
    assert state_of(bill) == "booked"


def test_voiding_an_unsent_voucher_sends_nothing(voucher: Voucher, bill: Bill, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, 1, None)
    pushing.queue_void(voucher.pk, None, None, "误记")
    assert queue.rows == []
    voucher.refresh_from_db()
    assert (voucher.state, voucher.push_state) == ("void", "not_sent")


def test_a_reopened_voucher_is_not_voided_again_before_its_collect_was_sent(
    book: AccountBook, voucher: Voucher, queue: Queue
) -> None:
    VoucherInvoice.objects.create(voucher=voucher, invoice=InvoiceFactory(company=book.company, seen_by=[book.source]))
    pushing.queue_collect(voucher.pk, 1, None)
    queue.deliver()
    pushing.queue_void(voucher.pk, None, None, "误记")
    outbox.mark_done(Push.objects.get(kind=PushKind.VOUCHER_VOID), None, "it is gone")
    services.reopen(voucher.pk, None)
    auditing.audit_one(voucher.pk, None, None)
    pushing.queue_collect(voucher.pk, None, None)
    pushing.queue_void(voucher.pk, None, None, "误记")
    assert queue.kinds == ["voucher_collect", "voucher_void"]
    assert [status for status, _serials in queue.statuses] == ["65", "1"]  # what follows the delete still goes
    voucher.refresh_from_db()
    assert voucher.push_state == "voided"


def test_a_waiting_void_is_sent_for_a_voucher_reopened_meanwhile(voucher: Voucher, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, 1, None)
    queue.deliver()
    pushing.queue_void(voucher.pk, None, None, "误记")
    services.reopen(voucher.pk, None)
    auditing.audit_one(voucher.pk, None, None)
    pushing.queue_collect(voucher.pk, None, None)
    pushing.queue_void(voucher.pk, None, None, "误记")
    assert queue.kinds == ["voucher_collect", "voucher_void"]


def test_usage_sent_without_its_voucher_is_taken_back(book: AccountBook, voucher: Voucher, queue: Queue) -> None:
    VoucherInvoice.objects.create(voucher=voucher, invoice=InvoiceFactory(company=book.company, seen_by=[book.source]))
    pushing.queue_collect(voucher.pk, 1, None)
    outbox.dismiss(Push.objects.get(kind=PushKind.VOUCHER_COLLECT), None, "not this one")
    queue.deliver()
    pushing.queue_void(voucher.pk, None, None, "误记")
    assert queue.kinds == []
    assert [status for status, _serials in queue.statuses] == ["65", "1"]


def test_voiding_a_voucher_of_unknown_outcome_voids_it_upstream(voucher: Voucher, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, 1, None)
    collect = Push.objects.get()
    Push.objects.update(state=PushState.NEEDS_PERSON, reason="unknown", outcome_unknown=True)
    outbox.dismiss(collect, None, "not now")
    pushing.queue_void(voucher.pk, None, None, "误记")
    assert queue.kinds == ["voucher_void"]


def test_a_void_queues_behind_a_collect_that_is_being_sent(voucher: Voucher, bill: Bill, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, 1, None)
    Push.objects.filter(kind=PushKind.VOUCHER_COLLECT).update(
        state=PushState.SENDING, lease_until=timezone.now() + timedelta(minutes=5)
    )
    pushing.queue_void(voucher.pk, None, None, "误记")
    assert queue.kinds == ["voucher_collect", "voucher_void"]
    voucher.refresh_from_db()
    assert voucher.push_state == "voiding"


def test_an_invoice_without_a_bill_is_booked_with_its_voucher(
    book: AccountBook, voucher: Voucher, queue: Queue
) -> None:
    invoice = InvoiceFactory(company=book.company, seen_by=[book.source])
    VoucherInvoice.objects.create(voucher=voucher, invoice=invoice, deductible=True, deduction_tax=Decimal("13.00"))
    pushing.queue_collect(voucher.pk, 1, None)
    assert expense_status(invoice) == "booked"
    (sent,) = queue.rows[0][2]["invoiceData"]
    assert (sent["deductionFlag"], sent["deductionTaxAmount"]) == (1, "13.00")
    AccountBook.objects.update(collected_editable=True)
    services.update(voucher.pk, None, Change(invoices=[]), None)
    assert expense_status(invoice) != "booked"


def test_an_invoice_of_two_vouchers_stays_booked_until_both_are_void(
    book: AccountBook, voucher: Voucher, queue: Queue
) -> None:
    invoice, other = InvoiceFactory(company=book.company, seen_by=[book.source]), AuditedVoucherFactory(book=book)
    for one in (voucher, other):
        VoucherInvoice.objects.create(voucher=one, invoice=invoice)
        pushing.queue_collect(one.pk, None, None)
    pushing.queue_void(voucher.pk, None, None, "误记")
    assert expense_status(invoice) == "booked"
    pushing.queue_void(other.pk, None, None, "误记")
    assert expense_status(invoice) != "booked"


def test_a_changed_voucher_queues_behind_its_older_version(voucher: Voucher, bill: Bill, queue: Queue) -> None:
    AccountBook.objects.update(collected_editable=True)
    pushing.queue_collect(voucher.pk, 1, None)
    Push.objects.filter(kind=PushKind.VOUCHER_COLLECT).update(
        state=PushState.SENDING, lease_until=timezone.now() + timedelta(minutes=5)
    )
    services.update(voucher.pk, 1, Change({"item": "王芳"}, bills=[]), None)
    assert queue.kinds == ["voucher_collect", "voucher_collect"]
    sent = [body["voucherInfo"].get("item") for kind, _subject, body in queue.rows if kind == "voucher_collect"]
    assert sent == [None, "王芳"]
    assert (state_of(voucher), state_of(bill)) == ("booked", "approved")
    assert [status for status, _serials in queue.statuses] == ["65", "60"]


def test_changing_a_waiting_voucher_sends_only_the_newer_version(voucher: Voucher, queue: Queue) -> None:
    AccountBook.objects.update(collected_editable=True)
    pushing.queue_collect(voucher.pk, 1, None)
    services.update(voucher.pk, 1, Change({"item": "王芳"}), None)
    ((_kind, _subject, body),) = queue.rows
    assert body["voucherInfo"]["item"] == "王芳"
    assert Push.objects.get(state=PushState.CANCELLED).reason == "superseded"


def test_an_invalid_change_of_a_booked_voucher_is_refused(voucher: Voucher, bill: Bill, queue: Queue) -> None:
    AccountBook.objects.update(collected_editable=True)
    pushing.queue_collect(voucher.pk, 1, None)
    with pytest.raises(pushing.NotReady) as error:
        services.update(voucher.pk, 1, Change(entries=[], bills=[]), None)
    assert [p.code for p in error.value.problems] == ["voucher.too_few_entries"]
    assert (state_of(voucher), state_of(bill), voucher.entries.count(), voucher.revision) == ("booked", "booked", 2, 1)
    assert queue.kinds == ["voucher_collect"]


def test_voiding_a_draft_queues_nothing(voucher: Voucher, queue: Queue) -> None:
    pushing.queue_void(voucher.pk, 1, None, "误记")
    assert (state_of(voucher), queue.kinds) == ("void", [])
    services.reopen(voucher.pk, None)
    assert state_of(voucher) == "draft"


def test_a_voucher_with_problems_is_not_queued(book: AccountBook, queue: Queue) -> None:
    empty = AuditedVoucherFactory(book=book, lines=False)
    with pytest.raises(pushing.NotReady) as error:
        pushing.queue_collect(empty.pk, None, None)
    assert {p.field for p in error.value.problems} == {"entries"}
    assert (state_of(empty), queue.kinds) == ("audited", [])


def test_a_closed_period_refuses_collecting_and_voiding(book: AccountBook, voucher: Voucher, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, None, None)
    late = AuditedVoucherFactory(book=book)
    ClosedPeriod.objects.create(book=book, period="202603")
    for act in (pushing.queue_collect, partial(pushing.queue_void, reason="误记")):
        for one in (voucher, late):
            with pytest.raises(HubError) as error:
                act(one.pk, None, None)
            assert error.value.message.code == "voucher.period_closed"
    assert queue.kinds == ["voucher_collect"]
    assert set(pushing.reasons_against([voucher, late], Action.VOID)) == {voucher.pk, late.pk}


def test_a_second_voucher_cannot_book_the_same_bill(
    book: AccountBook, voucher: Voucher, bill: Bill, queue: Queue
) -> None:
    other = AuditedVoucherFactory(book=book)
    VoucherBill.objects.create(voucher=other, bill=bill)
    pushing.queue_collect(voucher.pk, None, None)
    with pytest.raises(pushing.NotReady) as error:
        pushing.queue_collect(other.pk, None, None)
    assert [p.code for p in error.value.problems] == ["voucher.bill_booked_twice"]


def test_an_older_revision_is_refused(voucher: Voucher, queue: Queue) -> None:
    Voucher.objects.filter(pk=voucher.pk).update(revision=2)
    for act in (pushing.queue_collect, partial(pushing.queue_void, reason="误记")):
        with pytest.raises(HubError) as error:
            act(voucher.pk, 1, None)
        assert error.value.message.code == "voucher.changed_meanwhile"


def test_refusal_reasons_have_a_query_budget(
    book: AccountBook, django_assert_max_num_queries: Any, accountant: User
) -> None:
    vouchers = [*AuditedVoucherFactory.create_batch(10, book=book), AuditedVoucherFactory(book=book, state="void")]
    with django_assert_max_num_queries(8):
        assert set(pushing.reasons_against(vouchers, Action.COLLECT)) == {vouchers[-1].pk}


def test_a_closed_period_does_not_affect_another_one(book: AccountBook, queue: Queue) -> None:
    other = VoucherFactory(book=book, period="202604", account_date=date(2026, 4, 1))
    ClosedPeriod.objects.create(book=book, period="202603")
    invoice = InvoiceFactory(company=book.company)
    services.update(other.pk, 1, Change(invoices=[InvoiceLink(invoice.pk)]), None)
    auditing.audit_one(other.pk, 2, None)
    pushing.queue_collect(other.pk, 2, None)
    assert queue.kinds == ["voucher_collect"]


def test_the_push_state_follows_the_pushes(voucher: Voucher, queue: Queue) -> None:
    def shown() -> tuple[str, int | None]:
        voucher.refresh_from_db()
        return voucher.push_state, voucher.collected_revision

    pushing.queue_collect(voucher.pk, 1, None)
    assert shown() == ("waiting", None)
    queue.deliver()
    assert shown() == ("collected", 1)
    pushing.queue_void(voucher.pk, 1, None, "误记")
    assert shown() == ("voiding", 1)
    queue.deliver()
    assert shown() == ("voided", None)


def test_an_older_revision_upstream_is_shown_as_outdated(voucher: Voucher, queue: Queue) -> None:
    AccountBook.objects.update(collected_editable=True)
    pushing.queue_collect(voucher.pk, 1, None)
    queue.deliver()
    services.update(voucher.pk, 1, Change({"item": "x"}), None)
    newer = Push.objects.get(kind=PushKind.VOUCHER_COLLECT, revision=2)
    outbox.dismiss(newer, None, "not this one")
    voucher.refresh_from_db()
    assert voucher.push_state == "outdated"
