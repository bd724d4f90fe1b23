"""Checks the bill before each step forward, so that an invoice that became invalid since the last step stops it."""

from collections.abc import Sequence

from apps.accounts.models import User
from apps.bills import states
from apps.bills.models import Bill
from apps.bills.states import Action, State
from apps.core.errors import HubError

from .selectors import CheckResult, checked_all

_STOPPED = {
    Action.SUBMIT: "checks.stopped",
    Action.APPROVE: "checks.stopped_approval",
    Action.BOOK: "checks.stopped_booking",
}
GUARDED = frozenset(_STOPPED)


def ahead(bill: Bill) -> Action | None:
    """The step of GUARDED that this bill may take next; None for a bill of an upstream, or when no such step is
    possible."""
    possible = states.actions(State(bill.state)) if bill.is_own else ()
    return next((action for action in possible if action in GUARDED), None)


def stop(bill: Bill, action: Action, user: User | None) -> None:
    """Raise HubError ``checks.stopped…`` when a check blocks a step of GUARDED, with the first reason in words."""
    for error in stops([bill], action, user).values():
        raise error


def stops(bills: Sequence[Bill], action: Action, user: User | None) -> dict[int, HubError]:
    """What ``stop`` would raise for each of these, by id; without those that may take the step."""
    reports = checked_all(bills, user) if bills else {}
    return {bill.pk: _error(bill, action, reports[bill.pk].blocking) for bill in bills if reports[bill.pk].blocking}


def _error(bill: Bill, action: Action, blocking: Sequence[CheckResult]) -> HubError:
    first, values = blocking[0], {"bill": bill.number, "count": len(blocking)}
    if first.bill_invoice is None:
        return HubError(f"{_STOPPED[action]}_whole", **values, first=first.message)
    return HubError(_STOPPED[action], **values, invoice=str(first.bill_invoice.invoice), first=first.message)
