"""Sample data of a company, and people who request every address."""

from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from knox.models import AuthToken

from apps.accounts.models import User
from apps.bills.models import Bill
from apps.core.http import HttpClient
from tests.factories import UserFactory

from .world import World, company_with_everything


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server exists at the addresses of the sample sources, so retries need not wait."""
    monkeypatch.setitem(HttpClient.__init__.__kwdefaults__, "sleep", lambda seconds: None)


@pytest.fixture
def mine(db: None) -> World:
    """One row of every model of a company, and rows that belong to no company."""
    cache.clear()
    world = company_with_everything("甲方")
    return world | common(world["person"])


def common(person: Any) -> World:
    return {
        "group": Group.objects.get(name="viewer"),
        "content_type": ContentType.objects.get_for_model(Bill),
        "token": AuthToken.objects.create(person)[0],
        "second_step": Authenticator.objects.create(user=person, type="recovery_codes", data={"seed": "s"}),
    }


def whole(answer: Any) -> bytes:
    """The whole content of an answer; closes only its files, since ``close`` would close the database connection."""
    body: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    for close in answer._resource_closers:
        close()
    return body


@pytest.fixture
def everyman(mine: World) -> User:
    """A person with the permissions of all roles, in this company only."""
    person: User = UserFactory(username="everyman", is_staff=True, companies=[mine["company"]])
    person.groups.set(Group.objects.all())
    return person
