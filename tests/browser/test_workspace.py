"""An accountant uses the workspace in a real browser."""

from decimal import Decimal

import msgspec
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.bills import services as bills
from apps.invoices.models import FieldConflict, Invoice
from apps.sources.models import QuarantinedRecord, Source
from apps.sources.records import dumps, loads
from tests.factories import (
    PASSWORD,
    AccountBookFactory,
    FieldConflictFactory,
    InvoiceFactory,
    InvoiceLineFactory,
    PartyFactory,
    QuarantinedRecordFactory,
    RawRecordFactory,
    SourceFactory,
    SourceRecordFactory,
    SyncRunFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = "26319188666000012345"


@pytest.fixture
def bureau() -> Source:
    return SourceFactory(name="税局", kind="etax")


@pytest.fixture
def accountant(bureau: Source) -> User:
    # Superuser, because tests with transaction=True delete the roles that migrations create.
    user = UserFactory(username="chen", is_superuser=True)
    user.companies.add(bureau.company)
    return user


@pytest.fixture
def disputed(bureau: Source) -> Invoice:
    """An invoice whose total is 113.00 in the tax bureau's record and 131.00 in the shop's."""
    shop = SourceFactory(name="商派", kind="shopex", company=bureau.company)
    invoice = InvoiceFactory(
        digital_number=NUMBER, seen_by=[bureau], issue_date=timezone.localdate(), flags=["sources_disagree"],
        seller=PartyFactory(name="华为技术有限公司"),
    )  # fmt: skip
    InvoiceLineFactory(invoice=invoice)
    raw = RawRecordFactory(source=shop, external_id="order-1", payload='{"total": "131.00", "phone": "x"}')
    other = SourceRecordFactory(invoice=invoice, source=shop, external_id="order-1", raw=raw)
    other.record = dumps(msgspec.structs.replace(loads(other.record), total_amount=Decimal("131.00")))
    other.save()
    claims = [
        {"source_id": s.source_id, "external_id": s.external_id, "value": str(loads(s.record).total_amount)}
        for s in invoice.source_records.order_by("source_id")
    ]
    FieldConflictFactory(invoice=invoice, claims=claims)
    return invoice


def log_in(page: Page, to: str = "/", username: str = "chen") -> None:
    page.goto(to)
    page.locator("[name=login]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button.btn-primary").click()
    page.wait_for_url(f"**{to}")


def in_english(page: Page) -> None:
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.usefixtures("accountant", "disputed")
def test_language_switch_keeps_the_page(page: Page) -> None:
    page.goto("/account/login/?next=/invoices/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    in_english(page)
    log_in(page, "/invoices/")
    page.goto("/invoices/?q=2631918")
    page.get_by_role("button", name="中文").click()
    expect(page).to_have_url("/invoices/?q=2631918")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")


@pytest.mark.usefixtures("accountant")
def test_field_conflict_is_settled_and_undone(page: Page, disputed: Invoice, bureau: Source) -> None:
    InvoiceFactory.create_batch(3, seen_by=[bureau])
    log_in(page)
    in_english(page)
    page.get_by_role("link", name="Invoices", exact=True).click()
    page.get_by_role("searchbox").fill("华为")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("tr[data-href]")).to_have_count(1)
    page.get_by_role("link", name=NUMBER).click()
    expect(page.get_by_role("heading", name=NUMBER)).to_be_visible()
    expect(page.locator(".cell-differs")).to_have_text("131.00")

    page.get_by_label("131.00").check()
    page.get_by_label("Reason").fill("checked against the original")
    page.get_by_role("button", name="Settle").click()
    expect(page.get_by_text("Settled by chen")).to_be_visible()
    expect(page.locator(".h1.num")).to_have_text("¥131.00")
    assert FieldConflict.objects.get().chosen == "131.00"

    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".h1.num")).to_have_text("¥113.00")


@pytest.mark.usefixtures("accountant")
def test_raw_record_and_history_load_on_demand(page: Page, disputed: Invoice) -> None:
    log_in(page, f"/invoices/{disputed.pk}/")
    in_english(page)
    shop = page.locator(".col-lg-6", has_text="商派")
    expect(shop.locator("pre")).to_have_count(0)
    shop.get_by_role("button", name="Raw record").click()
    expect(shop.locator("pre")).to_contain_text('"total": "131.00"')
    shop.get_by_role("button", name="History").click()
    expect(shop.get_by_text("arrived")).to_be_visible()


