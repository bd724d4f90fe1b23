"""Importing vouchers from Excel and JSON."""

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.core.errors import BadRecord
from apps.vouchers import files, importing, selectors
from apps.vouchers.models import AccountBook, ClosedPeriod, Voucher, VoucherImport
from tests.factories import AccountBookFactory, BillFactory, InvoiceFactory, VoucherFactory


def voucher(book: AccountBook, /, **changes: Any) -> dict[str, Any]:
    return {
        "book": book.account_id,
        "vouch_no": "0001",
        "business_date": "2026-03-02",
        "account_date": "2026/3/3",
        "period": "202603",
        "entries": [
            {"summary": "打印纸", "account": "6602", "debit": "1,100.10"},
            {"summary": "应付", "account": "2241", "credit": "1100.10"},
        ],
    } | changes


def planned(rows: list[dict[str, Any]], user: User | None = None) -> list[importing.Planned]:
    return importing.plan(files.vouchers(io.BytesIO(json.dumps(rows).encode()), "v.json"), user)


def codes(one: importing.Planned) -> list[str]:
    return [problem.code for problem in one.problems]


def test_importing_json_makes_drafts_and_a_second_time_changes_them(book: AccountBook, accountant: User) -> None:
    invoice = InvoiceFactory(company=book.company)
    link = {"invoice": invoice.digital_number, "deductible": True, "deduction_tax": "13.00"}
    bill, _elsewhere = BillFactory(company=book.company, number="BX-1"), BillFactory(number="BX-1")
    rows = [voucher(book, invoices=[link], bills=["BX-1"])]
    assert importing.carry_out(planned(rows, accountant), accountant) == (1, 0)
    made = Voucher.objects.get()
    content = selectors.content_of(made)
    assert [link.bill for link in made.bill_links.all()] == [bill]
    assert (made.state, made.created_by, made.total_debit) == ("draft", accountant, Decimal("1100.10"))
    assert content.invoices[0].deduction_tax == Decimal("13.00")
    assert importing.carry_out(planned(rows, accountant), accountant) == (0, 1)
    assert selectors.content_of(Voucher.objects.get()) == content


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"book": "nobody's"}, "voucher_import.unknown_book"),
        ({"book": ""}, "voucher_import.missing"),
        ({"account_date": "2026-02-30"}, "record.bad_date"),
        ({"period": "202613"}, "voucher.bad_period"),
        ({"colour": "red"}, "voucher_import.unknown_column"),
        ({"entries": [{"debit": "12.345"}]}, "record.bad_amount"),
        ({"entries": [{"debt": "12"}]}, "voucher_import.unknown_column"),
        ({"entries": "none"}, "record.bad_structure"),
        ({"invoices": [{"invoice": "99999999"}]}, "voucher_import.unknown_invoice"),
        ({"bills": ["BX-NONE"]}, "voucher_import.unknown_bill"),
        ({"resource": "9"}, "voucher_import.bad_value"),
        ({"vouch_no": "x" * 101}, "voucher_import.bad_value"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason(book: AccountBook, changes: dict[str, Any], code: str) -> None:
    bad, good = planned([voucher(book, **changes), voucher(book, vouch_no="0002")])
    assert codes(bad) == [code]
    assert importing.carry_out([bad, good], None) == (1, 0)
    assert Voucher.objects.get().vouch_no == "0002"


def test_problems_of_a_later_collect_are_notes(book: AccountBook) -> None:
    (one,) = planned([voucher(book, entries=[{"summary": "a", "account": "1", "debit": "5"}])])
    assert one.outcome == "new"
    assert [note.code for note in one.notes] == ["voucher.too_few_entries", "voucher.debit_exceeds"]


def test_booked_vouchers_and_closed_periods_are_refused(book: AccountBook) -> None:
    VoucherFactory(book=book, vouch_no="0001", state="booked")
    ClosedPeriod.objects.create(book=book, period="202604")
    booked, closed = planned(
        [voucher(book), voucher(book, vouch_no="0002", period="202604", account_date="2026-04-01")]
    )
    assert codes(booked) == ["voucher.is_booked"]
    assert codes(closed) == ["voucher.period_closed"]


def test_books_and_invoices_of_other_companies_are_refused(book: AccountBook, accountant: User) -> None:
    other = AccountBookFactory()
    hidden = InvoiceFactory(company=other.company)
    first, second = planned([voucher(other), voucher(book, invoices=[{"invoice": hidden.digital_number}])], accountant)
    assert codes(first) == ["voucher_import.unknown_book"]
    assert codes(second) == ["voucher_import.unknown_invoice"]


def test_ambiguous_books_and_invoices_are_refused(book: AccountBook) -> None:
    twin = AccountBookFactory(name=book.name)
    one, other = InvoiceFactory.create_batch(2, company=book.company, code="", number="00012345")
    by_name, by_id = planned([voucher(book, book=book.name), voucher(book, book=twin.account_id)])
    assert codes(by_name) == ["voucher_import.ambiguous_book"]
    assert (codes(by_id), by_id.book) == ([], twin)
    (several,) = planned([voucher(book, invoices=[{"invoice": "00012345"}])])
    assert codes(several) == ["voucher_import.ambiguous_invoice"]
    (exact,) = planned([voucher(book, invoices=[{"invoice": other.key}])])
    assert [link.invoice_id for link in exact.links] == [other.pk]
    assert one.key != other.key


def sheet(*rows: list[Any], links: list[list[Any]] | None = None) -> io.BytesIO:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    if links:
        second = made.create_sheet()
        for row in links:
            second.append(row)
    file = io.BytesIO()
    made.save(file)
    file.seek(0)
    return file


def test_excel_has_one_row_per_entry_and_headings_of_names_or_labels(book: AccountBook) -> None:
    invoice = InvoiceFactory(company=book.company)
    file = sheet(
        ["book", "Voucher number", "accounting date", "period", "summary", "account", "debit", "credit"],
        [book.name, "0007", "2026-03-03", "202603", "纸", "6602", 100.1, None],
        [None, None, None, None, "应付", "2241", None, 100.1],
        [book.name, "0008", "2026-03-04", "202603", "笔", "6602", 5, None],
        links=[["vouch_no", "invoice", "deductible", "deduction_tax"], ["0007", invoice.digital_number, "是", 13]],
    )
    rows = files.vouchers(file, "v.xlsx")
    assert [line for line, _row in rows] == [2, 4]
    plan = importing.plan(rows, None)
    assert [one.problems for one in plan] == [[], []]
    importing.carry_out(plan, None)
    first = selectors.content_of(Voucher.objects.get(vouch_no="0007"))
    assert (first.total_debit, first.total_credit) == (Decimal("100.10"), Decimal("100.10"))
    assert first.invoices[0].deductible


@pytest.mark.parametrize(("data", "name"), [(b"{", "a.json"), (b"[1]", "a.json"), (b"PK", "a.xlsx")])
def test_an_unreadable_file_is_refused(db: None, data: bytes, name: str) -> None:
    with pytest.raises(BadRecord) as error:
        files.vouchers(io.BytesIO(data), name)
    assert error.value.message.code == "voucher_import.unreadable"


def test_an_unknown_column_is_reported(db: None) -> None:
    with pytest.raises(BadRecord) as error:
        files.vouchers(sheet(["book", "colour"]), "a.xlsx")
    assert error.value.message.params == {"column": "colour"}


def test_the_command_reports_lines_and_fails_when_a_voucher_was_refused(
    book: AccountBook, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "v.json"
    file.write_text(json.dumps([voucher(book), voucher(book, book="?")]))
    call_command_fails = pytest.raises(CommandError, match="1 of 2")
    with call_command_fails:
        call_command("import_vouchers", str(file), "--dry-run")
    assert not Voucher.objects.exists()
    with pytest.raises(CommandError, match="1 of 2"):
        call_command("import_vouchers", str(file))
    assert Voucher.objects.count() == 1
    output = capsys.readouterr()
    assert "line 2" in output.err
    assert "1 made, 0 changed, 1 refused" in output.out


def test_the_page_shows_the_plan_first(book: AccountBook, accountant: User, client: Client) -> None:
    client.force_login(accountant)
    client.cookies["django_language"] = "en"
    bad = voucher(book, vouch_no="0002", period="999999", account_date="2026-13-01")
    data = json.dumps([voucher(book), bad]).encode()
    file = io.BytesIO(data)
    file.name = "march.json"
    answer = client.post(reverse("import_vouchers"), {"file": file}, follow=True)
    assert not Voucher.objects.exists()
    assert "999999" in answer.content.decode()
    assert "“2026-13-01” in field accounting date is not" in answer.content.decode()  # not: account_date
    voucher_import = VoucherImport.objects.get()
    stranger = Client()
    stranger.force_login(User.objects.create_user("stranger", is_superuser=True))
    assert stranger.get(reverse("voucher_import", args=[voucher_import.pk])).status_code == 404
    answer = client.post(reverse("apply_voucher_import", args=[voucher_import.pk]))
    assert [v.vouch_no for v in Voucher.objects.all()] == ["0001"]
    assert "999999" in answer.content.decode()
    assert not VoucherImport.objects.exists()


@pytest.mark.parametrize("again", [False, True], ids=["made", "changed"])
def test_two_hundred_vouchers_take_as_many_statements_as_five(book: AccountBook, accountant: User, again: bool) -> None:
    invoices, bill = InvoiceFactory.create_batch(3, company=book.company), BillFactory(company=book.company)
    links = [{"invoice": invoice.digital_number} for invoice in invoices]

    def statements(numbers: range) -> tuple[int, int]:
        rows = [voucher(book, vouch_no=f"{n:04d}", invoices=links[:2], bills=[bill.number]) for n in numbers]
        if again:
            importing.carry_out(planned(rows, accountant), accountant)
            rows = [one | {"entries": [one["entries"][0]], "invoices": links[1:], "creator": "王芳"} for one in rows]
        with CaptureQueriesContext(connection) as looking:
            plan = planned(rows, accountant)
        with CaptureQueriesContext(connection) as writing:
            done = importing.carry_out(plan, accountant)
        assert done == ((0, len(rows)) if again else (len(rows), 0))
        return len(looking), len(writing)

    few = statements(range(5))
    assert statements(range(100, 300)) == few
    assert sum(few) < 45
    last = selectors.content_of(Voucher.objects.get(vouch_no="0299"))
    assert (len(last.entries), len(last.invoices), len(last.bills)) == ((1, 2, 1) if again else (2, 2, 1))


def test_the_plan_equals_the_result(book: AccountBook, accountant: User) -> None:
    """The plan reports the problems that depend on the database."""
    ClosedPeriod.objects.create(book=book, period="202601")
    invoice = InvoiceFactory(company=book.company)
    VoucherFactory(book=book, vouch_no="0009", vouch_id="taken")
    VoucherFactory(book=book, vouch_no="0005", vouch_id="renumbered")
    VoucherFactory(book=book, vouch_no="0006", vouch_id="sent", ever_sent=True)
    VoucherFactory(book=book, vouch_no="0007", vouch_id="closed", period="202601")
    twice = {"invoice": invoice.digital_number}
    rows = [
        voucher(book, vouch_no="0001"),
        voucher(book, vouch_no="0001"),
        voucher(book, vouch_no="0009", vouch_id="renumbered"),
        voucher(book, vouch_no="0006", vouch_id="another"),
        voucher(book, vouch_no="0007", vouch_id="closed"),
        voucher(book, vouch_no="0002", invoices=[twice, twice]),
        voucher(book, vouch_no="0009"),
        voucher(book, vouch_id="taken", vouch_no="0010"),
        voucher(book, vouch_no="0003", vouch_id=""),
        voucher(book, vouch_no="0004", vouch_id=""),
    ]
    expected = [
        [], ["voucher.number_taken"], ["voucher.number_taken"], ["voucher.id_fixed"], ["voucher.period_closed"],
        ["voucher.invoice_twice"], [], ["voucher_import.twice"], [], [],
    ]  # fmt: skip
    plan = planned(rows, accountant)
    assert [codes(one) for one in plan] == expected
    assert importing.carry_out(plan, accountant) == (3, 1)
    assert [codes(one) for one in plan] == expected


def test_an_exchange_rate_out_of_range_refuses_that_voucher_only(book: AccountBook) -> None:
    line = {"summary": "a", "account": "1", "debit": "1", "exchange_rate": "12345678901"}
    bad, good = planned([voucher(book, entries=[line]), voucher(book, vouch_no="0002")])
    assert codes(bad) == ["record.bad_amount"]
    assert importing.carry_out([bad, good], None) == (1, 0)
    lines = [{"summary": "a", "account": "1", "debit": "999999999999999"}] * 11
    (huge,) = planned([voucher(book, vouch_no="0003", entries=lines)])
    assert codes(huge) == ["voucher.too_large"]


def test_a_voucher_booked_after_the_plan_is_refused(book: AccountBook, accountant: User) -> None:
    existing = VoucherFactory(book=book, vouch_no="0001")
    plan = planned([voucher(book), voucher(book, vouch_no="0002")], accountant)
    Voucher.objects.filter(pk=existing.pk).update(state="booked")
    assert importing.carry_out(plan, accountant) == (1, 0)
    assert codes(plan[0]) == ["voucher.is_booked"]
    assert Voucher.objects.get(pk=existing.pk).revision == 1


def test_names_of_people_come_only_with_vouchers_of_other_systems(book: AccountBook, accountant: User) -> None:
    here = planned([voucher(book, vouch_no="1", creator="甲", examiner="乙")], accountant)
    there = planned([voucher(book, vouch_no="2", creator="甲", resource="eas")], accountant)
    assert [note.code for note in here[0].notes] == ["voucher_import.people"]
    assert not here[0].problems + there[0].notes
    importing.carry_out([*here, *there], accountant)
    names = Voucher.objects.order_by("vouch_no").values_list("creator", "examiner")
    assert list(names) == [(str(accountant), ""), ("甲", "")]
