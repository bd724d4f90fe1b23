"""When one invoice was claimed twice, by examples of what its source records say."""

from typing import Any

import pytest

from apps.duplicates.claims import Seen, claimed_twice
from apps.sources.records import ClaimRecord, InvoiceKind, InvoiceRecord


def seen(source: int, person: str | None, external_id: str = "a", **values: Any) -> Seen:
    """A record of this source, claimed by this person; None: a list that knows no claims."""
    claim = None if person is None else ClaimRecord(person=person, entered_at=f"2026-03-0{source} 09:00:00")
    return Seen(source, external_id, InvoiceRecord(external_id, InvoiceKind.OTHER, claim=claim, **values))


@pytest.mark.parametrize(
    ("source_records", "twice"),
    [
        ([seen(1, "张三"), seen(2, "李四")], True),
        ([seen(1, "张 三"), seen(2, "张三")], False),  # one person in two systems
        ([seen(1, "张三"), seen(2, "")], False),  # nobody says who
        ([seen(1, "张三"), seen(2, None)], False),  # the tax bureau lists it
        ([seen(1, "张三"), seen(2, "李四", deleted=True)], False),  # taken back in another system
        ([seen(1, "张三"), seen(1, "张三", "b")], True),
        ([seen(1, "张三", deleted=True), seen(1, "张三", "b")], True),  # deleted and entered again
        ([seen(1, "张三", deleted=True), seen(1, "张三", "b", deleted=True)], False),
        ([seen(1, None), seen(1, None, "b")], False),
        ([seen(1, "", link_keys=("o1",)), seen(1, "", "b", link_keys=("o1", "o2"))], False),  # an order and its result
        ([seen(1, "", link_keys=("o1",)), seen(1, "", "b", link_keys=("o2",))], True),
    ],
)
def test_two_records_of_one_source_or_two_people_are_two_claims(source_records: list[Seen], twice: bool) -> None:
    assert bool(claimed_twice(source_records)) == twice
    assert bool(claimed_twice(source_records[::-1])) == twice


def test_all_source_records_stand_side_by_side_in_the_order_of_their_entry() -> None:
    claims = claimed_twice([seen(2, "李四"), seen(3, None), seen(1, "张三")])
    assert [(claim.source_id, claim.person) for claim in claims] == [(3, ""), (1, "张三"), (2, "李四")]
