"""Imports of accounts and dimension items: spellings, parents, circles, doubles, bad values; all rows or none."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from apps.core.errors import BadRecord, HubError
from apps.vouchers.charts import planning, services, tables
from apps.vouchers.charts.planning import Outcome
from apps.vouchers.models import Account, AccountBook, DimensionItem
from tests.factories import AccountBookFactory, UserFactory

ROWS = [
    {"科目编码": "6602", "科目名称": "管理费用", "上级科目": "", "余额方向": "借", "核算维度": "", "启用": "是"},
    {"科目编码": "660201", "科目名称": "差旅费", "上级科目": "", "余额方向": "", "核算维度": "部门、员工", "启用": ""},
]


def sheet(rows: list[dict[str, Any]]) -> BytesIO:
    book = openpyxl.Workbook()
    page: Any = book.active
    page.append(list(rows[0]))
    for row in rows:
        page.append([row.get(name) for name in rows[0]])
    file = BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "accounts.xlsx"
    return file


def read(content: bytes, name: str = "accounts.csv") -> list[dict[str, str]]:
    return tables.read(BytesIO(content), name, tables.ACCOUNT_COLUMNS, ("code", "name"))


def codes(planned: Any) -> list[list[str]]:
    return [[problem.code.removeprefix("chart_import.") for problem in one.problems] for one in planned]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_csv_file_in_the_encodings_of_excel(encoding: str) -> None:
    text = "科目编码,科目名称,余额方向\r\n1001,库存现金,借\r\n\r\n1002,“银行，存款”,贷\r\n"
    assert read(text.encode(encoding)) == [
        {"code": "1001", "name": "库存现金", "direction": "借", "line": "2"},
        {"code": "1002", "name": "“银行，存款”", "direction": "贷", "line": "4"},
    ]


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("科目编码,科目名称,备注", "unknown_column"),
        ("科目编码,余额方向", "no_column"),
        ("编码,科目代码,名称", "column_twice"),
        ('"科目编码', "unreadable"),
        ("", "no_column"),
    ],
)
def test_a_table_of_another_kind_is_refused(heading: str, code: str) -> None:
    with pytest.raises(BadRecord) as error:
        read(f"{heading}\n1,2,3\n".encode())
    assert error.value.message.code == f"chart_import.{code}"


def test_headings_in_english_and_with_other_widths() -> None:
    assert read("Account Code,NAME ,Ｄｉｒｅｃｔｉｏｎ\n1001,cash,debit\n".encode())[0]["direction"] == "debit"


def test_a_damaged_workbook_is_refused() -> None:
    with pytest.raises(BadRecord):
        read(b"PK\x03\x04 no workbook", "accounts.xlsx")


def test_the_template_is_read_as_an_empty_table() -> None:
    for columns, required in ((tables.ACCOUNT_COLUMNS, ("code", "name")), (tables.ITEM_COLUMNS, ("kind", "name"))):
        assert tables.read(BytesIO(tables.template(columns)), "t.xlsx", columns, required) == []


def test_new_accounts_get_parent_and_side_from_what_is_above(book: AccountBook) -> None:
    raw = tables.read(sheet(ROWS), "accounts.xlsx", tables.ACCOUNT_COLUMNS, ("code", "name"))
    assert services.import_accounts(book, raw) == {"new": 2, "changed": 0, "same": 0, "refused": 0}
    account = Account.objects.get(code="660201")
    assert account.parent == Account.objects.get(code="6602")
    assert (account.direction, account.dimensions, account.active) == ("debit", ["department", "employee"], True)
    assert services.import_accounts(book, raw)["same"] == 2
    raw[1]["name"] = "出差费"
    assert services.import_accounts(book, raw) == {"new": 0, "changed": 1, "same": 1, "refused": 0}
    assert Account.objects.get(code="660201").name == "出差费"


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        *(("direction", text, "credit") for text in ("贷", "贷方", " Credit ", "cr", "CR")),
        *(("direction", text, "debit") for text in ("借", "借方", "Dr")),
        *(("active", text, False) for text in ("否", "停用", "0", "No", "FALSE", "禁用")),
        *(("active", text, True) for text in ("是", "启用", "1", "Yes", "true", "")),
        *(
            ("dimensions", text, ["department", "project"])
            for text in ("部门,项目", "项目；部门", "Project / department")
        ),
        *(("dimensions", text, []) for text in ("", "无", "-")),
        ("dimensions", "职员|供应商", ["employee", "supplier"]),
    ],
)
def test_spellings(book: AccountBook, column: str, text: str, value: Any) -> None:
    (one,) = planning.accounts(book, [{"code": "1001", "name": "库存现金", "direction": "借", column: text}])
    assert one.problems == []
    assert one.values[column] == value


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        ({"code": "", "name": "甲"}, ["missing"]),
        ({"code": "1001", "name": ""}, ["missing", "missing"]),
        ({"code": "1001", "name": "甲", "direction": "上"}, ["bad_value"]),
        ({"code": "1001", "name": "甲"}, ["missing"]),
        ({"code": "10 01", "name": "甲", "direction": "借"}, ["bad_code"]),
        ({"code": "1E+19", "name": "甲", "direction": "借"}, ["bad_code"]),
        ({"code": "9" * 41, "name": "甲", "direction": "借"}, ["too_long"]),
        ({"code": "1001", "name": "甲" * 101, "direction": "借"}, ["too_long"]),
        ({"code": "1001", "name": "甲", "direction": "借", "parent": "9"}, ["unknown_parent"]),
        ({"code": "1001", "name": "甲", "direction": "借", "parent": "库存"}, ["unknown_parent"]),
        ({"code": "1001", "name": "甲", "direction": "借", "parent": "1001"}, ["circle"]),
        ({"code": "1001", "name": "甲", "direction": "借", "active": "也许"}, ["bad_value"]),
        ({"code": "1001", "name": "甲", "direction": "借", "dimensions": "部门、天气"}, ["bad_value"]),
    ],
)
def test_refused_rows(book: AccountBook, row: dict[str, str], problems: list[str]) -> None:
    planned = planning.accounts(book, [row])
    assert codes(planned) == [problems]
    assert all(str(problem) != problem.code for problem in planned[0].problems)
    with pytest.raises(services.RefusedRowsError):
        services.import_accounts(book, [row])


def test_doubles_and_circles_name_the_rows(book: AccountBook) -> None:
    services.import_accounts(book, [{"code": "1", "name": "甲", "direction": "借"}])
    rows = [
        {"code": "2", "name": "乙", "direction": "借", "parent": "3"},
        {"code": "3", "name": "丙", "direction": "借", "parent": "2"},
        {"code": "4", "name": "丁", "parent": "2"},
        {"code": "2", "name": "乙", "direction": "借"},
        {"code": "1", "name": "甲", "parent": "4"},
    ]
    assert codes(planning.accounts(book, rows)) == [["circle"], ["circle"], [], ["twice"], []]


def test_nothing_is_imported_while_a_row_is_refused(book: AccountBook) -> None:
    rows = [{"code": "1001", "name": "库存现金", "direction": "借"}, {"code": "1002", "name": "银行存款"}]
    with pytest.raises(services.RefusedRowsError) as error:
        services.import_accounts(book, rows)
    assert "1" in str(error.value)
    assert not Account.objects.exists()


def test_parents_may_stand_behind_their_children_and_in_the_chart(book: AccountBook) -> None:
    services.load_standard(book, "small")
    rows = [
        {"code": "560201.01", "name": "机票"},
        {"code": "560201", "name": "差旅费", "parent": "5602 管理费用"},
        {"code": "A1", "name": "招待", "parent": "560201"},
    ]
    assert services.import_accounts(book, rows)["new"] == 3
    parents = dict(Account.objects.filter(code__in=["560201.01", "560201", "A1"]).values_list("code", "parent__code"))
    assert parents == {"560201.01": "560201", "560201": "5602", "A1": "560201"}
    (kept,) = planning.accounts(book, [{"code": "A1", "name": "招待"}])
    assert kept.outcome == Outcome.SAME
    (moved,) = planning.accounts(book, [{"code": "A1", "name": "招待", "parent": ""}])
    assert moved.changes == ["parent"]


def test_a_large_chart_takes_few_queries(book: AccountBook, django_assert_max_num_queries: Any) -> None:
    rows = [{"code": f"{first}", "name": f"科目{first}", "direction": "借"} for first in range(1000, 1100)]
    rows += [{"code": f"{first}{second:02}", "name": "下级"} for first in range(1000, 1100) for second in range(10)]
    with django_assert_max_num_queries(20):
        assert services.import_accounts(book, rows)["new"] == 1100
    changed = [{**row, "active": "否"} for row in rows]
    with django_assert_max_num_queries(20):
        assert services.import_accounts(book, changed)["changed"] == 1100


def test_one_account_by_hand(book: AccountBook) -> None:
    made = services.put_account(book, {"code": "1001", "name": "库存现金", "direction": "debit"})
    below = services.put_account(book, {"code": "100101", "name": "备用金"})
    assert below.parent == made
    with pytest.raises(HubError) as error:
        services.put_account(book, {"code": "1001", "name": "别的", "direction": "debit"})
    assert error.value.message.code == "chart.account_taken"
    with pytest.raises(HubError) as error:
        services.put_account(book, {"name": "库存现金", "parent": "100101"}, made)
    assert error.value.message.code == "chart_import.circle"
    assert services.put_account(book, {"code": "9", "name": "现金"}, made).code == "1001"


def test_dimension_items(book: AccountBook) -> None:
    company = book.company
    rows = [
        {"kind": "部门", "code": "D1", "name": "研发部", "active": ""},
        {"kind": "Employee", "code": "", "name": "王芳", "active": "是"},
    ]
    assert services.import_items(company, rows) == {"new": 2, "changed": 0, "same": 0, "refused": 0}
    assert services.import_items(company, rows)["same"] == 2
    assert services.import_items(company, [{**rows[0], "active": "否"}])["changed"] == 1
    assert not DimensionItem.objects.get(name="研发部").active
    refused = [
        {"kind": "天气", "name": "晴"},
        {"kind": "", "name": "晴"},
        {"kind": "部门", "name": ""},
        {"kind": "部门", "name": "研发；销售"},
        {"kind": "项目", "name": "甲"},
        {"kind": "项目", "name": "甲"},
    ]
    planned = planning.items(company, refused)
    assert codes(planned) == [["bad_value"], ["missing"], ["missing"], ["dimension_item.separator"], [], ["twice"]]
    with pytest.raises(services.RefusedRowsError):
        services.import_items(company, refused)
    item = services.put_item(company, {"kind": "employee", "name": "李强"})
    with pytest.raises(HubError) as error:
        services.put_item(company, {"kind": "employee", "name": "王芳"}, item)
    assert error.value.message.code == "dimension_item.taken"
    assert services.put_item(company, {"kind": "employee", "name": "李小强", "active": False}, item).pk == item.pk


def test_the_pages_of_an_import(client: Client, book: AccountBook) -> None:
    client.force_login(UserFactory(role="finance manager", companies=[book.company]))
    address = f"{reverse('import_accounts')}?book={book.pk}"
    assert client.get(address).status_code == 200
    refused = client.post(address, {"file": sheet([{**ROWS[0], "余额方向": "上"}])}).content.decode()
    assert "上" in refused
    assert 'name="rows"' not in refused
    preview: Any = client.post(address, {"file": sheet(ROWS)})
    assert not Account.objects.exists()
    form = {"book": book.pk, "rows": preview.context["rows"]}
    applied = client.post(reverse("apply_account_import"), form)
    assert applied.headers["Location"] == f"{reverse('accounts')}?book={book.pk}"
    assert Account.objects.filter(book=book).count() == 2
    assert client.post(reverse("apply_account_import"), {**form, "rows": "{"}).status_code == 400
    assert client.post(reverse("apply_account_import"), {**form, "rows": '[{"code": "x y"}]'}).status_code == 200
    other = AccountBookFactory()
    assert client.post(reverse("apply_account_import"), {**form, "book": other.pk}).status_code == 404
    items = sheet([{"核算维度": "部门", "编码": "1", "名称": "研发部", "启用": "是"}])
    preview = client.post(reverse("import_dimension_items"), {"file": items, "company": book.company_id})
    client.post(reverse("apply_dimension_item_import"), {"company": book.company_id, "rows": preview.context["rows"]})
    assert DimensionItem.objects.get().name == "研发部"
    for name in ("account_template", "dimension_item_template"):
        assert client.get(reverse(name)).content.startswith(b"PK")
