#!/usr/bin/env python
"""Django's command line. Starts the embedded servers first when a command needs them and none are configured."""

import os
import sys

from invoicehub import embedded

# Everything else is taken to need the database: a server started for nothing costs a second, one missing an error.
NEED_NO_SERVICES = frozenset(
    {"collectstatic", "compilemessages", "findstatic", "help", "makemessages", "sandbox", "spectacular", "version"}
)


def needs_services(arguments: list[str]) -> bool:
    """Whether the command, given as the words after ``manage.py``, talks to PostgreSQL or Redis."""
    if not arguments or arguments[0] in NEED_NO_SERVICES or {"-h", "--help", "--version"} & set(arguments):
        return False
    return arguments[0] != "check" or "--database" in arguments


def main() -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "invoicehub.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    if needs_services(sys.argv[1:]):
        try:
            embedded.hold_for_settings(settings)
        except embedded.EmbeddedError as error:
            sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
