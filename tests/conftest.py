"""What every test may use: running services, and a browser.

Order: plain tests first, then those that kill processes, then those that drive a browser.
"""

import os
import shutil
import signal
from collections.abc import Iterator
from importlib import import_module
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from invoicehub import embedded
from tests import migrated
from tests.ending import EndsWithItsWorkers

BROWSER_MS = 60_000  # for what a page shows in the end: some ten times what a slow machine takes
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_configure(config: pytest.Config) -> None:
    """Every process, xdist's controller and workers alike, holds the services until it ends."""
    embedded.hold_for_settings(settings, fsync=False)
    if hasattr(config, "workerinput"):
        signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell started the run behind itself
    else:
        config.pluginmanager.register(EndsWithItsWorkers())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the browser, and put the fast ones first."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")

    def slowness(item: pytest.Item) -> int:
        return 2 if item.get_closest_marker("browser") else 1 if item.get_closest_marker("durability") else 0

    items.sort(key=slowness)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Test databases are copies of one that is migrated; what it may still lack is migrated in the copy."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.template()


@pytest.fixture
def tax_tables(db: None) -> None:
    """Cost types and travel tax rules as migrations fill them: tests that commit leave these tables empty."""
    import_module("apps.bills.migrations.0003_seed_input_tax").fill(apps, None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Absent it skips the test, or fails it with CI=true."""
    chromium = shutil.which("chromium")
    if chromium is None:
        reason = "no Chromium here (Debian, Ubuntu: apt-get install chromium fonts-noto-cjk)"
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI never skips browser tests: {reason}")
        pytest.skip(reason)
    expect.set_options(timeout=BROWSER_MS)
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
        context.set_default_timeout(BROWSER_MS)
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
