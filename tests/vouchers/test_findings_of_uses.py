"""Uses that begin before or after an invoice turns bad, end and come back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from apps.bills import services as bills
from apps.bills.models import Bill, BillInvoice
from apps.invoices import merges
from apps.invoices.models import Invoice, UseChange
from apps.sources.models import Source
from apps.sources.records import BAD_STATUSES, InvoiceStatus
from apps.vouchers import auditing, corrections, findings, pushing, services
from apps.vouchers.models import AccountBook, Finding, Voucher, VoucherBill, VoucherInvoice
from tests.bills.builders import record_of
from tests.factories import (
    AuditedVoucherFactory,
    BillFactory,
    BillInvoiceFactory,
    InvoiceFactory,
    SourceFactory,
    VoucherFactory,
)
from tests.invoices.ledgers import bring

from .test_corrections import collected


@pytest.fixture
def source(book: AccountBook) -> Source:
    return SourceFactory(company=book.company)


@pytest.fixture
def bill(book: AccountBook) -> Bill:
    return BillFactory(company=book.company)


def stated(source: Source, number: int = 0, status: InvoiceStatus = InvoiceStatus.NORMAL) -> Invoice:
    """The invoice after its source said so."""
    bring(source, record_of(number, status=status))
    return Invoice.objects.get(digital_number=f"{number:020d}")


def use_of(bill: Bill, invoice: Invoice) -> BillInvoice:
    (bill_invoice,) = bills.reserve(bill, [invoice.pk], None).bill_invoices
    return bill_invoice


def states() -> list[tuple[str, str]]:
    findings.raise_findings()
    return list(Finding.objects.order_by("pk").values_list("status", "state"))


def test_an_invoice_that_was_void_before_it_was_used_raises_nothing(source: Source, bill: Bill) -> None:
    invoice = stated(source, status=InvoiceStatus.VOID)
    use = use_of(bill, invoice)
    assert states() == []
    bills.release(bill, [use.pk], None)
    assert states() == []
    bills.restore(bill, [use.pk], None)
    assert states() == []


def test_a_finding_ends_with_its_use_and_comes_back_with_it(source: Source, bill: Bill) -> None:
    use = use_of(bill, stated(source))
    stated(source, status=InvoiceStatus.VOID)
    assert states() == [("void", "open")]
    findings.acknowledge(Finding.objects.get(), None, "已告知")
    bills.release(bill, [use.pk], None)
    assert states() == [("void", "gone")]
    bills.restore(bill, [use.pk], None)
    assert states() == [("void", "open")]
    finding = Finding.objects.get()
    assert (finding.note, finding.acknowledged_at) == ("", None)
    assert (finding.used_since, finding.bad_since) == (BillInvoice.objects.get().began_at, finding.invoice.bad_since)
    picked_again, began = BillInvoice.objects.values_list("picked_at", "began_at").get()
    assert began < finding.bad_since < picked_again


def test_an_invoice_picked_anew_is_a_new_use(source: Source, bill: Bill) -> None:
    use = use_of(bill, stated(source))
    invoice = stated(source, status=InvoiceStatus.VOID)
    bills.release(bill, [use.pk], None)
    use_of(bill, invoice)
    assert states() == []


def test_only_the_earlier_uses_are_named(source: Source, bill: Bill, book: AccountBook) -> None:
    booked = VoucherFactory(book=book)
    invoice = stated(source)
    VoucherInvoice.objects.create(voucher=booked, invoice=invoice)
    stated(source, status=InvoiceStatus.RED)
    use_of(bill, invoice)
    VoucherInvoice.objects.create(voucher=VoucherFactory(book=book), invoice=invoice)
    assert states() == [("red", "open")]
    finding = Finding.objects.get()
    assert list(finding.vouchers.all()) == [booked]
    assert not finding.bills.exists()


def test_from_one_bad_status_to_another_it_stays_bad_since_the_first(source: Source, bill: Bill) -> None:
    void = stated(source, status=InvoiceStatus.VOID)
    use_of(bill, void)
    red = stated(source, status=InvoiceStatus.RED)
    assert void.bad_since == red.bad_since
    assert states() == []
    assert stated(source, status=InvoiceStatus.PARTLY_RED).bad_since is None
    assert stated(source, status=InvoiceStatus.RED).bad_since > void.bad_since
    assert states() == [("red", "open")]
    stated(source, status=InvoiceStatus.VOID)
    assert states() == [("red", "gone"), ("void", "open")]
    assert Finding.objects.get(state="open").used_since == BillInvoice.objects.get().began_at


def test_a_void_voucher_ends_its_use_and_a_reopened_one_continues_it(source: Source, book: AccountBook) -> None:
    voucher = VoucherFactory(book=book, lines=False)
    invoice = stated(source)
    change = services.Change(invoices=[services.InvoiceLink(invoice.pk)])
    services.update(voucher.pk, None, change, None)
    stated(source, status=InvoiceStatus.VOID)
    services.update(voucher.pk, None, change, None)  # an edit keeps the link
    assert states() == [("void", "open")]
    Voucher.objects.filter(pk=voucher.pk).update(state="void")
    assert states() == [("void", "gone")]
    services.reopen(voucher.pk, None)
    assert states() == [("void", "open")]
    services.update(voucher.pk, None, services.Change(invoices=[]), None)
    assert states() == [("void", "gone")]
    services.update(voucher.pk, None, change, None)
    assert states() == [("void", "gone")]


def test_a_deleted_voucher_or_bill_ends_its_uses(source: Source, bill: Bill, book: AccountBook) -> None:
    invoice, voucher = stated(source), VoucherFactory(book=book, lines=False)
    use_of(bill, invoice)
    VoucherInvoice.objects.create(voucher=voucher, invoice=invoice)
    stated(source, status=InvoiceStatus.VOID)
    assert states() == [("void", "open")]
    Bill.objects.filter(pk=bill.pk).delete()
    assert states() == [("void", "open")]
    assert not Finding.objects.get().bills.exists()
    services.discard(voucher.pk, None)
    assert states() == [("void", "gone")]


def test_a_voucher_that_books_the_bill_is_named_while_it_does(source: Source, bill: Bill, book: AccountBook) -> None:
    use_of(bill, stated(source))
    stated(source, status=InvoiceStatus.VOID)
    voucher = VoucherFactory(book=book)
    for change, named in (
        (VoucherBill.objects.create, [voucher]),
        (lambda **_: VoucherBill.objects.all().delete(), []),
    ):
        change(voucher=voucher, bill=bill)
        assert states() == [("void", "open")]
        assert list(Finding.objects.get().vouchers.all()) == named


def test_a_used_invoice_that_is_merged_into_a_void_one_raises_a_finding(source: Source, bill: Bill) -> None:
    master, used = stated(source, 0, InvoiceStatus.VOID), stated(source, 1)
    use_of(bill, used)
    bring(source, record_of(1, status=InvoiceStatus.VOID))
    assert states() == [("void", "open")]
    before = merges.join([used.key], master.key, None)
    assert states() == [("void", "gone"), ("void", "open")]
    merges.restore(before, [used.key, master.key], None)
    assert states() == [("void", "open"), ("void", "gone")]


def test_a_merge_raises_nothing_about_a_use_that_began_while_both_were_bad(source: Source, bill: Bill) -> None:
    """Both were void before; what is merged keeps the time since when it is bad, also where the merge turns the master
    bad."""
    for status in (InvoiceStatus.VOID, InvoiceStatus.NORMAL):
        master, used = stated(source, 0, status), stated(source, 1, InvoiceStatus.VOID)
        use = use_of(bill, used)
        before = merges.join([used.key], master.key, None)
        if Invoice.objects.get(pk=master.pk).status in BAD_STATUSES:
            assert Invoice.objects.get(pk=used.pk).bad_since == used.bad_since
        assert states() == []
        merges.restore(before, [used.key, master.key], None)
        assert Invoice.objects.get(pk=used.pk).bad_since is not None
        bills.release(bill, [use.pk], None)


@pytest.mark.django_db
def test_what_an_invoice_counts_as_is_kept_by_the_database() -> None:
    arrived = datetime(2026, 3, 2, tzinfo=UTC)
    invoice = InvoiceFactory(status="void", updated_at=arrived)
    redirect = InvoiceFactory(merged_into=invoice)
    below = InvoiceFactory(merged_into=redirect)
    since = [Invoice.objects.get(pk=row.pk).bad_since for row in (invoice, redirect, below)]
    assert since == [arrived, redirect.updated_at, below.updated_at]
    invoice.bad_since = None  # as a row that was read earlier and is saved again
    invoice.save()
    assert Invoice.objects.get(pk=invoice.pk).bad_since == arrived
    Invoice.objects.filter(pk=invoice.pk).update(status="normal")
    assert not Invoice.objects.exclude(bad_since=None).exists()
    later = arrived + timedelta(days=1)
    Invoice.objects.filter(pk=invoice.pk).update(status="red", updated_at=later)
    assert set(Invoice.objects.values_list("bad_since", flat=True)) == {later}


def test_a_run_forgets_the_changes_it_has_worked_off(source: Source, bill: Bill) -> None:
    use = use_of(bill, stated(source))
    bills.release(bill, [use.pk], None)
    assert UseChange.objects.exists()
    findings.raise_findings()
    assert not UseChange.objects.exists()


def test_many_uses_cost_no_more_statements(book: AccountBook, django_assert_max_num_queries: Any) -> None:
    uses = [BillInvoiceFactory(bill=BillFactory(company=book.company)) for _ in range(30)]
    Invoice.objects.filter(pk__in=[use.invoice_id for use in uses]).update(status="void", updated_at=datetime.now(UTC))
    with django_assert_max_num_queries(18):
        assert findings.raise_findings() == 30
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bills_billinvoice SET state = 'released'")
    with django_assert_max_num_queries(18):
        assert findings.raise_findings() == 0
    assert not Finding.objects.exclude(state="gone").exists()


def test_a_booked_reversal_ends_the_use_by_its_voucher(book: AccountBook, source: Source) -> None:
    invoice = stated(source)
    voucher = AuditedVoucherFactory(book=book)
    VoucherInvoice.objects.create(voucher=voucher, invoice=invoice)
    collected(voucher)
    stated(source, status=InvoiceStatus.VOID)
    assert states() == [("void", "open")]
    reversal = corrections.reverse(voucher.pk, None, None)
    assert states() == [("void", "open")], "a draft reverses nothing yet"
    auditing.audit_one(reversal.pk, None, None)
    collected(reversal)
    assert states() == [("void", "gone")]
    pushing.queue_void(reversal.pk, None, None, "too early")
    assert states() == [("void", "open")]
