"""Pulls sources one after another in a process of its own and writes down what every page took.

``python -m invoicehub.benchmarks.puller DATABASE FILE NAME…``: one line of JSON a page into FILE.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
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

    with Path(file).open("w", encoding="utf-8", buffering=1) as pages:
        for kind, connector in CONNECTORS.items():
            CONNECTORS[kind] = type(connector.__name__, (connector,), {"fetch": _timed(connector.fetch, pages)})
        call_command("sync", *names, "--inline", stdout=sys.stderr)


def _timed(fetch: Any, pages: IO[str]) -> Any:
    """The same pages; the engine commits each one before it asks for the next."""

    def timed(self: Any) -> Iterator[Any]:
        asked = time.perf_counter()
        for page in fetch(self):
            came = time.perf_counter()
            yield page
            done = time.perf_counter()
            last = self.line.http.last
            line = {
                "source": self.line.source.name,
                "call": urlsplit(last.request.url).path if last else "",
                "records": len(page.items),
                "fetching": came - asked,
                "committing": done - came,
            }
            pages.write(json.dumps(line) + "\n")
            asked = done

    return timed


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
