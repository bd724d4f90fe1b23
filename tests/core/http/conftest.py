"""An HTTP client whose sleep is recorded only."""

import pytest

from apps.core.http import HttpClient

from .asking import LIMITS, Sleeps


@pytest.fixture
def sleeps():
    return Sleeps()


@pytest.fixture
def client(sleeps):
    http = HttpClient(limits=LIMITS, sleep=sleeps)
    yield http
    http.close()
