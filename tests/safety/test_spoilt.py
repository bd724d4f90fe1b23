"""Invalid values in records: half surrogate pairs, names of 10 000 characters, NUL, and any JSON in place of a text.
Each record is ingested or quarantined with a reason, the other records of the page are ingested, and everything stored
can be shown."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from apps.core.decoding import decode_json
from apps.core.errors import BadRecord
from apps.invoices.ingest import Parse, ingest_page, read_payload
from apps.invoices.models import Invoice, SourceRecord
from apps.invoices.services import reader
from apps.sandbox.server import running
from apps.sources.connectors import CONNECTORS
from apps.sources.connectors.base import CompanyFacts, RawItem, SourceFacts
from apps.sources.context import filled_options
from apps.sources.models import QuarantinedRecord, RawRecord, SyncRun
from apps.sources.records import dumps, loads
from tests.factories import AdminFactory, CompanyFactory, SourceFactory
from tests.sources.connectors.conformance import CASES
from tests.sources.connectors.context import MemoryContext, pulled

ROW = {"kind": "digital_special", "digital_number": "26312000000000012345", "issue_date": "2026-03-01",
       "amount_excl_tax": "100.00", "tax_amount": "13.00", "total_amount": "113.00", "seller_name": "卖方"}  # fmt: skip
HALF, LONG, NUL = "\ud83d", "长" * 10_000, "a\x00b"
_PLACE = "the-place"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WRONG = [  # JSON, as it is received
    *("null", "true", "0", "-1", "1.5", "-1e300", "1e15", "99999999999999.99", "1e999999999", "NaN", "-Infinity"),
    *("0.00000000000000000001", "100.12345678901234567890", "1" * 30, "1" * 5000, "253402300800000", "-62135596800000"),
    *(
        '""',
        '"  "',
        '"NaN"',
        '"sNaN"',
        '"1e400"',
        '"-"',
        '"1,2,3"',
        '"１２３．４５"',
        '"1_000"',
        '"99999999999999999999%"',
    ),
    *('"2024-02-30"', '"0000-00-00"', '"202411"', '"0001-01-01T00:00:00"', '"0001-01-01T00:00:00+14:00"'),
    *('"9999-12-31 23:59:59"', '"9999-12-31T23:59:59-12:00"', '"2.41231E+19"', r'"a\u0000b"', r'"\ud83d"'),
    *('"<script>1</script>"', r'"\ufeffx"', f'"{"长" * 100_000}"', "[]", "{}", "[[[[1]]]]", "[null]", '["a"]'),
    *('{"a": {"b": [1]}}', '"[1"', r'"{\"a\": 1}"', '"null"', '"[[1]]"', "[" * 200 + "]" * 200),
]
KINDS = sorted(case.kind for case in CASES)  # the connectors that have an imitation
SPOILT = pytest.mark.parametrize("spoilt", [HALF, LONG, NUL], ids=["half", "long", "nul"])


@pytest.fixture(scope="module")
def received() -> dict[str, list[RawItem]]:
    """A few records of every kind of source, one of each shape."""
    by_kind = {}
    with running(invoices=40, seed=11) as sandbox:
        for entry in sandbox.sources():
            with MemoryContext(entry) as line:
                result = pulled(CONNECTORS[entry["kind"]](line))
            items = [item for page in result.pages if page.parsed for item in page.items]
            shapes = {tuple(item.payload): item for item in items}
            by_kind[entry["kind"]] = list(shapes.values())[:4]
    assert sorted(by_kind) == KINDS
    return by_kind


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every text."""
    if isinstance(value, str):
        yield way
    elif isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(part, (*way, key))


