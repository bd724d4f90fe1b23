"""Collecting, changing and voiding: what is queued, and what bills and invoices become with it."""

from datetime import date, timedelta
from decimal import Decimal
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
from apps.vouchers import pushing, services
from apps.vouchers.models import AccountBook, ClosedPeriod, Voucher, VoucherBill, VoucherInvoice
from apps.vouchers.services import Change, InvoiceLink
from apps.vouchers.states import Action
from tests.factories import (
    BillFactory,
    BillInvoiceFactory,
    BillLineFactory,
    InvoiceFactory,
    PartyFactory,
    VoucherFactory,
)


class Queue:
    """What the outbox holds of vouchers, in the order in which it was queued; not what was cancelled."""

    def _pushes(self) -> Any:
        return Push.objects.exclude(state=PushState.CANCELLED).order_by("pk")

    @property
    def rows(self) -> list[tuple[str, str, dict[str, Any]]]:
        return [(push.kind, push.subject, request_body(push)) for push in self._pushes()]

    @property
    def kinds(self) -> list[str]:
        """Statuses of invoices, which go with most of them, are left out."""
        return [push.kind for push in self._pushes().exclude(kind=PushKind.INVOICE_STATUS)]

    @property
    def statuses(self) -> list[tuple[str, list[str]]]:
        """(expense status, serial numbers) in order."""
        found = self._pushes().filter(kind=PushKind.INVOICE_STATUS)
        return [
            (request_body(one)["expenseStatus"], [row["serialNo"] for row in request_body(one)["invoiceData"]])
            for one in found
        ]

    def goes(self) -> None:
        """All of it arrives upstream."""
        for push in self._pushes().exclude(state=PushState.DONE):
            outbox.mark_done(push, None, "it is there")


@pytest.fixture
def queue(db: None) -> Queue:
    return Queue()


@pytest.fixture
def voucher(book: AccountBook) -> Voucher:
    return VoucherFactory(book=book)


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


def test_a_voucher_with_its_bill_is_booked_and_returns(voucher: Voucher, bill: Bill, queue: Queue) -> None:
    invoice = bill.bill_invoices.get().invoice
    assert expense_status(invoice) == "used"
    pushing.queue_collect(voucher.pk, 1, None)
    assert (state_of(voucher), state_of(bill), expense_status(invoice)) == ("booked", "booked", "booked")
    queue.goes()
    pushing.queue_void(voucher.pk, None, None)
    assert (state_of(voucher), state_of(bill), expense_status(invoice)) == ("void", "approved", "used")
    assert queue.kinds == ["voucher_collect", "voucher_void"]
    assert queue.rows[0][2]["expenseIdArray"] == [bill.external_key]
    assert queue.rows[2][2] == {"vouchNo": voucher.vouch_no, "vouchId": voucher.vouch_id}
    serial = SourceRecord.objects.get(invoice=invoice).external_id
    assert queue.statuses == [("65", [serial]), ("60", [serial])]
    assert queue.rows[1][2]["bxd_key"] == bill.external_key


def test_a_bill_whose_invoice_turned_void_is_not_booked(voucher: Voucher, bill: Bill, queue: Queue) -> None:
    invoice = bill.bill_invoices.get().invoice
    Invoice.objects.filter(pk=invoice.pk).update(status="void")
    with pytest.raises(HubError) as refused:
        pushing.queue_collect(voucher.pk, 1, None)
    assert refused.value.message.code == "checks.stopped_booking"
    assert bill.number in str(refused.value)
    assert (state_of(voucher), state_of(bill), queue.rows) == ("draft", "approved", [])


def test_a_bill_the_same_system_knows_is_told_once(voucher: Voucher, bill: Bill, queue: Queue) -> None:
    Bill.objects.filter(pk=bill.pk).update(source=voucher.book.source)
    serial = SourceRecord.objects.get(invoice=bill.bill_invoices.get().invoice).external_id
    pushing.queue_collect(voucher.pk, 1, None)
    queue.goes()
    pushing.queue_void(voucher.pk, None, None)
    assert queue.statuses == [("65", [serial]), ("60", [serial])]


def test_a_bill_a_voucher_carries_is_not_unbooked_by_itself(voucher: Voucher, bill: Bill, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, 1, None)
    with pytest.raises(HubError) as error:
        bill_services.unbook(bill, None, "by mistake")
    assert error.value.message.code == "bills.booked_by_voucher"
    assert state_of(bill) == "booked"


def test_deleting_what_never_went_sends_nothing(voucher: Voucher, bill: Bill, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, 1, None)
    pushing.queue_void(voucher.pk, None, None)
    assert queue.rows == []
    voucher.refresh_from_db()
    assert (voucher.state, voucher.push_state) == ("void", "not_sent")


