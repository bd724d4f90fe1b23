"""A bill in a real browser: created, filled from the ledger, submitted, rejected."""

import pytest
from playwright.sync_api import Page, expect

from apps.bills.models import Bill
from apps.invoices.models import Invoice
from tests.factories import PASSWORD, SourceFactory, UserFactory

from .builders import invoices

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_bill_is_made_filled_submitted_and_rejected(page: Page) -> None:
    source = SourceFactory(name="税局", kind="etax")
    invoices(source, 3)
    # Roles come from migrations, which the tests that really commit sweep away with every other row.
    user = UserFactory(username="chen", is_superuser=True)
    user.companies.add(source.company)

    page.goto("/bills/")
    page.locator("[name=login]").fill("chen")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button.btn-primary").click()
    page.wait_for_url("**/bills/")
    page.locator("a[href='/bills/new/']").first.click()
    page.locator("[name=employee]").fill("韩梅梅")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/invoices/")

    boxes = page.locator("input[name=invoice]")
    expect(boxes).to_have_count(3)
    boxes.nth(0).check()
    expect(page.locator("[data-tally]")).to_contain_text("113.00")
    boxes.nth(1).check()
    expect(page.locator("[data-count]")).to_have_text("2")
    expect(page.locator("[data-sum]")).to_have_text("226.00")
    page.locator("form[action$='/reserve/'] button[type=submit]").click()
    bill = Bill.objects.get()
    page.wait_for_url(f"**/bills/{bill.pk}/")
    expect(page.locator("input[name=bill_invoice]")).to_have_count(2)
    assert set(Invoice.objects.values_list("expense_status", flat=True)) == {"reserved", "unknown"}

    page.locator("form[action$='/submit/'] button").click()
    page.locator("#confirm button").click()  # warning about consecutive numbers
    reject = page.locator("form[action$='/reject/']")
    expect(reject).to_be_hidden()
    page.locator(".dropdown:has(form[action$='/reject/']) > button").click()
    reject.locator("[name=reason]").fill("缺合同")
    reject.locator("button").click()
    expect(page.locator("main")).to_contain_text("缺合同")
    assert set(Invoice.objects.values_list("expense_status", flat=True)) == {"unused", "unknown"}
