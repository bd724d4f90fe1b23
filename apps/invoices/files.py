"""Reads rows in the canonical fields from JSONL, CSV and Excel files, one at a time; the counterpart of ``exports``.

A row that cannot be read at all becomes ``{"unreadable": text}``, so that it can be quarantined like any other. A table
that is damaged as a whole raises before its first row is yielded, so that no part of it is imported.
"""

import codecs
import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from apps.core import workbooks

from .canonical import FIELDS, STRUCTURED
from .exports import INVOICE_SHEET, LINE_SHEET
from .imports import UNREADABLE

FORMATS = ("jsonl", "csv", "xlsx")
_FORMULA_STARTS = ("@", "+", "-", "=", "|", "%")
_LONGEST_FIELD = 10_000_000  # characters; a longer one is a quotation mark that was never closed
_decode = msgspec.json.Decoder(float_hook=Decimal).decode
_Row = dict[str, Any]


class UnknownColumnsError(Exception):
    """The heading has names that are no canonical fields, or one name twice; ``args[0]`` lists them."""


class UnreadableFileError(Exception):
    """The file has another format than its name, or breaks off at ``line`` (0 when the line is unknown)."""

    def __init__(self, line: int = 0) -> None:
        super().__init__(line)
        self.line = line


def rows(path: Path, format: str) -> Iterator[tuple[int, _Row]]:  # noqa: A002 - what the option is called
    """(line or row number, row). Raises UnknownColumnsError for a table with another heading, UnreadableFileError,
    OSError."""
    return {"jsonl": _jsonl, "csv": _csv, "xlsx": _xlsx}[format](path)


def _jsonl(path: Path) -> Iterator[tuple[int, _Row]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            line = line.removeprefix(codecs.BOM_UTF8).strip()
            if line:
                yield number, _object(line)


def _object(line: bytes) -> _Row:
    try:
        row = _decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        row = None
    return row if isinstance(row, dict) else {UNREADABLE: line[:2000].decode("utf-8", "replace")}


def _csv(path: Path) -> Iterator[tuple[int, _Row]]:
    encoding = _encoding(path)
    _read_through(path, encoding)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.DictReader(file, restkey=UNREADABLE, strict=True)
        _check(reader.fieldnames or ())
        for row in reader:
            if UNREADABLE in row:
                yield reader.line_num, {UNREADABLE: ",".join(str(value) for value in row.values())[:2000]}
            else:
                yield reader.line_num, _decoded_structures({name: _unescaped(text or "") for name, text in row.items()})


def _read_through(path: Path, encoding: str) -> None:
    """Raises UnreadableFileError where the encoding fails, or a row begins whose quotation mark is never closed."""
    csv.field_size_limit(_LONGEST_FIELD)
    line = 0
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            for _row in reader:
                line = reader.line_num
        except (csv.Error, UnicodeDecodeError) as error:
            raise UnreadableFileError(line + 1) from error


def _encoding(path: Path) -> str:
    """The encoding that a byte order mark names, else UTF-8, else GB 18030, which Excel saves in China."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        try:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8-sig"


def _unescaped(text: str) -> str:
    """Undo the escaping by which ``defusedcsv`` keeps Excel from running a cell as a formula."""
    return text[1:].replace("\\|", "|") if text[:1] == "'" and text[1:2] in _FORMULA_STARTS else text


def _xlsx(path: Path) -> Iterator[tuple[int, _Row]]:
    try:
        with workbooks.opened(path, values=False) as book:
            sheet = book[INVOICE_SHEET] if INVOICE_SHEET in book.sheetnames else next(iter(book.worksheets), None)
            if sheet is None:
                raise UnreadableFileError
            lines = _lines(book[LINE_SHEET]) if LINE_SHEET in book.sheetnames else {}
            heading = _heading(next(workbooks.rows(sheet), ()))
            _check(name for name in heading if name)
            for _row in workbooks.rows(sheet):
                pass  # raises for damage before the first row is yielded
            table = workbooks.rows(sheet)
            next(table)
            for number, values in enumerate(table, 2):
                if any(value is not None for value in values):
                    row = _table_row(heading, values)
                    yield number, row | ({"lines": lines[row["key"]]} if row.get("key") in lines else {})
    except workbooks.UnreadableWorkbookError as error:
        raise UnreadableFileError from error


def _heading(values: tuple[Any, ...]) -> list[str]:
    return [workbooks.text(value) for value in values]


def _table_row(heading: list[str], values: tuple[Any, ...]) -> _Row:
    texts = [workbooks.text(value) for value in values]
    named = [*heading, *[""] * (len(texts) - len(heading))]
    if any(text and not name for name, text in zip(named, texts, strict=False)):
        return {UNREADABLE: ",".join(texts)[:2000]}
    return _decoded_structures({name: text for name, text in zip(named, texts, strict=False) if name})


def _lines(sheet: Any) -> Mapping[str, list[_Row]]:
    lines: dict[str, list[_Row]] = defaultdict(list)
    rows = workbooks.rows(sheet)
    heading = _heading(next(rows, ()))
    for values in rows:
        line = {name: workbooks.text(value) for name, value in zip(heading, values, strict=False) if value is not None}
        lines[line.pop("key", "")].append(line)
    return lines


def _check(heading: Iterable[str]) -> None:
    names = list(heading)
    wrong = [name for name in names if name not in FIELDS or names.count(name) > 1]
    if wrong or not names:
        raise UnknownColumnsError(", ".join(dict.fromkeys(wrong)))


def _decoded_structures(row: Mapping[str, str]) -> _Row:
    """Structured fields decoded from JSON text. Other text stays as it is, and the record will be refused."""
    decoded: _Row = dict(row)
    for name in STRUCTURED:
        if decoded.get(name):
            try:
                decoded[name] = _decode(decoded[name])
            except (msgspec.DecodeError, RecursionError):
                continue
    return decoded
