"""The input tax of invoices on vouchers: preset by the rules, shown with its reason, changeable."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.bills.input_tax.services import refresh
from apps.vouchers import services
from apps.vouchers.deductions import InvoiceLink, explained
from apps.vouchers.models import AccountBook, Voucher, VoucherInvoice
from apps.vouchers.selectors import linked_invoices
from apps.vouchers.services import Change
from tests.factories import (
    AccountBookFactory,
    BillFactory,
    BillInvoiceFactory,
    CompanyFactory,
    InvoiceFactory,
    UserFactory,
    VoucherFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def book() -> AccountBook:
    return AccountBookFactory()


@pytest.fixture
def wang(book: AccountBook) -> User:
    return UserFactory(username="wang", role="accountant", companies=[book.company])


def stored(voucher: Voucher) -> list[tuple[bool, Decimal | None, str]]:
    rows = VoucherInvoice.objects.filter(voucher=voucher).order_by("pk")
    return list(rows.values_list("deductible", "deduction_tax", "transfer_out_remark"))


def test_links_left_open_get_what_the_rules_give(book: AccountBook, django_assert_max_num_queries) -> None:
    special, taxi = InvoiceFactory(company=book.company), InvoiceFactory(company=book.company, kind="taxi")
    void = InvoiceFactory(
        company=book.company, status="void", deduction_status="ticked", deductible_tax=Decimal("9.10")
    )
    links = [InvoiceLink(special.pk), InvoiceLink(taxi.pk), InvoiceLink(void.pk)]
    voucher = services.create(book, Change(invoices=links), None)
    assert stored(voucher) == [(True, Decimal("13.00"), ""), (False, None, ""), (False, None, "发票状态异常")]
    chosen = [InvoiceLink(special.pk, False), InvoiceLink(taxi.pk), InvoiceLink(void.pk)]
    services.update(voucher.pk, None, Change(invoices=chosen), None)
    assert stored(voucher)[0] == (False, None, "")
    services.update(voucher.pk, None, Change(invoices=links), None)
    assert stored(voucher)[0] == (False, None, "")  # what stands there stays


def test_a_small_scale_company_deducts_nothing() -> None:
    book = AccountBookFactory(company=CompanyFactory(small_scale=True))
    invoice = InvoiceFactory(company=book.company)
    voucher = services.create(book, Change(invoices=[InvoiceLink(invoice.pk)]), None)
    assert stored(voucher) == [(False, None, "")]


@pytest.mark.parametrize("count", [1, 40])
def test_presets_need_the_same_queries_at_any_number(
    book: AccountBook, count: int, django_assert_max_num_queries
) -> None:
    links = [InvoiceLink(InvoiceFactory(company=book.company).pk) for _n in range(count)]
    with django_assert_max_num_queries(24):
        services.create(book, Change(invoices=links), None)


def test_reasons_come_from_the_bill_the_rules_or_a_person(book: AccountBook) -> None:
    bill = BillFactory(company=book.company, state="approved")
    on_bill = BillInvoiceFactory(bill=bill, invoice=InvoiceFactory(company=book.company), amount=Decimal("113.00"))
    refresh([bill.pk])
    direct, changed = (InvoiceFactory(company=book.company) for _n in range(2))
    voucher = VoucherFactory(book=book)
    voucher.bill_links.create(bill=bill)
    taxes = ((on_bill.invoice, "13.00"), (direct, "13.00"), (changed, "5.00"))
    for invoice, tax in taxes:
        voucher.invoice_links.create(invoice=invoice, deductible=True, deduction_tax=Decimal(tax))
    rows = explained(voucher, linked_invoices([voucher.pk]))
    codes = [[message.code for message in explanation.reasons] for _link, explanation in rows]
    assert codes == [["tax.document"], ["tax.document"], ["voucher.deduction_by_hand"]]
    assert sum(explanation.deducted for _link, explanation in rows) == Decimal("26.00")


def test_the_page_shows_deduction_and_reason(book: AccountBook, wang: User) -> None:
    page = Client()
    page.force_login(wang)
    voucher = VoucherFactory(book=book)
    invoice = InvoiceFactory(company=book.company)
    fields: dict[str, Any] = {
        "revision": voucher.revision, "account_date": "2026-03-03", "resource": "piaozone", "attachments_count": "0",
        "vouch_id": voucher.vouch_id, "bills": "", "period": "202603",
        "entries-TOTAL_FORMS": 0, "entries-INITIAL_FORMS": 0, "invoices-TOTAL_FORMS": 1, "invoices-INITIAL_FORMS": 0,
        "invoices-0-invoice": invoice.digital_number, "invoices-0-deductible": "",
    }  # fmt: skip
    page.post(reverse("edit_voucher", args=[voucher.pk]), fields)
    assert stored(voucher) == [(True, Decimal("13.00"), "")]
    shown = page.get(reverse("voucher", args=[voucher.pk])).content.decode()
    assert "按票面税额抵扣" in shown
    fields |= {"invoices-0-deductible": "off", "revision": voucher.revision + 1}
    page.post(reverse("edit_voucher", args=[voucher.pk]), fields)
    assert stored(voucher) == [(False, None, "")]
    assert "与进项税规则的结果不同" in page.get(reverse("voucher", args=[voucher.pk])).content.decode()


def test_over_rest(book: AccountBook, wang: User) -> None:
    api = APIClient()
    api.force_authenticate(wang)
    left_open, decided = InvoiceFactory(company=book.company), InvoiceFactory(company=book.company)
    body = {"book": book.pk, "invoices": [{"invoice": left_open.pk}, {"invoice": decided.pk, "deductible": False}]}
    shown = api.post("/api/v1/vouchers/", body, format="json").json()["invoices"]
    assert [(one["deductible"], one["deduction_tax"]) for one in shown] == [(True, "13.00"), (False, None)]