def test_what_was_deleted_and_made_anew_is_not_deleted_again_before_it_went(
    book: AccountBook, voucher: Voucher, queue: Queue
) -> None:
    VoucherInvoice.objects.create(voucher=voucher, invoice=InvoiceFactory(company=book.company, seen_by=[book.source]))
    pushing.queue_collect(voucher.pk, 1, None)
    queue.goes()
    pushing.queue_void(voucher.pk, None, None)
    outbox.mark_done(Push.objects.get(kind=PushKind.VOUCHER_VOID), None, "it is gone")
    services.reopen(voucher.pk, None)
    pushing.queue_collect(voucher.pk, None, None)
    pushing.queue_void(voucher.pk, None, None)
    assert queue.kinds == ["voucher_collect", "voucher_void"]
    assert [status for status, _serials in queue.statuses] == ["65", "1"]  # what follows the delete still goes
    voucher.refresh_from_db()
    assert voucher.push_state == "voided"


def test_what_was_made_anew_while_its_delete_waits_is_still_deleted(voucher: Voucher, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, 1, None)
    queue.goes()
    pushing.queue_void(voucher.pk, None, None)
    services.reopen(voucher.pk, None)
    pushing.queue_collect(voucher.pk, None, None)
    pushing.queue_void(voucher.pk, None, None)
    assert queue.kinds == ["voucher_collect", "voucher_void"]


def test_statuses_that_went_without_their_voucher_return(book: AccountBook, voucher: Voucher, queue: Queue) -> None:
    VoucherInvoice.objects.create(voucher=voucher, invoice=InvoiceFactory(company=book.company, seen_by=[book.source]))
    pushing.queue_collect(voucher.pk, 1, None)
    outbox.dismiss(Push.objects.get(kind=PushKind.VOUCHER_COLLECT), None, "not this one")
    queue.goes()
    pushing.queue_void(voucher.pk, None, None)
    assert queue.kinds == []
    assert [status for status, _serials in queue.statuses] == ["65", "1"]


def test_deleting_what_somebody_dismissed_in_doubt_deletes_it_upstream(voucher: Voucher, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, 1, None)
    collect = Push.objects.get()
    Push.objects.update(state=PushState.NEEDS_PERSON, reason="unknown", outcome_unknown=True)
    outbox.dismiss(collect, None, "not now")
    pushing.queue_void(voucher.pk, None, None)
    assert queue.kinds == ["voucher_void"]


def test_deleting_what_may_have_gone_queues_behind_it(voucher: Voucher, bill: Bill, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, 1, None)
    Push.objects.filter(kind=PushKind.VOUCHER_COLLECT).update(
        state=PushState.SENDING, lease_until=timezone.now() + timedelta(minutes=5)
    )
    pushing.queue_void(voucher.pk, None, None)
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
    services.update(voucher.pk, None, Change(invoices=[]), None)
    assert expense_status(invoice) != "booked"


def test_an_invoice_two_vouchers_book_stays_booked_while_one_does(
    book: AccountBook, voucher: Voucher, queue: Queue
) -> None:
    invoice, other = InvoiceFactory(company=book.company, seen_by=[book.source]), VoucherFactory(book=book)
    for one in (voucher, other):
        VoucherInvoice.objects.create(voucher=one, invoice=invoice)
        pushing.queue_collect(one.pk, None, None)
    pushing.queue_void(voucher.pk, None, None)
    assert expense_status(invoice) == "booked"
    pushing.queue_void(other.pk, None, None)
    assert expense_status(invoice) != "booked"


def test_changing_a_booked_voucher_queues_the_newer_behind_it(voucher: Voucher, bill: Bill, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, 1, None)
    Push.objects.filter(kind=PushKind.VOUCHER_COLLECT).update(
        state=PushState.SENDING, lease_until=timezone.now() + timedelta(minutes=5)
    )
    services.update(voucher.pk, 1, Change({"creator": "王芳"}, bills=[]), None)
    assert queue.kinds == ["voucher_collect", "voucher_collect"]
    sent = [body["voucherInfo"].get("creator") for kind, _subject, body in queue.rows if kind == "voucher_collect"]
    assert sent == [None, "王芳"]
    assert (state_of(voucher), state_of(bill)) == ("booked", "approved")
    assert [status for status, _serials in queue.statuses] == ["65", "60"]


def test_changing_a_voucher_that_waits_sends_the_newer_one_only(voucher: Voucher, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, 1, None)
    services.update(voucher.pk, 1, Change({"creator": "王芳"}), None)
    ((_kind, _subject, body),) = queue.rows
    assert body["voucherInfo"]["creator"] == "王芳"
    assert Push.objects.get(state=PushState.CANCELLED).reason == "superseded"


