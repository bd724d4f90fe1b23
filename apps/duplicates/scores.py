"""Score of a candidate pair: the share of true pairs among those with the same evidence in the tuning corpus. Pure.

Computed by Laplace's rule of succession, so that rare evidence scores lower than frequent evidence. ``shares.json``
holds the counts; ``manage.py bench duplicates --calibrate`` writes it. The figures in ``docs/duplicates.md`` come from
another seed.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from .matching import NEAR_NUMBERS, Verdict

FILE = Path(__file__).with_name("shares.json")
_COUNTS: Mapping[str, tuple[int, int]] = {
    name: (counts["pairs"], counts["true"]) for name, counts in json.loads(FILE.read_text()).items()
}
_MOST = Decimal("0.999")  # no corpus proves certainty
_SLIPS = ("one_slip", "two_slips", "three_slips", "more_slips")


def evidence(verdict: Verdict) -> str:
    """The class of evidence of a pair: the key of ``shares.json``."""
    return f"{_evidence_class(verdict)}_of_several" if verdict.ambiguous else _evidence_class(verdict)


def _evidence_class(verdict: Verdict) -> str:
    if "number_missing" in verdict.rules:
        return "number_missing" if len(verdict.rules) == 1 else "number_missing_and_more"
    for rule in ("same_trip", "scanned_twice"):
        if rule in verdict.rules:
            return rule
    if verdict.distance == 1:
        return f"next_number_{verdict.rules[0]}"
    if 1 < verdict.distance <= NEAR_NUMBERS:
        return "near_number"
    return _SLIPS[min(len(verdict.rules), len(_SLIPS)) - 1]


def score(verdict: Verdict) -> Decimal:
    """Between 0 and 1, three decimals; 0.5 for evidence that the corpus does not contain."""
    return _share(evidence(verdict))


@cache
def _share(name: str) -> Decimal:
    pairs, true = _COUNTS.get(name, (0, 0))
    return min((Decimal(true + 1) / (pairs + 2)).quantize(_MOST), _MOST)
