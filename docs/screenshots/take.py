"""Takes the pictures of the READMEs from a running demo: ``python docs/screenshots/take.py http://127.0.0.1:8000``."""

import re
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

USERNAME, PASSWORD = "admin", "invoicehub-demo"
HERE = Path(__file__).parent
PAGES = {
    "overview": "/",
    "invoices": "/invoices/",
    "pulls": "/pulls/",
    "quarantine": "/quarantine/",
    "duplicates": "/duplicates/",
}


def main(address: str) -> None:
    """Every page in both languages at the width of a desk."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for language, suffix in (("zh-hans", "-zh"), ("en", "")):
            context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
            context.add_cookies([{"name": "django_language", "value": language, "url": address}])
            page = context.new_page()
            log_in(page)
            for name, place in PAGES.items():
                page.goto(place)
                page.wait_for_timeout(1500)
                page.screenshot(path=HERE / f"{name}{suffix}.png")
            page.goto("/invoices/?has_conflict=true")
            page.goto(_first(page, "/invoices/"))
            page.wait_for_load_state()
            page.screenshot(path=HERE / f"invoice{suffix}.png")
            for name, list_page, link in (
                ("bill", "/bills/?state=draft", "/bills/"),
                ("voucher", "/vouchers/", "/vouchers/"),
            ):
                page.goto(list_page)
                page.goto(_first(page, link))
                page.wait_for_load_state()
                page.screenshot(path=HERE / f"{name}{suffix}.png")
            page.goto("/duplicates/?rule=digit_wrong")
            page.click("tbody a")
            page.wait_for_load_state()
            page.screenshot(path=HERE / f"case{suffix}.png")
        browser.close()


def _first(page: Page, room: str) -> str:
    """The first link into a room, such as ``/invoices/12/``."""
    links = page.eval_on_selector_all("a", "found => found.map(link => link.getAttribute('href') || '')")
    return next(link for link in links if re.fullmatch(rf"{room}\d+/", link))


def log_in(page: Page) -> None:
    page.goto("/account/login/")
    page.fill("[name=login]", USERNAME)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_load_state()


if __name__ == "__main__":
    main(sys.argv[1])
