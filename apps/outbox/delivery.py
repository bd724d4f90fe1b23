"""Sending queued pushes: claim (committed), call, settle. Any number of workers may run at the same time.

A worker that dies between claim and settling leaves a push whose outcome is unknown; ``reap`` finds it when its lease
has expired. While a push has opened the circuit of its system (the system is unreachable, or rejects our credentials),
the other pushes of that system wait for it, so a system that is down is called by one push only.
"""

import os
import socket
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from traceback import format_exc

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone

from apps.core.errors import HubError, Intent, NeedsPerson, OutcomeUnknown, TryLater
from apps.core.http import Limits
from apps.core.messages import Message
from apps.sources.connectors import CONNECTORS
from apps.sources.connectors.base import Connector
from apps.sources.context import SourceContext
from apps.sources.models import Source

from . import subjects
from .choices import READY, Outcome, PushState, Reason
from .models import Push, PushAttempt
from .services import notify_subjects
from .timing import next_attempt
from .transcript import transcript

log = structlog.get_logger(__name__)

_AT_ONCE = 50  # ids looked up by one query; each push is claimed by itself

_CIRCUIT_CLOSED = """
NOT EXISTS (SELECT 1 FROM outbox_push c WHERE c.circuit_open AND c.source_id = p.source_id AND c.id <> p.id
             AND (c.retry_at IS NULL OR c.retry_at > clock_timestamp() OR c.state = 'sending'))
"""
_IN_TURN = """
NOT EXISTS (SELECT 1 FROM outbox_push e
             WHERE e.ordering_keys && p.ordering_keys AND e.id < p.id
               AND e.state IN ('pending', 'sending', 'waiting', 'needs_person'))
"""
_DUE = f"""
p.state IN ('pending', 'waiting') AND (p.retry_at IS NULL OR p.retry_at <= clock_timestamp())
AND {_IN_TURN} AND {_CIRCUIT_CLOSED}
"""
_READY = f"SELECT p.id FROM outbox_push p WHERE p.source_id = %s AND {_DUE} ORDER BY p.id LIMIT %s"  # noqa: S608
_CLAIM = f"""
UPDATE outbox_push SET state = 'sending', lease_until = clock_timestamp() + make_interval(secs => %s),
                       updated_at = clock_timestamp()
 WHERE id = (SELECT p.id FROM outbox_push p WHERE p.id = %s AND {_DUE} FOR UPDATE OF p SKIP LOCKED)
RETURNING id
"""  # noqa: S608
_DUE_SOURCES = f"""
SELECT s.id FROM sources_source s
 WHERE s.enabled AND EXISTS (SELECT 1 FROM outbox_push p WHERE p.source_id = s.id AND {_DUE})
 ORDER BY s.id
"""  # noqa: S608


@dataclass(frozen=True)
class Claimed:
    """A push claimed by this worker, and its attempt that is about to begin."""

    push: Push
    attempt: PushAttempt


@dataclass(frozen=True)
class Result:
    """How an attempt ended; ``error`` says why when it was not done."""

    outcome: Outcome
    error: HubError | None = None


class _Lease:
    """Keeps a worker that stalled after its claim from sending a push whose lease has expired: sending begins in the
    first third of the lease or not at all, and its timeouts end it before the lease ends."""

    def __init__(self) -> None:
        seconds = settings.PUSH_LEASE_SECONDS
        self._begun, self._window = time.monotonic(), seconds / 3
        self.limits = Limits(
            connect_timeout=min(10.0, seconds / 6),
            read_timeout=min(60.0, seconds / 4),
            total_timeout=min(180.0, seconds / 3),
            attempts=1,
        )

    def begin(self) -> None:
        """Call it immediately before a claim."""
        self._begun = time.monotonic()

    def check(self) -> None:
        """Raises TryLater when it is too late to send."""
        if time.monotonic() - self._begun > self._window:
            raise TryLater("push.too_late")


