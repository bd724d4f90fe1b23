"""The page of one invoice: who says what, what is merged, what is masked, and its history."""

import json
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from django.urls import reverse

from apps.sources.records import dumps, loads
from tests.factories import (
    FieldConflictFactory,
    InvoiceFactory,
    InvoiceLineFactory,
    RawRecordFactory,
    SourceFactory,
    SourceRecordFactory,
)

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parents[1] / "sources" / "connectors" / "samples"


def test_invoice_page_shows_who_says_what(pages, source):
    oms = SourceFactory(name="商派", kind="shopex", company=source.company)
    invoice = InvoiceFactory(seen_by=[source], flags=["sources_disagree"])
    InvoiceLineFactory(invoice=invoice)
    other = SourceRecordFactory(invoice=invoice, source=oms)
    other.record = dumps(msgspec.structs.replace(loads(other.record), total_amount=Decimal("131.00")))
    other.save()
    response = pages.get(reverse("invoice", args=[invoice.pk]))
    row = next(row for row in response.context["rows"] if row.field == "total_amount")
    agreement = {
        column.source_record.source.name: cell.agreement
        for column, cell in zip(response.context["columns"], row.cells, strict=True)
    }
    assert agreement == {"税局": "wins", "商派": "differs"}
    assert "Settle the conflict" in response.content.decode()


def test_invoice_page_keeps_other_companies_sources_to_itself(pages, source):
    foreign = SourceFactory(name="隔壁公司的系统")
    invoice = InvoiceFactory(seen_by=[source, foreign])
    source_record = invoice.source_records.get(source=foreign)
    text = pages.get(reverse("invoice", args=[invoice.pk])).content.decode()
    assert foreign.name not in text
    assert "1 source of another company" in text
    assert pages.get(reverse("invoice_raw", args=[invoice.pk, source_record.pk])).status_code == 404


def test_invoice_page_budget(pages, source, django_assert_max_num_queries):
    invoice = InvoiceFactory(seen_by=[source, *SourceFactory.create_batch(4, company=source.company)])
    FieldConflictFactory(invoice=invoice)
    with django_assert_max_num_queries(27):
        pages.get(reverse("invoice", args=[invoice.pk]))


def test_a_merged_invoice_leads_to_the_one_that_stays(pages, source):
    master = InvoiceFactory(company=source.company)
    redirect = InvoiceFactory(merged_into=master)
    assert pages.get(reverse("invoice", args=[redirect.pk])).url == reverse("invoice", args=[master.pk])
    hidden = InvoiceFactory(merged_into=InvoiceFactory())
    assert pages.get(reverse("invoice", args=[hidden.pk])).status_code == 404


def test_raw_records_are_masked(pages, source):
    invoice = InvoiceFactory(company=source.company)
    raw = RawRecordFactory(source=source, payload='{"identityNo": "310101199001011234", "total": 1.10}')
    source_record = SourceRecordFactory(invoice=invoice, source=source, raw=raw)
    text = pages.get(reverse("invoice_raw", args=[invoice.pk, source_record.pk])).content.decode()
    assert "310101199001011234" not in text
    assert "3101" in text
    assert "1.10" in text


def test_history_says_what_changed(pages, source):
    invoice = InvoiceFactory(company=source.company)
    RawRecordFactory(source=source, external_id="x", payload='{"status": "0", "lines": [{"n": "1"}], "same": "a"}')
    newest = RawRecordFactory(
        source=source, external_id="x", payload='{"status": "3", "lines": [{"n": "2"}], "same": "a"}'
    )
    source_record = SourceRecordFactory(invoice=invoice, source=source, external_id="x", raw=newest)
    response = pages.get(reverse("invoice_history", args=[invoice.pk, source_record.pk]))
    (step,) = response.context["steps"]
    assert {(c.path, c.before, c.after) for c in step.changes} == {("status", "0", "3"), ("lines[1].n", "1", "2")}
    assert step.fields == []  # no version of it could be read as an invoice


def test_history_speaks_our_words_before_the_sources(pages, source):
    scanned = json.loads((SAMPLES / "checker" / "scanned.json").read_text())
    invoice, checker = InvoiceFactory(company=source.company), SourceFactory(kind="checker", company=source.company)
    for money in (100, 90):
        payload = json.dumps(scanned | {"invoiceMoney": money, "memo": str(money)})
        newest = RawRecordFactory(source=checker, external_id="x", payload=payload)
    source_record = SourceRecordFactory(invoice=invoice, source=checker, external_id="x", raw=newest)
    response = pages.get(reverse("invoice_history", args=[invoice.pk, source_record.pk]))
    (step,) = response.context["steps"]
    assert ("Amount excl. tax", "100.00", "90.00") in [(str(label), *values) for label, *values in step.fields]
    assert {change.path for change in step.changes} == {"invoiceMoney", "memo"}
