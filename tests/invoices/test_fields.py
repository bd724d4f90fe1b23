"""The field table holds together with records and models, and everything that lists fields derives from it."""

import msgspec
import pytest

from apps.invoices import canonical, rows
from apps.invoices.api import InvoiceSerializer
from apps.invoices.choices import LABELS_OF
from apps.invoices.comparison import LABELS
from apps.invoices.fields import CONFLICT_FIELDS, INVOICE_FIELDS, PLAIN_COLUMNS
from apps.invoices.imports import parse_row
from apps.invoices.models import Invoice
from apps.sources.connectors.base import RawItem
from apps.sources.kinds import kind_choices
from apps.sources.records import InvoiceRecord

# What a record carries beside the fields of the invoice: facts about the record itself, kept with the source record.
OF_THE_RECORD = {
    "external_id", "claim", "file_url", "machine_number", "deleted", "changed_at", "link_keys", "flags",
    "unknown_codes", "facts",
}  # fmt: skip


def test_every_attribute_of_a_record_is_in_the_table_or_belongs_to_the_record():
    attributes = {attribute.name for attribute in msgspec.structs.fields(InvoiceRecord)}
    assert {field.path.partition(".")[0] for field in INVOICE_FIELDS} | OF_THE_RECORD == attributes


@pytest.mark.parametrize("field", INVOICE_FIELDS, ids=lambda field: field.name)
def test_a_field_is_stored_sent_read_compared_and_believed(field):
    assert set(field.belief) == set(dict(kind_choices()))
    assert field.name in canonical.FIELDS
    assert field.name in InvoiceSerializer().fields
    assert (field.name in LABELS) == (not field.is_structured)
    assert not field.is_choice or set(LABELS_OF[field.value_type]) == {choice.value for choice in field.value_type}
    if field.name in PLAIN_COLUMNS:
        assert Invoice._meta.get_field(field.name).column in rows.INVOICE
    empty = parse_row(RawItem("a", {"key": "a", field.name: ""}))
    assert getattr(empty, field.path.partition(".")[0]) == getattr(
        InvoiceRecord("a", kind=empty.kind), field.path.partition(".")[0]
    )


def test_the_ledger_writes_every_column_of_the_invoice():
    columns = {column.column for column in Invoice._meta.concrete_fields} - {"bad_since"}  # which triggers write
    assert sorted(rows.INVOICE) == sorted(columns)


def test_only_values_that_a_person_can_choose_are_disputed():
    assert set(CONFLICT_FIELDS) <= set(LABELS)
