"""The states and steps of a bill, and the state of its invoices in each. Pure.

::

              submit            approve            book
    draft ───────────> submitted ────────> approved ──────> booked
      │  ^             │   │  ^               │  ^             │
      │  │      reject │   │  └── unapprove ──┘  └── unbook ───┘
      │  │             │   │ withdraw
      │  │             v   v
      │  ├─ reopen ─ rejected · withdrawn
      │  │             │   │
      v  │   discard   v   v
    discarded <────────────┘        (reopen leads from here to draft, too)

An invoice is reserved when it is put on a draft, used once the bill is approved, booked with the bill, and released
when the bill is rejected, withdrawn or discarded. Reopening reserves only invoices that no other bill has reserved
since.
"""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    BOOKED = "booked"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


class Reservation(StrEnum):
    """How far the use of an invoice by a bill has come."""

    RESERVED = "reserved"
    USED = "used"
    BOOKED = "booked"
    RELEASED = "released"


class Action(StrEnum):
    SUBMIT = "submit"
    APPROVE = "approve"
    BOOK = "book"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    UNAPPROVE = "unapprove"
    UNBOOK = "unbook"
    DISCARD = "discard"
    REOPEN = "reopen"


STEPS: Mapping[tuple[State, Action], State] = {
    (State.DRAFT, Action.SUBMIT): State.SUBMITTED,
    (State.DRAFT, Action.DISCARD): State.DISCARDED,
    (State.SUBMITTED, Action.APPROVE): State.APPROVED,
    (State.SUBMITTED, Action.REJECT): State.REJECTED,
    (State.SUBMITTED, Action.WITHDRAW): State.WITHDRAWN,
    (State.APPROVED, Action.BOOK): State.BOOKED,
    (State.APPROVED, Action.UNAPPROVE): State.SUBMITTED,
    (State.BOOKED, Action.UNBOOK): State.APPROVED,
    (State.REJECTED, Action.REOPEN): State.DRAFT,
    (State.REJECTED, Action.DISCARD): State.DISCARDED,
    (State.WITHDRAWN, Action.REOPEN): State.DRAFT,
    (State.WITHDRAWN, Action.DISCARD): State.DISCARDED,
    (State.DISCARDED, Action.REOPEN): State.DRAFT,
}

RESERVATIONS: Mapping[State, Reservation] = {
    State.DRAFT: Reservation.RESERVED,
    State.SUBMITTED: Reservation.RESERVED,
    State.APPROVED: Reservation.USED,
    State.BOOKED: Reservation.BOOKED,
    State.REJECTED: Reservation.RELEASED,
    State.WITHDRAWN: Reservation.RELEASED,
    State.DISCARDED: Reservation.RELEASED,
}

NEEDS_REASON = frozenset({Action.REJECT, Action.WITHDRAW, Action.UNAPPROVE, Action.UNBOOK, Action.DISCARD})
EDITABLE = frozenset({State.DRAFT})
OPEN = (State.DRAFT, State.SUBMITTED, State.APPROVED)  # may still change upstream


class ImpossibleStep(ValueError):
    """The action does not lead anywhere from this state."""


def after(state: State, action: Action) -> State:
    """The state an action leads to. Raises ImpossibleStep."""
    try:
        return STEPS[state, action]
    except KeyError:
        raise ImpossibleStep(f"{action} from {state}") from None


def actions(state: State) -> tuple[Action, ...]:
    """The actions possible in this state, the usual one first."""
    return tuple(action for (before, action) in STEPS if before == state)


def derived(expense_statuses: Mapping[str, int]) -> State:
    """The state of an upstream's bill, from the number of its invoices per expense status there: that of the invoice
    whose use has come least far. Without invoices it is submitted."""
    statuses = {status for status, count in expense_statuses.items() if count}
    if statuses and statuses <= {"booked"}:
        return State.BOOKED
    if statuses and statuses <= {"booked", "used"}:
        return State.APPROVED
    return State.SUBMITTED
