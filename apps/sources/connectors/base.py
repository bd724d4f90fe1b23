"""What a connector is: HTTP and one vendor's vocabulary, nothing else.

``fetch`` yields pages of raw records; the engine commits each page (records and cursor in one transaction) **before**
it asks for the next one, so code after a ``yield`` may rely on the page being durable. ``parse`` is pure: one raw
payload becomes one canonical record, or BadRecord. A connector never touches the database: everything it needs comes
through ``SourceContext``.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Literal, Protocol

from django.utils.functional import Promise

from apps.core.http import HttpClient
from apps.core.messages import Message
from apps.sources.pushes import BillType, Payload
from apps.sources.records import InvoiceRecord

Text = str | Promise


@dataclass(frozen=True)
class Parameter:
    """One credential or option of a source, as its form shows it.

    ``secret`` values are write-only. ``default`` None with ``required`` False means that it is left out. ``kind``: a
    ``list`` is a JSON list, an ``object`` a JSON object, a ``date`` is yyyy-MM-dd.
    """

    name: str
    label: Text
    kind: Literal["text", "integer", "number", "boolean", "choice", "list", "object", "date"] = "text"
    secret: bool = False
    required: bool = False
    default: Any = None
    choices: tuple[tuple[str, Text], ...] = ()
    minimum: float | None = None
    help: Text = ""


@dataclass(frozen=True)
class CompanyFacts:
    """The company a source belongs to, as its connector sees it."""

    name: str = ""
    tax_no: str = ""
    former_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceFacts:
    """All that ``parse`` may use besides the payload. ``options`` has every option, defaults filled in."""

    name: str
    kind: str
    company: CompanyFacts
    options: Mapping[str, Any]


@dataclass(frozen=True)
class RawItem:
    """One record as the vendor sent it (decoded JSON, decimals exact).

    ``external_id`` is the vendor's stable id, at most 200 characters. ``fingerprint`` says whether it changed since
    last time; '' lets the engine hash the payload (give one only when the payload holds parts fetched later).
    """

    external_id: str
    payload: Mapping[str, Any]
    fingerprint: str = ""


@dataclass(frozen=True)
class Page:
    """What is committed together: the items, and the stream's new position (None leaves it where it was).

    ``parsed`` False keeps the items as raw only (messages that are not invoices). ``charged`` is what the vendor billed
    for this page. ``progress`` is a short text for the runs page, such as the window being read.
    """

    stream: str
    items: Sequence[RawItem]
    cursor: Mapping[str, Any] | None = None
    parsed: bool = True
    charged: int = 0
    progress: str = ""


@dataclass(frozen=True)
class Token:
    """A login shared by all workers of a source. ``extra`` holds values sent with it (maycur: entCode)."""

    value: str
    lifetime: float  # seconds until a new one is fetched
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PushReply:
    """The upstream accepted a push. ``already``: it answered that this had been done before, which counts as done."""

    already: bool = False


@dataclass(frozen=True)
class OpenBill:
    """A bill of this system that the application knows as open."""

    number: str
    type: BillType


class SourceContext(Protocol):
    """What a connector is given: its source, its HTTP client, and what was received from the source before."""

    source: SourceFacts
    base_url: str
    credentials: Mapping[str, str]
    http: HttpClient

    @property
    def options(self) -> Mapping[str, Any]:
        """Every option of the source, defaults filled in."""

    def now(self) -> datetime:
        """Now, in Asia/Shanghai."""

    def today(self) -> date: ...

    def history_start(self) -> date:
        """Option ``start_date``, or twelve months before the source was created."""

    def cursor(self, stream: str) -> dict[str, Any]:
        """The stream's committed position; {} at the beginning."""

    def known(self, external_ids: Sequence[str]) -> dict[str, str]:
        """external id → fingerprint for those of these ids that were received before (quarantined ones included)."""

    def known_issued(self, start: date, end: date) -> set[str]:
        """External ids of this source's records (tombstones excluded) whose issue date lies in [start, end]."""

    def unsettled(self) -> Iterator[list[str]]:
        """Batches of external ids whose state can still change upstream."""

    def watched(self, what: Literal["bills", "forms", "channels"]) -> list[Any]:
        """Open bills (numbers), forms (``OpenBill``) or message channels (keys) that the application knows, and what
        the option ``watch_bills`` / ``watch_forms`` / ``watch_channels`` names, as the option has it."""

    def token(self, login: Callable[[], Token], rejected: str | None = None) -> Token:
        """The shared token; ``login`` is called under a lock when there is none, it ran out, or it was ``rejected``."""

    def timestamp(self, per_second: int) -> int:
        """Now in units of 1/``per_second`` s since the epoch, strictly increasing per source across processes."""

    def reserve(self, interval: float, at_most: float | None = None) -> float | None:
        """See ``apps.core.http.Pacer.reserve``."""

    def note(self, message: Message) -> None:
        """Something a person should know; the run ends as *partial* rather than *succeeded*."""

    def postpone(self, until: datetime, message: Message) -> None:
        """There is more (backlog), but not before ``until``: the scheduler comes back then. ``fetch`` should return."""

    def checkpoint(self) -> None:
        """Raises Cancelled when the run was cancelled or lost. Call it in loops that do not go through ``http``."""


class Connector(ABC):
    """One upstream system. Sub-classes state what they need and speak the vendor's language."""

    kind: ClassVar[str]
    label: ClassVar[Text]
    credentials: ClassVar[tuple[Parameter, ...]]
    options: ClassVar[tuple[Parameter, ...]]
    detect_label: ClassVar[Text] = ""  # names what ``detect`` finds out; '' when there is nothing to find out
    pushes: ClassVar[frozenset[str]] = frozenset()  # what ``push`` takes: ``sources.choices.PushKind``
    request_interval: ClassVar[str] = (
        ""  # the option that holds the seconds between two requests, if the vendor asks for it
    )

    def __init__(self, context: SourceContext) -> None:
        self.context = context

    @abstractmethod
    def fetch(self) -> Iterator[Page]:
        """Pages from the committed cursor on. Raises TryLater or NeedsPerson; what was yielded before is kept."""

    @abstractmethod
    def test(self) -> Message:
        """Make one cheap call that proves address and credentials; returns a sentence for the person who asked."""

    def detect(self) -> dict[str, Any]:
        """Options found by trying them on one live page (see ``detect_label``). Raises NeedsPerson when none fits."""
        raise NotImplementedError

    @classmethod
    def request_body(cls, kind: str, payload: Payload, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """The vendor's own body for one of ``pushes``, without who we are: what ``push`` sends and what people preview.
        ``options``: every option of the source, defaults filled in. Pure."""
        raise NotImplementedError

    def push(self, kind: str, payload: Payload) -> PushReply:
        """Send one of ``pushes``, once.

        Raises TryLater when nothing happened upstream, NeedsPerson when it was refused, OutcomeUnknown when it may or
        may not have taken effect.
        """
        raise NotImplementedError

    def confirm_applied(self, kind: str, payload: Payload) -> bool | None:
        """Ask the upstream whether an earlier ``push`` of this took effect; None when it cannot tell. Repeatable."""
        return None

    @classmethod
    def bill_type(cls, number: str, options: Mapping[str, Any]) -> BillType:
        """The type of a bill that this system lists, as far as the options of its source tell. Pure."""
        return BillType.EXPENSE

    @classmethod
    @abstractmethod
    def parse(cls, item: RawItem, source: SourceFacts) -> InvoiceRecord:
        """The canonical record of one raw item. Pure. Raises BadRecord."""
