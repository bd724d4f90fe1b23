"""Invoices as other programs read them: one set of field names for REST, JSONL and the tables.

A chunk of invoices costs a few queries whatever its size. Amounts are text with two decimals, dates ISO, None is null.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from .link_providers import LINK_FIELDS, links_of
from .models import Invoice, InvoiceLine, SourceRecord

FIELDS = (
    "id",
    "key",
    "kind",
    "direction",
    "code",
    "number",
    "digital_number",
    "check_code",
    "issue_date",
    "currency",
    "amount_excl_tax",
    "tax_amount",
    "total_amount",
    "buyer_name",
    "buyer_tax_no",
    "seller_name",
    "seller_tax_no",
    "status",
    "verification",
    "expense_status",
    "deduction_status",
    "deduction_period",
    "deductible_tax",
    "remark",
    "travel",
    "lines",
    "flags",
    "sources",
    "bills",
    "vouchers",
    "created_at",
    "updated_at",
)
LINE_FIELDS = ("name", "spec", "unit", "quantity", "unit_price", "amount", "tax_rate", "tax_amount", "goods_code")
_CHUNK = 1000
_PARTY = {"buyer_name": "buyer__name", "buyer_tax_no": "buyer__tax_no"} | {
    "seller_name": "seller__name",
    "seller_tax_no": "seller__tax_no",
}
_ELSEWHERE = ("lines", "sources", "bills", "vouchers")  # not columns of the invoice or its parties
_COLUMNS = tuple(_PARTY.get(name, name) for name in FIELDS if name not in _ELSEWHERE)
_NAMES = tuple(name for name in FIELDS if name not in _ELSEWHERE)
_AMOUNTS = ("amount_excl_tax", "tax_amount", "total_amount", "deductible_tax")
_MOMENTS = ("issue_date", "created_at", "updated_at")


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
    found = []
    for row in rows:
        values = dict(zip(_NAMES, row, strict=True))
        pk = values["id"]
        for name in _AMOUNTS:
            values[name] = _yuan(values[name])
        for name in _MOMENTS:
            values[name] = values[name].isoformat() if values[name] else None
        for name in _PARTY:
            values[name] = values[name] or ""
        values |= {"lines": lines.get(pk, []), "sources": sources.get(pk, [])}
        values |= {field: by_invoice.get(pk, []) for field, by_invoice in links.items()}
        found.append({name: values[name] for name in FIELDS})
    return found


def _lines(ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = InvoiceLine.objects.filter(invoice__in=ids).order_by("invoice_id", "position")
    for pk, name, spec, unit, quantity, price, amount, rate, tax, goods in rows.values_list("invoice_id", *LINE_FIELDS):
        values = (name, spec, unit, plain(quantity), plain(price), _yuan(amount), plain(rate), _yuan(tax), goods)
        found[pk].append(dict(zip(LINE_FIELDS, values, strict=True)))
    return found


def _sources(ids: Sequence[int], company_ids: Collection[int] | None) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    seen = SourceRecord.objects.filter(invoice__in=ids)
    if company_ids is not None:
        seen = seen.filter(source__company__in=company_ids)
    rows = seen.order_by("source__name", "external_id").values_list(
        "invoice_id", "source__name", "external_id", "deleted"
    )
    for pk, source, external_id, deleted in rows:
        found[pk].append({"source": source, "external_id": external_id, "deleted": deleted})
    return found


def _yuan(value: Decimal | None) -> str | None:
    return None if value is None else format(value, ".2f")
