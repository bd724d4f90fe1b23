"""``period BOOK PERIOD [--do request|withdraw|close|open --as USERNAME]``: shows a period, or closes it."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.models import User
from apps.accounts.names import name_of
from apps.accounts.selectors import person
from apps.core import refusals
from apps.core.errors import HubError
from apps.vouchers import closing, periods, selectors
from apps.vouchers.models import AccountBook

_ACTS: Mapping[str, Callable[[AccountBook, str, User, str], Any]] = {
    "request": lambda book, period, user, reason: closing.request_closing(book, period, user),
    "withdraw": lambda book, period, user, reason: closing.withdraw_request(book, period),
    "close": lambda book, period, user, reason: closing.close_period(book, period, user),
    "open": lambda book, period, user, reason: closing.open_period(book, period, reason),
}
_NEEDED = {
    "request": "vouchers.add_closingrequest",
    "withdraw": "vouchers.delete_closingrequest",
    "close": "vouchers.add_closedperiod",
    "open": "vouchers.delete_closedperiod",
}


class Command(BaseCommand):
    help = "Print a period of a book as JSON; before that, ask that it be closed, close it, or open it again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("book", type=int, metavar="BOOK", help="id of the account book")
        parser.add_argument("period", metavar="PERIOD", help="yyyyMM")
        parser.add_argument("--do", choices=_ACTS)
        parser.add_argument("--as", dest="person", metavar="USERNAME", default="", help="who does it; needed for --do")
        parser.add_argument("--reason", default="", help="opening needs one")

    @refusals.on_command_line()
    def handle(self, *args: Any, **options: Any) -> None:
        user = person(options["person"]) if options["person"] else None
        visible = selectors.books(user) if user else AccountBook.objects.all()
        book = visible.filter(pk=options["book"]).first()
        if book is None:
            raise CommandError(f"There is no account book {options['book']}.")
        if options["do"]:
            _ACTS[options["do"]](book, options["period"], _allowed(user, options["do"]), options["reason"])
        (row,) = [one for one in periods.periods_of(book, [options["period"]]) if one.period == options["period"]]
        shown = {
            "book": book.name, "period": row.period, "vouchers": row.vouchers, "unfinished": row.unfinished,
            "requested_by": name_of(row.request.requested_by) if row.request else None,
            "closed_by": name_of(row.closed.closed_by) if row.closed else None,
        }  # fmt: skip
        self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2))


def _allowed(user: User | None, act: str) -> User:
    """The person, who must be named and have the permission. Raises HubError, CommandError."""
    if user is None:
        raise HubError("duties.person_needed")
    if not user.has_perm(_NEEDED[act]):
        raise CommandError(f"{user.get_username()} may not do that: {_NEEDED[act]} is missing.")
    return user
