"""What a chart of accounts asks of the entries of a voucher; the chart as a value, and as the database has it."""

from dataclasses import replace
from typing import Any

import pytest

from apps.core.errors import HubError
from apps.vouchers import pushing, selectors
from apps.vouchers.charts import selectors as chart_selectors
from apps.vouchers.charts import services
from apps.vouchers.charts.chart import Chart, ChartAccount, code_of, parent_code
from apps.vouchers.checks import Problem, problems
from apps.vouchers.content import EntryContent
from apps.vouchers.models import Account, AccountBook, DimensionItem, Voucher
from tests.factories import AccountBookFactory, VoucherFactory
from tests.vouchers.builders import CREDIT, DEBIT, content

ACCOUNTS = (
    ChartAccount("6602", "管理费用", leaf=False),
    ChartAccount("660201", "差旅费", dimensions=("department", "employee")),
    ChartAccount("660202", "办公费", active=False),
    ChartAccount("2241", "其他应付款"),
)
CHART = Chart(
    {account.code: account for account in ACCOUNTS},
    {("department", "研发部"): True, ("employee", "王芳"): True, ("employee", "李强"): False},
)


def of_debit(account: str, dimension: str = "") -> list[Problem]:
    entry = replace(DEBIT, account=account, dimension=dimension)
    return problems(content(entries=(entry, CREDIT), chart=CHART))


@pytest.mark.parametrize(
    ("account", "dimension", "codes"),
    [
        ("660201 差旅费", "部门：研发部；员工：王芳", []),
        ("660201", "员工:王芳; 部门:研发部", []),
        ("660201 管理费用—差旅费", "部门：研发部；员工：王芳；项目：甲", []),
        ("６６０２０１ 差旅费", "部门：研发部；员工：王芳", []),
        ("660201 招待费", "部门：研发部；员工：王芳", ["voucher.account_name_differs"]),
        ("6602 管理费用", "", ["voucher.account_with_children"]),
        ("660202 办公费", "", ["voucher.account_inactive"]),
        ("6699 不存在", "", ["voucher.account_unknown"]),
        ("差旅费", "", ["voucher.account_unknown"]),
        ("660201", "", ["voucher.dimension_missing", "voucher.dimension_missing"]),
        ("660201", "部门：研发部；员工：赵敏", ["voucher.dimension_item_unknown"]),
        ("660201", "部门：研发部；员工：李强", ["voucher.dimension_item_inactive"]),
        ("660201", "研发部；员工：王芳", ["voucher.dimension_missing"]),
        ("", "", ["voucher.entry_without_account"]),
    ],
)
def test_problems(account: str, dimension: str, codes: list[str]) -> None:
    reported = of_debit(account, dimension)
    assert [problem.code for problem in reported] == codes
    assert all(problem.blocking for problem in reported if problem.code != "voucher.account_name_differs")
    assert all(problem.field.startswith("entries.1.") for problem in reported)


def test_without_a_chart_nothing_is_asked() -> None:
    assert problems(content(entries=(replace(DEBIT, account="whatever"), CREDIT))) == []


def test_a_problem_names_the_dimension_in_words() -> None:
    (problem,) = of_debit("660201", "部门：研发部")
    assert "员工" in pushing.sentence(problem)
    assert "660201 差旅费" in pushing.sentence(problem)


@pytest.mark.parametrize(
    ("text", "code"),
    [("6602.01 差旅费", "6602.01"), ("1001库存现金", "1001"), (" 1002 ", "1002"), ("差旅费", ""), ("A-1 x", "A-1")],
)
def test_the_code_of_a_text(text: str, code: str) -> None:
    assert code_of(text) == code


def test_the_parent_of_a_code() -> None:
    codes = {"2221", "222101", "6602", "6602.01"}
    assert parent_code("22210101", codes) == "222101"
    assert parent_code("222103", codes) == "2221"
    assert parent_code("6602.01.02", codes) == "6602.01"
    assert parent_code("6602", codes) == ""


@pytest.fixture
def charted(book: AccountBook) -> AccountBook:
    services.load_standard(book, "enterprise")
    rows = [{"code": "660201", "name": "差旅费", "dimensions": "部门 员工"}, {"code": "660202", "name": "其他"}]
    services.import_accounts(book, rows)
    services.import_items(book.company, [{"kind": "部门", "name": "研发部"}, {"kind": "员工", "name": "王芳"}])
    return book


