"""Collecting and voiding many vouchers at once: same results as one by one, in a fixed number of queries."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.bills.models import Bill
from apps.core.errors import HubError
from apps.invoices.models import Invoice
from apps.outbox import services as outbox
from apps.outbox.choices import UNSETTLED, PushState
from apps.outbox.models import Push
from apps.outbox.selectors import request_body
from apps.vouchers import pushing
from apps.vouchers.models import AccountBook, ClosedPeriod, Voucher, VoucherBill, VoucherInvoice
from apps.vouchers.states import Action
from tests.factories import (
    AccountBookFactory,
    AuditedVoucherFactory,
    BillFactory,
    BillInvoiceFactory,
    BillLineFactory,
    InvoiceFactory,
    PartyFactory,
    SourceFactory,
)

from .test_api import ROOT, send


def drafts_with_bills(book: AccountBook, count: int) -> list[Voucher]:
    """Drafts, each with an approved bill with one invoice, and another invoice. Every third bill belongs to another
    source."""
    elsewhere = SourceFactory(kind="piaozone", company=book.company)
    us = PartyFactory(name=book.company.name, tax_no=book.company.tax_no)
    made = AuditedVoucherFactory.create_batch(count, book=book)
    for n, voucher in enumerate(made):
        on_bill, own = InvoiceFactory.create_batch(2, company=book.company, buyer=us, seen_by=[book.source, elsewhere])
        bill = BillFactory(company=book.company, state="approved", source=None if n % 3 else elsewhere)
        BillInvoiceFactory(bill=bill, line=BillLineFactory(bill=bill), invoice=on_bill, state="used")
        VoucherBill.objects.create(voucher=voucher, bill=bill)
        VoucherInvoice.objects.create(voucher=voucher, invoice=own, deductible=True, deduction_tax=Decimal("1.00"))
    return made


def revisions_of(vouchers: list[Voucher]) -> dict[int, int | None]:
    return {voucher.pk: voucher.revision for voucher in vouchers}


def finish_pushes() -> None:
    Push.objects.update(state=PushState.DONE)
    Voucher.objects.filter(state="booked").update(push_state="collected", collected_revision=1, ever_sent=True)


@pytest.mark.django_db
def test_two_hundred_take_as_many_queries_as_five(book: AccountBook, accountant: User) -> None:
    made = drafts_with_bills(book, 205)
    few, many = made[:5], made[5:]
    costs: list[int] = []
    for act in (pushing.collect, partial(pushing.void, reason="误记")):
        for chosen in (few, many):
            with CaptureQueriesContext(connection) as queries:
                assert len(act(revisions_of(chosen), accountant).succeeded) == len(chosen)
            costs.append(len(queries))
        assert abs(costs[-1] - costs[-2]) <= 2, costs  # a ledger of many is written in parts
        finish_pushes()
    assert max(costs) < 110
    assert set(Bill.objects.values_list("state", flat=True)) == {"approved"}


@pytest.mark.django_db
def test_more_than_two_hundred_are_refused(accountant: User) -> None:
    with pytest.raises(HubError) as error:
        pushing.collect(dict.fromkeys(range(1, 202)), accountant)
    assert error.value.message.code == "voucher.too_many"


def world(n: int) -> list[Voucher]:
    """Vouchers, some of which are refused. ``n`` makes the numbers of the bills unique."""
    book = AccountBookFactory()
    names = {"vouch_id": [f"v-{i}" for i in range(9)], "vouch_no": [f"{i:04d}" for i in range(9)]}
    made = [
        AuditedVoucherFactory(book=book, vouch_id=vouch_id, vouch_no=vouch_no)
        for vouch_id, vouch_no in zip(names["vouch_id"], names["vouch_no"], strict=True)
    ]
    bill = BillFactory(company=book.company, state="approved", number=f"BX-{n}", external_key=f"key-{n}")
    void = BillFactory(company=book.company, state="approved", number=f"BY-{n}")
    us = PartyFactory(name=book.company.name, tax_no=book.company.tax_no)
    on_bill, shared, gone = InvoiceFactory.create_batch(3, company=book.company, buyer=us, seen_by=[book.source])
    BillInvoiceFactory(bill=bill, line=BillLineFactory(bill=bill), invoice=on_bill, state="used")
    BillInvoiceFactory(bill=void, line=BillLineFactory(bill=void), invoice=gone, state="used")
    Invoice.objects.filter(pk=gone.pk).update(status="void")
    VoucherBill.objects.create(voucher=made[0], bill=void)
    for i in (1, 2):
        VoucherBill.objects.create(voucher=made[i], bill=bill)
    for i in (2, 3, 4):
        VoucherInvoice.objects.create(voucher=made[i], invoice=shared)
    VoucherInvoice.objects.create(voucher=made[8], invoice=on_bill)
    Voucher.objects.filter(pk=made[5].pk).update(state="void")
    made[6].entries.all().delete()
    Voucher.objects.filter(pk=made[7].pk).update(period="202602", account_date="2026-02-03")
    ClosedPeriod.objects.create(book=book, period="202602")
    return list(Voucher.objects.filter(book=book).order_by("pk"))


def one_by_one(act: Callable[..., pushing.BulkResult]) -> Callable[[dict[int, int | None]], dict[int, HubError]]:
    def run(requested: dict[int, int | None]) -> dict[int, HubError]:
        refused: dict[int, HubError] = {}
        for pk, revision in requested.items():
            refused |= act({pk: revision}, None).refused
        return refused

    return run


def results(made: list[Voucher], refused: dict[int, HubError]) -> dict[str, Any]:
    """The states after an action, without what differs between two ``world``s."""
    company = made[0].book.company
    numbers = {voucher.pk: voucher.vouch_no for voucher in made}
    vouchers = Voucher.objects.filter(book__company=company).order_by("pk")
    pushes = Push.objects.filter(company=company).order_by("pk")
    invoices = Invoice.objects.filter(company_ids__contains=[company.pk]).order_by("pk")
    return {
        "refused": {numbers[pk]: error.message.code for pk, error in refused.items()},
        "vouchers": list(vouchers.values_list("state", "push_state", "revision")),
        "bills": list(Bill.objects.filter(company=company).values_list("state", "revision")),
        "invoices": [one.expense_status for one in invoices],
        "pushes": [
            (push.kind, push.label, push.state, push.reason, len(push.ordering_keys), _usage_of(push))
            for push in pushes
        ],
    }


def _usage_of(push: Push) -> tuple[Any, int]:
    return request_body(push).get("expenseStatus"), len(request_body(push).get("invoiceData", ()))


@pytest.mark.django_db
@pytest.mark.parametrize("sent", [False, True])
def test_many_at_once_give_the_results_of_one_by_one(sent: bool) -> None:
    first, second = world(1), world(2)
    for act in (pushing.collect, partial(pushing.void, reason="误记")):
        one_by_one_refused = one_by_one(act)(revisions_of(first))
        together = act(revisions_of(second), None).refused
        separate = results(first, one_by_one_refused)
        assert separate == results(second, together)
        assert separate["refused"]
        if sent:
            for push in Push.objects.filter(state__in=UNSETTLED).order_by("pk"):
                outbox.mark_done(push, None, "it is there")


@pytest.mark.django_db
def test_the_preview_reports_checks_and_bills_booked_twice() -> None:
    made = world(1)
    assert set(pushing.reasons_against(made, Action.COLLECT)) == {made[i].pk for i in (0, 2, 5, 6, 7)}


def test_several_over_rest(client: Client, book: AccountBook, accountant: User) -> None:
    client.force_login(accountant)
    good, stale, hidden = (
        AuditedVoucherFactory(book=book),
        AuditedVoucherFactory(book=book, revision=3),
        AuditedVoucherFactory(),
    )
    requested = {"vouchers": [{"id": good.pk, "revision": 1}, {"id": stale.pk, "revision": 2}, {"id": hidden.pk}]}
    ends = send(client, "POST", f"{ROOT}collect/", requested).json()
    assert [(end["id"], end["went"], end["code"]) for end in ends] == [
        (good.pk, True, ""),
        (stale.pk, False, "voucher.changed_meanwhile"),
        (hidden.pk, False, "voucher.gone"),
    ]
    assert send(client, "POST", f"{ROOT}void/", {"vouchers": [{"id": good.pk}], "reason": "误记"}).json()[0]["went"]
    hidden.refresh_from_db()
    assert (hidden.state, Push.objects.exclude(state=PushState.CANCELLED).count()) == ("audited", 0)
    assert send(client, "POST", f"{ROOT}collect/", {"vouchers": []}).status_code == 400
