"""Numbers of advisory locks are defined in one place."""

import re
from pathlib import Path

from apps.bills import models
from apps.core import locks

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = {name: value for name, value in vars(locks).items() if name.isupper()}


def test_no_two_locks_share_a_number() -> None:
    assert len(set(NUMBERS.values())) == len(NUMBERS) >= 5


def test_no_other_file_has_a_lock_number() -> None:
    """Except the trigger, whose text is stored in the database."""
    sources = {path: path.read_text() for path in ROOT.glob("apps/**/*.py") if "migrations" not in path.parts}
    written = {path.name for path, text in sources.items() if re.search(r"advisory\w*lock(_shared)?\(\s*\d", text)}
    assert written == {"models.py"}
    assert re.findall(r"advisory_xact_lock\((\d+)", models._GUARD) == [str(locks.RESERVATION)]


def test_the_docs_list_every_lock_number() -> None:
    page = (ROOT / "docs" / "contributing" / "internals.md").read_text()
    listed = dict(re.findall(r"^\| `(\w+)` \| (\d+) ", page, re.MULTILINE))
    assert listed == {name: str(value) for name, value in NUMBERS.items()}
