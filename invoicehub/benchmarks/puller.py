"""Pulls sources one after another in a process of its own and writes down what every page took.

``python -m invoicehub.benchmarks.puller DATABASE FILE NAME…``: one line of JSON a page into FILE.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import django
from django.conf import settings


def main(database: str, file: str, names: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "invoicehub.settings")
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from django.core.management import call_command

    from apps.sources.connectors import CONNECTORS

    from .cost import Time

    with Path(file).open("w", encoding="utf-8", buffering=1) as pages, Time() as spending:
        for kind, connector in CONNECTORS.items():
            fetch = _timed(connector.fetch, spending.spent, pages)
            CONNECTORS[kind] = type(connector.__name__, (connector,), {"fetch": fetch})
        call_command("sync", *names, "--inline", stdout=sys.stderr)


def _timed(fetch: Any, spent: Callable[[], float], pages: IO[str]) -> Any:
    """The same pages; the engine commits each one before it asks for the next."""

    def timed(self: Any) -> Iterator[Any]:
        before = time.perf_counter(), spent()
        for page in fetch(self):
            last = self.line.http.last
            yield page
            now = time.perf_counter(), spent()
            line = {
                "source": self.line.source.name,
                "stream": page.stream,
                "call": urlsplit(last.request.url).path if last else "",
                "records": len(page.items),
                "clock": now[0] - before[0],
                "processor": now[1] - before[1],
            }
            pages.write(json.dumps(line) + "\n")
            before = now

    return timed


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
