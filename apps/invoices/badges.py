"""The colours of badges: one table for the states of all rows.

A value has one colour everywhere; where two kinds of rows use a word differently, ``model.value`` stands for the one.
"""

from collections.abc import Mapping

_NEUTRAL = "secondary"

_VALUES_BY_COLOUR: Mapping[str, str] = {
    # not yet begun, over, or not known
    _NEUTRAL: "queued cancelled draft discarded released dismissed not_sent voided not_done merged confirmed unknown"
    " voucher.void",
    # on its way
    "blue": "running submitted reserved waiting voiding pending sending",
    # as it should be
    "green": "succeeded normal passed approved used applied done already collected voucher.booked",
    "teal": "booked audited",
    # will go on by itself, or is only partly there
    "yellow": "possible partial no_bill outdated push.waiting later not_applied",
    # look at it
    "orange": "likely interrupted partly_red red_pending withdrawn warn partly pushattempt.unknown lost cannot_tell",
    # a person has to act, or it is no longer good
    "red": "certain failed void red fully_red lost_control abnormal rejected block refused needs_person problem",
}
COLOURS = {value: colour for colour, values in _VALUES_BY_COLOUR.items() for value in values.split()}


def colour(value: str, model: str = "") -> str:
    """The colour of a state; ``model``: the lower-case name of the row's model. Grey for a state without a colour."""
    return COLOURS.get(f"{model}.{value}") or COLOURS.get(value, _NEUTRAL)
