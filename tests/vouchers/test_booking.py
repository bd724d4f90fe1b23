"""Collecting, changing and voiding: what is queued, and what bills and invoices become with it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.accounts.models import User
from apps.bills import services as bill_services
from apps.bills.models import Bill
from apps.core.errors import HubError
from apps.invoices.models import Invoice
from apps.vouchers import pushing, services
from apps.vouchers.models import AccountBook, ClosedPeriod, Voucher, VoucherBill, VoucherInvoice
from apps.vouchers.services import Change, InvoiceLink
from apps.vouchers.states import Action
from tests.factories import BillEntryFactory, BillFactory, InvoiceFactory, InvoiceUseFactory, VoucherFactory


@dataclass
class Queue:
    """Stands for the outbox's queue: (kind, voucher, payload) in the order they were written."""

    rows: list[tuple[str, int, dict[str, Any]]] = field(default_factory=list)

    def __call__(self, kind: str, voucher: Voucher, payload: dict[str, Any], _user: Any) -> None:
        self.rows.append((kind, voucher.pk, payload))

    @property
    def kinds(self) -> list[str]:
        return [kind for kind, _voucher, _payload in self.rows]


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue()
    monkeypatch.setattr(pushing, "_queue", queue)
    return queue


@pytest.fixture
def voucher(book: AccountBook) -> Voucher:
    return VoucherFactory(book=book)


@pytest.fixture
def bill(book: AccountBook, voucher: Voucher) -> Bill:
    """An approved bill of one invoice, on the voucher."""
    bill = BillFactory(company=book.company)
    entry = BillEntryFactory(bill=bill)
    InvoiceUseFactory(bill=bill, entry=entry, invoice=InvoiceFactory(company=book.company, seen_by=[book.source]))
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
    invoice = bill.uses.get().invoice
    assert expense_status(invoice) == "used"
    pushing.queue_collect(voucher.pk, 1, None)
    assert (state_of(voucher), state_of(bill), expense_status(invoice)) == ("booked", "booked", "booked")
    pushing.queue_delete(voucher.pk, None, None)
    assert (state_of(voucher), state_of(bill), expense_status(invoice)) == ("void", "approved", "used")
    assert queue.kinds == ["voucher_collect", "voucher_delete"]
    assert queue.rows[0][2]["expenseIdArray"] == [bill.bxd_key]
    assert queue.rows[1][2] == {"vouchNo": voucher.vouch_no, "vouchId": voucher.vouch_id}


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
    pushing.queue_delete(voucher.pk, None, None)
    assert expense_status(invoice) == "booked"
    pushing.queue_delete(other.pk, None, None)
    assert expense_status(invoice) != "booked"


def test_changing_a_booked_voucher_queues_the_newer_behind_it(voucher: Voucher, bill: Bill, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, 1, None)
    services.update(voucher.pk, 1, Change({"creator": "王芳"}, bills=[]), None)
    assert queue.kinds == ["voucher_collect", "voucher_collect"]
    assert [payload["voucherInfo"].get("creator") for _k, _v, payload in queue.rows] == [None, "王芳"]
    assert (state_of(voucher), state_of(bill)) == ("booked", "approved")


def test_changing_a_booked_voucher_into_a_wrong_one_changes_nothing(voucher: Voucher, bill: Bill, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, 1, None)
    with pytest.raises(pushing.NotReady) as error:
        services.update(voucher.pk, 1, Change(entries=[], bills=[]), None)
    assert [p.code for p in error.value.problems] == ["voucher.too_few_entries"]
    assert (state_of(voucher), state_of(bill), voucher.entries.count(), voucher.revision) == ("booked", "booked", 2, 1)
    assert queue.kinds == ["voucher_collect"]


def test_a_draft_is_voided_without_a_word_to_anybody(voucher: Voucher, queue: Queue) -> None:
    pushing.queue_delete(voucher.pk, 1, None)
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
    for act in (pushing.queue_collect, pushing.queue_delete):
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
    for act in (pushing.queue_collect, pushing.queue_delete):
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
    pushing.queue_collect(voucher.pk, 1, None)
    seen = []
    for unsettled, problem, done in (
        (["voucher_collect"], False, None),
        ([], False, ("voucher_collect", 1)),
        (["voucher_collect"], True, None),
        (["voucher_collect", "voucher_delete"], False, None),
        ([], False, ("voucher_delete", 1)),
    ):
        pushing.follow(voucher.pk, unsettled, problem=problem, done=done)
        voucher.refresh_from_db()
        seen.append((voucher.push_state, voucher.collected_revision))
    assert seen == [("waiting", None), ("collected", 1), ("problem", 1), ("deleting", 1), ("deleted", None)]


def test_an_older_version_upstream_is_told(voucher: Voucher, queue: Queue) -> None:
    pushing.queue_collect(voucher.pk, 1, None)
    services.update(voucher.pk, 1, Change({"creator": "x"}), None)
    pushing.follow(voucher.pk, [], done=("voucher_collect", 1))
    voucher.refresh_from_db()
    assert voucher.push_state == "outdated"
