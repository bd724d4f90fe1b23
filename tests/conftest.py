"""What every test may use: running services, and a browser.

Order: plain tests first, then those that kill processes, then those that drive a browser.
"""

import faulthandler
import os
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from invoicehub import embedded

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_configure() -> None:
    """Every process, xdist's controller and workers alike, holds the services until it ends."""
    embedded.hold_for_settings(settings, fsync=False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the browser, and put the fast ones first."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")

    def slowness(item: pytest.Item) -> int:
        return 2 if item.get_closest_marker("browser") else 1 if item.get_closest_marker("durability") else 0

    items.sort(key=slowness)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test with a time limit of its own may take longer than the one after which pytest prints every stack."""
    if item.get_closest_marker("timeout"):
        faulthandler.cancel_dump_traceback_later()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Absent it skips the test, or fails it with CI=true."""
    chromium = shutil.which("chromium")
    if chromium is None:
        reason = "no Chromium here (Debian, Ubuntu: apt-get install chromium fonts-noto-cjk)"
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI never skips browser tests: {reason}")
        pytest.skip(reason)
    # Playwright keeps an event loop in this thread, for which Django would refuse the database to synchronous tests.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chrome = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield chrome
        chrome.close()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A Chinese browser window on the running site; relative addresses work.

    Fails the test afterwards when a page reported an error (a script's, or the Content Security Policy's) or asked
    another host for something.
    """
    problems: list[str] = []
    with browser.new_context(base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai") as context:
        window = context.new_page()

        def on_console(message: ConsoleMessage) -> None:
            if message.type == "error":
                problems.append(f"{window.url}: {message.text}")

        def on_request(request: Request) -> None:
            address = urlsplit(request.url)
            if address.scheme.startswith("http") and address.netloc != urlsplit(live_server.url).netloc:
                problems.append(f"{window.url}: asked for {request.url}")

        window.on("console", on_console)
        window.on("pageerror", lambda error: problems.append(f"{window.url}: {error}"))
        window.on("request", on_request)
        yield window
    assert not problems
