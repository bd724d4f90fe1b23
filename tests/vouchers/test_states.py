"""The states of a voucher, ours and upstream."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.vouchers import choices
from apps.vouchers.states import Action, PushState, State, after, push_state


def test_every_state_has_a_label() -> None:
    assert {s.value for s in State} == set(choices.VoucherState.values)
    assert {s.value for s in PushState} == set(choices.VoucherPushState.values)


@pytest.mark.parametrize(
    ("state", "action", "then"),
    [
        ("draft", Action.COLLECT, "booked"),
        ("draft", Action.AUDIT, "audited"),
        ("audited", Action.UNAUDIT, "draft"),
        ("audited", Action.COLLECT, "booked"),
        ("audited", Action.VOID, "void"),
        ("audited", Action.EDIT, None),
        ("audited", Action.DISCARD, None),
        ("booked", Action.UNAUDIT, None),
        ("booked", Action.COLLECT, "booked"),
        ("booked", Action.EDIT, None),
        ("booked", Action.REVERSE, "booked"),
        ("audited", Action.REVERSE, None),
        ("booked", Action.VOID, "void"),
        ("void", Action.REOPEN, "draft"),
        ("void", Action.EDIT, None),
        ("void", Action.COLLECT, None),
        ("booked", Action.DISCARD, None),
        ("draft", Action.REOPEN, None),
    ],
)
def test_actions_lead_to_states(state: str, action: Action, then: str | None) -> None:
    assert after(state, action) == then


def test_a_booked_voucher_is_edited_only_where_its_book_says_so() -> None:
    assert after("booked", Action.EDIT, editable=True) == "booked"
    assert after("audited", Action.EDIT, editable=True) is None


@given(actions=st.lists(st.sampled_from(list(Action)), max_size=30))
def test_only_void_ends_the_state_booked(actions: list[Action]) -> None:
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
def test_collected_means_that_upstream_has_this_revision(
    unsettled: list[str], problem: bool, collected: int | None, revision: int, ever: bool
) -> None:
    upstream_state = push_state(unsettled, problem, collected, revision, ever)
    assert (upstream_state == PushState.COLLECTED) == (not problem and not unsettled and collected == revision)
    assert (upstream_state == PushState.PROBLEM) == problem


def test_a_book_may_ask_for_an_audit_first() -> None:
    assert after("draft", Action.COLLECT, audit_first=True) is None
    assert after("audited", Action.COLLECT, audit_first=True) == "booked"
    assert after("booked", Action.COLLECT, audit_first=True) == "booked"
