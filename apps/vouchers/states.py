"""A voucher's two lives: what we want of it, and what the upstream system has of it. Pure.

What we want::

    draft ──collect──> booked ──void──> void
      │  ^                │ edit           │
      │  └────reopen──────┼────────────────┘
      └──discard (row goes; only if it was never sent)

A booked voucher that is edited stays booked: its newer content is queued behind the older. What the upstream system has
(``PushState``) follows from the pushes alone, see ``push_state``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    BOOKED = "booked"
    VOID = "void"


class PushState(StrEnum):
    NOT_SENT = "not_sent"
    WAITING = "waiting"
    COLLECTED = "collected"
    OUTDATED = "outdated"
    VOIDING = "voiding"
    VOIDED = "voided"
    PROBLEM = "problem"


class Action(StrEnum):
    EDIT = "edit"
    COLLECT = "collect"
    VOID = "void"
    REOPEN = "reopen"
    DISCARD = "discard"


_AFTER: dict[tuple[State, Action], State] = {
    (State.DRAFT, Action.EDIT): State.DRAFT,
    (State.BOOKED, Action.EDIT): State.BOOKED,
    (State.DRAFT, Action.COLLECT): State.BOOKED,
    (State.BOOKED, Action.COLLECT): State.BOOKED,
    (State.DRAFT, Action.VOID): State.VOID,
    (State.BOOKED, Action.VOID): State.VOID,
    (State.VOID, Action.REOPEN): State.DRAFT,
    (State.DRAFT, Action.DISCARD): State.DRAFT,
}


def after(state: str, action: Action) -> State | None:
    """The state an action leads to; None when it is not possible from here."""
    return _AFTER.get((State(state), action))


def push_state(
    unsettled: Sequence[str], problem: bool, collected: int | None, revision: int, ever_sent: bool
) -> PushState:
    """What the upstream system has.

    ``unsettled``: kinds of the pushes still on their way, in order; ``problem``: one of them waits for a person;
    ``collected``: the revision upstream holds, None for nothing; ``ever_sent``: some revision was there once.
    """
    if problem:
        return PushState.PROBLEM
    if unsettled:
        return PushState.VOIDING if unsettled[-1] == "voucher_void" else PushState.WAITING
    if collected is not None:
        return PushState.COLLECTED if collected == revision else PushState.OUTDATED
    return PushState.VOIDED if ever_sent else PushState.NOT_SENT


@dataclass
class Life:
    """What of a voucher the upstream system has, or may have, since it last took a void of it; derived from its pushes
    in their order. Pushes of a life carry a revision above that of the void that ended the life before.

    ``there``: the voucher itself; ``known``: anything about it, such as an invoice status; ``unsent``: ids of the
    pushes that certainly had no effect yet.
    """

    there: bool = False
    known: bool = False
    unsent: list[int] = field(default_factory=list)
    _over: int = -1

    def take(self, push: int, kind: str, revision: int, *, out: bool, done: bool) -> None:
        """The next push. ``out``: it had an effect, or may have; ``done``: it certainly had."""
        if kind == "voucher_void" and done:
            self.there, self.known, self.unsent, self._over = False, False, [], revision
        elif revision > self._over and out:
            self.known = True
            self.there |= kind == "voucher_collect"
        elif revision > self._over:
            self.unsent.append(push)
