"""Collecting vouchers into the upstream system and voiding them there, through the outbox.

What is to be sent is written down in the same transaction as the change it tells of. All verbs work on sets, one being
a set of one; each voucher goes or is refused for itself. A voucher's ``push_state`` follows from its pushes; the outbox
calls ``moved``, in its transaction, when some of them have moved.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.bills.compliance import gate
from apps.bills.models import Bill
from apps.bills.states import Action as BillAction
from apps.core.bulk import update_rows
from apps.core.errors import HubError
from apps.core.messages import Message
from apps.outbox import services as outbox
from apps.outbox.choices import UNSETTLED, PushState
from apps.outbox.models import Push
from apps.outbox.selectors import body_of, of_subject
from apps.outbox.subjects import PushChange
from apps.sources.choices import PushKind
from apps.sources.pushes import Payload, VoucherReference, VoucherVoid, written

from . import bookings, checks, locking, selectors, statuses
from .bookings import Booked, Turn
from .choices import VoucherState
from .collecting import collected
from .content import VoucherContent
from .models import Voucher
from .states import Action, Life, push_state

MOST_AT_ONCE = 200
_MOST_SHOWN = 50
_WAYS = (PushKind.VOUCHER_COLLECT, PushKind.VOUCHER_VOID)


class NotReady(HubError):
    """The voucher has problems; ``problems`` are those that stop it."""

    def __init__(self, voucher: Voucher, problems: Sequence[checks.Problem]) -> None:
        self.problems = list(problems)
        self.reasons = " ".join(sentence(problem) for problem in problems)
        super().__init__("voucher.not_ready", voucher=voucher, reasons=self.reasons)

    def field_errors(self) -> dict[str, list[str]]:
        return {problem.field or "voucher": [sentence(problem)] for problem in reversed(self.problems)}


def sentence(problem: checks.Problem) -> str:
    """A problem in words; a missing field by the name people know it under."""
    params = dict(problem.params)
    if problem.code == "voucher.missing":
        names = {column.name: column.verbose_name for column in Voucher._meta.fields}
        params["field"] = str(names[params["field"]])
    return str(Message(problem.code, params))


@dataclass(frozen=True)
class Done:
    """Of several vouchers: those that went, in the order in which they were named; by id, why the others did not."""

    gone: list[Voucher]
    refused: dict[int, HubError]

    @property
    def only(self) -> Voucher:
        """Of one. Raises what refused it."""
        for error in self.refused.values():
            raise error
        return self.gone[0]


def queue_collect(pk: int, revision: int | None, user: User | None) -> Voucher:
    """Book a voucher and let it be collected. Raises NotReady; HubError when it changed meanwhile or is void."""
    return collect({pk: revision}, user).only


def queue_void(pk: int, revision: int | None, user: User | None) -> Voucher:
    """Void a voucher; one that was booked is voided upstream, or never sent if it had not gone yet."""
    return void({pk: revision}, user).only


@transaction.atomic
def collect(revisions: Mapping[int, int | None], user: User | None) -> Done:
    """Book vouchers and let them be collected, those that can be; in as many statements for MOST_AT_ONCE as for one.

    ``revisions``: id → the version that was seen (None: whatever it is now), in the order in which they are to go.
    """
    vouchers, refused = _locked(revisions)
    named = bookings.named_by(vouchers)
    before = bookings.booked_by(vouchers)
    bills = _locked_bills([*named.values(), *before.values()])
    contents = selectors.contents(vouchers)
    turns = [Turn(voucher, before[voucher.pk], named[voucher.pk]) for voucher in vouchers]
    refused |= refusals(vouchers, Action.COLLECT, contents, _stopped(turns, bills, user))
    turns = [turn for turn in turns if turn.voucher.pk not in refused]
    going = [turn.voucher for turn in turns]
    locking.turn(going, state=VoucherState.BOOKED, booked_by=user)
    _send(turns, contents, user)
    return Done(going, refused)


@transaction.atomic
def void(revisions: Mapping[int, int | None], user: User | None) -> Done:
    """Void vouchers, those that can be; what was booked is voided upstream, or not sent if it had not gone yet.
    ``revisions`` as for ``collect``."""
    vouchers, refused = _locked(revisions)
    before = bookings.booked_by(vouchers)
    _locked_bills(before.values())
    refused |= refusals(vouchers, Action.VOID)
    going = [voucher for voucher in vouchers if voucher.pk not in refused]
    turns = [Turn(one, before[one.pk], Booked()) for one in going if one.state == VoucherState.BOOKED]
    locking.turn(going, state=VoucherState.VOID)
    bookings.follow(turns, user)
    _take_back(turns, user)
    return Done(going, refused)


def request_body(voucher: Voucher, content: VoucherContent) -> Mapping[str, Any]:
    """Exactly what a collect of this content sends. Without a system to send it to: the payload in our own words."""
    payload, source = collected(content), voucher.book.source
    if source is None:
        return dict(json.loads(written(payload)))
    return body_of(source, PushKind.VOUCHER_COLLECT, payload)


def send(voucher: Voucher, before: Booked, user: User | None) -> None:
    """Queue what a booked voucher has just been changed into, behind whatever of it is on its way. Must run in the
    change's transaction. Raises NotReady, and HubError when its period is closed."""
    turn = Turn(voucher, before, bookings.named_by([voucher])[voucher.pk])
    locking.share_books([voucher.book_id])
    bills = _locked_bills([before, turn.now])
    contents = selectors.contents([voucher])
    for error in refusals([voucher], Action.COLLECT, contents, _stopped([turn], bills, user)).values():
        raise error
    _send([turn], contents, user)


