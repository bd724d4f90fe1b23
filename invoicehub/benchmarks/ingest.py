"""Rows per second through the whole ingest, beside plain COPY of the same final rows and beside per-row writes."""

import gc
import random
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count, islice
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import Company
from apps.core.batches import commit_each
from apps.invoices.identity import IDENTITY_VERSION, keys
from apps.invoices.ingest import Version, ingest_page, ingest_versions, read_versions
from apps.invoices.models import Invoice, InvoiceKey, InvoiceLine, Party, SourceRecord
from apps.invoices.services import reader
from apps.sources.connectors.base import RawItem
from apps.sources.models import RawRecord, Source
from apps.sources.records import InvoiceRecord, PartyRecord, dumps

from .cost import Time

Say = Callable[[str], Any]
TABLES = (
    "sources_rawrecord",
    "invoices_invoice",
    "invoices_invoiceline",
    "invoices_sourcerecord",
    "invoices_invoicekey",
)
COMPANY_TAX_NO = "91440000100017600N"
_LEDGER_SIZE = 100_000  # invoices in the ledger beforehand
_ROUNDS = 5
_FEW = 400  # invoices, where every one takes long
_COPY, _GREAT, _SMALL, _PULLED_GREAT, _PULLED_SMALL, _PER_ROW = (
    "plain COPY of the same final rows",
    "pages of 1000",
    "pages of 50",
    "pages of 1000, one by one",
    "pages of 50, one by one",
    "update_or_create per row",
)
_GOALS = {_COPY: "", _GREAT: "goal 0.5", _SMALL: "goal 0.25", _PULLED_GREAT: "", _PULLED_SMALL: "", _PER_ROW: ""}
_SIZES = {_GREAT: 1000, _SMALL: 50, _PULLED_GREAT: 1000, _PULLED_SMALL: 50}


@dataclass(frozen=True)
class Rate:
    """Invoices per second of clock time, and per second of processor time of this process and PostgreSQL."""

    clock: float
    processor: float


def run(rows: int, say: Say) -> None:
    """Print rows per second and the ratios, on a database of its own."""
    with scratch_database():
        company = Company.objects.create(name="基准公司", tax_no=COMPANY_TAX_NO)
        source = Source.objects.create(name="bench", kind="piaozone", company=company, base_url="https://bench.example")
        numbers = count()
        _fill(source, numbers)
        rounds = [_round(source, rows, numbers) for _ in range(_ROUNDS)]
    say(f"Ingest of {rows} new invoices with two lines each through the whole path (raw, parse, identity,")
    say(f"source record, match keys, invoice, lines) into a ledger of {_LEDGER_SIZE}, one process, one database.")
    say(f"{_ROUNDS} rounds, each way beside COPY in every round; medians, extremes in brackets. Files and reparse")
    say("prepare a page while the last one commits; a pull goes one by one: its next page may depend on the last.")
    say(f"{'':<36}invoices/s   of COPY, by the clock    by processor time")
    for way, goal in _GOALS.items():
        rate = median(one[way].clock for one in rounds)
        clock = _spread([one[way].clock / one[_COPY].clock for one in rounds])
        processor = _spread([one[way].processor / one[_COPY].processor for one in rounds])
        say(f"  {way:<34}{rate:>10.0f}   {clock:<24}{processor:<24}{goal}")
    times = _spread([one[_GREAT].clock / one[_PER_ROW].clock for one in rounds], 0)
    say(f"  {_GREAT} against {_PER_ROW}: {times} times (goal 20)")


def _round(source: Source, rows: int, numbers: Iterator[int]) -> dict[str, Rate]:
    rates = {}
    for way, size in _SIZES.items():
        items, marks = _items(rows, numbers), _marks()
        with Time() as time:
            (ingest if way in (_GREAT, _SMALL) else _one_by_one)(source, items, size)
        rates[way] = _rate(rows, time)
    contents = _take_out(marks)
    with Time() as time:
        _copy_in(contents)
    rates[_COPY] = _rate(rows, time)
    items = _items(_FEW, numbers)
    with Time() as time:
        _row_by_row(source, items)
    rates[_PER_ROW] = _rate(_FEW, time)
    return rates


def _fill(source: Source, numbers: Iterator[int]) -> None:
    """Fill and analyze the ledger, and switch autovacuum off, which would start at random moments."""
    for _ in range(_LEDGER_SIZE // 1000):
        ingest(source, _items(1000, numbers), 1000)
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")
            cursor.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = false)")


def _items(rows: int, numbers: Iterator[int]) -> list[RawItem]:
    items = [invoice_item(number) for number in islice(numbers, rows)]
    gc.freeze()  # these rows are the benchmark's, a pull holds one page
    return items


def _rate(invoices: int, time: Time) -> Rate:
    return Rate(invoices / time.wall, invoices / time.processor)


def _spread(values: Sequence[float], digits: int = 2) -> str:
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


@contextmanager
def scratch_database() -> Iterator[None]:
    """A migrated database beside the real one, dropped at the end."""
    real = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(real, verbosity=0)


