"""``SourceContext`` in memory and a pull like the engine's, to test connectors without a database.

A ``Store`` holds what PostgreSQL stores for one source; several ``MemoryContext`` on one store act as several workers.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec

from apps.core.errors import BadRecord, UpstreamError
from apps.core.http import HttpClient, Limits
from apps.core.messages import Message
from apps.core.redaction import Redactor
from apps.sources.connectors import CONNECTORS
from apps.sources.connectors.base import CompanyFacts, Connector, Page, RawItem, SourceFacts, Token
from apps.sources.parsing import SHANGHAI
from apps.sources.records import ExpenseStatus, InvoiceRecord, InvoiceStatus

_SETTLED = {InvoiceStatus.VOID, InvoiceStatus.FULLY_RED}

QUICK = Limits(connect_timeout=2.0, read_timeout=2.0, total_timeout=10.0, attempts=3, backoff=0.01, longest_wait=5.0)


class RealClock:
    """The real time; ``sleep`` really sleeps."""

    def now(self) -> datetime:
        return datetime.now(SHANGHAI)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def at(text: str) -> datetime:
    """Parse a local time in Shanghai, written ``2026-03-01 00:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class FakeClock:
    """A clock that moves only by ``sleep`` and ``advance``. ``slept`` lists every sleep in seconds."""

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime(2025, 6, 30, 12, 0, tzinfo=SHANGHAI)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._now += timedelta(seconds=seconds)

    advance = sleep


Clock = RealClock | FakeClock


@dataclass
class Store:
    """What outlives a run: cursors, raw records, invoice records, and the state that workers of a source share."""

    cursors: dict[str, dict[str, Any]] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)
    raw: dict[str, RawItem] = field(default_factory=dict)
    records: dict[str, InvoiceRecord] = field(default_factory=dict)
    quarantine: dict[str, Message] = field(default_factory=dict)
    kept: dict[str, RawItem] = field(default_factory=dict)  # pages with parsed=False
    token: Token | None = None
    token_until: datetime | None = None
    next_request: datetime | None = None
    last_timestamp: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)
    token_lock: threading.Lock = field(default_factory=threading.Lock)


class MemoryContext:
    """The context of one worker. ``entry`` is a source in the format of ``import_sources`` and the sandbox's
    ``sources()``; ``connector`` is the class to use for a kind that is not registered."""

    def __init__(
        self,
        entry: Mapping[str, Any],
        *,
        connector: type[Connector] | None = None,
        store: Store | None = None,
        clock: Clock | None = None,
        limits: Limits = QUICK,
        company: CompanyFacts | None = None,
        created: date | None = None,
        checkpoint: Callable[[], None] = lambda: None,
        **options: Any,
    ) -> None:
        kind = entry["kind"]
        self.connector = connector or CONNECTORS[kind]
        chosen = {**entry.get("options", {}), **options}
        filled = {p.name: chosen.get(p.name, p.default) for p in self.connector.options}
        company = company or CompanyFacts(entry.get("company_name", ""), entry.get("company_tax_no", ""))
        self.source = SourceFacts(entry.get("name", kind), kind, company, filled)
        self.base_url = str(entry["base_url"]).rstrip("/")
        self.credentials: Mapping[str, str] = {name: str(value) for name, value in entry["credentials"].items()}
        self.store = store or Store()
        self.clock = clock or RealClock()
        self.created = created
        self.notes: list[Message] = []
        self.postponed: tuple[datetime, Message] | None = None
        self.checkpoint = checkpoint
        secret = {p.name for p in self.connector.credentials if p.secret}
        self.http = HttpClient(
            pacer=self,
            interval=float(filled.get(self.connector.request_interval) or 0),
            redactor=Redactor([value for name, value in self.credentials.items() if name in secret]),
            limits=limits,
            checkpoint=checkpoint,
            sleep=self.clock.sleep,
        )

    def __enter__(self) -> "MemoryContext":
        return self

    def __exit__(self, *exc: object) -> None:
        self.http.close()

    @property
    def options(self) -> Mapping[str, Any]:
        return self.source.options

    def with_options(self, **options: Any) -> "MemoryContext":
        """Change options of this context (same store, same client)."""
        self.source = replace(self.source, options={**self.source.options, **options})
        return self

    def now(self) -> datetime:
        return self.clock.now()

    def today(self) -> date:
        return self.now().date()

    def history_start(self) -> date:
        chosen = self.options.get("start_date")
        if chosen:
            return date.fromisoformat(chosen)
        created = self.created or self.today()
        return created.replace(year=created.year - 1, day=min(created.day, 28))

    def cursor(self, stream: str) -> dict[str, Any]:
        return dict(self.store.cursors.get(stream, {}))

    def known(self, external_ids: Sequence[str]) -> dict[str, str]:
        return {i: self.store.fingerprints[i] for i in external_ids if i in self.store.fingerprints}

    def known_issued(self, start: date, end: date) -> set[str]:
        return {
            external_id
            for external_id, record in self.store.records.items()
            if not record.deleted and record.issue_date and start <= record.issue_date <= end
        }

    def unsettled(self) -> Iterator[list[str]]:
        open_ids = sorted(
            external_id
            for external_id, record in self.store.records.items()
            if not record.deleted
            and record.status not in _SETTLED
            and record.expense_status is not ExpenseStatus.BOOKED
        )
        for start in range(0, len(open_ids), 100):
            yield open_ids[start : start + 100]

    def watched(self, what: Literal["bills", "forms", "channels"]) -> list[Any]:
        return list(self.options.get(f"watch_{what}") or [])

    def token(self, login: Callable[[], Token], rejected: str | None = None) -> Token:
        with self.store.token_lock:
            stored = self.store.token
            fresh = self.store.token_until is not None and self.now() < self.store.token_until
            if stored is None or not fresh or stored.value == rejected:
                stored = login()
                self.store.token, self.store.token_until = stored, self.now() + timedelta(seconds=stored.lifetime)
            self.http.redactor.learn(stored.value)
            return stored

    def timestamp(self, per_second: int) -> int:
        with self.store.lock:
            now = int(self.now().timestamp() * per_second)
            self.store.last_timestamp = max(now, self.store.last_timestamp + 1)
            return self.store.last_timestamp

    def reserve(self, interval: float, at_most: float | None = None) -> float | None:
        with self.store.lock:
            now = self.now()
            slot = max(now, self.store.next_request or now)
            wait = (slot - now).total_seconds()
            if at_most is not None and wait > at_most:
                return None
            self.store.next_request = slot + timedelta(seconds=interval)
            return wait

    def note(self, message: Message) -> None:
        self.notes.append(message)

    def postpone(self, until: datetime, message: Message) -> None:
        self.postponed = (until, message)


