"""The one-time upgrade of databases from before version 0.1.0, and the checks of which databases need it.

Version 0.1.0 renamed tables, columns and values and restarted the migrations. Some new migrations have the names of old
ones, so Django alone cannot tell which of them made a database.
"""

from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.core.management import CommandError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder

from apps.outbox.choices import UNSETTLED

SQL = Path(__file__).with_name("before_0_1_0.sql")
# The last migrations before 0.1.0.
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
    """Raises CommandError, with what to do, unless the last migrations before 0.1.0 are applied."""
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


def require_settled_pushes(cursor: CursorWrapper) -> None:
    """Raises CommandError, with what to do, while pushes from before 0.1.0 are unsettled: their payloads are bodies of
    the vendors, which this version cannot send. Locks the table, so that none is queued until the transaction ends."""
    cursor.execute("LOCK TABLE outbox_push IN ACCESS EXCLUSIVE MODE")
    cursor.execute("SELECT state, count(*) FROM outbox_push WHERE state = ANY(%s) GROUP BY state", [list(UNSETTLED)])
    counts = dict(cursor.fetchall())
    if counts:
        states = ", ".join(f"{counts[state]} {state}" for state in UNSETTLED if state in counts)
        raise CommandError(
            f"{sum(counts.values())} pushes are not settled ({states}), and this version cannot send what the version "
            "before queued. Nothing was changed. Install the last version before 0.1.0 again, let `manage.py work` "
            "deliver them, decide about those that need a person (mark them done or dismiss them), and try again."
        )


def require_none_before(connection: BaseDatabaseWrapper) -> None:
    """Raises CommandError, with what to do, for a database from before 0.1.0, which ``migrate`` would damage."""
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
