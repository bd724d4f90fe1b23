"""Rows per second through the whole ingest, beside plain COPY of the same final rows and beside per-row writes."""

import gc
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import Company
from apps.invoices import parties
from apps.invoices.identity import IDENTITY_VERSION, keys
from apps.invoices.ingest import ingest_page
from apps.invoices.models import Alias, Invoice, InvoiceLine, Party, Sighting
from apps.invoices.services import reader
from apps.sources.connectors.base import RawItem
from apps.sources.models import RawRecord, Source
from apps.sources.records import InvoiceRecord, PartyRecord, dumps

Say = Callable[[str], Any]
TABLES = (
    "invoices_party",
    "sources_rawrecord",
    "invoices_invoice",
    "invoices_invoiceline",
    "invoices_sighting",
    "invoices_alias",
)
_TAX_NO = "91440000100017600N"
_PER_ROW = 400
_GOALS = {1000: 0.5, 50: 0.25}
_GOAL_PER_ROW = 20


def run(rows: int, say: Say) -> None:
    """Print rows per second and the ratios, on a database of its own."""
    with scratch_database():
        company = Company.objects.create(name="基准公司", tax_no=_TAX_NO)
        source = Source.objects.create(name="bench", kind="piaozone", company=company, base_url="https://bench.example")
        items = [_item(number) for number in range(rows)]
        gc.freeze()  # these rows are the benchmark's, a pull holds one page
        say(f"Ingest of {rows} new invoices with two lines each, rows per second (whole path: raw, parse, identity,")
        say("sighting, alias, invoice, lines; one process, one database)")
        by_page = {}
        for size in (1000, 50):
            _truncate()
            by_page[size] = rows / _timed(lambda size=size: _ingest(source, items, size))  # type: ignore[misc]
        copied = rows / _copy_again()
        _truncate()
        some = items[:_PER_ROW]
        per_row = len(some) / _timed(lambda: _row_by_row(source, some))
        say(f"  plain COPY of the same final rows    {copied:10.0f}    1.00")
        for size, rate in by_page.items():
            share = f"{rate / copied:.2f} of COPY (goal {_GOALS[size]})"
            say(f"  pages of {size:<5}                       {rate:10.0f}    {share}")
        say(f"  update_or_create per row             {per_row:10.0f}    {per_row / copied:.3f} of COPY")
        ratio = by_page[1000] / per_row
        say(f"  pages of 1000 against per-row: {ratio:.0f} times (goal {_GOAL_PER_ROW})")


@contextmanager
def scratch_database() -> Iterator[None]:
    """A migrated database beside the real one, dropped at the end."""
    real = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    parties.forget()
    try:
        yield
    finally:
        parties.forget()
        connection.creation.destroy_test_db(real, verbosity=0)


def _item(number: int) -> RawItem:
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
        "buyerTaxNo": _TAX_NO,
        "salerName": f"供应商{number % 700}有限公司",
        "salerTaxNo": f"91310000{number % 700:09d}X",
        "salerAddressPhone": "上海市浦东新区世纪大道100号 021-5888 8888",
        "salerAccount": "中国银行上海分行 4550 6688 8888",
        "remark": f"合同号 HT-2025-{number:06d}",
        "items": lines,
    }
    return RawItem(detail["serialNo"], {"detail": detail})  # type: ignore[arg-type]


def _ingest(source: Source, items: list[RawItem], size: int) -> None:
    parse = reader(source)
    for start in range(0, len(items), size):
        with transaction.atomic():
            ingest_page(source, items[start : start + size], parse, run_id=None, stream="bench")


def _copy_again() -> float:
    """Seconds to COPY what the tables hold into the emptied tables, indexes and constraints in place."""
    held: dict[str, bytes] = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                held[table] = b"".join(bytes(block) for block in copy)
        _truncate()
        started = time.perf_counter()
        with transaction.atomic():
            for table in TABLES:
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(held[table])
        return time.perf_counter() - started


def _row_by_row(source: Source, items: list[RawItem]) -> None:
    """The way one writes it first: get_or_create and update_or_create for each record, one transaction a page of 50."""
    parse = reader(source)
    for start in range(0, len(items), 50):
        with transaction.atomic():
            for item in items[start : start + 50]:
                _write_one(source, item, parse(item))


def _write_one(source: Source, item: RawItem, record: InvoiceRecord) -> None:
    now = timezone.now()
    raw = RawRecord.objects.create(
        source=source,
        stream="bench",
        external_id=item.external_id,
        fingerprint="",
        payload=str(item.payload),
        received_at=now,
    )
    values: dict[str, Any] = {
        name: getattr(record, name)
        for name in (
            "code",
            "number",
            "digital_number",
            "check_code",
            "issue_date",
            "amount_excl_tax",
            "tax_amount",
            "total_amount",
        )
    }
    values |= {
        name: getattr(record, name).value
        for name in ("kind", "direction", "status", "verification", "expense_status", "deduction_status")
    }
    values |= {
        "buyer": _party(record.buyer),
        "seller": _party(record.seller),
        "updated_at": now,
        "identity_version": IDENTITY_VERSION,
    }
    found = keys(record, source.name)
    invoice, _ = Invoice.objects.update_or_create(
        key=found[0], defaults=values, create_defaults={**values, "created_at": now}
    )
    invoice.lines.all().delete()
    for position, line in enumerate(record.lines, 1):
        InvoiceLine.objects.create(
            invoice=invoice, position=position, name=line.name, amount=line.amount, tax_amount=line.tax_amount
        )
    sighting = {
        "invoice": invoice,
        "raw": raw,
        "record": dumps(record),
        "keys": list(found),
        "identity_version": IDENTITY_VERSION,
        "updated_at": now,
    }
    Sighting.objects.update_or_create(
        source=source,
        external_id=item.external_id,
        defaults=sighting,
        create_defaults={**sighting, "first_seen_at": now},
    )
    for key in found:
        Alias.objects.get_or_create(key=key, invoice=invoice)


def _party(party: PartyRecord) -> Party:
    return Party.objects.get_or_create(name=party.name, tax_no=party.tax_no)[0]


def _truncate() -> None:
    parties.forget()
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")


def _timed(action: Callable[[], Any]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started
