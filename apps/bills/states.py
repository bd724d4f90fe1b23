"""The life of a bill, and what each of its states means for the invoices on it. Pure.

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

An invoice is held from the moment a draft picks it, used once the bill is approved, booked with it, and free again when
the bill is rejected, withdrawn or discarded. Reopening does not hold by itself: somebody else may have the invoice now.
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
    """What an invoice on a bill is to everybody else."""

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

HOLDS: Mapping[State, Reservation] = {
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
OPEN = (State.DRAFT, State.SUBMITTED, State.APPROVED)  # what may still change upstream


class ImpossibleStep(ValueError):
    """The action does not lead anywhere from this state."""


def after(state: State, action: Action) -> State:
    """The state an action leads to. Raises ImpossibleStep."""
    try:
        return STEPS[state, action]
    except KeyError:
        raise ImpossibleStep(f"{action} from {state}") from None


def actions(state: State) -> tuple[Action, ...]:
    """What can be done with a bill in this state, the usual way first."""
    return tuple(action for (before, action) in STEPS if before == state)


def derived(expense_statuses: Mapping[str, int]) -> State:
    """The state of somebody else's bill, from how many of its invoices have which expense status there: as far as the
    one that is least far. Nothing known counts as submitted."""
    said = {status for status, count in expense_statuses.items() if count}
    if said and said <= {"booked"}:
        return State.BOOKED
    if said and said <= {"booked", "used"}:
        return State.APPROVED
    return State.SUBMITTED
