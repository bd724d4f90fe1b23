"""Admin pages of books, periods and vouchers."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts import roles
from apps.accounts.models import User
from apps.core.errors import HubError
from apps.invoices.models import Invoice
from apps.outbox.models import Push
from apps.vouchers import services
from apps.vouchers.models import AccountBook, ClosedPeriod, ClosingRequest, Voucher, VoucherInvoice
from tests.factories import (
    AccountBookFactory,
    AdminFactory,
    AuditedVoucherFactory,
    InvoiceFactory,
    SourceFactory,
    UserFactory,
    VoucherFactory,
)


@pytest.fixture
def office(client: Client, db: None) -> Client:
    client.force_login(AdminFactory())
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def clerk(book: AccountBook) -> User:
    """A user who sees one company only."""
    user = UserFactory(role=roles.FINANCE_MANAGER, companies=[book.company])
    user.is_staff = True
    user.save()
    return user


def text(answer: Any) -> str:
    return str(answer.content.decode())


def entered(voucher: Voucher, **more: Any) -> dict[str, Any]:
    data = {
        "vouch_no": voucher.vouch_no, "vouch_id": voucher.vouch_id, "account_date": "2026-03-03",
        "business_date": "2026-03-03", "period": "202603", "resource": "piaozone", "attachments_count": "0",
        "entries-TOTAL_FORMS": 0, "entries-INITIAL_FORMS": 0, "invoice_links-TOTAL_FORMS": 0,
        "invoice_links-INITIAL_FORMS": 0,
    }  # fmt: skip
    return data | more


def test_an_edit_of_an_older_revision_is_refused(office: Client, book: AccountBook) -> None:
    voucher = VoucherFactory(book=book)
    address = reverse("admin:vouchers_voucher_change", args=[voucher.pk])
    assert 'name="seen" value="1"' in text(office.get(address))
    office.post(address, entered(voucher, seen="1", item="first"))
    answer = office.post(address, entered(voucher, seen="1", item="second"), follow=True)
    assert "Somebody has changed" in text(answer)
    voucher.refresh_from_db()
    assert (voucher.item, voucher.revision) == ("first", 2)


def test_only_visible_invoices_can_be_linked(client: Client, clerk: User, book: AccountBook) -> None:
    client.force_login(clerk)
    voucher = VoucherFactory(book=book)
    address = reverse("admin:vouchers_voucher_change", args=[voucher.pk])
    row = {"invoice_links-TOTAL_FORMS": 1, "invoice_links-0-voucher": voucher.pk}
    hidden, mine = InvoiceFactory(), InvoiceFactory(company=book.company)
    assert client.post(address, entered(voucher, **row, **{"invoice_links-0-invoice": hidden.pk})).status_code == 200
    assert not VoucherInvoice.objects.exists()
    client.post(address, entered(voucher, **row, **{"invoice_links-0-invoice": mine.pk}))
    assert VoucherInvoice.objects.get().invoice == mine


def test_bulk_actions_use_the_confirmed_revisions(office: Client, book: AccountBook) -> None:
    made = AuditedVoucherFactory.create_batch(3, book=book)
    made[2].entries.all().delete()
    address = reverse("admin:vouchers_voucher_changelist")
    chosen = {"action": "collect_selected", "_selected_action": [voucher.pk for voucher in made]}
    page = " ".join(text(office.post(address, chosen)).split())
    assert f'name="ready" value="{made[1].pk}:1"' in page
    assert f'name="ready" value="{made[2].pk}:1"' not in page
    Voucher.objects.filter(pk=made[1].pk).update(revision=2)
    ready = [f"{voucher.pk}:1" for voucher in made[:2]]
    answer = text(office.post(address, {**chosen, "confirmed": "1", "ready": ready}, follow=True))
    assert "1 voucher is on its way" in answer
    assert "Somebody has changed" in answer
    assert Push.objects.get().subject == f"voucher:{made[0].pk}"


def test_too_many_vouchers_are_refused_before_the_confirmation(
    office: Client, book: AccountBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.vouchers.pushing.MOST_AT_ONCE", 2)
    made = VoucherFactory.create_batch(3, book=book)
    chosen = {"action": "void_selected", "_selected_action": [voucher.pk for voucher in made]}
    assert "At most 2 vouchers" in text(office.post(reverse("admin:vouchers_voucher_changelist"), chosen, follow=True))


def test_company_and_source_of_a_book_with_sent_vouchers_are_fixed(office: Client, book: AccountBook) -> None:
    address = reverse("admin:vouchers_accountbook_change", args=[book.pk])
    elsewhere = SourceFactory(kind="piaozone", company=book.company)
    data = {
        "company": book.company_id, "source": elsewhere.pk, "name": "new", "account_id": "A9", "base_currency": "CNY",
        "mappings-TOTAL_FORMS": 0, "mappings-INITIAL_FORMS": 0,
    }  # fmt: skip
    VoucherFactory(book=book, ever_sent=True)
    before = book.source_id, book.account_id
    assert "for another one make a new book" in text(office.get(address)).lower()
    office.post(address, data)
    book.refresh_from_db()
    assert (book.name, book.source_id, book.account_id) == ("new", *before)
    Voucher.objects.update(ever_sent=False)
    office.post(address, data)
    book.refresh_from_db()
    assert (book.source_id, book.account_id) == (elsewhere.pk, "A9")


def test_the_source_of_a_book_must_belong_to_its_company(office: Client, book: AccountBook) -> None:
    data = {
        "company": book.company_id, "source": SourceFactory(kind="piaozone").pk, "name": "x", "account_id": "A7",
        "base_currency": "CNY", "mappings-TOTAL_FORMS": 0, "mappings-INITIAL_FORMS": 0,
    }  # fmt: skip
    answer = office.post(reverse("admin:vouchers_accountbook_add"), data)
    assert "belongs to another company" in text(answer)


def test_closing_a_period_with_a_new_draft_is_refused(
    office: Client, book: AccountBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_arguments: Any) -> None:
        raise HubError("voucher.period_with_open_work", period="202603", book=book, count=1)

    ClosingRequest.objects.create(book=book, period="202603")
    monkeypatch.setattr(services, "close_period", late)
    answer = office.post(reverse("admin:vouchers_closedperiod_add"), {"book": book.pk, "period": "202603"}, follow=True)
    assert "still has 1 vouchers" in text(answer)


def test_books_of_other_companies_are_not_offered(client: Client, clerk: User, book: AccountBook) -> None:
    client.force_login(clerk)
    other = AccountBookFactory(name="Their book")
    for one in (book, other):
        ClosedPeriod.objects.create(book=one, period="202601")
    shown = text(client.get(reverse("admin:vouchers_closedperiod_changelist")))
    assert str(book) in shown
    assert "Their book" not in shown


def test_invoices_of_other_companies_are_kept_and_hidden(client: Client, clerk: User, book: AccountBook) -> None:
    client.force_login(clerk)
    voucher = VoucherFactory(book=book)
    mine, hidden, joined = InvoiceFactory(company=book.company), InvoiceFactory(), InvoiceFactory(company=book.company)
    Invoice.objects.filter(pk=joined.pk).update(merged_into=InvoiceFactory(company=book.company))
    links = [voucher.invoice_links.create(invoice=invoice) for invoice in (hidden, mine, joined)]
    address = reverse("admin:vouchers_voucher_change", args=[voucher.pk])
    shown = text(client.get(address))
    assert re.findall(r'name="invoice_links-\d+-invoice" value="(\d+)"', shown) == [str(mine.pk)]
    rows = {"invoice_links-TOTAL_FORMS": 1, "invoice_links-INITIAL_FORMS": 1, "invoice_links-0-voucher": voucher.pk,
            "invoice_links-0-id": links[1].pk, "invoice_links-0-invoice": mine.pk}  # fmt: skip
    client.post(address, entered(voucher, **rows, item="changed"))
    voucher.refresh_from_db()
    assert voucher.item == "changed"
    kept = set(voucher.invoice_links.values_list("invoice", flat=True))
    assert kept == {hidden.pk, mine.pk, joined.pk}
