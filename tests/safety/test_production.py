"""The security settings of production."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from knox.models import AuthToken

from tests.factories import PASSWORD, AdminFactory, UserFactory

from .addresses import addresses
from .world import World

ROOT = Path(__file__).resolve().parents[2]
ASKED = """
import json
from django.conf import settings
from django.core.management import call_command
call_command("check", deploy=True, fail_level="WARNING")
names = [name for name in dir(settings) if name.startswith(("SECURE_", "SESSION_COOKIE_", "CSRF_", "LANGUAGE_COOKIE_"))]
print(json.dumps({name: getattr(settings, name) for name in names if not callable(getattr(settings, name))}))
"""
COOKIES = ("sessionid", "csrftoken", "django_language")


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The security settings of an installation behind HTTPS that passes Django's own check without a warning."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "invoicehub.settings",
        "INVOICEHUB_DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "INVOICEHUB_DEBUG": "false",
        "INVOICEHUB_HTTPS": "true",
        "INVOICEHUB_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "INVOICEHUB_ALLOWED_HOSTS": "invoicehub.example.com",
        "DATABASE_URL": "postgresql://invoicehub@db.example.com/invoicehub",
        "REDIS_URL": "redis://redis.example.com/0",
    }
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", ASKED]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    settings: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return settings


@pytest.mark.django_db
def test_production_requires_https(production: dict[str, Any], settings: Any) -> None:
    for name, value in production.items():
        setattr(settings, name, tuple(value) if name == "SECURE_PROXY_SSL_HEADER" else value)
    client = Client()
    plain = client.get("/account/login/")
    assert (plain.status_code, plain.headers["Location"][:6]) == (301, "https:")
    UserFactory(username="chen")
    client.post("/i18n/setlang/", {"language": "en"}, secure=True)
    page = client.post("/account/login/", {"login": "chen", "password": PASSWORD}, secure=True)
    assert page.status_code == 302
    seconds, *more = page.headers["Strict-Transport-Security"].split("; ")
    assert int(seconds.removeprefix("max-age=")) >= 31_536_000
    assert "includeSubDomains" in more
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    cookies = client.cookies
    assert {name: (bool(cookies[name]["secure"]), cookies[name]["samesite"]) for name in COOKIES} == dict.fromkeys(
        COOKIES, (True, "Lax")
    )
    assert cookies["sessionid"]["httponly"]
    assert cookies["django_language"]["httponly"]


def test_cross_site_posts_are_refused(mine: World) -> None:
    """A post from a foreign page is refused even for a person with all permissions."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(AdminFactory())
    taken = []
    for address in addresses():
        for method in sorted(address.methods - {"GET"}):
            answer: Any = client.generic(method, address.filled(mine))
            if answer.status_code != 403:
                taken.append((method, address.route, answer.status_code))
    assert taken == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_repeated_wrong_passwords_show_a_message(language: str) -> None:
    client = Client()
    client.cookies["django_language"] = language
    UserFactory(username="chen", is_staff=True)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post("/account/login/", {"login": "chen", "password": "wrong"})
    assert answer.status_code == 429
    assert {"en": "Login is locked for a while", "zh-hans": "登录"}[language] in answer.text


@pytest.mark.django_db
def test_the_admin_has_no_login_of_its_own() -> None:
    """A second login page would not count failed logins or ask for the second factor."""
    UserFactory(username="chen", is_staff=True)
    client = Client()
    answer = client.post("/admin/login/", {"username": "chen", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/login/?next=/admin/")
    assert "sessionid" not in client.cookies


@pytest.mark.django_db
def test_stored_tokens_cannot_be_used() -> None:
    row, token = AuthToken.objects.create(UserFactory(role="viewer"))
    stored = AuthToken.objects.values().get(pk=row.pk)
    assert token not in str(stored)
    for value in (row.digest, row.token_key):
        answer = Client().get("/api/v1/invoices/", headers={"Authorization": f"Token {value}"})
        assert answer.status_code == 401
    assert Client().get("/api/v1/invoices/", headers={"Authorization": f"Token {token}"}).status_code == 200
