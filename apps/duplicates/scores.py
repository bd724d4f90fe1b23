"""What a suspicion's score means: the share of true pairs among those with the same evidence, on the tuning corpus.

Printed by ``manage.py bench duplicates`` for the tuning seed and copied here; the figures published in
``docs/duplicates.md`` come from another seed. Pure.
"""

from collections.abc import Mapping
from decimal import Decimal

from .matching import Verdict

SHARES: Mapping[str, str] = {
    "one_slip": "0.990",
    "two_slips": "1.000",
    "three_slips": "1.000",
    "number_missing": "1.000",
    "same_trip": "1.000",
    "scanned_twice": "1.000",
    "ambiguous": "0.500",
}


def evidence(verdict: Verdict) -> str:
    """The class of evidence a suspicion belongs to."""
    if verdict.ambiguous:
        return "ambiguous"
    for rule in ("same_trip", "scanned_twice", "number_missing"):
        if rule in verdict.rules:
            return rule
    return ("one_slip", "two_slips", "three_slips")[min(len(verdict.rules), 3) - 1]


def score(verdict: Verdict) -> Decimal:
    """Between 0 and 1, three decimals."""
    return Decimal(SHARES[evidence(verdict)])
