"""The two states of a voucher: our own, and what the upstream system has of it. Pure.

Our own state::

          audit              collect           void
    draft ───────> audited ──────────> booked ──────> void
     │ ^  ^ unaudit   │                  │             │
     │ │  └───────────┘                  │ reverse     │
     │ └─────────────────────reopen──────┼─────────────┘
     └──discard (deletes the row; only if it was never sent)

Drafts and audited vouchers may be voided, too. A draft is collected at once where its book does not ask for an audit.
Audited and booked vouchers are read-only. ``reverse`` makes another voucher and leaves this one booked. Where its book
has ``collected_editable``, a booked voucher may be edited and stays booked: its newer content is queued behind the
older. The upstream state (``PushState``) is derived from the pushes alone, see ``push_state``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    AUDITED = "audited"
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
    AUDIT = "audit"
    UNAUDIT = "unaudit"
    COLLECT = "collect"
    VOID = "void"
    REVERSE = "reverse"
    REOPEN = "reopen"
    DISCARD = "discard"


_AFTER: dict[tuple[State, Action], State] = {
    (State.DRAFT, Action.EDIT): State.DRAFT,
    (State.BOOKED, Action.EDIT): State.BOOKED,
    (State.DRAFT, Action.AUDIT): State.AUDITED,
    (State.AUDITED, Action.UNAUDIT): State.DRAFT,
    (State.DRAFT, Action.COLLECT): State.BOOKED,
    (State.AUDITED, Action.COLLECT): State.BOOKED,
    (State.BOOKED, Action.COLLECT): State.BOOKED,
    (State.DRAFT, Action.VOID): State.VOID,
    (State.AUDITED, Action.VOID): State.VOID,
    (State.BOOKED, Action.VOID): State.VOID,
    (State.BOOKED, Action.REVERSE): State.BOOKED,
    (State.VOID, Action.REOPEN): State.DRAFT,
    (State.DRAFT, Action.DISCARD): State.DRAFT,
}


def after(state: str, action: Action, *, audit_first: bool = False, editable: bool = False) -> State | None:
    """The state an action leads to; None when it is not possible from here. ``audit_first``: the book collects only
    audited vouchers; ``editable``: it lets collected vouchers be changed."""
    if audit_first and (State(state), action) == (State.DRAFT, Action.COLLECT):
        return None
    if not editable and (State(state), action) == (State.BOOKED, Action.EDIT):
        return None
    return _AFTER.get((State(state), action))


def push_state(
    unsettled: Sequence[str], problem: bool, collected: int | None, revision: int, ever_sent: bool
) -> PushState:
    """What the upstream system has of a voucher.

    ``unsettled``: kinds of the unsettled pushes, in order; ``problem``: whether one of them waits for a person;
    ``collected``: the revision that is upstream, None for none; ``ever_sent``: whether any revision ever was.
    """
    if problem:
        return PushState.PROBLEM
    if unsettled:
        return PushState.VOIDING if unsettled[-1] == "voucher_void" else PushState.WAITING
    if collected is not None:
        return PushState.COLLECTED if collected == revision else PushState.OUTDATED
    return PushState.VOIDED if ever_sent else PushState.NOT_SENT


@dataclass
class UpstreamTrace:
    """What the upstream system has of a voucher, or may have, since its last void; derived from its pushes in order.

    Pushes that were made after a void have a higher revision than the void. ``has_voucher``: the voucher itself;
    ``has_anything``: the voucher or something about it, such as the usage of an invoice; ``unsent``: ids of the pushes
    that certainly had no effect.
    """

    has_voucher: bool = False
    has_anything: bool = False
    unsent: list[int] = field(default_factory=list)
    _voided_at: int = -1

    def add(self, push: int, kind: str, revision: int, *, sent: bool, done: bool) -> None:
        """Add the next push. ``sent``: it had an effect, or may have had; ``done``: it certainly had."""
        if kind == "voucher_void" and done:
            self.has_voucher, self.has_anything, self.unsent, self._voided_at = False, False, [], revision
        elif revision > self._voided_at and sent:
            self.has_anything = True
            self.has_voucher |= kind == "voucher_collect"
        elif revision > self._voided_at:
            self.unsent.append(push)
