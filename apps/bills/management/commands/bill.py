"""``bill NUMBER [--do STEP]``: look at one bill as JSON, or take one of its steps."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from apps.accounts.selectors import person
from apps.bills import services
from apps.bills.api.serializers import WholeBillSerializer
from apps.bills.compliance.selectors import checked
from apps.bills.models import Bill
from apps.bills.states import NEEDS_REASON, Action
from apps.core.errors import HubError

_STEPS: Mapping[Action, Callable[..., Bill]] = {action: getattr(services, action.value) for action in Action}


class Command(BaseCommand):
    help = "Print a bill with its invoices, checks and timeline as JSON, or take one of its steps."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number")
        parser.add_argument("--company", metavar="TAX_NO", default="", help="when two companies have this number")
        parser.add_argument("--do", choices=[action.value for action in Action], help="the step to take")
        parser.add_argument("--as", dest="person", metavar="USERNAME", default="", help="who takes it")
        parser.add_argument("--reason", default="", help="steps back need one")

    def handle(self, *args: Any, **options: Any) -> None:
        found = Bill.objects.select_related("company", "source").filter(number=options["number"])
        if options["company"]:
            found = found.filter(company__tax_no=options["company"])
        try:
            bill = found.get()
            if options["do"]:
                self._take(bill, Action(options["do"]), options)
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
            {"level": one.level, "invoice": one.invoice_id, "check": one.finding.check, "text": one.sentence}
            for one in checked(bill, None).found
        ]
        shown = {**WholeBillSerializer(bill).data, "checks": checks}
        self.stdout.write(json.dumps(shown, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))

    @staticmethod
    def _take(bill: Bill, action: Action, options: Mapping[str, Any]) -> None:
        user = person(options["person"]) if options["person"] else None
        reason = (options["reason"],) if action in NEEDS_REASON else ()
        _STEPS[action](bill, user, *reason)