def invoice_item(number: int) -> RawItem:
    """A detail row as Piaozone sends it, about a kilobyte."""
    rng = random.Random(number)  # noqa: S311 - reproducible data
    first, second = rng.randrange(100, 900_000), rng.randrange(100, 90_000)
    tax = round((first + second) * 0.06)

    def yuan(cents: int) -> str:
        return f"{cents // 100}.{cents % 100:02d}"

    lines = [
        {
            "goodsName": "*信息技术服务*技术服务费",
            "goodsCode": "3040201990000000000",
            "detailAmount": yuan(amount),
            "num": "1",
            "unit": "项",
            "unitPrice": yuan(amount),
            "taxRate": "0.06",
            "taxAmount": yuan(round(amount * 0.06)),
            "specModel": "",
        }
        for amount in (first, second)
    ]
    detail = {
        "serialNo": f"{number:033d}",
        "invoiceType": "27",
        "invoiceNo": f"2544{number:016d}",
        "invoiceCode": "",
        "invoiceDate": f"2025-{1 + number % 12:02d}-{1 + number % 28:02d}",
        "invoiceStatus": "0",
        "checkStatus": "1",
        "expenseStatus": "1",
        "amount": yuan(first + second),
        "invoiceMoney": yuan(first + second),
        "taxAmount": yuan(tax),
        "totalAmount": yuan(first + second + tax),
        "buyerName": "基准公司",
        "buyerTaxNo": COMPANY_TAX_NO,
        "salerName": f"供应商{number % 700}有限公司",
        "salerTaxNo": f"91310000{number % 700:09d}X",
        "salerAddressPhone": "上海市浦东新区世纪大道100号 021-5888 8888",
        "salerAccount": "中国银行上海分行 4550 6688 8888",
        "remark": f"合同号 HT-2025-{number:06d}",
        "items": lines,
    }
    return RawItem(detail["serialNo"], {"detail": detail})  # type: ignore[arg-type]


def ingest(source: Source, items: Sequence[RawItem], size: int) -> None:
    """Ingest in pages of ``size``, one transaction each, as files and reparse do: the next page is prepared
    meanwhile."""
    parse = reader(source)

    def write(versions: list[Version]) -> None:
        ingest_versions(source, versions, parse, run_id=None, stream="bench")

    pages = (partial(read_versions, items[start : start + size], parse) for start in range(0, len(items), size))
    deque(commit_each(pages, write), maxlen=0)


def _one_by_one(source: Source, items: Sequence[RawItem], size: int) -> None:
    """Ingest in pages of ``size``, one transaction each, as a pull does."""
    parse = reader(source)
    for start in range(0, len(items), size):
        with transaction.atomic():
            ingest_page(source, items[start : start + size], parse, run_id=None, stream="bench")


def _marks() -> dict[str, int]:
    """The last id of each table."""
    with connection.cursor() as cursor:
        last_ids = {}
        for table in TABLES:
            cursor.execute(f"SELECT max(id) FROM {table}")  # noqa: S608 - names of ours
            last_ids[table] = cursor.fetchone()[0]
    return last_ids


def _take_out(marks: Mapping[str, int]) -> dict[str, bytes]:
    """Delete the rows after these ids; returns them by table in COPY format."""
    contents: dict[str, bytes] = {}
    with connection.cursor() as cursor:
        for table, mark in marks.items():
            with cursor.copy(f"COPY (SELECT * FROM {table} WHERE id > {mark} ORDER BY id) TO STDOUT") as copy:  # noqa: S608
                contents[table] = b"".join(bytes(block) for block in copy)
        cursor.execute(
            "CREATE INDEX bench_raw ON invoices_sourcerecord (raw_id)"
        )  # else each raw record walks them all
        for table, mark in reversed(list(marks.items())):
            cursor.execute(f"DELETE FROM {table} WHERE id > {mark}")  # noqa: S608
        cursor.execute("DROP INDEX bench_raw")
        for table in TABLES:
            cursor.execute(f"VACUUM {table}")
    return contents


def _copy_in(contents: dict[str, bytes]) -> None:
    """COPY the rows into their tables, with all indexes and constraints."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, content in contents.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(content)


def _row_by_row(source: Source, items: Sequence[RawItem]) -> None:
    """The naive way: get_or_create and update_or_create for each record, one transaction per page of 50."""
    parse = reader(source)
    for start in range(0, len(items), 50):
        with transaction.atomic():
            for item in items[start : start + 50]:
                _write_one(source, item, parse(item))


def _write_one(source: Source, item: RawItem, record: InvoiceRecord) -> None:
    now = timezone.now()
    raw = RawRecord.objects.create(
        source=source, stream="bench", external_id=item.external_id, fingerprint="", payload=str(item.payload),
        received_at=now,
    )  # fmt: skip
    values: dict[str, Any] = {name: getattr(record, name) for name in _PLAIN_FIELDS}
    values |= {name: getattr(record, name).value for name in _CHOICE_FIELDS}
    values |= {"buyer": _party(record.buyer), "seller": _party(record.seller)}
    values |= {"updated_at": now, "identity_version": IDENTITY_VERSION}
    match_keys = keys(record, source.pk)
    invoice, _ = Invoice.objects.update_or_create(
        key=match_keys[0], defaults=values, create_defaults={**values, "created_at": now}
    )
    invoice.lines.all().delete()
    for position, line in enumerate(record.lines, 1):
        InvoiceLine.objects.create(
            invoice=invoice, position=position, name=line.name, amount=line.amount, tax_amount=line.tax_amount
        )
    source_record = {
        "invoice": invoice, "raw": raw, "record": dumps(record), "keys": list(match_keys),
        "identity_version": IDENTITY_VERSION, "updated_at": now,
    }  # fmt: skip
    SourceRecord.objects.update_or_create(
        source=source,
        external_id=item.external_id,
        defaults=source_record,
        create_defaults={**source_record, "first_seen_at": now},
    )
    for key in match_keys:
        InvoiceKey.objects.get_or_create(key=key, invoice=invoice)


_PLAIN_FIELDS = (
    "code", "number", "digital_number", "check_code", "issue_date", "amount_excl_tax", "tax_amount", "total_amount",
)  # fmt: skip
_CHOICE_FIELDS = ("kind", "direction", "status", "verification", "expense_status", "deduction_status")


def _party(party: PartyRecord) -> Party:
    return Party.objects.get_or_create(name=party.name, tax_no=party.tax_no)[0]
