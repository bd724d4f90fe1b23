"""Excel workbooks from untrusted sources, with their cells as text.

The dimensions a sheet states may be wrong, and openpyxl then silently drops rows, so they are ignored. Excel stores
fifteen digits of a number, so a longer one differs from what was typed.
"""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import openpyxl

_MOST_UNPACKED = 100 * 1024 * 1024  # bytes; more must not be packed closer than tables are
_MOST_RATIO = 100
_MOST_ROWS = 1_048_577  # one more than Excel has
_EXACT_BELOW = 10**15
_ROUNDED = re.compile(r"\d(?:\.\d+E\+?|E\+)\d+", re.IGNORECASE)


class UnreadableWorkbookError(Exception):
    """Not a workbook, a damaged one, or one built to exhaust memory."""


@contextmanager
def opened(file: Path | IO[bytes], *, values: bool) -> Iterator[Any]:
    """The workbook, to be read from top to bottom; ``values``: results of formulas in place of the formulas.

    Raises UnreadableWorkbookError.
    """
    try:
        _refuse_bombs(file)
        book = openpyxl.load_workbook(file, read_only=True, data_only=values)
    except OSError:
        raise
    except Exception as error:  # openpyxl raises whatever the damage happens to cause
        raise UnreadableWorkbookError from error
    try:
        yield book
    finally:
        book.close()


def rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """The values of every row there is, empty ones included. Raises UnreadableWorkbookError."""
    sheet.reset_dimensions()
    remaining = sheet.iter_rows(values_only=True)
    for _number in range(_MOST_ROWS):
        try:
            row = next(remaining)
        except StopIteration:
            return
        except Exception as error:
            raise UnreadableWorkbookError from error
        yield row
    raise UnreadableWorkbookError


def text(value: Any) -> str:
    """A cell as text: days as yyyy-MM-dd, numbers in full. One of more digits than Excel keeps comes in scientific
    notation (2.4E+19), so that nobody takes it for what was typed (``rounded``)."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= _EXACT_BELOW:
            return f"{Decimal(value):.14E}"
        return format(Decimal(format(value, ".15g")), "f")
    return str(value).strip()


def rounded(text: str) -> bool:
    """Whether this is how spreadsheets write a number they cannot hold, and save it as CSV: no invoice's number."""
    return _ROUNDED.fullmatch(text) is not None


def _refuse_bombs(file: Path | IO[bytes]) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unpacked > _MOST_UNPACKED and unpacked > packed * _MOST_RATIO:
        raise UnreadableWorkbookError
