"""The money of one bill, from the login to the voided voucher, with every amount added up by hand."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.bills.models import Bill
from apps.outbox import jobs as outbox
from apps.outbox.models import Push
from apps.sandbox.server import Sandbox, running
from apps.sources.models import Source
from apps.sources.records import DeductionStatus, InvoiceKind, InvoiceRecord, PartyRecord, TravelRecord, Verification
from apps.vouchers.models import AccountBook, AccountMapping, Voucher
from tests.bills.assistants import source_of
from tests.bills.builders import record_of
from tests.factories import AccountBookFactory, SourceFactory, UserFactory
from tests.invoices.ledgers import bring

from .test_workspace import log_in

pytestmark = pytest.mark.django_db(transaction=True)

# By hand, in yuan. A ticked special invoice of 2000.00 + 260.00, a rail ticket of 52.00 (47.71 + 4.29), an ordinary
# invoice of 263.62 + 15.82 whose tax is not deductible: 2591.44 together. The line claims 2600.00, 8.56 more.
EXPENSE, INPUT_TAX, TO_BE_PAID = Decimal("2335.71"), Decimal("264.29"), Decimal("2600.00")
OFFICE, TAX, PAYABLE = "6602.02", "2221.01", "2241"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(invoices=40, seed=11) as started:
        yield started


@pytest.fixture
def source(sandbox: Sandbox) -> Source:
    source = source_of(sandbox)
    for username, last_name, first_name in (("chen", "陈", "静"), ("sun", "孙", "丽")):
        person = UserFactory(username=username, last_name=last_name, first_name=first_name, is_superuser=True)
        person.companies.add(source.company)
    return source


@pytest.fixture
def book(source: Source) -> AccountBook:
    book = AccountBookFactory(company=source.company, source=source, name="总账")
    AccountMapping.objects.create(book=book, debit_account=OFFICE, tax_account=TAX, credit_account=PAYABLE)
    return book


@pytest.fixture
def invoices(source: Source, tax_tables: None) -> None:
    buyer = PartyRecord(source.company.name, source.company.tax_no)
    # The tax bureau's records have no serial number of the invoice cloud, so the cloud is told of the voucher alone.
    bring(
        SourceFactory(kind="etax", company=source.company),
        _record(1, InvoiceKind.DIGITAL_SPECIAL, "2000.00", "260.00", "2260.00", buyer=buyer,
                deduction_status=DeductionStatus.TICKED),
        _record(7, InvoiceKind.DIGITAL_RAIL, "47.71", "4.29", "52.00", buyer=buyer,
                travel=TravelRecord(passenger="陈静", departure="上海", destination="北京")),
        _record(13, InvoiceKind.DIGITAL_GENERAL, "263.62", "15.82", "279.44", buyer=buyer),
    )  # fmt: skip


def _record(number: int, kind: InvoiceKind, excl_tax: str, tax: str, total: str, **values: object) -> InvoiceRecord:
    return record_of(
        number,
        kind=kind,
        issue_date=timezone.localdate(),
        amount_excl_tax=Decimal(excl_tax),
        tax_amount=Decimal(tax),
        total_amount=Decimal(total),
        verification=Verification.PASSED,
        seller=PartyRecord(f"供应商{number}", ""),
        **values,
    )


def log_in_as(page: Page, username: str, to: str) -> None:
    page.context.clear_cookies()
    log_in(page, to, username)


def submitted_bill(page: Page, company_id: int) -> Bill:
    """A bill made, filled and submitted by clicks; its amounts are checked on the way."""
    log_in_as(page, "chen", "/bills/new/")
    expect(page.locator("[name=employee]")).to_have_value("陈静")
    page.locator("[name=company]").select_option(str(company_id))
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/invoices/")
    for box in page.locator("input[name=invoice]").all():
        box.check()
    page.locator("form[action$='/reserve/'] button[type=submit]").last.click()
    bill = Bill.objects.get()
    page.goto(f"/bills/{bill.pk}/")
    expect(page.locator("#to-be-paid")).to_contain_text("2,591.44")
    expect(page.locator("#invoices")).to_contain_text("264.29")
    page.goto(f"/bills/{bill.pk}/lines/")
    page.locator("[name=cost_type]").fill("办公费")
    page.locator("[name=amount]").fill("2600.00")
    page.locator("main form button[type=submit].btn-primary").click()
    expect(page.locator("#to-be-paid")).to_contain_text("2,600.00")
    expect(page.locator("#lines-total")).to_contain_text("8.56")
    page.locator("form[action$='/submit/'] button").click()
    expect(page.locator("#checks")).to_contain_text("8.56")
    bill.refresh_from_db()
    assert bill.state == "draft", "the difference is not explained yet"
    page.goto(f"/bills/{bill.pk}/lines/{bill.lines.get().pk}/")
    page.locator("[name=without_invoice_reason]").fill("小额零星支出")
    page.locator("main form button[type=submit].btn-primary").click()
    page.locator("form[action$='/submit/'] button").click()
    expect(page.locator("#bill-heading .badge")).to_contain_text("已提交")
    expect(page.locator("#not-approvable")).to_be_visible()
    return bill


def deliver() -> None:
    """Send all waiting pushes to the sandbox."""
    for _round in range(5):
        outbox.deliver()
    assert not Push.objects.exclude(state="done").exists()


def entries(voucher: Voucher) -> dict[str, tuple[Decimal, Decimal]]:
    return {
        account: (debit, credit) for account, debit, credit in voucher.entries.values_list("account", "debit", "credit")
    }


@pytest.mark.usefixtures("invoices")
def test_one_amount_from_login_to_voided_voucher(
    page: Page, sandbox: Sandbox, source: Source, book: AccountBook
) -> None:
    bill = submitted_bill(page, source.company_id)
    log_in_as(page, "sun", f"/bills/{bill.pk}/")
    page.locator("form[action$='/approve/'] button").click()
    expect(page.locator("#bill-heading .badge")).to_contain_text("已审批")

    log_in_as(page, "chen", f"/vouchers/draft/?bill={bill.pk}&book={book.pk}")
    page.locator("main form[method=post] button[type=submit]").click()
    page.wait_for_url(re.compile(r"/vouchers/\d+/edit/$"))
    voucher = Voucher.objects.get()
    page.goto(f"/vouchers/{voucher.pk}/")
    assert entries(voucher) == {OFFICE: (EXPENSE, 0), TAX: (INPUT_TAX, 0), PAYABLE: (0, TO_BE_PAID)}
    for text in ("2,335.71", "264.29", "2,600.00", "260.00", "4.29"):
        expect(page.locator("main")).to_contain_text(text)
    expect(page.locator("main")).to_contain_text("人民币贰仟陆佰元整")
    expect(page.locator("#not-auditable")).to_be_visible()

    log_in_as(page, "sun", f"/vouchers/{voucher.pk}/")
    page.locator("form[action$='/audit/'] button").click()
    expect(page.locator("main")).to_contain_text("孙丽")
    log_in_as(page, "chen", f"/vouchers/{voucher.pk}/collect/")
    page.locator("main form[method=post] button.btn-primary").click()
    page.wait_for_url(re.compile(r"/vouchers/\d+/$"))
    deliver()
    collected = json.dumps(sandbox.systems["piaozone"].books.vouchers[voucher.vouch_id].content, ensure_ascii=False)
    assert all(f"{amount}" in collected for amount in (EXPENSE, INPUT_TAX, TO_BE_PAID)), collected
    bill.refresh_from_db()
    assert bill.state == "booked"

    page.goto(f"/vouchers/{voucher.pk}/")
    void = page.locator("form[action$='/void/']")
    page.locator(".dropup", has=void).locator("button.dropdown-toggle").click()
    void.locator("[name=reason]").fill("金额有误")
    void.locator("button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("金额有误")
    deliver()
    assert sandbox.systems["piaozone"].books.vouchers[voucher.vouch_id].deleted
    bill.refresh_from_db()
    voucher.refresh_from_db()
    assert (voucher.state, bill.state) == ("void", "approved")
