"""The schedule: each run enqueues what an earlier one lost."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import django_rq
import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from apps.sources.choices import RunStatus, RunTrigger
from apps.sources.models import SyncRun
from apps.sources.services import queue_run
from invoicehub import schedule
from tests.factories import SourceFactory, SyncRunFactory

pytestmark = pytest.mark.django_db(transaction=True)  # a ring waits for the commit


@pytest.fixture
def queue() -> Any:
    queue = django_rq.get_queue("pulls")
    queue.empty()
    yield queue
    queue.empty()


def rung(queue: Any) -> list[int]:
    return sorted(job.args[0] for job in queue.get_jobs())


def test_a_tick_revives_the_dead_queues_the_due_and_rings(queue: Any) -> None:
    dead = SyncRunFactory(running=True, source__interval_minutes=0)
    SourceFactory()
    waiting = SyncRunFactory(queued=True)
    assert schedule.tick()
    dead.refresh_from_db()
    assert dead.status == RunStatus.INTERRUPTED
    queued = SyncRun.objects.filter(status=RunStatus.QUEUED)
    assert rung(queue) == sorted(queued.values_list("pk", flat=True))
    assert queued.count() == 3
    assert sorted(queued.exclude(pk=waiting.pk).values_list("trigger", flat=True)) == [
        RunTrigger.RECOVERY,
        RunTrigger.SCHEDULE,
    ]


def test_ticks_without_workers_do_not_pile_up(queue: Any) -> None:
    SourceFactory()
    assert [schedule.tick() for _ in range(5)] == [1] * 5
    assert rung(queue) == [SyncRun.objects.get().pk]


def test_a_ring_that_redis_forgot_is_repeated(queue: Any) -> None:
    run = SyncRunFactory(queued=True)
    schedule.tick()
    queue.empty()
    schedule.tick()
    assert rung(queue) == [run.pk]


def test_what_was_queued_while_redis_was_away_is_rung_when_it_is_back(queue: Any, settings: Any) -> None:
    here = settings.RQ_QUEUES
    settings.RQ_QUEUES = {"pulls": {"URL": "redis://127.0.0.1:9/0"}}
    run, _created = queue_run(SourceFactory(), RunTrigger.PERSON)
    assert schedule.tick()
    settings.RQ_QUEUES = here
    assert rung(queue) == []
    assert schedule.tick()
    assert rung(queue) == [run.pk]


def test_a_tick_survives_the_loss_of_its_connection(queue: Any) -> None:
    SourceFactory()
    with suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert not schedule.tick()
    assert schedule.tick()
    assert rung(queue) == [SyncRun.objects.get().pk]


def test_a_step_that_fails_keeps_no_other_from_its_turn(queue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    SourceFactory()

    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(schedule, "_STEPS", (broken, *schedule._STEPS))
    assert not schedule.tick()
    assert rung(queue) == [SyncRun.objects.get().pk]


def test_how_long_the_oldest_has_waited() -> None:
    assert schedule.oldest_wait() is None
    for minutes in (3, 9):
        run = SyncRunFactory(queued=True)
        SyncRun.objects.filter(pk=run.pk).update(queued_at=timezone.now() - timedelta(minutes=minutes))
    assert schedule.oldest_wait() == pytest.approx(timedelta(minutes=9), abs=timedelta(seconds=30))
