"""What the workers of one source share through PostgreSQL: pace, request timestamps, login token.

Each statement commits by itself: a claimed slot or a fetched token stays, even when the page is rolled back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from apps.core import locks
from apps.core.errors import TryLater

from .connectors.base import Token
from .models import Source, SourceState

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
    """One source's shared state. Its row is created on first use.

    ``new_login``: the first token is fetched anew, whatever is stored; it is stored for the others all the same.
    """

    def __init__(self, source: Source, *, new_login: bool = False) -> None:
        self.source_id, self._login_key, self._new_login = source.pk, source.login_key, new_login
        SourceState.objects.get_or_create(source_id=source.pk)

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
        """The shared token. Workers that need a new one at the same time wait for the first one's login.

        Raises TryLater when the settings of the source are not those of this throttle any more: neither does a running
        pull go on with a token of the earlier login, nor does it store one.
        """
        stored = self._usable(self._state(), rejected)
        if stored is not None:
            return stored
        with self._locked():
            stored = self._usable(self._state(), rejected)
            if stored is not None:
                return stored
            token = login()
            state = self._state()  # again: a login takes a while
            state.token = {"value": token.value, "extra": dict(token.extra), "login_key": self._login_key}
            state.token_expires_at = timezone.now() + timedelta(seconds=token.lifetime)
            state.save(update_fields=["token", "token_expires_at"])
            self._new_login = False
            return token

    def _state(self) -> SourceState:
        state = SourceState.objects.select_related("source").get(source_id=self.source_id)
        if state.source.login_key != self._login_key:
            raise TryLater("source.changed", source=state.source.name)
        return state

    def _usable(self, state: SourceState, rejected: str | None) -> Token | None:
        if self._new_login or state.token_expires_at is None or state.token.get("login_key") != self._login_key:
            return None
        lifetime = (state.token_expires_at - timezone.now()).total_seconds()
        value: str = state.token["value"]
        return Token(value, lifetime, state.token["extra"]) if lifetime > 0 and value != rejected else None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # An advisory lock rather than the row's: the login itself goes through reserve() and timestamp() on that row.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [locks.SOURCE_TOKEN, self.source_id])
            yield
