"""Writes to bills, by verbs. All take the acting person (None: the system) and the ``revision`` of the bill that was on
their screen (None: whatever it is): when somebody was faster, HubError ``bills.changed_meanwhile`` says who, and
nothing happens. Bills of an upstream are written by ``follow_upstream`` alone.
"""

from .drafting import create_bill, delete_bill, drop_line, edit_bill, put_line
from .following import Followed, behind, follow_upstream
from .making import NewBill, NewLine, hindrances, make_all
from .reserving import Picked, Refusal, Restored, adjust_bill_invoice, named, release, reserve, restore
from .stepping import (
    approve,
    book,
    book_all,
    discard,
    reject,
    reopen,
    submit,
    unapprove,
    unbook,
    unbook_all,
    withdraw,
)

__all__ = [
    "Followed",
    "NewBill",
    "NewLine",
    "Picked",
    "Refusal",
    "Restored",
    "adjust_bill_invoice",
    "approve",
    "behind",
    "book",
    "book_all",
    "create_bill",
    "delete_bill",
    "discard",
    "drop_line",
    "edit_bill",
    "follow_upstream",
    "hindrances",
    "make_all",
    "named",
    "put_line",
    "reject",
    "release",
    "reopen",
    "reserve",
    "restore",
    "submit",
    "unapprove",
    "unbook",
    "unbook_all",
    "withdraw",
]
