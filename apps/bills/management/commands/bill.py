"""``bill NUMBER [--hold INVOICE…] [--release INVOICE…] [--do STEP]``: look at one bill as JSON, put invoices on it,
take them off, or take one of its steps."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from apps.accounts.selectors import person
from apps.bills import services
from apps.bills.api.serializers import WholeBillSerializer
from apps.bills.compliance.selectors import checked
from apps.bills.compliance.services import override
from apps.bills.models import Bill
from apps.bills.selectors import live
from apps.bills.states import NEEDS_REASON, Action
from apps.core.errors import HubError

_STEPS: Mapping[Action, Callable[..., Bill]] = {action: getattr(services, action.value) for action in Action}


class Command(BaseCommand):
    help = (
        "Print a bill with its invoices, checks and timeline as JSON; before that, put invoices on it or take a step."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number")
        parser.add_argument("--company", metavar="TAX_NO", default="", help="when two companies have this number")
        parser.add_argument("--do", choices=[action.value for action in Action], help="the step to take")
        parser.add_argument("--hold", type=int, nargs="+", metavar="INVOICE", default=[], help="ids to put on a draft")
        parser.add_argument("--release", type=int, nargs="+", metavar="INVOICE", default=[], help="ids to take off it")
        parser.add_argument(
            "--let-pass", nargs="+", metavar="SIGNATURE", default=[], help="findings to let pass, with a reason"
        )
        parser.add_argument("--as", dest="person", metavar="USERNAME", default="", help="who takes it")
        parser.add_argument("--reason", default="", help="steps back and findings let pass need one")

    def handle(self, *args: Any, **options: Any) -> None:
        found = Bill.objects.select_related("company", "source").filter(number=options["number"])
        if options["company"]:
            found = found.filter(company__tax_no=options["company"])
        try:
            bill = found.get()
            self._act(bill, options)
            bill.refresh_from_db()
        except Bill.DoesNotExist as error:
            raise CommandError(f"There is no bill {options['number']}.") from error
        except Bill.MultipleObjectsReturned as error:
            raise CommandError(
                f"Several companies have a bill {options['number']}: say which with --company."
            ) from error
        except HubError as error:
            raise CommandError(str(error)) from error
        checks = [
            {
                "level": one.level,
                "blocks": one.blocks,
                "invoice": one.invoice_id,
                "check": one.finding.check,
                "text": one.sentence,
                "signature": one.signature,
            }
            for one in checked(bill, None).found
        ]
        shown = {**WholeBillSerializer(bill).data, "checks": checks}
        self.stdout.write(json.dumps(shown, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))

    def _act(self, bill: Bill, options: Mapping[str, Any]) -> None:
        """Take off, put on, then the step. Raises HubError; what cannot be held is named on standard error."""
        user = person(options["person"]) if options["person"] else None
        if options["release"]:
            uses = live(bill.uses.filter(invoice__in=options["release"]))
            services.release(bill, list(uses.values_list("pk", flat=True)), user)
        if options["hold"]:
            for refusal in services.hold(bill, options["hold"], user).refused:
                self.stderr.write(str(refusal.message))
        if options["let_pass"]:
            override(bill, options["let_pass"], options["reason"], user)
        if options["do"]:
            action = Action(options["do"])
            reason = (options["reason"],) if action in NEEDS_REASON else ()
            _STEPS[action](bill, user, *reason)