@dataclass
class Pulled:
    """The result of one pull: its pages, and the external ids of new, changed, unchanged and quarantined records."""

    pages: list[Page] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    quarantined: dict[str, Message] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    charged: int = 0
    error: UpstreamError | None = None

    @property
    def received(self) -> int:
        return sum(len(page.items) for page in self.pages)


def pull(connector: Connector, *, most_pages: int | None = None) -> list[Page]:
    """The pages of one pull. Each is committed before the next is fetched, as in the engine."""
    return _pull(connector, Pulled(), most_pages).pages


def pulled(connector: Connector, *, most_pages: int | None = None) -> Pulled:
    """Like ``pull``, but returns the full result; an UpstreamError is stored in ``error``.

    ``most_pages`` simulates a kill -9: one more page is received and lost before its commit.
    """
    result = Pulled()
    try:
        _pull(connector, result, most_pages)
    except UpstreamError as error:
        result.error = error
    return result


def _pull(connector: Connector, result: Pulled, most_pages: int | None) -> Pulled:
    line = connector.context
    assert isinstance(line, MemoryContext)
    for page in connector.fetch():
        # Killed before the commit: the received page is lost.
        if most_pages is not None and len(result.pages) >= most_pages:
            break
        commit(line, page, result)
    return result


def commit(line: MemoryContext, page: Page, result: Pulled) -> None:
    """Store one page as in one transaction: raw records, invoice records or quarantine, then the cursor."""
    result.pages.append(page)
    result.charged += page.charged
    for item in page.items:
        _take(line, page, item, result)
    if page.cursor is not None:
        # Encoded as JSON, as in the database.
        line.store.cursors[page.stream] = msgspec.json.decode(msgspec.json.encode(page.cursor))


def _take(line: MemoryContext, page: Page, item: RawItem, result: Pulled) -> None:
    store, external_id = line.store, item.external_id
    assert external_id, "an item without external id"
    assert len(external_id) <= 200, f"external id of {len(external_id)} characters"
    fingerprint = item.fingerprint or hash_of(item.payload)
    before = store.fingerprints.get(external_id)
    store.fingerprints[external_id] = fingerprint
    if not page.parsed:
        store.kept[external_id] = item
        result.kept.append(external_id)
        return
    if before == fingerprint:  # not parsed and stored again, as in the engine
        if external_id in store.quarantine:
            result.quarantined[external_id] = store.quarantine[external_id]
        else:
            result.unchanged.append(external_id)
        return
    store.raw[external_id] = item
    try:
        record = line.connector.parse(item, line.source)
    except BadRecord as bad:
        store.quarantine[external_id] = bad.message
        result.quarantined[external_id] = bad.message
        return
    assert record.external_id == external_id
    store.quarantine.pop(external_id, None)
    store.records[external_id] = record
    (result.created if before is None else result.changed).append(external_id)


def hash_of(payload: Mapping[str, Any]) -> str:
    """The fingerprint that the engine computes for a payload without one."""
    text = msgspec.json.encode(payload, order="sorted")
    return hashlib.blake2b(text, digest_size=16).hexdigest()
