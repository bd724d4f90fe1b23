"""What people settle on the pages: conflicts, and records in quarantine."""

from decimal import Decimal

import msgspec
import pytest
from django.urls import reverse

from apps.invoices.models import FieldConflict, Invoice
from apps.sources.models import QuarantinedRecord, Source
from apps.sources.records import dumps, loads
from tests.factories import (
    FieldConflictFactory,
    InvoiceFactory,
    QuarantinedRecordFactory,
    RawRecordFactory,
    SourceFactory,
    SourceRecordFactory,
    SyncRunFactory,
    UserFactory,
)

from .conftest import shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def conflict(source: Source) -> FieldConflict:
    """The tax bureau says 113.00, the OMS 131.00."""
    oms = SourceFactory(name="商派", kind="shopex", company=source.company)
    invoice = InvoiceFactory(seen_by=[source])
    other = SourceRecordFactory(invoice=invoice, source=oms)
    other.record = dumps(msgspec.structs.replace(loads(other.record), total_amount=Decimal("131.00")))
    other.save()
    claims = [
        {
            "source_id": source_record.source_id,
            "external_id": source_record.external_id,
            "value": str(loads(source_record.record).total_amount),
        }
        for source_record in invoice.source_records.order_by("source_id")
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


def test_quarantine_by_reason(pages, source):
    chosen = QuarantinedRecordFactory(source=source, reason_code="record.bad_date")
    QuarantinedRecordFactory.create_batch(2, source=source)
    QuarantinedRecordFactory()
    everything = pages.get(reverse("quarantine"))
    assert [(group["reason_code"], group["records"]) for group in everything.context["reasons"]] == [
        ("record.bad_amount", 2),
        ("record.bad_date", 1),
    ]
    assert shown(pages.get(reverse("quarantine"), {"reason": "record.bad_date"})) == {chosen.pk}


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
