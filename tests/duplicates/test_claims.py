"""Double claims, by examples of source records."""

from typing import Any

import pytest

from apps.duplicates.claims import ParsedSourceRecord, double_claim
from apps.sources.records import ClaimRecord, InvoiceKind, InvoiceRecord


def parsed(source: int, person: str | None, external_id: str = "a", **values: Any) -> ParsedSourceRecord:
    """A record of this source, claimed by this person; None: a source without claims."""
    claim = None if person is None else ClaimRecord(person=person, entered_at=f"2026-03-0{source} 09:00:00")
    return ParsedSourceRecord(source, external_id, InvoiceRecord(external_id, InvoiceKind.OTHER, claim=claim, **values))


@pytest.mark.parametrize(
    ("source_records", "twice"),
    [
        ([parsed(1, "张三"), parsed(2, "李四")], True),
        ([parsed(1, "张 三"), parsed(2, "张三")], False),  # one person in two systems
        ([parsed(1, "张三"), parsed(2, "")], False),  # no person named
        ([parsed(1, "张三"), parsed(2, None)], False),  # the tax bureau lists it
        ([parsed(1, "张三"), parsed(2, "李四", deleted=True)], False),  # taken back in another system
        ([parsed(1, "张三"), parsed(1, "张三", "b")], True),
        ([parsed(1, "张三", deleted=True), parsed(1, "张三", "b")], True),  # deleted and entered again
        ([parsed(1, "张三", deleted=True), parsed(1, "张三", "b", deleted=True)], False),
        ([parsed(1, None), parsed(1, None, "b")], False),
        (
            [parsed(1, "", link_keys=("o1",)), parsed(1, "", "b", link_keys=("o1", "o2"))],
            False,
        ),  # one order
        ([parsed(1, "", link_keys=("o1",)), parsed(1, "", "b", link_keys=("o2",))], True),
    ],
)
def test_two_records_of_one_source_or_two_people_are_two_claims(
    source_records: list[ParsedSourceRecord], twice: bool
) -> None:
    assert bool(double_claim(source_records)) == twice
    assert bool(double_claim(source_records[::-1])) == twice


def test_all_source_records_stand_side_by_side_in_the_order_of_their_entry() -> None:
    claims = double_claim([parsed(2, "李四"), parsed(3, None), parsed(1, "张三")])
    assert [(claim.source_id, claim.person) for claim in claims] == [(3, ""), (1, "张三"), (2, "李四")]
