"""Files as people have them: what spreadsheets did to a number is refused by row and field, what is damaged as a whole
leaves nothing behind."""

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Company
from apps.invoices.models import Invoice
from apps.sources.models import QuarantinedRecord, RawRecord, SyncRun
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db

COLUMNS = ["code", "number", "digital_number", "issue_date", "total_amount", "kind"]
FINE = ["011001900111", "12345678", "", "2026-03-01", "113.00", "vat_general_paper"]


@pytest.fixture(autouse=True)
def company() -> Company:
    return CompanyFactory()


def load(path: Path) -> str:
    err = io.StringIO()
    call_command("import_invoices", str(path), stdout=io.StringIO(), stderr=err)
    return err.getvalue()


def sheet(path: Path, *rows: list[Any], heading: list[Any] = COLUMNS) -> Path:
    book = openpyxl.Workbook()
    for row in (heading, *rows):
        book.active.append(row)
    book.save(path)
    return path


def row(**values: Any) -> list[Any]:
    return [values.get(name, value) for name, value in zip(COLUMNS, FINE, strict=True)]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"digital_number": 24123100000012345678, "kind": "digital_general"}, "digital_number"),
        ({"digital_number": 2.4123100000012345e19, "kind": "digital_general"}, "digital_number"),
        ({"digital_number": "2.41231E+19", "kind": "digital_general"}, "digital_number"),
        ({"code": 11001900111}, "code"),
        ({"number": 12345}, "number"),
        ({"number": "=A2"}, "number"),
        ({"number": "#N/A"}, "number"),
        ({"issue_date": 46082}, "issue_date"),
        ({"issue_date": "2024-02-30"}, "issue_date"),
        ({"issue_date": "202603"}, "issue_date"),
        ({"total_amount": "=1+1"}, "total_amount"),
        ({"total_amount": "#REF!"}, "total_amount"),
        ({"total_amount": True}, "total_amount"),
        ({"total_amount": "113.005"}, "total_amount"),
        ({"total_amount": "1" * 30}, "total_amount"),
    ],
)
@pytest.mark.parametrize("format_", ["xlsx", "csv"])
def test_what_a_spreadsheet_spoils_is_refused_by_row_and_field(
    tmp_path: Path, values: dict[str, Any], field: str, format_: str
) -> None:
    path = tmp_path / f"x.{format_}"
    rows = [FINE, row(**{"number": "12345670"} | values), row(number="12345679")]
    if format_ == "xlsx":
        sheet(path, *rows)
    else:
        path.write_text("\n".join(",".join(str(cell) for cell in one) for one in (COLUMNS, *rows)))
    if format_ == "csv" and isinstance(values.get("digital_number"), int):
        return  # a CSV holds all the digits
    errors = load(path)
    assert errors.startswith("line 3:")
    assert len(errors.splitlines()) == 1
    assert field in errors
    assert "%(" not in errors
    assert Invoice.objects.count() == 2
    assert SyncRun.objects.get().quarantined == QuarantinedRecord.objects.count() == 1


def test_what_excel_keeps_well_is_taken(tmp_path: Path) -> None:
    load(sheet(tmp_path / "x.xlsx", row(number=12345678, total_amount=0.1 + 0.2)))
    invoice = Invoice.objects.get()
    assert (invoice.number, str(invoice.total_amount)) == ("12345678", "0.30")


def test_a_column_without_heading_shifts_nothing(tmp_path: Path) -> None:
    heading = [COLUMNS[0], None, *COLUMNS[1:]]
    errors = load(sheet(tmp_path / "x.xlsx", [FINE[0], None, *FINE[1:]], [FINE[0], "?", *FINE[1:]], heading=heading))
    assert errors.startswith("line 3:")
    assert Invoice.objects.get().number == FINE[1]


LINE = ",".join(FINE)
HEAD = ",".join(COLUMNS)


def test_a_cell_nested_beyond_all_bounds_spoils_its_row_only(tmp_path: Path) -> None:
    heading = [*COLUMNS, "travel"]
    spoilt = [*row(number="87654321"), "[" * 100_000]
    lines = [",".join(heading), ",".join(spoilt), ",".join([*FINE, ""])]
    (tmp_path / "nested.csv").write_text("\n".join(lines))
    load(tmp_path / "nested.csv")
    assert Invoice.objects.get().number == "12345678"
    assert QuarantinedRecord.objects.count() == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_excel_saves_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(f"{HEAD},seller_name\n{LINE},卖方公司\n".encode(encoding))
    assert load(path) == ""
    assert Invoice.objects.get().seller.name == "卖方公司"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (f'{HEAD}\n{LINE}\n,"12345679,,,,\n{LINE}\n'.encode(), "line 3"),
        (f'{HEAD}\n{LINE}\n,"123"45679,,,,\n'.encode(), "line 3"),
        (f"{HEAD}\n{LINE}\n".encode() + b"\xff\x80\x80\n", "line"),
        (f"{HEAD},number\n{LINE},1\n".encode(), "twice"),
        (f"{HEAD.replace(',', ';')}\n".encode(), "Columns"),
        (f"{HEAD}\n{LINE}\n".encode("utf-16-be"), "Columns"),
        (bytes(range(256)), "line 1"),
    ],
)
def test_a_table_that_breaks_off_leaves_nothing_behind(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        load(path)
    assert not RawRecord.objects.exists()
    assert not SyncRun.objects.exists()


def test_a_workbook_damaged_far_down_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.invoices.file_ingest.PAGE", 1)
    path = sheet(tmp_path / "x.xlsx", FINE, row(number="12345679"), ["=" * 3])
    content = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'r="A4"', b'r="4A"'))
    with pytest.raises(CommandError, match="damaged"):
        load(path)
    assert not RawRecord.objects.exists()
