"""What a suspicion's score means: the share of true pairs among those with the same evidence, in the tuning corpus.

Reckoned by Laplace's rule, so that evidence seen once is worth less than evidence seen often. ``shares.json``
holds how many there were and how many of them were true. ``manage.py bench duplicates --calibrate`` writes it; the
figures published in ``docs/duplicates.md`` come from another seed. Pure.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from .matching import NEAR_NUMBERS, Verdict

FILE = Path(__file__).with_name("shares.json")
_COUNTED: Mapping[str, tuple[int, int]] = {
    name: (counted["suspicions"], counted["true"]) for name, counted in json.loads(FILE.read_text()).items()
}
_MOST = Decimal("0.999")  # no corpus proves certainty
_SLIPS = ("one_slip", "two_slips", "three_slips", "more_slips")


def evidence(verdict: Verdict) -> str:
    """The class of evidence a suspicion belongs to."""
    return f"{_found(verdict)}_of_several" if verdict.ambiguous else _found(verdict)


def _found(verdict: Verdict) -> str:
    if "number_missing" in verdict.rules:
        return "number_missing" if len(verdict.rules) == 1 else "number_missing_and_more"
    for rule in ("same_trip", "scanned_twice"):
        if rule in verdict.rules:
            return rule
    if verdict.apart == 1:
        return f"next_number_{verdict.rules[0]}"
    if 1 < verdict.apart <= NEAR_NUMBERS:
        return "near_number"
    return _SLIPS[min(len(verdict.rules), len(_SLIPS)) - 1]


def score(verdict: Verdict) -> Decimal:
    """Between 0 and 1, three decimals; a half for evidence that never was."""
    return _share(evidence(verdict))


@cache
def _share(name: str) -> Decimal:
    suspicions, true = _COUNTED.get(name, (0, 0))
    return min((Decimal(true + 1) / (suspicions + 2)).quantize(_MOST), _MOST)
