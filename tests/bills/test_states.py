"""The life of a bill, by properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.bills import choices, states
from apps.bills.states import Action, Reservation, State


@given(st.sampled_from(State), st.sampled_from(Action))
def test_an_action_leads_somewhere_exactly_when_it_is_offered(state: State, action: Action) -> None:
    if action in states.actions(state):
        assert states.after(state, action) != state
    else:
        with pytest.raises(states.ImpossibleStep):
            states.after(state, action)


@given(st.lists(st.sampled_from(Action), max_size=12))
def test_a_bill_on_its_way_always_has_an_invoice_state_and_nothing_is_booked_unapproved(path: list[Action]) -> None:
    state, been = State.DRAFT, [State.DRAFT]
    for action in path:
        if action in states.actions(state):
            state = states.after(state, action)
            been.append(state)
    assert all(step in states.RESERVATIONS for step in been)
    if State.BOOKED in been:
        assert State.APPROVED in been[: been.index(State.BOOKED)]
        assert State.SUBMITTED in been[: been.index(State.APPROVED)]


@pytest.mark.parametrize("state", State)
def test_every_step_can_be_taken_back(state: State) -> None:
    """From wherever a bill is, there is a way back to a draft."""
    reached, frontier = {state}, [state]
    while frontier:
        here = frontier.pop()
        for action in states.actions(here):
            there = states.after(here, action)
            if there not in reached:
                reached.add(there)
                frontier.append(there)
    assert State.DRAFT in reached


def test_only_free_bills_release_what_they_held() -> None:
    released = {state for state, hold in states.RESERVATIONS.items() if hold == Reservation.RELEASED}
    assert released == {State.REJECTED, State.WITHDRAWN, State.DISCARDED}


def test_the_database_knows_the_same_words() -> None:
    assert [str(s) for s in State] == choices.BillState.values
    assert [str(h) for h in Reservation] == choices.BillInvoiceState.values


@given(st.dictionaries(st.sampled_from(["booked", "used", "reserved", "unused", "unknown"]), st.integers(0, 5)))
def test_somebody_elses_bill_is_as_far_as_its_last_invoice(counts: dict[str, int]) -> None:
    said = {status for status, count in counts.items() if count}
    derived = states.derived(counts)
    assert (derived == State.BOOKED) == (said == {"booked"})
    assert (derived == State.APPROVED) == (said <= {"booked", "used"} and "used" in said)
