"""The books of the sandbox: the effects of changing calls on vouchers, bills, invoices and orders, in order.

Tests compare the state of the application with the books. ``effects`` only grows; a call that was refused, or that had
nothing to do, leaves none.
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

# Identity of the caller and expiry: they differ between calls with the same content.
WHO = frozenset({"client_id", "timestamp", "sign", "encType", "tin", "eid", "userKey"})


def content_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body without the caller's identity."""
    return {name: value for name, value in body.items() if name not in WHO}


def digest(content: Mapping[str, Any]) -> str:
    """Digest of the content, independent of the order of fields and of the caller."""
    return hashlib.blake2b(msgspec.json.encode(content_of(content), order="sorted"), digest_size=16).hexdigest()


@dataclass(frozen=True)
class Effect:
    """One effect. ``call`` is the vendor's path or method; ``subject`` a vouchId, bxd_key, serial number or order;
    ``digest`` that of ``content``, the body without the caller's identity."""

    order: int
    at: str
    system: str
    call: str
    subject: str
    digest: str
    content: dict[str, Any]


@dataclass
class Voucher:
    """A voucher. ``versions`` counts its contents so far, deleted ones included."""

    content: dict[str, Any]
    digest: str
    versions: int = 1
    deleted: bool = False


@dataclass
class Bill:
    """A bill. ``entries``: entry id ('' where there are none) → its invoices. ``saved``: the relation is final."""

    number: str
    key: str
    entries: dict[str, list[Invoice]] = field(default_factory=dict)
    type: str = ""
    status: str = ""
    saved: bool = False

    @property
    def invoices(self) -> list[Invoice]:
        """All invoices of the bill, each once, in the order of their arrival."""
        return list({invoice.index: invoice for filed in self.entries.values() for invoice in filed}.values())


class Books:
    """The state of the sandbox. Take ``lock`` for a read that a write depends on."""

    def __init__(self, world: World) -> None:
        self.world, self.lock = world, threading.RLock()
        self.effects: list[Effect] = []
        self.vouchers: dict[str, Voucher] = {}
        self.bills: dict[str, Bill] = {}  # by bxd_key
        self.deductions: dict[int, dict[str, str]] = {}  # invoice → its tax data from status/update
        self.orders: dict[str, str] = {}  # order → number printed on paper
        self._by_number: dict[str, Bill] = {}

    def record(self, at: float, system: str, call: str, subject: str, content: Mapping[str, Any]) -> None:
        """Record an effect; ``at`` in epoch seconds."""
        kept = content_of(content)
        moment = datetime.fromtimestamp(at, SHANGHAI).isoformat(timespec="milliseconds")
        with self.lock:
            self.effects.append(Effect(len(self.effects) + 1, moment, system, call, subject, digest(kept), kept))

    def bill(self, number: str, key: str = "") -> Bill | None:
        """A bill by its global key, else by its number; None when no call changed it."""
        return self.bills.get(key) or self._by_number.get(number)

    def opened(self, number: str, key: str) -> Bill:
        """The bill; when no call changed it yet, it enters the books with its invoices in the world."""
        bill = self.bill(number, key)
        if bill is None:
            invoices = list(self.world.bills.get(number, []))
            bill = Bill(number, key or number, {"": invoices} if invoices else {})
        self.bills[bill.key] = bill
        if number:
            bill.number, self._by_number[number] = number, bill
        return bill

    def on_bill(self, number: str, key: str = "") -> list[Invoice]:
        """The invoices of a bill, from the books or else from the world."""
        bill = self.bill(number, key)
        return bill.invoices if bill else list(self.world.bills.get(number, []))

    def wallet(self) -> list[Invoice]:
        """The invoices in the cloud's wallet, on a bill or not, newest first."""
        with self.lock:
            return sorted(self.world.wallet.values(), key=lambda one: (one.issued, one.index), reverse=True)

    def free(self) -> list[Invoice]:
        """The invoices that may still be put on a bill, newest first."""
        with self.lock:
            taken = {invoice.index for bill in self.bills.values() for invoice in bill.invoices}
            return [one for one in self.wallet() if one.index not in taken and one.expense == "1"]

    def of(self, call: str = "", subject: str = "") -> list[Effect]:
        """The effects of calls whose name ends with ``call``, of one subject if given."""
        with self.lock:
            return [one for one in self.effects if one.call.endswith(call) and subject in ("", one.subject)]

    def snapshot(self) -> dict[str, Any]:
        """All books as plain values; invoices by their current serial number."""
        with self.lock:
            return {
                "effects": [_without_content(one) for one in self.effects],
                "vouchers": {name: asdict(voucher) for name, voucher in self.vouchers.items()},
                "bills": {key: self._bill_values(bill) for key, bill in self.bills.items()},
                "invoices": self._invoice_values(),
                "orders": dict(self.orders),
            }

    def _bill_values(self, bill: Bill) -> dict[str, Any]:
        entries = {entry: self._serials(filed) for entry, filed in bill.entries.items()}
        plain = {"number": bill.number, "type": bill.type, "status": bill.status, "saved": bill.saved}
        return plain | {"entries": entries}

    def _invoice_values(self) -> dict[str, dict[str, str]]:
        return {
            serial: {"expenseStatus": one.expense, **self.deductions.get(one.index, {})}
            for serial, one in (self.world.by_serial | self.world.wallet).items()
            if one.expense not in ("", "1") or one.index in self.deductions
        }

    def _serials(self, invoices: Iterable[Invoice]) -> list[str]:
        return [serial_no(one, self.world.seed) for one in invoices]


def _without_content(effect: Effect) -> dict[str, Any]:
    return {name: value for name, value in asdict(effect).items() if name != "content"}
