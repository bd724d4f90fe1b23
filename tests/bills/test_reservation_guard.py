"""Reservations that the database refuses, independent of the services."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.bills.models import BillInvoice
from tests.factories import BillFactory, BillInvoiceFactory, InvoiceFactory

pytestmark = pytest.mark.django_db


def refused(**values: object) -> str:
    """The name of the constraint that refuses this reservation."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        BillInvoiceFactory(**values)
    cause = caught.value.__cause__
    assert cause is not None
    return str(cause.diag.constraint_name)  # type: ignore[attr-defined]


def test_a_second_reservation_is_refused_until_the_first_is_released() -> None:
    first = BillInvoiceFactory()
    assert refused(invoice=first.invoice) == "one_reservation_per_invoice"
    BillInvoice.objects.filter(pk=first.pk).update(state="released")
    BillInvoiceFactory(invoice=first.invoice)
    with pytest.raises(IntegrityError), transaction.atomic():
        BillInvoice.objects.filter(pk=first.pk).update(state="reserved")


def test_a_contested_row_excludes_no_reservation() -> None:
    first = BillInvoiceFactory()
    BillInvoiceFactory(invoice=first.invoice, contested=True)
    other = BillInvoiceFactory(contested=True)
    BillInvoiceFactory(invoice=other.invoice)


def test_shares_stay_within_the_total() -> None:
    invoice = InvoiceFactory(total_amount=Decimal("113.00"))
    first = BillInvoiceFactory(invoice=invoice, shared=True, amount=Decimal(100))
    BillInvoiceFactory(invoice=invoice, shared=True, amount=Decimal(13))
    assert refused(invoice=invoice, shared=True, amount=Decimal("0.01")) == "shares_within_total"
    assert refused(invoice=invoice, shared=False, amount=Decimal(1)) == "one_reservation_per_invoice"
    with pytest.raises(IntegrityError), transaction.atomic():
        BillInvoice.objects.filter(pk=first.pk).update(amount=Decimal("100.01"))


def test_shares_of_a_red_letter_invoice_stay_within_its_absolute_total() -> None:
    red = InvoiceFactory(total_amount=Decimal("-113.00"))
    BillInvoiceFactory(invoice=red, shared=True, amount=Decimal(-100))
    assert refused(invoice=red, shared=True, amount=Decimal(-14)) == "shares_within_total"


def test_a_reservation_covers_all_merged_invoices() -> None:
    master = InvoiceFactory()
    copy = InvoiceFactory(merged_into=master)
    older = InvoiceFactory(merged_into=copy)
    BillInvoiceFactory(invoice=older)
    assert refused(invoice=master) == "one_reservation_per_invoice"
    assert refused(invoice=copy) == "one_reservation_per_invoice"
    BillInvoiceFactory(invoice=InvoiceFactory())


def test_a_bill_has_an_invoice_once_per_line() -> None:
    bill = BillFactory()
    bill_invoice = BillInvoiceFactory(bill=bill, shared=True, amount=Decimal(1))
    assert (
        refused(bill=bill, invoice=bill_invoice.invoice, shared=True, amount=Decimal(1)) == "one_bill_invoice_per_line"
    )
