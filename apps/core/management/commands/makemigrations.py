"""Django's ``makemigrations``, blind to labels (``apps.core.migration_state``)."""

from django.core.management.commands import makemigrations

from apps.core.migration_state import LabelFreeAutodetector


class Command(makemigrations.Command):
    autodetector = LabelFreeAutodetector
