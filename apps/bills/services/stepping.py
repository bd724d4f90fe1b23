"""The steps of a bill (``states.py``), one function each."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.bills import approving, states
from apps.bills.booking_providers import booking_of
from apps.bills.choices import BillInvoiceState, BillState, Origin
from apps.bills.compliance import gate
from apps.bills.input_tax.services import refresh
from apps.bills.models import Bill, BillInvoice
from apps.bills.states import RESERVATIONS, Action, ImpossibleStep, Reservation, State
from apps.core.errors import HubError
from apps.core.messages import Message

from .reserving import reserve_again
from .writing import MOMENTS, free, locked, record, record_all, update_usage

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
    """Submit a draft. Raises HubError ``bills.no_employee``, ``bills.empty`` for a bill without lines and invoices,
    ``checks.stopped`` when a check blocks it."""
    return _take(bill, Action.SUBMIT, user, revision)


def approve(bill: Bill, user: User | None, revision: int | None = None) -> Bill:
    """Approve a bill. Raises HubError ``duties.own`` or ``duties.limit`` when this person may not; the checks run
    again: ``checks.stopped_approval`` when one blocks it."""
    return _take(bill, Action.APPROVE, user, revision)


def book(bill: Bill, user: User | None, revision: int | None = None) -> Bill:
    """Mark a bill as booked by hand; vouchers use ``book_all``. Raises HubError ``checks.stopped_booking`` when a check
    blocks it."""
    return _take(bill, Action.BOOK, user, revision)


def reject(bill: Bill, user: User | None, reason: str, revision: int | None = None) -> Bill:
    return _take(bill, Action.REJECT, user, revision, reason)


def withdraw(bill: Bill, user: User | None, reason: str, revision: int | None = None) -> Bill:
    return _take(bill, Action.WITHDRAW, user, revision, reason)


def unapprove(bill: Bill, user: User | None, reason: str, revision: int | None = None) -> Bill:
    return _take(bill, Action.UNAPPROVE, user, revision, reason)


@transaction.atomic
def unbook(bill: Bill, user: User | None, reason: str, revision: int | None = None) -> Bill:
    """Take back a booking by hand. Raises HubError ``bills.booked_by_voucher`` while a voucher books it."""
    current = locked(bill, revision)  # vouchers that book the bill queue here
    voucher = booking_of(current.pk)
    if voucher:
        raise HubError("bills.booked_by_voucher", bill=current.number, voucher=voucher)
    return _take(bill, Action.UNBOOK, user, revision, reason)


def discard(bill: Bill, user: User | None, reason: str, revision: int | None = None) -> Bill:
    return _take(bill, Action.DISCARD, user, revision, reason)


def book_all(bill_ids: Collection[int], user: User | None, without_push: Collection[int]) -> None:
    """Mark our own approved bills among these as booked, because vouchers book them. The caller has locked the bills
    and called ``gate.stops``. ``without_push``: bills for which the caller queues the pushes itself. The number of
    statements does not depend on the number of bills."""
    messages = dict.fromkeys(bill_ids, Message(_STEP_CODES[Action.BOOK]))
    _take_all(Action.BOOK, BillState.APPROVED, messages, user, without_push)


def unbook_all(vouchers: Mapping[int, str], user: User | None, without_push: Collection[int]) -> None:
    """Take back the booking of bills that no voucher books any more. ``vouchers``: bill id → name of the voucher that
    booked it; ``without_push`` as for ``book_all``."""
    messages = {pk: Message("bills.voucher_unbooked", {"voucher": voucher}) for pk, voucher in vouchers.items()}
    _take_all(Action.UNBOOK, BillState.BOOKED, messages, user, without_push)


@transaction.atomic
def reopen(bill: Bill, user: User | None, revision: int | None = None) -> Bill:
    """Make the bill a draft again. Its former invoices are reserved again where no other bill has reserved them."""
    current = locked(bill, revision)
    _move(current, Action.REOPEN)
    restored = reserve_again(current, user)
    record(current, Action.REOPEN, user, "bills.was_reopened", held=restored.reserved, lost=restored.lost)
    return current


@transaction.atomic
def _take(bill: Bill, action: Action, user: User | None, revision: int | None, reason: str = "") -> Bill:
    """Take one step and set the state of the bill's invoices. Raises HubError."""
    current = locked(bill, revision)
    reason = reason.strip()
    if action in states.NEEDS_REASON and not reason:
        raise HubError("bills.reason_needed")
    _move(current, action)
    if action in (Action.SUBMIT, Action.APPROVE):
        refresh([current.pk])  # before the checks, which read the input tax
    if action in gate.GUARDED:
        _check_forward_step(current, action, user)
    reservation = RESERVATIONS[State(current.state)]
    if reservation == Reservation.RELEASED:
        update_usage(free(current.bill_invoices.all(), user, with_bill=True))
    else:
        live = current.bill_invoices.exclude(state=BillInvoiceState.RELEASED)
        live.update(state=reservation)
        update_usage(live.values_list("invoice_id", flat=True))
    record(current, action, user, _STEP_CODES[action], reason)
    return current


@transaction.atomic
def _take_all(
    action: Action, state: BillState, messages: Mapping[int, Message], user: User | None, without_push: Collection[int]
) -> None:
    """Take one step for those of these bills that are our own and in ``state``. ``messages``: bill id → timeline
    message."""
    if not messages:
        return
    own = Bill.objects.select_for_update(of=("self",)).filter(origin=Origin.OWN, state=state, pk__in=messages)
    bills = list(own.select_related("company").order_by("pk"))
    if not bills:
        return
    for bill in bills:
        _move(bill, action)
    live = BillInvoice.objects.filter(bill__in=bills).exclude(state=BillInvoiceState.RELEASED)
    live.update(state=RESERVATIONS[State(bills[0].state)])
    update_usage(live.values_list("invoice_id", flat=True))
    record_all(bills, action, user, messages, [bill for bill in bills if bill.pk not in without_push])


def _check_forward_step(bill: Bill, action: Action, user: User | None) -> None:
    """Raise HubError when the bill is empty or has no employee, this person may not approve it, or a check blocks it;
    the facts of its invoices may have changed since the last step."""
    if action == Action.APPROVE:
        approving.require(bill, user)
    if action == Action.SUBMIT and not bill.employee.strip():
        raise HubError("bills.no_employee", bill=bill.number)
    empty = not bill.lines.exists() and not bill.bill_invoices.exclude(state=BillInvoiceState.RELEASED).exists()
    if action == Action.SUBMIT and empty:
        raise HubError("bills.empty", bill=bill.number)
    gate.stop(bill, action, user)


def _move(bill: Bill, action: Action) -> None:
    """Set the new state and the time of reaching it. A step back clears the time of the step it undoes."""
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
