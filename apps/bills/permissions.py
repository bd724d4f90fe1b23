"""The permissions that the steps of a bill need."""

from collections.abc import Mapping
from typing import Any

from .states import Action

NEEDED: Mapping[Action, str] = {
    Action.SUBMIT: "bills.submit_bill",
    Action.WITHDRAW: "bills.submit_bill",
    Action.REOPEN: "bills.submit_bill",
    Action.DISCARD: "bills.submit_bill",
    Action.APPROVE: "bills.approve_bill",
    Action.REJECT: "bills.approve_bill",
    Action.UNAPPROVE: "bills.approve_bill",
    Action.BOOK: "bills.book_bill",
    Action.UNBOOK: "bills.book_bill",
}


def may_take(user: Any, action: Action) -> bool:
    return bool(user.has_perm(NEEDED[action]))
