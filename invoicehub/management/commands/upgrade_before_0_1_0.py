"""``upgrade_before_0_1_0``: upgrades a database from before version 0.1.0 to 0.1.0, once.

It works in place and in one transaction: tables are renamed, not copied, and a failure changes nothing. Then
``migrate`` applies later migrations and creates the permissions of new models.
"""

from collections.abc import Iterator
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg.errors import LockNotAvailable

from invoicehub import upgrades

# A lock that another session holds is not waited for long. Foreign keys are checked at once, because PostgreSQL alters
# no table that has pending checks.
_PREPARE = "SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = 0; SET CONSTRAINTS ALL IMMEDIATE"
# The triggers contain names of tables and columns, and would record the updates of values as changes made by people.
_DROP_TRIGGERS = r"""
DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT tgname, tgrelid::regclass AS place, tgfoid::regprocedure AS code FROM pg_trigger
                WHERE tgname LIKE 'pgtrigger\_%' AND NOT tgisinternal LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', one.tgname, one.place);
        EXECUTE format('DROP FUNCTION %s', one.code);
    END LOOP;
END $$
"""


class Command(BaseCommand):
    help = "Bring a database from before version 0.1.0 to 0.1.0, once. Back it up and stop everything else first."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        upgrades.require_last_before(connection)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(_PREPARE)
                upgrades.require_settled_pushes(cursor)
                cursor.execute(_DROP_TRIGGERS)
                cursor.execute(upgrades.SQL.read_text(encoding="utf-8"))
                for statement in _triggers():
                    cursor.execute(statement)
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            raise CommandError(
                "Something else is using the database. Stop gunicorn, `manage.py work` and every other command, "
                "then try again. Nothing was changed."
            ) from error
        call_command("migrate", verbosity=options["verbosity"])
        self.stdout.write("The database is upgraded. Empty Redis, then start everything again.")


def _triggers() -> Iterator[str]:
    """The SQL of the triggers, as of the migrations recorded as applied; later migrations change them themselves."""
    loader = MigrationLoader(connection)
    loader.check_consistent_history(connection)
    applied = [migration for migration in loader.applied_migrations if migration in loader.graph.nodes]
    for model in loader.project_state(applied).models.values():
        for trigger in model.options.get("triggers", ()):
            yield trigger.install_sql
