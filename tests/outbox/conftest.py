"""An upstream system with scripted answers, and fixtures for pushes."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from apps.core.messages import Message
from apps.outbox import services
from apps.outbox.models import Push
from apps.sources.choices import PushKind
from apps.sources.connectors import CONNECTORS
from apps.sources.connectors.base import Connector, Page, PushReply, RawItem, SourceFacts
from apps.sources.connectors.piaozone import Piaozone
from apps.sources.models import Source
from apps.sources.pushes import (
    Payload,
    UsageUpdate,
    VoucherBook,
    VoucherCollect,
    VoucherReference,
    VoucherVoid,
)
from apps.sources.records import ExpenseStatus
from tests.factories import SourceFactory


def payload_of(kind: PushKind, subject: str, number: int = 0) -> Payload:
    """A payload of this kind that names its subject and a number."""
    voucher = VoucherReference(subject, str(number))
    if kind == PushKind.VOUCHER_COLLECT:
        return VoucherCollect(voucher=voucher, book=VoucherBook())
    if kind == PushKind.VOUCHER_VOID:
        return VoucherVoid(voucher)
    return UsageUpdate(status=ExpenseStatus.USED, invoices=(), voucher=voucher)


class Scripted(Connector):
    """``answers``: results of the calls in order (an exception is raised); after them every call succeeds. ``effects``:
    answers of status queries. ``sent`` and ``queried``: the calls and status queries, in order."""

    kind, label, credentials, options = "piaozone", "scripted", (), ()
    pushes = frozenset(PushKind.values)
    answers: list[Any] = []
    effects: list[Any] = []
    sent: list[tuple[str, Any]] = []
    queried: list[tuple[str, Any]] = []

    @classmethod
    def request_body(cls, kind: str, payload: Payload, options: Mapping[str, Any]) -> Mapping[str, Any]:
        return Piaozone.request_body(kind, payload, options)

    def push(self, kind: str, payload: Payload) -> PushReply:
        self.sent.append((kind, payload))
        return self._next(self.answers, PushReply())

    def confirm_applied(self, kind: str, payload: Payload) -> bool | None:
        self.queried.append((kind, payload))
        return self._next(self.effects, None)

    @staticmethod
    def _next(answers: list[Any], otherwise: Any) -> Any:
        answer = answers.pop(0) if answers else otherwise
        if isinstance(answer, Exception):
            raise answer
        return answer

    def fetch(self) -> Iterator[Page]:
        raise NotImplementedError

    def test(self) -> Message:
        raise NotImplementedError

    @classmethod
    def parse(cls, item: RawItem, source: SourceFacts) -> Any:
        raise NotImplementedError


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> type[Scripted]:
    class Fresh(Scripted):
        answers, effects, sent, queried = [], [], [], []

    monkeypatch.setitem(CONNECTORS, "piaozone", Fresh)
    return Fresh


@pytest.fixture
def source(db: None, upstream: type[Scripted]) -> Source:
    return SourceFactory(kind="piaozone")


@pytest.fixture
def queue(source: Source) -> Callable[..., Push]:
    def queue(subject: str = "thing:1", kind: PushKind = PushKind.VOUCHER_COLLECT, **more: Any) -> Push:
        payload = more.pop("payload", None) or payload_of(kind, subject, more.get("revision", 0))
        user = more.pop("user", None)
        command = services.PushCommand(
            source=source, company=source.company, kind=kind, subject=subject, label=subject, payload=payload, **more
        )
        return services.queue([command], user)[0]

    return queue
