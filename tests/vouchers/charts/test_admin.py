"""The chart of a book in the administration: loading a standard chart, and account mappings that must fit it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.vouchers.charts import services
from apps.vouchers.models import Account, AccountBook, AccountMapping
from tests.factories import AccountBookFactory, AdminFactory, UserFactory


@pytest.fixture
def admin(client: Client, db: None) -> Client:
    client.force_login(AdminFactory())
    return client


def mapping_form(book: AccountBook, **mapping: str) -> dict[str, Any]:
    return {
        "company": book.company_id,
        "name": book.name,
        "account_id": book.account_id,
        "base_currency": "CNY",
        "source": book.source_id,
        "mappings-TOTAL_FORMS": 1,
        "mappings-INITIAL_FORMS": 0,
        "mappings-0-book": book.pk,
        **{f"mappings-0-{name}": value for name, value in mapping.items()},
    }


def test_a_button_loads_a_standard_chart_into_an_empty_book(admin: Client, book: AccountBook) -> None:
    assert admin.get(reverse("admin:vouchers_accountbook_changelist")).status_code == 200
    page = admin.get(reverse("admin:vouchers_accountbook_change", args=[book.pk])).content.decode()
    address = reverse("admin:vouchers_accountbook_load_small", args=[book.pk])
    assert address in page
    assert admin.get(address).status_code == 200
    assert not Account.objects.exists()
    admin.post(address)
    assert Account.objects.filter(book=book).count() == 92
    assert address not in admin.get(reverse("admin:vouchers_accountbook_change", args=[book.pk])).content.decode()
    assert admin.get(reverse("admin:vouchers_account_changelist")).status_code == 200


def test_the_list_of_books_takes_a_fixed_number_of_queries(
    admin: Client, book: AccountBook, django_assert_max_num_queries: Any
) -> None:
    AccountBookFactory.create_batch(5)
    with django_assert_max_num_queries(12):
        assert admin.get(reverse("admin:vouchers_accountbook_changelist")).status_code == 200


def test_an_accountant_has_no_such_button(client: Client, book: AccountBook) -> None:
    accountant: User = UserFactory(role="accountant", is_staff=True, companies=[book.company])
    client.force_login(accountant)
    address = reverse("admin:vouchers_accountbook_load_small", args=[book.pk])
    assert client.post(address).status_code == 403
    assert not Account.objects.exists()


def test_a_mapping_takes_only_usable_accounts_of_the_chart(admin: Client, book: AccountBook) -> None:
    services.load_standard(book, "enterprise")
    address = reverse("admin:vouchers_accountbook_change", args=[book.pk])
    page = admin.get(address).content.decode()
    assert reverse("account_choices", args=[book.pk]) in page
    for unusable in ("2221", "9999", "应交增值税"):
        refused = admin.post(address, mapping_form(book, debit_account="6602", tax_account=unusable))
        assert f"“{unusable}”" in refused.content.decode()
        assert not AccountMapping.objects.exists()
    saved = admin.post(
        address,
        mapping_form(
            book,
            debit_account="6602",
            tax_account="22210101 进项",
            pending_tax_account="待认证进项税额",
            transfer_out_account="22210107",
            credit_account="2241",
        ),
    )
    assert saved.status_code == 302, saved.content.decode()
    mapping = AccountMapping.objects.get()
    assert mapping.debit_account == "6602 管理费用"
    assert mapping.tax_account == "22210101 进项税额"
    assert mapping.pending_tax_account == "222103 待认证进项税额"
    assert mapping.transfer_out_account == "22210107 进项税额转出"
    assert mapping.credit_account == "2241 其他应付款"


def test_a_book_without_a_chart_takes_any_text(admin: Client, book: AccountBook) -> None:
    address = reverse("admin:vouchers_accountbook_change", args=[book.pk])
    assert admin.post(address, mapping_form(book, debit_account="anything")).status_code == 302
    assert AccountMapping.objects.get().debit_account == "anything"
