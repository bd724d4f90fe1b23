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
from invoicehub import embedded

from .installation import VICTIMS, Installation

pytestmark = [pytest.mark.durability, pytest.mark.timeout(400), pytest.mark.xdist_group("durability")]

KILLS, KILLS_A_ROUND = 20, 7
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


def test_the_ledger_survives_any_kill(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    rng = random.Random(seed)
    print(f"seed of the moments: {seed}")  # noqa: T201 - shown with a failure
    installation = Installation(tmp_path / "data")
    try:
        with fresh_sandbox() as sandbox:
            installation.fill(sandbox)
            installation.manage("sync", "--all", "--inline")
        expected = installation.ledger()
        assert len(expected) > 1400
        struck: Counter[str] = Counter()
        while struck.total() < KILLS:
            installation.query(f"TRUNCATE {LEDGER} CASCADE")
            with fresh_sandbox() as sandbox:
                installation.fill(sandbox)
                installation.manage("sync", "--all")
                with installation.working():
                    enough = struck.total() + KILLS_A_ROUND
                    while struck.total() < enough and installation.pulling():
                        time.sleep(rng.uniform(0.0, 0.8))
                        victim = rng.choice(VICTIMS)
                        struck[victim] += installation.kill(victim)
                    installation.wait()
            assert differences(installation.ledger(), expected) == []
        print(f"killed in the middle of a pull: {dict(struck)}")  # noqa: T201 - shown with a failure
    finally:
        embedded.stop(installation.directory)


def fresh_sandbox() -> AbstractContextManager[Sandbox]:
    """The same world every time; its message channels hold what an earlier pull has confirmed and emptied."""
    return running(invoices=1500, seed=5, piaozone_hold=0.1)
