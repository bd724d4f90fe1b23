"""What our own bills and vouchers say of an invoice's use: it stands above the sources and survives everything."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from apps.invoices import parties, usage
from apps.invoices.ledger import recompute
from apps.invoices.models import Invoice, InvoiceUsage
from apps.invoices.survivorship import with_own_use
from apps.sources.records import ExpenseStatus, InvoiceKind
from tests.factories import SourceFactory

from .builders import PAIR, TWENTY, record
from .ledgers import bring

words = st.sampled_from(["unused", "reserved", "used", "booked"])


@given(st.sampled_from(ExpenseStatus), st.lists(words, max_size=3), st.randoms(use_true_random=False))
def test_the_furthest_of_our_own_words_wins_in_any_order(theirs, said, random):
    shuffled = random.sample(said, len(said))
    first, second = (with_own_use(record(expense_status=theirs), one).expense_status for one in (said, shuffled))
    assert first == second
    in_use = [word for word in ("booked", "used", "reserved") if word in said]
    if in_use:
        assert first == in_use[0]
    elif said and theirs == ExpenseStatus.UNKNOWN:
        assert first == ExpenseStatus.UNUSED
    else:
        assert first == theirs


@pytest.fixture
def source():
    parties.forget()
    return SourceFactory(kind="piaozone")


def status_of(**wanted: object) -> str:
    return Invoice.objects.get(merged_into=None, **wanted).expense_status


def say(by: str, status: str, *ids: int) -> None:
    with transaction.atomic():
        usage.set_usage(by, dict.fromkeys(ids, status))


@pytest.mark.django_db
def test_our_word_survives_a_new_pull_and_a_rebuild(source):
    bring(source, record("a", digital_number=TWENTY, expense_status=ExpenseStatus.UNUSED))
    invoice = Invoice.objects.get()
    say("bills", "reserved", invoice.pk)
    assert status_of() == "reserved"
    bring(source, record("a", digital_number=TWENTY, remark="new", expense_status=ExpenseStatus.UNUSED))
    recompute([invoice.pk])
    assert status_of() == "reserved"
    say("vouchers", "booked", invoice.pk)
    assert status_of() == "booked"
    say("vouchers", "unused", invoice.pk)
    assert status_of() == "reserved"
    say("bills", "unused", invoice.pk)
    assert status_of() == "unused"


@pytest.mark.django_db
def test_saying_the_same_again_touches_nothing(source):
    bring(source, record("a", digital_number=TWENTY))
    say("bills", "reserved", Invoice.objects.get().pk)
    before = Invoice.objects.values().get()
    say("bills", "reserved", before["id"])
    assert Invoice.objects.values().get() == before


@pytest.mark.django_db
def test_what_is_said_of_an_invoice_goes_with_it_when_it_is_joined_and_comes_back_when_they_part(source):
    code, number = PAIR
    whole = {"total_amount": Decimal("106.00"), "kind": InvoiceKind.DIGITAL_PAPER_SPECIAL}
    bring(source, record("pair", code=code, number=number, **whole), record("digital", digital_number=TWENTY, **whole))
    pair, digital = Invoice.objects.get(code=code), Invoice.objects.get(digital_number=TWENTY)
    say("bills", "used", pair.pk)
    assert status_of(pk=digital.pk) == "unknown"
    bring(source, record("digital", digital_number=TWENTY, code=code, number=number, **whole))
    assert status_of() == "used"
    assert usage.living([pair.pk, digital.pk]) == dict.fromkeys(
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
        say("bills", "reserved", *ids)
    assert set(Invoice.objects.values_list("expense_status", flat=True)) == {"reserved"}
    assert InvoiceUsage.objects.count() == 500
