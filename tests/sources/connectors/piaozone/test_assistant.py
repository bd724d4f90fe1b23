"""A pull hears what a person chose, adjusted or edited on the vendor's pages, and our addresses lead there."""

import pytest
import requests

from apps.sandbox.assistant import ADJUST, CHOOSE, EDIT
from apps.sandbox.rows.piaozone import serial_no
from apps.sandbox.server import running
from apps.sources.connectors.piaozone import Piaozone
from apps.sources.connectors.piaozone.assistant import PAGES, SPEAKING, Assistant
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
    """One pull of this channel alone."""
    entry = next(one for one in sandbox.sources() if one["kind"] == "piaozone")
    entry["options"] = {"watch_channels": [link]}
    with MemoryContext(entry, store=store) as line:
        found = pulled(Piaozone(line))
        assert found.error is None
        assert line.notes == []
    return found


@pytest.mark.parametrize("kind", ["", "Tra", "Pur", "BizOut"])
def test_what_was_chosen_comes_with_its_bill(sandbox, free, kind):
    person, store = Person(sandbox, billType=kind, ticketParam="11111"), Store()
    person.press(CHOOSE, *free)
    pull(sandbox, person.link, store)
    assert set(store.records) == set(free)
    assert {record.claim.bill_number for record in store.records.values()} == {NUMBER}
    again = pull(sandbox, person.link, store)
    assert (again.kept, again.created, again.changed) == ([], [], [])


def test_an_adjusted_entry_and_an_edited_invoice_come_too(sandbox, free):
    person, store = Person(sandbox, branch_id="e1", ticketParam="11111"), Store()
    person.press(ADJUST, *free[:2])
    person.press(EDIT, serialNo=free[0], remark="更正")
    pull(sandbox, person.link, store)
    (edited,) = sandbox.books.of(EDIT)
    assert set(store.records) == {edited.subject, free[0], free[1]}


@pytest.mark.parametrize("page", PAGES)
def test_our_addresses_lead_to_the_pages(sandbox, free, page):
    entry = next(one for one in sandbox.sources() if one["kind"] == "piaozone")
    with MemoryContext(entry) as line:
        assistant = Assistant(line)
        link = assistant.open_channel()
        visit = {"bxd_key": "k", "random": "1", "ticketParam": "11111", "branch_id": "e1", "invoiceSerialNos": free[0]}
        key = assistant.user_key(NUMBER, "", visit)
        address = assistant.address(page, key, link, free[0])
        opened = requests.get(address, timeout=5)
        assert opened.status_code == 200
        assert ("<form" in opened.text) == (page in SPEAKING)
        if page in SPEAKING:
            requests.post(address, data={"serial": free[1], "remark": "改"}, timeout=5)
            assert assistant.next_message(link) is not None
