"""Entering a voucher by keyboard, in a real browser."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from apps.vouchers.charts import services
from apps.vouchers.models import AccountBook, Voucher
from tests.factories import AccountBookFactory, UserFactory

from .test_workspace import log_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def book() -> AccountBook:
    UserFactory(username="chen", is_superuser=True)
    return AccountBookFactory(name="总账", audit_before_collect=False)


@pytest.mark.usefixtures("book")
def test_voucher_is_entered_balanced_and_saved_by_keyboard(page: Page) -> None:
    log_in(page, "/vouchers/new/")
    difference, rows = page.locator("[data-difference]"), page.locator("[data-lines=entries] [data-row]:visible")
    expect(rows).to_have_count(4)
    page.locator("[name=entries-0-summary]").fill("打印纸")
    page.keyboard.press("Enter")
    expect(page.locator("[name=entries-0-account]")).to_be_focused()
    page.keyboard.type("6602")
    page.locator("[name=entries-0-debit]").fill("1,113.05")
    expect(difference).to_contain_text("1,113.05")
    expect(difference).to_have_class("text-danger")
    page.locator("[name=entries-1-account]").fill("2241")
    page.locator("[name=entries-1-credit]").press("=")
    expect(page.locator("[name=entries-1-credit]")).to_have_value("1113.05")
    expect(difference).to_have_class("text-success")
    page.keyboard.press("Control+Enter")
    expect(rows).to_have_count(5)
    page.locator("[name=entries-4-debit]").fill("9")
    rows.nth(4).locator("label.btn").click()
    expect(rows).to_have_count(4)
    expect(difference).to_have_class("text-success")
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile(r"/vouchers/\d+/$"))
    voucher = Voucher.objects.get()
    assert (voucher.total_debit, voucher.total_credit, voucher.entries.count()) == (
        Decimal("1113.05"),
        Decimal("1113.05"),
        2,
    )
    page.keyboard.press("c")
    page.wait_for_url("**/collect/")
    expect(page.locator("pre.raw")).to_contain_text(voucher.vouch_id)


def test_account_and_dimensions_are_offered_while_typing(page: Page, book: AccountBook) -> None:
    services.load_standard(book, "enterprise")
    services.import_accounts(book, [{"code": "660201", "name": "差旅费", "dimensions": "部门 员工"}])
    services.import_items(book.company, [{"kind": "部门", "name": "研发部"}, {"kind": "员工", "name": "王芳"}])
    log_in(page, "/vouchers/new/")
    row = page.locator("[data-lines=entries] [data-row]").first
    account, project = row.locator("[name$=-account]"), row.locator("[data-dimension=project]")
    expect(project).to_be_hidden()
    account.focus()
    page.keyboard.type("差旅")
    offered = row.locator("td:nth-child(3) datalist option")
    expect(offered).to_have_count(1)
    expect(offered).to_have_attribute("value", "660201 差旅费")
    account.fill("660201 差旅费")
    expect(row.locator("[data-dimension=department]")).to_be_visible()
    expect(project).to_be_hidden()
    row.locator("[name$=-department]").fill("研发部")
    page.keyboard.press("Enter")
    expect(row.locator("[name$=-employee]")).to_be_focused()
    page.keyboard.type("王")
    expect(row.locator("[data-dimension=employee] datalist option")).to_have_attribute("value", "王芳")
    page.keyboard.type("芳")
    row.locator("[data-all-dimensions]").click()
    expect(project).to_be_visible()
    row.locator("[name$=-debit]").fill("1")
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile(r"/vouchers/\d+/$"))
    entry = Voucher.objects.get().entries.get()
    assert (entry.account, entry.dimension) == ("660201 差旅费", "部门：研发部；员工：王芳")
