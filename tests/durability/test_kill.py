"""``kill -9`` of a worker, the scheduler, Redis or PostgreSQL at random moments of a pull does not change the ledger.

Uses real processes and separate, fully durable services. The random seed is printed when the test fails.
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
    """The first ten differences as (key, field, one value, other value)."""
    rows = [
        (key, field, one.get(key, {}).get(field), other.get(key, {}).get(field))
        for key in one.keys() | other.keys()
        for field in one.get(key, {}).keys() | other.get(key, {}).keys()
        if one.get(key, {}).get(field) != other.get(key, {}).get(field)
    ]
    return rows[:10]


def test_ledger_is_the_same_after_kills_during_pulls(data_dir: Path) -> None:
    seed = random.randrange(10**6)
    rng = random.Random(seed)
    print(f"seed of the moments: {seed}")  # noqa: T201 - shown with a failure
    installation = Installation(data_dir)
    with fresh_sandbox() as sandbox:
        expected = installation.ledger(installation.sources_of(sandbox), ["sync", "--all", "--inline"])
    assert len(expected) > INVOICES * 0.9
    killed: Counter[str] = Counter()
    while killed.total() < KILLS:
        installation.query(f"TRUNCATE {LEDGER} CASCADE")
        with fresh_sandbox() as sandbox:
            installation.fill(sandbox, ["sync", "--all"])
            with installation.working():
                enough = min(killed.total() + KILLS_A_ROUND, KILLS)
                while killed.total() < enough and installation.pulling():
                    time.sleep(rng.uniform(0.0, 0.8))
                    victim = rng.choice(VICTIMS)
                    killed[victim] += installation.kill(victim)
                installation.wait()
        assert differences(installation.ledger(), expected) == []
    print(f"killed in the middle of a pull: {dict(killed)}")  # noqa: T201 - shown with a failure


def fresh_sandbox() -> AbstractContextManager[Sandbox]:
    """A sandbox with the same data every time. Needed per round, because a pull empties the message channels."""
    return running(invoices=INVOICES, seed=5, piaozone_hold=0.1)
