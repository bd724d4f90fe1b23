"""The whole ledger joined with itself, in a column store inside this process.

PostgreSQL needs real tables in the ledger's database for the same joins; DuckDB runs the same text over a narrow copy
of the ledger that one COPY takes at one moment (``docs/decisions/0009-a-column-store-for-one-search.md``). Nothing is
kept; what does not fit into ``SEARCH_MEMORY_MB`` goes to the data directory for as long as it takes.
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
# The text that COPY writes, told in full: guessing fails on an empty ledger. Cores read a buffer each.
_FORMAT = """
auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', new_line = '\\n', nullstr = '',
allow_quoted_nulls = false, buffer_size = 8388608
"""


@contextmanager
def joined_with_itself(
    ledger: str, views: Mapping[str, str], branches: Sequence[str], pairs: str
) -> Iterator[tuple[int, Iterator[Sequence[Any]]]]:
    """How many rows the query ``ledger`` gives, and what the query ``pairs`` says of the pairs (l, r) that ``branches``
    find. All but the first run over the table ``ledger`` and the ``views`` of it. One at a time in a database."""
    with _directory() as directory, _store(directory) as store:
        rows = _copied(ledger, directory / "ledger.csv", store)
        for name, view in views.items():
            store.execute(f"CREATE VIEW {name} AS {view}")
        store.execute("CREATE TABLE found (l BIGINT, r BIGINT)")
        for branch in branches:
            store.execute(f"INSERT INTO found {branch}")
        store.execute("CREATE TABLE pairs AS SELECT DISTINCT l, r FROM found")
        yield rows, _streamed(store, pairs)


@contextmanager
def _directory() -> Iterator[Path]:
    """A directory of this database alone. What a killed search left there goes first."""
    directory = settings.DATA_DIR / "search" / str(connection.settings_dict["NAME"])
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(mode=0o700, parents=True)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _store(directory: Path) -> "DuckDBPyConnection":
    import duckdb  # a tenth of a second that only a full search pays

    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{settings.SEARCH_MEMORY_MB}MB",
        "temp_directory": str(directory),
        "autoinstall_known_extensions": "false",  # it never asks the network for anything
    }
    return duckdb.connect(config=config)


def _copied(ledger: str, file: Path, store: "DuckDBPyConnection") -> int:
    """Make the table ``ledger`` of what the query gives."""
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


def _streamed(store: "DuckDBPyConnection", statement: str) -> Iterator[Sequence[Any]]:
    result = store.execute(statement)
    while rows := result.fetchmany(_CHUNK):
        yield from rows
