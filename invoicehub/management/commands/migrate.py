"""``migrate``: Django's own, unless the database is one of before 0.1.0."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from invoicehub import upgrades


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        upgrades.require_none_before(connections[options["database"]])
        super().handle(*args, **options)
