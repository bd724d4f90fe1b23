"""What stands between a draft and being submitted."""

from apps.accounts.models import User
from apps.bills.models import Bill
from apps.core.errors import HubError

from .selectors import checked


def stop(bill: Bill, user: User | None) -> None:
    """Raise HubError ``checks.stopped`` when a check blocks the bill, with the first reason in words."""
    blocking = checked(bill, user).blocking
    if blocking:
        first = blocking[0]
        raise HubError(
            "checks.stopped",
            bill=bill.number,
            count=len(blocking),
            invoice=str(first.use.invoice),
            first=str(first.message),
        )
