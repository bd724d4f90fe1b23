"""The life of a pull: claimed, breathing, finished, or found dead. Conditional updates only: a race has one winner."""

import os
import socket
import threading
import uuid
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from apps.core.errors import Cancelled, HubError, UpstreamError
from apps.core.messages import Message

from .choices import RunStatus, RunTrigger
from .models import SyncRun

log = structlog.get_logger(__name__)

_MAX_NOTES = 50


def claim(run_id: int) -> SyncRun | None:
    """Take a queued run; None when somebody else has it or it was cancelled."""
    now = timezone.now()
    worker = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
    taken = SyncRun.objects.filter(pk=run_id, status=RunStatus.QUEUED, cancel_requested_at=None).update(
        status=RunStatus.RUNNING, started_at=now, heartbeat_at=now, worker=worker
    )
    return SyncRun.objects.select_related("source__company").get(pk=run_id) if taken else None


class Heartbeat:
    """Breathes for a run from a thread with a connection of its own, and hears when the run is to stop.

    ``check`` raises Cancelled once a person cancelled the run or the reaper gave it to somebody else.
    """

    def __init__(self, run: SyncRun) -> None:
        self._run, self._interval = run, settings.HEARTBEAT_SECONDS
        self._finished, self._stop_code = threading.Event(), ""
        self._thread = threading.Thread(target=self._breathe, name=f"heartbeat-{run.pk}", daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._finished.set()
        self._thread.join()

    def check(self) -> None:
        if self._stop_code:
            raise Cancelled(self._stop_code)

    def _breathe(self) -> None:
        try:
            while not self._finished.wait(self._interval):
                try:
                    self._beat()
                except (
                    Exception
                ):  # the database is away: the pull itself will notice; breathing goes on when it is back
                    log.warning("heartbeat.missed", run=self._run.pk, exc_info=True)
                    connection.close()
        finally:
            connection.close()

    def _beat(self) -> None:
        mine = SyncRun.objects.filter(pk=self._run.pk, status=RunStatus.RUNNING, worker=self._run.worker)
        if not mine.update(heartbeat_at=timezone.now()):
            self._stop_code = "run.taken_over"
        elif mine.exclude(cancel_requested_at=None).exists():
            self._stop_code = "run.cancelled"


def record_page(run: SyncRun, counts: dict[str, int], progress: str) -> None:
    """Add a page's counts. Part of the page's transaction. Raises Cancelled when the run is no longer ours."""
    ours = SyncRun.objects.filter(pk=run.pk, status=RunStatus.RUNNING, worker=run.worker)
    changes = {name: F(name) + number for name, number in counts.items()}
    if not ours.update(pages=F("pages") + 1, heartbeat_at=timezone.now(), progress=progress[:200], **changes):
        raise Cancelled("run.taken_over")


def finish(run: SyncRun, error: HubError | None, notes: list[Message], backlog: bool) -> SyncRun:
    """Settle the run by what happened. Does nothing to a run that is no longer ours."""
    ours = SyncRun.objects.filter(pk=run.pk, status=RunStatus.RUNNING, worker=run.worker)
    shown = notes[:_MAX_NOTES]
    if len(notes) > _MAX_NOTES:
        shown.append(Message("run.more_notes", {"count": len(notes) - _MAX_NOTES}))
    current = SyncRun.objects.get(pk=run.pk)
    ours.update(
        status=_outcome(error, bool(notes) or current.quarantined > 0),
        finished_at=timezone.now(),
        error=error.message.stored() if error else None,
        error_intent=error.intent if isinstance(error, UpstreamError) else "",
        notes=[note.stored() for note in shown],
        backlog=backlog,
        progress="",
    )
    run.refresh_from_db()
    return run


def _outcome(error: HubError | None, doubts: bool) -> RunStatus:
    if isinstance(error, Cancelled):
        return RunStatus.CANCELLED
    if error is not None:
        return RunStatus.FAILED
    return RunStatus.PARTIAL if doubts else RunStatus.SUCCEEDED


def reap() -> list[SyncRun]:
    """Runs that stopped breathing become *interrupted*, and each gets a successor that goes on at its cursor."""
    silent_since = timezone.now() - timedelta(seconds=settings.DEAD_AFTER_SECONDS)
    with transaction.atomic():
        dead = list(
            SyncRun.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(status=RunStatus.RUNNING)
            .filter(Q(heartbeat_at__lt=silent_since) | Q(heartbeat_at=None))
            .select_related("source")
        )
        for run in dead:
            error = Message("run.interrupted").stored()
            SyncRun.objects.filter(pk=run.pk).update(
                status=RunStatus.INTERRUPTED, finished_at=timezone.now(), error=error, progress=""
            )
            log.warning("run.interrupted", run=run.pk, source=run.source.name)
        resumable = [run.source for run in dead if run.source.enabled and run.cancel_requested_at is None]
        return SyncRun.objects.bulk_create(
            [SyncRun(source=source, trigger=RunTrigger.RECOVERY) for source in resumable]
        )
