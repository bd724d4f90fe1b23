"""Joins the whole ledger with itself in a column store (DuckDB) inside this process.

PostgreSQL would need real tables in the ledger's database for these joins; DuckDB runs the same SQL over a narrow
snapshot of the ledger taken by one COPY (``docs/decisions/0009-a-column-store-for-one-search.md``). Data above
``SEARCH_MEMORY_MB`` is spilled to the data directory; everything is deleted after the search.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_CHUNK = 10_000
_TYPES = {
    "id": "BIGINT",
    "issued": "DATE",
    "total": "DECIMAL(18, 2)",
    "excl_tax": "DECIMAL(18, 2)",
    "sources": "BIGINT[]",
    "companies": "BIGINT[]",
    "listed": "BOOLEAN",
    "verified": "BOOLEAN",
}
# The CSV that COPY writes. Complete, because detection fails on an empty ledger; each core reads a buffer of its own.
_FORMAT = """
auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', new_line = '\\n', nullstr = '',
allow_quoted_nulls = false, buffer_size = 8388608
"""


@contextmanager
def joined_with_itself(
    ledger: str, views: Mapping[str, str], branches: Sequence[str], pairs: str
) -> Iterator[tuple[int, Iterator[Sequence[Any]]]]:
    """The number of rows of the query ``ledger``, and the rows of the query ``pairs`` over the id pairs (l, r) that the
    queries ``branches`` select. All but the first query read the table ``ledger`` and its ``views``. One search at a
    time per database."""
    with _directory() as directory, _store(directory) as store:
        row_count = _load(ledger, directory / "ledger.csv", store)
        for name, view in views.items():
            store.execute(f"CREATE VIEW {name} AS {view}")
        store.execute("CREATE TABLE selected (l BIGINT, r BIGINT)")
        for branch in branches:
            store.execute(f"INSERT INTO selected {branch}")
        store.execute("CREATE TABLE pairs AS SELECT DISTINCT l, r FROM selected")
        yield row_count, _stream(store, pairs)


@contextmanager
def _directory() -> Iterator[Path]:
    """A directory for this database. Files that a killed search left there are deleted first."""
    directory = settings.DATA_DIR / "search" / str(connection.settings_dict["NAME"])
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(mode=0o700, parents=True)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _store(directory: Path) -> "DuckDBPyConnection":
    import duckdb  # imported here because the import takes 0.1 s and only a full search needs it

    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{settings.SEARCH_MEMORY_MB}MB",
        "temp_directory": str(directory),
        "autoinstall_known_extensions": "false",  # no downloads
    }
    return duckdb.connect(config=config)


def _load(ledger: str, file: Path, store: "DuckDBPyConnection") -> int:
    """Create the table ``ledger`` from the query's rows; returns their number."""
    with connection.cursor() as cursor, file.open("wb") as stream:
        cursor.execute(f"{ledger} LIMIT 0")
        names = [column.name for column in cursor.description]
        values = ", ".join(f"to_json({name})" if _TYPES.get(name) == "BIGINT[]" else name for name in names)
        with cursor.copy(f"COPY (SELECT {values} FROM ({ledger}) AS one) TO STDOUT (FORMAT csv)") as copy:  # noqa: S608
            for block in copy:
                stream.write(block)
        rows = int(cursor.rowcount)
    columns = {name: _TYPES.get(name, "VARCHAR") for name in names}
    store.execute(f"CREATE TABLE ledger AS FROM read_csv($file, columns = {columns}, {_FORMAT})", {"file": str(file)})
    file.unlink()
    return rows


def _stream(store: "DuckDBPyConnection", statement: str) -> Iterator[Sequence[Any]]:
    result = store.execute(statement)
    while rows := result.fetchmany(_CHUNK):
        yield from rows
