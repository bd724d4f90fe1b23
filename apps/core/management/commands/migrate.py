"""Django's ``migrate``, blind to labels (``apps.core.migration_state``)."""

from django.core.management.commands import migrate

from apps.core.migration_state import LabelFreeAutodetector


class Command(migrate.Command):
    autodetector = LabelFreeAutodetector
