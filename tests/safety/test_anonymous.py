"""Every address needs a login, except for the public ones listed here."""

from typing import Any

import pytest
from django.test import Client

from .addresses import ODD, addresses
from .world import World

# Public: login, password reset, choice of the language, health check.
OPEN = {
    "account/login/", "account/logout/", "account/signup/", "account/inactive/", "account/login/code/confirm/",
    "account/confirm-email/", "account/confirm-email/(key)/", "account/password/reset/",
    "account/password/reset/done/", "account/password/reset/key/done/", "account/password/reset/key/(uidb36)-(key)/",
    "admin/login/", "admin/logout/", "i18n/setlang/", "health/",
}  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_every_address_needs_a_login(client: Client, mine: World, method: str) -> None:
    came_in = []
    for address in addresses():
        answer: Any = client.generic(method, address.filled(mine))
        login_required = answer.status_code in (401, 405) or (
            answer.status_code == 302 and answer.url.startswith(("/account/login/", "/admin/login/?next="))
        )
        if address.route not in OPEN and not login_required:
            came_in.append((address.route, answer.status_code, answer.headers.get("Location")))
        assert "甲方" not in answer.content.decode(errors="replace"), address.route
    assert came_in == []


def test_every_listed_address_exists() -> None:
    routes = {address.route for address in addresses()}
    assert set() == (OPEN | set(ODD)) - routes
