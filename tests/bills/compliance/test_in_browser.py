"""Findings in a real browser: ticked together, overridden with a reason, taken back, marked beside their invoices."""

import pytest
from playwright.sync_api import Page, expect

from apps.bills.models import Bill
from apps.sources.records import PartyRecord
from tests.factories import PASSWORD, BillFactory, SourceFactory, UserFactory

from .test_on_bills import good, put

pytestmark = pytest.mark.django_db(transaction=True)


def test_findings_are_overridden_together_and_the_bill_is_submitted(page: Page) -> None:
    source = SourceFactory(name="发票云", kind="piaozone", company__name="甲公司")
    bill = BillFactory(company=source.company)
    others = PartyRecord("别的公司", source.company.tax_no)
    put(source, bill, *(good(source, n, buyer=others) for n in (1, 2)), good(source, 3))
    # Roles come from migrations, which the tests that really commit sweep away with every other row.
    UserFactory(username="chen", is_superuser=True).companies.add(source.company)

    page.goto(f"/bills/{bill.pk}/")
    page.locator("[name=login]").fill("chen")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button.btn-primary").click()
    page.wait_for_url(f"**/bills/{bill.pk}/")
    marks = page.locator(".check-marks a")
    expect(marks).to_have_count(2)
    marks.first.click()
    assert page.url.endswith("#checks-block")

    submit = page.locator("form[action$='/submit/'] button")
    submit.click()
    expect(page.locator(".alert-danger").first).to_contain_text("别的公司")
    assert Bill.objects.get().state == "draft"

    page.locator("[data-tick-list]").check()
    expect(page.locator("[name=finding]:checked")).to_have_count(2)
    form = page.locator("form[action$='/checks/override/']")
    form.locator("[name=reason]").fill("集团统一开票")
    form.locator("button[type=submit]").click()
    page.locator("summary").last.click()
    expect(page.locator("#checks-passed")).to_contain_text("集团统一开票")
    page.locator("form[action$='/take-back/'] button").first.click()
    expect(page.locator("[name=finding]")).to_have_count(1)
    page.locator("[name=finding]").check()
    form.locator("[name=reason]").fill("还是可以")
    form.locator("button[type=submit]").click()
    submit.click()
    expect(page.locator("[name=finding]")).to_have_count(0)
    assert Bill.objects.get().state == "submitted"
