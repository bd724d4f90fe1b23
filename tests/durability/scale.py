"""Size of the durability tests: hundreds in the suite, thousands in ``make chaos`` (``INVOICEHUB_CHAOS=true``)."""

import os

CHAOS = os.environ.get("INVOICEHUB_CHAOS", "") == "true"


def scaled(in_suite: int, in_chaos: int) -> int:
    """The first number in the suite, the second in ``make chaos``."""
    return in_chaos if CHAOS else in_suite
