"""Values that no vendor's page knows: halves of characters, names of 10 000 characters, NUL. A page of them takes
nothing else with it: each record goes in or waits with a sentence, and what is kept can be read again."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from apps.core.decoding import decode_json
from apps.core.errors import BadRecord
from apps.invoices import parties
from apps.invoices.ingest import ingest_page
from apps.invoices.models import Invoice
from apps.invoices.services import reader
from apps.sandbox.server import running
from apps.sources.connectors import CONNECTORS
from apps.sources.connectors.base import RawItem
from apps.sources.models import QuarantinedRecord, RawRecord, SyncRun
from tests.factories import CompanyFactory, SourceFactory
from tests.sources.connectors.line import MemoryLine, pulled

ROW = {"kind": "digital_special", "digital_number": "26312000000000012345", "issue_date": "2026-03-01",
       "amount_excl_tax": "100.00", "tax_amount": "13.00", "total_amount": "113.00", "seller_name": "卖方"}  # fmt: skip
HALF, LONG, NUL = "\ud83d", "长" * 10_000, "a\x00b"
SPOILT = pytest.mark.parametrize("spoilt", [HALF, LONG, NUL], ids=["half", "long", "nul"])


@pytest.fixture(scope="module")
def received() -> dict[str, list[RawItem]]:
    """A few records of every kind of source, one of each shape."""
    found = {}
    with running(invoices=40, seed=11) as sandbox:
        for entry in sandbox.sources():
            with MemoryLine(entry) as line:
                result = pulled(CONNECTORS[entry["kind"]](line))
            items = [item for page in result.pages if page.parsed for item in page.items]
            shapes = {tuple(item.payload): item for item in items}
            found[entry["kind"]] = list(shapes.values())[:4]
    assert set(found) == set(CONNECTORS)
    return found


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every text within."""
    if isinstance(value, str):
        yield way
    elif isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(part, (*way, key))


def spoil(payload: Any, way: tuple[Any, ...], text: str) -> Any:
    """A copy with the text at this place, as the client hands it on: decoded from what came over the line."""
    copy = json.loads(json.dumps(payload, default=str))
    part = copy
    for key in way[:-1]:
        part = part[key]
    part[way[-1]] = text
    return decode_json(json.dumps(copy))


@SPOILT
@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(CONNECTORS))
def test_every_text_of_every_record_may_be_spoilt(received: dict[str, list[RawItem]], kind: str, spoilt: str) -> None:
    parties.forget()
    source = SourceFactory(kind=kind)
    read = reader(source)
    items = []
    for item in received[kind]:
        for way in places(item.payload):
            changed = replace(item, external_id=f"{kind}-{len(items)}", payload=spoil(item.payload, way, spoilt))
            with suppress(BadRecord):
                read(changed)
            items.append(changed)
    assert len(items) > 10
    with transaction.atomic():
        ingest_page(source, items, read, run_id=None, stream="test")
    kept = set(RawRecord.objects.filter(source=source).values_list("external_id", flat=True))
    assert kept == {item.external_id for item in items}


@SPOILT
@pytest.mark.django_db
def test_a_file_of_them(tmp_path: Path, spoilt: str) -> None:
    company = CompanyFactory(tax_no="91310000000000001A")
    texts = [name for name, value in ROW.items() if isinstance(value, str)]
    rows = [{**ROW, name: spoilt} for name in (*texts, "remark", "buyer_name", "seller_tax_no")]
    rows.append({**ROW, "digital_number": "26312000000000012399"})
    path = tmp_path / "spoilt.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), "ascii")
    call_command("import_invoices", str(path), "--company", company.tax_no, stdout=StringIO(), stderr=StringIO())
    run = SyncRun.objects.get()
    assert run.received == len(rows)
    assert QuarantinedRecord.objects.count() == run.quarantined < len(rows)
    assert Invoice.objects.get(key__contains="12399").total_amount == Decimal("113.00")
