"""Detects double claims of one invoice in the claims of its source records. Pure."""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from apps.sources.records import InvoiceRecord


@dataclass(frozen=True)
class ParsedSourceRecord:
    """A source record and the invoice record parsed from its newest payload."""

    source_id: int
    external_id: str
    record: InvoiceRecord


@dataclass(frozen=True)
class ClaimEvidence:
    """One claim of a double claim. ``source_id`` None: the claim is a bill's reservation of the invoice, whose id is
    ``external_id``; otherwise it is that record of the source."""

    source_id: int | None
    external_id: str
    person: str
    department: str
    bill_number: str
    entered_at: str
    deleted: bool


def double_claim(source_records: Sequence[ParsedSourceRecord]) -> list[ClaimEvidence]:
    """The claims of an invoice that is claimed twice, oldest entry first; empty when it is not.

    Claimed twice means: two records in one source (a vendor's order and its result share a link key and count as one),
    even when the first was deleted there; or two people, in whatever systems.
    """
    by_source: dict[int, list[ParsedSourceRecord]] = defaultdict(list)
    for source_record in source_records:
        if source_record.record.claim is not None:  # records of a tax bureau or a shop carry no claim
            by_source[source_record.source_id].append(source_record)
    twice = any(_are_two_records(records) for records in by_source.values())
    people = {_folded(s.record.claim.person) for s in source_records if s.record.claim and not s.record.deleted}
    people.discard("")
    if not twice and len(people) < 2:
        return []
    claims = [_evidence(source_record) for source_record in source_records]
    return sorted(claims, key=lambda claim: (claim.entered_at, claim.source_id or 0, claim.external_id))


def _are_two_records(records: Sequence[ParsedSourceRecord]) -> bool:
    """Whether one source has several records that share no link key, at least one of them not deleted."""
    if len(records) < 2 or all(record.record.deleted for record in records):
        return False
    link_keys = [set(record.record.link_keys) for record in records]
    return not all(keys and keys & link_keys[0] for keys in link_keys)


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).upper()


def _evidence(source_record: ParsedSourceRecord) -> ClaimEvidence:
    claim, record = source_record.record.claim, source_record.record
    return ClaimEvidence(
        source_record.source_id,
        source_record.external_id,
        claim.person if claim else "",
        claim.department if claim else "",
        claim.bill_number if claim else "",
        claim.entered_at if claim else "",
        record.deleted,
    )
