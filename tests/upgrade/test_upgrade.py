"""The one-time upgrade of a database from before 0.1.0, on a small database with rows in every table."""

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
from apps.duplicates.opening import _signature
from apps.invoices import identity
from apps.outbox.models import Push
from apps.outbox.selectors import request_body
from apps.sources.records import ExpenseStatus, loads
from invoicehub import embedded
from invoicehub.upgrades import LAST, SQL

from .schema import described, differences

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300), pytest.mark.xdist_group("upgrade")]

ROOT = Path(__file__).resolve().parents[2]
OLD_DATABASE = [Path(__file__).with_name(name) for name in ("before_0_1_0.sql", "more_rows.sql")]
CREDENTIAL_KEY = "a2V5LW9mLXRoZS11cGdyYWRlLXRlc3QtYW5kLW5vLW0="
SETTLE = """
UPDATE outbox_push SET state = 'done', reason = '', lease_until = NULL, settled_at = now()
 WHERE state NOT IN ('done', 'cancelled')
"""
# Tables that are gone: their rows are change cursors now.
GONE = {"bills_upstreamposition", "vouchers_alarmwatermark"}
# Rows that are dropped: settings for types of bills that are one type now.
DROPPED = {"bills_reservationpolicy": 2, "bills_checksetting": 2}
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
    """A connection to the database, its ``url``, how many rows its tables had before (by their names of today), and the
    answer of the command while pushes were unsettled."""

    database: psycopg.Connection[Any]
    url: str
    rows_before: dict[str, int]
    refusal: str

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
                for path in OLD_DATABASE:
                    database.execute(path.read_bytes())
                    database.execute("SELECT set_config('search_path', 'public', false)")
            refused = run(scratch, "upgrade_before_0_1_0", "-v0")
            with psycopg.connect(scratch, autocommit=True) as database:
                database.execute(SETTLE)
                renamed = dict(re.findall(r"^ALTER TABLE (\w+) RENAME TO (\w+);", SQL.read_text(), re.MULTILINE))
                before = {renamed.get(table, table): number for table, number in rows(database).items()}
                manage(scratch, "upgrade_before_0_1_0", "-v0")
                yield Upgraded(database, scratch, before, refused.stdout + refused.stderr)
        finally:
            maintenance.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(database_url: str, *words: str, **environment: str) -> str:
    done = run(database_url, *words, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run(database_url: str, *words: str, **extra: str) -> subprocess.CompletedProcess[str]:
    dropped = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment |= {"DATABASE_URL": database_url, "INVOICEHUB_DATA_DIR": str(settings.DATA_DIR)} | extra
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


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
    kept = upgraded.rows_before.keys() - WRITTEN_ANEW - GONE
    expected = {table: upgraded.rows_before[table] - DROPPED.get(table, 0) for table in kept}
    assert {table: after.get(table) for table in kept} == expected


def test_unsettled_pushes_are_refused(upgraded: Upgraded) -> None:
    assert "8 pushes are not settled (4 pending, 2 sending, 1 waiting, 1 needs_person)" in upgraded.refusal
    assert "Nothing was changed. Install the last version before 0.1.0 again" in upgraded.refusal


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
    assert codes - {code for code, _sentence in messages.registry.items()} == set()


def test_what_sources_said_can_still_be_read(upgraded: Upgraded) -> None:
    records = upgraded.database.execute("SELECT external_id, record FROM invoices_sourcerecord").fetchall()
    statuses = {external_id: loads(record).expense_status for external_id, record in records}
    assert len(statuses) > 10
    assert {statuses["merge-1"], statuses["merge-2"]} == {ExpenseStatus.RESERVED}
    chosen, claims = upgraded.database.execute(
        "SELECT chosen, claims FROM invoices_fieldconflict WHERE field = 'expense_status'"
    ).fetchall()[0]
    assert (chosen, [claim["value"] for claim in claims]) == ("reserved", ["reserved", "used"])


def test_match_keys_of_one_source_name_it_by_its_id(upgraded: Upgraded) -> None:
    rows = upgraded.database.execute(
        "SELECT source_id, record, keys, identity_version FROM invoices_sourcerecord WHERE keys::text ~ '[LS]:'"
    ).fetchall()
    assert {tuple(keys) for _source, _record, keys, _version in rows} == {
        ("L:9:ORDER2",), ("S:8:dismiss-1",), ("S:9:dismiss-2",),
    }  # fmt: skip
    for source_id, record, keys, version in rows:
        assert (identity.keys(loads(record), source_id), identity.IDENTITY_VERSION) == (tuple(keys), version)
    assert upgraded.values("SELECT DISTINCT identity_version FROM invoices_invoice") == {identity.IDENTITY_VERSION}
    keys_of = "SELECT key FROM {} WHERE key ~ '^[LS]:'"
    own = {"L:9:ORDER2", "S:8:dismiss-1", "S:9:dismiss-2"}
    for table in ("invoices_invoice", "invoices_invoicekey", "duplicates_casemember"):
        assert upgraded.values(keys_of.format(table)) == own
    assert upgraded.values("SELECT key, master_key FROM invoices_mergelink") == {
        ("L:9:ORDER2", "E:25442000000012345678")
    }
    pairs = upgraded.values("SELECT left_key, right_key FROM duplicates_notduplicate WHERE left_key ~ '^[LS]:'")
    assert pairs == {("S:8:dismiss-1", "S:9:dismiss-2")}
    assert "key:S:8:dismiss-1" in upgraded.values("SELECT field FROM invoices_fieldconflict")
    assert upgraded.database.execute("SELECT journal FROM duplicates_casedecision WHERE case_id = 3").fetchall() == [
        ({"master": "E:25442000000012345678", "redirects": ["L:9:ORDER2"], "before": {}},)
    ]


def test_searches_recognise_the_cases(upgraded: Upgraded) -> None:
    assert upgraded.values("SELECT id, signature FROM duplicates_duplicatecase WHERE id IN (3, 4, 5)") == {
        (3, _signature("suspect", ["E:25442000000012345678", "L:9:ORDER2"])),
        (4, _signature("suspect", ["S:8:dismiss-1", "S:9:dismiss-2"])),
        (5, _signature("claim", ["S:8:dismiss-1", "8:dismiss-1", "None:BX-1"])),
    }


def test_followers_of_changes_keep_their_place(upgraded: Upgraded) -> None:
    cursors = upgraded.database.execute("SELECT follower, invoice_id FROM invoices_changecursor").fetchall()
    assert dict(cursors) == {"bills:4": 4, "bills:5": 4, "duplicates": 24, "findings": 0}


def test_of_two_settings_for_one_type_the_stricter_stays(upgraded: Upgraded) -> None:
    settings_of = "SELECT check_code, level, entries FROM bills_checksetting WHERE company_id IS NULL"
    rows = upgraded.database.execute(f"{settings_of} AND bill_type = 'expense' ORDER BY check_code").fetchall()
    assert ("title", "block", []) in rows
    assert ("sum", "block", []) in rows  # equally strict: that of the general type


def test_a_settled_push_from_before_shows_the_body_that_was_sent() -> None:
    push = Push(kind="voucher_collect", state="done", payload='{"accountInfo":{"accountId":"ZT001"}}')
    assert request_body(push) == {"accountInfo": {"accountId": "ZT001"}}


def test_pages_of_upgraded_rows_open_and_a_merge_can_be_undone(upgraded: Upgraded) -> None:
    output = manage(
        upgraded.url, "shell", "--no-imports", "-c", "from tests.upgrade.visits import main; main()",
        DJANGO_SETTINGS_MODULE="tests.settings", INVOICEHUB_CREDENTIAL_KEYS=CREDENTIAL_KEY,
    )  # fmt: skip
    assert re.fullmatch(r"visited \d{3,}\n", output), output


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


def test_findings_keep_the_uses_that_began_before_their_invoice_was_bad(upgraded: Upgraded) -> None:
    """Times that earlier versions did not store are estimated so that no finding is lost."""
    bad = "('void', 'red', 'fully_red', 'lost_control', 'abnormal')"
    wrong = f"SELECT id FROM invoices_invoice WHERE merged_into_id IS NULL AND (bad_since IS NULL) = (status IN {bad})"
    assert upgraded.values(wrong) == set()
    assert upgraded.values("SELECT id FROM bills_billinvoice WHERE began_at > picked_at") == set()
    at_upgrade = "SELECT id FROM vouchers_voucherinvoice WHERE linked_at > now() - interval '10 minutes'"
    assert upgraded.values(at_upgrade) == set()
    unsettled = upgraded.values("SELECT invoice_id FROM vouchers_finding WHERE state <> 'gone'")
    assert unsettled
    assert unsettled == upgraded.values("SELECT invoice_id FROM invoices_usechange")
    used_before = upgraded.values(
        "SELECT i.id FROM invoices_invoice i JOIN bills_billinvoice u ON u.invoice_id = i.id"
        " WHERE u.state <> 'released' AND u.began_at < i.bad_since"
        " UNION SELECT i.id FROM invoices_invoice i JOIN vouchers_voucherinvoice l ON l.invoice_id = i.id"
        " JOIN vouchers_voucher v ON v.id = l.voucher_id WHERE v.state <> 'void' AND l.linked_at < i.bad_since"
    )
    assert {30, 33} <= used_before
    assert 7 not in used_before  # was void two seconds before its bill took it: a false alarm, which ends
