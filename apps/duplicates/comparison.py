"""Compares the invoices of a case field by field and marks the characters in which two values differ. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter
from typing import Literal

Agreement = Literal["equal", "near", "different", "empty"]

_MOST_REPLACED = 2  # with more replaced characters, one missing and one added character is likelier


@dataclass(frozen=True)
class Piece:
    text: str
    differs: bool


@dataclass(frozen=True)
class ComparedField:
    """One field: its name, each invoice's value in pieces, and how far the values agree; ``empty``: no invoice has
    one."""

    field: str
    cells: tuple[tuple[Piece, ...], ...]
    agreement: Agreement


def compare_field(field: str, values: Sequence[str]) -> ComparedField:
    """Compare all values with the first one that is not empty."""
    model = next((value for value in values if value), "")
    cells = tuple(pieces(model, value) for value in values)
    distinct = {value for value in values if value}
    if not distinct:
        return ComparedField(field, cells, "empty")
    if len(distinct) == 1:
        return ComparedField(field, cells, "equal")
    likeness = min(SequenceMatcher(None, model, value, autojunk=False).ratio() for value in distinct)
    return ComparedField(field, cells, "near" if likeness >= 0.5 else "different")


def pieces(model: str, value: str) -> tuple[Piece, ...]:
    """The value split into pieces that agree with the model and pieces that differ.

    >>> [(p.text, p.differs) for p in pieces("12345", "12845")]
    [('12', False), ('8', True), ('45', False)]
    """
    if not value or value == model or not model:
        return (Piece(value, False),) if value else ()
    differing = [one != other for one, other in zip(model, value, strict=False)]
    if len(model) == len(value) and sum(differing) <= _MOST_REPLACED:
        runs = groupby(zip(value, differing, strict=True), key=itemgetter(1))
        return tuple(Piece("".join(letter for letter, _ in run), differs) for differs, run in runs)
    parts = []
    for tag, _i, _j, start, end in SequenceMatcher(None, model, value, autojunk=False).get_opcodes():
        if start != end:
            parts.append(Piece(value[start:end], tag != "equal"))
    return tuple(parts)
