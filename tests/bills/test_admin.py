"""Bills and policies in the administration: through the services, and only what may be written."""

import pytest
from django.test import Client

from apps.bills.models import Bill, HoldPolicy
from tests.factories import AdminFactory, BillFactory, CompanyFactory, InvoiceUseFactory

pytestmark = pytest.mark.django_db
PLACE = "/admin/bills/bill/"
NO_INLINES = {
    f"{name}-{part}": "0" for name in ("entries", "uses") for part in ("TOTAL_FORMS", "INITIAL_FORMS")
}  # fmt: skip


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(AdminFactory())
    return client


def test_made_changed_and_deleted_with_a_timeline(admin: Client) -> None:
    company = CompanyFactory()
    values = {"company": company.pk, "type": "Tra", "currency": "CNY", "employee": "王芳", **NO_INLINES}
    assert admin.post(f"{PLACE}add/", values).status_code == 302
    bill = Bill.objects.get()
    assert bill.number.startswith("BX")
    admin.post(f"{PLACE}{bill.pk}/change/", {**values, "number": "X-1"})
    bill.refresh_from_db()
    assert (bill.number, bill.company) == ("X-1", company)
    assert list(bill.timeline.values_list("action", flat=True)) == ["edit", "create"]
    other = BillFactory(company=company)
    refused = admin.post(f"{PLACE}{other.pk}/change/", {**values, "number": "X-1"})
    assert refused.status_code == 200
    admin.post(f"{PLACE}{bill.pk}/delete/", {"post": "yes"})
    assert list(Bill.objects.all()) == [other]


def test_what_is_under_way_or_somebody_elses_cannot_be_written(admin: Client) -> None:
    under_way = InvoiceUseFactory(bill__state="submitted").bill
    place = f"{PLACE}{under_way.pk}/"
    assert admin.get(f"{place}change/").status_code == 200
    assert admin.post(f"{place}change/", {"number": "1"}).status_code == 403
    assert admin.post(f"{place}delete/", {"post": "yes"}).status_code == 403


def test_the_list_and_the_history(admin: Client, django_assert_max_num_queries) -> None:
    bill = BillFactory.create_batch(30)[0]
    admin.get(PLACE)
    with django_assert_max_num_queries(12):
        assert bill.number in admin.get(PLACE).content.decode()
    assert admin.get(f"{PLACE}{bill.pk}/history/").status_code == 200
    assert bill.number in admin.get(PLACE, {"q": bill.number[:4]}).content.decode()


def test_policies(admin: Client) -> None:
    admin.post("/admin/bills/holdpolicy/add/", {"company": "", "bill_type": "Tra", "share_by_amount": "on"})
    assert HoldPolicy.objects.get().share_by_amount
    assert admin.get("/admin/bills/holdpolicy/").status_code == 200
