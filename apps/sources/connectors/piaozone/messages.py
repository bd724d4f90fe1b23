"""Live messages: which invoices a message of any shape names, and what little it says of them. Pure.

Shapes and their misspellings: ``docs/upstreams/piaozone.md``. Details are fetched before anything is judged.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from apps.core.errors import TryLater
from apps.core.http import decode_json
from apps.sources.parsing import text

_PINYIN = {
    "fid": "serialNo",
    "fplx": "invoiceType",
    "fpdm": "invoiceCode",
    "fphm": "invoiceNo",
    "jshj": "totalAmount",
    "kprq": "invoiceDate",
    "se": "taxAmount",
}


def inner(body: Any) -> dict[str, Any]:
    """The message itself, which may come as an object or as a JSON string; {} for anything else."""
    if isinstance(body, str):
        try:
            body = decode_json(body)
        except TryLater:
            return {}
    return body if isinstance(body, dict) else {}


def invoices(body: Any) -> dict[str, dict[str, Any]]:
    """Serial number → the row the message has for it ({} when it only names the number)."""
    message = inner(body)
    data = inner(message.get("data"))
    found: dict[str, dict[str, Any]] = {}
    for row in _rows(text(message.get("type"), 30), data):
        serial = text(row.get("serialNo"), 150)
        if serial:
            found[serial] = {**found.get(serial, {}), **row}
    for serial in text(data.get("invoiceSerialNos"), 100_000).split(","):
        if serial.strip():
            found.setdefault(serial.strip(), {})
    return found


def _rows(kind: str, data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if kind == "saveEntrys":
        yield from (_from_pinyin(entry) for entry in _objects(data.get("list")))
        for group in _objects(data.get("traList")):
            yield from (_from_pinyin(entry) for entry in _objects(group.get("invoiceData")))
        return
    inside = data.get("data")
    if kind == "updateInvoice":
        yield from _objects(inside)
        return
    if isinstance(inside, dict):  # purchases: only serial numbers
        for purchase in _objects(inside.get("purchaseInfo")):
            yield from _named(purchase.get("invoiceData"))
        return
    for group in _objects(inside):
        if "invoiceData" in group:  # a trip: groups by cost type
            yield from _named(group["invoiceData"])
        else:
            yield group


def _named(entries: Any) -> Iterator[dict[str, Any]]:
    for entry in entries if isinstance(entries, list) else ():
        yield entry if isinstance(entry, dict) else {"serialNo": entry}


def _objects(value: Any) -> list[dict[str, Any]]:
    """A list of objects, a single object, or nothing."""
    candidates = value if isinstance(value, list) else [value]
    return [entry for entry in candidates if isinstance(entry, dict)]


def _from_pinyin(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {_PINYIN.get(name, name): value for name, value in entry.items()}
