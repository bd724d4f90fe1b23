"""The standard charts in the repository; README.md beside the files has their sources. Pure."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from apps.vouchers.charts.chart import parent_code

STANDARDS = ("small", "enterprise")
_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class StandardAccount:
    """``parent``: code of the account above; '' for the first level. ``direction``: debit or credit."""

    code: str
    name: str
    direction: str
    parent: str = ""


@cache
def accounts(standard: str) -> tuple[StandardAccount, ...]:
    """The accounts of one of ``STANDARDS``, parents first. Raises KeyError for another name."""
    if standard not in STANDARDS:
        raise KeyError(standard)
    with (_FOLDER / f"{standard}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    codes = {row["code"] for row in rows}
    ordered = sorted(rows, key=lambda row: (len(row["code"]), row["code"]))
    return tuple(StandardAccount(**row, parent=parent_code(row["code"], codes)) for row in ordered)
