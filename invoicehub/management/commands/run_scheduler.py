"""``run_scheduler``: runs the schedule every minute. Started by ``work``; several may run."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from invoicehub import embedded, schedule


class Command(BaseCommand):
    help = "The scheduler; see `work`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tick", type=float, default=float(schedule.TICK_SECONDS))

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            if settings.EMBEDDED:
                embedded.ensure(settings.DATA_DIR)
            schedule.tick()
            stop.wait(options["tick"])
