"""Findings: invoices that turn void, red or abnormal after they were used."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import HubError
from apps.invoices.models import Invoice
from apps.vouchers import findings
from apps.vouchers.models import AccountBook, Finding, VoucherBill, VoucherInvoice
from tests.factories import BillFactory, BillInvoiceFactory, InvoiceFactory, UserFactory, VoucherFactory


def set_status(invoice: Invoice, status: str) -> None:
    """Change the status as a pull would."""
    Invoice.objects.filter(pk=invoice.pk).update(status=status, updated_at=timezone.now())


def used_invoice(book: AccountBook, **voucher: Any) -> Invoice:
    invoice = InvoiceFactory(company=book.company)
    VoucherInvoice.objects.create(voucher=VoucherFactory(book=book, **voucher), invoice=invoice)
    return invoice


@pytest.mark.parametrize("status", ["void", "red", "fully_red", "lost_control", "abnormal"])
def test_a_used_invoice_that_turns_bad_raises_a_finding_with_its_voucher_and_people(
    book: AccountBook, accountant: User, status: str
) -> None:
    boss = UserFactory()
    invoice = used_invoice(book, created_by=accountant, booked_by=boss)
    InvoiceFactory(company=book.company, status=status)  # bad, but nobody has used it
    assert findings.raise_findings() == 0
    set_status(invoice, status)
    assert findings.raise_findings() == 1
    finding = Finding.objects.get()
    assert (finding.invoice, finding.status, finding.state) == (invoice, status, "open")
    assert set(finding.people.all()) == {accountant, boss}
    assert finding.vouchers.get().invoices.get() == invoice
    assert findings.raise_findings() == 0


def test_a_finding_names_the_bill_and_the_voucher_that_books_it(book: AccountBook) -> None:
    owner, picker = UserFactory(), UserFactory()
    bill = BillFactory(company=book.company, created_by=owner)
    use = BillInvoiceFactory(bill=bill, picked_by=picker)
    voucher = VoucherFactory(book=book)
    VoucherBill.objects.create(voucher=voucher, bill=bill)
    set_status(use.invoice, "void")
    assert findings.raise_findings() == 1
    finding = Finding.objects.get()
    assert (finding.bills.get(), finding.vouchers.get()) == (bill, voucher)
    assert set(finding.people.all()) == {owner, picker}


def test_void_vouchers_and_released_invoices_raise_no_finding(book: AccountBook) -> None:
    set_status(used_invoice(book, state="void"), "void")
    use = BillInvoiceFactory(bill=BillFactory(company=book.company), state="released")
    set_status(use.invoice, "void")
    assert findings.raise_findings() == 0


def test_an_invoice_used_before_its_merge_raises_a_finding_about_the_master(book: AccountBook) -> None:
    merged = used_invoice(book)
    master = InvoiceFactory(company=book.company)
    Invoice.objects.filter(pk=merged.pk).update(merged_into=master)
    set_status(master, "red")
    assert findings.raise_findings() == 1
    assert Finding.objects.get().invoice == master


def test_a_finding_closes_when_the_invoice_is_normal_and_opens_again(book: AccountBook) -> None:
    invoice = used_invoice(book)
    states = []
    for status in ("void", "normal", "void"):
        set_status(invoice, status)
        findings.raise_findings()
        states.append(Finding.objects.get().state)
    assert states == ["open", "gone", "open"]


def test_an_acknowledgement_stays_and_can_be_undone(book: AccountBook, accountant: User) -> None:
    invoice = used_invoice(book)
    set_status(invoice, "void")
    findings.raise_findings()
    finding = Finding.objects.get()
    findings.acknowledge(finding, accountant, "已红冲")
    with pytest.raises(HubError) as error:
        findings.acknowledge(finding, accountant, "again")
    assert error.value.message.code == "finding.settled_meanwhile"
    set_status(invoice, "void")
    findings.raise_findings()
    finding.refresh_from_db()
    assert (finding.state, finding.note, finding.acknowledged_by) == ("acknowledged", "已红冲", accountant)
    findings.raise_again(finding)
    finding.refresh_from_db()
    assert (finding.state, finding.acknowledged_at) == ("open", None)


def test_a_run_reads_only_invoices_changed_since_the_last_one(
    book: AccountBook, django_assert_num_queries: Any
) -> None:
    old = used_invoice(book)
    InvoiceFactory(updated_at=timezone.now() + timedelta(seconds=1))
    findings.raise_findings()
    Invoice.objects.filter(pk=old.pk).update(status="void")  # without a change of its time: not seen
    assert findings.raise_findings() == 0
    # A savepoint around them, the row, its lock, the newest change, the invoices to look at.
    with django_assert_num_queries(6):
        assert findings.raise_findings() == 0
