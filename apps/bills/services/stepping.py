"""The steps of a bill's life (``states.py``), each a verb of its own."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.bills import states
from apps.bills.booking_providers import booking_of
from apps.bills.choices import BillInvoiceState, BillState, Origin
from apps.bills.compliance import gate
from apps.bills.models import Bill, BillInvoice
from apps.bills.states import HOLDS, Action, ImpossibleStep, Reservation, State
from apps.core.errors import HubError
from apps.core.messages import Message

from .reserving import reserve_again
from .writing import MOMENTS, free, locked, record, record_all, tell_ledger

_STEP_CODES = {
    Action.SUBMIT: "bills.was_submitted",
    Action.APPROVE: "bills.was_approved",
    Action.BOOK: "bills.was_booked",
    Action.REJECT: "bills.was_rejected",
    Action.WITHDRAW: "bills.was_withdrawn",
    Action.UNAPPROVE: "bills.was_unapproved",
    Action.UNBOOK: "bills.was_unbooked",
    Action.DISCARD: "bills.was_discarded",
}
_FORWARD = (Action.SUBMIT, Action.APPROVE, Action.BOOK)


def submit(bill: Bill, user: User | None, revision: int | None = None) -> Bill:
    """Hand a draft in. Raises HubError ``bills.empty`` when there is nothing on it, ``checks.stopped`` when a check
    stops it."""
    return _take(bill, Action.SUBMIT, user, revision)


def approve(bill: Bill, user: User | None, revision: int | None = None) -> Bill:
    """Raises HubError ``checks.stopped_approval`` when a check stops it now, whatever was found at submitting."""
    return _take(bill, Action.APPROVE, user, revision)


def book(bill: Bill, user: User | None, revision: int | None = None) -> Bill:
    """A person says that it is booked; vouchers book with ``book_all``. Raises HubError ``checks.stopped_booking`` when
    a check stops it now."""
    return _take(bill, Action.BOOK, user, revision)


def reject(bill: Bill, user: User | None, reason: str, revision: int | None = None) -> Bill:
    return _take(bill, Action.REJECT, user, revision, reason)


def withdraw(bill: Bill, user: User | None, reason: str, revision: int | None = None) -> Bill:
    return _take(bill, Action.WITHDRAW, user, revision, reason)


def unapprove(bill: Bill, user: User | None, reason: str, revision: int | None = None) -> Bill:
    return _take(bill, Action.UNAPPROVE, user, revision, reason)


@transaction.atomic
def unbook(bill: Bill, user: User | None, reason: str, revision: int | None = None) -> Bill:
    """A person takes that back. Raises HubError ``bills.carried`` while a voucher books it."""
    found = locked(bill, revision)  # vouchers that book the bill queue here
    voucher = booking_of(found.pk)
    if voucher:
        raise HubError("bills.carried", bill=found.number, voucher=voucher)
    return _take(bill, Action.UNBOOK, user, revision, reason)


def discard(bill: Bill, user: User | None, reason: str, revision: int | None = None) -> Bill:
    return _take(bill, Action.DISCARD, user, revision, reason)


def book_all(bill_ids: Collection[int], user: User | None, untold: Collection[int]) -> None:
    """Vouchers carry them: those of our own that are approved become booked. The caller holds them and has asked
    ``gate.stops``. ``untold``: bills whose upstream is let know by whoever books them. As many statements for many as
    for one."""
    messages = dict.fromkeys(bill_ids, Message(_STEP_CODES[Action.BOOK]))
    _take_all(Action.BOOK, BillState.APPROVED, messages, user, untold)


def unbook_all(vouchers: Mapping[int, str], user: User | None, untold: Collection[int]) -> None:
    """No voucher books them any more, which the caller has looked up. ``vouchers``: bill id → name of the voucher that
    did; ``untold`` as for ``book_all``."""
    messages = {pk: Message("bills.voucher_unbooked", {"voucher": voucher}) for pk, voucher in vouchers.items()}
    _take_all(Action.UNBOOK, BillState.BOOKED, messages, user, untold)


@transaction.atomic
def reopen(bill: Bill, user: User | None, revision: int | None = None) -> Bill:
    """Back to a draft. The invoices it held are taken up again where nobody else has them by now."""
    found = locked(bill, revision)
    _move(found, Action.REOPEN)
    restored = reserve_again(found, user)
    record(found, Action.REOPEN, user, "bills.was_reopened", held=restored.held, lost=restored.lost)
    return found


@transaction.atomic
def _take(bill: Bill, action: Action, user: User | None, revision: int | None, reason: str = "") -> Bill:
    """One step; what it means for the invoices follows. Raises HubError."""
    found = locked(bill, revision)
    reason = reason.strip()
    if action in states.NEEDS_REASON and not reason:
        raise HubError("bills.reason_needed")
    _move(found, action)
    if action in gate.GUARDED:
        _must_be_fit(found, action, user)
    held_as = HOLDS[State(found.state)]
    if held_as == Reservation.RELEASED:
        tell_ledger(free(found.bill_invoices.all(), user, with_bill=True))
    else:
        live = found.bill_invoices.exclude(state=BillInvoiceState.RELEASED)
        live.update(state=held_as)
        tell_ledger(live.values_list("invoice_id", flat=True))
    record(found, action, user, _STEP_CODES[action], reason)
    return found


@transaction.atomic
def _take_all(
    action: Action, state: BillState, messages: Mapping[int, Message], user: User | None, untold: Collection[int]
) -> None:
    """One step for all of them that are in this state and our own. ``messages``: bill id → line of its timeline."""
    if not messages:
        return
    own = Bill.objects.select_for_update(of=("self",)).filter(origin=Origin.OWN, state=state, pk__in=messages)
    bills = list(own.select_related("company").order_by("pk"))
    if not bills:
        return
    for bill in bills:
        _move(bill, action)
    live = BillInvoice.objects.filter(bill__in=bills).exclude(state=BillInvoiceState.RELEASED)
    live.update(state=HOLDS[State(bills[0].state)])
    tell_ledger(live.values_list("invoice_id", flat=True))
    record_all(bills, action, user, messages, [bill for bill in bills if bill.pk not in untold])


def _must_be_fit(bill: Bill, action: Action, user: User | None) -> None:
    """Raises HubError. What is on a bill does not change after submitting; what is known of its invoices may."""
    empty = not bill.lines.exists() and not bill.bill_invoices.exclude(state=BillInvoiceState.RELEASED).exists()
    if action == Action.SUBMIT and empty:
        raise HubError("bills.empty", bill=bill.number)
    gate.stop(bill, action, user)


def _move(bill: Bill, action: Action) -> None:
    """The bill's new state, and when it reached it. A step back forgets the moment it undoes."""
    before = State(bill.state)
    try:
        after = states.after(before, action)
    except ImpossibleStep as error:
        raise HubError("bills.impossible", bill=bill.number, state=Message(f"bills.state.{bill.state}")) from error
    bill.state = after
    if action in _FORWARD:
        setattr(bill, MOMENTS[after], timezone.now())
    elif before in MOMENTS:
        setattr(bill, MOMENTS[before], None)
