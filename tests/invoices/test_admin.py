"""The ledger, source records, raw records and the quarantine in the administration: read only, masked, fast."""

from typing import Any

import pytest
from django.test import Client

from apps.core import admin as core_admin
from apps.invoices.models import Invoice
from apps.sources.models import QuarantinedRecord
from tests.factories import (
    AdminFactory,
    InvoiceFactory,
    InvoiceLineFactory,
    QuarantinedRecordFactory,
    RawRecordFactory,
    SourceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

INVOICES, SOURCE_RECORDS = "/admin/invoices/invoice/", "/admin/invoices/sourcerecord/"
RAW, QUARANTINE = "/admin/sources/rawrecord/", "/admin/sources/quarantinedrecord/"
PERSONAL = "310101199003071234"


@pytest.fixture
def admin(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    client.force_login(AdminFactory())
    return client


def test_nobody_edits_the_ledger_by_hand(admin: Client) -> None:
    source = SourceFactory()
    invoice = InvoiceFactory(seen_by=[source])
    source_record = invoice.source_records.get()
    for place in (f"{INVOICES}{invoice.pk}", f"{SOURCE_RECORDS}{source_record.pk}", f"{RAW}{source_record.raw_id}"):
        assert admin.get(f"{place}/change/").status_code == 200
        assert admin.post(f"{place}/change/", {"number": "1"}).status_code == 403
        assert admin.post(f"{place}/delete/", {"post": "yes"}).status_code == 403
    assert admin.get(f"{INVOICES}add/").status_code == 403


def test_personal_numbers_are_masked(admin: Client) -> None:
    raw = RawRecordFactory(payload=f'{{"idCard": "{PERSONAL}", "text": "of {PERSONAL}"}}')
    record = QuarantinedRecordFactory(source=raw.source, raw=raw)
    for url in (f"{RAW}{raw.pk}/change/", f"{QUARANTINE}{record.pk}/change/"):
        page = admin.get(url).text
        assert "3101" in page
        assert PERSONAL not in page


@pytest.mark.parametrize("term", ["number", "digital_number", "prefix", "party"])
def test_invoices_are_found(admin: Client, term: str) -> None:
    invoice = InvoiceFactory(number="00012345", digital_number="26312000000000012345", kind="taxi")
    InvoiceFactory(kind="ship")
    terms = {
        "number": "00012345",
        "digital_number": "26312000000000012345",
        "prefix": invoice.digital_number[:18],
        "party": invoice.seller.name,
    }
    page = admin.get(INVOICES, {"q": terms[term]})
    assert [row.pk for row in page.context["cl"].result_list] == [invoice.pk]


def test_lists_hold_only_what_one_may_see(client: Client) -> None:
    mine, theirs = SourceFactory(), SourceFactory()
    seen, hidden = InvoiceFactory(seen_by=[mine]), InvoiceFactory(seen_by=[theirs])
    client.force_login(UserFactory(role="administrator", is_staff=True, companies=[mine.company]))
    for url in (INVOICES, SOURCE_RECORDS, RAW):
        assert client.get(url).context["cl"].result_count == 1
    assert client.get(f"{INVOICES}{seen.pk}/change/").status_code == 200
    assert client.get(f"{INVOICES}{hidden.pk}/change/").status_code == 302
    both = InvoiceFactory(seen_by=[mine, theirs])
    assert theirs.name not in client.get(f"{INVOICES}{both.pk}/change/").text


def test_free_lookups_are_refused(admin: Client) -> None:
    InvoiceFactory(kind="taxi")
    assert admin.get(f"{INVOICES}?kind__exact=taxi").context["cl"].result_count == 1
    for lookup in ("remark__icontains=x", "buyer__name=x", "kind__startswith=t"):
        assert admin.get(f"{INVOICES}?{lookup}").status_code == 400


def test_long_lists_are_counted_and_paged_no_further_than_the_cap(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core_admin, "MOST_ROWS", 3)
    InvoiceFactory.create_batch(5)
    changes = admin.get(INVOICES).context["cl"]
    assert (changes.result_count, changes.full_result_count) == (3, None)


@pytest.mark.parametrize("url", [INVOICES, SOURCE_RECORDS, RAW, QUARANTINE])
def test_lists_cost_a_fixed_number_of_queries(admin: Client, url: str, django_assert_max_num_queries: Any) -> None:
    for _ in range(6):
        QuarantinedRecordFactory()
        InvoiceFactory(seen_by=[SourceFactory()])
    with django_assert_max_num_queries(7):
        assert admin.get(url).context["cl"].result_count >= 6


def test_an_invoice_costs_a_fixed_number_of_queries(admin: Client, django_assert_max_num_queries: Any) -> None:
    invoice = InvoiceFactory(seen_by=SourceFactory.create_batch(4))
    InvoiceLineFactory.create_batch(6, invoice=invoice)
    with django_assert_max_num_queries(12):
        page = admin.get(f"{INVOICES}{invoice.pk}/change/")
    assert page.text.count("打印纸") >= 6


def test_retrying_asks_first_and_says_what_came_of_it(admin: Client) -> None:
    source = SourceFactory(kind="file")
    raw = RawRecordFactory(
        source=source, external_id="A", payload='{"key": "A", "digital_number": "26312000000000012345"}'
    )
    record = QuarantinedRecordFactory(source=source, external_id="A", raw=raw)
    url = f"{QUARANTINE}{record.pk}/retry_now/"
    assert admin.get(url).status_code == 200
    assert not Invoice.objects.exists()
    assert "1 record is in the ledger now, 0 still wait." in admin.post(url, follow=True).text
    assert Invoice.objects.get().key == "E:26312000000000012345"


def test_dismissing_needs_a_reason(admin: Client) -> None:
    record = QuarantinedRecordFactory()
    url = f"{QUARANTINE}{record.pk}/dismiss_now/"
    assert admin.post(url, {"note": " "}).status_code == 200
    record.refresh_from_db()
    assert record.state == "open"
    admin.post(url, {"note": "a test"})
    record.refresh_from_db()
    assert (record.state, record.comment, record.settled_by.is_superuser) == ("dismissed", "a test", True)
    assert "dealt with" in admin.post(url, {"note": "again"}, follow=True).text


def test_many_can_be_settled_at_once(admin: Client) -> None:
    ids = [QuarantinedRecordFactory(source=SourceFactory(kind="file")).pk for _ in range(3)]
    page = admin.post(QUARANTINE, {"action": "retry_selected", "_selected_action": ids}, follow=True)
    assert "0 records are in the ledger now, 3 still wait." in page.text
    admin.post(QUARANTINE, {"action": "dismiss_selected", "_selected_action": ids})
    assert QuarantinedRecord.objects.filter(state="dismissed").count() == 3


def test_a_viewer_settles_nothing(client: Client) -> None:
    record = QuarantinedRecordFactory()
    client.force_login(UserFactory(role="viewer", is_staff=True, companies=[record.source.company]))
    assert client.get(f"{QUARANTINE}{record.pk}/change/").status_code == 200
    for button in ("retry_now", "dismiss_now"):
        assert client.post(f"{QUARANTINE}{record.pk}/{button}/", {"note": "x"}).status_code == 403
    client.post(QUARANTINE, {"action": "dismiss_selected", "_selected_action": [record.pk]})
    record.refresh_from_db()
    assert record.state == "open"
