"""The listener: one thread for every open session, waiting in the vendor's long poll.

PostgreSQL says who listens to what. A session belongs to a listener for a short time only, which it prolongs while it
lives; what a dead one held is taken over by the next. Nothing depends on a listener alone: a message is kept before it
is confirmed, and kept ones are found unsettled by the minute's tick.
"""

import os
import socket
import threading
import uuid
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from apps.bills.models import AssistantSession
from apps.core.errors import Cancelled, TryLater, UpstreamError
from apps.core.http import Limits
from apps.sources.connectors.piaozone.assistant import Assistant
from apps.sources.context import SourceContext

from .hearing import hear

log = structlog.get_logger(__name__)

LOOK_AGAIN = 0.5  # seconds between two looks for new sessions
MOST_SESSIONS = 100  # of one listener; more of them share
_PAUSE, _LONG_PAUSE = 3.0, 60.0  # after trouble that passes, and after trouble that a person must see to
_REPEATED_PAUSE = 1.0  # after a message that comes again, so that one that cannot be confirmed does not spin
_ONE_ATTEMPT = Limits(attempts=1)  # the loop itself tries again, and says what is wrong meanwhile


class Listener:
    """Runs until ``stop``; several may run beside each other."""

    def __init__(self, limits: Limits = _ONE_ATTEMPT) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
        self.stop = threading.Event()
        self._limits = limits
        self._threads: dict[int, threading.Thread] = {}

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self.look()
            except (DatabaseError, InterfaceError) as error:  # away: those who listen go on, and it may be back soon
                log.warning("assistant.database_away", error=type(error).__name__)
                connection.close()
            self.stop.wait(LOOK_AGAIN)

    def look(self) -> None:
        """Prolong what is ours, and take over what nobody listens to."""
        self._threads = {pk: thread for pk, thread in self._threads.items() if thread.is_alive()}
        until = timezone.now() + timedelta(seconds=settings.DEAD_AFTER_SECONDS)
        if self._threads:
            mine = AssistantSession.objects.filter(pk__in=self._threads, listener=self.name)
            mine.update(listened_until=until)
        for pk in self._claim(until):
            thread = threading.Thread(target=self._listen, args=(pk,), name=f"session-{pk}", daemon=True)
            self._threads[pk] = thread
            thread.start()

    def _claim(self, until: object) -> list[int]:
        room = MOST_SESSIONS - len(self._threads)
        free = AssistantSession.objects.filter(closed_at=None).exclude(pk__in=self._threads)
        free = free.filter(Q(listened_until=None) | Q(listened_until__lt=timezone.now())).order_by("pk")
        if room <= 0 or not free.exists():
            return []
        with transaction.atomic():
            claimed = list(free.select_for_update(skip_locked=True).values_list("pk", flat=True)[:room])
            AssistantSession.objects.filter(pk__in=claimed).update(listener=self.name, listened_until=until)
        return claimed

    def _listen(self, pk: int) -> None:
        """All rounds of one session; what goes wrong is said in the session and tried again."""
        try:
            while not self.stop.is_set() and (session := self._ours(pk)) is not None:
                self.stop.wait(self._round(session))
        except Cancelled:
            pass
        except Exception:  # the session is free again as soon as its time runs out
            log.exception("assistant.listening", session=pk)
        finally:
            connection.close()

    def _ours(self, pk: int) -> AssistantSession | None:
        sessions = AssistantSession.objects.select_related("source__company", "bill", "line", "opened_by")
        while not self.stop.is_set():
            try:
                return sessions.filter(pk=pk, closed_at=None, listener=self.name).first()
            except (DatabaseError, InterfaceError):
                connection.close()
                self.stop.wait(_PAUSE)
        return None

    def _round(self, session: AssistantSession) -> float:
        """Listen once; seconds to pause before the next time."""
        ended = session.ends_at <= timezone.now()
        try:
            with SourceContext(session.source, checkpoint=self._checkpoint, limits=self._limits) as line:
                heard = hear(session, Assistant(line))
        except UpstreamError as error:
            AssistantSession.objects.filter(pk=session.pk).update(trouble=error.message.stored())
            return _PAUSE if isinstance(error, TryLater) else _LONG_PAUSE
        except (DatabaseError, InterfaceError) as error:
            log.warning("assistant.database_away", session=session.pk, error=type(error).__name__)
            connection.close()
            return _PAUSE
        if heard is None and ended:
            _close(session)
        return _REPEATED_PAUSE if heard is not None and heard.attempts else 0.0

    def _checkpoint(self) -> None:
        """Before every request: the vendor holds it long, and a thread that only waits needs no connection."""
        if self.stop.is_set():
            raise Cancelled("run.cancelled")
        if not connection.in_atomic_block:
            connection.close()


def _close(session: AssistantSession) -> None:
    """Its channel is empty and nothing more is expected; the keys are forgotten."""
    AssistantSession.objects.filter(pk=session.pk, ends_at__lte=timezone.now()).update(
        closed_at=timezone.now(), link_key="", user_key="", trouble=None
    )
