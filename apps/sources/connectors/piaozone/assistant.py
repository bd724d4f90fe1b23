"""The vendor's pages that people open (发票助手), and the channel through which such a page speaks to us.

Unlike a pull, which hears whatever waits, a channel here belongs to one window of one person. Who hears a message
keeps it first and confirms it then. Facts: ``docs/upstreams/piaozone.md``.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import msgspec

from apps.sources.connectors.base import RawItem, SourceContext
from apps.sources.connectors.items import digest, nameless, raw_item
from apps.sources.pushes import BillReference, BillType

from . import DETAILS, Piaozone, batches, versions
from .calls import Calls
from .codes import BILL_TYPE_CODES
from .messages import Named

__all__ = ["DETAILS", "PAGES", "SPEAKING", "Assistant", "Heard", "Visit"]

# Page → its path below the base URL.
PAGES = {
    "choose": "/m4-web/fpzs/index",
    "adjust": "/m4-web/fpzs/expense/branch/update",
    "line": "/m4-web/fpzs/expense/branch/info",
    "list": "/m4-web/fpzs/expense/invoice/list",
    "invoice": "/m4-web/fpzs/expense/showInvoice",
    "edit": "/m4-web/fpzs/invoice/update",
}
SPEAKING = frozenset({"choose", "adjust", "edit"})  # need a channel, because something may be changed there
_BILL_TYPES = {**BILL_TYPE_CODES, BillType.EXPENSE: ""}  # of a visit; that of a push names expense bills
# What a digit of ticketParam lets through, in the vendor's order, by the check that may block it.
_TICKET_DIGITS = ("used_elsewhere", "title", "tax_number", "verification_failed", "personal")
_WITH_SERIAL = frozenset({"invoice", "edit"})


@dataclass(frozen=True)
class Heard:
    """A message as it came. ``id`` is the vendor's, or made of the content when it has none and cannot be confirmed."""

    id: str
    payload: Mapping[str, Any]

    @property
    def confirmable(self) -> bool:
        return not nameless(self.id)


@dataclass(frozen=True)
class Visit:
    """What a page is opened for. ``serial_numbers``: the invoices on the bill, which the page ticks; ``line_key`` '':
    no line; ``blocking_checks``: codes of the compliance checks that keep an invoice from being chosen."""

    bill: BillReference
    line_key: str = ""
    serial_numbers: tuple[str, ...] = ()
    blocking_checks: frozenset[str] = frozenset()


class Assistant:
    """One source's pages and channels; every call raises TryLater or NeedsPerson."""

    def __init__(self, context: SourceContext) -> None:
        self._context = context
        self._calls = Calls(context)
        self._connector = Piaozone(context)

    def open_channel(self) -> str:
        """A new linkKey. Fetched before the page opens."""
        return self._calls.link_key()

    def user_key(self, visit: Visit) -> str:
        """A key for one visit to one bill."""
        parameters = {
            "bxd_key": visit.bill.external_key,
            "random": secrets.token_hex(8),
            "invoiceSerialNos": ",".join(visit.serial_numbers),
            "branch_id": visit.line_key,
            "ticketParam": ticket_param(visit.blocking_checks, int(self._context.options["ticket_param_digits"])),
        }
        entered = {name: value for name, value in parameters.items() if value}
        return self._calls.user_key(visit.bill.number, _BILL_TYPES[visit.bill.type], entered)

    def address(self, page: str, user_key: str, link_key: str = "", serial: str = "") -> str:
        """Where a person's window goes. It holds the keys: never write it down."""
        query = {"userKey": user_key}
        if page in SPEAKING:
            query["linkKey"] = link_key
        if page == "choose":
            query |= {"gridParam": str(self._context.options["grid_param"]), "sourceType": "polling"}
        if page in _WITH_SERIAL:
            query["serialNo"] = serial
        return f"{self._context.base_url}{PAGES[page]}?{urlencode(query)}"

    def next_message(self, link_key: str) -> Heard | None:
        """The next message; None when none came while the vendor held the call."""
        message = self._calls.poll(link_key)
        if not message:
            return None
        item = raw_item(message, message.get("msgId") if isinstance(message, dict) else "")
        return Heard(item.external_id, item.payload)

    def confirm(self, link_key: str, message_id: str) -> None:
        """The message is kept here; the vendor need not send it again."""
        self._calls.confirm(link_key, message_id)

    def records(self, named: Sequence[Named]) -> list[RawItem]:
        """What is to be known of these invoices, for the stream DETAILS."""
        return [item for batch in batches(named) for item in self._connector.named_items(batch)]

    def missing(self, serials: Sequence[str]) -> set[str]:
        """Those of these serial numbers that the vendor does not know any more."""
        asked = [serial for serial in serials if not nameless(serial)]
        rows = (row for batch in batches(asked) for row in self._calls.details(batch))
        return set(asked) - {str(row.get("serialNo")) for row in rows}

    @staticmethod
    def replaced(serial: str, by: str) -> RawItem:
        """That a serial number holds no more, for the stream DETAILS: the same paper has another one."""
        payload = {"replaced_by": by}
        return RawItem(serial, payload, versions.fingerprint(f"g{digest(payload)[:16]}", ()))


def ticket_param(blocking_checks: Collection[str], digits: int) -> str:
    """1 for what may be chosen, 0 for what a check blocks. Shorter ones leave the last out, longer ones allow what no
    check is known for.

    >>> ticket_param({"title"}, 6)
    '101111'
    """
    return "".join("0" if check in blocking_checks else "1" for check in _TICKET_DIGITS)[:digits].ljust(digits, "1")


def written(payload: Mapping[str, Any]) -> str:
    """A message as text, numbers exact."""
    return _encoder.encode(payload).decode()


_encoder = msgspec.json.Encoder(decimal_format="number")
