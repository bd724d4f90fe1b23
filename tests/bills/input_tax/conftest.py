"""The seeds of the migration: tests that commit empty the tables, also of what migrations wrote."""

from importlib import import_module

import pytest
from django.apps import apps


@pytest.fixture(autouse=True)
def _seeds(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        import_module("apps.bills.migrations.0003_seed_input_tax").fill(apps, None)
