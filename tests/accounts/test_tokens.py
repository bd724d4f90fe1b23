"""API tokens: shown once, to their owner only."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_a_token_is_shown_once_and_works(client: Client) -> None:
    client.force_login(UserFactory(role="viewer"))
    page = client.post("/account/tokens/", {"days": "90"})
    token_match = re.search(r'<code id="token"[^>]*>([0-9a-f]{64})</code>', page.text)
    assert token_match
    assert page["Cache-Control"].count("no-store")
    assert token_match[1] not in client.get("/account/tokens/").text
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Token {token_match[1]}")
    assert api.get("/api/v1/invoices/").status_code == 200


@pytest.mark.parametrize(("days", "expected"), [("90", 90), ("365", 365), ("nonsense", 90)])
def test_a_token_expires(client: Client, days: str, expected: int) -> None:
    client.force_login(UserFactory())
    client.post("/account/tokens/", {"days": days})
    left = AuthToken.objects.get().expiry - timezone.now()
    assert timedelta(days=expected - 1) < left < timedelta(days=expected + 1)


def test_a_revoked_token_is_refused(client: Client) -> None:
    user = UserFactory(role="viewer")
    token, secret = AuthToken.objects.create(user)
    client.force_login(user)
    client.post(f"/account/tokens/{token.token_key}/revoke/")
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
    assert api.get("/api/v1/invoices/").status_code == 401


def test_the_token_of_another_person_cannot_be_revoked(client: Client) -> None:
    token, _secret = AuthToken.objects.create(UserFactory())
    client.force_login(UserFactory())
    client.post(f"/account/tokens/{token.token_key}/revoke/")
    assert AuthToken.objects.count() == 1
    assert token.token_key not in client.get("/account/tokens/").text


def test_tokens_need_a_login(client: Client) -> None:
    assert client.get("/account/tokens/").status_code == 302
    assert client.post("/account/tokens/").status_code == 302
    assert not AuthToken.objects.exists()
