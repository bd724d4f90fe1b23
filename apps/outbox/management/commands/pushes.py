"""``pushes [ID] [--do retry|done|dismiss] [--as USERNAME]``: what waits for a person, one push, or a decision."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from apps.accounts.models import User
from apps.accounts.selectors import person
from apps.core import refusals
from apps.outbox import selectors, services
from apps.outbox.api import PushSerializer, WholePushSerializer
from apps.outbox.choices import PushState
from apps.outbox.models import Push

_MOST_LISTED = 1000


class Command(BaseCommand):
    help = "List pushes that wait for a person as JSON lines; with an id show one, or decide about it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("push", nargs="?", type=int, metavar="ID")
        parser.add_argument("--state", choices=PushState.values, default=PushState.NEEDS_PERSON.value)
        parser.add_argument("--do", choices=["retry", "done", "dismiss"], help="decide about this one")
        parser.add_argument(
            "--as",
            dest="person",
            metavar="USERNAME",
            default="",
            help="who decides, with their rights; else the system",
        )
        parser.add_argument(
            "--looked", type=int, metavar="N", help="retry what may be there: its latest attempt when you looked"
        )
        parser.add_argument("--comment", default="", help="why; done and dismiss need it")

    @refusals.on_command_line()
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = person(options["person"]) if options["person"] else None
            visible = selectors.pushes(user) if user else Push.objects.select_related("source")
            pushes = visible.defer(None).defer("source__credentials")
            if user and not user.has_perm("outbox.settle_push" if options["do"] else "outbox.view_push"):
                raise CommandError(f"{user.get_username()} may not do that.")
            if options["push"] is None:
                for push in pushes.filter(state=options["state"]).order_by("pk")[:_MOST_LISTED]:
                    self.stdout.write(_json(PushSerializer(push).data))
                return
            push = pushes.get(pk=options["push"])
            if options["do"]:
                _decide(push, user, options)
        except Push.DoesNotExist as error:
            raise CommandError(f"There is no push {options['push']}.") from error
        self.stdout.write(_json(WholePushSerializer(pushes.get(pk=push.pk)).data, indent=2))


def _decide(push: Push, user: User | None, options: dict[str, Any]) -> None:
    if options["do"] == "retry":
        services.retry(push, user, options["looked"])
    else:
        act = services.mark_done if options["do"] == "done" else services.dismiss
        act(push, user, options["comment"])


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=indent)
