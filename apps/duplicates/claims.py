"""Whether one invoice was claimed twice, from what its source records say. Pure."""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from apps.sources.records import InvoiceRecord


@dataclass(frozen=True)
class Seen:
    """One source record: which source holds which record, and what that says."""

    source_id: int
    external_id: str
    record: InvoiceRecord


@dataclass(frozen=True)
class Claimed:
    """One row of the claims side by side. ``source_id`` None: not a source's record but a bill's hold of the invoice,
    which ``external_id`` names."""

    source_id: int | None
    external_id: str
    person: str
    department: str
    bill_number: str
    entered_at: str
    deleted: bool


def claimed_twice(source_records: Sequence[Seen]) -> list[Claimed]:
    """The claims of an invoice that has more than one, else nothing.

    Twice means: two records of one source (a vendor's order and its result, which share a link key, are one), even
    when the first was deleted there before; or two people who claimed it, whatever the systems.
    """
    by_source: dict[int, list[Seen]] = defaultdict(list)
    for seen in source_records:
        if seen.record.claim is not None:  # lists of a tax bureau or a shop are no claims
            by_source[seen.source_id].append(seen)
    twice = any(_two_records(found) for found in by_source.values())
    people = {_folded(s.record.claim.person) for s in source_records if s.record.claim and not s.record.deleted}
    people.discard("")
    if not twice and len(people) < 2:
        return []
    claims = [_claim(seen) for seen in source_records]
    return sorted(claims, key=lambda claim: (claim.entered_at, claim.source_id or 0, claim.external_id))


def _two_records(found: Sequence[Seen]) -> bool:
    """Records of one source that no link key makes one, at least one of them alive."""
    if len(found) < 2 or all(seen.record.deleted for seen in found):
        return False
    linked = [set(seen.record.link_keys) for seen in found]
    return not all(one and one & linked[0] for one in linked)


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).upper()


def _claim(seen: Seen) -> Claimed:
    claim, record = seen.record.claim, seen.record
    return Claimed(
        seen.source_id,
        seen.external_id,
        claim.person if claim else "",
        claim.department if claim else "",
        claim.bill_number if claim else "",
        claim.entered_at if claim else "",
        record.deleted,
    )
