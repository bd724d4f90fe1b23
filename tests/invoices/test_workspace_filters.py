"""Values as the pages write them."""

import pytest

from apps.invoices.templatetags.workspace import period


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("202611", "2026-11"), ("", ""), ("2026-11", "2026-11"), ("20261", "20261"), ("abcdef", "abcdef")],
)
def test_a_period_is_written_with_a_dash(stored: str, shown: str) -> None:
    assert period(stored) == shown
