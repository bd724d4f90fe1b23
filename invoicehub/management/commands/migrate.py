"""Django's ``migrate``: it refuses a database from before 0.1.0, and labels are no changes (``migration_state``)."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from invoicehub import upgrades
from invoicehub.migration_state import LabelFreeAutodetector


class Command(migrate.Command):
    autodetector = LabelFreeAutodetector

    def handle(self, *args: Any, **options: Any) -> None:
        upgrades.require_none_before(connections[options["database"]])
        super().handle(*args, **options)
