"""State changes of a pull under concurrency: one worker claims it, a replaced worker stops, no count is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.core.errors import Cancelled, HubError, Intent, NeedsPerson, TryLater
from apps.core.messages import Message
from apps.sources import runs
from apps.sources.choices import RunStatus, RunTrigger
from apps.sources.models import SyncRun
from tests.factories import SourceFactory, SyncRunFactory
from tests.progress import wait_until

from .together import together

pytestmark = pytest.mark.django_db

PAGE = {"received": 3, "created": 2, "quarantined": 1}


def claimed(**fields: Any) -> SyncRun:
    run = runs.claim(SyncRunFactory(queued=True, **fields).pk)
    assert run is not None
    return run


def make_silent(run: SyncRun) -> None:
    SyncRun.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - timedelta(hours=1))


@pytest.mark.django_db(transaction=True)
def test_one_of_many_workers_claims_the_run() -> None:
    run = SyncRunFactory(queued=True)
    taken = together(*[lambda: runs.claim(run.pk)] * 6)
    (winner,) = [one for one in taken if one is not None]
    run.refresh_from_db()
    assert (run.status, run.worker) == (RunStatus.RUNNING, winner.worker)


def test_only_queued_run_can_be_claimed() -> None:
    for fields in ({"running": True}, {"status": "cancelled"}, {"queued": True, "cancel_requested_at": timezone.now()}):
        assert runs.claim(SyncRunFactory(**fields).pk) is None


def test_run_without_heartbeat_is_interrupted_and_requeued_once() -> None:
    run = claimed()
    make_silent(run)
    (successor,) = runs.reap()
    run.refresh_from_db()
    assert (run.status, run.error["code"]) == (RunStatus.INTERRUPTED, "run.interrupted")
    assert run.finished_at is not None
    assert (successor.source_id, successor.trigger) == (run.source_id, RunTrigger.RECOVERY)
    assert runs.reap() == []
    assert SyncRun.objects.filter(source=run.source).count() == 2


def test_run_with_heartbeat_is_not_interrupted() -> None:
    run = claimed()
    assert runs.reap() == []
    run.refresh_from_db()
    assert run.status == RunStatus.RUNNING


@pytest.mark.parametrize("change", ["cancelled", "disabled"])
def test_cancelled_or_disabled_run_is_not_requeued(change: str) -> None:
    run = claimed()
    make_silent(run)
    if change == "cancelled":
        SyncRun.objects.filter(pk=run.pk).update(cancel_requested_at=timezone.now())
    else:
        run.source.enabled = False
        run.source.save()
    assert runs.reap() == []
    run.refresh_from_db()
    assert run.status == RunStatus.INTERRUPTED


@pytest.mark.django_db(transaction=True)
def test_concurrent_reapers_requeue_each_run_once() -> None:
    dead = [claimed() for _ in range(5)]
    for run in dead:
        make_silent(run)
    together(*[runs.reap] * 4)
    successors = SyncRun.objects.filter(trigger=RunTrigger.RECOVERY)
    assert sorted(successors.values_list("source", flat=True)) == sorted(run.source_id for run in dead)


def test_page_adds_its_counts() -> None:
    run = claimed()
    runs.record_page(run, PAGE, "March")
    runs.record_page(run, {"received": 1, "unchanged": 1, "charged": 2}, "April")
    run.refresh_from_db()
    assert (run.received, run.created, run.unchanged, run.quarantined) == (4, 2, 1, 1)
    assert (run.pages, run.charged, run.progress) == (2, 2, "April")


def test_database_refuses_counts_that_lose_a_record() -> None:
    run = claimed()
    with pytest.raises(IntegrityError, match="nothing_received_is_lost"), transaction.atomic():
        runs.record_page(run, {"received": 3, "created": 2}, "")


def test_replaced_worker_can_neither_count_nor_finish() -> None:
    run = claimed()
    make_silent(run)
    runs.reap()
    with pytest.raises(Cancelled) as stopped:
        runs.record_page(run, PAGE, "")
    assert stopped.value.message.code == "run.taken_over"
    settled = runs.finish(run, None, [], backlog=False)
    assert (settled.status, settled.received) == (RunStatus.INTERRUPTED, 0)


OUTCOMES = [
    (None, [], RunStatus.SUCCEEDED, ""),
    (None, [Message("http.timeout", {"host": "h"})], RunStatus.PARTIAL, ""),
    (TryLater("http.timeout", host="h"), [], RunStatus.FAILED, Intent.TRY_LATER),
    (NeedsPerson("http.refused", Intent.CREDENTIALS, status=401, text=""), [], RunStatus.FAILED, Intent.CREDENTIALS),
    (Cancelled("run.cancelled"), [], RunStatus.CANCELLED, ""),
]


@pytest.mark.parametrize(("error", "notes", "status", "intent"), OUTCOMES)
def test_final_status_follows_error_and_notes(
    error: HubError | None, notes: list[Message], status: RunStatus, intent: str
) -> None:
    run = runs.finish(claimed(), error, notes, backlog=True)
    assert (run.status, run.error_intent, run.backlog) == (status, intent, True)
    assert run.error == (error.message.stored() if error else None)
    assert run.note_messages == notes


def test_quarantined_record_makes_run_partial() -> None:
    run = claimed()
    runs.record_page(run, PAGE, "")
    assert runs.finish(run, None, [], backlog=False).status == RunStatus.PARTIAL


def test_excess_notes_are_counted_not_stored() -> None:
    notes = [Message("http.timeout", {"host": str(n)}) for n in range(1000)]
    run = runs.finish(claimed(), None, notes, backlog=False)
    assert len(run.notes) == 51
    assert run.note_messages[-1] == Message("run.more_notes", {"count": 950})


def has_heartbeat_after(run: SyncRun, moment: Any) -> bool:
    return SyncRun.objects.filter(pk=run.pk, heartbeat_at__gt=moment).exists()


def stopped(heartbeat: runs.Heartbeat) -> str:
    try:
        heartbeat.check()
    except Cancelled as error:
        return error.message.code
    return ""


@pytest.mark.django_db(transaction=True)
def test_heartbeat_notices_cancellation(settings: Any) -> None:
    settings.HEARTBEAT_SECONDS = 0.02
    run = claimed()
    with runs.Heartbeat(run) as heartbeat:
        wait_until(lambda: has_heartbeat_after(run, run.heartbeat_at))
        assert stopped(heartbeat) == ""
        SyncRun.objects.filter(pk=run.pk).update(cancel_requested_at=timezone.now())
        wait_until(lambda: stopped(heartbeat) == "run.cancelled")


@pytest.mark.django_db(transaction=True)
def test_heartbeat_notices_another_worker(settings: Any) -> None:
    settings.HEARTBEAT_SECONDS = 0.02
    run = claimed()
    with runs.Heartbeat(run) as heartbeat:
        SyncRun.objects.filter(pk=run.pk).update(worker="another:1:token")
        wait_until(lambda: stopped(heartbeat) == "run.taken_over")


@pytest.mark.django_db(transaction=True)
def test_heartbeat_survives_lost_connection(settings: Any) -> None:
    settings.HEARTBEAT_SECONDS = 0.02
    run = claimed(source=SourceFactory())
    with runs.Heartbeat(run) as heartbeat:
        wait_until(lambda: has_heartbeat_after(run, run.heartbeat_at))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert cursor.fetchone()[0] >= 1
        cut = timezone.now()
        wait_until(lambda: has_heartbeat_after(run, cut + timedelta(milliseconds=50)))
        assert stopped(heartbeat) == ""
