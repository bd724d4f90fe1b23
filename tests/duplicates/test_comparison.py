"""Two values of a case side by side, marked where they differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.duplicates.comparison import pieces


def marked(model: str, value: str) -> str:
    return "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in pieces(model, value))


@pytest.mark.parametrize(
    ("model", "value", "shown"),
    [
        ("46647941", "46647914", "466479[14]"),  # swapped: both digits, not the one that came in between
        ("43707265", "43706265", "4370[6]265"),
        ("20973954987962922397", "922397", "922397"),
        ("12345678", "1234567", "1234567"),
        ("12345678", "123456789", "12345678[9]"),
        ("", "12", "12"),
        ("12", "", ""),
    ],
)
def test_the_characters_that_differ_are_marked(model: str, value: str, shown: str) -> None:
    assert marked(model, value) == shown


@given(st.text("0123", max_size=8), st.text("0123", max_size=8))
def test_nothing_of_a_value_is_lost(model: str, value: str) -> None:
    assert "".join(piece.text for piece in pieces(model, value)) == value
