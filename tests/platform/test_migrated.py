"""The database that test databases are copied from is never an old one."""

from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests import migrated


@pytest.mark.django_db
def test_nothing_is_left_to_migrate() -> None:
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_what_a_migration_imports_of_ours_counts(tmp_path: Path) -> None:
    file = tmp_path / "0001_initial.py"
    file.write_text("import apps.core.fields\nfrom apps.accounts import roles\nfrom django.db import models\n")
    rooms = migrated.ROOT / "apps"
    assert set(migrated._imports(file)) == {rooms / "core" / "fields.py", rooms / "accounts" / "roles.py"}


def test_a_migration_that_was_changed_gets_a_template_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    before = migrated.fingerprint()
    assert migrated.fingerprint() == before
    read = Path.read_bytes

    def changed(file: Path) -> bytes:
        ours = file.parent.name == "migrations" and file.is_relative_to(migrated.ROOT / "apps")
        return read(file) + b"# changed" * ours

    monkeypatch.setattr(Path, "read_bytes", changed)
    assert migrated.fingerprint() != before
