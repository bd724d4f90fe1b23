"""``bill NUMBER [--add-line FIELD=VALUE…] [--reserve INVOICE…] [--do STEP] …``: look at one bill as JSON; before that,
change its lines and invoices, override findings, or take one of its steps. The call does everything or nothing."""

import json
from argparse import RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from apps.accounts.models import User
from apps.accounts.selectors import person
from apps.bills import services
from apps.bills.api.serializers import BillLineSerializer, WholeBillSerializer
from apps.bills.compliance.selectors import checked
from apps.bills.compliance.services import override
from apps.bills.models import Bill, BillLine
from apps.bills.permissions import NEEDED
from apps.bills.selectors import live
from apps.bills.states import NEEDS_REASON, Action
from apps.core import refusals
from apps.core.errors import HubError

_STEPS: Mapping[Action, Callable[..., Bill]] = {action: getattr(services, action.value) for action in Action}
_FIELDS = ("cost_type", "amount", "spent_on", "description", "without_invoice_reason")
_CHANGES = ("add_line", "change_line", "drop_line", "use_partly", "reserve", "release")


class Command(BaseCommand):
    help = (
        "Print a bill with its lines, invoices, checks and timeline as JSON; before that, change it or take a step.\n"
        f"Lines are named by their number; their fields are {', '.join(_FIELDS)}, amounts in yuan:\n"
        "  bill BX202611000001 --add-line cost_type=差旅费 amount=320.50 --add-line cost_type=餐费 amount=88\n"
        "  bill BX202611000001 --change-line 2 amount=96.00 --drop-line 1"
    )

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number")
        parser.add_argument("--company", metavar="TAX_NO", default="", help="when two companies have this number")
        fields: dict[str, Any] = {"nargs": "+", "action": "append", "default": []}
        parser.add_argument("--add-line", metavar="FIELD=VALUE", help="a new line at the end of a draft", **fields)
        parser.add_argument("--change-line", metavar="LINE FIELD=VALUE", help="fields of a line", **fields)
        parser.add_argument("--drop-line", type=int, nargs="+", metavar="LINE", default=[], help="lines to delete")
        parser.add_argument(
            "--use-partly", type=int, nargs="+", metavar="LINE", default=[],
            help="lines whose invoices are reduced to the line's amount",
        )  # fmt: skip
        parser.add_argument("--reserve", type=int, nargs="+", metavar="INVOICE", default=[], help="ids to reserve")
        parser.add_argument("--line", type=int, metavar="LINE", help="the line on which --reserve puts them")
        parser.add_argument("--release", type=int, nargs="+", metavar="INVOICE", default=[], help="ids to release")
        parser.add_argument(
            "--let-pass", nargs="+", metavar="SIGNATURE", default=[], help="findings to let pass, with a reason"
        )
        parser.add_argument("--do", choices=[action.value for action in Action], help="the step to take")
        parser.add_argument(
            "--as",
            dest="person",
            metavar="USERNAME",
            default="",
            help="who does it, with their rights; else the system, which does not approve",
        )
        parser.add_argument("--reason", default="", help="steps back and findings let pass need one")

    def handle(self, *args: Any, **options: Any) -> None:
        with refusals.on_command_line():
            user = person(options["person"]) if options["person"] else None
            bill = _bill(options, user)
            _check_permissions(user, options)
            with transaction.atomic():
                self._act(bill, user, options)
            bill.refresh_from_db()
        checks = [
            {
                "level": one.level,
                "blocks": one.blocks,
                "invoice": one.invoice_id,
                "check": one.finding.check,
                "text": one.sentence,
                "signature": one.signature,
            }
            for one in checked(bill, user).results
        ]
        shown = {**WholeBillSerializer(bill).data, "checks": checks}
        self.stdout.write(json.dumps(shown, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))

    def _act(self, bill: Bill, user: User | None, options: Mapping[str, Any]) -> None:
        """Release and drop, change, add, reserve and use partly, then override and step. Raises HubError; writes
        invoices that cannot be reserved to standard error."""
        if options["release"]:
            bill_invoices = live(bill.bill_invoices.filter(invoice__in=options["release"]))
            services.release(bill, list(bill_invoices.values_list("pk", flat=True)), user)
        for line in options["drop_line"]:
            services.drop_line(bill, _line(bill, line), user)
        for line, *pairs in options["change_line"]:
            services.put_line(bill, user, line=_line(bill, line), **_values(pairs))
        for pairs in options["add_line"]:
            services.put_line(bill, user, **_values(pairs))
        if options["reserve"]:
            line = None if options["line"] is None else _line(bill, options["line"])
            for refusal in services.reserve(bill, options["reserve"], user, line=line).refused:
                self.stderr.write(str(refusal.message))
        for line in options["use_partly"]:
            services.use_partly(bill, _line(bill, line), user)
        if options["let_pass"]:
            override(bill, options["let_pass"], options["reason"], user)
        if options["do"]:
            action = Action(options["do"])
            reason = (options["reason"],) if action in NEEDS_REASON else ()
            _STEPS[action](bill, user, *reason)


