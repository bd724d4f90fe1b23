"""Every REST endpoint reads twenty rows with as many statements as two: a list of that many rows, or a row with that
many related rows. New endpoints are included by themselves.
"""

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.bills.models import AssistantMessage, BillStep, ComplianceOverride, UpstreamListing
from apps.core.messages import Message
from apps.duplicates.models import CandidatePair, CaseDecision, CaseMember, Claim
from apps.outbox.models import PushAttempt
from apps.vouchers.models import VoucherBill
from tests.factories import (
    MORNING,
    AdminFactory,
    BillFactory,
    BillInvoiceFactory,
    BillLineFactory,
    InvoiceFactory,
    InvoiceLineFactory,
    SourceFactory,
    SourceRecordFactory,
    UserFactory,
    VoucherFactory,
)

from .addresses import Address, addresses
from .world import World, company_with_everything

pytestmark = pytest.mark.django_db

READ = [one for one in addresses() if one.in_api and "GET" in one.methods]
SAID = Message("http.timeout", {"host": "x"}).stored()


def grow(world: Any, number: int) -> None:
    """Add one of every related row, each with its own person, source and invoice, so that no cache hides a query."""
    company, source, invoice = world["company"], SourceFactory(company=world["company"]), world["invoice"]
    person = UserFactory(companies=[company])
    other = InvoiceFactory(seen_by=[source])
    bill, voucher = BillFactory(company=company), VoucherFactory(book=world["voucher"].book)
    SourceRecordFactory(invoice=invoice, source=source)
    InvoiceLineFactory(invoice=invoice)
    voucher.invoice_links.create(invoice=invoice)
    BillInvoiceFactory(bill=bill, invoice=invoice, contested=True)
    _grow_bill(world, number, person, other)
    world["voucher"].entries.create(position=number + 10)
    world["voucher"].invoice_links.create(invoice=other)
    VoucherBill.objects.create(voucher=world["voucher"], bill=bill)
    case = world["case"]
    CaseMember.objects.create(case=case, invoice=other, key=other.key)
    CandidatePair.objects.create(case=case, left=invoice, right=other, rules=[], fields={}, tier="likely", score="0.9")
    Claim.objects.create(case=case, source=source, external_id=f"c{number}")
    CaseDecision.objects.create(case=case, action="comment", user=person, undone_by=person, undone_at=MORNING, text="",
                            rule_version=1)  # fmt: skip
    PushAttempt.objects.create(push=world["push"], number=number + 10, started_at=MORNING, error=SAID)
    world["finding"].vouchers.add(voucher)
    world["finding"].bills.add(bill)
    world["finding"].people.add(person)


def _grow_bill(world: Any, number: int, person: Any, other: Any) -> None:
    bill = world["bill"]
    line = BillLineFactory(bill=bill, position=number + 10)
    BillInvoiceFactory(bill=bill, invoice=other, line=line, picked_by=person)
    BillStep.objects.create(bill=bill, user=person, action="edit", state="draft", message=SAID)
    UpstreamListing.objects.create(source=bill.source, number=bill.number, external_id=f"l{number}", seen_at=MORNING,
                                   invoice=InvoiceFactory())  # fmt: skip
    ComplianceOverride.objects.create(bill=bill, invoice=other, check_code="title", signature=f"{number + 1:064}",
                                      message=SAID, made_by=person, made_at=MORNING)  # fmt: skip
    AssistantMessage.objects.create(source=SourceFactory(company=bill.company), bill=bill, msg_id=f"m{number}",
                                    type="choose", payload="{}", outcome=SAID, refused=[SAID])  # fmt: skip


def statements(client: Client, world: World) -> dict[str, int]:
    """Route → number of statements to read it."""
    return {address.route: _statements(client, address, world) for address in READ}


def _statements(client: Client, address: Address, world: World) -> int:
    ContentType.objects.clear_cache()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address.filled(world))
    assert answer.status_code == 200, f"{address.route}: {answer.status_code}"
    return len(queries)


@pytest.mark.parametrize("who", ["administrator", "accountant"])
def test_twenty_rows_take_as_many_queries_as_two(client: Client, who: str) -> None:
    """The administrator's queries have no company filter; the accountant's have one."""
    worlds = [company_with_everything(f"w{number}") for number in range(2)]
    person = AdminFactory() if who == "administrator" else UserFactory(role="accountant")
    person.companies.set([world["company"] for world in worlds])
    client.force_login(person)
    grow(worlds[0], 0)
    statements(client, worlds[0])  # fill caches that live as long as the process
    few = statements(client, worlds[0])
    worlds += [company_with_everything(f"w{number}") for number in range(2, 20)]
    person.companies.set([world["company"] for world in worlds])
    for number in range(1, 19):
        grow(worlds[0], number)
    many = statements(client, worlds[0])
    assert {route: (few[route], many[route]) for route in few if many[route] != few[route]} == {}


def test_every_list_is_covered() -> None:
    assert len(READ) > 20
