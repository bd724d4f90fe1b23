"""Usages: what our own bills and vouchers make of an invoice wins over the sources and survives every change."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from apps.invoices import usage
from apps.invoices.ledger import recompute
from apps.invoices.masters import master_ids
from apps.invoices.models import Invoice, InvoiceUsage
from apps.invoices.survivorship import with_own_usage
from apps.sources.records import ExpenseStatus, InvoiceKind
from tests.factories import SourceFactory

from .builders import PAIR, TWENTY, record
from .ledgers import bring

statuses = st.sampled_from(["unused", "reserved", "used", "booked"])


@given(st.sampled_from(ExpenseStatus), st.lists(statuses, max_size=3), st.randoms(use_true_random=False))
def test_the_furthest_of_our_own_usages_wins_in_any_order(theirs, own, random):
    shuffled = random.sample(own, len(own))
    first, second = (with_own_usage(record(expense_status=theirs), one).expense_status for one in (own, shuffled))
    assert first == second
    in_use = [status for status in ("booked", "used", "reserved") if status in own]
    if in_use:
        assert first == in_use[0]
    elif own and theirs == ExpenseStatus.UNKNOWN:
        assert first == ExpenseStatus.UNUSED
    else:
        assert first == theirs


@pytest.fixture
def source():
    return SourceFactory(kind="piaozone")


def status_of(**lookup: object) -> str:
    return Invoice.objects.get(merged_into=None, **lookup).expense_status


def use(by: str, status: str, *ids: int) -> None:
    with transaction.atomic():
        usage.set_usage(by, dict.fromkeys(ids, status))


@pytest.mark.django_db
def test_a_usage_survives_a_new_pull_and_a_rebuild(source):
    bring(source, record("a", digital_number=TWENTY, expense_status=ExpenseStatus.UNUSED))
    invoice = Invoice.objects.get()
    use("bills", "reserved", invoice.pk)
    assert status_of() == "reserved"
    bring(source, record("a", digital_number=TWENTY, remark="new", expense_status=ExpenseStatus.UNUSED))
    recompute([invoice.pk])
    assert status_of() == "reserved"
    use("vouchers", "booked", invoice.pk)
    assert status_of() == "booked"
    use("vouchers", "unused", invoice.pk)
    assert status_of() == "reserved"
    use("bills", "unused", invoice.pk)
    assert status_of() == "unused"


@pytest.mark.django_db
def test_storing_the_same_usage_again_changes_nothing(source):
    bring(source, record("a", digital_number=TWENTY))
    use("bills", "reserved", Invoice.objects.get().pk)
    before = Invoice.objects.values().get()
    use("bills", "reserved", before["id"])
    assert Invoice.objects.values().get() == before


@pytest.mark.django_db
def test_a_usage_goes_to_the_master_and_comes_back_when_the_invoices_part(source):
    code, number = PAIR
    whole = {"total_amount": Decimal("106.00"), "kind": InvoiceKind.DIGITAL_PAPER_SPECIAL}
    bring(source, record("pair", code=code, number=number, **whole), record("digital", digital_number=TWENTY, **whole))
    pair, digital = Invoice.objects.get(code=code), Invoice.objects.get(digital_number=TWENTY)
    use("bills", "used", pair.pk)
    assert status_of(pk=digital.pk) == "unknown"
    bring(source, record("digital", digital_number=TWENTY, code=code, number=number, **whole))
    assert status_of() == "used"
    assert master_ids([pair.pk, digital.pk]) == dict.fromkeys(
        [pair.pk, digital.pk], Invoice.objects.get(merged_into=None).pk
    )
    bring(source, record("digital", digital_number=TWENTY, **whole))
    assert status_of(code=code, digital_number="") == "used"
    assert status_of(digital_number=TWENTY) == "unknown"


@pytest.mark.django_db
def test_five_hundred_invoices_cost_what_one_costs(source, django_assert_max_num_queries):
    bring(source, *(record(str(n), digital_number=f"{n:020d}") for n in range(500)))
    ids = list(Invoice.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(25):
        use("bills", "reserved", *ids)
    assert set(Invoice.objects.values_list("expense_status", flat=True)) == {"reserved"}
    assert InvoiceUsage.objects.count() == 500
