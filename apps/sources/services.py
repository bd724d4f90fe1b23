"""Writes to sources and runs. Only ``test_connection`` and ``detect_options`` call an upstream."""

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import django_rq
import structlog
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from apps.accounts.models import User
from apps.accounts.names import name_of
from apps.core.errors import NeedsPerson
from apps.core.messages import Message

from .choices import ACTIVE_RUNS, RunStatus, RunTrigger
from .connectors import CONNECTORS
from .connectors.base import Parameter
from .context import SourceContext, filled_options
from .models import Source, SourceState, SyncRun

__all__ = [
    "cancel_run",
    "come_back",
    "detect_options",
    "filled_options",
    "problems_of",
    "queue_due",
    "queue_run",
    "test_connection",
    "wake",
]

log = structlog.get_logger(__name__)

PULL_JOB = "apps.invoices.jobs.pull"  # by name: the ledger stands above the sources


def queue_run(source: Source, trigger: RunTrigger | str, user: User | None = None) -> tuple[SyncRun, bool]:
    """A queued run for the source, and True; or the one that is active already, and False."""
    if source.kind not in CONNECTORS:
        raise NeedsPerson("run.not_pulled", source=source.name)
    if not source.enabled:
        raise NeedsPerson("run.source_disabled", source=source.name)
    try:
        with transaction.atomic():
            run = SyncRun.objects.create(source=source, trigger=trigger, requested_by=user)
    except IntegrityError:  # another run was queued meanwhile: one_active_run_per_source
        active = SyncRun.objects.filter(source=source, status__in=ACTIVE_RUNS).first()
        return (active, False) if active else queue_run(source, trigger, user)
    transaction.on_commit(lambda: wake([run.pk]))
    return run, True


def wake(run_ids: list[int]) -> None:
    """Enqueue a job for each run. Without Redis nothing is lost: the next tick enqueues them again."""
    try:
        queue = django_rq.get_queue("pulls")
        waiting = {job_id.rpartition("-")[0] for job_id in queue.get_job_ids()}
        for run_id in run_ids:
            name = f"pull-{run_id}"
            if name not in waiting:  # a new id each time: it must not replace a job that a worker is starting
                queue.enqueue(PULL_JOB, run_id, job_id=f"{name}-{secrets.token_hex(4)}", result_ttl=0, failure_ttl=3600)
    except (RedisError, OSError) as error:
        log.warning("wakeup.failed", runs=run_ids, error=type(error).__name__)


def cancel_run(run: SyncRun, user: User | None = None) -> bool:
    """Ask a run to stop: a queued one at once, a running one after its page. False when it had ended already."""
    now = timezone.now()
    who = name_of(user)
    stopped = SyncRun.objects.filter(pk=run.pk, status=RunStatus.QUEUED).update(
        status=RunStatus.CANCELLED,
        finished_at=now,
        cancel_requested_at=now,
        error=Message("run.cancelled_by", {"who": who}).stored(),
    )
    return bool(stopped or SyncRun.objects.filter(pk=run.pk, status=RunStatus.RUNNING).update(cancel_requested_at=now))


def queue_due() -> list[SyncRun]:
    """One tick of the schedule: a queued run for every source that is due. Safe with several schedulers."""
    now = timezone.now()
    with transaction.atomic():
        SourceState.objects.bulk_create(
            [SourceState(source=source) for source in Source.objects.filter(state=None)], ignore_conflicts=True
        )
        due = list(
            SourceState.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(source__enabled=True, source__kind__in=CONNECTORS)
            .filter(Q(next_due_at__lte=now) | Q(next_due_at=None, source__interval_minutes__gt=0))
            .exclude(source__runs__status__in=ACTIVE_RUNS)
            .select_related("source")
        )
        for state in due:
            minutes = state.source.interval_minutes
            state.next_due_at = now + timedelta(minutes=minutes) if minutes else None
        SourceState.objects.bulk_update(due, ["next_due_at"])
        runs = [SyncRun(source=state.source, trigger=RunTrigger.SCHEDULE) for state in due]
        return SyncRun.objects.bulk_create(runs, ignore_conflicts=True)


def come_back(source_id: int, when: Any) -> None:
    """The source has more to give, but not before ``when``."""
    SourceState.objects.filter(source_id=source_id).update(next_due_at=when)


def test_connection(source: Source) -> Message:
    """One cheap call with the source's address and credentials, after a new login where the system has logins: a token
    that is still valid proves nothing. Raises HubError with the sentence to show."""
    with SourceContext(source, new_login=True) as context:
        return CONNECTORS[source.kind](context).test()


def detect_options(source: Source) -> dict[str, Any]:
    """Options found by trying (DES mode): to be shown and saved by the caller. Raises HubError."""
    with SourceContext(source) as context:
        return CONNECTORS[source.kind](context).detect()


def problems_of(
    kind: str, base_url: str, credentials: Mapping[str, Any], options: Mapping[str, Any]
) -> dict[str, list[str]]:
    """What is wrong with a source's settings: field → sentences; {} when all is well."""
    if kind not in CONNECTORS:
        return {
            "kind": [
                _("There is no system “%(kind)s”. Known: %(known)s.") % {"kind": kind, "known": ", ".join(CONNECTORS)}
            ]
        }
    problems: dict[str, list[str]] = {}
    if not base_url.startswith(("http://", "https://")):
        problems["base_url"] = [_("The address must begin with http:// or https://.")]
    connector = CONNECTORS[kind]
    for group, specs, values in (
        ("credentials", connector.credentials, credentials),
        ("options", connector.options, options),
    ):
        specs_by_name = {spec.name: spec for spec in specs}
        for name in values.keys() - specs_by_name.keys():
            problems[f"{group}.{name}"] = [_("Unknown entry. Known: %(known)s.") % {"known": ", ".join(specs_by_name)}]
        for name, spec in specs_by_name.items():
            sentence = _problem(spec, values.get(name))
            if sentence:
                problems[f"{group}.{name}"] = [sentence]
    return problems


_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "choice": (str,),
    "list": (list,),
    "object": (dict,),
    "date": (str,),
}


def _problem(spec: Parameter, value: Any) -> str:
    if value is None or value == "":
        return _("This entry is required.") if spec.required else ""
    if not isinstance(value, _TYPES[spec.kind]) or (isinstance(value, bool) and spec.kind != "boolean"):
        return _("Expected: %(kind)s.") % {"kind": spec.kind}
    if spec.kind == "choice" and value not in {choice for choice, _label in spec.choices}:
        return _("Choose one of: %(choices)s.") % {"choices": ", ".join(choice for choice, _label in spec.choices)}
    if spec.minimum is not None and isinstance(value, (int, float)) and value < spec.minimum:
        return _("At least %(minimum)s.") % {"minimum": spec.minimum}
    if spec.kind == "date" and not _is_day(value):
        return _("Expected a date like 2025-01-31.")
    return ""


def _is_day(value: Any) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
