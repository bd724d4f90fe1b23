"""REST: the ledger and the quarantine, and the schema they promise."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from knox.models import AuthToken
from rest_framework.test import APIClient
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from apps.invoices.api import InvoiceLineSerializer, InvoiceSerializer
from apps.invoices.canonical import FIELDS, LINE_FIELDS
from apps.invoices.models import Invoice
from invoicehub.wsgi import application
from tests.duplicates.cases import a_case
from tests.factories import (
    MORNING,
    CompanyFactory,
    InvoiceFactory,
    InvoiceLineFactory,
    QuarantinedRecordFactory,
    SourceFactory,
    SyncRunFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
INVOICES = "/api/v1/invoices/"


@pytest.fixture
def source() -> Any:
    return SourceFactory(name="甲源", company=CompanyFactory())


@pytest.fixture
def api(source: Any) -> APIClient:
    """A program of an accountant who sees one company."""
    _token, secret = AuthToken.objects.create(UserFactory(role="accountant", companies=[source.company]))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
    return client


def walk(api: APIClient, url: str | None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    while url:
        body = api.get(url).json()
        rows += body["results"]
        url = body["next"]
    return rows


def test_an_invoice_has_exactly_the_fixed_fields(api: APIClient, source: Any) -> None:
    invoice = InvoiceFactory(
        seen_by=[source], total_amount=Decimal("1113.5"), deductible_tax=None, flags=["number_length"]
    )
    InvoiceLineFactory(invoice=invoice, position=1, quantity=Decimal("2.5"), unit_price=Decimal(40))
    body = api.get(f"{INVOICES}{invoice.pk}/").json()
    assert tuple(body) == FIELDS
    assert (body["total_amount"], body["amount_excl_tax"], body["deductible_tax"]) == ("1113.50", "100.00", None)
    assert body["issue_date"] == invoice.issue_date.isoformat()
    assert body["buyer_name"] == invoice.buyer.name
    assert body["sources"] == [
        {"source": "甲源", "external_id": invoice.source_records.get().external_id, "deleted": False}
    ]
    assert (body["bills"], body["vouchers"], body["flags"]) == ([], [], ["number_length"])
    assert tuple(body["lines"][0]) == LINE_FIELDS
    assert (body["lines"][0]["quantity"], body["lines"][0]["tax_rate"]) == ("2.5", "0.13")


def test_the_schema_lists_the_fields_that_are_sent() -> None:
    assert tuple(InvoiceSerializer().fields) == FIELDS
    assert tuple(InvoiceLineSerializer().fields) == LINE_FIELDS


def test_sources_of_other_companies_are_not_named(api: APIClient, source: Any) -> None:
    other = SourceFactory(name="乙源")
    invoice = InvoiceFactory(seen_by=[source, other])
    named = api.get(f"{INVOICES}{invoice.pk}/").json()["sources"]
    assert [seen["source"] for seen in named] == ["甲源"]


def test_everyone_sees_only_the_companies_they_may(api: APIClient, source: Any) -> None:
    mine, theirs = InvoiceFactory(seen_by=[source]), InvoiceFactory(seen_by=[SourceFactory()])
    assert [row["id"] for row in api.get(INVOICES).json()["results"]] == [mine.pk]
    answer = api.get(f"{INVOICES}{theirs.pk}/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_without_a_token_there_is_nothing() -> None:
    answer = APIClient().get(INVOICES)
    assert answer.status_code == 401
    assert answer.json()["status"] == 401


def test_a_login_without_a_role_may_not_read() -> None:
    client = APIClient()
    client.force_authenticate(UserFactory())
    assert client.get(INVOICES).status_code == 403


def test_a_joined_invoice_leads_to_the_one_it_became(api: APIClient, source: Any) -> None:
    master = InvoiceFactory(seen_by=[source])
    redirect = InvoiceFactory(company=source.company, merged_into=master)
    assert api.get(f"{INVOICES}{redirect.pk}/").json()["id"] == master.pk
    assert [row["id"] for row in api.get(INVOICES).json()["results"]] == [master.pk]


def test_pages_hold_every_invoice_once(api: APIClient, source: Any) -> None:
    ids = [InvoiceFactory(company=source.company).pk for _ in range(7)]
    assert [row["id"] for row in walk(api, f"{INVOICES}?page_size=3")] == ids[::-1]


def test_one_can_go_back_a_page(api: APIClient, source: Any) -> None:
    ids = [InvoiceFactory(company=source.company).pk for _ in range(5)][::-1]
    second = api.get(api.get(f"{INVOICES}?page_size=2").json()["next"]).json()
    assert [row["id"] for row in second["results"]] == ids[2:4]
    assert [row["id"] for row in api.get(second["previous"]).json()["results"]] == ids[:2]


def test_the_feed_skips_nothing_though_many_changed_at_one_moment(api: APIClient, source: Any) -> None:
    ids = [InvoiceFactory(company=source.company, updated_at=MORNING).pk for _ in range(9)]
    late = InvoiceFactory(company=source.company, updated_at=MORNING + timedelta(microseconds=1)).pk
    since = (MORNING - timedelta(seconds=1)).isoformat().replace("+", "%2B")
    assert [row["id"] for row in walk(api, f"{INVOICES}?updated_after={since}&page_size=2")] == [*ids, late]


def test_the_feed_goes_on_from_the_last_row(api: APIClient, source: Any) -> None:
    InvoiceFactory(company=source.company, updated_at=MORNING)
    last = walk(api, f"{INVOICES}?updated_after=2020-01-01T00:00:00Z")[-1]["updated_at"]
    newer = InvoiceFactory(company=source.company, updated_at=MORNING + timedelta(microseconds=1))
    assert [row["id"] for row in api.get(INVOICES, {"updated_after": last}).json()["results"]] == [newer.pk]


def test_rows_that_change_while_the_feed_is_read_come_at_its_end(api: APIClient, source: Any) -> None:
    first, second, third = (InvoiceFactory(company=source.company) for _ in range(3))
    page = api.get(f"{INVOICES}?updated_after=2020-01-01T00:00:00Z&page_size=1").json()
    Invoice.objects.filter(pk=second.pk).update(updated_at=MORNING + timedelta(days=1))
    assert page["results"][0]["id"] == first.pk
    assert [row["id"] for row in walk(api, page["next"])] == [third.pk, second.pk]


@pytest.mark.parametrize(
    "query", ["cursor=nonsense", "page_size=1001", "page_size=0", "kind=nothing", "updated_after=x"]
)
def test_what_cannot_be_understood_is_a_problem(api: APIClient, query: str) -> None:
    answer = api.get(f"{INVOICES}?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert query.partition("=")[0] in answer.json()["errors"]


def test_a_cursor_of_another_order_is_refused(api: APIClient, source: Any) -> None:
    InvoiceFactory.create_batch(3, company=source.company)
    link = api.get(f"{INVOICES}?page_size=1").json()["next"]
    assert api.get(f"{link}&updated_after=2020-01-01T00:00:00Z").status_code == 400


def test_filters_narrow(api: APIClient, source: Any) -> None:
    InvoiceFactory(company=source.company, kind="taxi")
    match = InvoiceFactory(company=source.company, digital_number="26312000000000012345", status="void")
    for query in ("digital_number=2631 2000 0000 0001 2345", "status=void", f"q={match.seller.name}"):
        assert [row["id"] for row in api.get(f"{INVOICES}?{query}").json()["results"]] == [match.pk], query


@pytest.mark.parametrize("count", [1, 40])
def test_a_page_costs_the_same_few_queries(
    api: APIClient, source: Any, count: int, django_assert_max_num_queries: Any
) -> None:
    for invoice in InvoiceFactory.create_batch(count, seen_by=[source]):
        InvoiceLineFactory.create_batch(2, invoice=invoice)
    with django_assert_max_num_queries(16):  # six of them say who asks and what they may
        assert len(api.get(INVOICES).json()["results"]) == count


def test_a_quarantined_record_says_why(api: APIClient, source: Any) -> None:
    record = QuarantinedRecordFactory(source=source)
    QuarantinedRecordFactory()
    (row,) = api.get("/api/v1/quarantine/", headers={"Accept-Language": "en"}).json()["results"]
    assert (row["id"], row["source"], row["state"]) == (record.pk, source.name, "open")
    assert row["reason"]["code"] == "record.bad_amount"
    assert "abc" in row["reason"]["text"]


def test_dismissing_needs_a_reason_and_happens_once(api: APIClient, source: Any) -> None:
    record = QuarantinedRecordFactory(source=source)
    url = f"/api/v1/quarantine/{record.pk}/dismiss/"
    assert "comment" in api.post(url, {}).json()["errors"]
    assert api.post(url, {"comment": "测试单据"}).json()["state"] == "dismissed"
    record.refresh_from_db()
    assert (record.comment, record.settled_by_id) == ("测试单据", AuthToken.objects.get().user_id)
    again = api.post(url, {"comment": "again"})
    assert again.status_code == 409
    assert record.external_id in again.json()["detail"]


def test_a_retry_that_does_not_help_leaves_it_waiting(api: APIClient) -> None:
    source = SourceFactory(kind="file", company=AuthToken.objects.get().user.companies.get())
    record = QuarantinedRecordFactory(source=source, raw__payload='{"key": "K", "total_amount": "abc"}')
    body = api.post(f"/api/v1/quarantine/{record.pk}/retry/").json()
    assert (body["state"], body["attempts"]) == ("open", 2)


def test_a_viewer_may_not_retry(source: Any) -> None:
    client = APIClient()
    client.force_authenticate(UserFactory(role="viewer", companies=[source.company]))
    record = QuarantinedRecordFactory(source=source)
    assert client.get(f"/api/v1/quarantine/{record.pk}/").status_code == 200
    assert client.post(f"/api/v1/quarantine/{record.pk}/retry/").status_code == 403


def test_the_documentation_comes_from_here(client: Client) -> None:
    assert client.get(reverse("swagger")).status_code == 302
    client.force_login(UserFactory(role="viewer"))
    page = client.get(reverse("swagger"))
    assert "drf_spectacular_sidecar" in page.text
    assert "cdn" not in page.text
    assert "<script>" not in page.text
    assert client.get(reverse("schema")).status_code == 200


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Requests to the real WSGI application would close the connection this test's transaction lives in."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_one_connection")
def test_no_answer_contradicts_the_schema(source: Any) -> None:
    """Made-up requests against every reading endpoint; answers must be what the schema says."""
    for invoice in InvoiceFactory.create_batch(3, seen_by=[source]):
        InvoiceLineFactory(invoice=invoice)
    SyncRunFactory(source=source, failed=True)
    QuarantinedRecordFactory(source=source)
    a_case(source)
    _token, secret = AuthToken.objects.create(UserFactory(role="viewer", companies=[source.company]))
    token = {"Authorization": f"Token {secret}"}
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application, headers=token)
    quick = settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    checked = 0
    for operation in (result.ok() for result in schema.include(method="GET").get_all_operations()):
        checked += 1

        @quick
        @given(case=operation.as_strategy())
        def holds(case: Any) -> None:
            response = case.call(headers=token)
            assert response.status_code < 500
            if response.status_code == 200:
                case.validate_response(response, checks=[content_type_conformance, response_schema_conformance])

        holds()
    assert checked == 31
