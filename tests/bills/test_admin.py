"""Bills and policies in the administration: writes go through the services and need permission."""

import pytest
from django.test import Client

from apps.bills import services
from apps.bills.admin import BillAdmin
from apps.bills.models import Bill, ReservationPolicy
from apps.vouchers.models import VoucherBill
from tests.factories import (
    AdminFactory,
    BillFactory,
    BillInvoiceFactory,
    CompanyFactory,
    SourceFactory,
    UserFactory,
    VoucherFactory,
)

pytestmark = pytest.mark.django_db
PLACE = "/admin/bills/bill/"
NO_INLINES = {
    f"{name}-{part}": "0" for name in ("lines", "bill_invoices") for part in ("TOTAL_FORMS", "INITIAL_FORMS")
}  # fmt: skip


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(AdminFactory())
    return client


def test_creating_changing_and_deleting_a_bill_writes_its_timeline(admin: Client) -> None:
    company = CompanyFactory()
    values = {"company": company.pk, "type": "travel", "currency": "CNY", "employee": "王芳", **NO_INLINES}
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


def test_a_submitted_bill_cannot_be_changed_or_deleted(admin: Client) -> None:
    under_way = BillInvoiceFactory(bill__state="submitted").bill
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


def test_a_change_of_an_outdated_revision_is_refused(admin: Client) -> None:
    bill = BillFactory(title="旧")
    page = admin.get(f"{PLACE}{bill.pk}/change/")
    assert page.context["adminform"].form["revision"].value() == 1
    services.edit_bill(bill, None, title="新")
    values = {"number": bill.number, "type": "travel", "currency": "CNY", "title": "旧", "revision": 1, **NO_INLINES}
    answer = admin.post(f"{PLACE}{bill.pk}/change/", values, follow=True)
    assert bill.number in str(next(iter(answer.context["messages"])))
    bill.refresh_from_db()
    assert (bill.title, bill.type) == ("新", "expense")


def test_a_refusal_of_the_service_is_shown_as_a_message(admin: Client) -> None:
    bill = BillFactory()
    VoucherBill.objects.create(voucher=VoucherFactory(), bill=bill)
    with pytest.MonkeyPatch.context() as patch:  # the voucher is saved after the question was shown
        patch.setattr(BillAdmin, "get_deleted_objects", lambda *_: ([], {}, set(), []))
        answer = admin.post(f"{PLACE}{bill.pk}/delete/", {"post": "yes"}, follow=True)
    assert bill.number in str(next(iter(answer.context["messages"])))
    assert Bill.objects.filter(pk=bill.pk).exists()


def test_an_upstream_of_another_company_is_refused(admin: Client) -> None:
    bill, foreign = BillFactory(), SourceFactory(kind="piaozone")
    values = {"number": bill.number, "type": "travel", "currency": "CNY", "source": foreign.pk, **NO_INLINES}
    assert admin.post(f"{PLACE}{bill.pk}/change/", values).context["adminform"].form.errors["source"]


def test_policies_of_invisible_companies_are_neither_shown_nor_changed(client: Client) -> None:
    mine, foreign = CompanyFactory(), CompanyFactory(name="看不见")
    client.force_login(UserFactory(role="administrator", companies=[mine], is_staff=True))
    row = ReservationPolicy.objects.create(company=foreign, share_by_amount=False)
    assert "看不见" not in client.get("/admin/bills/reservationpolicy/").content.decode()
    assert "看不见" not in client.get("/admin/bills/reservationpolicy/add/").content.decode()
    place = f"/admin/bills/reservationpolicy/{row.pk}/change/"
    client.post(place, {"company": foreign.pk, "bill_type": "", "share_by_amount": "on"})
    client.post(
        "/admin/bills/reservationpolicy/add/", {"company": foreign.pk, "bill_type": "travel", "share_by_amount": "on"}
    )
    assert not ReservationPolicy.objects.filter(share_by_amount=True).exists()
    client.post(
        "/admin/bills/reservationpolicy/add/", {"company": mine.pk, "bill_type": "travel", "share_by_amount": "on"}
    )
    assert ReservationPolicy.objects.get(share_by_amount=True).company == mine


def test_policies(admin: Client) -> None:
    admin.post("/admin/bills/reservationpolicy/add/", {"company": "", "bill_type": "travel", "share_by_amount": "on"})
    assert ReservationPolicy.objects.get().share_by_amount
    assert admin.get("/admin/bills/reservationpolicy/").status_code == 200
