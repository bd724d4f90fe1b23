"""The one-time way from a database of before version 0.1.0, and who has to go it.

Before 0.1.0 tables, columns and values were renamed and the migrations began anew. Some of the new ones bear names of
old ones, so that Django alone cannot tell whose work a database is.
"""

from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.core.management import CommandError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

SQL = Path(__file__).with_name("before_0_1_0.sql")
# Where the migrations before 0.1.0 ended.
LAST = {
    "accounts": "0003_role_history",
    "bills": "0013_stamp_changes",
    "core": "0001_initial",
    "duplicates": "0007_rules",
    "invoices": "0008_period",
    "outbox": "0004_lists",
    "sources": "0003_lists",
    "vouchers": "0003_lists",
}


def require_last_before(connection: BaseDatabaseWrapper) -> None:
    """Raises CommandError, with what to do, for any database but the one that the last migration before 0.1.0 left."""
    latest = {app: max(names) for app, names in _recorded(connection).items()}
    if not latest:
        raise CommandError("This database is empty. It needs nothing but: manage.py migrate")
    others = [
        f"{app} at {latest.get(app, 'nothing')} instead of {name}"
        for app, name in LAST.items()
        if latest.get(app) != name
    ]
    if others:
        raise CommandError(
            f"This is not a database of the last version before 0.1.0: {', '.join(others)}. Nothing was changed. "
            "If it is older, run `manage.py migrate` of that last version first. "
            "If it was upgraded already, it needs nothing but `manage.py migrate`."
        )


def require_none_before(connection: BaseDatabaseWrapper) -> None:
    """Raises CommandError, with what to do, when the database is one of before 0.1.0, which ``migrate`` would spoil."""
    recorded = _recorded(connection)
    gone = [
        f"{app}.{name}"
        for app, name in LAST.items()
        if name in recorded[app] and find_spec(f"{apps.get_app_config(app).name}.migrations.{name}") is None
    ]
    if gone:
        raise CommandError(
            f"This database is from before version 0.1.0: {gone[0]} made it. Nothing was changed. "
            "Back it up, stop everything else and run `manage.py upgrade_before_0_1_0` once."
        )


def _recorded(connection: BaseDatabaseWrapper) -> dict[str, set[str]]:
    """The migrations of our apps that count as applied."""
    recorded: dict[str, set[str]] = defaultdict(set)
    for app, name in MigrationRecorder(connection).applied_migrations():
        if app in LAST:
            recorded[app].add(name)
    return recorded
