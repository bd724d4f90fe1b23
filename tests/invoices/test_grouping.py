from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from apps.invoices.grouping import Member, group

E1, E2, C1 = "E:25442000000012345678", "E:25442000000087654321", "C:044002500111:12345678"
TEN, TWENTY = Decimal("10.00"), Decimal("20.00")


def shape(groups):
    return {g.key: {m.ident for m in g.members} for g in groups}


def test_a_printed_number_joins_the_one_digital_number_that_names_it():
    members = [Member("etax", (E1, C1), TEN), Member("checker", (C1,), TEN), Member("maycur", (E1,), None)]
    assert shape(group(members)) == {E1: {"etax", "checker", "maycur"}}
    assert shape(group([Member("etax", (E1, C1), TEN), Member("scan", (C1,), None)])) == {E1: {"etax", "scan"}}


def test_two_claimants_join_nothing_and_are_a_contradiction():
    members = [Member("a", (E1, C1), TEN), Member("b", (E2, C1), TEN), Member("c", (C1,), TEN)]
    groups = group(members)
    assert shape(groups) == {E1: {"a"}, E2: {"b"}, C1: {"c"}}
    assert all(g.contradictions == {C1} for g in groups)


def test_different_totals_are_not_merged_silently():
    groups = group([Member("a", (E1, C1), TEN), Member("b", (C1,), TWENTY)])
    assert shape(groups) == {E1: {"a"}, C1: {"b"}}
    assert all(g.contradictions == {C1} for g in groups)


def test_a_shared_order_with_two_invoices_is_no_contradiction():
    link = "L:oms:order1"
    groups = group([Member("a", (E1, link), TEN), Member("b", (E2, link), TEN), Member("o", (link,), None)])
    assert shape(groups) == {E1: {"a"}, E2: {"b"}, link: {"o"}}
    assert not any(g.contradictions for g in groups)


def test_a_key_is_a_further_name_only_of_what_has_a_stronger_one():
    assert shape(group([Member("a", (C1, E1), TEN), Member("b", (E1,), TEN)])) == {C1: {"a"}, E1: {"b"}}


def test_a_copy_is_a_guest_of_what_a_person_said_it_is():
    copy, stays = Member("copy", (C1,), TWENTY), Member("stays", (E1,), TEN)
    (found,) = group([copy, stays], {C1: E1})
    assert (found.key, found.members, found.guests, found.everybody) == (E1, (stays,), (copy,), (stays, copy))
    assert shape(group([copy], {C1: E1})) == {C1: {"copy"}}  # what it was said to be is not there any more


def test_of_copies_said_to_be_each_other_nobody_is_lost():
    members = [Member("a", (E1,), TEN), Member("b", (E2,), TEN), Member("c", (C1,), TEN)]
    for words in ({E1: E2, E2: E1}, {C1: E2, E2: E1}, {E1: E2, E2: C1, C1: E1}):
        groups = group(members, words)
        assert sorted(m.ident for g in groups for m in g.everybody) == ["a", "b", "c"]


keys = st.sampled_from(
    [(E1,), (E2,), (C1,), (E1, C1), (E2, C1), (C1, "L:s:1"), ("L:s:1",), (E1, C1, "L:s:1"), ("S:s:1",)]
)
members = st.lists(st.tuples(keys, st.sampled_from([TEN, TWENTY, None])), max_size=8).map(
    lambda rows: [Member(n, *row) for n, row in enumerate(rows)]
)


@given(members, st.randoms())
def test_order_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert shape(group(rows)) == shape(group(shuffled))


@given(members)
def test_every_member_has_exactly_one_place_beside_its_equals(rows):
    groups = group(rows)
    placed = [m.ident for g in groups for m in g.members]
    assert sorted(placed) == sorted(m.ident for m in rows)
    home = {m.ident: g.key for g in groups for m in g.members}
    for one in rows:
        for other in rows:
            if one.keys[0] == other.keys[0]:
                assert home[one.ident] == home[other.ident]
