"""Concurrent reservations of the same invoice, on real connections."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from apps.bills import services
from apps.bills.assistant import applying, changes
from apps.bills.models import AssistantMessage, Bill, BillInvoice, ReservationPolicy
from apps.sources.connectors.piaozone.messages import Event
from tests.factories import BillFactory, SourceFactory, UserFactory
from tests.invoices.ledgers import bring
from tests.progress import STALL_SECONDS, wait_until

from .builders import invoices, record_of

pytestmark = pytest.mark.django_db(transaction=True)
TRIES = 200


def together(*work: Callable[[], Any]) -> list[Any]:
    """Run these at the same time, each on its own connection; their results or exceptions."""
    start = threading.Barrier(len(work))

    def run(one: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait(STALL_SECONDS)
            return one()
        except Exception as error:  # noqa: BLE001 - it is the result
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def test_of_two_concurrent_reservations_exactly_one_succeeds() -> None:
    source = SourceFactory()
    ledger_invoices = invoices(source, 10)
    people = [UserFactory(username=name, companies=[source.company]) for name in ("wang", "li")]
    drafts = [BillFactory(company=source.company) for _person in people]
    for attempt in range(TRIES):
        invoice = ledger_invoices[attempt % len(ledger_invoices)]

        def pick(bill: Bill, user: Any, pk: int = invoice.pk) -> Any:
            return services.reserve(bill, [pk], user)

        results = together(*(lambda b=b, u=u: pick(b, u) for b, u in zip(drafts, people, strict=True)))
        assert not [result for result in results if isinstance(result, Exception)], results
        assert sorted(len(result.bill_invoices) for result in results) == [0, 1]
        (refusal,) = [refusal for result in results for refusal in result.refused]
        winner = next(bill_invoice for result in results for bill_invoice in result.bill_invoices)
        assert refusal.message.code == "bills.reserved_already"
        assert refusal.message.params["bill"] == winner.bill.number
        assert BillInvoice.objects.exclude(state="released").count() == 1
        services.release(winner.bill, [winner.pk], None)


def test_the_database_refuses_concurrent_reservations_without_the_services() -> None:
    source = SourceFactory()
    (invoice,) = invoices(source, 1)
    drafts = [BillFactory(company=source.company) for _ in range(2)]

    def insert(bill: Bill) -> None:
        with transaction.atomic():
            BillInvoice.objects.create(bill=bill, invoice=invoice, picked_at=bill.created_at)

    for _ in range(20):
        results = together(*(lambda b=b: insert(b) for b in drafts))
        assert sorted(type(result) for result in results if result) == [IntegrityError]
        assert BillInvoice.objects.count() == 1
        BillInvoice.objects.all().delete()


def test_concurrent_shares_stay_within_the_total() -> None:
    source = SourceFactory()
    (invoice,) = invoices(source, 1)
    ReservationPolicy.objects.create(share_by_amount=True)
    drafts = [BillFactory(company=source.company) for _ in range(3)]
    for _ in range(20):
        results = together(
            *(lambda b=b: services.reserve(b, [invoice.pk], None, amounts={invoice.pk: Decimal(50)}) for b in drafts)
        )
        assert sorted(len(result.bill_invoices) for result in results) == [0, 1, 1]
        BillInvoice.objects.all().delete()


def test_concurrent_reservations_in_any_order_do_not_deadlock() -> None:
    source = SourceFactory()
    ids = [invoice.pk for invoice in invoices(source, 20)]
    drafts = [BillFactory(company=source.company) for _ in range(2)]
    for _ in range(10):
        results = together(
            lambda: services.reserve(drafts[0], ids, None), lambda: services.reserve(drafts[1], ids[::-1], None)
        )
        assert sorted(len(result.bill_invoices) for result in results) == [0, 20]
        BillInvoice.objects.all().delete()


def test_following_and_reserving_at_once_make_one_reservation_without_deadlock() -> None:
    source = SourceFactory(kind="maycur")
    ledger_invoices = invoices(source, 12)
    ids = [invoice.pk for invoice in ledger_invoices]
    draft = BillFactory(company=source.company)
    for attempt in range(10):
        bring(source, *(record_of(n, f"BX{attempt}-{n % 3}") for n in range(12)))
        followed, picked = together(
            lambda: services.follow_upstream(source), lambda: services.reserve(draft, ids[::-1], None)
        )
        assert not isinstance(followed, Exception), followed
        assert not isinstance(picked, Exception), picked
        live = BillInvoice.objects.exclude(state="released").filter(contested=False)
        assert sorted(live.values_list("invoice", flat=True)) == sorted(ids)
        services.release(draft, [bill_invoice.pk for bill_invoice in picked.bill_invoices], None)


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity"
            " WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0)"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("again", [False, True])
def test_deleting_a_bill_while_its_message_is_applied_does_not_deadlock(
    monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    """``again``: while a person puts back invoices that the message released."""
    source = SourceFactory(kind="piaozone")
    bill = BillFactory(company=source.company)
    message = AssistantMessage.objects.create(
        source=source, msg_id="m", bill=bill, payload="{}", taken_off=[1], state="applied" if again else "waiting"
    )
    begun = threading.Event()

    def in_the_middle(real: Callable[..., Any]) -> Callable[..., Any]:
        def slow(*args: Any, **kwargs: Any) -> Any:
            begun.set()
            wait_until(_somebody_waits, work="the other one waits for a lock", pause=0.01)
            return real(*args, **kwargs)

        return slow

    monkeypatch.setattr(changes, "carry_out", in_the_middle(changes.carry_out))
    monkeypatch.setattr(services, "restore", in_the_middle(services.restore))

    def change() -> Any:
        if again:
            return applying.put_back(message, UserFactory())
        return applying._carry_out(message, Event("choose", (), bill.number), applying._Fetched())

    def delete() -> None:
        assert begun.wait(STALL_SECONDS)
        services.delete_bill(bill, None)

    results = together(change, delete)
    assert not [result for result in results if isinstance(result, Exception)], results
    message.refresh_from_db()
    assert message.bill is None
    assert not Bill.objects.filter(pk=bill.pk).exists()
