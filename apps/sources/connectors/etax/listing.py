"""One page of an S000621 answer, whichever of its two shapes it has. Pure. Facts: ``docs/upstreams/etax.md``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apps.core.errors import TryLater
from apps.sources.connectors.base import RawItem
from apps.sources.connectors.items import digest, raw_item
from apps.sources.parsing import number_text, slip_text, text

SLIPS = frozenset({"17", "18"})  # customs payment slips, tax payment proofs


@dataclass(frozen=True)
class Listing:
    """``count`` records are in the whole window (None: not said); ``size`` is the page size the answer states."""

    items: tuple[RawItem, ...]
    count: int | None
    size: int | None


def listed(answer: Mapping[str, Any], rzzt: str) -> Listing:
    """The records of a page, each told which list it came from (and in which period it stood)."""
    items = tuple(_item(row, rzzt) for row in _rows(answer))
    return Listing(items, _whole(answer.get("count")), _whole(answer.get("pageSize")))


def external_id(row: Mapping[str, Any]) -> str:
    """The bureau gives no record id: code and number, a digital number alone, else the number with its type; ''
    without a number. What only some lists fill (``ylzd5``) is no part of it: a document is one record in all of them.
    """
    number, code = slip_text(row.get("invoiceNumber"), 60), number_text(row.get("invoiceCode"))
    kind = text(row.get("invoiceType"), 20)
    if not number:
        return ""
    if kind in SLIPS:
        return f"{kind}:{number}"
    if code:
        return f"{code}:{number}"
    return number if len(number) == 20 and number.isdigit() else f"{kind}:{number}"


def list_of(fingerprint: str) -> str:
    """The list (rzzt) that a received version of a record came from."""
    return fingerprint.partition(":")[0]


def _item(row: Any, rzzt: str) -> RawItem:
    if not isinstance(row, dict):
        return raw_item(row, "")
    payload = row | {"rzzt": rzzt}
    return raw_item(payload, external_id(row), fingerprint=f"{rzzt[:20]}:{digest(payload)}")


def _rows(answer: Mapping[str, Any]) -> Iterator[Any]:
    """A plain list, or period → sort of document → list, where periods and sorts may be empty. Raises TryLater
    ``etax.unreadable`` for anything else that is not empty: read as nothing, it would be lost."""
    nested = answer.get("InvoiceList")
    if not isinstance(nested, dict):
        period = text(answer.get("skssq"), 6)
        yield from (_dated(row, period) for row in _list(nested))
        return
    for period, sorts in nested.items():
        for rows in sorts.values() if isinstance(sorts, dict) else (sorts,):
            yield from (_dated(row, period) for row in _list(rows))


def _list(rows: Any) -> list[Any]:
    if rows and not isinstance(rows, list):
        raise TryLater("etax.unreadable")
    return rows or []


def _dated(row: Any, period: str) -> Any:
    return row | {"skssq": period} if isinstance(row, dict) and period else row


def _whole(value: Any) -> int | None:
    """A number that may come as text."""
    digits = text(value, 12)
    return int(digits) if digits.isdecimal() else None
