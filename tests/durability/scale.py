"""How much the durability tests do: hundreds in the suite, thousands in ``make chaos`` (``INVOICEHUB_CHAOS=true``)."""

import os

CHAOS = os.environ.get("INVOICEHUB_CHAOS", "") == "true"


def scaled(in_suite: int, in_chaos: int) -> int:
    """The number that this run takes."""
    return in_chaos if CHAOS else in_suite
