"""The names of people that are pushed with a voucher: who prepared (制单), audited (审核) and booked (记账) it.

The steps fill them in. A voucher that was made in another system may come with the names of its people there; those
stay, and steps here fill in only what is missing.
"""

from collections.abc import Sequence

from apps.accounts.names import name_of

from . import locking
from .choices import Resource
from .models import Voucher

_STEPS = {"examiner": "audited_by", "reviewer": "booked_by"}
_LONGEST = 100


def enter(vouchers: Sequence[Voucher], column: str, name: str) -> None:
    """Write who took the step; ``column``: ``examiner`` or ``reviewer``, ``name`` '': the system, which has none."""
    chosen = [one for one in vouchers if one.resource == Resource.PIAOZONE or not getattr(one, column)]
    if chosen:
        locking.update_all(chosen, **{column: name[:_LONGEST]})


def clear(vouchers: Sequence[Voucher], column: str) -> None:
    """Remove the name of who took the step; a name that came from another system stays."""
    chosen = [one for one in vouchers if one.resource == Resource.PIAOZONE or _is_of_step(one, column)]
    if chosen:
        locking.update_all(chosen, **{column: ""})


def _is_of_step(voucher: Voucher, column: str) -> bool:
    name: str = getattr(voucher, column)
    return bool(name) and name == name_of(getattr(voucher, _STEPS[column]))[:_LONGEST]
