"""Bills and vouchers name an invoice upstream by the same serial number."""

from datetime import timedelta

import pytest

from apps.bills import pushing
from apps.invoices.models import SourceRecord
from apps.invoices.serial_numbers import serial_numbers
from apps.sources.models import Source
from apps.vouchers import selectors
from apps.vouchers.models import VoucherInvoice
from tests.factories import (
    MORNING,
    AccountBookFactory,
    BillFactory,
    BillInvoiceFactory,
    InvoiceFactory,
    SourceFactory,
    SourceRecordFactory,
    VoucherFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cloud() -> Source:
    return SourceFactory(kind="piaozone")


def known_as(invoice, source: Source, external_id: str, minutes: int = 0, **values: object) -> SourceRecord:
    return SourceRecordFactory(
        invoice=invoice,
        source=source,
        external_id=external_id,
        updated_at=MORNING + timedelta(minutes=minutes),
        **values,
    )


def test_the_record_written_last_names_the_invoice(cloud):
    invoice = InvoiceFactory()
    known_as(invoice, cloud, "z-old")
    known_as(invoice, cloud, "a-new", minutes=1)
    known_as(invoice, cloud, "deleted", minutes=2, deleted=True)
    known_as(invoice, cloud, "noid:digest", minutes=3)
    assert serial_numbers([invoice.pk], [cloud.pk]) == {cloud.pk: {invoice.pk: "a-new"}}


def test_a_merged_invoice_has_the_serial_number_of_its_master(cloud):
    master = InvoiceFactory()
    known_as(master, cloud, "of-master")
    redirect = InvoiceFactory(merged_into=master)
    older = InvoiceFactory(merged_into=redirect)
    unknown = InvoiceFactory()
    invoice_ids = [older.pk, unknown.pk, redirect.pk, master.pk]
    assert serial_numbers(invoice_ids, [cloud.pk]) == {
        cloud.pk: dict.fromkeys([older.pk, redirect.pk, master.pk], "of-master")
    }


def test_a_source_that_knows_nothing_is_there_without_invoices(cloud, django_assert_num_queries):
    other = SourceFactory()
    known_as(invoice := InvoiceFactory(), cloud, "one")
    with django_assert_num_queries(1):
        assert serial_numbers([invoice.pk], [cloud.pk, other.pk]) == {cloud.pk: {invoice.pk: "one"}, other.pk: {}}
    assert serial_numbers([], [cloud.pk]) == {cloud.pk: {}}


def test_bill_and_voucher_name_an_invoice_alike(cloud):
    invoice = InvoiceFactory(company=cloud.company)
    known_as(invoice, cloud, "a-old")
    known_as(invoice, cloud, "z-new", minutes=1)
    bill = BillFactory(company=cloud.company)
    bill_invoice = BillInvoiceFactory(bill=bill, invoice=invoice)
    voucher = VoucherFactory(book=AccountBookFactory(company=cloud.company, source=cloud))
    VoucherInvoice.objects.create(voucher=voucher, invoice=invoice)
    on_bill = pushing._content(bill, cloud, [bill_invoice]).invoices
    on_voucher = selectors.contents([voucher])[voucher.pk].invoices
    assert [one.serial for one in on_bill] == [one.serial for one in on_voucher] == ["z-new"]
