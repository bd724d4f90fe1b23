"""Which source records are one invoice: the rules by examples, and that order never matters."""

from collections.abc import Iterable
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from apps.invoices.grouping import group
from apps.invoices.source_records import SourceRecordState

from .builders import record, state

E1, E2, C1 = "E:25442000000012345678", "E:25442000000087654321", "C:044002500111:12345678"
TEN, TWENTY = Decimal("10.00"), Decimal("20.00")


def with_keys(name: str, keys: tuple[str, ...], total: Decimal | None) -> SourceRecordState:
    return state(record(name, total_amount=total), keys=keys)


def names(states: Iterable[SourceRecordState]) -> set[str]:
    return {one.external_id for one in states}


def shape(groups):
    return {g.key: names(g.records) for g in groups}


def test_a_printed_number_joins_the_one_digital_number_that_names_it():
    records = [with_keys("etax", (E1, C1), TEN), with_keys("checker", (C1,), TEN), with_keys("maycur", (E1,), None)]
    assert shape(group(records)) == {E1: {"etax", "checker", "maycur"}}
    assert shape(group([with_keys("etax", (E1, C1), TEN), with_keys("scan", (C1,), None)])) == {E1: {"etax", "scan"}}


def test_two_claimants_join_nothing_and_are_a_contradiction():
    records = [with_keys("a", (E1, C1), TEN), with_keys("b", (E2, C1), TEN), with_keys("c", (C1,), TEN)]
    groups = group(records)
    assert shape(groups) == {E1: {"a"}, E2: {"b"}, C1: {"c"}}
    assert all(g.contradictions == {C1} for g in groups)


def test_different_totals_are_not_merged_silently():
    groups = group([with_keys("a", (E1, C1), TEN), with_keys("b", (C1,), TWENTY)])
    assert shape(groups) == {E1: {"a"}, C1: {"b"}}
    assert all(g.contradictions == {C1} for g in groups)


def test_a_shared_order_with_two_invoices_is_no_contradiction():
    link = "L:oms:order1"
    groups = group([with_keys("a", (E1, link), TEN), with_keys("b", (E2, link), TEN), with_keys("o", (link,), None)])
    assert shape(groups) == {E1: {"a"}, E2: {"b"}, link: {"o"}}
    assert not any(g.contradictions for g in groups)


def test_a_key_is_a_further_name_only_of_what_has_a_stronger_one():
    assert shape(group([with_keys("a", (C1, E1), TEN), with_keys("b", (E1,), TEN)])) == {C1: {"a"}, E1: {"b"}}


def test_a_merge_link_brings_the_records_of_the_redirect_to_its_master():
    redirect, master = with_keys("redirect", (C1,), TWENTY), with_keys("master", (E1,), TEN)
    (merged,) = group([redirect, master], {C1: E1})
    assert (merged.key, merged.records, merged.merged_records) == (E1, (master,), (redirect,))
    assert merged.all_records == (master, redirect)
    assert shape(group([redirect], {C1: E1})) == {C1: {"redirect"}}  # the master is not there any more


def test_links_in_a_circle_lose_no_record():
    records = [with_keys("a", (E1,), TEN), with_keys("b", (E2,), TEN), with_keys("c", (C1,), TEN)]
    for links in ({E1: E2, E2: E1}, {C1: E2, E2: E1}, {E1: E2, E2: C1, C1: E1}):
        groups = group(records, links)
        assert sorted(state.external_id for g in groups for state in g.all_records) == ["a", "b", "c"]


keys = st.sampled_from(
    [(E1,), (E2,), (C1,), (E1, C1), (E2, C1), (C1, "L:s:1"), ("L:s:1",), (E1, C1, "L:s:1"), ("S:s:1",)]
)
records = st.lists(st.tuples(keys, st.sampled_from([TEN, TWENTY, None])), max_size=8).map(
    lambda rows: [with_keys(str(n), *row) for n, row in enumerate(rows)]
)


@given(records, st.randoms())
def test_order_does_not_matter(states, random):
    shuffled = list(states)
    random.shuffle(shuffled)
    assert shape(group(states)) == shape(group(shuffled))


@given(records)
def test_every_record_is_in_exactly_one_group_together_with_its_equals(states):
    groups = group(states)
    grouped = [one.external_id for g in groups for one in g.records]
    assert sorted(grouped) == sorted(one.external_id for one in states)
    group_of = {one.external_id: g.key for g in groups for one in g.records}
    for one in states:
        for other in states:
            if one.keys[0] == other.keys[0]:
                assert group_of[one.external_id] == group_of[other.external_id]
