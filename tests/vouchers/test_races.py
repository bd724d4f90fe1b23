"""Two changes at once, on two connections of the real database."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from apps.bills import services as bill_services
from apps.core.errors import HubError
from apps.outbox import delivery
from apps.outbox import services as outbox
from apps.outbox.models import Push
from apps.vouchers import auditing, corrections, importing, pushing, services
from apps.vouchers.models import AccountBook, ClosedPeriod, Voucher, VoucherBill
from apps.vouchers.services import Change
from tests.factories import AccountBookFactory, AuditedVoucherFactory, BillFactory, VoucherFactory
from tests.progress import STALL_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)


def meanwhile(first: Callable[[], Any], second: Callable[[], Any]) -> list[str]:
    """Start ``second`` after ``first`` ran but before it commits; how each ended: ``done`` or a message code."""
    worked, begun = threading.Event(), threading.Event()

    def before_commit() -> None:
        with transaction.atomic():
            first()
            worked.set()
            begun.wait(STALL_SECONDS)
            threading.Event().wait(0.2)  # the other one reaches its lock

    def second_started() -> None:
        worked.wait(STALL_SECONDS)
        begun.set()
        second()

    def ended(future: Future[None]) -> str:
        error = future.exception()
        if error is None:
            return "done"
        assert isinstance(error, HubError), error
        return error.message.code

    def closing(act: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                act()
            finally:
                worked.set()
                connection.close()

        return run

    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(closing(before_commit)), pool.submit(closing(second_started))]
    return [ended(future) for future in futures]


def test_a_change_and_closing_its_period_exclude_each_other() -> None:
    voucher = AuditedVoucherFactory(state="booked", push_state="collected")
    book = voucher.book
    AccountBook.objects.update(collected_editable=True)
    closed_first = meanwhile(
        lambda: services.close_period(book, "202603", None),
        lambda: services.update(voucher.pk, None, Change({"item": "late"}), None),
    )
    assert closed_first == ["done", "voucher.period_closed"]
    ClosedPeriod.objects.all().delete()
    Voucher.objects.update(state="draft")
    changed_first = meanwhile(
        lambda: services.create(book, Change({"period": "202603"}), None),
        lambda: services.close_period(book, "202603", None),
    )
    assert changed_first == ["done", "voucher.period_with_open_work"]


def test_of_two_changes_of_one_revision_the_second_is_refused() -> None:
    voucher = VoucherFactory()
    ends = meanwhile(
        lambda: services.update(voucher.pk, 1, Change({"item": "first"}), None),
        lambda: services.update(voucher.pk, 1, Change({"item": "second"}), None),
    )
    assert ends == ["done", "voucher.changed_meanwhile"]
    assert Voucher.objects.get().item == "first"


def test_of_two_vouchers_of_one_bill_the_second_is_refused() -> None:
    book = AccountBookFactory()
    bill = BillFactory(company=book.company, state="approved")
    pair = AuditedVoucherFactory.create_batch(2, book=book)
    for voucher in pair:
        VoucherBill.objects.create(voucher=voucher, bill=bill)
    ends = meanwhile(
        lambda: pushing.queue_collect(pair[0].pk, None, None), lambda: pushing.queue_collect(pair[1].pk, None, None)
    )
    assert ends == ["done", "voucher.not_ready"]


def test_a_bill_is_not_unbooked_while_a_voucher_books_it() -> None:
    book = AccountBookFactory()
    bill = BillFactory(company=book.company, state="booked")
    voucher = AuditedVoucherFactory(book=book)
    VoucherBill.objects.create(voucher=voucher, bill=bill)
    ends = meanwhile(
        lambda: pushing.queue_collect(voucher.pk, None, None), lambda: bill_services.unbook(bill, None, "by mistake")
    )
    assert ends == ["done", "bills.booked_by_voucher"]
    bill.refresh_from_db()
    assert bill.state == "booked"


def test_a_void_sees_a_collect_that_a_worker_is_claiming() -> None:
    voucher = AuditedVoucherFactory()
    pushing.queue_collect(voucher.pk, None, None)
    collect = Push.objects.get()
    ends = meanwhile(
        lambda: delivery._claim(collect.pk, "a worker"),
        lambda: pushing.queue_void(voucher.pk, None, None, "误记"),
    )
    assert ends == ["done", "done"]
    assert list(Push.objects.order_by("pk").values_list("kind", "state")) == [
        ("voucher_collect", "sending"),
        ("voucher_void", "pending"),
    ]


def test_collecting_the_same_vouchers_in_another_order_does_not_deadlock() -> None:
    book = AccountBookFactory()
    made = AuditedVoucherFactory.create_batch(6, book=book)
    bills = BillFactory.create_batch(5, company=book.company, state="approved")
    for voucher, bill in zip(made, [*bills, bills[0]], strict=True):
        VoucherBill.objects.create(voucher=voucher, bill=bill)
    requested: dict[int, int | None] = dict.fromkeys(voucher.pk for voucher in made)
    ends = meanwhile(
        lambda: pushing.collect(requested, None), lambda: pushing.collect(dict(reversed(requested.items())), None)
    )
    assert ends == ["done", "done"]
    assert sorted(Push.objects.values_list("subject", flat=True)) == sorted(
        f"voucher:{pk}"
        for pk in requested
        if pk != made[-1].pk  # its bill was taken by the first
    )


def test_a_bulk_void_refuses_a_voucher_changed_meanwhile() -> None:
    made = AuditedVoucherFactory.create_batch(3, book=AccountBookFactory(collected_editable=True))
    pushing.collect(dict.fromkeys(voucher.pk for voucher in made), None)
    seen: dict[int, int | None] = {voucher.pk: 1 for voucher in made}
    refused: list[str] = []

    def void() -> None:
        done = pushing.void(seen, None, "误记")
        refused.extend(error.message.code for error in done.refused.values())

    assert meanwhile(lambda: services.update(made[1].pk, 1, Change({"item": "first"}), None), void) == [
        "done",
        "done",
    ]
    assert refused == ["voucher.changed_meanwhile"]
    assert list(Voucher.objects.order_by("pk").values_list("state", flat=True)) == ["void", "booked", "void"]
    assert Push.objects.exclude(state="cancelled").get().subject == f"voucher:{made[1].pk}"


def test_a_bulk_void_waits_for_closing_the_period() -> None:
    voucher = AuditedVoucherFactory(state="booked", push_state="collected", ever_sent=True)
    ends = meanwhile(
        lambda: services.close_period(voucher.book, "202603", None),
        lambda: pushing.void({voucher.pk: None}, None, "误记").only,
    )
    assert ends == ["done", "voucher.period_closed"]


def test_a_number_taken_during_an_import_refuses_that_voucher_only() -> None:
    book = AccountBookFactory()
    rows = [{"book": book.account_id, "vouch_no": number, "account_date": "2026-03-03"} for number in ("0001", "0002")]
    plan = importing.plan(enumerate(rows, 1), None)
    assert [one.problems for one in plan] == [[], []]
    head = {"vouch_no": "0002", "period": "202603", "type": ""}
    ends = meanwhile(
        lambda: services.create(book, Change(head), None),
        lambda: importing.carry_out(plan, None),
    )
    assert ends == ["done", "done"]
    assert [[problem.code for problem in one.problems] for one in plan] == [[], ["voucher.number_taken"]]
    assert sorted(Voucher.objects.values_list("vouch_no", flat=True)) == ["0001", "0002"]


def collected() -> Voucher:
    voucher = AuditedVoucherFactory()
    pushing.queue_collect(voucher.pk, None, None)
    outbox.mark_done(Push.objects.get(), None, "it is there")
    return voucher


def test_of_two_reversals_at_once_the_second_is_refused() -> None:
    voucher = collected()
    ends = meanwhile(
        lambda: corrections.reverse(voucher.pk, None, None), lambda: corrections.reverse(voucher.pk, None, None)
    )
    assert ends == ["done", "voucher.reversed_already"]
    assert Voucher.objects.filter(reversal_of=voucher).count() == 1


def test_a_void_and_a_reversal_exclude_each_other() -> None:
    voucher = collected()
    ends = meanwhile(
        lambda: corrections.reverse(voucher.pk, None, None),
        lambda: pushing.queue_void(voucher.pk, None, None, "误记"),
    )
    assert ends == ["done", "voucher.has_reversal"]
    Voucher.objects.filter(reversal_of=voucher).delete()
    ends = meanwhile(
        lambda: pushing.queue_void(voucher.pk, None, None, "误记"),
        lambda: corrections.reverse(voucher.pk, None, None),
    )
    assert ends == ["done", "voucher.not_possible"]


def test_a_void_reversal_is_not_reopened_while_its_original_is_voided() -> None:
    voucher = collected()
    reversal = corrections.reverse(voucher.pk, None, None)
    pushing.queue_void(reversal.pk, None, None, "误记")
    ends = meanwhile(
        lambda: services.reopen(reversal.pk, None),
        lambda: pushing.queue_void(voucher.pk, None, None, "误记"),
    )
    assert ends == ["done", "voucher.has_reversal"]
    pushing.queue_void(reversal.pk, None, None, "误记")
    ends = meanwhile(
        lambda: pushing.queue_void(voucher.pk, None, None, "误记"),
        lambda: services.reopen(reversal.pk, None),
    )
    assert ends == ["done", "voucher.not_possible"]


def test_a_reversal_is_not_voided_while_another_voucher_books_its_bill() -> None:
    voucher = AuditedVoucherFactory()
    bill = BillFactory(company=voucher.book.company, state="approved")
    VoucherBill.objects.create(voucher=voucher, bill=bill)
    pushing.queue_collect(voucher.pk, None, None)
    outbox.mark_done(Push.objects.get(kind="voucher_collect"), None, "it is there")
    reversal = corrections.reverse(voucher.pk, None, None)
    auditing.audit_one(reversal.pk, None, None)
    pushing.queue_collect(reversal.pk, None, None)
    corrected = AuditedVoucherFactory(book=voucher.book)
    VoucherBill.objects.create(voucher=corrected, bill=bill)
    ends = meanwhile(
        lambda: pushing.queue_collect(corrected.pk, None, None),
        lambda: pushing.queue_void(reversal.pk, None, None, "误记"),
    )
    assert ends == ["done", "voucher.booked_again"]
