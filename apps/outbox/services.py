"""Writes to the outbox, by verbs: queueing in the transaction of the change, and what a person decides afterwards.

Everything here works on sets, one being a set of one. Locks are taken in one order: the things the pushes are about,
the ordering keys, the pushes by their ids.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db import connection, transaction
from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from apps.accounts.models import Company, User
from apps.core.bulk import next_ids
from apps.core.errors import HubError
from apps.core.wakeup import wake
from apps.sources.choices import PushKind
from apps.sources.connectors import CONNECTORS
from apps.sources.models import Source

from . import subjects
from .choices import UNSETTLED, PushState, Reason
from .models import Push, PushAttempt, key_of

MOST_AT_ONCE = 5000
_ORDERING_LOCK = 7_304
_LOCK_ORDERING_KEYS = """
SELECT pg_advisory_xact_lock(%s, place)
  FROM (SELECT DISTINCT hashtext(ordering_key) AS place FROM unnest(%s::text[]) AS asked(ordering_key)
         ORDER BY place) AS places
"""
_AT_REST = (PushState.PENDING, PushState.WAITING, PushState.NEEDS_PERSON)  # unsettled, and no worker has it


@dataclass(frozen=True, kw_only=True)
class PushCommand:
    """One thing that is to be told. ``ordering_keys``: names of further things whose pushes it must not overtake.
    ``replaces``: earlier pushes of this kind and subject that certainly had no effect are superseded."""

    source: Source
    company: Company
    kind: PushKind
    subject: str
    label: str
    payload: Mapping[str, Any]
    revision: int = 0
    ordering_keys: Sequence[str] = ()
    replaces: bool = True


@dataclass(frozen=True)
class Retried:
    """How many were ``sent`` again; how many like them are ``left`` for another time; how many are ``unclear``: they
    went out and nobody knows what became of them, so that each needs a look."""

    sent: int
    left: int
    unclear: int


@transaction.atomic
def queue(commands: Sequence[PushCommand], user: User | None) -> list[Push]:
    """Write down what is to be sent, in this order; a push for each. Call it in the transaction of the change it tells
    of, the subjects locked.

    The same thing queued twice is one push. Raises HubError ``push.not_possible`` when a system of this kind does not
    take it, TypeError for a float in a payload; then nothing is queued.
    """
    if not commands:
        return []
    for command in commands:
        _require_possible(command)
    _queue_up({ordering_key for command in commands for ordering_key in (command.subject, *command.ordering_keys)})
    wanted = [_push(command, user) for command in commands]
    keys = [push.key for push in wanted]
    held = {push.key: push for push in Push.objects.filter(key__in=keys).exclude(state=PushState.CANCELLED)}
    new = {push.key: push for push in reversed(wanted) if push.key not in held}
    order = [key for key in dict.fromkeys(keys) if key in new]
    replacing = [push for push, command in zip(wanted, commands, strict=True) if command.replaces and push.key in new]
    superseded = _cancel(_of_same(replacing), Reason.SUPERSEDED)
    for key, pk in zip(order, next_ids("outbox_push", len(order)), strict=True):
        new[key].pk = pk
    made = Push.objects.bulk_create([new[key] for key in order])
    tell([*superseded, *made])
    transaction.on_commit(ring_for_delivery, robust=True)
    return [held.get(key) or new[key] for key in keys]


@transaction.atomic
def cancel_unsent(pushes: QuerySet[Push]) -> list[Push]:
    """Take back those of them that certainly had no effect; those taken back. Their subjects must be locked."""
    cancelled = _cancel(pushes, Reason.UNNEEDED)
    tell(cancelled)
    return cancelled


def retry(push: Push, user: User | None, looked: int | None = None) -> Push:
    """Send it (again) now; when only the question after it failed, the question is asked again.

    ``looked``: the number of its latest attempt when the person looked in the system and found nothing. One whose
    outcome is unknown needs that word, and nobody may have sent it since. Raises HubError ``push.look_first``, or
    ``push.settled`` when it is settled or just being sent.
    """
    newer = PushAttempt.objects.filter(push=OuterRef("pk"), number__gt=looked or 0)
    known = ~Q(reason=Reason.UNKNOWN) | (Q(~Exists(newer)) if looked is not None else Q(pk__in=[]))
    return _decide_one(push, user, Q(state__in=_AT_REST) & known, state=PushState.PENDING)


def mark_done(push: Push, user: User | None, comment: str) -> Push:
    """A person's word that upstream has it. Raises HubError when it is settled or just being sent."""
    return _decide_one(push, user, Q(state__in=_AT_REST), state=PushState.DONE, comment=_needed(comment))


