"""Writes to bills, by verbs. All take the acting person (None: the system) and the ``revision`` of the bill that was on
their screen (None: whatever it is): when somebody was faster, HubError ``bills.changed_meanwhile`` says who, and
nothing happens. Bills of an upstream are written by ``follow_upstream`` alone.
"""

from .drafting import create_bill, delete_bill, drop_entry, edit_bill, put_entry
from .following import Followed, behind, follow_upstream
from .holding import Picked, Refusal, Restored, adjust_use, hold, named, release, restore
from .making import NewBill, NewLine, hindrances, make_all
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
    "adjust_use",
    "approve",
    "behind",
    "book",
    "book_all",
    "create_bill",
    "delete_bill",
    "discard",
    "drop_entry",
    "edit_bill",
    "follow_upstream",
    "hindrances",
    "hold",
    "make_all",
    "named",
    "put_entry",
    "reject",
    "release",
    "reopen",
    "restore",
    "submit",
    "unapprove",
    "unbook",
    "unbook_all",
    "withdraw",
]
