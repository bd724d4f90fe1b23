"""Django's ``makemigrations``, without labels (``invoicehub.migration_state``)."""

from django.core.management.commands import makemigrations

from invoicehub.migration_state import LabelFreeAutodetector


class Command(makemigrations.Command):
    autodetector = LabelFreeAutodetector