def dismiss(push: Push, user: User | None, comment: str) -> Push:
    """It is not to be sent. One in doubt is not asked after either, and stays in doubt: it may be upstream. Raises
    HubError when it is settled or being sent."""
    said = _needed(comment)
    at_rest = Q(state__in=_AT_REST)
    return _decide_one(push, user, at_rest, state=PushState.CANCELLED, reason=Reason.DISMISSED, comment=said)


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


def tell(moved: Sequence[Push]) -> None:
    """Let their subjects know that these have moved. In the transaction of the move."""
    unsettled: dict[str, list[Push]] = defaultdict(list)
    of_them = Push.objects.filter(subject__in={push.subject for push in moved}, state__in=UNSETTLED)
    for push in of_them.defer("payload").order_by("pk") if moved else ():
        unsettled[push.subject].append(push)
    subjects.notify(moved, unsettled)


def ring_for_delivery() -> None:
    wake("deliver", "apps.outbox.jobs.deliver", queue="pushes")


def _decide_one(
    push: Push, user: User | None, still: Q, *, state: PushState, reason: str = "", comment: str = ""
) -> Push:
    decided = _decide([push], user, still, state=state, reason=reason, comment=comment)
    if not decided:
        now = Push.objects.get(pk=push.pk)
        if now.state == PushState.NEEDS_PERSON:
            raise HubError("push.look_first", push=str(now))
        raise HubError("push.settled", push=str(now), state=str(now.get_state_display()))
    return decided[0]


@transaction.atomic
def _decide(
    pushes: Sequence[Push], user: User | None, still: Q, *, state: PushState, reason: str = "", comment: str = ""
) -> list[Push]:
    """A person's word about those of them of which ``still`` is true under the lock; the ones decided."""
    subjects.lock({push.subject for push in pushes})
    again = state == PushState.PENDING
    # Sent again by hand, they find out for all others whether their system takes us now.
    holding = Q(source__in={push.source_id for push in pushes if again}, circuit_open=True)
    rows = Push.objects.filter(Q(still, pk__in=[push.pk for push in pushes]) | holding)
    ours = {push.pk for push in pushes}
    ids = [pk for pk in rows.select_for_update().order_by("pk").values_list("pk", flat=True) if pk in ours]
    now = timezone.now()
    Push.objects.filter(holding).update(circuit_open=False, updated_at=now)
    changes: dict[str, Any] = {"error": None, "error_code": ""} if again else {}
    Push.objects.filter(pk__in=ids).update(
        state=state, reason=reason, comment=comment[:300], outcome_unknown=_doubt_after(state), circuit_open=False,
        failures=0, first_failed_at=None, retry_at=None, decided_by=user, decided_at=now,
        settled_at=None if again else now, updated_at=now, **changes,
    )  # fmt: skip
    decided = list(Push.objects.filter(pk__in=ids).select_related("source").order_by("pk"))
    tell(decided)
    transaction.on_commit(ring_for_delivery, robust=True)
    return decided


def _doubt_after(state: PushState) -> Any:
    """Whether a push is in doubt after a person has said this of it. A question that failed is asked again; what is
    dismissed may be upstream."""
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
        raise HubError("push.not_possible", source=command.source.name, what=str(PushKind(command.kind).label))


def _push(command: PushCommand, user: User | None) -> Push:
    written = _written(command.payload)
    return Push(
        source=command.source, company=command.company, kind=command.kind, subject=command.subject,
        label=command.label[:200], revision=command.revision,
        ordering_keys=sorted({command.subject, *command.ordering_keys}),
        payload=written, key=key_of(command.subject, command.kind, command.revision, written), queued_by=user,
    )  # fmt: skip


def _of_same(pushes: Sequence[Push]) -> QuerySet[Push]:
    """All pushes that have kind and subject of one of these."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for push in pushes:
        by_kind[push.kind].add(push.subject)
    same = Q(pk__in=[])
    for kind, names in by_kind.items():
        same |= Q(kind=kind, subject__in=names)
    return Push.objects.filter(same)


def _cancel(pushes: QuerySet[Push], reason: Reason) -> list[Push]:
    """Those of them that certainly had no effect. One that a worker is just claiming is judged by what it is then."""
    unsent = pushes.filter(state__in=_AT_REST, outcome_unknown=False)
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


def _queue_up(ordering_keys: Iterable[str]) -> None:
    """Whoever queues in a ordering key waits for the one before, so that ids rise in the order of the commits."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_ORDERING_KEYS, [_ORDERING_LOCK, sorted(ordering_keys)])


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
