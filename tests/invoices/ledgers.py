"""Filling a ledger with records, and a ledger as a value, to compare one way of filling it with another."""

from typing import Any

from django.db import transaction

from apps.invoices.ingest import Counts, ingest_page
from apps.invoices.models import FieldConflict, Invoice, InvoiceKey, InvoiceLine, SourceRecord
from apps.sources.connectors.base import RawItem
from apps.sources.models import Cursor, QuarantinedRecord, RawRecord, Source, SyncRun
from apps.sources.records import InvoiceRecord, dumps, loads

Ledger = dict[str, dict[str, Any]]

_OF_THE_ROW = ("id", "created_at", "updated_at", "bad_since", "buyer", "seller", "merged_into")
_LINE = [field.name for field in InvoiceLine._meta.fields if field.name not in ("id", "invoice")]


def parse(item: RawItem) -> InvoiceRecord:
    """Reads what ``bring`` wrote."""
    return loads(item.payload["record"])


def bring(source: Source, *records: InvoiceRecord) -> Counts:
    """One page of these records arrives from a source; what became of them."""
    items = [RawItem(record.external_id, {"record": dumps(record)}) for record in records]
    with transaction.atomic():
        return ingest_page(source, items, parse, run_id=None, stream="test")


def ledger() -> Ledger:
    """All that a person could see of the ledger, by key, without row numbers and times."""
    rows: Ledger = {}
    for invoice in Invoice.objects.filter(merged_into=None).select_related("buyer", "seller"):
        values = {f.name: getattr(invoice, f.name) for f in Invoice._meta.fields if f.name not in _OF_THE_ROW}
        values["buyer"] = str(invoice.buyer) if invoice.buyer else None
        values["seller"] = str(invoice.seller) if invoice.seller else None
        values["source_records"] = sorted(invoice.source_records.values_list("source__name", "external_id"))
        values["match_keys"] = sorted(invoice.match_keys.values_list("key", flat=True))
        values["lines"] = list(invoice.lines.order_by("position").values_list(*_LINE))
        conflicts = invoice.conflicts.exclude(state="gone").order_by("field")
        values["conflicts"] = [(c.field, c.claims) for c in conflicts]
        rows[invoice.key] = values
    return rows


def differences(one: Ledger, other: Ledger) -> list[tuple[str, str, Any, Any]]:
    """(key, field, one value, other value) wherever two ledgers differ."""
    return [
        (key, field, one.get(key, {}).get(field), other.get(key, {}).get(field))
        for key in sorted(one.keys() | other.keys())
        for field in sorted(one.get(key, {}).keys() | other.get(key, {}).keys())
        if one.get(key, {}).get(field) != other.get(key, {}).get(field)
    ]


def wipe() -> None:
    """Empty the ledger and forget what was pulled; sources stay."""
    for model in (InvoiceKey, FieldConflict, InvoiceLine, SourceRecord, QuarantinedRecord, RawRecord, Cursor, SyncRun):
        model.objects.all().delete()
    Invoice.objects.update(merged_into=None)
    Invoice.objects.all().delete()
