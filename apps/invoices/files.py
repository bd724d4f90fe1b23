"""Rows of a file in the canonical fields: JSONL, CSV or Excel, one at a time. What ``exports`` writes, this reads.

A row that cannot be read at all becomes ``{"unreadable": text}``, so that it can wait in quarantine like any other.
"""

import codecs
import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import openpyxl

from .canonical import FIELDS
from .exports import INVOICE_SHEET, LINE_SHEET
from .imports import UNREADABLE

FORMATS = ("jsonl", "csv", "xlsx")
_STRUCTURED = ("travel", "lines", "flags", "sources", "bills", "vouchers")
_FORMULA_STARTS = ("@", "+", "-", "=", "|", "%")
_decode = msgspec.json.Decoder(float_hook=Decimal).decode
_Row = dict[str, Any]


class UnknownColumnsError(Exception):
    """The heading names columns that no canonical field is called; ``args[0]`` lists them."""


def rows(path: Path, format: str) -> Iterator[tuple[int, _Row]]:  # noqa: A002 - what the option is called
    """(line or row number, row). Raises UnknownColumnsError for a table with another heading; OSError."""
    return {"jsonl": _jsonl, "csv": _csv, "xlsx": _xlsx}[format](path)


def _jsonl(path: Path) -> Iterator[tuple[int, _Row]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            line = line.removeprefix(codecs.BOM_UTF8).strip()
            if line:
                yield number, _object(line)


def _object(line: bytes) -> _Row:
    try:
        found = _decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {UNREADABLE: line[:2000].decode("utf-8", "replace")}


def _csv(path: Path) -> Iterator[tuple[int, _Row]]:
    with path.open(encoding=_encoding(path), newline="") as file:
        reader = csv.DictReader(file, restkey=UNREADABLE)
        _check(reader.fieldnames or ())
        for row in reader:
            if UNREADABLE in row:
                yield reader.line_num, {UNREADABLE: ",".join(str(value) for value in row.values())[:2000]}
            else:
                yield reader.line_num, _unfolded({name: _unescaped(text or "") for name, text in row.items()})


def _encoding(path: Path) -> str:
    """UTF-8, or what Excel saves in China."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8-sig"


def _unescaped(text: str) -> str:
    """Undo what keeps Excel from running a cell (``defusedcsv``)."""
    return text[1:].replace("\\|", "|") if text[:1] == "'" and text[1:2] in _FORMULA_STARTS else text


def _xlsx(path: Path) -> Iterator[tuple[int, _Row]]:
    book = openpyxl.load_workbook(path, read_only=True)
    try:
        lines = _lines(book[LINE_SHEET]) if LINE_SHEET in book.sheetnames else {}
        sheet = book[INVOICE_SHEET] if INVOICE_SHEET in book.sheetnames else book.worksheets[0]
        found = sheet.iter_rows(values_only=True)
        heading = [str(name) for name in next(found, ()) if name is not None]
        _check(heading)
        for number, values in enumerate(found, 2):
            if any(value is not None for value in values):
                row = _unfolded({name: _text(value) for name, value in zip(heading, values, strict=False)})
                yield number, row | ({"lines": lines[row["key"]]} if row.get("key") in lines else {})
    finally:
        book.close()


def _lines(sheet: Any) -> Mapping[str, list[_Row]]:
    found: dict[str, list[_Row]] = defaultdict(list)
    rows = sheet.iter_rows(values_only=True)
    heading = [str(name) for name in next(rows, ())]
    for values in rows:
        line = {name: _text(value) for name, value in zip(heading, values, strict=False) if value is not None}
        found[line.pop("key", "")].append(line)
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    return str(value)


def _check(heading: Any) -> None:
    unknown = [name for name in heading if name not in FIELDS]
    if unknown or not heading:
        raise UnknownColumnsError(", ".join(unknown))


def _unfolded(row: Mapping[str, str]) -> _Row:
    """Structured fields from their JSON text; text that is none stays, and the record will be refused."""
    found: _Row = dict(row)
    for name in _STRUCTURED:
        if found.get(name):
            try:
                found[name] = _decode(found[name])
            except msgspec.DecodeError:
                continue
    return found