def due_sources() -> list[int]:
    """Sources with something that can be sent now."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE_SOURCES)
        return [row[0] for row in cursor.fetchall()]


def oldest_ready() -> datetime | None:
    """When the push that could be sent now and has waited longest last changed; None without one."""
    sources = due_sources()
    ready = Push.objects.filter(source__in=sources, state__in=READY).order_by("pk")
    return ready.values_list("updated_at", flat=True).first() if sources else None


def deliver(source_id: int, seconds: float) -> int:
    """Send the due pushes of one source in order for about ``seconds``; returns the number of attempts."""
    source = Source.objects.select_related("company").get(pk=source_id)
    until, attempts, lease = time.monotonic() + seconds, 0, _Lease()
    with SourceContext(source, limits=lease.limits, checkpoint=lease.check) as context:
        connector = CONNECTORS[source.kind](context)
        for claimed in _claims(source_id, lease):
            result = _attempt(connector, claimed)
            _settle_with_retries(claimed, result, *transcript(context.http))
            attempts += 1
            if time.monotonic() >= until:
                break
    return attempts


def reap() -> int:
    """Mark the outcome of pushes of lost workers as unknown; returns their number. Called every minute."""
    # By the clock of the database, which has set the lease.
    expired = Push.objects.filter(state=PushState.SENDING, lease_until__lt=Now())
    lost = list(expired.order_by("pk").values_list("pk", "subject"))
    for pk, subject in lost:
        with transaction.atomic():
            subjects.lock([subject])
            push = expired.filter(pk=pk).select_for_update().first()
            if push is None:
                continue
            attempt = push.attempts.order_by("-number").first()
            error = HubError("push.worker_lost")
            if attempt is not None:
                _close(attempt, Result(Outcome.LOST, error), "", None, "")
            _apply(push, Result(Outcome.LOST, error), status_query=bool(attempt and attempt.status_query))
            log.warning("push.lost", push=pk)
    return len(lost)


def _claims(source_id: int, lease: _Lease) -> Iterator[Claimed]:
    """Claim due pushes one by one; ends when none is due."""
    worker = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_READY, [source_id, _AT_ONCE])
            ready = [row[0] for row in cursor.fetchall()]
        any_claimed = False
        for pk in ready:
            lease.begin()
            claimed = _claim(pk, worker)
            if claimed is not None:
                any_claimed = True
                yield claimed
        if not any_claimed:
            return


def _claim(pk: int, worker: str) -> Claimed | None:
    """Claim it and commit, before the call; None when another worker has it or it is no longer due."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [settings.PUSH_LEASE_SECONDS, pk])
        if cursor.fetchone() is None:
            return None
        push = Push.objects.get(pk=pk)
        last = push.attempts.aggregate(last=Max("number"))["last"] or 0
        attempt = PushAttempt.objects.create(
            push=push, number=last + 1, status_query=push.outcome_unknown, worker=worker, started_at=timezone.now()
        )
    return Claimed(push, attempt)


def _attempt(connector: Connector, claimed: Claimed) -> Result:
    """Send it, or query its status when the outcome is unknown. Never raises for what the upstream did."""
    push = claimed.push
    connector.context.http.last = None
    try:
        if claimed.attempt.status_query:
            applied = connector.confirm_applied(push.kind, push.content)
            outcomes = {True: Outcome.APPLIED, False: Outcome.NOT_APPLIED, None: Outcome.CANNOT_TELL}
            return Result(outcomes[applied])
        reply = connector.push(push.kind, push.content)
        return Result(Outcome.ALREADY if reply.already else Outcome.DONE)
    except OutcomeUnknown as error:
        return Result(Outcome.UNKNOWN, error)
    except TryLater as error:
        return Result(Outcome.LATER, error)
    except NeedsPerson as error:
        return Result(Outcome.REFUSED, error)
    except Exception as error:  # noqa: BLE001 - a fault of ours: the request may have been sent
        log.error("push.broke", push=push.pk, traceback=connector.context.http.redactor.text(format_exc()))
        return Result(Outcome.UNKNOWN, HubError("push.broke", error=type(error).__name__))


def _settle_with_retries(claimed: Claimed, result: Result, request: str, status: int | None, reply: str) -> None:
    """Settle, retrying while the database is unavailable: the upstream's answer exists nowhere else."""
    until = time.monotonic() + settings.PUSH_LEASE_SECONDS / 2
    while True:
        try:
            return _settle(claimed, result, request, status, reply)
        except (OperationalError, InterfaceError):
            if time.monotonic() > until:
                raise
            log.warning("push.unsettled", push=claimed.push.pk, exc_info=True)
            connection.close()
            time.sleep(0.5)


