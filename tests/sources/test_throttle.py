"""The request interval, timestamps and token that all workers of one source share."""

import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from apps.core.errors import TryLater
from apps.sources.connectors.base import Token
from apps.sources.models import SourceState
from apps.sources.throttle import Throttle
from tests.factories import SourceFactory

from .together import together

pytestmark = pytest.mark.django_db


class Logins:
    """A login that returns the tokens t1, t2, …; ``before`` runs during the login."""

    def __init__(self, lifetime: float = 600.0, before: Callable[[], object] = lambda: None) -> None:
        self.count, self.lifetime, self.before = 0, lifetime, before

    def __call__(self) -> Token:
        self.count += 1
        self.before()
        return Token(f"t{self.count}", self.lifetime, {"entCode": "甲"})


def test_interval_is_kept_across_workers() -> None:
    source = SourceFactory()
    waits = [Throttle(source).reserve(10.0) for _ in range(3)]
    assert waits[0] == 0.0
    assert waits[1:] == [pytest.approx(10.0, abs=1.0), pytest.approx(20.0, abs=1.0)]


def test_sources_have_separate_intervals() -> None:
    assert [Throttle(SourceFactory()).reserve(10.0) for _ in range(2)] == [0.0, 0.0]


def test_slot_beyond_maximum_wait_is_not_reserved() -> None:
    throttle = Throttle(SourceFactory())
    throttle.reserve(10.0)
    assert throttle.reserve(10.0, at_most=5.0) is None
    assert throttle.reserve(10.0, at_most=15.0) == pytest.approx(10.0, abs=1.0)


@pytest.mark.django_db(transaction=True)
def test_concurrent_workers_get_different_slots() -> None:
    source = SourceFactory()
    waits = sorted(together(*[lambda: Throttle(source).reserve(10.0)] * 6))
    assert waits == [pytest.approx(10.0 * n, abs=2.0) for n in range(6)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("per_second", [1, 1000])
def test_timestamps_increase_strictly_across_workers(per_second: int) -> None:
    source = SourceFactory()
    started = int(time.time() * per_second)

    def ten() -> list[int]:
        throttle = Throttle(source)
        return [throttle.timestamp(per_second) for _ in range(10)]

    lists = together(*[ten] * 4)
    assert all(moments == sorted(moments) for moments in lists)
    assert len({moment for moments in lists for moment in moments}) == 40
    assert min(min(moments) for moments in lists) >= started


def test_timestamp_is_current_time() -> None:
    assert Throttle(SourceFactory()).timestamp(1) == pytest.approx(time.time(), abs=30)


@pytest.mark.django_db(transaction=True)
def test_concurrent_workers_share_one_login() -> None:
    source, logins = SourceFactory(), Logins(before=lambda: time.sleep(0.2))
    tokens = together(*[lambda: Throttle(source).token(logins)] * 4)
    assert logins.count == 1
    assert {(token.value, token.extra["entCode"]) for token in tokens} == {("t1", "甲")}


@pytest.mark.django_db(transaction=True)
def test_workers_with_refused_token_share_one_new_login() -> None:
    source, logins = SourceFactory(), Logins(before=lambda: time.sleep(0.1))
    old = Throttle(source).token(logins).value
    tokens = together(*[lambda: Throttle(source).token(logins, rejected=old)] * 4)
    assert logins.count == 2
    assert {token.value for token in tokens} == {"t2"}


@pytest.mark.django_db(transaction=True)
def test_login_may_use_the_throttle() -> None:
    throttle = Throttle(SourceFactory())
    logins = Logins(before=lambda: (throttle.reserve(1.0), throttle.timestamp(1000)))
    assert throttle.token(logins).value == "t1"


def test_token_is_kept_until_it_expires() -> None:
    throttle, logins = Throttle(SourceFactory()), Logins()
    assert [throttle.token(logins).value, throttle.token(logins).value] == ["t1", "t1"]
    SourceState.objects.update(token_expires_at=timezone.now())
    assert throttle.token(logins).value == "t2"


def test_token_is_stored_encrypted() -> None:
    throttle = Throttle(SourceFactory())
    throttle.token(lambda: Token("very-secret-token", 600.0, {}))
    with connection.cursor() as cursor:
        cursor.execute("SELECT token::text FROM sources_sourcestate")
        (stored,) = cursor.fetchone()
    assert stored
    assert "very-secret-token" not in stored


def test_failed_login_is_repeated() -> None:
    throttle, logins = Throttle(SourceFactory()), Logins()

    def broken() -> Token:
        raise TryLater("http.timeout", host="upstream.example")

    with pytest.raises(TryLater):
        throttle.token(broken)
    assert throttle.token(logins).value == "t1"
