"""The dimensions of an entry as one text, 部门：研发部；员工：王芳, and back. Pure.

The text is what is stored and pushed: the upstream system takes it as plain text, so it is in Chinese for every reader
(docs/chart-of-accounts.md). The order of the dimensions is fixed. Parts that are none of the four stay, at the end.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

# Dimension → the word that begins its part, and the others that are read. The keys are those of ``choices.Dimension``.
NAMES: Mapping[str, tuple[str, ...]] = {
    "department": ("部门", "department", "dept"),
    "employee": ("员工", "职员", "人员", "employee"),
    "supplier": ("供应商", "supplier", "vendor"),
    "project": ("项目", "project"),
}
KINDS = tuple(NAMES)
SEPARATORS = "；;"
LONGEST = 500  # characters of the whole text, as its column has
_BY_NAME = {name: kind for kind, names in NAMES.items() for name in names}
_PARTS = re.compile(r"[；;\n]")
_COLON = re.compile(r"[：:]")
_NOT_IN_NAMES = re.compile(r"\s*[；;\n]\s*")


@dataclass(frozen=True)
class Dimensions:
    """``items``: dimension → name of its item; ``others``: parts of the text that name no dimension of ours."""

    items: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()


class BillHead(Protocol):
    """What the dimensions of a bill's entries are taken from."""

    @property
    def department(self) -> str: ...
    @property
    def employee(self) -> str: ...
    @property
    def payee(self) -> str: ...


def parse(text: str) -> Dimensions:
    """Read a text with full-width or half-width punctuation, and with any of ``NAMES``. Of two parts of one dimension
    the first counts and the other stays in ``others``."""
    items: dict[str, str] = {}
    others: list[str] = []
    for part in _PARTS.split(text):
        kind, name = _kind_and_name(part)
        if kind and name and kind not in items:
            items[kind] = name
        elif part.strip() and not (kind and not name):
            others.append(part.strip())
    return Dimensions(items, tuple(others))


def compose(items: Mapping[str, str], others: Collection[str] = ()) -> str:
    """The canonical text. Empty names are left out; a separator inside a name becomes a comma."""
    parts = [f"{NAMES[kind][0]}：{name}" for kind in KINDS if (name := clean(items.get(kind, "")))]
    return "；".join([*parts, *(part for one in others if (part := clean(one)))])


def clean(name: str) -> str:
    """The name of an item as it can stand in a text of dimensions."""
    return _NOT_IN_NAMES.sub("，", name.strip().strip(SEPARATORS).strip())


def canonical(text: str) -> str:
    """The same dimensions in the canonical form."""
    parsed = parse(text)
    return compose(parsed.items, parsed.others)


def dimensions_for(bill: BillHead, required: Collection[str]) -> str:
    """The text for an entry of a bill: its department, employee and payee (as supplier), as far as the account requires
    them. A project stands on no bill; an accountant enters it. ``required``: see ``charts.selectors.required``."""
    of_bill = {"department": bill.department, "employee": bill.employee, "supplier": bill.payee}
    return compose({kind: name for kind, name in of_bill.items() if kind in required})


def kind_named(name: str) -> str:
    """The dimension with this name, in Chinese or English; '' for none."""
    return _BY_NAME.get(unicodedata.normalize("NFKC", name).strip().lower(), "")


def _kind_and_name(part: str) -> tuple[str, str]:
    """A part's dimension and item; ('', '') for a part that names no dimension."""
    pair = _COLON.split(part, maxsplit=1)
    kind = kind_named(pair[0]) if len(pair) == 2 else ""
    return (kind, pair[1].strip()) if kind else ("", "")
