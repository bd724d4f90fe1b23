"""``run_listener``: receives the messages of the assistant's open windows. Started by ``work``; several may run."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from apps.bills.assistant.listening import Listener


class Command(BaseCommand):
    help = "The listener; see `work`."

    def handle(self, *args: Any, **options: Any) -> None:
        listener = Listener()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: listener.stop.set())
        listener.run()
