"""Parses live messages: which invoices, on which bill. Pure; the invoices are not parsed here.

The vendor describes six payloads but names their bill type nowhere in the message, so they are distinguished by shape.
Every level may be an object or a JSON string of one; every field may be missing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apps.core.decoding import decode_json
from apps.core.errors import TryLater
from apps.sources.parsing import text

CHOOSE, ADJUST, EDIT = "choose", "adjust", "edit"  # the page on which it happened
INVOICE_TYPES = frozenset({CHOOSE, ADJUST, EDIT})
_TYPES = {"saveBill": CHOOSE, "saveEntrys": ADJUST, "updateInvoice": EDIT}


class Unreadable(ValueError):
    """The message does not have the documented form."""


@dataclass(frozen=True)
class Named:
    """One invoice in a message. ``row``: its fields in the message; ``serial``: '' when it is missing;
    ``cost_type``: the name of the trip group."""

    serial: str
    bill: str
    row: Mapping[str, Any]
    cost_type: str = ""


@dataclass(frozen=True)
class Event:
    """``type``: one of ``INVOICE_TYPES``, or the vendor's name of something newer; and the invoices named.

    Which bill it is about, by number and by global key, and which line, as far as the message says. ``whole``: the
    invoices named are all that the line has (``ADJUST``), or the bill (``CHOOSE`` with its ``invoiceSerialNos``, by the
    vendor's words the set of those imported for the present bill; one without adds only).
    """

    type: str
    named: tuple[Named, ...]
    bill: str = ""
    external_key: str = ""
    line_key: str = ""
    whole: bool = False


def event(message: Mapping[str, Any]) -> Event:
    """Parse a polled message. Raises Unreadable."""
    inner = _object(message.get("data"))
    vendor_type = text(inner.get("type"), 40)
    if vendor_type not in _TYPES:
        return Event(vendor_type, ())
    event_type = _TYPES[vendor_type]
    body = _object(inner.get("data"))
    bill = text(body.get("billnumber") or body.get("billNumber"), 100)
    return Event(
        event_type,
        _named(body, bill),
        bill,
        external_key=text(body.get("bxd_key"), 100),
        line_key=text(body.get("branch_id") or body.get("entryid"), 100),
        whole=_whole(event_type, body),
    )


def _whole(event_type: str, body: Mapping[str, Any]) -> bool:
    if event_type == ADJUST:
        return isinstance(opened(body.get("list")), list | dict)
    return event_type == CHOOSE and text(body.get("invoiceSerialNos"), 100_000).strip(", ") != ""


def _named(body: Mapping[str, Any], bill: str) -> tuple[Named, ...]:
    """Each invoice once, with its most complete row."""
    by_serial: dict[str, Named] = {}
    for position, (row, cost_type) in enumerate(_rows(body)):
        serials = _serials(row) or [""]
        for serial in serials:
            key = serial or f" {position}"  # a row without serial number is kept separately
            own = (
                row if len(serials) == 1 else {"serialNo": serial}
            )  # the sums of a group are not amounts of an invoice
            before = by_serial.get(key, Named(serial, bill, {}))
            longest = own if len(own) > len(before.row) else before.row
            by_serial[key] = Named(serial, bill, longest, before.cost_type or cost_type)
    return tuple(by_serial.values())


def opened(value: Any) -> Any:
    """An object that may be given as a JSON string. Raises Unreadable when the string is not JSON."""
    if not isinstance(value, str):
        return value
    try:
        return decode_json(value)
    except TryLater as error:
        raise Unreadable("not JSON") from error


def _object(value: Any) -> Mapping[str, Any]:
    value = opened(value)
    if not isinstance(value, dict):
        raise Unreadable("not an object")
    return value


_Row = tuple[Mapping[str, Any], str]


def _rows(body: Mapping[str, Any]) -> Iterator[_Row]:
    """Rows, each with the name of its cost type ('' when it has none)."""
    yield from _within(opened(body.get("data")))  # saveBill of every bill type, updateInvoice
    yield from _within(opened(body.get("list")))  # saveEntrys
    yield from _within(opened(body.get("traList")))
    for serial in text(body.get("invoiceSerialNos"), 100_000).split(","):
        if serial.strip():
            yield {"serialNo": serial.strip()}, ""


def _within(value: Any, cost_type: str = "") -> Iterator[_Row]:
    """Rows in a list, in a group's ``invoiceData``, in a purchase's ``purchaseInfo``, or the value itself."""
    if isinstance(value, list):
        for entry in value:
            yield from _within(entry, cost_type)
    elif isinstance(value, dict):
        if "purchaseInfo" in value:
            yield from _within(value["purchaseInfo"])
        elif "invoiceData" in value:
            named = value.get("costName")
            yield from _within(value["invoiceData"], text(named if isinstance(named, str) else None, 100))
        elif value and "buyerInfo" not in value:
            yield value, cost_type
    elif text(value if isinstance(value, str | int) else None):
        yield {"serialNo": text(value, 150)}, cost_type


def _serials(row: Mapping[str, Any]) -> list[str]:
    value = row.get("serialNo") or row.get("fid")
    listed = value if isinstance(value, list) else text(None if isinstance(value, dict) else value, 10_000).split(",")
    return [serial for part in listed if (serial := text(None if isinstance(part, dict | list) else part, 150))]