@pytest.mark.usefixtures("accountant")
def test_invoice_list_is_operated_by_keyboard(page: Page, disputed: Invoice, bureau: Source) -> None:
    InvoiceFactory.create_batch(60, seen_by=[bureau])
    log_in(page, "/invoices/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    for key in "jjk":
        page.keyboard.press(key)
    expect(page.locator("tr.current")).to_have_count(1)
    expect(page.locator("tr.current")).to_contain_text(NUMBER)
    page.keyboard.press("n")
    page.wait_for_url("**after=**")
    page.keyboard.press("p")
    page.wait_for_url("**before=**")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/invoices/{disputed.pk}/")


@pytest.mark.usefixtures("accountant")
def test_quarantined_record_is_retried_and_dismissed(page: Page, bureau: Source) -> None:
    raw = RawRecordFactory(source=bureau, external_id="bad", payload='{"billingDate": "2026-13-01"}')
    still_bad = QuarantinedRecordFactory(source=bureau, external_id="bad", raw=raw)
    unwanted = QuarantinedRecordFactory(source=bureau)
    log_in(page, "/quarantine/")
    in_english(page)
    page.locator(f"#record-{still_bad.pk}").get_by_role("button", name="Retry").click()
    expect(page.get_by_text("The record still cannot be used. The reason is now:")).to_be_visible()
    row = page.locator(f"#record-{unwanted.pk}")
    row.get_by_role("button", name="Dismiss").first.click()
    expect(row.get_by_label("Comment")).to_be_focused()
    page.keyboard.type("a test order")
    row.locator("form.collapse button").click()
    expect(row).to_have_count(0)
    still_bad.refresh_from_db()
    assert still_bad.attempts == 2
    assert QuarantinedRecord.objects.get(pk=unwanted.pk).comment == "a test order"


@pytest.mark.usefixtures("accountant")
def test_page_of_running_pull_updates_itself(page: Page, bureau: Source) -> None:
    run = SyncRunFactory(source=bureau, running=True, created=3)
    log_in(page, f"/pulls/{run.pk}/")
    in_english(page)
    expect(page.locator("#pull")).to_contain_text("running")
    type(run).objects.filter(pk=run.pk).update(status="succeeded", finished_at=timezone.now())
    expect(page.locator("#pull")).to_contain_text("succeeded")
    expect(page.locator("#pull[hx-get]")).to_have_count(0)


ROOMS = (
    "/",
    "/invoices/",
    "/bills/",
    "/duplicates/",
    "/vouchers/",
    "/findings/",
    "/pushes/",
    "/pulls/",
    "/quarantine/",
)
FORMS = (
    "/bills/new/",
    "/bills/import/",
    "/bills/messages/",
    "/vouchers/new/",
    "/vouchers/draft/",
    "/vouchers/import/",
    "/pushes/order/",
)
SIDEWAYS = """[document.documentElement, ...document.querySelectorAll(".table-responsive, .scroll-box, header, main")]
    .filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.className || box.tagName)"""


@pytest.fixture
def everything(disputed: Invoice, bureau: Source, accountant: User) -> list[str]:
    """Addresses of all pages, with one object of each kind that has long names."""
    run = SyncRunFactory(source=bureau, failed=True)
    AccountBookFactory(company=bureau.company)
    QuarantinedRecordFactory(source=bureau)
    bill = bills.create_bill(bureau.company, accountant, title="北京、上海、广州出差及会务", employee="欧阳娜娜")
    entry = bills.put_line(bill, accountant, cost_type="差旅费", amount="1234567.89", description="住宿三晚，含早餐")
    bills.reserve(bill, [disputed.pk], accountant, line=entry)
    things = (f"/invoices/{disputed.pk}/", f"/bills/{bill.pk}/", f"/bills/{bill.pk}/invoices/", f"/pulls/{run.pk}/")
    return [*ROOMS, *FORMS, *things, "/account/password/change/", "/account/tokens/"]


UNNAMED = """[
    ...[...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
        .filter(field => !field.labels.length && !field.ariaLabel && !field.title),
    ...[...document.querySelectorAll("a, button")]
        .filter(one => !one.textContent.trim() && !one.ariaLabel && !one.title)].map(one => one.outerHTML)"""


def test_every_page_has_unique_title_one_heading_and_labelled_fields(page: Page, everything: list[str]) -> None:
    log_in(page)
    titles = []
    for address in everything:
        page.goto(address)
        titles.append(page.title())
        assert page.locator("h1").count() == 1, address
        assert page.evaluate(UNNAMED) == [], address
    assert all(title.endswith(" · 发票中台") for title in titles), titles
    assert len(set(titles)) == len(titles), titles  # browser tabs can be distinguished


@pytest.mark.parametrize("width", [390, 1200])
def test_no_page_is_wider_than_the_screen(page: Page, everything: list[str], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    log_in(page)
    in_english(page)  # English texts are longer
    page.wait_for_selector("canvas")
    for address in everything:
        page.goto(address)
        assert page.evaluate(SIDEWAYS) == [], address


@pytest.mark.usefixtures("accountant")
def test_menu_collapses_on_a_phone_and_marks_the_current_page(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    log_in(page, "/quarantine/")
    expect(page.locator("#rooms a[href='/pulls/']")).to_be_hidden()
    page.locator(".navbar-toggler").click()
    expect(page.locator("#rooms a[href='/pulls/']")).to_be_visible()
    expect(page.locator("[aria-current=page]")).to_have_attribute("href", "/quarantine/")
