from collections.abc import Iterator
from datetime import date

import pytest

from apps.sandbox.server import Sandbox, running

TODAY = date(2026, 3, 31)


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    """One sandbox per module for tests that only read."""
    with running(seed=4, today=TODAY, piaozone_hold=0.1) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A separate sandbox for each test that changes something."""
    with running(invoices=200, today=TODAY, piaozone_hold=0.1, hang=0.3) as own:
        yield own
