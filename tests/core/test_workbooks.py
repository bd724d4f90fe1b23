"""Damaged workbooks, workbooks with a wrong declared size, and numbers that Excel has rounded."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import workbooks
from apps.core.workbooks import UnreadableWorkbookError, rounded

SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"


def workbook(*rows: list[Any]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


GOOD = workbook(["number"], ["12345678"])


def altered(part: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """The good workbook with one of its parts changed, or left out for None."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(old.read(name)) if name == part else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return file.getvalue()


def more(rows: bytes) -> bytes:
    return altered(SHEET, lambda sheet: sheet.replace(b"</sheetData>", rows + b"</sheetData>"))


def read(content: bytes) -> list[list[str]]:
    with workbooks.opened(io.BytesIO(content), values=True) as book:
        return [[workbooks.text(value) for value in row] for row in workbooks.rows(book.worksheets[0])]


def test_rows_beyond_the_declared_size_are_read() -> None:
    content = more(b'<row r="5"><c r="C5"><v>7</v></c></row>')
    assert b'<dimension ref="A1:A2"' in zipfile.ZipFile(io.BytesIO(content)).read(SHEET)
    rows_read = read(content)
    assert rows_read[1] == ["12345678"]
    assert rows_read[-1] == ["", "", "7"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no workbook",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        GOOD[: len(GOOD) // 2],
        altered(BOOK, lambda part: None),
        altered(SHEET, lambda part: part[:-40]),
        altered(SHEET, lambda part: part.replace(b'r="A2"', b'r="0A"')),
        more(b'<row r="9"><c r="A9" t="s"><v>99999</v></c></row>'),
        more(b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + bytes(120_000_000) + b"</t></is></c></row>"),
    ],
    ids=["nothing", "text", "xls", "half", "no book", "cut", "place", "string", "bomb"],
)
def test_a_damaged_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableWorkbookError):
        read(content)


def test_more_rows_than_excel_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "_MOST_ROWS", 9)
    assert len(read(more(b'<row r="8"><c r="A8"/></row>'))) == 8
    with pytest.raises(UnreadableWorkbookError):
        read(more(b'<row r="9"><c r="A9"/></row>'))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (12345678, "12345678"),
        (12345678.0, "12345678"),
        (0.1 + 0.2, "0.3"),
        (-20.5, "-20.5"),
        (1e-7, "0.0000001"),
        (True, "True"),
        (datetime(2026, 3, 1), "2026-03-01"),  # noqa: DTZ001 - as openpyxl gives it
        (" 文字 ", "文字"),
    ],
)
def test_a_cell_reads_as_it_is_shown(value: Any, text: str) -> None:
    assert workbooks.text(value) == text
    assert not rounded(text)


@given(st.integers(10**15, 10**40))
def test_a_number_too_long_for_excel_is_refused(number: int) -> None:
    assert rounded(workbooks.text(number))
    assert rounded(workbooks.text(float(number)))


@pytest.mark.parametrize("text", ["2.41231E+19", "2.41231E19", "1E+11", "1.1e+11"])
def test_scientific_notation_is_recognised(text: str) -> None:
    assert rounded(text)


@given(st.from_regex(r"[0-9A-Z]{8,20}", fullmatch=True))
def test_no_invoice_number_and_no_taxpayer_number_looks_rounded(text: str) -> None:
    assert not rounded(text)
