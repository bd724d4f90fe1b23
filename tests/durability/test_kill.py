"""``kill -9`` of a worker, the scheduler, Redis or PostgreSQL at random moments of a pull: the ledger ends the same.

Real processes on services of their own, fully durable. The seed of the moments is printed when the test fails.
"""

import random
import time
from collections import Counter
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from apps.sandbox.server import Sandbox, running

from .installation import VICTIMS, Installation
from .scale import scaled

pytestmark = [pytest.mark.durability, pytest.mark.xdist_group("durability")]

INVOICES = scaled(240, 1500)
KILLS, KILLS_A_ROUND = scaled(6, 40), scaled(6, 7)
LEDGER = (
    "invoices_invoice, invoices_party, sources_syncrun, sources_rawrecord, sources_cursor, sources_quarantinedrecord,"
    " bills_bill, invoices_changecursor"
)


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[tuple[Any, ...]]:
    """(key, field, one value, other value), the first ten."""
    found = [
        (key, field, one.get(key, {}).get(field), other.get(key, {}).get(field))
        for key in one.keys() | other.keys()
        for field in one.get(key, {}).keys() | other.get(key, {}).keys()
        if one.get(key, {}).get(field) != other.get(key, {}).get(field)
    ]
    return found[:10]


def test_the_ledger_survives_any_kill(data_dir: Path) -> None:
    seed = random.randrange(10**6)
    rng = random.Random(seed)
    print(f"seed of the moments: {seed}")  # noqa: T201 - shown with a failure
    installation = Installation(data_dir)
    with fresh_sandbox() as sandbox:
        expected = installation.ledger(installation.sources_of(sandbox), ["sync", "--all", "--inline"])
    assert len(expected) > INVOICES * 0.9
    struck: Counter[str] = Counter()
    while struck.total() < KILLS:
        installation.query(f"TRUNCATE {LEDGER} CASCADE")
        with fresh_sandbox() as sandbox:
            installation.fill(sandbox, ["sync", "--all"])
            with installation.working():
                enough = min(struck.total() + KILLS_A_ROUND, KILLS)
                while struck.total() < enough and installation.pulling():
                    time.sleep(rng.uniform(0.0, 0.8))
                    victim = rng.choice(VICTIMS)
                    struck[victim] += installation.kill(victim)
                installation.wait()
        assert differences(installation.ledger(), expected) == []
    print(f"killed in the middle of a pull: {dict(struck)}")  # noqa: T201 - shown with a failure


def fresh_sandbox() -> AbstractContextManager[Sandbox]:
    """The same world every time; its message channels hold what an earlier pull has confirmed and emptied."""
    return running(invoices=INVOICES, seed=5, piaozone_hold=0.1)
