"""The pages of charts and dimension lists, the voucher form with a chart, and REST."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.vouchers.charts import services
from apps.vouchers.models import Account, AccountBook, DimensionItem, Voucher
from tests.factories import AccountBookFactory, BillFactory, UserFactory, VoucherFactory
from tests.vouchers.test_pages import form_of, text


@pytest.fixture
def charted(book: AccountBook) -> AccountBook:
    services.load_standard(book, "enterprise")
    services.import_accounts(book, [{"code": "660201", "name": "差旅费", "dimensions": "部门 员工"}])
    services.import_items(book.company, [{"kind": "部门", "name": "研发部"}, {"kind": "员工", "name": "王芳"}])
    return book


@pytest.fixture
def manager(book: AccountBook) -> User:
    return UserFactory(role="finance manager", companies=[book.company])


@pytest.fixture
def page(accountant: User, client: Client) -> Client:
    client.force_login(accountant)
    return client


def test_an_empty_book_offers_the_standard_charts(client: Client, manager: User, book: AccountBook) -> None:
    client.force_login(manager)
    assert reverse("load_chart") in text(client.get(reverse("accounts")))
    client.post(reverse("load_chart"), {"book": book.pk, "standard": "enterprise"})
    shown = text(client.get(f"{reverse('accounts')}?book={book.pk}&q=进项"))
    assert "22210101" in shown
    assert "account-level-2" in shown
    assert reverse("load_chart") not in shown
    assert client.post(reverse("load_chart"), {"book": book.pk, "standard": "x"}).status_code == 400
    other = AccountBookFactory()
    assert client.post(reverse("load_chart"), {"book": other.pk, "standard": "small"}).status_code == 404
    assert not Account.objects.filter(book=other).exists()


def test_an_accountant_reads_and_may_not_change(page: Client, charted: AccountBook) -> None:
    account, item = Account.objects.get(code="660201"), DimensionItem.objects.get(name="王芳")
    shown = text(page.get(f"{reverse('accounts')}?code=6602"))
    assert "差旅费" in shown
    assert reverse("edit_account", args=[account.pk]) not in shown
    assert "王芳" in text(page.get(reverse("dimension_items")))
    for name, pk in (("edit_account", account.pk), ("edit_dimension_item", item.pk)):
        assert page.get(reverse(name, args=[pk])).status_code == 403
    for name in ("new_account", "import_accounts", "new_dimension_item", "import_dimension_items"):
        assert page.get(reverse(name)).status_code == 403


def test_an_account_is_added_and_changed(client: Client, manager: User, charted: AccountBook) -> None:
    client.force_login(manager)
    form = {"book": charted.pk, "code": "660202", "name": "办公费", "direction": "", "active": "on"}
    assert client.post(reverse("new_account"), form).status_code == 302
    account = Account.objects.get(code="660202")
    assert (account.parent.code, account.direction) == ("6602", "debit")  # type: ignore[union-attr]
    refused = text(client.post(reverse("new_account"), form))
    assert "660202 办公费" in refused
    address = reverse("edit_account", args=[account.pk])
    assert 'value="6602"' in text(client.get(address))
    client.post(address, {"name": "办公", "parent": "6602", "direction": "debit", "dimensions": ["project"]})
    account.refresh_from_db()
    assert (account.name, account.dimensions, account.active) == ("办公", ["project"], False)
    assert "660202" not in text(client.get(f"{reverse('accounts')}?active=true&code=66"))


def test_a_dimension_item_is_added_and_changed(client: Client, manager: User, charted: AccountBook) -> None:
    client.force_login(manager)
    form = {"company": charted.company_id, "kind": "project", "code": "P1", "name": "新楼", "active": "on"}
    assert client.post(reverse("new_dimension_item"), form).status_code == 302
    item = DimensionItem.objects.get(kind="project")
    assert "新楼" in text(client.post(reverse("new_dimension_item"), form))
    client.post(reverse("edit_dimension_item", args=[item.pk]), {**form, "name": "旧楼"})
    item.refresh_from_db()
    assert item.name == "旧楼"


def test_the_lists_have_a_query_budget(page: Client, charted: AccountBook, django_assert_max_num_queries: Any) -> None:
    for name in ("accounts", "dimension_items"):
        page.get(reverse(name))
        with django_assert_max_num_queries(16):
            page.get(reverse(name))


def test_choices_for_the_form(page: Client, charted: AccountBook) -> None:
    address = reverse("account_choices", args=[charted.pk])
    assert page.get(address, {"q": "差旅"}).json() == {
        "choices": [{"value": "660201 差旅费", "dimensions": ["department", "employee"]}]
    }
    items = reverse("dimension_item_choices", args=[charted.pk])
    assert page.get(items, {"kind": "employee", "q": "王"}).json() == {"choices": [{"value": "王芳"}]}
    assert page.get(items, {"kind": "x"}).json() == {"choices": []}
    other = AccountBookFactory()
    assert page.get(reverse("account_choices", args=[other.pk])).status_code == 404
    assert page.get(reverse("dimension_item_choices", args=[other.pk])).status_code == 404


def test_a_voucher_is_entered_with_accounts_and_dimensions_of_the_lists(page: Client, charted: AccountBook) -> None:
    address = f"{reverse('new_voucher')}?book={charted.pk}"
    shown = text(page.get(address))
    assert reverse("account_choices", args=[charted.pk]) in shown
    assert f"{reverse('dimension_item_choices', args=[charted.pk])}?kind=employee" in shown
    entries = [
        {"summary": "差旅", "account": "660201", "department": "研发部", "employee": "王芳", "debit": "107000.53",
         "dimension": "现金流量：差旅"},
        {"summary": "差旅", "account": "2241 其他", "dimension": "员工:王芳", "credit": "107000.53"},
    ]  # fmt: skip
    saved = page.post(
        address, form_of({"book": charted.pk, "vouch_id": "v-1", "vouch_no": "1", "period": "202603"}, entries)
    )
    assert saved.status_code == 302, [saved.context["entries"].errors, saved.context["head"].errors]
    voucher = Voucher.objects.get()
    assert list(voucher.entries.values_list("account", "dimension")) == [
        ("660201 差旅费", "部门：研发部；员工：王芳；现金流量：差旅"),
        ("2241 其他应付款", "员工：王芳"),
    ]
    edit = text(page.get(reverse("edit_voucher", args=[voucher.pk])))
    assert 'value="研发部"' in edit
    assert 'value="现金流量：差旅"' in edit
    assert edit.count("data-required") == 2
    assert "人民币壹拾万柒仟元零伍角叁分" in text(page.get(reverse("voucher", args=[voucher.pk])))


def test_the_page_of_a_voucher_names_what_the_chart_refuses(page: Client, charted: AccountBook) -> None:
    voucher = VoucherFactory(book=charted)
    voucher.entries.filter(position=1).update(account="6602 管理费用")
    shown = text(page.get(reverse("voucher", args=[voucher.pk])))
    assert "6602 管理费用”" in shown


def test_a_book_without_a_chart_keeps_the_plain_fields(page: Client, book: AccountBook) -> None:
    shown = text(page.get(f"{reverse('new_voucher')}?book={book.pk}"))
    assert "data-choices" not in shown
    assert "data-dimensions" not in shown


def test_a_bill_shows_its_amount_in_words(page: Client, book: AccountBook) -> None:
    bill = BillFactory(company=book.company, amount=Decimal("2591.44"))
    assert "人民币贰仟伍佰玖拾壹元肆角肆分" in text(page.get(reverse("bill", args=[bill.pk])))


def test_rest_lists_accounts_of_visible_companies(page: Client, charted: AccountBook) -> None:
    services.load_standard(AccountBookFactory(), "small")
    answer = page.get("/api/v1/accounts/", {"code": "6602", "book": charted.pk}).json()
    assert {row["code"]: row["parent"] for row in answer["results"]} == {"6602": "", "660201": "6602"}
    everything = page.get("/api/v1/accounts/", {"q": "管理费用"}).json()["results"]
    assert {row["book"] for row in everything} == {charted.pk}
    assert page.get("/api/v1/accounts/", {"active": "false"}).json()["results"] == []
    other = Account.objects.exclude(book=charted).first()
    assert page.get(f"/api/v1/accounts/{other.pk}/").status_code == 404  # type: ignore[union-attr]
    assert page.get("/api/v1/dimension-items/", {"kind": "employee"}).json()["results"][0]["name"] == "王芳"
    row = {"book": charted.pk, "code": "6699", "name": "甲", "direction": "debit"}
    assert page.post("/api/v1/accounts/", row, content_type="application/json").status_code == 403


def test_rest_writes_with_the_checks_of_the_import(client: Client, manager: User, charted: AccountBook) -> None:
    client.force_login(manager)

    def send(path: str, body: Any, method: str = "post") -> Any:
        return getattr(client, method)(f"/api/v1/{path}", body, content_type="application/json")

    made = send("accounts/", {"book": charted.pk, "code": "660202", "name": "办公费"})
    assert made.status_code == 201, made.content
    assert (made.json()["parent"], made.json()["direction"]) == ("6602", "debit")
    assert send("accounts/", {"book": charted.pk, "code": "660202", "name": "办公费"}).status_code == 409
    changed = send(f"accounts/{made.json()['id']}/", {"active": False}, "patch")
    assert (changed.json()["active"], changed.json()["name"]) == (False, "办公费")
    assert send("accounts/", {"book": AccountBookFactory().pk, "code": "1", "name": "甲"}).status_code == 400
    rows = {"book": charted.pk, "rows": [{"code": "6603", "name": "财务费用"}, {"code": "x y", "name": "甲"}]}
    refused = send("accounts/import/", rows)
    assert refused.status_code == 400
    assert "rows.2" in refused.json()["errors"]
    rows["rows"] = [{"code": "660203", "name": "招待费"}]
    assert send("accounts/import/", {**rows, "dry_run": True}).json()["new"] == 1
    assert not Account.objects.filter(code="660203").exists()
    assert send("accounts/import/", rows).json() == {"new": 1, "changed": 0, "same": 0, "refused": 0}
    assert send("accounts/load/", {"book": charted.pk, "standard": "small"}).status_code == 409
    item = send("dimension-items/", {"company": charted.company_id, "kind": "project", "name": "新楼"})
    assert item.status_code == 201
    assert send(f"dimension-items/{item.json()['id']}/", {"name": "旧楼"}, "patch").json()["name"] == "旧楼"
    body = {"company": charted.company_id, "rows": [{"kind": "部门", "name": "研发部", "active": "否"}]}
    assert send("dimension-items/import/", body).json()["changed"] == 1
