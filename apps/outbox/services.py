"""Writes to the outbox: queueing push commands in the transaction of the change, and decisions of people afterwards.

All functions work on sets of pushes. Locks are taken in one order: subjects, ordering keys, pushes by their ids.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from apps.accounts.models import Company, User
from apps.core import locks
from apps.core.bulk import next_ids
from apps.core.errors import HubError
from apps.core.messages import Message
from apps.core.wakeup import wake
from apps.sources.choices import PushKind
from apps.sources.connectors import CONNECTORS
from apps.sources.models import Source
from apps.sources.pushes import Payload, written

from . import subjects
from .choices import UNSETTLED, PushState, Reason
from .models import Push, PushAttempt, key_of

MOST_AT_ONCE = 5000
_LOCK_ORDERING_KEYS = """
SELECT pg_advisory_xact_lock(%s, lock_id)
  FROM (SELECT DISTINCT hashtext(ordering_key) AS lock_id FROM unnest(%s::text[]) AS keys(ordering_key)
         ORDER BY lock_id) AS locks
"""
_IDLE = (PushState.PENDING, PushState.WAITING, PushState.NEEDS_PERSON)  # unsettled, and no worker is sending it


@dataclass(frozen=True, kw_only=True)
class PushCommand:
    """One message that is to be sent. ``ordering_keys``: names of further subjects whose pushes it must not overtake.
    ``replaces``: earlier pushes of this kind and subject that certainly had no effect are superseded."""

    source: Source
    company: Company
    kind: PushKind
    subject: str
    label: str
    payload: Payload
    revision: int = 0
    ordering_keys: Sequence[str] = ()
    replaces: bool = True


@dataclass(frozen=True)
class Retried:
    """How many were ``sent`` again; how many like them are ``left`` for the next call; how many are ``unclear``: their
    outcome is unknown, so a person must look at each."""

    sent: int
    left: int
    unclear: int


@transaction.atomic
def queue(commands: Sequence[PushCommand], user: User | None) -> list[Push]:
    """Queue these commands in this order; returns one push for each. Call it in the transaction of the change they
    report, with their subjects locked.

    The same command queued twice is one push. Raises HubError ``push.not_possible`` when the source takes no push of
    this kind, TypeError for a float in a payload; then nothing is queued.
    """
    if not commands:
        return []
    for command in commands:
        _require_possible(command)
    _lock_ordering_keys(
        {ordering_key for command in commands for ordering_key in (command.subject, *command.ordering_keys)}
    )
    pushes = [_push(command, user) for command in commands]
    keys = [push.key for push in pushes]
    queued = {push.key: push for push in Push.objects.filter(key__in=keys).exclude(state=PushState.CANCELLED)}
    new = {push.key: push for push in reversed(pushes) if push.key not in queued}
    order = [key for key in dict.fromkeys(keys) if key in new]
    replacing = [push for push, command in zip(pushes, commands, strict=True) if command.replaces and push.key in new]
    superseded = _cancel(_of_same(replacing), Reason.SUPERSEDED)
    for key, pk in zip(order, next_ids("outbox_push", len(order)), strict=True):
        new[key].pk = pk
    created = Push.objects.bulk_create([new[key] for key in order])
    notify_subjects([*superseded, *created])
    transaction.on_commit(wake_delivery, robust=True)
    return [queued.get(key) or new[key] for key in keys]


@transaction.atomic
def cancel_unsent(pushes: QuerySet[Push]) -> list[Push]:
    """Cancel the pushes that certainly had no effect, and return them. Their subjects must be locked."""
    cancelled = _cancel(pushes, Reason.UNNEEDED)
    notify_subjects(cancelled)
    return cancelled


def retry(push: Push, user: User | None, looked: int | None = None) -> Push:
    """Send it (again) now; when only its status query failed, the query is repeated.

    ``looked``: the number of its latest attempt when the person looked in the upstream system and did not find it. A
    push whose outcome is unknown is retried only with it, and only if no attempt was made since. Raises HubError
    ``push.look_first``, or ``push.settled`` when it is settled or being sent.
    """
    newer = PushAttempt.objects.filter(push=OuterRef("pk"), number__gt=looked or 0)
    outcome_clear = ~Q(reason=Reason.UNKNOWN) | (Q(~Exists(newer)) if looked is not None else Q(pk__in=[]))
    return _decide_one(push, user, Q(state__in=_IDLE) & outcome_clear, state=PushState.PENDING)


def mark_done(push: Push, user: User | None, comment: str) -> Push:
    """A person confirms that upstream has it. Raises HubError when it is settled or being sent."""
    return _decide_one(push, user, Q(state__in=_IDLE), state=PushState.DONE, comment=_needed(comment))


def dismiss(push: Push, user: User | None, comment: str) -> Push:
    """It is not to be sent. Where the outcome is unknown it stays unknown (upstream may have it), and no status query
    follows. Raises HubError when it is settled or being sent."""
    idle, comment = Q(state__in=_IDLE), _needed(comment)
    return _decide_one(push, user, idle, state=PushState.CANCELLED, reason=Reason.DISMISSED, comment=comment)


def retry_alike(push: Push, user: User) -> Retried:
    """Retry the pushes of the same source and kind that stopped for the same reason with the same error, of companies
    the person may see; the oldest MOST_AT_ONCE, in one transaction."""
    alike = Push.objects.visible_to(user).filter(
        source=push.source_id, kind=push.kind, state=PushState.NEEDS_PERSON, reason=push.reason,
        error_code=push.error_code,
    )  # fmt: skip
    clear = Q(state=PushState.NEEDS_PERSON, outcome_unknown=False)
    chosen = list(alike.filter(clear).defer("payload").order_by("pk")[:MOST_AT_ONCE])
    sent = len(_decide(chosen, user, clear, state=PushState.PENDING))
    left = alike.filter(outcome_unknown=False).count()
    return Retried(sent, left, alike.filter(outcome_unknown=True).count())


def notify_subjects(moved: Sequence[Push]) -> None:
    """Report pushes that changed state to their subjects, in the transaction of the change."""
    unsettled: dict[str, list[Push]] = defaultdict(list)
    rows = Push.objects.filter(subject__in={push.subject for push in moved}, state__in=UNSETTLED)
    for push in rows.defer("payload").order_by("pk") if moved else ():
        unsettled[push.subject].append(push)
    subjects.notify(moved, unsettled)


def wake_delivery() -> None:
    """Enqueue the delivery job."""
    wake("deliver", "apps.outbox.jobs.deliver", queue="pushes")


def _decide_one(
    push: Push, user: User | None, still: Q, *, state: PushState, reason: str = "", comment: str = ""
) -> Push:
    decided = _decide([push], user, still, state=state, reason=reason, comment=comment)
    if not decided:
        now = Push.objects.get(pk=push.pk)
        name = Message("push.name", {"kind": Message(f"push.kind.{now.kind}"), "label": now.label})
        if now.state == PushState.NEEDS_PERSON:
            raise HubError("push.look_first", push=name)
        raise HubError("push.settled", push=name, state=Message(f"push.state.{now.state}"))
    return decided[0]


@transaction.atomic
def _decide(
    pushes: Sequence[Push], user: User | None, still: Q, *, state: PushState, reason: str = "", comment: str = ""
) -> list[Push]:
    """Apply a person's decision to the pushes for which ``still`` is true once they are locked, and return those."""
    subjects.lock({push.subject for push in pushes})
    again = state == PushState.PENDING
    # A retry by hand closes the circuit of its system: it finds out for the others whether the system answers again.
    circuit_openers = Q(source__in={push.source_id for push in pushes if again}, circuit_open=True)
    rows = Push.objects.filter(Q(still, pk__in=[push.pk for push in pushes]) | circuit_openers)
    ours = {push.pk for push in pushes}
    ids = [pk for pk in rows.select_for_update().order_by("pk").values_list("pk", flat=True) if pk in ours]
    now = timezone.now()
    Push.objects.filter(circuit_openers).update(circuit_open=False, updated_at=now)
    changes: dict[str, Any] = {"error": None, "error_code": ""} if again else {}
    Push.objects.filter(pk__in=ids).update(
        state=state, reason=reason, comment=comment[:300], outcome_unknown=_outcome_unknown_after(state),
        circuit_open=False, failures=0, first_failed_at=None, retry_at=None, decided_by=user, decided_at=now,
        settled_at=None if again else now, updated_at=now, **changes,
    )  # fmt: skip
    decided = list(Push.objects.filter(pk__in=ids).select_related("source").order_by("pk"))
    notify_subjects(decided)
    transaction.on_commit(wake_delivery, robust=True)
    return decided


