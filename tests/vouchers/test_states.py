"""A voucher's two lives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.vouchers import choices
from apps.vouchers.states import Action, PushState, State, after, push_state


def test_people_read_a_word_for_every_state() -> None:
    assert {s.value for s in State} == set(choices.VoucherState.values)
    assert {s.value for s in PushState} == set(choices.VoucherPushState.values)


@pytest.mark.parametrize(
    ("state", "action", "then"),
    [
        ("draft", Action.COLLECT, "booked"),
        ("booked", Action.COLLECT, "booked"),
        ("booked", Action.EDIT, "booked"),
        ("booked", Action.VOID, "void"),
        ("void", Action.REOPEN, "draft"),
        ("void", Action.EDIT, None),
        ("void", Action.COLLECT, None),
        ("booked", Action.DISCARD, None),
        ("draft", Action.REOPEN, None),
    ],
)
def test_where_actions_lead(state: str, action: Action, then: str | None) -> None:
    assert after(state, action) == then


@given(actions=st.lists(st.sampled_from(list(Action)), max_size=30))
def test_nothing_but_voiding_takes_a_voucher_out_of_the_books(actions: list[Action]) -> None:
    state = State.DRAFT
    for action in actions:
        then = after(state, action)
        if state == State.BOOKED and then not in (None, State.BOOKED):
            assert action == Action.VOID
        state = then or state


@given(
    unsettled=st.lists(st.sampled_from(["voucher_collect", "voucher_void"]), max_size=3),
    problem=st.booleans(),
    collected=st.none() | st.integers(1, 3),
    revision=st.integers(1, 3),
    ever=st.booleans(),
)
def test_collected_is_said_only_when_upstream_has_exactly_this(
    unsettled: list[str], problem: bool, collected: int | None, revision: int, ever: bool
) -> None:
    found = push_state(unsettled, problem, collected, revision, ever)
    assert (found == PushState.COLLECTED) == (not problem and not unsettled and collected == revision)
    assert (found == PushState.PROBLEM) == problem
