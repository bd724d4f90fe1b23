"""The states of a bill, by properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.bills import choices, states
from apps.bills.states import Action, Reservation, State


@given(st.sampled_from(State), st.sampled_from(Action))
def test_exactly_the_offered_actions_change_the_state(state: State, action: Action) -> None:
    if action in states.actions(state):
        assert states.after(state, action) != state
    else:
        with pytest.raises(states.ImpossibleStep):
            states.after(state, action)


@given(st.lists(st.sampled_from(Action), max_size=12))
def test_every_path_has_invoice_states_and_books_only_approved_bills(path: list[Action]) -> None:
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
def test_every_state_leads_back_to_a_draft(state: State) -> None:
    """From every state there is a path back to a draft."""
    reached, frontier = {state}, [state]
    while frontier:
        here = frontier.pop()
        for action in states.actions(here):
            there = states.after(here, action)
            if there not in reached:
                reached.add(there)
                frontier.append(there)
    assert State.DRAFT in reached


def test_rejected_withdrawn_and_discarded_bills_release_their_invoices() -> None:
    released = {state for state, reservation in states.RESERVATIONS.items() if reservation == Reservation.RELEASED}
    assert released == {State.REJECTED, State.WITHDRAWN, State.DISCARDED}


def test_choices_equal_the_states() -> None:
    assert [str(s) for s in State] == choices.BillState.values
    assert [str(h) for h in Reservation] == choices.BillInvoiceState.values


@given(st.dictionaries(st.sampled_from(["booked", "used", "reserved", "unused", "unknown"]), st.integers(0, 5)))
def test_the_state_of_an_upstream_bill_is_that_of_its_least_advanced_invoice(counts: dict[str, int]) -> None:
    statuses = {status for status, count in counts.items() if count}
    derived = states.derived(counts)
    assert (derived == State.BOOKED) == (statuses == {"booked"})
    assert (derived == State.APPROVED) == (statuses <= {"booked", "used"} and "used" in statuses)