def _outcome_unknown_after(state: PushState) -> Any:
    """Whether the outcome of a push is still unknown after this decision: after a retry, when only its status query
    failed (the query is repeated); after a dismissal, as before (upstream may have it)."""
    if state == PushState.DONE:
        return False
    if state == PushState.CANCELLED:
        return F("outcome_unknown")
    return Case(
        When(reason=Reason.UNKNOWN, then=Value(False)), default=F("outcome_unknown"), output_field=BooleanField()
    )


def _require_possible(command: PushCommand) -> None:
    connector = CONNECTORS.get(command.source.kind)
    if connector is None or command.kind not in connector.pushes:
        raise HubError("push.not_possible", source=command.source.name, what=Message(f"push.kind.{command.kind}"))


def _push(command: PushCommand, user: User | None) -> Push:
    payload = written(command.payload)
    return Push(
        source=command.source, company=command.company, kind=command.kind, subject=command.subject,
        label=command.label[:200], revision=command.revision,
        ordering_keys=sorted({command.subject, *command.ordering_keys}),
        payload=payload, key=key_of(command.subject, command.kind, command.revision, payload), queued_by=user,
    )  # fmt: skip


def _of_same(pushes: Sequence[Push]) -> QuerySet[Push]:
    """All pushes that share kind and subject with one of these."""
    subjects_by_kind: dict[str, set[str]] = defaultdict(set)
    for push in pushes:
        subjects_by_kind[push.kind].add(push.subject)
    same = Q(pk__in=[])
    for kind, names in subjects_by_kind.items():
        same |= Q(kind=kind, subject__in=names)
    return Push.objects.filter(same)


def _cancel(pushes: QuerySet[Push], reason: Reason) -> list[Push]:
    """Cancel the pushes that certainly had no effect, and return them. The lock waits for a worker that claims one, and
    the condition is then checked again."""
    unsent = pushes.filter(state__in=_IDLE, outcome_unknown=False)
    cancelled = list(unsent.select_for_update().defer("payload").order_by("pk"))
    now = timezone.now()
    changes = {
        "state": PushState.CANCELLED, "reason": reason, "circuit_open": False, "settled_at": now, "updated_at": now,
    }  # fmt: skip
    Push.objects.filter(pk__in=[push.pk for push in cancelled]).update(**changes)
    for push in cancelled:
        for name, value in changes.items():
            setattr(push, name, value)
    return cancelled


def _lock_ordering_keys(ordering_keys: Iterable[str]) -> None:
    """Transactions that queue under the same ordering key run one after the other, so ids rise in commit order."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_ORDERING_KEYS, [locks.ORDERING_KEY, sorted(ordering_keys)])


def _needed(comment: str) -> str:
    if not comment.strip():
        raise HubError("push.comment_needed")
    return comment.strip()
