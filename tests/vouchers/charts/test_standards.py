"""The standard charts of the repository."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.vouchers.charts import selectors, standards
from apps.vouchers.charts.forms import MAPPED
from apps.vouchers.models import Account, AccountBook, AccountMapping
from invoicehub import examples

# docs/domain.md, "Vouchers of an expense claim"
FIRST_LEVEL = {
    "enterprise": {
        "1002": "银行存款", "1122": "应收账款", "2202": "应付账款", "2221": "应交税费", "2241": "其他应付款",
        "6001": "主营业务收入", "6401": "主营业务成本", "6601": "销售费用", "6602": "管理费用", "6603": "财务费用",
    },
    "small": {
        "1002": "银行存款", "1122": "应收账款", "2202": "应付账款", "2221": "应交税费", "2241": "其他应付款",
        "5001": "主营业务收入", "5401": "主营业务成本", "5601": "销售费用", "5602": "管理费用", "5603": "财务费用",
    },
}  # fmt: skip
TAX = {
    "222101": ("应交增值税", "credit", "2221"),
    "22210101": ("进项税额", "debit", "222101"),
    "22210107": ("进项税额转出", "credit", "222101"),
    "222103": ("待认证进项税额", "debit", "2221"),
}


@pytest.mark.parametrize("standard", standards.STANDARDS)
def test_codes_names_and_sides(standard: str) -> None:
    accounts = {one.code: one for one in standards.accounts(standard)}
    assert len(accounts) == len(standards.accounts(standard))
    assert {code: accounts[code].name for code in FIRST_LEVEL[standard]} == FIRST_LEVEL[standard]
    for code, (name, direction, parent) in TAX.items():
        assert (accounts[code].name, accounts[code].direction, accounts[code].parent) == (name, direction, parent)
    for code, account in accounts.items():
        assert account.direction in ("debit", "credit")
        assert account.parent == ("" if len(code) == 4 else code[:-2]), code
        assert code.isdecimal()
        assert account.name == account.name.strip() != ""
    order = [one.code for one in standards.accounts(standard)]
    assert all(order.index(one.parent) < order.index(one.code) for one in accounts.values() if one.parent)


def test_the_small_enterprise_standard_has_66_accounts() -> None:
    assert sum(not one.parent for one in standards.accounts("small")) == 66


def test_the_command(book: AccountBook) -> None:
    out = StringIO()
    call_command("load_chart", "--book", str(book.pk), "--standard", "small", stdout=out)
    assert "92 accounts" in out.getvalue()
    assert Account.objects.get(book=book, code="22210101").parent == Account.objects.get(book=book, code="222101")
    with pytest.raises(CommandError, match="已有科目"):
        call_command("load_chart", "--book", str(book.pk), "--standard", "enterprise")
    with pytest.raises(CommandError, match="no account book"):
        call_command("load_chart", "--book", "0", "--standard", "small")


def test_the_mapping_of_the_demo_names_usable_accounts(book: AccountBook) -> None:
    examples.make_chart(book)
    mappings = list(AccountMapping.objects.filter(book=book))
    assert {one.cost_type for one in mappings} == {"差旅费", "办公费", "业务招待费", ""}
    for mapping in mappings:
        for name in MAPPED:
            account = getattr(mapping, name)
            assert selectors.usable_account(book, account) == account
    assert mappings[0].tax_account == "22210101 进项税额"
    assert mappings[0].pending_tax_account == "222103 待认证进项税额"
    assert mappings[0].transfer_out_account == "22210107 进项税额转出"
    assert mappings[0].credit_account == "2241 其他应付款"
