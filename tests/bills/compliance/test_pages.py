"""The checks on the bill's page, in the administration and over REST."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.bills import services
from apps.bills.compliance import selectors
from apps.bills.compliance.models import CheckSetting, ComplianceOverride
from apps.bills.models import Bill
from apps.sources.models import Source
from apps.sources.records import InvoiceStatus, PartyRecord
from tests.factories import AdminFactory, BillFactory, SourceFactory, UserFactory
from tests.invoices.ledgers import bring

from .test_on_bills import good, put

pytestmark = pytest.mark.django_db
SETTINGS = "/admin/bills/checksetting/"


@pytest.fixture
def source() -> Source:
    return SourceFactory(name="发票云", kind="piaozone", company__name="甲公司")


@pytest.fixture
def bill(source: Source) -> Bill:
    """With one invoice that is right and one made out to somebody else."""
    finding = BillFactory(company=source.company)
    wrong = good(source, 2, buyer=PartyRecord("别的公司", source.company.tax_no))
    put(source, finding, good(source, 1), wrong)
    return finding


def person(role: str, source: Source) -> User:
    return UserFactory(role=role, companies=[source.company])


def seen_by(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_page_shows_blocking_findings_and_reviewers_override_them(source: Source, bill: Bill) -> None:
    accountant, reviewer = (seen_by(person(role, source)) for role in ("accountant", "reviewer"))
    place, override = reverse("bill", args=[bill.pk]), reverse("override_checks", args=[bill.pk])
    shown = accountant.get(place).content.decode()
    assert shown.count("“别的公司”") == 2  # on top and beside the invoice
    assert 'name="finding"' not in shown
    answer = accountant.post(reverse("bill_step", args=[bill.pk, "submit"]), follow=True)
    assert "“别的公司”" in str(next(iter(answer.context["messages"])))
    (finding,) = selectors.checked(bill).blocking
    values = {"finding": finding.signature, "reason": "集团统一开票"}
    assert accountant.post(override, values).status_code == 403
    assert finding.signature in reviewer.get(place).content.decode()
    reviewer.post(override, {**values, "revision": 10**6})
    assert not ComplianceOverride.objects.exists()
    reviewer.post(override, values)
    row = ComplianceOverride.objects.get()
    assert "集团统一开票" in accountant.get(place).content.decode()
    back = reverse("take_override_back", args=[bill.pk, row.pk])
    assert accountant.post(back).status_code == 403
    reviewer.post(back)
    bill.refresh_from_db()
    assert selectors.checked(bill).blocking
    reviewer.post(override, values)
    accountant.post(reverse("bill_step", args=[bill.pk, "submit"]))
    bill.refresh_from_db()
    assert bill.state == "submitted"


def test_a_warning_is_confirmed_before_a_step_forward(source: Source) -> None:
    bill, user = BillFactory(company=source.company), person("finance manager", source)
    put(source, bill, good(source, 1))
    client, place = seen_by(user), reverse("bill_step", args=[bill.pk, "submit"])
    client.post(place)
    bill.refresh_from_db()
    assert bill.state == "submitted"  # no warning, no confirmation
    client = seen_by(person("reviewer", source))  # nobody approves what they submitted
    bring(source, good(source, 1, status=InvoiceStatus.ABNORMAL))
    place = reverse("bill_step", args=[bill.pk, "approve"])
    values = {"revision": str(bill.revision)}
    confirmation = client.post(place, values)
    assert confirmation.status_code == 200
    page = confirmation.content.decode()
    assert str(bill.bill_invoices.get().invoice) in page
    assert confirmation.context["checks"].warnings[0].sentence in page
    bring(source, good(source, 1, status=InvoiceStatus.RED_PENDING))
    answer = client.post(place, {**values, "warned": confirmation.context["checks"].warned})
    assert answer.status_code == 200  # another warning needs another confirmation
    client.post(place, {**values, "warned": answer.context["checks"].warned})
    bill.refresh_from_db()
    assert bill.state == "approved"


def test_a_finding_that_stops_approval_is_shown_and_overridden(source: Source) -> None:
    bill = BillFactory(company=source.company)
    put(source, bill, good(source, 1))
    services.submit(bill, None)
    bring(source, good(source, 1, status=InvoiceStatus.VOID))
    reviewer, place = person("reviewer", source), f"/api/v1/bills/{bill.pk}/"
    shown = seen_by(reviewer).get(reverse("bill", args=[bill.pk]))
    assert 'name="finding"' in shown.content.decode()
    assert shown.context["ahead"] == "approve"
    refused = post(reviewer, f"{place}approve/", {})
    assert refused.status_code == 409
    assert str(bill.bill_invoices.get().invoice) in refused.json()["detail"]
    (finding,) = selectors.checked(bill).blocking
    approval = ("bill", bill.number, "--do", "approve", "--as", reviewer.username)
    with pytest.raises(CommandError, match=bill.number):
        call_command(*approval)
    out = StringIO()
    call_command(*approval, "--let-pass", finding.signature, "--reason", "已换开", stdout=out)
    report = json.loads(out.getvalue())
    assert (report["state"], report["checks"][0]["blocks"]) == ("approved", False)
    assert post(reviewer, f"{place}override-checks/", {"signatures": ["x"], "reason": "y"}).status_code == 409


def test_a_bill_of_another_company_is_not_found(source: Source, bill: Bill) -> None:
    stranger = seen_by(UserFactory(role="reviewer"))
    assert stranger.post(reverse("override_checks", args=[bill.pk]), {}).status_code == 404
    assert stranger.get(f"/api/v1/bills/{bill.pk}/checks/").status_code == 404


def post(user: User, place: str, body: dict[str, Any]) -> Any:
    client = APIClient()
    client.force_authenticate(user)
    return client.post(place, body, format="json")


def test_over_rest(source: Source, bill: Bill) -> None:
    accountant, reviewer = person("accountant", source), person("reviewer", source)
    client = APIClient()
    client.force_authenticate(accountant)
    place = f"/api/v1/bills/{bill.pk}/"
    report = client.get(f"{place}checks/").json()
    (finding,) = report["findings"]
    assert report["blocked"]
    assert (finding["check"], finding["level"], finding["field"]) == ("title", "block", "buyer_name")
    assert (finding["actual"], finding["expected"], finding["override"]) == ("别的公司", "甲公司", None)
    assert "别的公司" in finding["message"]["text"]
    assert post(accountant, f"{place}submit/", {}).status_code == 409
    body = {"signatures": [finding["signature"]], "reason": "集团统一开票", "revision": report["revision"]}
    assert post(accountant, f"{place}override-checks/", body).status_code == 403
    assert post(reviewer, f"{place}override-checks/", {**body, "signatures": ["x"]}).status_code == 409
    assert post(reviewer, f"{place}override-checks/", {"signatures": [finding["signature"]]}).status_code == 400
    passed = post(reviewer, f"{place}override-checks/", body).json()
    assert not passed["blocked"]
    override = passed["findings"][0]["override"]
    assert (override["by"], override["reason"]) == (reviewer.username, "集团统一开票")
    assert post(reviewer, f"{place}override-checks/", body).status_code == 409
    again = post(reviewer, f"{place}take-back-override/", {"override": override["id"]}).json()
    assert again["blocked"]


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(AdminFactory())
    return client


def setting_form(**changes: Any) -> dict[str, Any]:
    return {
        "check_code": "title",
        "company": "",
        "bill_type": "",
        "level": "warn",
        "limit": "",
        "entries": "",
        **changes,
    }


def test_a_changed_setting_is_previewed_on_the_bills_of_the_last_month(admin: Client, bill: Bill) -> None:
    shown = admin.post(f"{SETTINGS}add/", setting_form())
    preview = shown.context["preview"]
    assert (preview.bills, preview.invoices, preview.whole) == (1, 2, True)
    block, warn, note = ((now.invoices, then.invoices, len(then.bills)) for _level, now, then in preview.rows)
    assert (block, warn, note) == ((1, 0, 0), (0, 1, 1), (0, 0, 0))
    (sample,) = preview.samples
    assert sample.bill_invoice.invoice.buyer.name == "别的公司"
    assert "别的公司" in shown.content.decode()
    assert not CheckSetting.objects.exists()

    values = dict(shown.context["asked"])
    admin.post(f"{SETTINGS}add/", {**values, "sure": "yes"})
    setting = CheckSetting.objects.get()
    assert setting.level == "warn"
    change = f"{SETTINGS}{setting.pk}/change/"
    preview = admin.post(change, setting_form(level="off")).context["preview"]
    assert [(now.invoices, then.invoices) for _level, now, then in preview.rows] == [(0, 0), (1, 0), (0, 0)]
    assert preview.samples[0].after == ""
    Bill.objects.update(created_at=timezone.now() - timedelta(days=40))
    assert admin.post(change, setting_form(level="off")).context["preview"].invoices == 0
    admin.post(change, setting_form(level="off", sure="yes"))
    assert "off" in admin.get(f"{SETTINGS}{setting.pk}/history/").content.decode()
    assert admin.get(SETTINGS).status_code == 200


def test_a_setting_of_another_company_has_no_effect(admin: Client, bill: Bill) -> None:
    other = SourceFactory().company
    preview = admin.post(f"{SETTINGS}add/", setting_form(company=other.pk, level="off")).context["preview"]
    assert preview.samples == []
    assert [now.invoices for _level, now, _then in preview.rows] == [1, 0, 0]


def test_unsupported_parameters_of_a_check_are_refused(admin: Client) -> None:
    for changes, field in (
        ({"limit": 3}, "limit"),
        ({"entries": "礼品"}, "entries"),
        ({"check_code": "other_year", "limit": 13}, "limit"),
        ({"check_code": "sensitive", "entries": "长" * 201}, "entries"),
    ):
        errors = admin.post(f"{SETTINGS}add/", setting_form(**changes, sure="yes")).context["adminform"].form.errors
        assert list(errors) == [field]
    words = setting_form(check_code="sensitive", entries=" 礼品 \r\n\r\n烟花\r\n礼品", sure="yes")
    assert admin.post(f"{SETTINGS}add/", words).status_code == 302
    assert CheckSetting.objects.get().entries == ["礼品", "烟花"]
    assert admin.post(f"{SETTINGS}add/", words).status_code == 200  # once per check, company and type


def test_only_administrators_set_checks(source: Source, bill: Bill) -> None:
    manager = UserFactory(role="finance manager", companies=[source.company], is_staff=True)
    client = seen_by(manager)
    assert client.get(SETTINGS).status_code == 200
    assert client.post(f"{SETTINGS}add/", setting_form()).status_code == 403
    CheckSetting.objects.create(check_code="title", company=SourceFactory(company__name="看不见").company, level="off")
    assert "看不见" not in client.get(SETTINGS).content.decode()


@pytest.mark.parametrize("bills", [2, 30])
def test_a_preview_needs_the_same_queries_for_any_number_of_bills(
    admin: Client, source: Source, bills: int, django_assert_max_num_queries
) -> None:
    for n in range(bills):
        put(source, BillFactory(company=source.company), good(source, n + 1, buyer=PartyRecord("别的公司", "")))
    admin.post(f"{SETTINGS}add/", setting_form())
    with django_assert_max_num_queries(30):
        preview = admin.post(f"{SETTINGS}add/", setting_form()).context["preview"]
    assert (preview.bills, len(preview.samples)) == (bills, min(bills, 10))
