"""What a suspicion's score means: the share of true pairs among those with the same evidence, on the tuning corpus.

Printed by ``manage.py bench duplicates`` for the tuning seed and copied here; the figures published in
``docs/duplicates.md`` come from another seed. Pure.
"""

from collections.abc import Mapping
from decimal import Decimal

from .matching import Verdict

# Shares of one are written as 0.999: no corpus proves certainty. Ambiguous ones are even bets by definition.
SHARES: Mapping[str, str] = {
    "one_slip": "0.992",
    "two_slips": "0.999",
    "three_slips": "0.999",
    "number_missing": "0.999",
    "same_trip": "0.999",
    "scanned_twice": "0.999",
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
