"""The fingerprint of an invoice, kept between pulls: a digest of its details, and the bills it is on. Pure.

The vendor's details do not name the bill; the bill's own list and the messages do. A refresh of the
details alone must neither lose the bills nor count as a change, so both are in the record's fingerprint:
``d<digest of the details>:<bill>|<bill>``, with ``r`` instead of ``d`` when only a message's row was available. A
fingerprint has 64 characters; bills that do not fit are replaced by a short digest (``+…``) and are read again from
the bill.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

_LONGEST = 64
_OVERFLOW = 7  # '+' and six characters


@dataclass(frozen=True)
class Version:
    """``bills``: those that fit into the fingerprint. Default: never seen."""

    content: str = ""
    bills: tuple[str, ...] = ()

    @property
    def has_detail(self) -> bool:
        return self.content.startswith("d")


def remembered(fingerprint: str) -> Version:
    content, _, rest = fingerprint.partition(":")
    bills = rest.partition("+")[0]
    return Version(content, tuple(bill for bill in bills.split("|") if bill))


def content_of(row: Mapping[str, Any], *, detail: bool) -> str:
    return ("d" if detail else "r") + _digest(msgspec.json.encode(row, order="sorted"), 8)


def fingerprint(content: str, bills: Iterable[str]) -> str:
    """At most 64 characters; equal for equal content and bills."""
    numbers = sorted(bills)
    whole = f"{content}:{'|'.join(numbers)}"
    if len(whole) <= _LONGEST and not any(mark in bill for bill in numbers for mark in "|+"):
        return whole
    kept = ""
    for bill in numbers:
        longer = f"{kept}|{bill}" if kept else bill
        if "|" not in bill and "+" not in bill and len(f"{content}:{longer}") + _OVERFLOW <= _LONGEST:
            kept = longer
    return f"{content}:{kept}+{_digest('|'.join(numbers).encode(), 3)}"


def _digest(content: bytes, size: int) -> str:
    return hashlib.blake2b(content, digest_size=size).hexdigest()
