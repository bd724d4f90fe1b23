"""Two invoices, each reserved by a bill, are merged: a double claim until one bill releases the invoice."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from apps.bills import services as bills
from apps.bills.models import Bill, BillInvoice, ReservationPolicy
from apps.duplicates import searching, services
from apps.duplicates.models import Claim, DuplicateCase
from apps.invoices import merges
from apps.invoices.models import Invoice
from apps.sources.models import Source
from tests.bills.builders import record_of
from tests.factories import BillFactory, BillInvoiceFactory, SourceFactory, UserFactory
from tests.invoices.ledgers import bring

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return SourceFactory(kind="checker")


@pytest.fixture
def pair(source: Source) -> list[Invoice]:
    """Of one source and equal except for their numbers: a merge changes nothing in the row of the master."""
    bring(source, record_of(1), record_of(2))
    return list(Invoice.objects.order_by("digital_number"))


def on_bills(pair: list[Invoice], source: Source) -> list[Bill]:
    made = []
    for invoice, employee in zip(pair, ("李雷", "韩梅梅"), strict=True):
        bill = BillFactory(company=source.company, employee=employee, department="市场部")
        assert bills.reserve(bill, [invoice.pk], None).bill_invoices
        made.append(bill)
    searching.search_changed()
    return made


def merge(pair: list[Invoice]) -> dict[str, str]:
    before = merges.join([pair[1].key], pair[0].key, None)
    searching.search_changed()
    return before


def test_both_bills_stand_side_by_side_in_a_certain_case(pair: list[Invoice], source: Source) -> None:
    both_bills = on_bills(pair, source)
    assert not DuplicateCase.objects.exists()
    merge(pair)
    case = DuplicateCase.objects.get()
    assert (case.kind, case.tier, case.state, case.company_ids) == ("claim", "certain", "open", [source.company_id])
    assert [member.invoice for member in case.members.all()] == [pair[0]]
    rows = case.claims.order_by("external_id").values_list("source", "person", "department", "bill_number")
    assert list(rows) == [(None, bill.employee, "市场部", bill.number) for bill in both_bills]
    since = BillInvoice.objects.get(bill=both_bills[0]).picked_at
    assert case.claims.earliest("pk").entered_at == f"{since.astimezone():%Y-%m-%d %H:%M}"


def test_undoing_the_merge_lets_the_case_go_and_merging_again_brings_it_back(
    pair: list[Invoice], source: Source
) -> None:
    on_bills(pair, source)
    before = merge(pair)
    merges.restore(before, [invoice.key for invoice in pair], None)
    searching.search_changed()
    assert DuplicateCase.objects.get().state == "gone"
    merge(pair)
    assert DuplicateCase.objects.get().state == "open"


@pytest.mark.parametrize("which", [0, 1])
def test_the_case_goes_when_one_bill_lets_go(pair: list[Invoice], source: Source, which: int) -> None:
    both_bills = on_bills(pair, source)
    merge(pair)
    bills.release(both_bills[which], [both_bills[which].bill_invoices.get().pk], None)
    searching.search_changed()
    assert DuplicateCase.objects.get().state == "gone"


def test_no_third_bill_gets_the_invoice(pair: list[Invoice], source: Source) -> None:
    both_bills = on_bills(pair, source)
    merge(pair)
    third = BillFactory(company=source.company)
    (refusal,) = bills.reserve(third, [pair[1].pk], None).refused
    assert refusal.message.code == "bills.reserved_already"
    for bill in both_bills:
        bills.release(bill, [bill.bill_invoices.get().pk], None)
    (refusal,) = bills.reserve(third, [pair[1].pk], None).refused  # free, but the search has not looked yet
    assert (refusal.message.code, refusal.message.params["case"]) == ("bills.duplicate", DuplicateCase.objects.get().pk)
    searching.search_changed()
    assert bills.reserve(third, [pair[1].pk], None).bill_invoices


def test_shares_and_what_only_an_upstream_says_are_no_second_claim(pair: list[Invoice], source: Source) -> None:
    ReservationPolicy.objects.create(share_by_amount=True)
    on_bills(pair, source)
    merge(pair)
    assert not DuplicateCase.objects.exists()
    BillInvoice.objects.filter(invoice=pair[1]).delete()
    BillInvoice.objects.update(shared=False)
    BillInvoiceFactory(invoice=pair[1], contested=True)
    searching.search_all()
    assert not DuplicateCase.objects.exists()
    BillInvoice.objects.filter(contested=True).update(state="released")
    searching.search_all()
    assert not DuplicateCase.objects.exists()


def test_a_search_of_everything_agrees_and_leaves_what_is_decided(pair: list[Invoice], source: Source) -> None:
    """Also beside what sources say of the same invoice."""
    on_bills(pair, source)
    bring(source, record_of(1, "A"), record_of(2, "B"))
    merge(pair)
    cases, rows = list(DuplicateCase.objects.values()), list(Claim.objects.order_by("pk").values())
    assert sorted(row["source_id"] or 0 for row in rows) == [0, 0, source.pk, source.pk]
    searching.search_all()
    assert (list(DuplicateCase.objects.values()), list(Claim.objects.order_by("pk").values())) == (cases, rows)
    services.confirm(DuplicateCase.objects.get(), UserFactory(), "asked both")
    searching.search_all()
    assert DuplicateCase.objects.get().state == "confirmed"


def test_the_page_and_rest_show_both_bills(pair: list[Invoice], source: Source) -> None:
    both_bills = on_bills(pair, source)
    merge(pair)
    case: Any = DuplicateCase.objects.get()
    reviewer = UserFactory(role="reviewer", companies=[source.company])
    client, rest = Client(), APIClient()
    client.force_login(reviewer)
    rest.force_authenticate(reviewer)
    client.cookies["django_language"] = "en"
    page = client.get(reverse("duplicate", args=[case.pk])).text
    assert "Two invoices became one" in page
    assert all(f">{bill.number}</td>" in page and f">{bill.employee}</td>" in page for bill in both_bills)
    assert client.get(reverse("duplicates")).status_code == 200
    claims = rest.get(f"/api/v1/duplicates/{case.pk}/").json()["claims"]
    assert {(claim["source"], claim["bill_number"]) for claim in claims} == {(None, bill.number) for bill in both_bills}
