"""The one-time way from a database of before 0.1.0 to one of today, on a small database with rows in every table."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from apps.core import messages
from apps.sources.records import loads
from invoicehub import embedded
from invoicehub.upgrades import LAST, SQL

from .schema import described, differences

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300), pytest.mark.xdist_group("upgrade")]

ROOT = Path(__file__).resolve().parents[2]
OLD_DATABASE = Path(__file__).with_name("before_0_1_0.sql")
# Django writes these itself; tests of their own compare them with those of a new database.
WRITTEN_ANEW = {"auth_permission", "auth_group_permissions", "django_content_type", "django_migrations"}
ROLES = """
SELECT g.name, t.app_label, p.codename FROM auth_group_permissions l JOIN auth_group g ON g.id = l.group_id
  JOIN auth_permission p ON p.id = l.permission_id JOIN django_content_type t ON t.id = p.content_type_id
"""
KINDS = """
SELECT t.app_label, t.model, p.codename, p.name
  FROM django_content_type t LEFT JOIN auth_permission p ON p.content_type_id = t.id
"""
MIGRATIONS = "SELECT app, name FROM django_migrations"


@dataclass
class Upgraded:
    """A connection to the database, and how many rows its tables had before, by their names of today."""

    database: psycopg.Connection[Any]
    rows_before: dict[str, int]

    def values(self, statement: str) -> set[Any]:
        rows = self.database.execute(statement).fetchall()
        return {row[0] if len(row) == 1 else row for row in rows}


@pytest.fixture(scope="module")
def upgraded() -> Iterator[Upgraded]:
    url = embedded.endpoints(settings.DATA_DIR).database_url if "postgres" in settings.EMBEDDED else None
    server = urlsplit(url or os.environ["DATABASE_URL"])
    name = f"upgrade_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    scratch = server._replace(path=f"/{name}").geturl()
    with psycopg.connect(server.geturl(), autocommit=True) as maintenance:
        maintenance.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        maintenance.execute(f"CREATE DATABASE {name}")
        try:
            with psycopg.connect(scratch, autocommit=True) as database:
                database.execute(OLD_DATABASE.read_bytes())
            with psycopg.connect(scratch, autocommit=True) as database:
                renamed = dict(re.findall(r"^ALTER TABLE (\w+) RENAME TO (\w+);", SQL.read_text(), re.MULTILINE))
                before = {renamed.get(table, table): number for table, number in rows(database).items()}
                manage(scratch, "upgrade_before_0_1_0", "-v0")
                yield Upgraded(database, before)
        finally:
            maintenance.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(database_url: str, *words: str) -> None:
    dropped = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment |= {"DATABASE_URL": database_url, "INVOICEHUB_DATA_DIR": str(settings.DATA_DIR)}
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def rows(database: psycopg.Connection[Any]) -> dict[str, int]:
    """Table → how many rows."""
    tables = [row[0] for row in database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    counts = [
        sql.SQL("SELECT {}, count(*) FROM {}").format(sql.Literal(table), sql.Identifier(table)) for table in tables
    ]
    return dict(database.execute(sql.SQL(" UNION ALL ").join(counts)).fetchall())


def of_today(statement: str) -> set[Any]:
    """What a database says that today's migrations made."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return set(cursor.fetchall())


def test_the_schema_is_that_of_a_new_database(upgraded: Upgraded) -> None:
    with connection.cursor() as cursor, upgraded.database.cursor() as upgraded_cursor:
        assert "\n".join(differences(described(upgraded_cursor), described(cursor))) == ""


def test_no_row_is_lost_or_added(upgraded: Upgraded) -> None:
    after = rows(upgraded.database)
    assert {table for table, number in upgraded.rows_before.items() if not number} == set()
    kept = upgraded.rows_before.keys() - WRITTEN_ANEW
    assert {table: after.get(table) for table in kept} == {table: upgraded.rows_before[table] for table in kept}


def test_migrations_models_permissions_and_roles_are_those_of_a_new_database(upgraded: Upgraded) -> None:
    assert upgraded.values(MIGRATIONS) == of_today(MIGRATIONS)
    assert upgraded.values(KINDS) == of_today(KINDS)
    assert {row for row in upgraded.values(ROLES) if not row[0].startswith("自定义")} == of_today(ROLES)


def test_what_groups_and_people_were_given_besides_stays_theirs(upgraded: Upgraded) -> None:
    assert len([row for row in upgraded.values(ROLES) if row[0].startswith("自定义")]) == 5
    assert len(upgraded.values("SELECT permission_id FROM accounts_user_user_permissions")) == 2


def test_every_value_is_one_that_the_models_know(upgraded: Upgraded) -> None:
    strange = {}
    for model in apps.get_models():
        if model._meta.app_label not in LAST or model._meta.proxy:
            continue
        for field in model._meta.concrete_fields:
            inner = field.base_field if isinstance(field, ArrayField) else field
            if not isinstance(inner, models.CharField) or not inner.choices:
                continue
            column = f"unnest({field.column})" if inner is not field else field.column
            stored = upgraded.values(f"SELECT DISTINCT {column} FROM {model._meta.db_table}")
            unknown = stored - {value for value, _label in inner.flatchoices} - {"" if inner.blank else None, None}
            if unknown:
                strange[f"{model._meta.label}.{field.name}"] = unknown
    assert strange == {}


def test_what_is_kept_as_json_can_still_be_read(upgraded: Upgraded) -> None:
    columns = upgraded.values(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'jsonb'"
    )
    codes: set[str] = set()
    for table, column in columns:
        path = "$.** ? (exists(@.code) && exists(@.params)).code"
        codes |= upgraded.values(f"SELECT DISTINCT jsonb_path_query({column}, '{path}') FROM {table}")
    assert len(codes) > 10
    assert codes - messages._catalog.keys() == set()


def test_what_sources_said_can_still_be_read(upgraded: Upgraded) -> None:
    table = apps.get_model("invoices", "Sighting")._meta.db_table
    records = upgraded.values(f"SELECT record FROM {table}")
    assert len([loads(record) for record in records]) > 10


@pytest.fixture
def recorded() -> Iterator[CursorWrapper]:
    """No migration of ours is recorded, which ends with the test; the cursor may record others."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = ANY(%s)", [list(LAST)])
        yield cursor


def test_an_empty_database_needs_no_upgrade(recorded: CursorWrapper) -> None:
    with pytest.raises(CommandError, match="This database is empty"):
        call_command("upgrade_before_0_1_0")


def test_a_database_of_another_time_is_refused(recorded: CursorWrapper) -> None:
    recorded.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('bills', '0012_lists', now())")
    with pytest.raises(CommandError, match=r"bills at 0012_lists instead of 0013_stamp_changes.*Nothing was changed"):
        call_command("upgrade_before_0_1_0")


def test_migrate_refuses_a_database_from_before(recorded: CursorWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LAST, "bills", "0000_gone")
    recorded.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('bills', '0000_gone', now())")
    with pytest.raises(CommandError, match=r"bills\.0000_gone made it.*run `manage.py upgrade_before_0_1_0` once"):
        call_command("migrate")
