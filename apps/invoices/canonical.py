"""Invoices as other programs read them: the same field names in REST, JSONL and tables.

A chunk of invoices costs a few queries whatever its size. Amounts are text with two decimals, dates ISO, None is null.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from .fields import AMOUNT_FIELDS, INVOICE_FIELDS
from .link_providers import LINK_FIELDS, links_of
from .models import Invoice, InvoiceLine, SourceRecord

FIELDS = (
    "id",
    "key",
    *(field.name for field in INVOICE_FIELDS),
    "flags",
    "sources",
    "bills",
    "vouchers",
    "created_at",
    "updated_at",
)
LINE_FIELDS = ("name", "spec", "unit", "quantity", "unit_price", "amount", "tax_rate", "tax_amount", "goods_code")
STRUCTURED = (  # lists and objects; text in JSON where a file has only texts
    *(field.name for field in INVOICE_FIELDS if field.is_structured),
    "flags",
    "sources",
    "bills",
    "vouchers",
)
_CHUNK = 1000
_ELSEWHERE = ("lines", "sources", "bills", "vouchers")  # not columns of the invoice or its parties
_NAMES = tuple(name for name in FIELDS if name not in _ELSEWHERE)
_PATHS = {field.name: field.path.replace(".", "__") for field in INVOICE_FIELDS}
_COLUMNS = tuple(_PATHS.get(name, name) for name in _NAMES)
_OF_PARTIES = tuple(name for name, path in _PATHS.items() if "__" in path)
_DATES = (*(field.name for field in INVOICE_FIELDS if field.is_date), "created_at", "updated_at")


def documents(invoices: QuerySet[Invoice], company_ids: Collection[int] | None = None) -> list[dict[str, Any]]:
    """The canonical form of every invoice of this (short) queryset, in its order.

    ``company_ids`` are the companies the reader may see, None all: sources of other companies are not named.
    """
    return _completed([*invoices.values_list(*_COLUMNS)], company_ids)


def stream(invoices: QuerySet[Invoice], company_ids: Collection[int] | None = None) -> Iterator[dict[str, Any]]:
    """The same for any number of invoices, through a server-side cursor: memory holds one chunk."""
    chunk: list[tuple[Any, ...]] = []
    for row in invoices.values_list(*_COLUMNS).iterator(chunk_size=_CHUNK):
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield from _completed(chunk, company_ids)
            chunk = []
    yield from _completed(chunk, company_ids)


def plain(value: Decimal | None) -> str | None:
    """A quantity, price or rate without trailing zeros or exponent: ``2``, ``0.13``."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _completed(rows: Sequence[tuple[Any, ...]], company_ids: Collection[int] | None) -> list[dict[str, Any]]:
    ids = [row[0] for row in rows]  # FIELDS begins with id
    if not ids:
        return []
    lines, sources = _lines(ids), _sources(ids, company_ids)
    links = {field: links_of(field, ids, company_ids) for field in LINK_FIELDS}
    return [_document(row, lines, sources, links) for row in rows]


def _document(
    row: tuple[Any, ...],
    lines: Mapping[int, list[dict[str, Any]]],
    sources: Mapping[int, list[dict[str, Any]]],
    links: Mapping[str, Mapping[int, list[dict[str, Any]]]],
) -> dict[str, Any]:
    values = dict(zip(_NAMES, row, strict=True))
    pk = values["id"]
    for name in AMOUNT_FIELDS:
        values[name] = _amount(values[name])
    for name in _DATES:
        values[name] = values[name].isoformat() if values[name] else None
    for name in _OF_PARTIES:
        values[name] = values[name] or ""
    values |= {"lines": lines.get(pk, []), "sources": sources.get(pk, [])}
    values |= {field: by_invoice.get(pk, []) for field, by_invoice in links.items()}
    return {name: values[name] for name in FIELDS}


def _lines(ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    lines: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = InvoiceLine.objects.filter(invoice__in=ids).order_by("invoice_id", "position")
    for pk, name, spec, unit, quantity, price, amount, rate, tax, goods in rows.values_list("invoice_id", *LINE_FIELDS):
        values = (name, spec, unit, plain(quantity), plain(price), _amount(amount), plain(rate), _amount(tax), goods)
        lines[pk].append(dict(zip(LINE_FIELDS, values, strict=True)))
    return lines


def _sources(ids: Sequence[int], company_ids: Collection[int] | None) -> dict[int, list[dict[str, Any]]]:
    sources: dict[int, list[dict[str, Any]]] = defaultdict(list)
    source_records = SourceRecord.objects.filter(invoice__in=ids)
    if company_ids is not None:
        source_records = source_records.filter(source__company__in=company_ids)
    rows = source_records.order_by("source__name", "external_id").values_list(
        "invoice_id", "source__name", "external_id", "deleted"
    )
    for pk, source, external_id, deleted in rows:
        sources[pk].append({"source": source, "external_id": external_id, "deleted": deleted})
    return sources


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else format(value, ".2f")
