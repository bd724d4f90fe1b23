"""Runs several commands of ``manage.py`` in one process, because starting a process takes seconds.

``python -m tests.durability.commands '[["sync", "--all"], …]'``; the command ``follow`` applies the ledger's
changes to the bills.
"""

import json
import os
import sys

import django
from django.core.management import call_command

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "invoicehub.settings")
    django.setup()
    from apps.bills.jobs import follow

    for words in json.loads(sys.argv[1]):
        if words == ["follow"]:
            follow()
        else:
            call_command(*words)
