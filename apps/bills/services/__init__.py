"""Writes to bills. All take the acting person (None: the system) and the ``revision`` of the bill that the person has
read (None: any). When the bill was changed since, HubError ``bills.changed_meanwhile`` names who changed it, and
nothing is written. Only ``follow_upstream`` writes bills of an upstream.
"""

from .drafting import create_bill, delete_bill, drop_line, edit_bill, put_line
from .following import Followed, behind, follow_upstream
from .making import NewBill, NewLine, hindrances, make_all
from .placing import use_partly
from .reserving import Picked, Refusal, Restored, adjust_bill_invoice, invoice_names, release, reserve, restore
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
    "invoice_names",
    "make_all",
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
    "use_partly",
    "withdraw",
]
