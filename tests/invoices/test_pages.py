"""The workspace's pages of the ledger: what is shown, to whom, and at how many queries."""

import io
import itertools
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import openpyxl
import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.core import keyset
from apps.invoices.models import FieldConflict, Invoice
from apps.sources.models import QuarantinedRecord, Source
from apps.sources.records import dumps, loads
from tests.factories import (
    FieldConflictFactory,
    InvoiceFactory,
    InvoiceLineFactory,
    PartyFactory,
    QuarantinedRecordFactory,
    RawRecordFactory,
    SightingFactory,
    SourceFactory,
    SyncRunFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return SourceFactory(name="税局", kind="etax")


@pytest.fixture
def accountant(source: Source) -> User:
    return UserFactory(role="accountant", companies=[source.company])


@pytest.fixture
def pages(client: Client, accountant: User) -> Client:
    client.force_login(accountant)
    client.cookies["django_language"] = "en"
    return client


def shown(response) -> set[int]:
    return {invoice.pk for invoice in response.context["page"].rows}


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
    ("text", "found"),
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
def test_search(pages, source, text, found):
    seller = PartyFactory(name="华为技术有限公司", tax_no="914403007152600001")
    invoice = InvoiceFactory(
        company=source.company, seller=seller, digital_number="26999999990000000001", total_amount=Decimal("113.07")
    )
    InvoiceFactory(company=source.company)
    assert shown(pages.get(reverse("invoices"), {"q": text})) == ({invoice.pk} if found else set())


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
    wanted = InvoiceFactory(company=source.company, **fields)
    InvoiceFactory(company=source.company)
    assert shown(pages.get(reverse("invoices"), query)) == {wanted.pk}


def test_conflicts_can_be_listed(pages, source):
    disputed = FieldConflictFactory(invoice__company=source.company).invoice
    InvoiceFactory(company=source.company)
    assert shown(pages.get(reverse("invoices"), {"has_conflict": "true"})) == {disputed.pk}


def test_a_filter_that_makes_no_sense_is_named(pages):
    response = pages.get(reverse("invoices"), {"issued_from": "yesterday"})
    assert response.context["filter"].form.errors.keys() == {"issued_from"}


@pytest.mark.parametrize("order", ["-date", "date", "-total", "total"])
def test_pages_go_forth_and_back_without_gaps(order):
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
        page = keyset.page(Invoice.objects.all(), how, 2, after)
        walked += page.rows
        pages_seen.append(page)
        if page.next is None:
            break
        after = page.next
    assert walked == expected
    for earlier, later in itertools.pairwise(pages_seen):
        back = keyset.page(Invoice.objects.all(), how, 2, before=later.previous)
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


def test_invoice_page_shows_who_says_what(pages, source):
    oms = SourceFactory(name="商派", kind="shopex", company=source.company)
    invoice = InvoiceFactory(seen_by=[source], flags=["sources_disagree"])
    InvoiceLineFactory(invoice=invoice)
    other = SightingFactory(invoice=invoice, source=oms)
    other.record = dumps(msgspec.structs.replace(loads(other.record), total_amount=Decimal("131.00")))
    other.save()
    response = pages.get(reverse("invoice", args=[invoice.pk]))
    row = next(row for row in response.context["rows"] if row.field == "total_amount")
    standing = {
        column.sighting.source.name: cell.standing
        for column, cell in zip(response.context["columns"], row.cells, strict=True)
    }
    assert standing == {"税局": "counts", "商派": "differs"}
    assert "Settle the conflict" in response.content.decode()


def test_invoice_page_keeps_other_companies_sources_to_itself(pages, source):
    foreign = SourceFactory(name="隔壁公司的系统")
    invoice = InvoiceFactory(seen_by=[source, foreign])
    sighting = invoice.sightings.get(source=foreign)
    text = pages.get(reverse("invoice", args=[invoice.pk])).content.decode()
    assert foreign.name not in text
    assert "1 source of another company" in text
    assert pages.get(reverse("invoice_raw", args=[invoice.pk, sighting.pk])).status_code == 404


def test_invoice_page_budget(pages, source, django_assert_max_num_queries):
    invoice = InvoiceFactory(seen_by=[source, *SourceFactory.create_batch(4, company=source.company)])
    FieldConflictFactory(invoice=invoice)
    with django_assert_max_num_queries(27):
        pages.get(reverse("invoice", args=[invoice.pk]))


def test_a_merged_invoice_leads_to_the_one_that_stays(pages, source):
    survivor = InvoiceFactory(company=source.company)
    shell = InvoiceFactory(merged_into=survivor)
    assert pages.get(reverse("invoice", args=[shell.pk])).url == reverse("invoice", args=[survivor.pk])
    hidden = InvoiceFactory(merged_into=InvoiceFactory())
    assert pages.get(reverse("invoice", args=[hidden.pk])).status_code == 404


def test_raw_records_are_masked(pages, source):
    invoice = InvoiceFactory(company=source.company)
    raw = RawRecordFactory(source=source, payload='{"identityNo": "310101199001011234", "total": 1.10}')
    sighting = SightingFactory(invoice=invoice, source=source, raw=raw)
    text = pages.get(reverse("invoice_raw", args=[invoice.pk, sighting.pk])).content.decode()
    assert "310101199001011234" not in text
    assert "3101" in text
    assert "1.10" in text


def test_history_says_what_changed(pages, source):
    invoice = InvoiceFactory(company=source.company)
    RawRecordFactory(source=source, external_id="x", payload='{"status": "0", "lines": [{"n": "1"}], "same": "a"}')
    newest = RawRecordFactory(
        source=source, external_id="x", payload='{"status": "3", "lines": [{"n": "2"}], "same": "a"}'
    )
    sighting = SightingFactory(invoice=invoice, source=source, external_id="x", raw=newest)
    response = pages.get(reverse("invoice_history", args=[invoice.pk, sighting.pk]))
    (step,) = response.context["steps"]
    assert {(c.path, c.before, c.after) for c in step.changes} == {("status", "0", "3"), ("lines[1].n", "1", "2")}
    assert step.fields == []  # no version of it could be read as an invoice


def test_history_speaks_our_words_before_the_sources(pages, source):
    scanned = json.loads((SAMPLES / "checker" / "scanned.json").read_text())
    invoice, checker = InvoiceFactory(company=source.company), SourceFactory(kind="checker", company=source.company)
    for money in (100, 90):
        payload = json.dumps(scanned | {"invoiceMoney": money, "memo": str(money)})
        newest = RawRecordFactory(source=checker, external_id="x", payload=payload)
    sighting = SightingFactory(invoice=invoice, source=checker, external_id="x", raw=newest)
    response = pages.get(reverse("invoice_history", args=[invoice.pk, sighting.pk]))
    (step,) = response.context["steps"]
    assert ("Amount excl. tax", "100.00", "90.00") in [(str(label), *values) for label, *values in step.fields]
    assert {change.path for change in step.changes} == {"invoiceMoney", "memo"}


SAMPLES = Path(__file__).parents[1] / "sources" / "connectors" / "samples"


@pytest.fixture
def conflict(source: Source) -> FieldConflict:
    """The tax bureau says 113.00, the OMS 131.00."""
    oms = SourceFactory(name="商派", kind="shopex", company=source.company)
    invoice = InvoiceFactory(seen_by=[source])
    other = SightingFactory(invoice=invoice, source=oms)
    other.record = dumps(msgspec.structs.replace(loads(other.record), total_amount=Decimal("131.00")))
    other.save()
    claims = [
        {
            "source_id": sighting.source_id,
            "external_id": sighting.external_id,
            "value": str(loads(sighting.record).total_amount),
        }
        for sighting in invoice.sightings.order_by("source_id")
    ]
    return FieldConflictFactory(invoice=invoice, claims=claims)


@pytest.mark.parametrize(
    ("choice", "other", "chosen"),
    [("claim:131.00", "", "131.00"), ("other", "1,200.5", "1200.50")],
)
def test_settling_a_conflict_and_undoing_it(pages, conflict, accountant, choice, other, chosen):
    page = reverse("invoice", args=[conflict.invoice_id])
    response = pages.post(
        reverse("settle_conflict", args=[conflict.pk]), {"choice": choice, "other": other, "reason": "checked"}
    )
    assert response.url == page
    conflict.refresh_from_db()
    assert (conflict.state, conflict.settled_by, conflict.reason) == ("settled", accountant, "checked")
    assert Decimal(conflict.chosen) == Decimal(chosen)
    assert Invoice.objects.get(pk=conflict.invoice_id).total_amount == Decimal(chosen)
    assert "Settled by" in pages.get(page).content.decode()
    pages.post(reverse("reopen_conflict", args=[conflict.pk]))
    assert Invoice.objects.get(pk=conflict.invoice_id).total_amount == Decimal("113.00")


@pytest.mark.parametrize(
    "entered",
    [
        {"choice": "claim:131.00"},
        {"reason": "because"},
        {"choice": "other", "other": "plenty", "reason": "because"},
        {"choice": "claim:7.00", "reason": "because"},
    ],
)
def test_a_settlement_needs_a_fitting_value_and_a_reason(pages, conflict, entered):
    response = pages.post(reverse("settle_conflict", args=[conflict.pk]), entered)
    assert response.status_code == 400
    assert 'role="alert"' in response.content.decode()
    conflict.refresh_from_db()
    assert conflict.state == "open"


def test_every_write_needs_its_permission(client, source, conflict):
    client.force_login(UserFactory(role="viewer", companies=[source.company]))
    record = QuarantinedRecordFactory(source=source)
    run = SyncRunFactory(source=source, running=True)
    addresses = [
        reverse("settle_conflict", args=[conflict.pk]),
        reverse("reopen_conflict", args=[conflict.pk]),
        reverse("retry_quarantine"),
        *(
            reverse(name, args=[record.pk])
            for name in ("retry_quarantined", "dismiss_quarantined", "reopen_quarantined")
        ),
        reverse("sync", args=[source.pk]),
        reverse("sync_all"),
        reverse("cancel_pull", args=[run.pk]),
    ]
    assert {client.post(address).status_code for address in addresses} == {403}
    assert {client.get(address).status_code for address in addresses} == {405}


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


def test_quarantine_by_reason(pages, source):
    wanted = QuarantinedRecordFactory(source=source, reason_code="record.bad_date")
    QuarantinedRecordFactory.create_batch(2, source=source)
    QuarantinedRecordFactory()
    everything = pages.get(reverse("quarantine"))
    assert [(group["reason_code"], group["records"]) for group in everything.context["reasons"]] == [
        ("record.bad_amount", 2),
        ("record.bad_date", 1),
    ]
    assert shown(pages.get(reverse("quarantine"), {"reason": "record.bad_date"})) == {wanted.pk}


def test_dismissing_needs_a_comment_and_can_be_undone(pages, source):
    record = QuarantinedRecordFactory(source=source)
    address = reverse("dismiss_quarantined", args=[record.pk])
    assert "Say why" in pages.post(address, follow=True).content.decode()
    pages.post(address, {"comment": "a test order"})
    record.refresh_from_db()
    assert (record.state, record.comment) == ("dismissed", "a test order")
    assert shown(pages.get(reverse("quarantine"), {"state": "dismissed"})) == {record.pk}
    pages.post(reverse("reopen_quarantined", args=[record.pk]))
    record.refresh_from_db()
    assert record.state == "open"


def test_nobody_touches_other_companies_records(pages, conflict):
    record, run = QuarantinedRecordFactory(), SyncRunFactory(running=True)
    foreign = FieldConflictFactory()
    for name, pk in (
        ("retry_quarantined", record.pk),
        ("dismiss_quarantined", record.pk),
        ("settle_conflict", foreign.pk),
        ("cancel_pull", run.pk),
        ("sync", run.source_id),
    ):
        assert pages.post(reverse(name, args=[pk])).status_code == 404
    assert pages.get(reverse("quarantine_raw", args=[record.pk])).status_code == 404
    pages.post(reverse("retry_quarantine"))
    record.refresh_from_db()
    assert record.attempts == 1


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
    assert response.context["flags"] == [("unknown_code", 1)]
    assert response.context["sources"]["data"]["labels"] == ["税局"]


def test_language_stays_on_the_page(pages):
    response = pages.post(reverse("set_language"), {"language": "zh-hans", "next": "/invoices/?q=1"})
    assert response.url == "/invoices/?q=1"
    assert 'lang="zh-hans"' in pages.get("/invoices/").content.decode()


def test_retrying_a_reason_brings_what_can_be_read_now(pages):
    etax = SourceFactory(kind="etax")
    pages.force_login(UserFactory(role="accountant", companies=[etax.company]))
    bad = RawRecordFactory(source=etax, external_id="bad", payload='{"billingDate": "2026-13-01"}')
    still_bad = QuarantinedRecordFactory(source=etax, external_id="bad", raw=bad, reason_code="record.bad_date")
    readable = QuarantinedRecordFactory(source=etax, reason_code="record.bad_date")
    untouched = QuarantinedRecordFactory(source=etax, reason_code="record.missing")
    text = pages.post(reverse("retry_quarantine"), {"reason": "record.bad_date"}, follow=True).content.decode()
    assert "1 record is an invoice now." in text
    assert "1 record still cannot be used." in text
    states = {record.pk: record.state for record in QuarantinedRecord.objects.all()}
    assert states == {still_bad.pk: "open", readable.pk: "resolved", untouched.pk: "open"}
    assert QuarantinedRecord.objects.get(pk=untouched.pk).attempts == 1
