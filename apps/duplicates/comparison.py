"""Invoices of a case side by side: which fields agree, and where two values differ down to the character. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter
from typing import Literal

InvoiceUsage = Literal["equal", "near", "different", "silent"]

_SWAPPED = 2  # characters at most that stand in each other's place; of more, one is rather missing and one too many


@dataclass(frozen=True)
class Piece:
    text: str
    differs: bool


@dataclass(frozen=True)
class Row:
    """One field: its name and each invoice's value in pieces, compared with the first invoice's."""

    field: str
    cells: tuple[tuple[Piece, ...], ...]
    standing: InvoiceUsage


def row(field: str, values: Sequence[str]) -> Row:
    """Compare all values with the first one that says anything."""
    model = next((value for value in values if value), "")
    cells = tuple(pieces(model, value) for value in values)
    said = {value for value in values if value}
    if not said:
        return Row(field, cells, "silent")
    if len(said) == 1:
        return Row(field, cells, "equal")
    likeness = min(SequenceMatcher(None, model, value, autojunk=False).ratio() for value in said)
    return Row(field, cells, "near" if likeness >= 0.5 else "different")


def pieces(model: str, value: str) -> tuple[Piece, ...]:
    """The value cut where it differs from the model.

    >>> [(p.text, p.differs) for p in pieces("12345", "12845")]
    [('12', False), ('8', True), ('45', False)]
    """
    if not value or value == model or not model:
        return (Piece(value, False),) if value else ()
    strange = [one != other for one, other in zip(model, value, strict=False)]
    if len(model) == len(value) and sum(strange) <= _SWAPPED:
        runs = groupby(zip(value, strange, strict=True), key=itemgetter(1))
        return tuple(Piece("".join(letter for letter, _ in run), differs) for differs, run in runs)
    found = []
    for tag, _i, _j, start, end in SequenceMatcher(None, model, value, autojunk=False).get_opcodes():
        if start != end:
            found.append(Piece(value[start:end], tag != "equal"))
    return tuple(found)
