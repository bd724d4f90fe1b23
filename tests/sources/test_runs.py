"""The life of a pull under races: one winner, nobody works on after being replaced, no count goes missing."""

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


def silence(run: SyncRun) -> None:
    SyncRun.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - timedelta(hours=1))


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_gets_the_run() -> None:
    run = SyncRunFactory(queued=True)
    taken = together(*[lambda: runs.claim(run.pk)] * 6)
    (winner,) = [one for one in taken if one is not None]
    run.refresh_from_db()
    assert (run.status, run.worker) == (RunStatus.RUNNING, winner.worker)


def test_only_a_waiting_run_can_be_claimed() -> None:
    for fields in ({"running": True}, {"status": "cancelled"}, {"queued": True, "cancel_requested_at": timezone.now()}):
        assert runs.claim(SyncRunFactory(**fields).pk) is None


def test_a_silent_run_is_interrupted_and_gets_one_successor() -> None:
    run = claimed()
    silence(run)
    (successor,) = runs.reap()
    run.refresh_from_db()
    assert (run.status, run.error["code"]) == (RunStatus.INTERRUPTED, "run.interrupted")
    assert run.finished_at is not None
    assert (successor.source_id, successor.trigger) == (run.source_id, RunTrigger.RECOVERY)
    assert runs.reap() == []
    assert SyncRun.objects.filter(source=run.source).count() == 2


def test_a_breathing_run_is_left_alone() -> None:
    run = claimed()
    assert runs.reap() == []
    run.refresh_from_db()
    assert run.status == RunStatus.RUNNING


@pytest.mark.parametrize("change", ["cancelled", "disabled"])
def test_a_silent_run_that_nobody_wants_gets_no_successor(change: str) -> None:
    run = claimed()
    silence(run)
    if change == "cancelled":
        SyncRun.objects.filter(pk=run.pk).update(cancel_requested_at=timezone.now())
    else:
        run.source.enabled = False
        run.source.save()
    assert runs.reap() == []
    run.refresh_from_db()
    assert run.status == RunStatus.INTERRUPTED


@pytest.mark.django_db(transaction=True)
def test_two_reapers_at_once_queue_one_successor_each() -> None:
    dead = [claimed() for _ in range(5)]
    for run in dead:
        silence(run)
    together(*[runs.reap] * 4)
    successors = SyncRun.objects.filter(trigger=RunTrigger.RECOVERY)
    assert sorted(successors.values_list("source", flat=True)) == sorted(run.source_id for run in dead)


def test_a_page_adds_its_counts() -> None:
    run = claimed()
    runs.record_page(run, PAGE, "March")
    runs.record_page(run, {"received": 1, "unchanged": 1, "charged": 2}, "April")
    run.refresh_from_db()
    assert (run.received, run.created, run.unchanged, run.quarantined) == (4, 2, 1, 1)
    assert (run.pages, run.charged, run.progress) == (2, 2, "April")


def test_counts_that_lose_a_record_are_refused_by_the_database() -> None:
    run = claimed()
    with pytest.raises(IntegrityError, match="nothing_received_is_lost"), transaction.atomic():
        runs.record_page(run, {"received": 3, "created": 2}, "")


def test_who_was_taken_over_can_neither_count_nor_finish() -> None:
    run = claimed()
    silence(run)
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
def test_a_run_ends_as_what_happened(
    error: HubError | None, notes: list[Message], status: RunStatus, intent: str
) -> None:
    run = runs.finish(claimed(), error, notes, backlog=True)
    assert (run.status, run.error_intent, run.backlog) == (status, intent, True)
    assert run.error == (error.message.stored() if error else None)
    assert run.note_messages == notes


def test_a_quarantined_record_makes_a_run_partial() -> None:
    run = claimed()
    runs.record_page(run, PAGE, "")
    assert runs.finish(run, None, [], backlog=False).status == RunStatus.PARTIAL


def test_a_thousand_notes_are_counted_not_kept() -> None:
    notes = [Message("http.timeout", {"host": str(n)}) for n in range(1000)]
    run = runs.finish(claimed(), None, notes, backlog=False)
    assert len(run.notes) == 51
    assert run.note_messages[-1] == Message("run.more_notes", {"count": 950})


def breathed_after(run: SyncRun, moment: Any) -> bool:
    return SyncRun.objects.filter(pk=run.pk, heartbeat_at__gt=moment).exists()


def stopped(heartbeat: runs.Heartbeat) -> str:
    try:
        heartbeat.check()
    except Cancelled as error:
        return error.message.code
    return ""


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_hears_that_a_person_cancelled(settings: Any) -> None:
    settings.HEARTBEAT_SECONDS = 0.02
    run = claimed()
    with runs.Heartbeat(run) as heartbeat:
        wait_until(lambda: breathed_after(run, run.heartbeat_at))
        assert stopped(heartbeat) == ""
        SyncRun.objects.filter(pk=run.pk).update(cancel_requested_at=timezone.now())
        wait_until(lambda: stopped(heartbeat) == "run.cancelled")


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_hears_that_somebody_else_has_the_run(settings: Any) -> None:
    settings.HEARTBEAT_SECONDS = 0.02
    run = claimed()
    with runs.Heartbeat(run) as heartbeat:
        SyncRun.objects.filter(pk=run.pk).update(worker="another:1:token")
        wait_until(lambda: stopped(heartbeat) == "run.taken_over")


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_outlives_its_connection(settings: Any) -> None:
    settings.HEARTBEAT_SECONDS = 0.02
    run = claimed(source=SourceFactory())
    with runs.Heartbeat(run) as heartbeat:
        wait_until(lambda: breathed_after(run, run.heartbeat_at))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert cursor.fetchone()[0] >= 1
        cut = timezone.now()
        wait_until(lambda: breathed_after(run, cut + timedelta(milliseconds=50)))
        assert stopped(heartbeat) == ""
