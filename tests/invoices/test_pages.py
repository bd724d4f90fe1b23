"""The lists of the ledger and the overview: what is shown, to whom, and at how many queries."""

import io
import itertools
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from apps.core import keyset
from apps.invoices.models import Invoice
from apps.invoices.templatetags.workspace import label
from tests.factories import (
    FieldConflictFactory,
    InvoiceFactory,
    PartyFactory,
    SourceFactory,
    SyncRunFactory,
    UserFactory,
)

from .conftest import shown

pytestmark = pytest.mark.django_db


def test_only_invoices_of_my_companies(pages, source):
    mine = InvoiceFactory(company=source.company)
    other = InvoiceFactory(company=SourceFactory().company)
    assert shown(pages.get(reverse("invoices"))) == {mine.pk}
    assert pages.get(reverse("invoice", args=[other.pk])).status_code == 404
    exported = b"".join(pages.get(reverse("export_invoices_csv")).streaming_content).decode()
    assert mine.digital_number in exported
    assert other.digital_number not in exported


def test_excel_keeps_all_twenty_digits_and_counts_in_numbers(pages, source):
    invoice = InvoiceFactory(company=source.company, total_amount=Decimal("1234.50"))
    InvoiceFactory(company=source.company, issue_date=None)
    response = pages.get(reverse("export_invoices"))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)), read_only=True)
    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == 3
    assert invoice.digital_number in rows[1]
    assert 1234.5 in rows[1]


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("华为", True),
        ("26999999990000000001", True),
        ("2699999999", True),
        ("113.07", True),
        ("1,113.07", False),
        ("9144030071526", True),
        ("中兴", False),
    ],
)
def test_search(pages, source, text, matches):
    seller = PartyFactory(name="华为技术有限公司", tax_no="914403007152600001")
    invoice = InvoiceFactory(
        company=source.company, seller=seller, digital_number="26999999990000000001", total_amount=Decimal("113.07")
    )
    InvoiceFactory(company=source.company)
    assert shown(pages.get(reverse("invoices"), {"q": text})) == ({invoice.pk} if matches else set())


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"kind": "taxi"}, {"kind": "taxi"}),
        ({"status": "void"}, {"status": "void"}),
        ({"flag": "unknown_code"}, {"flags": ["unknown_code"]}),
        ({"deduction_period": "202601"}, {"deduction_period": "202601"}),
        ({"issued_from": "2027-01-01"}, {"issue_date": date(2027, 1, 1)}),
        ({"total_max": "-1"}, {"total_amount": Decimal("-5.00")}),
    ],
)
def test_filters(pages, source, query, fields):
    match = InvoiceFactory(company=source.company, **fields)
    InvoiceFactory(company=source.company)
    assert shown(pages.get(reverse("invoices"), query)) == {match.pk}


def test_conflicts_can_be_listed(pages, source):
    disputed = FieldConflictFactory(invoice__company=source.company).invoice
    InvoiceFactory(company=source.company)
    assert shown(pages.get(reverse("invoices"), {"has_conflict": "true"})) == {disputed.pk}


def test_a_filter_that_makes_no_sense_is_named(pages):
    response = pages.get(reverse("invoices"), {"issued_from": "yesterday"})
    assert response.context["filter"].form.errors.keys() == {"issued_from"}


@pytest.mark.parametrize("few", [False, True])
@pytest.mark.parametrize("order", ["-date", "date", "-total", "total"])
def test_pages_go_forth_and_back_without_gaps(order, few):
    field = "issue_date" if "date" in order else "total_amount"
    days = [date(2026, 1, 1), date(2026, 1, 1), None, date(2026, 1, 2), None, None, date(2026, 1, 3)]
    for n, day in enumerate(days):
        InvoiceFactory(issue_date=day, total_amount=None if day is None else Decimal(n))
    descending = order.startswith("-")
    reader = date.fromisoformat if field == "issue_date" else Decimal
    how = keyset.Order(field, descending, reader)
    column = F(field).desc(nulls_last=True) if descending else F(field).asc(nulls_last=True)
    expected = list(Invoice.objects.order_by(column, f"{'-' * descending}pk"))
    walked, after, pages_seen = [], "", []
    while True:
        page = keyset.page(Invoice.objects.all(), how, 2, after, few=few)
        walked += page.rows
        pages_seen.append(page)
        if page.next is None:
            break
        after = page.next
    assert walked == expected
    for earlier, later in itertools.pairwise(pages_seen):
        back = keyset.page(Invoice.objects.all(), how, 2, before=later.previous, few=few)
        assert back.rows == earlier.rows
        assert (back.previous is None) == (earlier is pages_seen[0])


@pytest.mark.parametrize("position", ["", "nonsense", "2026-99-99~3", "2026-01-01~x", "~"])
def test_an_edited_position_is_the_beginning(pages, source, position):
    invoice = InvoiceFactory(company=source.company)
    assert shown(pages.get(reverse("invoices"), {"after": position})) == {invoice.pk}


def test_list_budget(pages, source, django_assert_max_num_queries: DjangoAssertNumQueries):
    for _ in range(60):
        InvoiceFactory(seen_by=[source])
    with django_assert_max_num_queries(23):
        assert len(shown(pages.get(reverse("invoices")))) == 50


def test_without_a_role_the_pages_say_so(client, source):
    client.force_login(UserFactory(companies=[source.company]))
    client.cookies["django_language"] = "en"
    assert "You have no role yet" in client.get(reverse("overview")).content.decode()
    refused = client.get(reverse("invoices"))
    assert refused.status_code == 403
    assert "Your role does not include it" in refused.content.decode()


@pytest.mark.parametrize(
    "name",
    ["overview", "overview_figures", "invoices", "export_invoices", "export_invoices_csv", "pulls", "quarantine"],
)
def test_pages_are_behind_the_login(client, name):
    assert client.get(reverse(name)).url.startswith(reverse("account_login"))


def test_overview_of_a_fresh_installation_says_what_to_do(client):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    client.cookies["django_language"] = "en"
    assert "No source is connected yet" in client.get(reverse("overview")).content.decode()


def test_overview_tells_what_failed_and_why(pages, source, django_assert_max_num_queries):
    SyncRunFactory(source=source, created=3)
    SyncRunFactory(source=source, failed=True)
    for other in SourceFactory.create_batch(5, company=source.company):
        SyncRunFactory(source=other)
    with django_assert_max_num_queries(26):
        text = pages.get(reverse("overview")).content.decode()
    assert "upstream.example did not answer in time" in text


def test_figures_count_what_i_may_see(pages, source):
    InvoiceFactory(seen_by=[source], issue_date=date.today(), flags=["unknown_code"])  # noqa: DTZ011 - the ledger's day
    InvoiceFactory(issue_date=date.today(), flags=["number_length"])  # noqa: DTZ011
    response = pages.get(reverse("overview_figures"))
    assert response.context["flags"] == [("unknown_code", 1, True)]
    assert response.context["sources"]["data"]["labels"] == ["税局"]


def test_language_stays_on_the_page(pages):
    response = pages.post(reverse("set_language"), {"language": "zh-hans", "next": "/invoices/?q=1"})
    assert response.url == "/invoices/?q=1"
    assert 'lang="zh-hans"' in pages.get("/invoices/").content.decode()


def test_a_choice_is_shown_in_the_language_of_the_moment():
    invoice = InvoiceFactory(kind="taxi")
    for language in ("en", "zh-hans", "en"):
        with translation.override(language):
            assert label(invoice, "kind") == invoice.get_kind_display()
