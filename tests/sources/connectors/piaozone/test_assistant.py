"""A pull receives what a person chose, adjusted or edited on the vendor's pages, and our addresses open these pages."""

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from apps.sandbox.assistant import ADJUST, CHOOSE, EDIT
from apps.sandbox.rows.piaozone import serial_no
from apps.sandbox.server import running
from apps.sources.connectors.piaozone import Piaozone
from apps.sources.connectors.piaozone.assistant import _TICKET_DIGITS, PAGES, SPEAKING, Assistant, Visit, ticket_param
from apps.sources.pushes import BillReference, BillType
from tests.sandbox.test_assistant import NUMBER, Person
from tests.sources.connectors.context import MemoryContext, Store, pulled


@pytest.fixture
def sandbox():
    with running(invoices=200, seed=3, piaozone_hold=0.02) as running_sandbox:
        yield running_sandbox


@pytest.fixture
def free(sandbox):
    return [serial_no(invoice, sandbox.world.seed) for invoice in sandbox.books.free()[:4]]


def pull(sandbox, link, store):
    """Pull this channel only."""
    entry = next(one for one in sandbox.sources() if one["kind"] == "piaozone")
    entry["options"] = {"watch_channels": [link]}
    with MemoryContext(entry, store=store) as line:
        result = pulled(Piaozone(line))
        assert result.error is None
        assert line.notes == []
    return result


@pytest.mark.parametrize("kind", ["", "Tra", "Pur", "BizOut"])
def test_chosen_invoices_are_received_with_their_bill(sandbox, free, kind):
    person, store = Person(sandbox, billType=kind, ticketParam="11111"), Store()
    person.press(CHOOSE, *free)
    pull(sandbox, person.link, store)
    assert set(store.records) == set(free)
    assert {record.claim.bill_number for record in store.records.values()} == {NUMBER}
    again = pull(sandbox, person.link, store)
    assert (again.kept, again.created, again.changed) == ([], [], [])


def test_adjusted_entry_and_edited_invoice_are_received(sandbox, free):
    person, store = Person(sandbox, branch_id="e1", ticketParam="11111"), Store()
    person.press(ADJUST, *free[:2])
    person.press(EDIT, serialNo=free[0], remark="更正")
    pull(sandbox, person.link, store)
    (edited,) = sandbox.books.of(EDIT)
    assert set(store.records) == {edited.subject, free[0], free[1]}


@pytest.mark.parametrize("page", PAGES)
def test_addresses_open_the_pages(sandbox, free, page):
    entry = next(one for one in sandbox.sources() if one["kind"] == "piaozone")
    with MemoryContext(entry) as line:
        assistant = Assistant(line)
        link = assistant.open_channel()
        bill = BillReference(NUMBER, "k", BillType.EXPENSE)
        key = assistant.user_key(Visit(bill, line_key="e1", serial_numbers=(free[0],)))
        address = assistant.address(page, key, link, free[0])
        opened = requests.get(address, timeout=5)
        assert opened.status_code == 200
        assert ("<form" in opened.text) == (page in SPEAKING)
        if page in SPEAKING:
            requests.post(address, data={"serial": free[1], "remark": "改"}, timeout=5)
            assert assistant.next_message(link) is not None


@given(st.sets(st.sampled_from([*_TICKET_DIGITS, "payee"])), st.integers(1, 8))
def test_ticket_digit_is_0_only_for_blocking_checks(blocking: set[str], digits: int) -> None:
    param = ticket_param(blocking, digits)
    assert len(param) == digits
    for check, digit in zip(_TICKET_DIGITS, param, strict=False):
        assert digit == ("0" if check in blocking else "1")
    assert set(param[len(_TICKET_DIGITS) :]) <= {"1"}
