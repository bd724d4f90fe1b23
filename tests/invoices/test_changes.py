"""Followers of the ledger's changes: every change once, whatever commits late, dies or runs beside."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from apps.invoices import changes
from apps.invoices.models import ChangeCursor, Invoice
from tests.factories import InvoiceFactory, SourceFactory


def drain(follower: str, size: int = 2, among: Q | None = None) -> list[int]:
    """Work off everything that is settled; the invoice ids in the order they came."""
    seen: list[int] = []
    while True:
        with transaction.atomic():
            cursor = changes.lock(follower)
            batch = changes.next_batch(cursor, size, among)
            changes.move(cursor, batch.end)
        seen += batch.invoice_ids
        if not batch.more:
            return seen


def touch(invoice: Invoice) -> None:
    Invoice.objects.filter(pk=invoice.pk).update(updated_at=timezone.now())


@pytest.mark.django_db
def test_every_change_comes_once_in_order() -> None:
    assert drain("example") == []
    first, second, third, fourth = (InvoiceFactory() for _ in range(4))
    for invoice in (second, first, fourth, third):
        touch(invoice)
    expected = [invoice.pk for invoice in (second, first, fourth, third)]
    assert list(changes.pending("example").values_list("pk", flat=True)) == expected
    assert drain("example") == expected
    assert not changes.pending("example").exists()
    touch(first)
    assert drain("example") == [first.pk]
    assert drain("other") == [second.pk, fourth.pk, third.pk, first.pk]


@pytest.mark.django_db
def test_invoices_changed_at_the_same_moment_are_told_apart_by_their_ids() -> None:
    invoices = [InvoiceFactory() for _ in range(5)]
    Invoice.objects.update(updated_at=timezone.now())
    assert drain("example", size=2) == [invoice.pk for invoice in invoices]


@pytest.mark.django_db
def test_ignored_changes_are_passed_over() -> None:
    source = SourceFactory()
    mine, others = InvoiceFactory(source_ids=[source.pk]), [InvoiceFactory() for _ in range(3)]
    for invoice in (mine, *others):
        touch(invoice)
    assert drain("example", among=Q(source_ids__contains=[source.pk])) == [mine.pk]
    assert not changes.pending("example").exists()


@pytest.mark.django_db
def test_work_that_is_rolled_back_comes_again() -> None:
    touch(InvoiceFactory())
    with transaction.atomic():
        cursor = changes.lock("example")
        changes.move(cursor, changes.next_batch(cursor, 10).end)
        transaction.set_rollback(True)
    assert len(drain("example")) == 1


@pytest.mark.django_db
def test_a_cursor_never_moves_back() -> None:
    touch(InvoiceFactory())
    old = changes.newest()
    touch(InvoiceFactory())
    drain("example")
    cursor = ChangeCursor.objects.get(pk="example")
    changes.move(cursor, old)
    changes.move(cursor, None)
    assert changes.position_of(ChangeCursor.objects.get(pk="example")) == changes.newest()


@pytest.mark.django_db(transaction=True)
def test_what_commits_late_is_not_skipped() -> None:
    """Also of a writer that goes past the ledger's lock and commits after one that wrote later."""
    early, late = InvoiceFactory(), InvoiceFactory()
    drain("example")
    wrote, commit = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                Invoice.objects.filter(pk=early.pk).update(updated_at=Now())
                wrote.set()
                assert commit.wait(20)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(slow)
        assert wrote.wait(20)
        touch(late)
        before = drain("example")
        commit.set()
        future.result(20)
    assert before == []
    assert drain("example") == [early.pk, late.pk]


def beside(work: Callable[[], Any]) -> Any:
    """What ``work`` returns on a connection of its own."""

    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(20)


@pytest.mark.django_db(transaction=True)
def test_one_worker_per_follower() -> None:
    drain("example")

    def locked(follower: str) -> bool:
        with transaction.atomic():
            return changes.try_lock(follower) is not None

    with transaction.atomic():
        changes.lock("example")
        assert not beside(lambda: locked("example"))
        assert beside(lambda: locked("other"))
    assert beside(lambda: locked("example"))


@pytest.mark.django_db(transaction=True)
def test_several_workers_and_writers_share_the_stream() -> None:
    """Each change is worked off by one of two workers, while a writer goes on changing invoices."""
    invoices = [InvoiceFactory() for _ in range(6)]
    done = threading.Event()

    def write() -> None:
        try:
            for _round in range(10):
                for invoice in invoices:
                    touch(invoice)
        finally:
            done.set()
            connection.close()

    def follow() -> list[int]:
        seen: list[int] = []
        try:
            while True:
                last = done.is_set()
                seen += drain("example")
                if last:
                    return seen
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        writer = pool.submit(write)
        seen = [pk for future in [pool.submit(follow), pool.submit(follow)] for pk in future.result(60)]
        writer.result(60)
    assert {invoice.pk for invoice in invoices} <= set(seen)
    assert len(seen) <= 10 * len(invoices) + len(invoices)
    assert drain("example") == []
