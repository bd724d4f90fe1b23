"""Whose own a bill is, and whether a person may approve it. ``docs/duties.md`` has the reasons.

A bill is the own of whoever made it, of whoever submitted it since it was last a draft, and of the person whose name is
that of its employee. Who edited the draft of another does not count: the person who submits it answers for its content.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence

from apps.accounts import duties
from apps.accounts.choices import Duty
from apps.accounts.models import User
from apps.accounts.names import name_of
from apps.core.errors import HubError

from .models import Bill, BillStep
from .selectors import amounts_of
from .states import Action


def require(bill: Bill, user: User | None) -> None:
    """Raise HubError ``duties.own`` or ``duties.limit`` unless this person may approve the bill."""
    for error in refusals([bill], user).values():
        raise error


def refusals(bills: Sequence[Bill], user: User | None) -> dict[int, HubError]:
    """Bill → why this person may not approve it; without those that they may. A fixed number of queries."""
    if user is None:
        return {}
    submitters, amounts = _submitters(bills), amounts_of(bills)
    documents = []
    for bill in bills:
        owners = {bill.created_by_id, *submitters[bill.pk], *([user.pk] if is_employee(bill, user) else [])}
        documents.append(duties.Document(bill.pk, bill.company_id, owners, amounts[bill.pk].to_be_paid))
    return duties.refusals(user, Duty.BILL, documents)


def is_employee(bill: Bill, user: User) -> bool:
    """Whether the bill names this person as its employee, by full name or login name; spaces and case do not count."""
    return _bare(bill.employee) in {_bare(user.get_username()), _bare(name_of(user))} - {""}


def _bare(name: str) -> str:
    return "".join(name.split()).casefold()


def _submitters(bills: Sequence[Bill]) -> dict[int, Collection[int | None]]:
    """Bill → the people who submitted it since it was last taken back to a draft."""
    steps = BillStep.objects.filter(
        bill__in=[bill.pk for bill in bills], action__in=[Action.SUBMIT.value, Action.REOPEN.value]
    )
    people: dict[int, set[int | None]] = defaultdict(set)
    for bill, action, user in steps.order_by("pk").values_list("bill_id", "action", "user_id"):
        people[bill] = {user} if action == Action.SUBMIT else set()
    return defaultdict(set, people)
