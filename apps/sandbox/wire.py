"""Requests, replies and the base class of the five imitated systems."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qsl

import msgspec

from apps.sandbox.books import Books
from apps.sandbox.faults import Fault
from apps.sandbox.settings import Settings
from apps.sandbox.sources import credentials
from apps.sandbox.world import World

_encoder = msgspec.json.Encoder(decimal_format="number")
_SECRETS = frozenset(
    {
        "authcode", "authorization", "sign", "signature", "secret", "token", "tokenid", "access_token", "appsecret",
        "client_secret", "userkey", "des_key",
    }
)  # fmt: skip


@dataclass
class Request:
    """A request to one system. ``fault(name)`` returns that fault if it is armed for this request, and uses it up."""

    method: str
    path: str  # below the system's prefix
    query: Mapping[str, str]
    headers: Mapping[str, str]  # lower-case names
    body: bytes
    fault: Callable[[str], Fault | None] = lambda _name: None
    call: str = ""  # the vendor's name of the call, for the journal
    asked: dict[str, Any] = field(default_factory=dict)  # parameters, for the journal

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; {} when it is not one."""
        try:
            decoded = msgspec.json.decode(self.body)
        except msgspec.DecodeError:
            return {}
        return decoded if isinstance(decoded, dict) else {}

    def fields(self) -> list[tuple[str, str]]:
        """The body as form fields in their order, several of one name included."""
        if not self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return []
        return parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    def form(self) -> dict[str, str]:
        """The body as form fields; {} when it is not sent as a form."""
        return dict(self.fields())

    def note(self, call: str, parameters: Mapping[str, Any]) -> None:
        """Note the call and its parameters for the journal, without secrets."""
        self.call = call
        self.asked = {name: value for name, value in parameters.items() if name.lower() not in _SECRETS}


@dataclass
class Reply:
    """``page`` marks replies with records (the fault `repeated_page` sends the last such again)."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json;charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)
    outcome: str = "ok"
    page: bool = False


def json_reply(value: Any, *, outcome: str = "ok", page: bool = False, status: int = 200) -> Reply:
    """A JSON body; decimals become exact JSON numbers."""
    return Reply(status, _encoder.encode(value), outcome=outcome, page=page)


def encode(value: Any) -> bytes:
    return _encoder.encode(value)


class System:
    """One imitated upstream. ``handle`` answers a request; ``lock`` guards its state.

    ``clock`` gives epoch seconds.
    """

    name: ClassVar[str]

    def __init__(self, world: World, settings: Settings, books: Books, clock: Callable[[], float] = time.time) -> None:
        self.world, self.settings, self.books, self.clock = world, settings, books, clock
        self.credentials = credentials(self.name, world)
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self._remembered: dict[Any, tuple[int, Any]] = {}

    def handle(self, request: Request) -> Reply:
        """Answer one request."""
        raise NotImplementedError

    def too_fast(self) -> Reply:
        """The reply to a caller that exceeds the rate limit."""
        return Reply(
            429, b"Too Many Requests", "text/plain", {"Retry-After": _seconds(self.settings.retry_after)}, "too fast"
        )

    def remember(self, key: Any, make: Callable[[], Any]) -> Any:
        """Cache a costly answer until the world changes; the last sixteen are kept."""
        version = self.world.version
        kept = self._remembered.get(key)
        if kept is None or kept[0] != version:
            kept = (version, make())
            with self.lock:
                self._remembered[key] = kept
                while len(self._remembered) > 16:
                    del self._remembered[next(iter(self._remembered))]
        return kept[1]


def _seconds(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def arranged(rows: list[Any], request: Request) -> list[Any]:
    """The rows of a page, reversed when the fault `reordered_page` is armed."""
    return rows[::-1] if len(rows) > 1 and request.fault("reordered_page") else rows
