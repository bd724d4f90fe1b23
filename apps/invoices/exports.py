"""Writes the canonical fields as JSONL, CSV and Excel. Every writer takes rows one at a time and keeps none.

In the tables, structured fields are JSON text; Excel has the lines of goods on a sheet of their own, because a cell
holds at most 32 767 characters.
"""

import csv
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import IO, Any

import msgspec
import xlsxwriter
from defusedcsv import csv as safe_csv

from .canonical import FIELDS, LINE_FIELDS
from .fields import AMOUNT_FIELDS

Row = Mapping[str, Any]

_AMOUNTS = frozenset({*AMOUNT_FIELDS, "amount"})  # of invoices and of their lines
SHEET_ROWS = 1_048_575  # of an Excel sheet, without the heading
INVOICE_SHEET, LINE_SHEET = "invoices", "lines"
_EXACT = Decimal("1e12")  # Excel keeps fifteen digits; greater amounts are written as text


class TooManyRowsError(Exception):
    """An Excel sheet cannot hold that many."""


def write_jsonl(rows: Iterable[Row], file: IO[bytes]) -> int:
    """One object per line. Returns the number of rows."""
    count = 0
    for row in rows:
        file.write(msgspec.json.encode(row) + b"\n")
        count += 1
    return count


def write_csv(rows: Iterable[Row], file: IO[str]) -> int:
    """With a byte order mark, so that Excel reads UTF-8, and cells that Excel would run as formulas escaped. Returns
    the number of rows."""
    file.write("\ufeff")
    writer = safe_csv.writer(file, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow(FIELDS)
    count = 0
    for row in rows:
        writer.writerow([_cell(row[name]) for name in FIELDS])
        count += 1
    return count


def write_xlsx(rows: Iterable[Row], file: IO[bytes]) -> int:
    """Returns the number of rows; raises TooManyRowsError when a sheet cannot hold them."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        amount_format = book.add_format({"num_format": "#,##0.00"})
        invoices, lines = book.add_worksheet(INVOICE_SHEET), book.add_worksheet(LINE_SHEET)
        names = [name for name in FIELDS if name != "lines"]
        _write_row(invoices, 0, names, names, amount_format)
        _write_row(lines, 0, ["key", *LINE_FIELDS], ["key", *LINE_FIELDS], amount_format)
        count = line_count = 0
        for row in rows:
            count += 1
            _write_row(invoices, count, names, [row[name] for name in names], amount_format)
            for line in row["lines"]:
                line_count += 1
                _write_row(lines, line_count, ["key", *LINE_FIELDS], [row["key"], *line.values()], amount_format)
        return count


def _write_row(sheet: Any, at: int, names: Iterable[str], values: Iterable[Any], amount_format: Any) -> None:
    if at > SHEET_ROWS:
        raise TooManyRowsError
    for column, (name, value) in enumerate(zip(names, values, strict=True)):
        if at and name in _AMOUNTS and value is not None and abs(Decimal(value)) < _EXACT:
            sheet.write_number(at, column, Decimal(value), amount_format)
        elif (text := _cell(value)) != "":
            sheet.write_string(at, column, text)


def _cell(value: Any) -> str:
    if value is None or value == []:
        return ""
    return str(value) if isinstance(value, (str, int)) else msgspec.json.encode(value).decode()