def refusals(
    vouchers: Sequence[Voucher],
    action: Action,
    contents: Mapping[int, VoucherContent] = MappingProxyType({}),
    stopped: Mapping[int, HubError] = MappingProxyType({}),
) -> dict[int, HubError]:
    """Why some of these cannot be collected or voided now, one after the other, by id. ``contents``: for a collect;
    ``stopped``: vouchers with a bill that a check keeps from being booked."""
    closed = selectors.closed_periods({voucher.book_id for voucher in vouchers})
    refused: dict[int, HubError] = {}
    booked: dict[str, str] = {}  # bill → the voucher before in this row that books it
    for voucher in vouchers:
        content = contents.get(voucher.pk)
        bills = content.bills if content else ()
        if content:
            others = [replace(bill, booked_by=bill.booked_by or booked.get(bill.bill_id, "")) for bill in bills]
            content = replace(content, bills=tuple(others))
        try:
            _require(voucher, action, content, closed[voucher.book_id])
            if voucher.pk in stopped:
                raise stopped[voucher.pk]
        except HubError as error:
            refused[voucher.pk] = error
        else:
            booked.update((bill.bill_id, str(voucher)) for bill in bills)
    return refused


def reasons_against(vouchers: Sequence[Voucher], action: Action, user: User | None = None) -> dict[int, str]:
    """``refusals`` in words, for a preview. ``user``: who reads it."""
    if action != Action.COLLECT:
        refused = refusals(vouchers, action)
    else:
        named, before = bookings.named_by(vouchers), bookings.booked_by(vouchers)
        turns = [Turn(voucher, before[voucher.pk], named[voucher.pk]) for voucher in vouchers]
        bills = list(_bills_of(named.values()).select_related("company"))
        refused = refusals(vouchers, action, selectors.contents(vouchers), _stopped(turns, bills, user))
    return {pk: reason_of(error) for pk, error in refused.items()}


def reason_of(error: HubError) -> str:
    """A refusal in words, where the voucher is named beside it."""
    return error.reasons if isinstance(error, NotReady) else str(error)


def _require(voucher: Voucher, action: Action, content: VoucherContent | None, closed: Collection[str]) -> None:
    locking.require(voucher, action)
    if voucher.period in closed:
        raise HubError("voucher.period_closed", period=voucher.period)
    if voucher.state == VoucherState.BOOKED and voucher.book.source_id is None:
        raise HubError("voucher.book_without_source")
    stopping = checks.blocking(checks.problems(content)) if content else []
    if stopping:
        raise NotReady(voucher, stopping)


def _locked(revisions: Mapping[int, int | None]) -> tuple[list[Voucher], dict[int, HubError]]:
    if len(revisions) > MOST_AT_ONCE:
        raise HubError("voucher.too_many", most=MOST_AT_ONCE)
    vouchers, refused = locking.all_locked(revisions)
    locking.share_books({voucher.book_id for voucher in vouchers})
    return vouchers, refused


def _locked_bills(sides: Iterable[Booked]) -> list[Bill]:
    """Two vouchers that book one bill queue here, so that the second one sees the first."""
    return list(_bills_of(sides).select_for_update(of=("self",)).select_related("company").order_by("pk"))


def _bills_of(sides: Iterable[Booked]) -> QuerySet[Bill]:
    ids = {pk for booked in sides for pk in booked.bills}
    return Bill.objects.filter(pk__in=ids) if ids else Bill.objects.none()


