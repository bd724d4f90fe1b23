"""Reversing vouchers in red, what that books and frees, and copying vouchers."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.models import User
from apps.bills import services as bill_services
from apps.bills.models import Bill
from apps.core.errors import HubError
from apps.invoices.models import Invoice
from apps.outbox import services as outbox
from apps.outbox.choices import PushState
from apps.outbox.models import Push
from apps.outbox.selectors import request_body
from apps.sources.choices import PushKind
from apps.vouchers import auditing, corrections, findings, lifeline, proposals, pushing, selectors, services
from apps.vouchers.content import EntryContent
from apps.vouchers.models import (
    Account,
    AccountBook,
    ClosedPeriod,
    Finding,
    Voucher,
    VoucherBill,
    VoucherEntry,
    VoucherInvoice,
)
from apps.vouchers.services import Change, InvoiceLink
from apps.vouchers.states import Action
from tests.factories import (
    AuditedVoucherFactory,
    BillFactory,
    BillInvoiceFactory,
    BillLineFactory,
    InvoiceFactory,
    PartyFactory,
    UserFactory,
    VoucherFactory,
)

DAY = date(2026, 4, 8)


def deliver() -> None:
    for push in Push.objects.exclude(state__in=[PushState.DONE, PushState.CANCELLED]).order_by("pk"):
        outbox.mark_done(push, None, "it is there")


def collected(voucher: Voucher) -> Voucher:
    pushing.queue_collect(voucher.pk, None, None)
    deliver()
    voucher.refresh_from_db()
    return voucher


def booked_reversal(original: Voucher) -> Voucher:
    made = corrections.reverse(original.pk, None, None, DAY)
    auditing.audit_one(made.pk, None, None)
    return collected(made)


def sums(*vouchers: Voucher) -> dict[str, tuple[Decimal, Decimal]]:
    """Account → debit and credit of these vouchers, summed by the database."""
    rows = VoucherEntry.objects.filter(voucher__in=vouchers).values_list("account")
    return {account: (debit, credit) for account, debit, credit in rows.annotate(Sum("debit"), Sum("credit"))}


def code_of(act: Any) -> str:
    with pytest.raises(HubError) as error:
        act()
    return str(error.value.message.code)


def usage_of(invoice: Invoice) -> str:
    return Invoice.objects.get(pk=invoice.pk).expense_status


@pytest.fixture
def bill(book: AccountBook) -> Bill:
    """An approved bill of one invoice."""
    bill = BillFactory(company=book.company)
    us = PartyFactory(name=book.company.name, tax_no=book.company.tax_no)
    invoice = InvoiceFactory(company=book.company, buyer=us, seen_by=[book.source])
    BillInvoiceFactory(bill=bill, line=BillLineFactory(bill=bill), invoice=invoice)
    bill_services.submit(bill, None)
    bill_services.approve(bill, None)
    return bill


@pytest.fixture
def original(book: AccountBook, bill: Bill) -> Voucher:
    """A collected voucher of the bill and its invoice, with a deduction of 13.00."""
    voucher = AuditedVoucherFactory(book=book, type="记", vouch_no="12", sup_information_amount=Decimal("7.00"))
    VoucherBill.objects.create(voucher=voucher, bill=bill)
    invoice = bill.bill_invoices.get().invoice
    VoucherInvoice.objects.create(voucher=voucher, invoice=invoice, deductible=True, deduction_tax=Decimal("13.00"))
    return collected(voucher)


def test_a_collected_voucher_is_read_only(original: Voucher) -> None:
    changes = (Change({"item": "x"}), Change(entries=[]), Change(invoices=[]), Change(bills=[]))
    for change in changes:
        assert code_of(lambda change=change: services.update(original.pk, None, change, None)) == "voucher.is_booked"
    assert code_of(lambda: services.discard(original.pk, None)) == "voucher.not_possible"
    AccountBook.objects.update(collected_editable=True)
    assert services.update(original.pk, None, Change({"item": "x"}), None).item == "x"


def test_a_reversal_is_the_negative_of_its_original(original: Voucher, accountant: User) -> None:
    reversal = corrections.reverse(original.pk, original.revision, accountant, DAY)
    reversal.refresh_from_db()
    assert (reversal.state, reversal.reversal_of, reversal.created_by) == ("draft", original, accountant)
    assert (reversal.account_date, reversal.period, reversal.type, reversal.vouch_no) == (DAY, "202604", "记", "")
    assert (reversal.total_debit, reversal.total_credit) == (Decimal("-113.00"), Decimal("-113.00"))
    assert reversal.sup_information_amount == Decimal("-7.00")
    assert [entry.summary for entry in selectors.content_of(reversal).entries] == [
        "冲销 记-12（2026-03）：王芳 差旅费",
        "冲销 记-12（2026-03）：应付",
    ]
    zero = (Decimal("0.00"), Decimal("0.00"))
    assert sums(original, reversal) == {"6602": zero, "2241": zero}
    taxes = VoucherInvoice.objects.filter(voucher__in=[original, reversal], deductible=True)
    assert taxes.aggregate(tax=Sum("deduction_tax"))["tax"] == Decimal("0.00")
    assert not reversal.bill_links.exists()
    assert corrections.preview(original, DAY).entries == selectors.content_of(reversal).entries


_CENTS = st.integers(-(10**12), 10**12).map(lambda cents: Decimal(cents) / 100)


@given(
    st.lists(st.tuples(st.sampled_from(["1001", "2221", "6602"]), st.booleans(), _CENTS, st.text(max_size=320))),
)
def test_original_and_reversal_come_to_zero_per_account_and_side(rows: list[tuple[str, bool, Decimal, str]]) -> None:
    original = Voucher(type="记", vouch_no="1", period="202603", vouch_id="v")
    left: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for account, is_debit, amount, summary in rows:
        sides = {"debit": amount} if is_debit else {"credit": amount}
        entry = EntryContent(summary, account, currency="USD", amount=amount, quantity=Decimal(3), **sides)
        red = corrections.negative(entry, corrections.summary_of(original, entry))
        assert (red.account, red.dimension, red.exchange_rate) == (entry.account, entry.dimension, entry.exchange_rate)
        assert red.amount is not None
        assert (red.amount + amount, len(red.summary) <= 300) == (0, True)
        for one in (entry, red):
            left[account, "debit"] += one.debit
            left[account, "credit"] += one.credit
    assert set(left.values()) <= {Decimal(0)}


def test_bill_and_invoice_are_free_once_the_reversal_is_booked(
    original: Voucher, bill: Bill, book: AccountBook
) -> None:
    invoice = bill.bill_invoices.get().invoice

    def now() -> tuple[str, str, list[Bill]]:
        bill.refresh_from_db()
        return bill.state, usage_of(invoice), list(proposals.bookable_bills(book))

    reversal = corrections.reverse(original.pk, None, None, DAY)
    assert now() == ("booked", "booked", [])
    auditing.audit_one(reversal.pk, None, None)
    assert now() == ("booked", "booked", [])
    pushing.queue_collect(reversal.pk, None, None)
    assert now() == ("approved", "used", [bill])
    original.refresh_from_db()
    assert original.state == "booked"
    collect = Push.objects.get(subject=f"voucher:{reversal.pk}", kind=PushKind.VOUCHER_COLLECT)
    (sent,) = request_body(collect)["invoiceData"]
    assert sent["deductionTaxAmount"] == "-13.00"
    freed = Push.objects.get(subject=f"voucher:{reversal.pk}", kind=PushKind.INVOICE_STATUS)
    assert request_body(freed)["expenseStatus"] == "60"
    assert {f"voucher:{original.pk}", f"bill:{bill.pk}"} <= set(freed.ordering_keys)
    assert freed.pk > collect.pk


def test_the_bill_of_a_reversed_voucher_is_booked_again_by_a_corrected_one(
    original: Voucher, bill: Bill, book: AccountBook
) -> None:
    booked_reversal(original)
    corrected = AuditedVoucherFactory(book=book)
    VoucherBill.objects.create(voucher=corrected, bill=bill)
    collected(corrected)
    bill.refresh_from_db()
    assert (bill.state, selectors.voucher_booking(bill.pk)) == ("booked", f"凭证 {corrected}")


def test_voiding_a_booked_reversal_restores_the_original(original: Voucher, bill: Bill) -> None:
    invoice = bill.bill_invoices.get().invoice
    reversal = booked_reversal(original)
    pushing.queue_void(reversal.pk, None, None, "冲错了")
    bill.refresh_from_db()
    assert (bill.state, usage_of(invoice)) == ("booked", "booked")
    pushes = Push.objects.filter(subject=f"voucher:{reversal.pk}", kind=PushKind.INVOICE_STATUS).order_by("pk")
    assert [request_body(push)["expenseStatus"] for push in pushes] == ["60", "65"]
    deliver()
    again = booked_reversal(original)
    assert code_of(lambda: services.reopen(reversal.pk, None)) == "voucher.reversed_already"
    assert (again.reversal_of, usage_of(invoice)) == (original, "used")
    freed = Push.objects.get(subject=f"voucher:{again.pk}", kind=PushKind.INVOICE_STATUS)
    assert request_body(freed)["expenseStatus"] == "60"


def test_a_reversal_that_never_went_tells_the_upstream_nothing(original: Voucher, bill: Bill) -> None:
    reversal = corrections.reverse(original.pk, None, None, DAY)
    auditing.audit_one(reversal.pk, None, None)
    pushing.queue_collect(reversal.pk, None, None)
    pushing.queue_void(reversal.pk, None, None, "冲错了")
    assert set(Push.objects.filter(subject=f"voucher:{reversal.pk}").values_list("state", flat=True)) == {"cancelled"}
    bill.refresh_from_db()
    assert bill.state == "booked"


def test_a_reversal_whose_bill_is_booked_again_is_not_voided(original: Voucher, bill: Bill, book: AccountBook) -> None:
    reversal = booked_reversal(original)
    corrected = AuditedVoucherFactory(book=book)
    VoucherBill.objects.create(voucher=corrected, bill=bill)
    collected(corrected)
    assert code_of(lambda: pushing.queue_void(reversal.pk, None, None, "x")) == "voucher.booked_again"
    assert set(pushing.reasons_against([reversal], Action.VOID)) == {reversal.pk}
    pushing.queue_void(corrected.pk, None, None, "x")
    pushing.queue_void(reversal.pk, None, None, "x")


def test_collecting_the_original_again_books_nothing_again(original: Voucher, bill: Bill) -> None:
    reversal = booked_reversal(original)
    pushing.collect({original.pk: None, reversal.pk: None}, None)
    bill.refresh_from_db()
    assert bill.state == "approved"


def test_both_in_one_collect_free_the_bill(original: Voucher, bill: Bill) -> None:
    reversal = corrections.reverse(original.pk, None, None, DAY)
    auditing.audit_one(reversal.pk, None, None)
    assert not pushing.collect({original.pk: None, reversal.pk: None}, None).refused
    bill.refresh_from_db()
    assert bill.state == "approved"


def test_what_cannot_be_reversed(original: Voucher, book: AccountBook) -> None:
    draft, waiting = VoucherFactory(book=book), AuditedVoucherFactory(book=book)
    reversal = booked_reversal(original)
    pushing.queue_collect(waiting.pk, None, None)
    for voucher, code in (
        (draft, "voucher.not_possible"),
        (waiting, "voucher.not_upstream"),
        (original, "voucher.reversed_already"),
        (reversal, "voucher.is_reversal"),
    ):
        assert code_of(lambda voucher=voucher: corrections.reverse(voucher.pk, None, None, DAY)) == code
    ClosedPeriod.objects.create(book=book, period="202604")
    other = collected(AuditedVoucherFactory(book=book))
    assert code_of(lambda: corrections.reverse(other.pk, None, None, DAY)) == "voucher.period_closed"


def test_a_voucher_of_a_closed_period_is_reversed_in_an_open_one(original: Voucher, bill: Bill) -> None:
    ClosedPeriod.objects.create(book=original.book, period="202603")
    booked_reversal(original)
    bill.refresh_from_db()
    assert bill.state == "approved"


def test_a_voucher_with_a_live_reversal_is_neither_voided_nor_changed(original: Voucher) -> None:
    reversal = corrections.reverse(original.pk, None, None, DAY)
    AccountBook.objects.update(collected_editable=True)
    assert code_of(lambda: pushing.queue_void(original.pk, None, None, "x")) == "voucher.has_reversal"
    assert code_of(lambda: services.update(original.pk, None, Change({"item": "x"}), None)) == "voucher.has_reversal"
    services.discard(reversal.pk, None)
    pushing.queue_void(original.pk, None, None, "误记")
    original.refresh_from_db()
    assert (original.state, original.void_reason) == ("void", "误记")


def test_the_content_of_a_reversal_follows_from_its_original(original: Voucher) -> None:
    reversal = corrections.reverse(original.pk, None, None, DAY)
    for change in (Change(entries=[]), Change(invoices=[InvoiceLink(1)]), Change(bills=[])):
        act = lambda change=change: services.update(reversal.pk, None, change, None)  # noqa: E731
        assert code_of(act) == "voucher.reversal_fixed"
    moved = services.update(reversal.pk, None, Change({"account_date": date(2026, 5, 1), "period": "202605"}), None)
    assert moved.period == "202605"


def test_a_void_needs_a_reason_that_reopening_clears(book: AccountBook) -> None:
    voucher = VoucherFactory(book=book)
    assert code_of(lambda: pushing.queue_void(voucher.pk, None, None, "  ")) == "voucher.reason_needed"
    pushing.queue_void(voucher.pk, None, None, " 重复 ")
    voucher.refresh_from_db()
    assert (voucher.state, voucher.void_reason) == ("void", "重复")
    services.reopen(voucher.pk, None)
    voucher.refresh_from_db()
    assert voucher.void_reason == ""


def test_the_steps_name_their_people_and_the_reason(book: AccountBook) -> None:
    wang, li = UserFactory(last_name="王", first_name="芳"), UserFactory(last_name="李", first_name="明")
    voucher = VoucherFactory(book=book, created_by=wang, creator="王芳")
    auditing.audit_one(voucher.pk, None, li)
    auditing.unaudit_one(voucher.pk, None, li)
    auditing.audit_one(voucher.pk, None, li)
    pushing.queue_collect(voucher.pk, None, wang)
    pushing.queue_void(voucher.pk, None, wang, "重复入账")
    voucher.refresh_from_db()
    steps = lifeline.steps(voucher)
    assert [(step.state, step.who, step.reason) for step in steps] == [
        ("draft", "王芳", ""),
        ("audited", "李明", ""),
        ("booked", "王芳", ""),
        ("void", "", "重复入账"),  # nobody is logged in here
    ]
    assert all(step.when for step in steps)


def test_a_copy_has_the_entries_and_nothing_else(original: Voucher, accountant: User) -> None:
    made = corrections.copy(original, accountant, DAY)
    made.refresh_from_db()
    content = selectors.content_of(made)
    assert content.entries == selectors.content_of(original).entries
    assert (content.bills, content.invoices, made.vouch_no, made.state) == ((), (), "", "draft")
    assert (made.account_date, made.period, made.type, made.reversal_of) == (DAY, "202604", "记", None)
    assert (made.created_by, made.vouch_id == original.vouch_id) == (accountant, False)


def test_a_finding_is_over_while_a_reversal_is_booked(book: AccountBook) -> None:
    invoice = InvoiceFactory(company=book.company)
    original = VoucherFactory(book=book, state="booked", collected_revision=1)
    VoucherInvoice.objects.create(voucher=original, invoice=invoice)
    reversal = corrections.reverse(original.pk, None, None, DAY)
    Invoice.objects.filter(pk=invoice.pk).update(status="void", updated_at=timezone.now())

    def now() -> tuple[str, list[Voucher]]:
        findings.raise_findings()
        finding = Finding.objects.get()
        return finding.state, list(finding.vouchers.all())

    assert now() == ("open", [original])
    states = {"audited": "open", "booked": "gone", "void": "open"}
    for state, outcome in states.items():
        Voucher.objects.filter(pk=reversal.pk).update(state=state)
        assert now()[0] == outcome, state
    assert now() == ("open", [original])


def test_an_account_that_became_inactive_does_not_stop_a_reversal(book: AccountBook) -> None:
    codes = (("6602", "debit"), ("2241", "credit"))
    accounts = [Account.objects.create(book=book, code=code, name=code, direction=side) for code, side in codes]
    original = collected(AuditedVoucherFactory(book=book))
    Account.objects.filter(pk=accounts[0].pk).update(active=False)
    reversal = booked_reversal(original)
    assert reversal.state == "booked"
    copied = corrections.copy(original, None, DAY)
    assert code_of(lambda: auditing.audit_one(copied.pk, None, None)) == "voucher.not_auditable"
