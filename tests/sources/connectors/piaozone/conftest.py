"""A scripted Piaozone server and contexts for it."""

import pytest

from tests.core.upstream import Upstream
from tests.sources.connectors.context import MemoryContext, Store

from .vendor import SECRET, Vendor


@pytest.fixture
def vendor():
    return Vendor()


@pytest.fixture
def upstream(vendor):
    with Upstream(vendor) as running_vendor:
        yield running_vendor


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def line(upstream, store):
    """Creates a context; options are keyword arguments."""
    made = []

    def make(**options):
        credentials = {
            "client_id": "testclient",
            "client_secret": SECRET,
            "tin": "T1",
            "ghf_mc": "某公司",
            "eid": "eid-1",
        }
        entry = {"kind": "piaozone", "base_url": upstream.url, "credentials": credentials}
        made.append(MemoryContext(entry, store=store, **options))
        return made[-1]

    yield make
    for one in made:
        one.http.close()
