"""``import_invoices``: files through the same ingest as any source; what is exported comes back equal."""

import codecs
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Company
from apps.invoices.models import FieldConflict, Invoice, InvoiceKey, InvoiceLine, SourceRecord
from apps.sources.models import QuarantinedRecord, RawRecord, Source, SyncRun
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db

ROW = {
    "kind": "digital_special",
    "digital_number": "26312000000000012345",
    "issue_date": "2026-03-01",
    "amount_excl_tax": "100.00",
    "tax_amount": "13.00",
    "total_amount": "113.00",
    "seller_name": "=卖方|有限公司",
    "seller_tax_no": "91310000MA1FL0000X",
    "status": "normal",
    "remark": "第一行\n第二行, “引号”",
    "travel": {"passenger": "张三", "vehicle": "G7", "fare": "52.00", "departs_on": "2026-03-01"},
    "lines": [
        {"name": "*纸*打印纸", "quantity": "2.5", "unit_price": "40", "amount": "100.00", "tax_rate": "0.13"},
        {"name": "折扣", "amount": "0.00"},
    ],
    "flags": ["edited_by_hand"],
}
OTHER = {
    "kind": "vat_general_paper",
    "code": "031002500104",
    "number": "00012345",
    "total_amount": "-20.5",
    "status": "red",
}


@pytest.fixture
def company() -> Company:
    return CompanyFactory(tax_no="91310000000000001A")


def write(path: Path, *rows: Any) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), "utf-8")
    return path


