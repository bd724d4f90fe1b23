"""The tables of input tax are filled for every test here."""

import pytest


@pytest.fixture(autouse=True)
def _tables_filled(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("tax_tables")
