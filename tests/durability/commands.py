"""Several commands of ``manage.py`` in one process, for it takes seconds to start one.

``python -m tests.durability.commands '[["sync", "--all"], …]'``; the command ``follow`` lets bills follow the ledger.
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
