"""Checks the health of the installation, for ``doctor`` and ``/health/``."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import django_rq
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable
from redis.exceptions import RedisError
from rq import Worker

from apps.bills.assistant.selectors import unheard_sessions
from apps.duplicates import searching, selectors
from apps.outbox import delivery as outbox
from apps.outbox.choices import PushState
from apps.outbox.models import Push
from apps.sources.choices import ACTIVE_RUNS, QuarantineState, RunStatus
from apps.sources.models import QuarantinedRecord, Source, SourceState, SyncRun

from . import schedule

_LONG_WAIT = timedelta(minutes=5)
_LITTLE_SPACE = 2 * 1024**3


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True)
class Finding:
    """The result of one check. ``text``: the result and, for a problem, what to do."""

    name: str
    level: Level
    text: str


def examine() -> list[Finding]:
    """Run the checks, each after those it depends on; without a database the others are skipped."""
    database = _database()
    if database.level == Level.FAILURE:
        return [database]
    checks: tuple[Callable[[], Finding], ...] = (
        _migrations,
        _redis,
        _workers,
        _schedule,
        _credentials,
        _sources,
        _quarantine,
        _duplicates,
        _pushes,
        _assistant,
        _space,
    )
    return [database, *(check() for check in checks)]


@dataclass
class Installation(HealthCheck):
    """The check behind ``/health/``: every problem that stops the product from working. Runs in its own thread."""

    def run(self) -> None:
        try:
            failures = [finding for finding in examine() if finding.level == Level.FAILURE]
        finally:
            connection.close()
        if failures:
            raise ServiceUnavailable("; ".join(f"{finding.name}: {finding.text}" for finding in failures))


def _database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0]
    except DatabaseError as error:
        return Finding(
            "database", Level.FAILURE, f"PostgreSQL does not answer ({type(error).__name__}). Check DATABASE_URL."
        )
    if connection.pg_version < 150000:  # type: ignore[attr-defined]
        return Finding("database", Level.FAILURE, f"PostgreSQL {version} is too old; 15 or newer is needed.")
    return Finding("database", Level.OK, f"PostgreSQL {version}")


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Finding(
            "migrations", Level.FAILURE, f"{len(waiting)} migrations are not applied. Run manage.py migrate."
        )
    return Finding("migrations", Level.OK, "all applied")


def _redis() -> Finding:
    try:
        django_rq.get_connection("pulls").ping()
    except (RedisError, OSError):
        return Finding(
            "redis", Level.WARNING, "Redis does not answer: pulls wait until it does. Nothing is lost. Check REDIS_URL."
        )
    return Finding("redis", Level.OK, "answers")


def _workers() -> Finding:
    try:
        count = Worker.count(connection=django_rq.get_connection("pulls"))
    except (RedisError, OSError):
        count = 0
    if not count:
        return Finding("workers", Level.WARNING, "No worker is running: queued pulls wait. Start manage.py work.")
    return Finding("workers", Level.OK, f"{count} running")


def _schedule() -> Finding:
    waited = schedule.oldest_wait()
    overdue = SourceState.objects.filter(
        source__enabled=True, source__interval_minutes__gt=0, next_due_at__lt=timezone.now() - _LONG_WAIT
    ).count()
    if overdue:
        return Finding(
            "schedule", Level.WARNING, f"{overdue} sources are overdue: no scheduler is running. Start manage.py work."
        )
    if waited and waited > _LONG_WAIT:
        return Finding(
            "schedule", Level.WARNING, f"A pull has waited {int(waited.total_seconds() // 60)} minutes for a worker."
        )
    return Finding("schedule", Level.OK, "nothing is overdue")


def _credentials() -> Finding:
    try:
        count = len(list(Source.objects.values_list("credentials", flat=True)))
    except ImproperlyConfigured as error:
        return Finding("credentials", Level.FAILURE, str(error))
    return Finding("credentials", Level.OK, f"of {count} sources can be opened")


def _sources() -> Finding:
    ended = SyncRun.objects.filter(source=OuterRef("pk")).exclude(status__in=ACTIVE_RUNS).order_by("-pk")
    enabled = Source.objects.filter(enabled=True)
    last = enabled.annotate(last=Subquery(ended.values("status")[:1]))  # otherwise all runs of all years are read
    failing = list(last.filter(last=RunStatus.FAILED).order_by("pk").values_list("name", flat=True))
    if failing:
        return Finding(
            "sources", Level.WARNING, f"The last pull failed for: {', '.join(failing)}. See the runs page for why."
        )
    return Finding("sources", Level.OK, f"{enabled.count()} enabled, none failing")


def _quarantine() -> Finding:
    waiting = QuarantinedRecord.objects.filter(state=QuarantineState.OPEN).count()
    return Finding("quarantine", Level.WARNING if waiting else Level.OK, f"{waiting} records wait for a person")


def _duplicates() -> Finding:
    last, backlog = selectors.last_search(), searching.backlog()
    ran = f"last search {last.finished_at:%Y-%m-%d %H:%M} UTC" if last and last.finished_at else "never searched"
    text = f"{ran}, {backlog.number if backlog.number <= 1000 else 'over 1000'} changed invoices wait"
    if backlog.stalled:
        return Finding("duplicates", Level.WARNING, f"{text}: the search stands still. Start manage.py work.")
    return Finding("duplicates", Level.OK, text)


def _assistant() -> Finding:
    count, unheard = unheard_sessions()
    if unheard:
        return Finding(
            "assistant",
            Level.WARNING,
            f"Of {count} open windows of the assistant {unheard} are not listened to. Start manage.py work, and see"
            " the bills' pages for what the vendor says.",
        )
    return Finding("assistant", Level.OK, f"{count} open windows, all listened to")


def _pushes() -> Finding:
    stopped = Push.objects.filter(state=PushState.NEEDS_PERSON).count()
    ready = outbox.oldest_ready()
    text = f"{stopped} wait for a person"
    if ready and timezone.now() - ready > _LONG_WAIT:
        return Finding("pushes", Level.WARNING, f"{text}; others could go and nobody sends them. Start manage.py work.")
    return Finding("pushes", Level.WARNING if stopped else Level.OK, text)


def _space() -> Finding:
    free = shutil.disk_usage(settings.DATA_DIR).free
    text = f"{free / 1024**3:.1f} GiB free in the data directory"
    if free < _LITTLE_SPACE:
        return Finding("disk", Level.WARNING, f"{text}. Make room: PostgreSQL stops when there is none.")
    return Finding("disk", Level.OK, text)
