"""``voucher ID [--do audit|unaudit|collect|void|reopen|reverse|copy]``: prints a voucher and what a collect sends, or
acts. After ``reverse`` and ``copy`` it prints the new draft."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.models import User
from apps.accounts.selectors import person
from apps.core import refusals
from apps.core.errors import HubError
from apps.vouchers import auditing, corrections, pushing, selectors, services
from apps.vouchers.models import Voucher

_ACTS: Mapping[str, Callable[[Voucher, User | None, str], Voucher]] = {
    "audit": lambda voucher, user, _reason: auditing.audit_one(voucher.pk, None, user),
    "unaudit": lambda voucher, user, _reason: auditing.unaudit_one(voucher.pk, None, user),
    "collect": lambda voucher, user, _reason: pushing.queue_collect(voucher.pk, None, user),
    "void": lambda voucher, user, reason: pushing.queue_void(voucher.pk, None, user, reason),
    "reopen": lambda voucher, _user, _reason: services.reopen(voucher.pk, None),
    "reverse": lambda voucher, user, _reason: corrections.reverse(voucher.pk, None, user),
    "copy": lambda voucher, user, _reason: corrections.copy(voucher, user),
}

_NEEDED = {
    "audit": "vouchers.audit_voucher",
    "unaudit": "vouchers.audit_voucher",
    "collect": "vouchers.collect_voucher",
    "void": "vouchers.void_voucher",
    "reopen": "vouchers.change_voucher",
    "reverse": "vouchers.add_voucher",
    "copy": "vouchers.add_voucher",
}


class Command(BaseCommand):
    help = "Print a voucher's states, problems and exactly what would be sent as JSON, or take one of its steps."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("voucher", metavar="VOUCH_ID", help="the voucher's id")
        parser.add_argument("--book", default="", help="name of the account book, when two have this id")
        parser.add_argument("--do", choices=_ACTS)
        parser.add_argument("--reason", default="", help="why it is voided; needed for that")
        parser.add_argument(
            "--as",
            dest="person",
            metavar="USERNAME",
            default="",
            help="who does it, with their rights; else the system, which does not audit",
        )

    @refusals.on_command_line()
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = person(options["person"]) if options["person"] else None
            _require_permission(user, options["do"])
            visible = selectors.vouchers(user) if user else Voucher.objects.select_related("book")
            matches = visible.filter(vouch_id=options["voucher"])
            voucher = (matches.filter(book__name=options["book"]) if options["book"] else matches).get()
            if options["do"]:
                pk = _ACTS[options["do"]](voucher, user, options["reason"]).pk
                voucher = Voucher.objects.select_related("book").get(pk=pk)
        except Voucher.DoesNotExist as error:
            raise CommandError(f"There is no voucher {options['voucher']}.") from error
        except Voucher.MultipleObjectsReturned as error:
            raise CommandError(f"Several books have a voucher {options['voucher']}: say which with --book.") from error
        content = selectors.content_of(voucher)
        shown = {
            "id": voucher.pk, "number": str(voucher), "book": voucher.book.name, "revision": voucher.revision,
            "state": voucher.state, "push_state": voucher.push_state,
            "problems": [pushing.sentence(problem) for problem in selectors.problems_of(voucher, content)],
            "payload": pushing.request_body(voucher, content),
        }  # fmt: skip
        self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2))


def _require_permission(user: User | None, act: str | None) -> None:
    """Raises CommandError when the person lacks a permission. ``user`` None: the system, which may do everything but
    audit: HubError."""
    if user is None and act == "audit":
        raise HubError("duties.person_needed")
    needed = {"vouchers.view_voucher"} | ({_NEEDED[act]} if act else set())
    missing = sorted(one for one in needed if user and not user.has_perm(one))
    if user and missing:
        raise CommandError(f"{user.get_username()} may not do that: {', '.join(missing)} is missing.")
