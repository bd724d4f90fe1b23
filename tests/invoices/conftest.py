"""An accountant of one company, logged in, and what the pages show."""

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.sources.models import Source
from tests.factories import SourceFactory, UserFactory


@pytest.fixture
def source(db: None) -> Source:
    return SourceFactory(name="税局", kind="etax")


@pytest.fixture
def accountant(source: Source) -> User:
    return UserFactory(role="accountant", companies=[source.company])


@pytest.fixture
def pages(client: Client, accountant: User) -> Client:
    client.force_login(accountant)
    client.cookies["django_language"] = "en"
    return client


def shown(response) -> set[int]:
    return {invoice.pk for invoice in response.context["page"].rows}
