"""A separate data directory with a migrated database for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from invoicehub import embedded
from tests import migrated


@pytest.fixture
def data_dir(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """The servers that the test starts in the directory are stopped at its end."""
    directory = tmp_path / "data"
    with django_db_blocker.unblock():
        migrated.give(directory)
    yield directory
    embedded.stop(directory)