def _settle(claimed: Claimed, result: Result, request: str, status: int | None, reply: str) -> None:
    with transaction.atomic():
        subjects.lock([claimed.push.subject])
        push = Push.objects.select_for_update().get(pk=claimed.push.pk)
        attempt = PushAttempt.objects.select_for_update().get(pk=claimed.attempt.pk)
        newer = push.attempts.filter(number__gt=attempt.number).exists()
        _close(attempt, result, request, status, reply)
        # A worker that was taken for lost may settle after all: its result is then the best information there is. After
        # a newer attempt, the result of that one counts.
        if not newer and (push.state == PushState.SENDING or (push.outcome_unknown and push.is_unsettled)):
            _apply(push, result, status_query=attempt.status_query)


def _close(attempt: PushAttempt, result: Result, request: str, status: int | None, reply: str) -> None:
    attempt.finished_at, attempt.outcome = timezone.now(), result.outcome
    attempt.error = result.error.message.stored() if result.error else None
    attempt.request, attempt.http_status, attempt.reply = request, status, reply
    attempt.save()


def _clock() -> datetime:
    """The time of the database, which decides what is due; the clock of a worker may be wrong."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment


def _apply(push: Push, result: Result, *, status_query: bool) -> None:
    """Change the state of the push by how its attempt ended, and notify its subject."""
    push.lease_until = push.retry_at = None
    push.circuit_open = False
    push.error, push.error_code = None, ""
    if result.error is not None:
        push.error, push.error_code = result.error.message.stored(), result.error.message.code
    if result.outcome in (Outcome.DONE, Outcome.ALREADY, Outcome.APPLIED):
        push.state, push.reason, push.settled_at, push.outcome_unknown = PushState.DONE, "", timezone.now(), False
    elif result.outcome == Outcome.NOT_APPLIED:
        push.state, push.outcome_unknown = PushState.PENDING, False
    elif result.outcome == Outcome.CANNOT_TELL:
        _stop(push, Reason.UNKNOWN, None)
    elif result.outcome in (Outcome.UNKNOWN, Outcome.LOST) and not status_query:
        push.state, push.outcome_unknown = PushState.WAITING, True
        push.retry_at = _clock() + timedelta(seconds=settings.PUSH_STATUS_QUERY_SECONDS)
    elif result.outcome == Outcome.REFUSED and isinstance(result.error, NeedsPerson):
        our_fault = result.error.intent in (Intent.CREDENTIALS, Intent.CLOCK, Intent.CONFIGURATION)
        _stop(push, Reason.CONFIGURATION if our_fault else Reason.REFUSED, result.error)
        push.circuit_open = our_fault
    else:
        push.outcome_unknown = push.outcome_unknown and status_query  # of a call that was not made it is known
        _later(push, result.error)
    push.save()
    notify_subjects([push])


def _later(push: Push, error: HubError | None) -> None:
    """Schedule the next attempt (of a status query too), or stop for a person when attempts went on for too long."""
    now = _clock()
    push.failures += 1
    push.first_failed_at = push.first_failed_at or now
    unreachable = error is not None and error.message.code.startswith("http.")
    retry_after = error.retry_after if isinstance(error, TryLater) else None
    wait = next_attempt(
        push.failures,
        now - push.first_failed_at,
        first=settings.PUSH_RETRY_SECONDS,
        unreachable=unreachable,
        retry_after=retry_after,
    )
    if wait is None:
        _stop(push, Reason.UNKNOWN if push.outcome_unknown else Reason.EXCEEDED, error)
        return
    push.state, push.circuit_open = PushState.WAITING, unreachable
    push.retry_at = now + timedelta(seconds=wait)


def _stop(push: Push, reason: Reason, error: HubError | None) -> None:
    """Leave the push to a person."""
    push.state, push.reason = PushState.NEEDS_PERSON, reason
    message = Message("push.unknown") if reason == Reason.UNKNOWN or error is None else error.message
    push.error, push.error_code = message.stored(), message.code
