"""Collects vouchers into the upstream system and voids them there, through the outbox.

Pushes are queued in the transaction of the change that they send. ``collect`` and ``void`` take many vouchers; each one
succeeds or is refused on its own. A voucher's ``push_state`` is derived from its pushes: the outbox calls
``pushes_moved`` in its own transaction when some of them have changed.
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
from apps.accounts.names import name_of
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

from . import bookings, checks, locking, numbering, people, reversing, selectors, statuses
from .bookings import Booked, BookingChange
from .choices import VoucherState
from .collecting import collect_payload
from .content import VoucherContent
from .models import Voucher
from .reversing import Effect
from .sentences import message_of
from .states import Action, UpstreamTrace, push_state

MOST_AT_ONCE = 200
LONGEST_REASON = 300
_MOST_SHOWN = 50
_KINDS = (PushKind.VOUCHER_COLLECT, PushKind.VOUCHER_VOID)


class NotReady(HubError):
    """The voucher cannot be collected or audited; ``problems``: its blocking problems."""

    def __init__(self, voucher: Voucher, problems: Sequence[checks.Problem], code: str = "voucher.not_ready") -> None:
        self.problems = list(problems)
        self.reasons = " ".join(sentence(problem) for problem in problems)
        super().__init__(code, voucher=voucher, reasons=self.reasons)

    def field_errors(self) -> dict[str, list[str]]:
        return {problem.field or "voucher": [sentence(problem)] for problem in reversed(self.problems)}


def sentence(problem: checks.Problem) -> str:
    """A problem as a text; a missing field is named by its label."""
    message = message_of(problem)
    params = dict(message.params)
    if message.code == "voucher.missing":
        names = {column.name: column.verbose_name for column in Voucher._meta.fields}
        params["field"] = str(names[params["field"]])
    return str(Message(message.code, params))


@dataclass(frozen=True)
class BulkResult:
    """The vouchers that were collected or voided, in the order of the request, and id → error of the others."""

    succeeded: list[Voucher]
    refused: dict[int, HubError]

    @property
    def only(self) -> Voucher:
        """The voucher of a request for one. Raises its error when it was refused."""
        for error in self.refused.values():
            raise error
        return self.succeeded[0]


def queue_collect(pk: int, revision: int | None, user: User | None) -> Voucher:
    """Book a voucher and queue its collect. Raises NotReady; HubError when it changed meanwhile or is void."""
    return collect({pk: revision}, user).only


def queue_void(pk: int, revision: int | None, user: User | None, reason: str) -> Voucher:
    """Void a voucher, see ``void``. Raises HubError when it changed meanwhile or cannot be voided."""
    return void({pk: revision}, user, reason).only


@transaction.atomic
def collect(revisions: Mapping[int, int | None], user: User | None) -> BulkResult:
    """Book vouchers and queue their collects, except for refused ones; as many statements for MOST_AT_ONCE as for one.
    Drafts of books that ask for no audit get their numbers here.

    ``revisions``: id → the revision the caller has seen (None: any), in the order in which they are queued.
    """
    vouchers, refused = lock_chosen(revisions)
    unnumbered = {voucher.book_id for voucher in vouchers if not voucher.vouch_no}
    if unnumbered:
        numbering.lock(unnumbered)
    references = bookings.after_booking(vouchers)
    before = bookings.booked_by(vouchers)
    ended = reversing.ended(vouchers)
    bills = _locked_bills(
        [*references.values(), *before.values(), *(effect.change.before for effect in ended.values())]
    )
    contents = selectors.contents(vouchers)
    booking_changes = [BookingChange(voucher, before[voucher.pk], references[voucher.pk]) for voucher in vouchers]
    refused |= refusals(vouchers, Action.COLLECT, contents, _bill_errors(booking_changes, bills, user))
    booking_changes = [change for change in booking_changes if change.voucher.pk not in refused]
    ready = [change.voucher for change in booking_changes]
    _book([voucher for voucher in ready if voucher.state != VoucherState.BOOKED], user)
    ended = {pk: effect for pk, effect in ended.items() if pk not in refused}
    _send(booking_changes, {one.pk: _with_steps(contents[one.pk], one) for one in ready}, user, ended)
    return BulkResult(ready, refused)


@transaction.atomic
def void(revisions: Mapping[int, int | None], user: User | None, reason: str) -> BulkResult:
    """Void vouchers, except for refused ones. Unsent pushes are cancelled; what was sent is voided upstream.

    ``revisions`` as for ``collect``; ``reason``: why, for people. Raises HubError ``voucher.reason_needed``.
    """
    reason = reason.strip()
    if not reason:
        raise HubError("voucher.reason_needed")
    vouchers, refused = lock_chosen(revisions)
    before = bookings.booked_by(vouchers)
    restored = reversing.restored(vouchers)
    _locked_bills([*before.values(), *(effect.change.now for effect in restored.values())])
    refused |= refusals(vouchers, Action.VOID)
    ready = [voucher for voucher in vouchers if voucher.pk not in refused]
    booking_changes = [
        BookingChange(one, before[one.pk], Booked()) for one in ready if one.state == VoucherState.BOOKED
    ]
    locking.update_all(ready, state=VoucherState.VOID, void_reason=reason[:LONGEST_REASON])
    bookings.apply_changes(booking_changes, user)
    _void_upstream(booking_changes, user, {pk: effect for pk, effect in restored.items() if pk not in refused})
    return BulkResult(ready, refused)


def request_body(voucher: Voucher, content: VoucherContent) -> Mapping[str, Any]:
    """The request body of a collect of this content. For a book without a source: the neutral payload."""
    payload, source = collect_payload(content), voucher.book.source
    if source is None:
        return dict(json.loads(written(payload)))
    return body_of(source, PushKind.VOUCHER_COLLECT, payload)


def send(voucher: Voucher, before: Booked, user: User | None) -> None:
    """Queue the changed content of a booked voucher, behind its earlier pushes; in the transaction of the change.

    Raises NotReady, and HubError when its period is closed.
    """
    change = BookingChange(voucher, before, bookings.after_booking([voucher])[voucher.pk])
    locking.share_books([voucher.book_id])
    bills = _locked_bills([before, change.now])
    contents = selectors.contents([voucher])
    for error in refusals([voucher], Action.COLLECT, contents, _bill_errors([change], bills, user)).values():
        raise error
    _send([change], contents, user)


def refusals(
    vouchers: Sequence[Voucher],
    action: Action,
    contents: Mapping[int, VoucherContent] = MappingProxyType({}),
    bill_errors: Mapping[int, HubError] = MappingProxyType({}),
) -> dict[int, HubError]:
    """Voucher id → error of those that cannot be collected or voided now, when done in this order.

    ``contents``: by id, for a collect; ``bill_errors``: by id, for vouchers with a bill that its checks stop.
    """
    closed = selectors.closed_periods({voucher.book_id for voucher in vouchers})
    refused: dict[int, HubError] = {}
    kept = reversing.void_refusals(vouchers) if action == Action.VOID else {}
    booked: dict[str, str] = {}  # bill → an earlier voucher of the sequence that books it
    for voucher in vouchers:
        content = contents.get(voucher.pk)
        bills = content.bills if content else ()
        if content:
            others = [replace(bill, booked_by=bill.booked_by or booked.get(bill.bill_id, "")) for bill in bills]
            content = replace(content, bills=tuple(others))
        try:
            _require(voucher, action, content, closed[voucher.book_id])
            if voucher.pk in bill_errors or voucher.pk in kept:
                raise bill_errors.get(voucher.pk) or kept[voucher.pk]
        except HubError as error:
            refused[voucher.pk] = error
        else:
            booked.update((bill.bill_id, str(voucher)) for bill in bills)
    return refused


def reasons_against(vouchers: Sequence[Voucher], action: Action, user: User | None = None) -> dict[int, str]:
    """Voucher id → text of its refusal, for a preview. ``user``: the reader."""
    if action != Action.COLLECT:
        refused = refusals(vouchers, action)
    else:
        references, before = bookings.after_booking(vouchers), bookings.booked_by(vouchers)
        booking_changes = [BookingChange(voucher, before[voucher.pk], references[voucher.pk]) for voucher in vouchers]
        bills = list(_bills_of(references.values()).select_related("company"))
        refused = refusals(vouchers, action, selectors.contents(vouchers), _bill_errors(booking_changes, bills, user))
    return {pk: reason_of(error) for pk, error in refused.items()}


def reason_of(error: HubError) -> str:
    """The text of a refusal, for places that show the voucher beside it."""
    return error.reasons if isinstance(error, NotReady) else str(error)


def _require(voucher: Voucher, action: Action, content: VoucherContent | None, closed: Collection[str]) -> None:
    locking.require(voucher, action)
    if voucher.period in closed:
        raise HubError("voucher.period_closed", period=voucher.period)
    if voucher.state == VoucherState.BOOKED and voucher.book.source_id is None:
        raise HubError("voucher.book_without_source")
    blocking = checks.blocking(checks.problems(content)) if content else []
    if blocking:
        raise NotReady(voucher, blocking)


def _book(vouchers: Sequence[Voucher], user: User | None) -> None:
    """Give numbers to those without one, and write that and by whom they are booked (记账)."""
    numbering.reserve(vouchers)
    locking.update_all(vouchers, state=VoucherState.BOOKED, booked_by=user)
    people.enter(vouchers, "reviewer", name_of(user))


def _with_steps(content: VoucherContent, voucher: Voucher) -> VoucherContent:
    """The content with what booking has just entered."""
    return replace(content, type=voucher.type, vouch_no=voucher.vouch_no, reviewer=voucher.reviewer)


def lock_chosen(revisions: Mapping[int, int | None]) -> tuple[list[Voucher], dict[int, HubError]]:
    """Lock vouchers and, shared, their books, see ``locking.all_locked``. Raises HubError ``voucher.too_many``."""
    if len(revisions) > MOST_AT_ONCE:
        raise HubError("voucher.too_many", most=MOST_AT_ONCE)
    vouchers, refused = locking.all_locked(revisions)
    locking.share_books({voucher.book_id for voucher in vouchers})
    return vouchers, refused


def _locked_bills(sides: Iterable[Booked]) -> list[Bill]:
    """Lock the bills, so that of two vouchers that book one bill the second waits for the first."""
    return list(_bills_of(sides).select_for_update(of=("self",)).select_related("company").order_by("pk"))


def _bills_of(sides: Iterable[Booked]) -> QuerySet[Bill]:
    ids = {pk for booked in sides for pk in booked.bills}
    return Bill.objects.filter(pk__in=ids) if ids else Bill.objects.none()


def _bill_errors(
    booking_changes: Sequence[BookingChange], bills: Sequence[Bill], user: User | None
) -> dict[int, HubError]:
    """Voucher id → error of the first of its ``bills`` that the compliance checks keep from being booked."""
    stops = gate.stops([bill for bill in bills if gate.ahead(bill) == BillAction.BOOK], BillAction.BOOK, user)
    refused: dict[int, HubError] = {}
    for change in booking_changes:
        for pk in sorted((change.now.bills - change.before.bills) & stops.keys(), reverse=True):
            refused[change.voucher.pk] = stops[pk]
    return refused


def _send(
    booking_changes: Sequence[BookingChange],
    contents: Mapping[int, VoucherContent],
    user: User | None,
    effects: Mapping[int, Effect] = MappingProxyType({}),
) -> None:
    """``effects``: of those that are reversals, by their ids."""
    bookings.apply_changes(booking_changes, user)
    status_commands = statuses.commands(booking_changes)
    effect_commands = reversing.follow(effects, user)
    commands: list[outbox.PushCommand] = []
    for change in booking_changes:
        payload = collect_payload(contents[change.voucher.pk])
        commands += [
            _push_command(PushKind.VOUCHER_COLLECT, change.voucher, payload),
            *status_commands[change.voucher.pk],
            *effect_commands.get(change.voucher.pk, ()),
        ]
    outbox.queue(commands, user)


def _void_upstream(booking_changes: Sequence[BookingChange], user: User | None, effects: Mapping[int, Effect]) -> None:
    """Cancel the pushes that were not sent; void upstream what was sent, or whose outcome is unknown."""
    pushes = Push.objects.filter(subject__in=[subject_of(change.voucher.pk) for change in booking_changes])
    # Cancel before reading: a collect that a worker claims meanwhile then counts as sent.
    outbox.cancel_unsent(pushes.filter(kind=PushKind.VOUCHER_COLLECT))
    traces = _traces(pushes)
    idle = [pk for trace in traces.values() if not trace.has_anything for pk in trace.unsent]
    outbox.cancel_unsent(pushes.filter(pk__in=idle))
    status_commands = statuses.commands(booking_changes)
    effect_commands = reversing.follow(effects, user)
    commands: list[outbox.PushCommand] = []
    for change in booking_changes:
        voucher, trace = change.voucher, traces.get(subject_of(change.voucher.pk), UpstreamTrace())
        if trace.has_voucher:
            payload = VoucherVoid(VoucherReference(voucher.vouch_id, voucher.vouch_no))
            commands.append(_push_command(PushKind.VOUCHER_VOID, voucher, payload))
        if trace.has_anything:
            commands += [*status_commands[voucher.pk], *effect_commands.get(voucher.pk, ())]
    outbox.queue(commands, user)


def _traces(pushes: QuerySet[Push]) -> dict[str, UpstreamTrace]:
    """Subject → what the upstream system has of the voucher, or may have."""
    traces: dict[str, UpstreamTrace] = defaultdict(UpstreamTrace)
    unsettled = Q(state__in=UNSETTLED)
    relevant = pushes.filter(unsettled | Q(state=PushState.DONE) | Q(outcome_unknown=True)).order_by("pk")
    for push in relevant.defer("payload"):
        sent = push.outcome_unknown or push.state in (PushState.DONE, PushState.SENDING)
        traces[push.subject].add(push.pk, push.kind, push.revision, sent=sent, done=push.state == PushState.DONE)
    return traces


def _push_command(kind: PushKind, voucher: Voucher, payload: Payload) -> outbox.PushCommand:
    source = voucher.book.source
    if source is None:
        raise HubError("voucher.book_without_source")
    return outbox.PushCommand(
        source=source, company=voucher.book.company, kind=kind, subject=subject_of(voucher.pk), label=voucher.label,
        payload=payload, revision=voucher.revision,
    )  # fmt: skip


def subject_of(pk: int) -> str:
    """The subject of a voucher's pushes."""
    return f"voucher:{pk}"


