"""Login pages: default language, closed sign-up, lock with a message."""

import pytest
from django.conf import settings
from django.urls import reverse

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def test_the_default_language_is_chinese_for_every_browser(client):
    page = client.get(reverse("account_login"), headers={"Accept-Language": "en-US,en"})
    assert 'lang="zh-hans"' in page.content.decode()


def test_login_leads_to_the_page_that_was_asked_for(client):
    UserFactory(username="chen")
    assert client.get("/invoices/?q=1").url == "/account/login/?next=/invoices/%3Fq%3D1"
    entered = {"login": "chen", "password": PASSWORD, "next": "/invoices/?q=1"}
    assert client.post(reverse("account_login"), entered).url == "/invoices/?q=1"


def test_too_many_wrong_passwords_lock_the_account_with_a_message(client):
    UserFactory(username="chen")
    client.cookies["django_language"] = "en"
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post(reverse("account_login"), {"login": "chen", "password": "wrong"})
    assert answer.status_code == 429
    assert "Login is locked for a while" in answer.content.decode()
    right = client.post(reverse("account_login"), {"login": "chen", "password": PASSWORD})
    assert right.status_code == 429


def test_sign_up_is_closed(client):
    client.post(reverse("account_signup"), {"username": "eve", "password1": PASSWORD, "password2": PASSWORD})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("name", ["account_change_password", "mfa_index", "mfa_activate_totp"])
def test_account_pages_are_there(client, name):
    client.force_login(UserFactory())
    assert client.get(reverse(name)).status_code in (200, 302)


def test_an_unknown_address_shows_a_message(client):
    client.cookies["django_language"] = "en"
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
