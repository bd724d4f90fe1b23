"""Bills over REST."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.bills import services
from apps.bills.models import Bill, BillInvoice
from apps.sources.models import Source
from tests.factories import BillFactory, SourceFactory, UserFactory

from .builders import invoices

pytestmark = pytest.mark.django_db
PLACE = "/api/v1/bills/"


@pytest.fixture
def source() -> Source:
    return SourceFactory()


@pytest.fixture
def wang(source: Source) -> User:
    return UserFactory(username="wang", role="accountant", companies=[source.company])


@pytest.fixture
def api(wang: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(wang)
    return client


def post(api: APIClient, place: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
    return api.post(f"{PLACE}{place}", body or {}, format="json", headers=headers)


def test_a_bill_is_created_filled_submitted_and_approved(api: APIClient, source: Source) -> None:
    (invoice,) = invoices(source, 1)
    made = post(api, "", {"company": source.company.tax_no, "type": "expense", "employee": "王芳", "amount": "113.00"})
    assert made.status_code == 201
    pk = made.json()["id"]
    assert post(api, f"{pk}/lines/", {"cost_type": "差旅费", "amount": "113.00"}).status_code == 200
    picked = post(api, f"{pk}/reserve/", {"invoices": [invoice.pk]}).json()
    assert [bill_invoice["invoice"] for bill_invoice in picked["bill_invoices"]] == [invoice.pk]
    assert post(api, f"{pk}/submit/").json()["state"] == "submitted"
    assert post(api, f"{pk}/approve/").status_code == 403
    reviewer = APIClient()
    reviewer.force_authenticate(UserFactory(role="reviewer", companies=[source.company]))
    assert post(reviewer, f"{pk}/approve/").json()["bill_invoices"][0]["state"] == "used"
    refused = post(reviewer, f"{pk}/unapprove/")
    assert refused.status_code == 400
    assert refused.json()["errors"]["reason"]
    whole = api.get(f"{PLACE}{pk}/").json()
    assert [step["action"] for step in whole["timeline"]][:2] == ["approve", "submit"]
    assert whole["differences"] is None


def test_reserving_a_reserved_invoice_is_refused_with_a_message(api: APIClient, source: Source, wang: User) -> None:
    (invoice,) = invoices(source, 1)
    first, second = BillFactory(company=source.company), BillFactory(company=source.company)
    services.reserve(first, [invoice.pk], wang)
    (refusal,) = post(api, f"{second.pk}/reserve/", {"invoices": [invoice.pk]}).json()["refused"]
    assert refusal["invoice"] == invoice.pk
    assert refusal["message"]["code"] == "bills.reserved_already"


def test_a_repeated_write_reserves_once(api: APIClient, source: Source) -> None:
    (invoice,) = invoices(source, 1)
    bill = BillFactory(company=source.company)
    body = {"invoices": [invoice.pk]}
    answers = [post(api, f"{bill.pk}/reserve/", body, **{"Idempotency-Key": "k1"}).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert BillInvoice.objects.count() == 1


def test_an_old_revision_is_refused_with_the_reason(api: APIClient, source: Source) -> None:
    bill = BillFactory(company=source.company)
    assert api.patch(f"{PLACE}{bill.pk}/", {"title": "一", "revision": 1}, format="json").status_code == 200
    late = api.patch(f"{PLACE}{bill.pk}/", {"title": "二", "revision": 1}, format="json")
    assert late.status_code == 409
    assert "wang" in late.json()["detail"]
    taken = post(api, "", {"company": source.company.tax_no, "number": bill.number})
    assert taken.status_code == 409


def test_only_bills_of_visible_companies(api: APIClient) -> None:
    foreign = BillFactory()
    assert api.get(f"{PLACE}{foreign.pk}/").status_code == 404
    assert api.get(PLACE).json()["results"] == []
    assert post(api, f"{foreign.pk}/submit/").status_code == 404
    assert post(api, "", {"company": foreign.company.tax_no}).status_code == 400
    assert APIClient().get(PLACE).status_code in (401, 403)


def test_line_amount_and_deduction_of_an_invoice_are_adjusted(api: APIClient, source: Source, wang: User) -> None:
    (invoice,) = invoices(source, 1)
    bill = BillFactory(company=source.company)
    line = services.put_line(bill, wang, cost_type="差旅费")
    (bill_invoice,) = services.reserve(bill, [invoice.pk], wang).bill_invoices
    body = {
        "bill_invoice": bill_invoice.pk, "line": line.pk, "amount": "100.00", "deductible": True, "input_tax": "8.26",
    }  # fmt: skip
    (shown,) = post(api, f"{bill.pk}/adjust/", body).json()["bill_invoices"]
    assert (shown["line"], shown["amount"], shown["deductible"], shown["input_tax"]) == (
        line.pk,
        "100.00",
        True,
        "8.26",
    )
    assert post(api, f"{bill.pk}/adjust/", {"bill_invoice": bill_invoice.pk, "amount": "113.01"}).status_code == 409
    assert post(api, f"{bill.pk}/drop-line/", {"line": line.pk}).json()["lines"] == []
    assert post(api, f"{bill.pk}/drop-line/", {"line": line.pk}).status_code == 400


def test_a_changed_line_keeps_its_other_fields(api: APIClient, source: Source, wang: User) -> None:
    bill = BillFactory(company=source.company)
    line = services.put_line(bill, wang, cost_type="差旅费", description="往返")
    body = {"line": line.pk, "amount": "8.50", "revision": 2}
    (shown,) = post(api, f"{bill.pk}/change-line/", body).json()["lines"]
    assert (shown["cost_type"], shown["description"], shown["amount"]) == ("差旅费", "往返", "8.50")
    assert post(api, f"{bill.pk}/change-line/", body).status_code == 409  # that revision is gone
    assert post(api, f"{bill.pk}/change-line/", {"line": line.pk, "amount": "1.005"}).status_code == 400
    foreign = services.put_line(BillFactory(company=source.company), wang)
    assert post(api, f"{bill.pk}/change-line/", {"line": foreign.pk}).status_code == 400
    viewer = APIClient()
    viewer.force_authenticate(UserFactory(role="viewer", companies=[source.company]))
    assert post(viewer, f"{bill.pk}/change-line/", body).status_code == 403


def test_invalid_ids_and_amounts_are_refused(api: APIClient, source: Source) -> None:
    bill, (invoice,) = BillFactory(company=source.company), invoices(source, 1)
    for place, body in (
        ("reserve", {"invoices": [10**30]}),
        ("reserve", {"invoices": [invoice.pk], "amounts": {"many": "1.00"}}),
        ("reserve", {"invoices": [invoice.pk], "amounts": {str(invoice.pk + 1): "1.00"}}),
        ("reserve", {"invoices": [invoice.pk], "line": 10**30}),
        ("release", {"bill_invoices": [10**30]}),
        ("adjust", {"bill_invoice": 10**30}),
        ("drop-line", {"line": 10**30}),
        ("change-line", {"line": 10**30}),
    ):
        assert post(api, f"{bill.pk}/{place}/", body).status_code == 400, (place, body)
    part = {"invoices": [invoice.pk], "amounts": {str(invoice.pk): "50.00"}}
    (reserved,) = post(api, f"{bill.pk}/reserve/", part).json()["bill_invoices"]
    assert reserved["amount"] == "50.00"


def test_deleting_an_outdated_revision_is_refused(api: APIClient, source: Source) -> None:
    bill = BillFactory(company=source.company)
    services.edit_bill(bill, None, title="要")
    assert api.delete(f"{PLACE}{bill.pk}/?revision=1").status_code == 409
    assert api.delete(f"{PLACE}{bill.pk}/?revision=2").status_code == 204


def test_deleting_a_draft(api: APIClient, source: Source) -> None:
    bill = BillFactory(company=source.company)
    assert api.delete(f"{PLACE}{bill.pk}/").status_code == 204
    assert not Bill.objects.exists()


@pytest.mark.parametrize("rows", [2, 40])
def test_the_list_needs_the_same_queries_at_any_length(api, source, rows: int, django_assert_max_num_queries) -> None:
    BillFactory.create_batch(rows, company=source.company)
    with django_assert_max_num_queries(8):
        assert len(api.get(PLACE).json()["results"]) == rows


def test_an_invoice_names_the_bills_it_is_on(api: APIClient, source: Source, wang: User) -> None:
    (invoice,) = invoices(source, 1)
    bill = BillFactory(company=source.company)
    services.reserve(bill, [invoice.pk], wang)
    named = api.get(f"/api/v1/invoices/{invoice.pk}/").json()["bills"]
    assert named == [
        {"id": bill.pk, "number": bill.number, "state": "reserved", "amount": "113.00", "contested": False}
    ]


def test_amounts_and_differences_are_told_and_settled(api: APIClient, source: Source, wang: User) -> None:
    (invoice,) = invoices(source, 1)
    bill = BillFactory(company=source.company)
    body = {"cost_type": "差旅费", "amount": "100.00"}
    (line,) = post(api, f"{bill.pk}/lines/", body).json()["lines"]
    post(api, f"{bill.pk}/reserve/", {"invoices": [invoice.pk]})
    money = api.get(f"{PLACE}{bill.pk}/").json()["amounts"]
    assert money == {
        "to_be_paid": "100.00",
        "of_lines": "100.00",
        "of_invoices": "113.00",
        "difference": "-13.00",
        "without_line": "0.00",
        "lines": [{"line": line["id"], "cost": "100.00", "invoices": "113.00", "difference": "-13.00"}],
    }
    assert post(api, f"{bill.pk}/submit/", {}).status_code == 409
    shown = post(api, f"{bill.pk}/use-partly/", {"line": line["id"]}).json()
    assert [(one["amount"], one["line_proposed"]) for one in shown["bill_invoices"]] == [("100.00", False)]
    assert post(api, f"{bill.pk}/use-partly/", {"line": line["id"]}).status_code == 409
    body = {"line": line["id"], "amount": "120.00", "without_invoice_reason": "补贴"}
    assert post(api, f"{bill.pk}/change-line/", body).json()["amounts"]["difference"] == "20.00"
    assert post(api, f"{bill.pk}/submit/", {}).json()["state"] == "submitted"
