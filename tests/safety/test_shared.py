"""Rows that two companies share: an invoice of both, bulk decisions, settings of all companies."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.bills.models import Bill
from apps.duplicates.models import DuplicateCase
from apps.vouchers.models import Finding, VoucherBill
from tests.factories import (
    AdminFactory,
    BillInvoiceFactory,
    FieldConflictFactory,
    RawRecordFactory,
    SourceRecordFactory,
)

from .addresses import addresses
from .conftest import common, whole
from .test_other_company import AMOUNT, MARKS, reading
from .world import World, a_case, a_voucher, company_with_everything, decided

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(mine: World) -> World:
    world = company_with_everything("乙密", AMOUNT)
    return world | common(world["person"])


@pytest.fixture
def browser_of(everyman: User) -> Client:
    client = Client()
    client.force_login(everyman)
    return client


@pytest.fixture
def shared(mine: World, theirs: World) -> World:
    """My world, its invoice known to the other company too, which has it on a bill and in a voucher and doubts it."""
    invoice, source = mine["free_invoice"], theirs["source"]
    raw = RawRecordFactory(source=source, external_id="乙密-s", payload='{"x": "乙密"}')
    SourceRecordFactory(source=source, invoice=invoice, external_id="乙密-s", raw=raw)
    BillInvoiceFactory(bill=theirs["approved"], invoice=invoice, picked_by=theirs["person"])
    voucher = a_voucher("乙密", AMOUNT, theirs["book"], state="booked")
    voucher.invoice_links.create(invoice=invoice)
    finding = Finding.objects.create(invoice=invoice, status="abnormal")
    finding.vouchers.add(voucher)
    finding.bills.add(theirs["approved"])
    finding.people.add(theirs["person"])
    Finding.objects.create(
        invoice=invoice, status="red", state="acknowledged", acknowledged_by=theirs["person"], note="乙密"
    )
    FieldConflictFactory(
        invoice=invoice, field="tax_amount", claims=[], state="settled", settled_by=theirs["person"], reason="乙密"
    )
    claims = [
        {"source_id": one["source"].pk, "external_id": f"{name}-1", "value": f"{n}.00"}
        for n, (name, one) in enumerate({"乙密": theirs, "甲方": mine}.items())
    ]
    conflict = FieldConflictFactory(invoice=invoice, field="total_amount", claims=claims)
    return {
        **mine,
        "invoice": invoice,
        "source_record": invoice.source_records.first(),
        "finding": finding,
        "conflict": conflict,
    }


@pytest.mark.parametrize("room", ["workspace", "api", "admin"])
def test_a_shared_invoice_shows_nothing_of_the_other_company(
    browser_of: Client, shared: World, theirs: World, room: str
) -> None:
    leaks = []
    own = {address.filled(shared) for address in addresses()}
    for request in {request.path: request for request in reading(room, shared, theirs) if not request.data}.values():
        answer: Any = browser_of.get(request.path, follow=True)
        text = whole(answer).decode(errors="replace")
        leaks += [(request.path, mark, text[max(text.find(mark) - 200, 0) :][:300]) for mark in MARKS if mark in text]
        assert answer.status_code < 500, request
        assert request.path in own or answer.status_code in (200, 403, 404, 405), request
    assert leaks == []


@pytest.mark.parametrize("own", [True, False])
def test_only_colleagues_see_who_acknowledged_a_finding(
    browser_of: Client, shared: World, theirs: World, everyman: User, own: bool
) -> None:
    """That it was done all may know; who did it, and in which words, is for those of the same company."""
    if own:
        theirs["person"].companies.add(shared["company"])
    finding = shared["invoice"].findings.get(state="acknowledged")
    pages = {
        path: browser_of.get(path)
        for path in (
            f"{reverse('findings')}?state=acknowledged",
            f"/invoices/{shared['invoice'].pk}/",
            f"/api/v1/findings/{finding.pk}/",
            f"/admin/vouchers/finding/{finding.pk}/change/",
            "/admin/vouchers/finding/",
        )
    }
    assert {path: (page.status_code, "乙密" in page.text) for path, page in pages.items()} == dict.fromkeys(
        pages, (200, own)
    )
    assert browser_of.get(f"/admin/vouchers/finding/{finding.pk}/history/").status_code == 403


def test_undoing_a_bulk_decision_keeps_invisible_cases(browser_of: Client, mine: World, theirs: World) -> None:
    """The chief decided about both companies at once; who sees one takes back his part."""
    chief, batch = AdminFactory(), uuid.uuid4()
    ours, others = a_case("甲方", "113.00", mine["source"]), a_case("乙密", AMOUNT, theirs["source"])
    for case in (ours, others):
        decided(case, chief, batch)
    browser_of.post(f"/duplicates/many/{batch}/undo/")
    assert set(DuplicateCase.objects.filter(pk__in=[ours.pk, others.pk]).values_list("pk", "state")) == {
        (ours.pk, "open"),
        (others.pk, "dismissed"),
    }


def test_cases_are_assigned_only_to_people_who_see_them(browser_of: Client, mine: World, theirs: World) -> None:
    before = mine["case"].assigned_to_id
    answer = browser_of.post(f"/duplicates/{mine['case'].pk}/assign/", {"to": theirs["person"].pk})
    assert answer.status_code == 409
    assert DuplicateCase.objects.get(pk=mine["case"].pk).assigned_to_id == before


@pytest.mark.parametrize(
    ("row", "page", "fields"),
    [
        ("policy", "bills/reservationpolicy", {"bill_type": "travel", "share_by_amount": "on"}),
        ("duty", "accounts/dutypolicy", {"duty": "voucher", "own_allowed": "on"}),
        ("check", "bills/checksetting", {"check_code": "sum", "level": "off", "sure": "yes"}),
        ("cost_type", "bills/costtype", {"name": "展会费", "active": "on"}),
        ("rule", "duplicates/rulesetting", {"code": "day_off", "parameters": "{}", "sure": "yes"}),
    ],
)
def test_settings_of_all_companies_need_visibility_of_all(
    browser_of: Client, everyman: User, mine: World, theirs: World, row: str, page: str, fields: dict[str, str]
) -> None:
    """Others neither make nor change one for all companies, or for one that they do not see; they may read it."""
    model: Any = type(mine[row])
    number = model.objects.count()
    for company in ("", theirs["company"].pk):
        browser_of.post(f"/admin/{page}/add/", {**fields, "company": company})
    assert model.objects.count() == number
    model.objects.filter(pk=mine[row].pk).update(company=None)
    change = f"/admin/{page}/{mine[row].pk}/change/"
    assert browser_of.get(change).status_code == 200
    assert browser_of.post(change, {**fields, "company": ""}).status_code == 403
    assert browser_of.post(f"/admin/{page}/{mine[row].pk}/delete/", {"post": "yes"}).status_code == 403
    browser_of.post(f"/admin/{page}/add/", {**fields, "company": mine["company"].pk})
    assert model.objects.count() == number + 1
    User.objects.filter(pk=everyman.pk).update(sees_all_companies=True)
    browser_of.post(f"/admin/{page}/add/", {**fields, "company": ""})
    assert model.objects.count() == number + 2


def test_a_bill_on_a_voucher_is_not_deleted(browser_of: Client, mine: World) -> None:
    bill = mine["bill"]
    assert VoucherBill.objects.filter(bill=bill).exists()
    page = browser_of.post(f"/bills/{bill.pk}/delete/", {"revision": bill.revision}, follow=True)
    assert "凭证" in page.text
    assert browser_of.delete(f"/api/v1/bills/{bill.pk}/").status_code == 409
    assert Bill.objects.get(pk=bill.pk).bill_invoices.get().state == "reserved"