def test_changing_a_booked_voucher_into_a_wrong_one_changes_nothing(voucher: Voucher, bill: Bill, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, 1, None)
    with pytest.raises(pushing.NotReady) as error:
        services.update(voucher.pk, 1, Change(entries=[], bills=[]), None)
    assert [p.code for p in error.value.problems] == ["voucher.too_few_entries"]
    assert (state_of(voucher), state_of(bill), voucher.entries.count(), voucher.revision) == ("booked", "booked", 2, 1)
    assert queue.kinds == ["voucher_collect"]


def test_a_draft_is_voided_without_a_word_to_anybody(voucher: Voucher, queue: Queue) -> None:
    pushing.queue_void(voucher.pk, 1, None)
    assert (state_of(voucher), queue.kinds) == ("void", [])
    services.reopen(voucher.pk, None)
    assert state_of(voucher) == "draft"


def test_what_has_problems_is_not_queued_and_says_why(book: AccountBook, queue: Queue) -> None:
    empty = VoucherFactory(book=book, lines=False, vouch_no="")
    with pytest.raises(pushing.NotReady) as error:
        pushing.queue_collect(empty.pk, None, None)
    assert {p.field for p in error.value.problems} == {"vouch_no", "entries"}
    assert (state_of(empty), queue.kinds) == ("draft", [])


def test_a_closed_period_refuses_collecting_and_voiding(book: AccountBook, voucher: Voucher, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, None, None)
    late = VoucherFactory(book=book)
    ClosedPeriod.objects.create(book=book, period="202603")
    for act in (pushing.queue_collect, pushing.queue_void):
        for one in (voucher, late):
            with pytest.raises(HubError) as error:
                act(one.pk, None, None)
            assert error.value.message.code == "voucher.period_closed"
    assert queue.kinds == ["voucher_collect"]
    assert set(pushing.reasons_against([voucher, late], Action.VOID)) == {voucher.pk, late.pk}


def test_a_bill_is_booked_once(book: AccountBook, voucher: Voucher, bill: Bill, queue: Queue) -> None:
    other = VoucherFactory(book=book)
    VoucherBill.objects.create(voucher=other, bill=bill)
    pushing.queue_collect(voucher.pk, None, None)
    with pytest.raises(pushing.NotReady) as error:
        pushing.queue_collect(other.pk, None, None)
    assert [p.code for p in error.value.problems] == ["voucher.bill_booked_twice"]


def test_an_older_version_is_neither_collected_nor_voided(voucher: Voucher, queue: Queue) -> None:
    Voucher.objects.filter(pk=voucher.pk).update(revision=2)
    for act in (pushing.queue_collect, pushing.queue_void):
        with pytest.raises(HubError) as error:
            act(voucher.pk, 1, None)
        assert error.value.message.code == "voucher.changed_meanwhile"


def test_reasons_cost_the_same_for_any_number(
    book: AccountBook, django_assert_max_num_queries: Any, accountant: User
) -> None:
    found = [*VoucherFactory.create_batch(10, book=book), VoucherFactory(book=book, state="void")]
    with django_assert_max_num_queries(8):
        assert set(pushing.reasons_against(found, Action.COLLECT)) == {found[-1].pk}


def test_the_links_of_another_month_do_not_matter(book: AccountBook, queue: Queue) -> None:
    other = VoucherFactory(book=book, period="202604", account_date=date(2026, 4, 1))
    ClosedPeriod.objects.create(book=book, period="202603")
    invoice = InvoiceFactory(company=book.company)
    services.update(other.pk, 1, Change(invoices=[InvoiceLink(invoice.pk)]), None)
    pushing.queue_collect(other.pk, 2, None)
    assert queue.kinds == ["voucher_collect"]


def test_the_voucher_follows_its_pushes(voucher: Voucher, queue: Queue) -> None:
    def shown() -> tuple[str, int | None]:
        voucher.refresh_from_db()
        return voucher.push_state, voucher.collected_revision

    pushing.queue_collect(voucher.pk, 1, None)
    assert shown() == ("waiting", None)
    queue.goes()
    assert shown() == ("collected", 1)
    pushing.queue_void(voucher.pk, 1, None)
    assert shown() == ("voiding", 1)
    queue.goes()
    assert shown() == ("voided", None)


def test_an_older_version_upstream_is_told(voucher: Voucher, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, 1, None)
    queue.goes()
    services.update(voucher.pk, 1, Change({"creator": "x"}), None)
    newer = Push.objects.get(kind=PushKind.VOUCHER_COLLECT, revision=2)
    outbox.dismiss(newer, None, "not this one")
    voucher.refresh_from_db()
    assert voucher.push_state == "outdated"
