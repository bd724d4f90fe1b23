"""The whole ledger joined with itself, in a column store inside this process.

PostgreSQL takes three times as long for the same joins and needs real tables for them; DuckDB runs the same text over a
narrow copy of the ledger that one COPY takes at one moment. Nothing is kept.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection

_MEMORY, _CHUNK = "800MB", 10_000
_TYPES = {
    "id": "BIGINT",
    "issued": "DATE",
    "total": "DECIMAL(18, 2)",
    "excl_tax": "DECIMAL(18, 2)",
    "sources": "BIGINT[]",
    "companies": "BIGINT[]",
    "proven": "BOOLEAN",
}


@contextmanager
def joined_with_itself(
    ledger: str, views: Mapping[str, str], branches: Sequence[str], pairs: str
) -> Iterator[tuple[int, Iterator[Sequence[Any]]]]:
    """How many rows the query ``ledger`` gives, and what the query ``pairs`` says of the pairs (l, r) that ``branches``
    find. All but the first run over the table ``ledger`` and the ``views`` of it."""
    with tempfile.TemporaryDirectory() as directory, duckdb.connect(config={"memory_limit": _MEMORY}) as store:
        store.execute(f"SET temp_directory = '{directory}'")
        rows = _copied(ledger, Path(directory) / "ledger.csv", store)
        for name, view in views.items():
            store.execute(f"CREATE VIEW {name} AS {view}")
        store.execute("CREATE TABLE found (l BIGINT, r BIGINT)")
        for branch in branches:
            store.execute(f"INSERT INTO found {branch}")
        store.execute("CREATE TABLE pairs AS SELECT DISTINCT l, r FROM found")
        yield rows, _streamed(store, pairs)


def _copied(ledger: str, file: Path, store: duckdb.DuckDBPyConnection) -> int:
    """Make the table ``ledger`` of what the query gives."""
    with connection.cursor() as cursor, file.open("wb") as stream:
        cursor.execute(f"{ledger} LIMIT 0")
        names = [column.name for column in cursor.description]
        values = ", ".join(f"to_json({name})" if _TYPES.get(name) == "BIGINT[]" else name for name in names)
        with cursor.copy(f"COPY (SELECT {values} FROM ({ledger}) AS one) TO STDOUT (FORMAT csv)") as copy:  # noqa: S608
            for block in copy:
                stream.write(block)
        rows = int(cursor.rowcount)
    types = ", ".join(f"'{name}': '{_TYPES.get(name, 'VARCHAR')}'" for name in names)
    text = f"'{file}', header = false, columns = {{{types}}}, nullstr = '', allow_quoted_nulls = false"
    store.execute(f"CREATE TABLE ledger AS SELECT * FROM read_csv({text})")  # noqa: S608
    file.unlink()
    return rows


def _streamed(store: duckdb.DuckDBPyConnection, statement: str) -> Iterator[Sequence[Any]]:
    result = store.execute(statement)
    while rows := result.fetchmany(_CHUNK):
        yield from rows
