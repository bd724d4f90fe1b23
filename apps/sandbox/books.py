"""The sandbox's own books: what changing calls have done to vouchers, bills, invoices and orders, and in what order.

Tests compare what the application believes with what stands here. ``effects`` is only ever added to; a call that was
refused, or that found everything done already, leaves none.
"""

import hashlib
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from apps.sandbox.rows.piaozone import serial_no
from apps.sandbox.truth.invoices import SHANGHAI, Invoice
from apps.sandbox.world import World

# Who asks, and until when it counts: differs from call to call while the content is the same.
WHO = frozenset({"client_id", "timestamp", "sign", "encType", "tin", "eid", "userKey"})


def content_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body without who sends it."""
    return {name: value for name, value in body.items() if name not in WHO}


def digest(content: Mapping[str, Any]) -> str:
    """The same for the same content, whatever the order of its fields; who sends it does not count."""
    return hashlib.blake2b(msgspec.json.encode(content_of(content), order="sorted"), digest_size=16).hexdigest()


@dataclass(frozen=True)
class Effect:
    """One thing done. ``call`` is the vendor's path or method; ``subject`` a vouchId, bxd_key, serial number or order;
    ``digest`` of ``content``, the body without who sent it."""

    order: int
    at: str
    system: str
    call: str
    subject: str
    digest: str
    content: dict[str, Any]


@dataclass
class Voucher:
    """``versions`` counts the contents it has had, deleted ones included."""

    content: dict[str, Any]
    digest: str
    versions: int = 1
    deleted: bool = False


@dataclass
class Bill:
    """``entries``: entry id ('' where there are none) → its invoices. ``saved`` once the relation was final."""

    number: str
    key: str
    entries: dict[str, list[Invoice]] = field(default_factory=dict)
    type: str = ""
    status: str = ""
    saved: bool = False

    @property
    def invoices(self) -> list[Invoice]:
        """Everything on the bill, each once, in the order it came."""
        return list({invoice.index: invoice for filed in self.entries.values() for invoice in filed}.values())


class Books:
    """Hold ``lock`` while looking and changing belong together."""

    def __init__(self, world: World) -> None:
        self.world, self.lock = world, threading.RLock()
        self.effects: list[Effect] = []
        self.vouchers: dict[str, Voucher] = {}
        self.bills: dict[str, Bill] = {}  # by bxd_key
        self.deductions: dict[int, dict[str, str]] = {}  # invoice → what status/update said of its tax
        self.orders: dict[str, str] = {}  # order → number printed on paper
        self._by_number: dict[str, Bill] = {}

    def record(self, at: float, system: str, call: str, subject: str, content: Mapping[str, Any]) -> None:
        """Note that something was done; ``at`` in epoch seconds."""
        kept = content_of(content)
        moment = datetime.fromtimestamp(at, SHANGHAI).isoformat(timespec="milliseconds")
        with self.lock:
            self.effects.append(Effect(len(self.effects) + 1, moment, system, call, subject, digest(kept), kept))

    def bill(self, number: str, key: str = "") -> Bill | None:
        """A bill by its global key or, failing that, its number, as changing calls have left it."""
        return self.bills.get(key) or self._by_number.get(number)

    def opened(self, number: str, key: str) -> Bill:
        """The bill, put into the books with what the world has on it if nothing ever changed it."""
        found = self.bill(number, key)
        if found is None:
            known = list(self.world.bills.get(number, []))
            found = Bill(number, key or number, {"": known} if known else {})
        self.bills[found.key] = found
        if number:
            found.number, self._by_number[number] = number, found
        return found

    def on_bill(self, number: str, key: str = "") -> list[Invoice]:
        """The invoices of a bill, whether the books or the world know of it."""
        found = self.bill(number, key)
        return found.invoices if found else list(self.world.bills.get(number, []))

    def wallet(self) -> list[Invoice]:
        """What lies in the cloud's wallet, on a bill or not, newest first."""
        with self.lock:
            return sorted(self.world.wallet.values(), key=lambda one: (one.issued, one.index), reverse=True)

    def free(self) -> list[Invoice]:
        """What a person may still put on a bill, newest first."""
        with self.lock:
            taken = {invoice.index for bill in self.bills.values() for invoice in bill.invoices}
            return [one for one in self.wallet() if one.index not in taken and one.expense == "1"]

    def of(self, call: str = "", subject: str = "") -> list[Effect]:
        """The effects of calls whose name ends with ``call``, of one subject when it is named."""
        with self.lock:
            return [one for one in self.effects if one.call.endswith(call) and subject in ("", one.subject)]

    def told(self) -> dict[str, Any]:
        """Everything as plain values; invoices by the serial number in force."""
        with self.lock:
            return {
                "effects": [_without_content(one) for one in self.effects],
                "vouchers": {name: asdict(voucher) for name, voucher in self.vouchers.items()},
                "bills": {key: self._bill_told(bill) for key, bill in self.bills.items()},
                "invoices": self._invoices_told(),
                "orders": dict(self.orders),
            }

    def _bill_told(self, bill: Bill) -> dict[str, Any]:
        entries = {entry: self._serials(filed) for entry, filed in bill.entries.items()}
        plain = {"number": bill.number, "type": bill.type, "status": bill.status, "saved": bill.saved}
        return plain | {"entries": entries}

    def _invoices_told(self) -> dict[str, dict[str, str]]:
        return {
            serial: {"expenseStatus": one.expense, **self.deductions.get(one.index, {})}
            for serial, one in (self.world.by_serial | self.world.wallet).items()
            if one.expense not in ("", "1") or one.index in self.deductions
        }

    def _serials(self, invoices: Iterable[Invoice]) -> list[str]:
        return [serial_no(one, self.world.seed) for one in invoices]


def _without_content(effect: Effect) -> dict[str, Any]:
    return {name: value for name, value in asdict(effect).items() if name != "content"}
