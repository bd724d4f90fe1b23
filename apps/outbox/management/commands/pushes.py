"""``pushes [ID] [--do retry|done|dismiss]``: what waits for a person, one push with its attempts, or a decision."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from apps.accounts.selectors import person
from apps.core.errors import HubError
from apps.outbox import services
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
        parser.add_argument("--as", dest="person", metavar="USERNAME", default="", help="who decides")
        parser.add_argument("--comment", default="", help="why; done and dismiss need it")

    def handle(self, *args: Any, **options: Any) -> None:
        pushes = Push.objects.select_related("source").defer("source__credentials")
        if options["push"] is None:
            for push in pushes.filter(state=options["state"]).order_by("pk")[:_MOST_LISTED]:
                self.stdout.write(_json(PushSerializer(push).data))
            return
        try:
            push = pushes.get(pk=options["push"])
            if options["do"]:
                self._decide(push, options)
        except Push.DoesNotExist as error:
            raise CommandError(f"There is no push {options['push']}.") from error
        except HubError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_json(WholePushSerializer(pushes.get(pk=push.pk)).data, indent=2))

    @staticmethod
    def _decide(push: Push, options: dict[str, Any]) -> None:
        user = person(options["person"]) if options["person"] else None
        if options["do"] == "retry":
            services.retry(push, user)
        else:
            act = services.mark_done if options["do"] == "done" else services.dismiss
            act(push, user, options["comment"])


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=indent)
