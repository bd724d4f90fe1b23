"""Reads a table of accounts or of dimension items from an Excel or CSV file, and makes its template.

The first row has the headings, in Chinese or English. All cells come as text: what they mean decides ``rows``.
"""

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

import xlsxwriter

from apps.core import workbooks
from apps.core.errors import BadRecord

FORMATS = (".xlsx", ".csv")
MOST = 5000  # rows
Raw = dict[str, str]

# Column → its headings; the first one, Chinese, stands in the template.
ACCOUNT_COLUMNS: Mapping[str, Sequence[str]] = {
    "code": ("科目编码", "科目代码", "编码", "代码", "account code", "code"),
    "name": ("科目名称", "名称", "account name", "name"),
    "parent": ("上级科目", "上级科目编码", "上级编码", "parent account", "parent"),
    "direction": ("余额方向", "借贷方向", "方向", "normal side", "balance side", "direction"),
    "dimensions": ("核算维度", "辅助核算", "required dimensions", "dimensions"),
    "active": ("启用", "是否启用", "active", "enabled"),
}
ITEM_COLUMNS: Mapping[str, Sequence[str]] = {
    "kind": ("核算维度", "维度", "dimension", "kind"),
    "code": ("编码", "代码", "code"),
    "name": ("名称", "name"),
    "active": ("启用", "是否启用", "active", "enabled"),
}


def read(file: IO[bytes], name: str, columns: Mapping[str, Sequence[str]], required: Iterable[str]) -> list[Raw]:
    """The rows of the file by column; ``line`` has the number of each. Raises BadRecord when it cannot be read as such
    a table."""
    try:
        lines = _csv(file) if name.lower().endswith(".csv") else _xlsx(file)
        return list(_rows(lines, columns, required))
    except (workbooks.UnreadableWorkbookError, UnicodeDecodeError, csv.Error) as error:
        raise BadRecord("chart_import.unreadable") from error


def template(columns: Mapping[str, Sequence[str]]) -> bytes:
    """An empty workbook with the headings. Its cells are text, so that 1001.10 stays what was typed."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet, bold, text = (
            book.add_worksheet(),
            book.add_format({"bold": True}),
            book.add_format({"num_format": "@"}),
        )
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 18, text)
        for at, headings in enumerate(columns.values()):
            sheet.write_string(0, at, headings[0], bold)
    return file.getvalue()


def _rows(
    lines: Iterator[tuple[int, list[str]]], columns: Mapping[str, Sequence[str]], required: Iterable[str]
) -> Iterator[Raw]:
    _line, heading = next(lines, (1, []))
    names = _columns(heading, columns)
    for column in required:
        if column not in names:
            raise BadRecord("chart_import.no_column", column=columns[column][0])
    count = 0
    for line, cells in lines:
        row = {name: cell for name, cell in zip(names, cells, strict=False) if name}
        if not any(row.values()):
            continue
        count += 1
        if count > MOST:
            raise BadRecord("chart_import.too_many", most=MOST)
        yield {**row, "line": str(line)}


def _columns(heading: Sequence[str], columns: Mapping[str, Sequence[str]]) -> list[str]:
    """The column of each heading; '' for an empty one. Raises BadRecord for one that is unknown or there twice."""
    by_heading = {text: name for name, headings in columns.items() for text in headings}
    names: list[str] = []
    for cell in heading:
        name = by_heading.get(_folded(cell), "")
        if (cell and not name) or (name and name in names):
            code = "chart_import.column_twice" if name else "chart_import.unknown_column"
            raise BadRecord(code, column=cell[:60])
        names.append(name)
    return names


def _folded(heading: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", heading).lower().strip("* ").split())


def _xlsx(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    with workbooks.opened(file, values=True) as book:
        if not book.worksheets:
            raise BadRecord("chart_import.unreadable")
        for line, values in enumerate(workbooks.rows(book.worksheets[0]), 1):
            yield line, [workbooks.text(value) for value in values]


def _csv(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """UTF-8 or UTF-16 as the byte order mark says, else UTF-8, else GB 18030, which Excel saves in China."""
    reader: Any = csv.reader(io.StringIO(_decoded(file.read()), newline=""), strict=True)
    for cells in reader:
        yield reader.line_num, [cell.strip() for cell in cells]


def _decoded(content: bytes) -> str:
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")
