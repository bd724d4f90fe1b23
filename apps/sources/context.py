"""``connectors.base.SourceContext`` on the database: what a connector is given for one run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from apps.core.http import HttpClient, Limits
from apps.core.messages import Message
from apps.core.redaction import Redactor

from .connectors import CONNECTORS
from .connectors.base import CompanyFacts, SourceFacts, Token
from .models import Cursor, Source
from .parsing import SHANGHAI
from .throttle import Throttle
from .watch_providers import Watched, watched

log = structlog.get_logger(__name__)

_KNOWN = """
SELECT DISTINCT ON (external_id) external_id, fingerprint
  FROM sources_rawrecord
 WHERE source_id = %s AND external_id = ANY(%s)
 ORDER BY external_id, id DESC
"""


class SourceContext:
    """For one run, or one press of a button. A context manager: leaving it closes its connections.

    ``ledger`` answers questions about this source's records; the ledger is above the sources and passes it in.
    """

    def __init__(
        self,
        source: Source,
        *,
        checkpoint: Callable[[], None] = lambda: None,
        ledger: "LedgerFacts | None" = None,
        limits: Limits | None = None,
        new_login: bool = False,
    ) -> None:
        self._source, self._ledger, self._throttle = source, ledger, Throttle(source, new_login=new_login)
        self.source = source_facts(source)
        self.base_url = source.base_url.rstrip("/")
        self.credentials: Mapping[str, str] = {name: str(value) for name, value in source.credentials.items()}
        self.checkpoint = checkpoint
        self.notes: list[Message] = []
        self.postponed_until: datetime | None = None
        self.http = HttpClient(
            deny=settings.OUTBOUND_DENY,
            pacer=self._throttle,
            interval=float(self.options.get(CONNECTORS[source.kind].request_interval) or 0),
            redactor=Redactor(self._secrets()),
            limits=limits,
            checkpoint=checkpoint,
        )

    def __enter__(self) -> "SourceContext":
        return self

    def __exit__(self, *exc: object) -> None:
        self.http.close()

    def _secrets(self) -> list[str]:
        secret = {p.name for p in CONNECTORS[self._source.kind].credentials if p.secret}
        return [value for name, value in self.credentials.items() if name in secret]

    @property
    def options(self) -> Mapping[str, Any]:
        return self.source.options

    def now(self) -> datetime:
        return timezone.now().astimezone(SHANGHAI)

    def today(self) -> date:
        return self.now().date()

    def history_start(self) -> date:
        chosen = self.options.get("start_date")
        if chosen:
            return date.fromisoformat(chosen)
        created = self._source.created_at.astimezone(SHANGHAI).date()
        return created.replace(year=created.year - 1, day=min(created.day, 28))

    def cursor(self, stream: str) -> dict[str, Any]:
        position = Cursor.objects.filter(source=self._source, stream=stream).values_list("position", flat=True).first()
        return position or {}

    def known(self, external_ids: Sequence[str]) -> dict[str, str]:
        with connection.cursor() as cursor:
            cursor.execute(_KNOWN, [self._source.pk, list(external_ids)])
            return dict(cursor.fetchall())

    def known_issued(self, start: date, end: date) -> set[str]:
        return self._ledger.issued_between(self._source.pk, start, end) if self._ledger else set()

    def unsettled(self) -> Iterator[list[str]]:
        return self._ledger.unsettled(self._source.pk) if self._ledger else iter(())

    def watched(self, what: Watched) -> list[Any]:
        return [*(self.options.get(f"watch_{what}") or ()), *watched(self._source.pk, what)]

    def token(self, login: Callable[[], Token], rejected: str | None = None) -> Token:
        token = self._throttle.token(login, rejected)
        self.http.redactor.learn(token.value)
        return token

    def timestamp(self, per_second: int) -> int:
        return self._throttle.timestamp(per_second)

    def reserve(self, interval: float, at_most: float | None = None) -> float | None:
        return self._throttle.reserve(interval, at_most)

    def note(self, message: Message) -> None:
        self.notes.append(message)

    def postpone(self, until: datetime, message: Message) -> None:
        self.postponed_until = until
        log.info("pull.postponed", source=self.source.name, until=until.isoformat(), reason=message.code)


def filled_options(kind: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Every option of this kind, defaults filled in."""
    specs = CONNECTORS[kind].options if kind in CONNECTORS else ()
    return {p.name: options.get(p.name, p.default) for p in specs}


def source_facts(source: Source) -> SourceFacts:
    """What ``parse`` may use of a source."""
    company = source.company
    options = filled_options(source.kind, source.options)
    facts = CompanyFacts(company.name, company.tax_no, tuple(company.former_names))
    return SourceFacts(source.name, source.kind, facts, options)


class LedgerFacts:
    """What a connector can ask about the records of its source (implemented in ``apps.invoices.facts``)."""

    def issued_between(self, source_id: int, start: date, end: date) -> set[str]:
        raise NotImplementedError

    def unsettled(self, source_id: int) -> Iterator[list[str]]:
        raise NotImplementedError
