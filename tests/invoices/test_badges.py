"""Badges: every state that a page shows as one has a colour, and its label is escaped."""

import pytest

from apps.bills.assistant.choices import MessageState
from apps.bills.choices import BillInvoiceState, BillState
from apps.bills.models import Bill
from apps.invoices import badges, choices
from apps.invoices.templatetags.workspace import badge
from apps.outbox.choices import Outcome, PushState
from apps.sources.choices import RunStatus
from apps.vouchers.choices import VoucherPushState, VoucherState
from apps.vouchers.models import Voucher

SHOWN = [BillInvoiceState, BillState, MessageState, Outcome, PushState, RunStatus, VoucherPushState, VoucherState]


@pytest.mark.parametrize("value", sorted({value for states in (choices.Status, *SHOWN) for value in states.values}))
def test_every_state_has_a_colour(value):
    assert value in badges.COLOURS


def test_a_word_of_two_meanings_has_two_colours():
    assert badges.colour("void", "invoice") == "red"
    assert badges.colour("void", "voucher") == "secondary"
    assert badges.colour("something new") == "secondary"


def test_a_badge_says_its_label_in_its_colour():
    assert badge(Bill(state="booked"), "state") == '<span class="badge bg-teal-lt">已入账</span>'
    assert badge(Voucher(state="booked"), "state", "ms-2") == '<span class="badge bg-green-lt ms-2">已记账</span>'
    assert badge(Bill(state="<b>"), "state") == '<span class="badge bg-secondary-lt">&lt;b&gt;</span>'