def sent(item: RawItem) -> Iterator[tuple[Any, ...]]:
    """The way to everything within that the vendor sent; the outermost names are ours where the connector wraps."""
    wrapped = set(item.payload) <= {"list", "detail", "result", "message_row", "bills"}

    def within(value: Any, way: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        if len(way) > wrapped and way[0] != "bills":
            yield way
        if isinstance(value, dict | list):
            for key, part in value.items() if isinstance(value, dict) else enumerate(value):
                yield from within(part, (*way, key))

    return within(item.payload, ())


def put(payload: Any, way: tuple[Any, ...], wrong: str) -> Any:
    """A copy with this JSON at this path, decoded as the client does."""
    copy = json.loads(json.dumps(payload, default=str))
    part = copy
    for key in way[:-1]:
        part = part[key]
    part[way[-1]] = _PLACE
    return decode_json(json.dumps(copy).replace(f'"{_PLACE}"', wrong))


def sound(item: RawItem, read: Parse) -> bool:
    """Whether it is no bad record already: the sandbox sends such too."""
    try:
        read(item)
    except BadRecord:
        return False
    return True


def neighbours(items: list[RawItem], kind: str) -> Iterator[RawItem]:
    """A sound record and a spoilt one in turn, each wrong value once or more, wherever its turn comes."""
    ways = [(item, way) for item in items for way in sent(item)]
    for number in range(max(len(ways), len(WRONG))):
        item, way = ways[number % len(ways)]
        wrong = put(item.payload, way, WRONG[number % len(WRONG)])
        yield replace(item, external_id=f"{kind}-good-{number}", fingerprint="")
        yield replace(item, external_id=f"{kind}-{number}", payload=wrong, fingerprint="")


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
@pytest.mark.parametrize("kind", KINDS)
def test_invalid_texts_in_records_are_ingested_or_quarantined(
    received: dict[str, list[RawItem]], kind: str, spoilt: str
) -> None:
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


@pytest.mark.parametrize("kind", KINDS)
def test_any_json_in_place_of_a_value_is_read_or_refused(received: dict[str, list[RawItem]], kind: str) -> None:
    """Every value of every record in every place: a record or BadRecord, never anything else."""
    facts = SourceFacts(kind, kind, CompanyFacts("公司", "91310000000000001A"), filled_options(kind, {}))
    troubles = []
    for item in received[kind]:
        for way in sent(item):
            for wrong in WRONG:
                changed = replace(item, payload=put(item.payload, way, wrong))
                try:
                    record = CONNECTORS[kind].parse(changed, facts)
                    assert loads(dumps(record)) == record
                except BadRecord:
                    continue
                except Exception as error:  # noqa: BLE001 - whatever it is, it is told with its place
                    troubles.append((way, wrong[:40], repr(error)))
    assert troubles == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_with_invalid_records_is_stored_counted_and_shown(
    client: Client, received: dict[str, list[RawItem]], kind: str
) -> None:
    """Every second one is as the vendor sent it: the good neighbours of the bad, which arrive."""
    cache.clear()
    source = SourceFactory(kind=kind)
    read = reader(source)
    items = list(neighbours([item for item in received[kind] if sound(item, read)][:2], kind))
    with transaction.atomic():
        counts = ingest_page(source, items, read, run_id=None, stream="test")
    assert counts.received == counts.created + counts.quarantined == len(items)
    for raw in RawRecord.objects.filter(source=source):
        item = next(one for one in items if one.external_id == raw.external_id)
        assert read_payload(raw.payload) == item.payload
    waiting = set(QuarantinedRecord.objects.values_list("external_id", flat=True))
    assert waiting.isdisjoint(item.external_id for item in items[::2])
    assert len(waiting) == counts.quarantined > 0
    client.force_login(AdminFactory())
    assert client.get("/quarantine/").status_code == 200
    for record in QuarantinedRecord.objects.order_by("reason_code", "pk").distinct("reason_code"):
        assert client.get(f"/quarantine/{record.pk}/raw/").status_code == 200
    kept = SourceRecord.objects.filter(external_id__in=[item.external_id for item in items[1::2]])
    for source_record in sorted(kept, key=lambda one: one.changed_at or EPOCH)[:: max(1, len(kept) // 4)]:
        address = f"/invoices/{source_record.invoice_id}/"
        assert client.get(address).status_code == 200
        assert client.get(f"{address}raw/{source_record.pk}/").status_code == 200
    assert client.get("/api/v1/invoices/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("nested", ["[" * 700 + "]" * 700, '{"a":' * 400 + "1" + "}" * 400])
def test_a_deeply_nested_record_is_stored_and_shown(client: Client, nested: str) -> None:
    source = SourceFactory(kind="maycur")
    payload = {"invoiceDataCode": "1", "odd": decode_json(nested)}
    with transaction.atomic():
        ingest_page(source, [RawItem("1", payload)], reader(source), run_id=None, stream="test")
    source_record = SourceRecord.objects.get(source=source)
    client.force_login(AdminFactory())
    assert client.get(f"/invoices/{source_record.invoice_id}/raw/{source_record.pk}/").status_code == 200


@SPOILT
@pytest.mark.django_db
def test_a_file_with_invalid_records_is_imported(tmp_path: Path, spoilt: str) -> None:
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