def draft(book: AccountBook, account: str, dimension: str = "") -> Voucher:
    voucher = VoucherFactory(book=book)
    voucher.entries.update(account="2241 其他应付款")
    voucher.entries.filter(position=1).update(account=account, dimension=dimension)
    return voucher


def blocking(voucher: Voucher) -> list[str]:
    return [problem.code for problem in selectors.problems_of(voucher) if problem.blocking]


def test_the_chart_of_a_book_is_asked(charted: AccountBook) -> None:
    assert blocking(draft(charted, "660201 差旅费", "部门：研发部；员工：王芳")) == []
    assert blocking(draft(charted, "6602 管理费用")) == ["voucher.account_with_children"]
    assert blocking(draft(charted, "660201 差旅费", "部门：研发部")) == ["voucher.dimension_missing"]
    Account.objects.filter(code="2241").update(active=False)
    assert blocking(draft(charted, "660202")) == ["voucher.account_inactive"]


def test_a_list_belongs_to_one_company_and_a_chart_to_one_book(charted: AccountBook) -> None:
    DimensionItem.objects.all().update(company=AccountBookFactory().company)
    unknown = ["voucher.dimension_item_unknown"] * 2
    assert blocking(draft(charted, "660201 差旅费", "部门：研发部；员工：王芳")) == unknown
    assert blocking(draft(AccountBookFactory(), "anything")) == []


def test_a_voucher_that_the_chart_refuses_is_not_collected(charted: AccountBook) -> None:
    voucher = draft(charted, "6602")
    voucher.state = "audited"  # before the chart was changed
    reason = pushing.reasons_against([voucher], pushing.Action.COLLECT)[voucher.pk]
    assert "6602" in reason


def test_twenty_vouchers_take_as_many_queries_as_two(charted: AccountBook, django_assert_num_queries: Any) -> None:
    books = [charted, AccountBookFactory()]
    services.load_standard(books[1], "small")
    vouchers = [draft(book, "660201 差旅费", "部门：研发部；员工：王芳") for book in books * 10]
    entries = {book.pk: [EntryContent(account="660201", dimension="部门：研发部")] for book in books}
    with django_assert_num_queries(3):
        assert len(chart_selectors.charts(entries)) == 2
    with django_assert_num_queries(1):
        assert chart_selectors.charts({AccountBookFactory.build().pk or 0: []}) == {}
    assert len(selectors.contents(vouchers)) == 20


def test_texts_become_code_and_name(charted: AccountBook) -> None:
    texts = {"6602", "22210101 进项", "差旅费", "待认证进项税额", "不存在", ""}
    assert chart_selectors.canonical_accounts(charted, texts) == {
        "6602": "6602 管理费用",
        "22210101 进项": "22210101 进项税额",
        "差旅费": "660201 差旅费",
        "待认证进项税额": "222103 待认证进项税额",
    }
    assert chart_selectors.required(charted, ["660201 差旅费", "2241"]) == {"660201 差旅费": ("department", "employee")}


def test_choices_are_usable_and_few(charted: AccountBook) -> None:
    def chosen(query: str) -> list[str]:
        return [account.code for account in chart_selectors.account_choices(charted, query)]

    assert chosen("6602") == ["660201", "660202"]
    assert chosen("差旅") == ["660201"]
    assert chosen("2221 进项") == ["22210101", "22210107", "222103", "222104"]
    assert chosen("660201 差旅费") == ["660201"]
    assert len(chosen("")) == chart_selectors.MOST_CHOICES
    assert chosen("2221 应交增值税") == ["222109"]  # 222101 has accounts below it
    Account.objects.filter(code="660201").update(active=False)
    assert chosen("差旅") == []


def test_a_standard_chart_is_loaded_once(charted: AccountBook) -> None:
    with pytest.raises(HubError) as error:
        services.load_standard(charted, "small")
    assert error.value.message.code == "chart.not_empty"
    with pytest.raises(KeyError):
        services.load_standard(AccountBookFactory(), "other")
