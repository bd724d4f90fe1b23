"""The listener: one thread for every open session, waiting in the vendor's long poll.

The row of a session names its listener. A listener has a session for a short time only, which it prolongs while it
runs; the sessions of a dead listener are taken over by another one. No message depends on a listener: messages are
stored before they are confirmed, and a job of every minute applies stored ones.
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

from .receiving import receive

log = structlog.get_logger(__name__)

LOOK_AGAIN = 0.5  # seconds between two searches for new sessions
MOST_SESSIONS = 100  # per listener; further sessions need another listener
_PAUSE, _LONG_PAUSE = 3.0, 60.0  # seconds after a temporary error, and after one that needs a person
_REPEATED_PAUSE = 1.0  # seconds after a repeated message, so that one that cannot be confirmed causes no busy loop
_ONE_ATTEMPT = Limits(attempts=1)  # the loop itself tries again, and stores the error in the session


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
            except (DatabaseError, InterfaceError) as error:  # unavailable: running threads go on
                log.warning("assistant.database_away", error=type(error).__name__)
                connection.close()
            self.stop.wait(LOOK_AGAIN)

    def look(self) -> None:
        """Prolong our sessions, and take over sessions without a listener."""
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
        """Poll one session until it is closed; errors are stored in the session."""
        try:
            while not self.stop.is_set() and (session := self._ours(pk)) is not None:
                self.stop.wait(self._round(session))
        except Cancelled:
            pass
        except Exception:  # another listener takes the session over after listened_until
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
            with SourceContext(session.source, checkpoint=self._checkpoint, limits=self._limits) as context:
                message = receive(session, Assistant(context))
        except UpstreamError as error:
            AssistantSession.objects.filter(pk=session.pk).update(trouble=error.message.stored())
            return _PAUSE if isinstance(error, TryLater) else _LONG_PAUSE
        except (DatabaseError, InterfaceError) as error:
            log.warning("assistant.database_away", session=session.pk, error=type(error).__name__)
            connection.close()
            return _PAUSE
        if message is None and ended:
            _close(session)
        return _REPEATED_PAUSE if message is not None and message.attempts else 0.0

    def _checkpoint(self) -> None:
        """Close the database connection before each request, because the vendor delays its answer."""
        if self.stop.is_set():
            raise Cancelled("run.cancelled")
        if not connection.in_atomic_block:
            connection.close()


def _close(session: AssistantSession) -> None:
    """Close a session whose channel is empty after its end; its keys are deleted."""
    AssistantSession.objects.filter(pk=session.pk, ends_at__lte=timezone.now()).update(
        closed_at=timezone.now(), link_key="", user_key="", trouble=None
    )