def load(path: Path, *options: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_invoices", str(path), *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def dump(path: Path) -> list[dict[str, Any]]:
    """An export read back, without what belongs to this installation rather than to the invoice."""
    call_command("export_invoices", "--output", str(path), "--format", "jsonl", stderr=io.StringIO())
    rows = sorted(
        (json.loads(line) for line in path.read_bytes().splitlines()), key=lambda row: row["key"], reverse=True
    )
    return [{k: v for k, v in row.items() if k not in ("id", "sources", "created_at", "updated_at")} for row in rows]


def empty() -> None:
    for model in (
        SyncRun,
        QuarantinedRecord,
        FieldConflict,
        SourceRecord,
        InvoiceKey,
        InvoiceLine,
        Invoice,
        RawRecord,
        Source,
    ):
        model.objects.all().delete()


@pytest.mark.parametrize("format_", ["jsonl", "csv", "xlsx"])
def test_what_is_exported_comes_back_equal(tmp_path: Path, company: Company, format_: str) -> None:
    load(write(tmp_path / "first.jsonl", {**ROW, "buyer_tax_no": company.tax_no}, OTHER), "--company", company.tax_no)
    before = dump(tmp_path / "before")
    assert [row["total_amount"] for row in before] == ["113.00", "-20.50"]
    assert before[0]["lines"][0]["quantity"] == "2.5"
    assert "edited_by_hand" in before[0]["flags"]
    file = tmp_path / f"ledger.{format_}"
    call_command("export_invoices", "--output", str(file), stderr=io.StringIO())
    empty()
    load(file, "--company", company.tax_no)
    assert dump(tmp_path / "after") == before


def test_importing_an_export_again_changes_nothing(tmp_path: Path, company: Company) -> None:
    load(write(tmp_path / "a.jsonl", ROW), "--company", company.tax_no)
    file = tmp_path / "b.jsonl"
    call_command("export_invoices", "--output", str(file), stderr=io.StringIO())
    load(file, "--company", company.tax_no)  # under its key, where the row that was typed had only a number
    for name in ("b.jsonl", "b.csv", "b.xlsx"):
        call_command("export_invoices", "--output", str(tmp_path / name), stderr=io.StringIO())
        out, _err = load(tmp_path / name, "--company", company.tax_no)
        assert "received 1 = new 0 + changed 0 + unchanged 1" in out


def test_bad_rows_are_named_by_line_and_wait_while_the_others_go_in(tmp_path: Path, company: Company) -> None:
    file = write(
        tmp_path / "x.jsonl",
        ROW,
        "{broken",
        {**OTHER, "total_amount": "abc"},
        "",
        {**OTHER, "number": "00012346"},
        {"kind": "taxi", "remark": "no number at all"},
        {**OTHER, "number": "00012347", "status": "cheerful"},
    )
    out, err = load(file, "--company", company.tax_no)
    assert "received 6 = new 2 + changed 0 + unchanged 0 + quarantined 4" in out
    assert [line.partition(":")[0] for line in err.splitlines()] == ["line 2", "line 3", "line 6", "line 7"]
    assert QuarantinedRecord.objects.filter(state="open").count() == 4
    assert Invoice.objects.count() == 2
    run = SyncRun.objects.get()
    assert (run.status, run.received, run.quarantined) == ("partial", 6, 4)


def test_bad_rows_are_named_again_when_nothing_was_corrected(tmp_path: Path, company: Company) -> None:
    file = write(tmp_path / "x.jsonl", "{broken")
    load(file, "--company", company.tax_no)
    out, err = load(file, "--company", company.tax_no)
    assert "quarantined 1" in out
    assert err.startswith("line 1:")
    assert QuarantinedRecord.objects.count() == 1


def test_a_row_belongs_to_the_company_on_its_own_side(tmp_path: Path, company: Company) -> None:
    seller = CompanyFactory(tax_no="91310000000000002B")
    bought = {**OTHER, "direction": "input", "buyer_tax_no": company.tax_no, "seller_tax_no": seller.tax_no}
    sold = {**bought, "direction": "output", "number": "00012346"}
    load(write(tmp_path / "x.jsonl", bought, sold))
    assert Invoice.objects.get(number="00012345").company_ids == [company.pk]
    assert Invoice.objects.get(number="00012346").company_ids == [seller.pk]


def test_what_belongs_to_nobody_is_kept_where_only_those_see_it_who_see_all(tmp_path: Path, company: Company) -> None:
    load(write(tmp_path / "x.jsonl", OTHER))
    (owner,) = Invoice.objects.get().company_ids
    assert Company.objects.get(pk=owner).tax_no == ""
    assert owner != company.pk


def test_a_table_saved_by_excel_in_china_is_read(tmp_path: Path, company: Company) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes("kind,code,number,seller_name\ntaxi,144031800111,00012345,深圳出租\n".encode("gb18030"))
    load(file, "--company", company.tax_no)
    assert Invoice.objects.get().seller.name == "深圳出租"


def test_a_byte_order_mark_and_long_numbers_survive(tmp_path: Path, company: Company) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(codecs.BOM_UTF8 + b"digital_number,total_amount\n26312000000000012345,12.3\n1,2,3,4\n")
    _out, err = load(file, "--company", company.tax_no)
    assert Invoice.objects.get().key == "E:26312000000000012345"
    assert err.startswith("line 3:")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.csv", b"key,colour\n1,2\n", "colour"),
        ("x.xlsx", b"no workbook", "not an Excel file"),
        ("x.txt", b"", "--format"),
    ],
)
def test_files_that_cannot_be_read_say_so(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        load(tmp_path / name)
    assert not RawRecord.objects.exists()


def test_a_missing_file_or_company_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        load(tmp_path / "none.jsonl")
    with pytest.raises(CommandError, match="no company"):
        load(write(tmp_path / "x.jsonl", ROW), "--company", "1")


def test_hostile_text_does_not_stop_the_others(tmp_path: Path, company: Company) -> None:
    evil = {**OTHER, "seller_name": "a\u0000b" * 500, "remark": "x" * 5000, "lines": [{"name": "y" * 4000}]}
    evil["travel"] = {"passenger": "p\u0000"}
    load(write(tmp_path / "x.jsonl", evil, ROW), "--company", company.tax_no)
    assert Invoice.objects.count() == 2
