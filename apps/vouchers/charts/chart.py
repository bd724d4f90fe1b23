"""What the checks of a voucher need of its book's chart of accounts. Pure.

An entry names its account by a text that begins with the code, ``660201 差旅费``; the text is what is pushed, since the
upstream system takes one text for the account. The name behind the code may also be the whole path.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

CODE = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.\-]*[0-9A-Za-z])?")
_NAME_ENDS = re.compile(r"[\s—–\-_/\\:：>]+")


@dataclass(frozen=True)
class ChartAccount:
    """An account as entries see it. ``leaf``: without accounts below it; ``dimensions``: those it requires."""

    code: str
    name: str
    active: bool = True
    leaf: bool = True
    dimensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """How an entry names it, and what is pushed."""
        return f"{self.code} {self.name}"

    def is_called(self, text: str) -> bool:
        """Whether an entry's text names it rightly: by the code alone, its name, or a path that ends with its name."""
        name = text.strip()[len(code_of(text)) :].strip()
        return not name or name == self.name or name.endswith(self.name) or _NAME_ENDS.split(name)[-1] == self.name


@dataclass(frozen=True)
class Chart:
    """A part of a book's chart: the accounts that some entries name, by code, and the items of dimensions that they
    name: (dimension, name) → whether it is active. ``listed``: dimensions of which the company keeps a list."""

    accounts: Mapping[str, ChartAccount] = field(default_factory=dict)
    items: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()

    def account(self, text: str) -> ChartAccount | None:
        """The account that an entry's text names; None when the chart does not have it."""
        return self.accounts.get(code_of(text))


def code_of(text: str) -> str:
    """The code at the beginning of an account's text; '' without one."""
    start = CODE.match(unicodedata.normalize("NFKC", text).strip())
    return start[0] if start else ""


def parent_code(code: str, codes: Mapping[str, object] | frozenset[str] | set[str]) -> str:
    """The longest of ``codes`` that the code begins with and is longer than; '' for none. 222101 is below 2221, and
    6602.01 below 6602."""
    return next((code[:end] for end in range(len(code) - 1, 0, -1) if code[:end] in codes), "")
