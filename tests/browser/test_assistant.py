"""A bill is filled in the assistant's window, submitted and approved; the upstream's books show the same."""

import re
import threading
from collections.abc import Iterator

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from apps.accounts.models import DutyPolicy
from apps.bills.assistant.listening import Listener
from apps.bills.models import AssistantSession, Bill
from apps.outbox import jobs as outbox
from apps.outbox.models import Push
from apps.sandbox.server import Sandbox, running
from apps.sources.models import Source
from tests.bills.assistants import source_of
from tests.factories import UserFactory
from tests.progress import STALL_SECONDS

from .test_workspace import log_in

pytestmark = pytest.mark.django_db(transaction=True)

# From the arrival of a message to its effect on the bill's page: two seconds on an idle machine, less than the minute
# of the scheduled job.
AT_MOST_MS = 30_000


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(invoices=160, seed=11, piaozone_hold=0.5) as started:
        yield started


@pytest.fixture
def source(sandbox: Sandbox) -> Source:
    source = source_of(sandbox)
    user = UserFactory(username="chen", is_superuser=True)
    user.companies.add(source.company)
    return source


@pytest.fixture
def crew(source: Source) -> Iterator[None]:
    """What ``manage.py work`` runs: the listener, and a thread that delivers pushes."""
    listener, done = Listener(), threading.Event()

    def send() -> None:
        try:
            while not done.wait(0.2):
                outbox.deliver()
        finally:
            connection.close()

    def listen() -> None:
        try:
            listener.run()
        finally:
            connection.close()

    threads = [threading.Thread(target=send), threading.Thread(target=listen)]
    for thread in threads:
        thread.start()
    yield
    listener.stop.set()
    done.set()
    for thread in (*threads, *listener._threads.values()):
        thread.join(STALL_SECONDS)
        assert not thread.is_alive()


def window(page: Page, button: str) -> Page:
    """Click the button and return the window of the sandbox that it opens."""
    with page.context.expect_page() as opening:
        page.locator(button).first.click()
    opened = opening.value
    opened.wait_for_url("**/m4-web/**")
    return opened


@pytest.mark.usefixtures("crew")
def test_five_invoices_are_chosen_submitted_and_approved(page: Page, sandbox: Sandbox, source: Source) -> None:
    DutyPolicy.objects.create(duty="bill", own_allowed=True)  # one person takes all steps here
    log_in(page, "/bills/new/")
    page.locator("[name=employee]").fill("韩梅梅")
    page.locator("[name=company]").select_option(str(source.company_id))
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/invoices/")
    bill = Bill.objects.get()
    page.goto(f"/bills/{bill.pk}/")

    chooser = window(page, "button[value=choose]")
    boxes = chooser.locator("input[name=serial]:not([disabled])")
    for place in range(5):
        boxes.nth(place).check()
    chosen = [boxes.nth(place).get_attribute("value") for place in range(5)]
    expect(page.locator("#assistant .status-dot")).to_be_visible()
    chooser.locator("button[type=submit]").click()
    expect(page.locator("input[name=bill_invoice]")).to_have_count(5, timeout=AT_MOST_MS)
    expect(page.locator("#bill-heading .badge")).to_be_visible()
    chooser.close()

    page.locator("form[action$='/submit/'] button").click()
    expect(page.locator("form[action$='/approve/'] button")).to_be_visible()
    page.locator("form[action$='/approve/'] button").click()
    expect(page.locator("form[action$='/book/'] button")).to_be_visible()
    expect(page.locator("#pushes .bg-green-lt")).to_have_count(4)

    books = sandbox.systems["piaozone"].books
    ours = [one for one in books.of() if one.subject == bill.external_key and "/m4/" in one.call]
    calls = [(one.call.rpartition("expense/")[2], one.content.get("expenseStatus", "")) for one in ours]
    assert calls == [
        ("entry/cache", ""), ("entry/save", ""), ("invoice/status/update", "30"), ("invoice/status/update", "60"),
    ]  # fmt: skip
    serial_numbers = {serial for entry in ours[1].content["data"] for serial in entry["fid"]}
    assert serial_numbers == set(chosen)
    assert books.bills[bill.external_key].status == "60"
    assert not Push.objects.exclude(state="done").exists()


@pytest.mark.usefixtures("crew")
def test_unavailable_upstream_is_shown_and_push_waits(page: Page, sandbox: Sandbox, source: Source) -> None:
    log_in(page, "/bills/new/")
    page.locator("[name=employee]").fill("韩梅梅")
    page.locator("[name=company]").select_option(str(source.company_id))
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/invoices/")
    bill = Bill.objects.get()
    page.goto(f"/bills/{bill.pk}/")
    chooser = window(page, "button[value=choose]")
    sandbox.settings.retry_after = 30
    sandbox.fault("piaozone", "http_429", call="entry/cache")
    expect(page.locator("#assistant .status-dot")).to_be_visible()
    chooser.locator("input[name=serial]:not([disabled])").first.check()
    chooser.locator("button[type=submit]").click()
    expect(page.locator("input[name=bill_invoice]")).to_have_count(1)
    expect(page.locator("#upstream-away")).to_contain_text(source.name)
    assert Push.objects.get().state == "waiting"
    page.locator("form[action$='/assistant/close/'] button").click()
    expect(page.locator("#assistant .status-dot")).to_have_count(0)
    assert AssistantSession.objects.get().closed_at
    Push.objects.update(retry_at=None)
    expect(page.locator("#pushes .bg-green-lt")).to_have_count(1)
    expect(page.locator("#upstream-away")).to_have_count(0)
    assert re.fullmatch(r"http://.*/bills/\d+/", page.url)
