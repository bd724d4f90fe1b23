"""What the workers of one source share through PostgreSQL: pace, request timestamps, login token.

Each statement commits by itself: a claimed slot or a fetched token stays, even when the page is rolled back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from apps.core import locks

from .connectors.base import Token
from .models import SourceState

_RESERVE = """
UPDATE sources_sourcestate
   SET next_request_at = greatest(clock_timestamp(), next_request_at) + make_interval(secs => %(interval)s)
 WHERE source_id = %(source)s
   AND (%(at_most)s::float IS NULL OR next_request_at IS NULL
        OR next_request_at <= clock_timestamp() + make_interval(secs => %(at_most)s::float))
RETURNING extract(epoch FROM next_request_at - make_interval(secs => %(interval)s) - clock_timestamp())
"""

_TIMESTAMP = """
UPDATE sources_sourcestate
   SET last_timestamp = greatest(last_timestamp + 1,
                                 floor(extract(epoch FROM clock_timestamp()) * %(per_second)s)::bigint)
 WHERE source_id = %(source)s
RETURNING last_timestamp
"""


class Throttle:
    """One source's shared state. Its row is created on first use."""

    def __init__(self, source_id: int) -> None:
        self.source_id = source_id
        SourceState.objects.get_or_create(source_id=source_id)

    def reserve(self, interval: float, at_most: float | None = None) -> float | None:
        """Claim the next free moment; seconds to wait for it, None (nothing claimed) when that is over ``at_most``."""
        with connection.cursor() as cursor:
            cursor.execute(_RESERVE, {"interval": interval, "at_most": at_most, "source": self.source_id})
            row = cursor.fetchone()
        return None if row is None else max(0.0, float(row[0]))

    def timestamp(self, per_second: int) -> int:
        """Now in units of 1/``per_second`` s, strictly increasing for this source across processes."""
        with connection.cursor() as cursor:
            cursor.execute(_TIMESTAMP, {"per_second": per_second, "source": self.source_id})
            return int(cursor.fetchone()[0])

    def token(self, login: Callable[[], Token], rejected: str | None = None) -> Token:
        """The shared token. Workers that need a new one at the same time wait for the first one's login."""
        stored = self._usable(SourceState.objects.get(source_id=self.source_id), rejected)
        if stored is not None:
            return stored
        with self._locked() as state:
            stored = self._usable(state, rejected)
            if stored is not None:
                return stored
            token = login()
            state.token = {"value": token.value, "extra": dict(token.extra)}
            state.token_expires_at = timezone.now() + timedelta(seconds=token.lifetime)
            state.save(update_fields=["token", "token_expires_at"])
            return token

    @staticmethod
    def _usable(state: SourceState, rejected: str | None) -> Token | None:
        if not state.token or state.token_expires_at is None or state.token["value"] == rejected:
            return None
        lifetime = (state.token_expires_at - timezone.now()).total_seconds()
        return Token(state.token["value"], lifetime, state.token["extra"]) if lifetime > 0 else None

    @contextmanager
    def _locked(self) -> Iterator[SourceState]:
        # An advisory lock rather than the row's: the login itself goes through reserve() and timestamp() on that row.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [locks.SOURCE_TOKEN, self.source_id])
            yield SourceState.objects.get(source_id=self.source_id)
