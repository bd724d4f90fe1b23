"""What the database itself refuses, whatever the code above it does."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.bills.models import InvoiceUse
from tests.factories import BillFactory, InvoiceFactory, InvoiceUseFactory

pytestmark = pytest.mark.django_db


def refused(**values: object) -> str:
    """The name of the rule that refuses this use."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        InvoiceUseFactory(**values)
    cause = caught.value.__cause__
    assert cause is not None
    return str(cause.diag.constraint_name)  # type: ignore[attr-defined]


def test_a_second_hold_is_refused_and_a_released_one_is_no_hold() -> None:
    first = InvoiceUseFactory()
    assert refused(invoice=first.invoice) == "one_live_hold_per_invoice"
    InvoiceUse.objects.filter(pk=first.pk).update(state="released")
    InvoiceUseFactory(invoice=first.invoice)
    with pytest.raises(IntegrityError), transaction.atomic():
        InvoiceUse.objects.filter(pk=first.pk).update(state="held")


def test_what_only_an_upstream_says_keeps_nobody_away() -> None:
    first = InvoiceUseFactory()
    InvoiceUseFactory(invoice=first.invoice, contested=True)
    other = InvoiceUseFactory(contested=True)
    InvoiceUseFactory(invoice=other.invoice)


def test_shares_stay_within_the_total() -> None:
    invoice = InvoiceFactory(total_amount=Decimal("113.00"))
    first = InvoiceUseFactory(invoice=invoice, shared=True, amount=Decimal(100))
    InvoiceUseFactory(invoice=invoice, shared=True, amount=Decimal(13))
    assert refused(invoice=invoice, shared=True, amount=Decimal("0.01")) == "shares_within_total"
    assert refused(invoice=invoice, shared=False, amount=Decimal(1)) == "one_live_hold_per_invoice"
    with pytest.raises(IntegrityError), transaction.atomic():
        InvoiceUse.objects.filter(pk=first.pk).update(amount=Decimal("100.01"))


def test_a_red_invoice_is_shared_by_its_size() -> None:
    red = InvoiceFactory(total_amount=Decimal("-113.00"))
    InvoiceUseFactory(invoice=red, shared=True, amount=Decimal(-100))
    assert refused(invoice=red, shared=True, amount=Decimal(-14)) == "shares_within_total"


def test_a_merged_invoice_is_held_with_the_one_it_was_merged_into() -> None:
    survivor = InvoiceFactory()
    copy = InvoiceFactory(merged_into=survivor)
    older = InvoiceFactory(merged_into=copy)
    InvoiceUseFactory(invoice=older)
    assert refused(invoice=survivor) == "one_live_hold_per_invoice"
    assert refused(invoice=copy) == "one_live_hold_per_invoice"
    InvoiceUseFactory(invoice=InvoiceFactory())


def test_a_bill_uses_an_invoice_once_per_entry() -> None:
    bill = BillFactory()
    use = InvoiceUseFactory(bill=bill, shared=True, amount=Decimal(1))
    assert refused(bill=bill, invoice=use.invoice, shared=True, amount=Decimal(1)) == "one_live_use_per_entry"
