"""Fifty duplicate cases are decided by keyboard while a second session decides one of them at the same time."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.duplicates.choices import State
from apps.duplicates.models import DuplicateCase
from apps.invoices.models import Invoice
from tests.duplicates.cases import a_case
from tests.factories import PASSWORD, AdminFactory, SourceFactory

pytestmark = pytest.mark.django_db(transaction=True)


def log_in(page: Page, username: str) -> None:
    page.goto("/account/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/")


def test_fifty_cases_are_decided_by_keyboard_and_one_by_two_sessions(
    page: Page, browser: Browser, live_server: Any
) -> None:
    source = SourceFactory()
    cases = [a_case(source) for _ in range(50)]
    AdminFactory(username="first")
    AdminFactory(username="second")
    log_in(page, "first")
    with browser.new_context(base_url=live_server.url, locale="zh-CN") as other_context:
        other = other_context.new_page()
        log_in(other, "second")
        contested = max(case.pk for case in cases)
        other.goto(f"/duplicates/{contested}/")
        page.goto("/duplicates/")
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/duplicates/{contested}/")
        for turn in range(50):
            here = page.url
            page.keyboard.press("m" if turn % 2 else "n")
            page.wait_for_url(lambda url, here=here: url != here)
            if turn == 0:
                other.fill("[name=text]", "mein Grund")
                other.locator("h1").click()
                other.keyboard.press("m")
                expect(other.locator(".alert-danger")).to_contain_text("first")
        page.wait_for_url("**/duplicates/")
    assert set(DuplicateCase.objects.values_list("state", flat=True)) == {State.MERGED, State.DISMISSED}
    assert Invoice.objects.exclude(merged_into=None).count() == 25
    page.keyboard.press("u")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert DuplicateCase.objects.filter(state=State.OPEN).count() == 1
