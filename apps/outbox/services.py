"""Writes to the outbox, by verbs: queueing in the transaction of the change, and what a person decides afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import Company, User
from apps.core.doorbell import ring
from apps.core.errors import HubError
from apps.sources.choices import PushKind
from apps.sources.connectors import CONNECTORS
from apps.sources.models import Source

from . import subjects
from .choices import UNSETTLED, PushState, Reason
from .models import Push, key_of

MOST_AT_ONCE = 500
_LANE_LOCK = 7_304


@transaction.atomic
def queue(
    *,
    source: Source,
    company: Company,
    kind: PushKind,
    subject: str,
    label: str,
    payload: Mapping[str, Any],
    revision: int = 0,
    lanes: Sequence[str] = (),
    replaces: bool = True,
    user: User | None = None,
) -> Push:
    """Write down what is to be sent. Call it in the transaction of the change it tells of, the subject locked.

    ``lanes``: names of further things whose pushes it must not overtake. ``replaces``: earlier pushes of this kind and
    subject that certainly had no effect are superseded. The same thing queued twice is one push. Raises HubError
    ``push.not_possible`` when this kind of system does not take it, TypeError for a float in the payload.
    """
    connector = CONNECTORS.get(source.kind)
    if connector is None or kind not in connector.pushes:
        raise HubError("push.not_possible", source=source.name, what=str(PushKind(kind).label))
    lanes = sorted({subject, *lanes})
    _queue_up(lanes)
    written = _written(payload)
    key = key_of(subject, kind, revision, written)
    same = Push.objects.filter(key=key).exclude(state=PushState.CANCELLED).first()
    if same is not None:
        return same
    if replaces:
        _cancel(Push.objects.filter(subject=subject, kind=kind), Reason.SUPERSEDED)
    push = Push.objects.create(
        source=source, company=company, kind=kind, subject=subject, label=label[:200], lanes=lanes, revision=revision,
        payload=written, key=key, queued_by=user,
    )  # fmt: skip
    tell(push)
    transaction.on_commit(ring_for_delivery, robust=True)
    return push


@transaction.atomic
def cancel_unsent(subject: str, kinds: Iterable[PushKind]) -> list[Push]:
    """Take back pushes of a subject that certainly had no effect; those taken back. The subject must be locked."""
    return _cancel(Push.objects.filter(subject=subject, kind__in=list(kinds)), Reason.UNNEEDED)


def retry(push: Push, user: User | None) -> Push:
    """Send it (again) now. When its outcome is unknown this is the person's word that it took no effect; when only the
    question after it failed, the question is asked again. Raises HubError when it is settled or just being sent."""
    return _decide(push, user, state=PushState.PENDING, reason="", comment="")


def mark_done(push: Push, user: User | None, comment: str) -> Push:
    """A person's word that upstream has it. Raises HubError when it is settled or just being sent."""
    return _decide(push, user, state=PushState.DONE, reason="", comment=_needed(comment))


def dismiss(push: Push, user: User | None, comment: str) -> Push:
    """It is not to be sent. One in doubt is not asked after either, and stays in doubt: it may be upstream. Raises
    HubError when it is settled or being sent."""
    return _decide(push, user, state=PushState.CANCELLED, reason=Reason.DISMISSED, comment=_needed(comment))


def retry_alike(push: Push, user: User | None, visible: Iterable[int]) -> tuple[int, int]:
    """Retry those of the same system that stopped for the same reason with the same trouble, the oldest MOST_AT_ONCE:
    how many, and how many are left.

    Those in doubt are left out: each of them needs a look. ``visible``: ids of the companies the person may see.
    """
    alike = Push.objects.filter(
        source=push.source_id, state=PushState.NEEDS_PERSON, reason=push.reason, error_code=push.error_code,
        in_doubt=False, company__in=list(visible),
    ).order_by("pk")  # fmt: skip
    done = 0
    for one in list(alike[:MOST_AT_ONCE]):
        try:
            retry(one, user)
            done += 1
        except HubError:
            continue  # somebody was faster
    return done, alike.count()


def tell(push: Push) -> None:
    """Let the subject know that one of its pushes moved. In the transaction of the move."""
    unsettled = list(Push.objects.filter(subject=push.subject, state__in=UNSETTLED).order_by("pk"))
    subjects.tell(push, unsettled)


def ring_for_delivery() -> None:
    ring("deliver", "apps.outbox.jobs.deliver", queue="pushes")


def _decide(push: Push, user: User | None, *, state: PushState, reason: str, comment: str) -> Push:
    with transaction.atomic():
        subjects.lock(push.subject)
        found = Push.objects.select_for_update().select_related("source").get(pk=push.pk)
        if found.state in (PushState.SENDING, PushState.DONE, PushState.CANCELLED):
            raise HubError("push.settled", push=str(found), state=str(found.get_state_display()))
        now = timezone.now()
        asked_again = state == PushState.PENDING and found.reason != Reason.UNKNOWN
        found.in_doubt = found.in_doubt and (asked_again or state == PushState.CANCELLED)
        found.state, found.reason, found.comment = state, reason, comment[:300]
        found.holds_source = False
        found.failures, found.first_failed_at, found.retry_at = 0, None, None
        found.decided_by, found.decided_at, found.settled_at = user, now, None if state == PushState.PENDING else now
        if state == PushState.PENDING:
            found.error, found.error_code = None, ""
            # Sent again by hand, it finds out for all others whether the system takes us now.
            Push.objects.filter(source=found.source_id, holds_source=True).update(holds_source=False)
        found.save()
        tell(found)
        transaction.on_commit(ring_for_delivery, robust=True)
    return found


def _cancel(pushes: Any, reason: Reason) -> list[Push]:
    """Those of them that certainly had no effect."""
    unsent = list(pushes.filter(state__in=UNSETTLED, in_doubt=False).exclude(state=PushState.SENDING).order_by("pk"))
    cancelled = []
    for push in unsent:
        # Conditional: a worker may have claimed it since.
        done = Push.objects.filter(
            pk=push.pk, state__in=[PushState.PENDING, PushState.WAITING, PushState.NEEDS_PERSON], in_doubt=False
        ).update(state=PushState.CANCELLED, reason=reason, holds_source=False, settled_at=timezone.now(),
                 updated_at=timezone.now())  # fmt: skip
        if done:
            push.refresh_from_db()
            tell(push)
            cancelled.append(push)
    return cancelled


def _queue_up(lanes: Sequence[str]) -> None:
    """Whoever queues in a lane waits for the one before, so that ids rise in the order of the commits."""
    with connection.cursor() as cursor:
        for lane in lanes:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LANE_LOCK, lane])


def _written(payload: Mapping[str, Any]) -> str:
    _refuse_floats(payload)
    return msgspec.json.encode(payload, order="sorted").decode()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a float in a payload: amounts travel as exact decimals")
    if isinstance(value, Mapping):
        for one in value.values():
            _refuse_floats(one)
    elif isinstance(value, list | tuple):
        for one in value:
            _refuse_floats(one)


def _needed(comment: str) -> str:
    if not comment.strip():
        raise HubError("push.comment_needed")
    return comment.strip()
