"""``manage.py sandbox``: the five imitated systems until SIGTERM or Ctrl-C. Needs no database."""

import json
import os
import signal
import tempfile
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from apps.sandbox.server import Sandbox
from apps.sandbox.settings import Settings
from apps.sandbox.world import World


class Command(BaseCommand):
    help = "Serve imitations of the five upstream systems with made-up invoices."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--invoices", type=int, default=400)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--sources-file", type=Path, help="write what import_sources takes here, once ready")
        parser.add_argument("--companies-file", type=Path, help="write the companies of the made-up world here")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_signal: stop.set())
        world = World(options["invoices"], options["seed"])
        sandbox = Sandbox(world, Settings(), options["host"], options["port"])
        sandbox.start()
        try:
            for path, content in (
                (options["companies_file"], sandbox.companies()),
                (options["sources_file"], sandbox.sources()),
            ):
                if path:
                    _write(path, content)
            self.stdout.write(
                _("Sandbox with %(count)d invoices: %(url)s") % {"count": len(world.invoices), "url": sandbox.url}
            )
            self.stdout.flush()
            stop.wait()
        finally:
            sandbox.stop()


def _write(path: Path, content: Any) -> None:
    """Write the file atomically, for programs that wait for it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)
    Path(name).replace(path)
