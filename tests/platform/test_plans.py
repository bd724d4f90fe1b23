"""Queries on growing tables use an index, according to EXPLAIN."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Company, User
from apps.bills.filters import BillFilter
from apps.bills.models import Bill
from apps.core import keyset
from apps.core.counting import estimated_count
from apps.duplicates.choices import State
from apps.duplicates.filters import CaseFilter
from apps.duplicates.models import CandidatePair, DuplicateCase
from apps.invoices.filters import InvoiceFilter
from apps.invoices.models import Invoice
from apps.invoices.selectors import ledger
from apps.outbox import selectors as outbox
from apps.outbox.choices import PushState
from apps.outbox.filters import PushFilter
from apps.outbox.models import Push
from apps.sources.choices import QuarantineState
from apps.sources.models import QuarantinedRecord, Source, SyncRun
from apps.sources.selectors import quarantine, runs
from apps.vouchers.filters import VoucherFilter
from apps.vouchers.models import Voucher
from tests.factories import BillFactory, BillInvoiceFactory, CompanyFactory, InvoiceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unknown(db: None) -> None:
    """Tables of which PostgreSQL knows nothing yet: what other tests left of rows and statistics would choose plans."""
    models = (Bill, DuplicateCase, Company, Invoice, CandidatePair, Push, QuarantinedRecord, Source, SyncRun, Voucher)
    tables = ", ".join(model._meta.db_table for model in models)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")


@pytest.fixture
def few() -> User:
    """Somebody who sees one company of many."""
    return UserFactory(role="accountant", companies=[CompanyFactory()])


@pytest.fixture
def everybody() -> User:
    return UserFactory(role="accountant", sees_all_companies=True)


def plan_of(statement: str, params: Any = None) -> str:
    """The plan where reading a whole table costs more than anything, as it does when it is large."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement}", params)
        return "\n".join(row[0] for row in cursor.fetchall())


def plan(rows: QuerySet[Any]) -> str:
    return plan_of(*rows.query.sql_with_params())


def narrowed(filterset: Any, rows: QuerySet[Any], query: str, user: User) -> QuerySet[Any]:
    request = RequestFactory().get("/")
    request.user = user
    narrowed_rows: QuerySet[Any] = filterset(QueryDict(query), rows, request=request).qs
    return narrowed_rows


def test_few_rows_are_gathered_and_sorted_many_are_walked_to():
    def plan_of_page(few: bool) -> str:
        with CaptureQueriesContext(connection) as queries:
            keyset.page(Invoice.objects.filter(merged_into=None), keyset.Order("issue_date"), 50, few=few)
        return plan_of(queries[0]["sql"])

    assert "Index Scan Backward using invoice_by_date" in plan_of_page(few=False)
    assert "invoice_by_date" not in plan_of_page(few=True)


def test_what_is_counted_to_its_end_is_few(monkeypatch):
    InvoiceFactory.create_batch(3)
    assert estimated_count(Invoice.objects.all()) == (3, True, True)
    assert estimated_count(Invoice.objects.all(), cap=1).few
    monkeypatch.setattr("apps.core.counting._CHEAP", 0)
    assert not estimated_count(Invoice.objects.all(), cap=1).few
    assert estimated_count(Invoice.objects.all()).few


@pytest.mark.parametrize("room", ["invoices", "bills", "vouchers", "pushes", "duplicates", "quarantine", "findings"])
def test_lists_gather_what_is_little(client: Client, everybody, room):
    client.force_login(everybody)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(room)).status_code == 200
    assert any("ORDER BY COALESCE(" in query["sql"] for query in queries)


@pytest.mark.parametrize(
    ("rows", "index", "beside"),
    [
        (
            lambda user: DuplicateCase.objects.visible_to(user).filter(state=State.OPEN),
            "case_by_facet",
            ["case_queue", "case_by_total"],
        ),
        (
            lambda user: outbox.pushes(user).filter(state=PushState.NEEDS_PERSON),
            "push_stopped",
            ["push_by_state", "push_by_company", "push_by_facet"],
        ),
        (
            lambda user: quarantine(user).filter(state=QuarantineState.OPEN),
            "quarantine_by_source",
            ["quarantine_open"],
        ),
    ],
)
def test_what_every_page_counts_is_found_by_company(few, rows: Callable[[User], QuerySet[Any]], index, beside):
    """Among nothing all indexes are equal, so those of all companies' rows are taken away."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {', '.join(beside)}")
    assert index in plan(rows(few).order_by().values("pk")[:100])


def test_what_the_last_day_brought_is_found_by_time(everybody):
    assert "run_by_time" in plan(runs(everybody).filter(queued_at__gte=timezone.now() - timedelta(hours=24)).order_by())


def test_troubles_are_told_without_reading_the_pushes(everybody):
    with CaptureQueriesContext(connection) as queries:
        outbox.problems(everybody)
    assert "Index Only Scan using push_stopped" in plan_of(queries[0]["sql"])


@pytest.mark.parametrize(
    ("filterset", "rows", "query", "indexes"),
    [
        (PushFilter, Push, "kind=bill_remove", ["push_by_facet"]),
        (PushFilter, Push, "code=http.timeout", ["push_by_facet"]),
        (PushFilter, Push, "reason=refused", ["push_by_facet"]),
        (PushFilter, Push, "q=BX-7", ["push_by_label"]),
        (BillFilter, Bill, "type=travel", ["bill_by_facet"]),
        (BillFilter, Bill, "origin=maycur", ["bill_by_facet"]),
        (BillFilter, Bill, "dated_to=2022-02-01", ["bill_by_date"]),
        (BillFilter, Bill, "contested=true", ["bill_invoice_contested"]),
        (CaseFilter, DuplicateCase, "rule=scanned_twice", ["pair_by_rule"]),
        (VoucherFilter, Voucher, "period=202403", ["voucher_of_period"]),
        (VoucherFilter, Voucher, "q=500.01", ["voucher_by_number", "voucher_by_id", "voucher_by_total"]),
    ],
)
def test_a_filter_finds_its_rows_by_an_index(everybody, filterset, rows, query, indexes):
    text = plan(narrowed(filterset, rows.objects.order_by(), query, everybody))
    assert [index for index in indexes if index not in text] == []


def test_a_search_of_bills_by_an_invoice_uses_the_indexes_of_both(everybody):
    use = BillInvoiceFactory(invoice=InvoiceFactory(number="12345678"), bill=BillFactory())
    bills = narrowed(BillFilter, Bill.objects.order_by(), "q=12345678", everybody)
    assert list(bills) == [use.bill]
    assert "bill_by_number" in plan(bills)


def test_a_period_is_read_in_the_order_of_its_list(everybody):
    invoices = narrowed(InvoiceFilter, ledger(everybody), "deduction_period=202403", everybody)
    text = plan(invoices.exclude(issue_date=None).order_by("-issue_date", "-pk"))
    assert "Index Scan Backward using invoice_by_period" in text
    assert "Sort" not in text