def timeline(voucher: Voucher) -> list[Push]:
    """The newest pushes of a voucher, newest first, at most 50."""
    return list(of_subject(subject_of(voucher.pk))[:_MOST_SHOWN])


def lock(ids: Collection[int]) -> None:
    """Lock the rows of these vouchers, as every change of them does."""
    list(Voucher.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))


def pushes_moved(changes: Mapping[int, PushChange]) -> None:
    """Update ``push_state`` and ``collected_revision``; called in the transaction in which pushes changed state."""
    rows: list[tuple[object, ...]] = []
    now = timezone.now()
    for voucher in Voucher.objects.select_for_update().filter(pk__in=changes).order_by("pk"):
        collected_revision, ever_sent = voucher.collected_revision, voucher.ever_sent
        pushes = changes[voucher.pk]
        for push in pushes.latest:
            if push.state == PushState.DONE and push.kind in _KINDS:
                collected_revision = push.revision if push.kind == PushKind.VOUCHER_COLLECT else None
                ever_sent = True
        kinds = [push.kind for push in pushes.unsettled if push.kind in _KINDS]
        problem = any(push.state == PushState.NEEDS_PERSON for push in pushes.unsettled)
        state = push_state(kinds, problem, collected_revision, voucher.revision, ever_sent)
        rows.append((voucher.pk, collected_revision, ever_sent, state.value, now))
    columns = ("id", "collected_revision", "ever_sent", "push_state", "updated_at")
    update_rows("vouchers_voucher", columns, rows, touch="updated_at")
