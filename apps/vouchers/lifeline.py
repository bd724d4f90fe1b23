"""The steps of a voucher's life with their people: prepared, audited, booked, voided, reversed.

Who and when are read from the history, which database triggers write; the columns of the voucher name whoever the
history does not.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.accounts.models import User
from apps.accounts.names import name_of

from .choices import VoucherState
from .models import Voucher


@dataclass(frozen=True)
class Step:
    """One step. ``state``: the state it led to; ``who`` '': the system; ``when`` None: not recorded."""

    state: VoucherState
    who: str
    when: datetime | None
    reason: str = ""


def steps(voucher: Voucher) -> list[Step]:
    """The steps that led to the present state, oldest first; what was taken back is left out. At most two queries."""
    events: Any = voucher.events  # type: ignore[attr-defined]
    rows = events.order_by("pgh_id").values_list("state", "pgh_created_at", "pgh_context__metadata")
    taken: dict[VoucherState, tuple[datetime, int | None]] = {}
    last = None
    for state, when, metadata in rows:
        if state == last:
            continue
        last = VoucherState(state)
        if last == VoucherState.DRAFT:  # taken back, or opened again
            taken = {}
        taken[last] = (when, (metadata or {}).get("user"))
    people = User.objects.in_bulk({user for _when, user in taken.values() if user})
    return [_prepared(voucher)] + [
        Step(
            state,
            _column(voucher, state) or name_of(people.get(user or 0)),
            when,
            voucher.void_reason if state == VoucherState.VOID else "",
        )
        for state, (when, user) in taken.items()
        if state != VoucherState.DRAFT
    ]


def _prepared(voucher: Voucher) -> Step:
    return Step(VoucherState.DRAFT, voucher.creator or name_of(voucher.created_by), voucher.created_at)


def _column(voucher: Voucher, state: VoucherState) -> str:
    """The name that the voucher has for this step; '' for none."""
    return {VoucherState.AUDITED: voucher.examiner, VoucherState.BOOKED: voucher.reviewer}.get(state, "")