def _bill(options: Mapping[str, Any], user: User | None) -> Bill:
    """The bill with this number, if this person may see it. Raises CommandError."""
    visible = Bill.objects.all() if user is None else Bill.objects.visible_to(user)
    bills = visible.select_related("company", "source").filter(number=options["number"])
    if options["company"]:
        bills = bills.filter(company__tax_no=options["company"])
    try:
        return bills.get()
    except Bill.DoesNotExist as error:
        raise CommandError(f"There is no bill {options['number']}.") from error
    except Bill.MultipleObjectsReturned as error:
        raise CommandError(f"Several companies have a bill {options['number']}: choose one with --company.") from error


def _check_permissions(user: User | None, options: Mapping[str, Any]) -> None:
    """Raise CommandError unless this person has the permissions that pages and REST require. Raise HubError when no
    person is to approve."""
    if user is None:
        if options["do"] == Action.APPROVE:
            raise HubError("duties.person_needed")
        return
    needed = {"bills.view_bill"}
    needed |= {"bills.change_bill"} if any(options[name] for name in _CHANGES) else set()
    needed |= {"bills.override_check"} if options["let_pass"] else set()
    needed |= {NEEDED[Action(options["do"])]} if options["do"] else set()
    missing = sorted(one for one in needed if not user.has_perm(one))
    if missing:
        raise CommandError(f"{user.get_username()} may not do that: {', '.join(missing)} is missing.")


def _line(bill: Bill, line: int | str) -> BillLine:
    bill_line = bill.lines.filter(position=int(line)).first() if str(line).isdecimal() else None
    if bill_line is None:
        lines = ", ".join(str(one) for one in bill.lines.values_list("position", flat=True))
        raise CommandError(f"Bill {bill.number} has no line {line}; it has {lines or 'none'}.")
    return bill_line


def _values(pairs: Sequence[str]) -> dict[str, Any]:
    """Fields of a line from FIELD=VALUE texts; an empty date or amount clears the field. Raises CommandError."""
    texts = dict(pair.partition("=")[::2] for pair in pairs)
    unknown = sorted(texts.keys() - set(_FIELDS)) + [pair for pair in pairs if "=" not in pair]
    if unknown or not texts:
        raise CommandError(
            f"Lines have {', '.join(_FIELDS)}, each as FIELD=VALUE; not {', '.join(unknown) or 'nothing'}."
        )
    serializer = BillLineSerializer(
        data={name: texts[name] or (None if name in ("amount", "spent_on") else "") for name in texts}
    )
    if not serializer.is_valid():
        raise CommandError(" ".join(f"{name}: {' '.join(map(str, why))}" for name, why in serializer.errors.items()))
    return dict(serializer.validated_data)
