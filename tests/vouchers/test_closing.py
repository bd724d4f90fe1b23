"""Periods on their page, over REST and on the command line: asked for, closed, opened again."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.roles import FINANCE_MANAGER
from apps.core.errors import HubError
from apps.vouchers import closing
from apps.vouchers.models import AccountBook, ClosedPeriod, ClosingRequest
from tests.factories import AccountBookFactory, UserFactory, VoucherFactory


@pytest.fixture
def manager(book: AccountBook) -> User:
    user: User = UserFactory(role=FINANCE_MANAGER, companies=[book.company], last_name="陈", first_name="静")
    return user


def window(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_accountant_asks_and_a_manager_closes_and_opens(book: AccountBook, accountant: User, manager: User) -> None:
    clerk, chief, period = window(accountant), window(manager), f"{timezone.localdate():%Y%m}"
    address = {
        name: reverse(name, args=[book.pk, period]) for name in ("request_closing", "close_period", "open_period")
    }
    assert address["request_closing"] in clerk.get(reverse("periods")).text
    assert clerk.post(address["close_period"]).status_code == 403
    clerk.post(address["request_closing"])
    assert address["close_period"] not in clerk.get(reverse("periods")).text
    assert address["close_period"] in chief.get(reverse("periods")).text
    chief.post(address["close_period"])
    assert ClosedPeriod.objects.get().closed_by == manager
    chief.post(address["open_period"], {"reason": "漏记一张"})
    page = clerk.get(reverse("periods")).text
    assert not ClosedPeriod.objects.exists()
    assert [text in page for text in ("漏记一张", "陈静")] == [True, True]


def test_a_request_of_ones_own_is_shown_with_the_reason(book: AccountBook, manager: User) -> None:
    period = f"{timezone.localdate():%Y%m}"
    closing.request_closing(book, period, manager)
    page = window(manager).get(reverse("periods")).text
    assert f'id="refused-{period}"' in page
    assert reverse("close_period", args=[book.pk, period]) not in page
    window(manager).post(reverse("withdraw_closing", args=[book.pk, period]))
    assert not ClosingRequest.objects.exists()


def test_a_period_with_unfinished_vouchers_is_not_asked_for(book: AccountBook, accountant: User) -> None:
    VoucherFactory(book=book, state="audited")
    for period, code in (("202603", "voucher.period_with_open_work"), ("2026-3", "voucher.bad_period")):
        with pytest.raises(HubError) as refused:
            closing.request_closing(book, period, accountant)
        assert refused.value.message.code == code


def test_books_of_other_companies_stay_closed_to_others(book: AccountBook, manager: User) -> None:
    other = AccountBookFactory()
    for name in ("request_closing", "close_period", "open_period", "withdraw_closing"):
        assert window(manager).post(reverse(name, args=[other.pk, "202602"])).status_code == 404
    assert window(manager).get(reverse("periods"), {"book": other.pk}).status_code == 404


def test_over_rest(book: AccountBook, accountant: User, manager: User) -> None:
    clerk, chief = window(accountant), window(manager)

    def send(client: Client, address: str, body: dict[str, Any]) -> Any:
        return client.post(f"/api/v1/{address}", json.dumps(body), content_type="application/json")

    body = {"book": book.pk, "period": "202602"}
    assert send(clerk, "closed-periods/", body).status_code == 403
    assert send(chief, "closed-periods/", body).status_code == 409
    asked = send(clerk, "closing-requests/", body).json()
    assert (asked["period"], asked["requested_by"]) == ("202602", accountant.username)
    assert send(chief, "closing-requests/", body).json()["id"] == asked["id"]  # the first one stays
    closed = send(chief, "closed-periods/", body).json()
    assert closed["closed_by"] == manager.username
    assert chief.get("/api/v1/closing-requests/").json()["results"] == []
    opening = f"closed-periods/{closed['id']}/open/"
    assert send(clerk, opening, {"reason": "x"}).status_code == 403
    assert send(chief, opening, {}).status_code == 400
    assert send(chief, opening, {"reason": "x"}).status_code == 204
    again = send(clerk, "closing-requests/", body).json()
    assert clerk.delete(f"/api/v1/closing-requests/{again['id']}/").status_code == 204


def test_on_the_command_line(book: AccountBook, accountant: User, manager: User) -> None:
    def run(*words: str) -> dict[str, Any]:
        out = StringIO()
        call_command("period", str(book.pk), "202602", *words, stdout=out)
        shown: dict[str, Any] = json.loads(out.getvalue())
        return shown

    assert run()["closed_by"] is None
    assert run("--do", "request", "--as", accountant.username)["requested_by"] == accountant.username
    with pytest.raises(CommandError, match="add_closedperiod"):
        run("--do", "close", "--as", accountant.username)
    assert run("--do", "close", "--as", manager.username)["closed_by"] == "陈静"
    with pytest.raises(CommandError):
        run("--do", "open", "--as", manager.username)
    assert run("--do", "open", "--as", manager.username, "--reason", "x")["closed_by"] is None


def test_the_page_of_periods_has_a_query_budget(
    book: AccountBook, manager: User, django_assert_max_num_queries: Any
) -> None:
    VoucherFactory.create_batch(5, book=book)
    for month in range(1, 10):
        ClosedPeriod.objects.create(book=book, period=f"20250{month}", closed_by=UserFactory())
        ClosingRequest.objects.create(book=book, period=f"20240{month}", requested_by=UserFactory())
    client = window(manager)
    with django_assert_max_num_queries(20):
        client.get(reverse("periods"))
