"""Keys hang on the primary key of a source: a rename changes nothing, and ``rekey`` carries older keys over."""

from collections import deque
from decimal import Decimal

import pytest

from apps.invoices import merges, services
from apps.invoices.models import Invoice, InvoiceKey, MergeLink, SourceRecord
from apps.invoices.source_records import renamed_keys
from apps.sources.models import Source
from tests.factories import SourceFactory

from .builders import TWENTY, record, state
from .ledgers import bring, differences, ledger

pytestmark = pytest.mark.django_db

ORDER = {"link_keys": ("order-1",)}


@pytest.fixture
def source() -> Source:
    return SourceFactory(name="商派", kind="shopex")


def rename(source: Source) -> None:
    source.name = "商派（新）"
    source.save()


def merged() -> tuple[Invoice, list[Invoice]]:
    """The only invoice in the ledger, and its redirects."""
    master = Invoice.objects.get(merged_into=None)
    return master, list(Invoice.objects.filter(merged_into=master))


def by_name(source: Source) -> None:
    """Give the ledger the keys that identity rules of version 1 made: with the name of the source."""
    old, new = f":{source.pk}:", f":{source.name}:"
    for model, fields in ((Invoice, ["key"]), (InvoiceKey, ["key"]), (MergeLink, ["key", "master_key"])):
        for row in model.objects.all():
            for field in fields:
                setattr(row, field, getattr(row, field).replace(old, new))
            row.save()
    for row in SourceRecord.objects.all():
        row.keys = [key.replace(old, new) for key in row.keys]
        row.save()
    Invoice.objects.update(identity_version=1)
    SourceRecord.objects.update(identity_version=1)


def test_after_a_rename_and_a_new_version_linked_and_merged_records_stay_together(source):
    bring(source, record("order", **ORDER), record("result", remark="one", **ORDER), record("copy"))
    order, copy = Invoice.objects.get(key__startswith="L:"), Invoice.objects.get(key__startswith="S:")
    before = merges.join([copy.key], order.key, None)
    rename(source)
    bring(source, record("result", remark="two", **ORDER), record("copy", check_code="7"))
    master, redirects = merged()
    assert (master.pk, redirects) == (order.pk, [copy])
    assert (master.remark, master.check_code, master.source_records.count()) == ("two", "7", 3)
    merges.restore(before, [order.key, copy.key], None)
    assert set(Invoice.objects.filter(merged_into=None)) == {order, copy}


def test_rekey_carries_keys_with_names_over_and_loses_no_merge(source):
    whole = {"total_amount": Decimal("10.00")}
    bring(source, record("order", **ORDER), record("result", **ORDER), record("copy"), record("alone"))
    bring(source, record("numbered", digital_number=TWENTY, **whole))
    order, copy, alone, numbered = (
        SourceRecord.objects.get(external_id=name).invoice for name in ("order", "copy", "alone", "numbered")
    )
    before = merges.join([copy.key, order.key], numbered.key, None)
    expected = ledger()
    by_name(source)
    rename(source)
    deque(services.rekey(), maxlen=0)
    for values in expected.values():
        values["source_records"] = [(source.name, external_id) for _name, external_id in values["source_records"]]
    assert differences(ledger(), expected) == []
    bring(source, record("copy", remark="new"))
    assert set(Invoice.objects.filter(merged_into=None)) == {numbered, alone}
    copy.refresh_from_db()
    assert copy.merged_into == numbered
    merges.restore(before, [copy.key, order.key, numbered.key], None)
    assert set(Invoice.objects.filter(merged_into=None)) == {order, copy, alone, numbered}
    assert Invoice.objects.get(pk=copy.pk).remark == "new"


def test_keys_that_parted_have_no_successor():
    before = [state(record(), keys=keys) for keys in (("C:1",), ("C:1",), ("S:a:1",), ("E:1", "C:2"))]
    after = [state(record(), keys=keys) for keys in (("E:1",), ("E:2",), ("S:1:1",), ("E:1",))]
    assert renamed_keys(before, after) == {"S:a:1": "S:1:1"}
