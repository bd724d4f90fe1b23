"""The vendor's pages that people open (发票助手), and the channel through which such a page speaks to us.

Unlike a pull, which hears whatever waits, a channel here belongs to one window of one person. Who hears a message
keeps it first and confirms it then. Facts: ``docs/upstreams/piaozone.md``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import msgspec

from apps.sources.connectors.base import RawItem, SourceContext
from apps.sources.connectors.items import digest, nameless, raw_item

from . import DETAILS, Piaozone, batches, versions
from .calls import Calls
from .messages import Named

__all__ = ["DETAILS", "PAGES", "SPEAKING", "Assistant", "Heard"]

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
_VENDOR_NAMES = {"external_key": "bxd_key", "line_key": "branch_id"}
_WITH_SERIAL = frozenset({"invoice", "edit"})


@dataclass(frozen=True)
class Heard:
    """A message as it came. ``id`` is the vendor's, or made of the content when it has none and cannot be confirmed."""

    id: str
    payload: Mapping[str, Any]

    @property
    def confirmable(self) -> bool:
        return not nameless(self.id)


class Assistant:
    """One source's pages and channels; every call raises TryLater or NeedsPerson."""

    def __init__(self, line: SourceContext) -> None:
        self._context = line
        self._calls = Calls(line)
        self._connector = Piaozone(line)

    def open_channel(self) -> str:
        """A new linkKey. Fetched before the page opens."""
        return self._calls.link_key()

    def user_key(self, bill: str, bill_type: str, visit: Mapping[str, str]) -> str:
        """A key for one visit to one bill. ``visit``: external_key, line_key, and the vendor's own parameters."""
        vendor_visit = {_VENDOR_NAMES.get(name, name): value for name, value in visit.items()}
        return self._calls.user_key(bill, bill_type, vendor_visit)

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
        said = self._calls.poll(link_key)
        if not said:
            return None
        item = raw_item(said, said.get("msgId") if isinstance(said, dict) else "")
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
        found = {str(row.get("serialNo")) for batch in batches(asked) for row in self._calls.details(batch)}
        return set(asked) - found

    @staticmethod
    def replaced(serial: str, by: str) -> RawItem:
        """That a serial number holds no more, for the stream DETAILS: the same paper has another one."""
        payload = {"replaced_by": by}
        return RawItem(serial, payload, versions.fingerprint(f"g{digest(payload)[:16]}", ()))


def written(payload: Mapping[str, Any]) -> str:
    """A message as text, numbers exact."""
    return _encoder.encode(payload).decode()


_encoder = msgspec.json.Encoder(decimal_format="number")
