"""Queueing, cancelling and scheduling pulls: one active pull per source under any concurrency."""

from datetime import timedelta
from typing import Any

import django_rq
import pytest
from django.utils import timezone

from apps.core.errors import NeedsPerson
from apps.invoices.jobs import pull
from apps.sources import runs, services
from apps.sources.choices import ACTIVE_RUNS, RunStatus, RunTrigger
from apps.sources.models import Source, SourceState, SyncRun
from tests.factories import SourceFactory, SyncRunFactory, UserFactory

from .together import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue() -> Any:
    queue = django_rq.get_queue("pulls")
    queue.empty()
    yield queue
    queue.empty()


def queued_run_ids(queue: Any) -> list[int]:
    return [job.args[0] for job in queue.get_jobs()]


@pytest.mark.django_db(transaction=True)
def test_concurrent_requests_queue_one_pull(queue: Any) -> None:
    source = SourceFactory()
    results = together(*[lambda: services.queue_run(source, RunTrigger.PERSON)] * 6)
    assert sorted(created for _run, created in results) == [False] * 5 + [True]
    assert {run.pk for run, _created in results} == {SyncRun.objects.get().pk}
    assert queued_run_ids(queue) == [SyncRun.objects.get().pk]


def test_request_during_a_pull_returns_that_pull() -> None:
    running = SyncRunFactory(running=True)
    assert services.queue_run(running.source, RunTrigger.PERSON) == (running, False)


def test_user_and_trigger_are_stored(queue: Any, django_capture_on_commit_callbacks: Any) -> None:
    user, source = UserFactory(), SourceFactory()
    with django_capture_on_commit_callbacks(execute=True):
        run, created = services.queue_run(source, RunTrigger.API, user)
        assert queued_run_ids(queue) == []  # a worker could not read the run before the commit
    assert created
    assert (run.status, run.trigger, run.requested_by) == (RunStatus.QUEUED, RunTrigger.API, user)
    assert queued_run_ids(queue) == [run.pk]


@pytest.mark.parametrize(
    ("fields", "code"), [({"enabled": False}, "run.source_disabled"), ({"kind": "file"}, "run.not_pulled")]
)
def test_source_that_cannot_be_pulled_is_refused_with_reason(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(NeedsPerson) as refused:
        services.queue_run(SourceFactory(**fields), RunTrigger.PERSON)
    assert refused.value.message.code == code
    assert not SyncRun.objects.exists()


@pytest.mark.django_db(transaction=True)  # jobs are enqueued after the commit
def test_job_is_enqueued_once_per_run(queue: Any) -> None:
    services.wake([7, 8])
    services.wake([8, 9])
    assert sorted(queued_run_ids(queue)) == [7, 8, 9]


def test_job_for_missing_or_claimed_run_does_nothing() -> None:
    run = SyncRunFactory(running=True)
    pull(run.pk)
    pull(run.pk + 1)
    run.refresh_from_db()
    assert (run.status, run.worker) == (RunStatus.RUNNING, "host:1:token")


def test_pull_is_queued_without_redis(settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    settings.RQ_QUEUES = {"pulls": {"URL": "redis://127.0.0.1:9/0"}}
    with django_capture_on_commit_callbacks(execute=True):
        run, created = services.queue_run(SourceFactory(), RunTrigger.PERSON)
    run.refresh_from_db()
    assert (created, run.status) == (True, RunStatus.QUEUED)


def test_queued_pull_is_cancelled_at_once() -> None:
    run, user = SyncRunFactory(queued=True), UserFactory(username="li")
    assert services.cancel_run(run, user)
    run.refresh_from_db()
    assert (run.status, run.error) == (RunStatus.CANCELLED, {"code": "run.cancelled_by", "params": {"who": "li"}})
    assert run.finished_at is not None
    assert runs.claim(run.pk) is None
    assert services.queue_run(run.source, RunTrigger.PERSON)[1]  # the source has no active pull any more


def test_running_pull_gets_cancel_request() -> None:
    run = SyncRunFactory(running=True)
    assert services.cancel_run(run)
    run.refresh_from_db()
    assert run.status == RunStatus.RUNNING
    assert run.cancel_requested_at is not None


def test_finished_pull_cannot_be_cancelled() -> None:
    run = SyncRunFactory()
    assert not services.cancel_run(run)
    run.refresh_from_db()
    assert (run.status, run.cancel_requested_at) == (RunStatus.SUCCEEDED, None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_concurrent_cancel_and_claim_leave_one_state(_round: int) -> None:
    run = SyncRunFactory(queued=True)
    taken, _cancelled = together(lambda: runs.claim(run.pk), lambda: services.cancel_run(run))
    run.refresh_from_db()
    if taken:
        assert run.status == RunStatus.RUNNING
        assert run.cancel_requested_at is not None
    else:
        assert run.status == RunStatus.CANCELLED


DUE = [
    # interval, minutes until it is due (None: no time set), enabled, status of an earlier run → queued?
    (30, None, True, None, True),
    (30, -1, True, None, True),
    (30, -1, True, "failed", True),
    (30, 5, True, None, False),
    (30, -1, False, None, False),
    (30, -1, True, "queued", False),
    (30, -1, True, "running", False),
    (0, None, True, None, False),
    (0, -1, True, None, True),  # the connector has postponed itself
    (0, 5, True, None, False),
]


@pytest.mark.parametrize(("interval", "minutes", "enabled", "earlier", "queued"), DUE)
def test_due_sources_are_queued(
    interval: int, minutes: int | None, enabled: bool, earlier: str | None, queued: bool
) -> None:
    source = SourceFactory(interval_minutes=interval, enabled=enabled)
    now = timezone.now()
    due = None if minutes is None else now + timedelta(minutes=minutes)
    SourceState.objects.create(source=source, next_due_at=due)
    if earlier:
        SyncRunFactory(source=source, status=earlier)
    services.queue_due()
    scheduled = SyncRun.objects.filter(source=source, trigger=RunTrigger.SCHEDULE, status=RunStatus.QUEUED)
    assert scheduled.exclude(status=earlier).exists() == queued
    state = SourceState.objects.get(source=source)
    if not queued:
        assert state.next_due_at == due
    elif interval:
        assert state.next_due_at - now == pytest.approx(timedelta(minutes=interval), abs=timedelta(seconds=30))
    else:
        assert state.next_due_at is None


def test_new_source_is_due_and_file_source_is_not() -> None:
    new, file = SourceFactory(), SourceFactory(kind="file")
    services.queue_due()
    assert list(SyncRun.objects.values_list("source", flat=True)) == [new.pk]
    assert not SyncRun.objects.filter(source=file).exists()


def test_source_is_due_again_at_its_next_time() -> None:
    source = SourceFactory(interval_minutes=30)
    services.queue_due()
    SyncRun.objects.update(status=RunStatus.SUCCEEDED)
    services.queue_due()
    assert SyncRun.objects.count() == 1
    services.come_back(source.pk, timezone.now())
    services.queue_due()
    assert SyncRun.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_concurrent_schedulers_queue_one_pull_per_source() -> None:
    for _ in range(4):
        SourceFactory()
    for _ in range(3):
        together(*[services.queue_due] * 4)
        active = SyncRun.objects.filter(status__in=ACTIVE_RUNS).values_list("source", flat=True)
        assert sorted(active) == sorted(Source.objects.values_list("pk", flat=True))
        SyncRun.objects.update(status=RunStatus.SUCCEEDED)
        SourceState.objects.update(next_due_at=timezone.now())
