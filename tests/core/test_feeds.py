"""Feeds of changes, with transactions that commit in another order than they wrote."""

import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from apps.bills.models import Bill
from apps.duplicates import services
from apps.duplicates.models import DuplicateCase
from tests.bills.builders import record_of
from tests.duplicates.cases import a_case
from tests.factories import AdminFactory, BillFactory, SourceFactory
from tests.invoices.ledgers import bring
from tests.progress import STALL_SECONDS

FEEDS = {
    "bills": (BillFactory, "updated_at"),
    "duplicates": (lambda: a_case(SourceFactory()), "changed_at"),
}


@pytest.fixture
def reader(client: Client, db: None) -> Callable[..., list[dict[str, Any]]]:
    client.force_login(AdminFactory())

    def read(feed: str, after: str = "2020-01-01T00:00:00Z") -> list[dict[str, Any]]:
        answer = client.get(f"/api/v1/{feed}/", {"updated_after": after, "page_size": 1000})
        assert answer.status_code == 200, answer.content
        return list(answer.json()["results"])

    return read


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("feed", FEEDS)
def test_a_late_commit_is_read_by_the_next_page_of_a_feed(
    feed: str, reader: Callable[..., list[dict[str, Any]]]
) -> None:
    make, moment = FEEDS[feed]
    early, late = make(), make()
    wrote, commit = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                early.save()
                wrote.set()
                assert commit.wait(STALL_SECONDS)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(slow)
        assert wrote.wait(STALL_SECONDS)
        late.save()
        first = reader(feed)
        commit.set()
        future.result(STALL_SECONDS)
    then = reader(feed, max(row[moment] for row in first)) if first else reader(feed)
    met = {row["id"]: datetime.fromisoformat(row[moment]) for row in [*first, *then]}
    for row in (early, late):
        row.refresh_from_db()
        assert met[row.pk] == getattr(row, moment)


@pytest.mark.django_db
def test_the_database_sets_the_time_of_a_change() -> None:
    """Bulk writes too, whatever the writer's clock is."""
    bill, case = BillFactory(), a_case(SourceFactory())
    wrong = datetime(2001, 1, 1, tzinfo=UTC)
    began = timezone.now()
    Bill.objects.update(updated_at=wrong)
    DuplicateCase.objects.update(changed_at=wrong)
    bill.refresh_from_db()
    case.refresh_from_db()
    assert began <= bill.updated_at <= case.changed_at


@pytest.mark.django_db
def test_a_comment_changes_its_case(reader: Callable[..., list[dict[str, Any]]]) -> None:
    case = a_case(SourceFactory())
    case.refresh_from_db()
    services.comment(case, AdminFactory(), "原件在档案室")
    (row,) = reader("duplicates", case.changed_at.isoformat())
    assert (row["id"], row["revision"], row["decisions"][0]["text"]) == (case.pk, case.revision, "原件在档案室")


@pytest.mark.parametrize("feed", ["bills", "duplicates", "invoices"])
def test_an_edited_cursor_is_refused(feed: str, reader: Any, client: Client) -> None:
    moment = "changed_at" if feed == "duplicates" else "updated_at"
    cursor = urlsafe_b64encode(f">{moment}:yesterday~1".encode()).decode()
    reader(feed)
    answer = client.get(f"/api/v1/{feed}/", {"updated_after": "2020-01-01T00:00:00Z", "cursor": cursor})
    assert answer.status_code == 400


@pytest.mark.django_db(transaction=True)
def test_invoices_have_one_writer_at_a_time(reader: Callable[..., list[dict[str, Any]]]) -> None:
    """A second writer waits for the first one."""
    first, second = SourceFactory(), SourceFactory()
    wrote, commit = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                bring(first, record_of(1))
                wrote.set()
                assert commit.wait(STALL_SECONDS)
        finally:
            connection.close()

    def quick() -> None:
        try:
            with transaction.atomic():
                bring(second, record_of(2))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        early = pool.submit(slow)
        assert wrote.wait(STALL_SECONDS)
        late = pool.submit(quick)
        with pytest.raises(TimeoutError):
            late.result(0.5)
        assert reader("invoices") == []
        commit.set()
        early.result(20)
        late.result(20)
    assert [row["digital_number"] for row in reader("invoices")] == [f"{number:020d}" for number in (1, 2)]