def _stopped(turns: Sequence[Turn], bills: Sequence[Bill], user: User | None) -> dict[int, HubError]:
    """Vouchers one of whose ``bills`` a check keeps from being booked with them, with the first reason, by id."""
    stops = gate.stops([bill for bill in bills if gate.ahead(bill) == BillAction.BOOK], BillAction.BOOK, user)
    refused: dict[int, HubError] = {}
    for turn in turns:
        for pk in sorted((turn.now.bills - turn.before.bills) & stops.keys(), reverse=True):
            refused[turn.voucher.pk] = stops[pk]
    return refused


def _send(turns: Sequence[Turn], contents: Mapping[int, VoucherContent], user: User | None) -> None:
    bookings.follow(turns, user)
    status_commands = statuses.commands(turns)
    commands: list[outbox.PushCommand] = []
    for turn in turns:
        payload = collected(contents[turn.voucher.pk])
        commands += [_push_command(PushKind.VOUCHER_COLLECT, turn.voucher, payload), *status_commands[turn.voucher.pk]]
    outbox.queue(commands, user)


def _take_back(turns: Sequence[Turn], user: User | None) -> None:
    """What has not gone yet is not sent; what has, or may have, is voided upstream."""
    pushes = Push.objects.filter(subject__in=[subject_of(turn.voucher.pk) for turn in turns])
    # In this order: a collect that a worker claims while we look counts as out.
    outbox.cancel_unsent(pushes.filter(kind=PushKind.VOUCHER_COLLECT))
    lives = _lives(pushes)
    idle = [pk for life in lives.values() if not life.known for pk in life.unsent]
    outbox.cancel_unsent(pushes.filter(pk__in=idle))
    status_commands = statuses.commands(turns)
    commands: list[outbox.PushCommand] = []
    for turn in turns:
        voucher, life = turn.voucher, lives.get(subject_of(turn.voucher.pk), Life())
        if life.there:
            payload = VoucherVoid(VoucherReference(voucher.vouch_id, voucher.vouch_no))
            commands.append(_push_command(PushKind.VOUCHER_VOID, voucher, payload))
        if life.known:
            commands += status_commands[voucher.pk]
    outbox.queue(commands, user)


def _lives(pushes: QuerySet[Push]) -> dict[str, Life]:
    """By subject: what of its present life is upstream, or may be."""
    lives: dict[str, Life] = defaultdict(Life)
    unsettled = Q(state__in=UNSETTLED)
    relevant = pushes.filter(unsettled | Q(state=PushState.DONE) | Q(outcome_unknown=True)).order_by("pk")
    for push in relevant.defer("payload"):
        out = push.outcome_unknown or push.state in (PushState.DONE, PushState.SENDING)
        lives[push.subject].take(push.pk, push.kind, push.revision, out=out, done=push.state == PushState.DONE)
    return lives


def _push_command(kind: PushKind, voucher: Voucher, payload: Payload) -> outbox.PushCommand:
    source = voucher.book.source
    if source is None:
        raise HubError("voucher.book_without_source")
    return outbox.PushCommand(
        source=source, company=voucher.book.company, kind=kind, subject=subject_of(voucher.pk), label=voucher.label,
        payload=payload, revision=voucher.revision,
    )  # fmt: skip


def subject_of(pk: int) -> str:
    """What the outbox calls a voucher."""
    return f"voucher:{pk}"


def timeline(voucher: Voucher) -> list[Push]:
    """The pushes of a voucher, the newest first; the list of pushes has the older ones."""
    return list(of_subject(subject_of(voucher.pk))[:_MOST_SHOWN])


def lock(ids: Collection[int]) -> None:
    """Take the rows that all changes of these vouchers queue at."""
    list(Voucher.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))


def pushes_moved(changes: Mapping[int, PushChange]) -> None:
    """Let vouchers show what their pushes are: called in the transaction in which some of them moved."""
    rows: list[tuple[object, ...]] = []
    now = timezone.now()
    for voucher in Voucher.objects.select_for_update().filter(pk__in=changes).order_by("pk"):
        collected_revision, ever_sent = voucher.collected_revision, voucher.ever_sent
        pushes = changes[voucher.pk]
        for push in pushes.latest:
            if push.state == PushState.DONE and push.kind in _WAYS:
                collected_revision = push.revision if push.kind == PushKind.VOUCHER_COLLECT else None
                ever_sent = True
        kinds = [push.kind for push in pushes.unsettled if push.kind in _WAYS]
        problem = any(push.state == PushState.NEEDS_PERSON for push in pushes.unsettled)
        state = push_state(kinds, problem, collected_revision, voucher.revision, ever_sent)
        rows.append((voucher.pk, collected_revision, ever_sent, state.value, now))
    columns = ("id", "collected_revision", "ever_sent", "push_state", "updated_at")
    update_rows("vouchers_voucher", columns, rows, touch="updated_at")
