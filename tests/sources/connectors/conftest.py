"""A source of the case under test, in a sandbox of its own."""

from collections.abc import Iterator

import pytest

from .conformance import (
    Desk,
    UpstreamCase,
    desk_of,
)


@pytest.fixture
def desk(case: UpstreamCase) -> Iterator[Desk]:
    with desk_of(case) as found:
        yield found
