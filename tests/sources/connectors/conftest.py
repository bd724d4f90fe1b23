"""A source of the case under test in a separate sandbox."""

from collections.abc import Iterator

import pytest

from .conformance import (
    Desk,
    UpstreamCase,
    desk_of,
)


@pytest.fixture
def desk(case: UpstreamCase) -> Iterator[Desk]:
    with desk_of(case) as case_desk:
        yield case_desk
