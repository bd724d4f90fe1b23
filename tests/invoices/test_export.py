"""``export_invoices``: every format, every choice, and what must not happen in Excel."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from apps.invoices import exports
from apps.invoices.canonical import FIELDS, stream
from apps.invoices.models import Invoice
from tests.factories import CompanyFactory, InvoiceFactory, InvoiceLineFactory, PartyFactory, SourceFactory

pytestmark = pytest.mark.django_db


def export(tmp_path: Path, *options: str, name: str = "ledger.jsonl") -> Path:
    file = tmp_path / name
    call_command("export_invoices", "--output", str(file), *options, stderr=io.StringIO())
    return file


def exported(tmp_path: Path, *options: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in export(tmp_path, *options).read_bytes().splitlines()]


def test_jsonl_has_exactly_the_fixed_fields(tmp_path: Path) -> None:
    invoice = InvoiceFactory(seen_by=[SourceFactory(name="甲")], total_amount=Decimal("-0.5"), travel={"fare": "52.00"})
    InvoiceLineFactory(invoice=invoice)
    (row,) = exported(tmp_path)
    assert tuple(row) == FIELDS
    assert (row["total_amount"], row["travel"], row["bills"]) == ("-0.50", {"fare": "52.00"}, [])
    assert row["sources"][0]["source"] == "甲"


def test_shells_are_left_out(tmp_path: Path) -> None:
    kept = InvoiceFactory()
    InvoiceFactory(merged_into=kept)
    assert [row["id"] for row in exported(tmp_path)] == [kept.pk]


def test_choices_narrow(tmp_path: Path) -> None:
    company, source = CompanyFactory(), SourceFactory()
    early = InvoiceFactory(company=company, issue_date="2026-01-31")
    late = InvoiceFactory(seen_by=[source], issue_date="2026-02-01", direction="output")
    for options, expected in [
        (["--company", company.tax_no], early),
        (["--source", source.name], late),
        (["--to", "2026-01-31"], early),
        (["--from", "2026-02-01"], late),
        (["--direction", "output"], late),
    ]:
        assert [row["id"] for row in exported(tmp_path, *options)] == [expected.pk], options


@pytest.mark.parametrize("options", [["--company", "nobody"], ["--source", "nothing"]])
def test_what_does_not_exist_is_named(tmp_path: Path, options: list[str]) -> None:
    with pytest.raises(CommandError, match=options[1]):
        export(tmp_path, *options)
    assert not list(tmp_path.iterdir())


def test_cells_cannot_run_as_formulas(tmp_path: Path) -> None:
    evil = "=cmd|' /C calc'!A0"
    InvoiceFactory(seller=PartyFactory(name=evil), remark="+1", total_amount=Decimal("-113.00"))
    with export(tmp_path, name="l.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["seller_name"][0] == "'"
    assert row["remark"] in ("+1", "'+1")
    assert row["total_amount"] == "-113.00"
    sheet = openpyxl.load_workbook(export(tmp_path, name="l.xlsx"))["invoices"]
    names = [cell.value for cell in sheet[1]]
    cell = sheet.cell(2, names.index("seller_name") + 1)
    assert (cell.value, cell.data_type) == (evil, "s")


def test_excel_can_add_amounts_and_keeps_numbers_as_text(tmp_path: Path) -> None:
    invoice = InvoiceFactory(total_amount=Decimal("1234.56"), number="00012345")
    InvoiceLineFactory.create_batch(2, invoice=invoice)
    book = openpyxl.load_workbook(export(tmp_path, name="l.xlsx"))
    values = dict(zip(*book["invoices"].iter_rows(values_only=True), strict=True))
    assert (values["total_amount"], values["number"]) == (1234.56, "00012345")
    assert values["digital_number"] == invoice.digital_number
    assert [row[0] for row in book["lines"].iter_rows(min_row=2, values_only=True)] == [invoice.key] * 2


def test_too_many_rows_for_a_sheet_leave_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "SHEET_ROWS", 2)
    InvoiceFactory.create_batch(3)
    with pytest.raises(CommandError, match="jsonl"):
        export(tmp_path, name="l.xlsx")
    assert not list(tmp_path.iterdir())


def test_excel_needs_a_file_name() -> None:
    with pytest.raises(CommandError, match="--output"):
        call_command("export_invoices", "--format", "xlsx")


def test_queries_grow_by_chunks_only(monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any) -> None:
    monkeypatch.setattr("apps.invoices.canonical._CHUNK", 5)
    InvoiceFactory.create_batch(10)
    with django_assert_num_queries(9):  # one cursor; lines, sources, bills and vouchers for each chunk
        assert len(list(stream(Invoice.objects.order_by("pk")))) == 10
