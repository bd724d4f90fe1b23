"""The list of cases, a case and decisions on pages and over REST; permissions."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from apps.core.errors import HubError
from apps.duplicates import searching, services
from apps.duplicates.choices import State
from apps.duplicates.models import CaseDecision, DuplicateCase, RuleSetting
from apps.invoices.models import Invoice
from invoicehub import health
from tests.factories import AdminFactory, BillInvoiceFactory, InvoiceFactory, SourceFactory, UserFactory

from .cases import a_case


@pytest.fixture
def source(db: Any) -> Any:
    return SourceFactory()


def window(role: str, source: Any) -> Client:
    return english(UserFactory(role=role, companies=[source.company]))


def english(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def cost(client: Client, address: str) -> tuple[int, Any]:
    """Number of queries of the page, and the page."""
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address)
    assert page.status_code == 200
    return len(queries), page


def test_the_queue_costs_the_same_however_long_it_is(source):
    a_case(source, members=3)
    client = window("reviewer", source)
    cost(client, reverse("duplicates"))  # fills what is kept between pages
    short, _page = cost(client, reverse("duplicates"))
    for _ in range(5):
        a_case(source, members=3)
    long, page = cost(client, reverse("duplicates"))
    assert long <= short
    assert len(page.context["rows"]) == 6
    assert "read as one that looks like it" in page.text


def test_a_case_costs_the_same_however_many_invoices_it_has(source):
    small, large = a_case(source), a_case(source, members=5)
    client = window("reviewer", source)
    cost(client, reverse("duplicate", args=[small.pk]))
    of_two, _page = cost(client, reverse("duplicate", args=[small.pk]))
    of_five, page = cost(client, reverse("duplicate", args=[large.pk]))
    assert of_five <= of_two
    assert page.text.count("should stay") == 1


def test_a_case_shows_which_of_our_bills_hold_its_invoices(source):
    case = a_case(source)
    invoice = case.members.first().invoice
    BillInvoiceFactory(invoice=invoice, bill__company=source.company, bill__number="BX-OURS")
    BillInvoiceFactory(invoice=invoice, bill__number="BX-THEIRS", contested=True)
    BillInvoiceFactory(invoice=invoice, bill__company=source.company, bill__number="BX-TOO", contested=True)
    page = window("reviewer", source).get(reverse("duplicate", args=[case.pk])).text
    assert "BX-OURS" in page
    assert "BX-TOO" in page
    assert "contested" in page
    assert "BX-THEIRS" not in page
    without = UserFactory(companies=[source.company])
    without.user_permissions.add(Permission.objects.get(codename="view_duplicatecase"))
    assert "BX-OURS" not in english(without).get(reverse("duplicate", args=[case.pk])).text


def test_other_companies_cases_are_not_there(source):
    theirs = a_case(SourceFactory())
    client = window("finance manager", source)
    assert client.get(reverse("duplicates")).context["rows"] == []
    for name in ("duplicate", "preview_duplicate"):
        assert client.get(reverse(name, args=[theirs.pk])).status_code == 404
    for name in ("merge_duplicate", "dismiss_duplicate", "comment_duplicate", "undo_duplicate"):
        assert client.post(reverse(name, args=[theirs.pk]), {"text": "x"}).status_code == 404
    half = a_case(source)
    DuplicateCase.objects.filter(pk=half.pk).update(company_ids=[source.company_id, 10**6])
    assert client.get(reverse("duplicate", args=[half.pk])).status_code == 404


def test_a_viewer_looks_and_does_not_decide(source):
    case, client = a_case(source), window("viewer", source)
    assert "Merge" not in client.get(reverse("duplicate", args=[case.pk])).text
    assert client.post(reverse("merge_duplicate", args=[case.pk])).status_code == 403
    assert client.post(reverse("decide_duplicates"), {"action": "dismiss"}).status_code == 403


def test_deciding_goes_on_to_the_next_case_and_can_be_undone(source):
    later, earlier = a_case(source), a_case(source)
    client = window("reviewer", source)
    answer = client.post(reverse("dismiss_duplicate", args=[earlier.pk]), {"text": "two papers", "revision": 1})
    assert answer.url == reverse("duplicate", args=[later.pk])
    assert reverse("undo_duplicate", args=[earlier.pk]) in client.get(answer.url).text
    client.post(reverse("undo_duplicate", args=[earlier.pk]))
    earlier.refresh_from_db()
    assert earlier.state == State.OPEN


def test_only_a_finance_manager_undoes_what_others_decided(source):
    case = a_case(source)
    services.dismiss(case, AdminFactory())
    assert window("reviewer", source).post(reverse("undo_duplicate", args=[case.pk])).status_code == 409
    assert window("finance manager", source).post(reverse("undo_duplicate", args=[case.pk])).status_code == 302


def test_who_is_second_keeps_what_was_typed(source):
    case, client = a_case(source), window("reviewer", source)
    other = AdminFactory(username="faster")
    services.dismiss(case, other, "two papers")
    answer = client.post(reverse("merge_duplicate", args=[case.pk]), {"text": "my long reason", "revision": 1})
    assert answer.status_code == 409
    assert "faster" in answer.text
    assert Invoice.objects.exclude(merged_into=None).count() == 0


def test_many_are_decided_only_when_asked_twice(source):
    for _ in range(3):
        a_case(source)
    client = window("reviewer", source)
    form = {"action": "dismiss", "text": "all checked", "state": "open"}
    assert client.post(reverse("decide_duplicates"), form | {"action": "anything", "sure": "yes"}).status_code == 400
    preview = client.post(reverse("decide_duplicates"), form)
    assert "3 cases would be" in preview.text
    assert not CaseDecision.objects.exists()
    done = client.post(reverse("decide_duplicates"), form | {"sure": "yes"})
    assert set(DuplicateCase.objects.values_list("state", flat=True)) == {State.DISMISSED}
    batch = done.url.partition("batch=")[2]
    client.post(reverse("undo_duplicates", args=[batch]))
    assert set(DuplicateCase.objects.values_list("state", flat=True)) == {State.OPEN}


def test_an_invoice_says_that_it_may_be_there_twice(source):
    case = a_case(source)
    invoice = case.members.first().invoice
    assert (
        reverse("duplicate", args=[case.pk]) in window("viewer", source).get(reverse("invoice", args=[invoice.pk])).text
    )


def client_of(role: str, source: Any) -> APIClient:
    client = APIClient()
    client.force_authenticate(UserFactory(role=role, companies=[source.company]))
    return client


def test_rest_decides_with_a_revision_and_repeats_safely(source):
    case, client = a_case(source), client_of("reviewer", source)
    place = f"/api/v1/duplicates/{case.pk}/"
    body = client.get(place).json()
    assert (body["state"], body["revision"], body["pairs"][0]["rules"]) == ("open", 1, ["look_alike"])
    assert client.post(f"{place}dismiss/", {"revision": 9}).status_code == 409
    for _ in range(2):
        answer = client.post(f"{place}dismiss/", {"revision": 1, "text": "two"}, headers={"Idempotency-Key": "k"})
        assert (answer.status_code, answer.json()["state"]) == (200, "dismissed")
    assert client.post(f"{place}merge/", {"master": 1}).status_code == 400
    assert client.post(f"{place}undo/").json()["state"] == "open"
    assert client_of("viewer", source).post(f"{place}dismiss/").status_code == 403
    assert [row["id"] for row in client.get("/api/v1/duplicates/?state=open").json()["results"]] == [case.pk]
    theirs = a_case(SourceFactory())
    assert client.get(f"/api/v1/duplicates/{theirs.pk}/").status_code == 404


def test_a_rule_is_saved_only_after_its_dry_run_and_touches_nothing_decided(source):
    decided, still_open = a_case(source), a_case(source)
    services.dismiss(decided, AdminFactory())
    administrator = english(AdminFactory())
    form = {"code": "day_off", "company": "", "enabled": "on", "parameters": '{"days": 3}'}
    shown = administrator.post("/admin/duplicates/rulesetting/add/", form)
    assert "would open 0 and close 1 of the cases you may see" in shown.text  # the made-up open case has no evidence
    assert reverse("duplicate", args=[still_open.pk]) in shown.text
    assert not RuleSetting.objects.exists()
    administrator.post("/admin/duplicates/rulesetting/add/", form | {"sure": "yes"})
    assert RuleSetting.objects.get().parameters == {"days": 3}
    bad = form | {"code": "zero_lost"}
    assert "This rule knows" in administrator.post("/admin/duplicates/rulesetting/add/", bad).text
    assert dict(DuplicateCase.objects.values_list("pk", "state")) == {
        decided.pk: State.DISMISSED,
        still_open.pk: State.OPEN,
    }


def test_a_dry_run_tells_of_the_companies_one_sees(source):
    other = SourceFactory()
    mine, theirs, shared = a_case(source), a_case(other), a_case(source)
    DuplicateCase.objects.filter(pk=shared.pk).update(company_ids=sorted([source.company_id, other.company_id]))
    person = UserFactory(is_staff=True, companies=[source.company])
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="duplicates"))
    form = {"code": "day_off", "company": source.company_id, "enabled": "on", "parameters": '{"days": 3}'}
    shown = english(person).post("/admin/duplicates/rulesetting/add/", form)
    assert "would open 0 and close 1 of the cases you may see" in shown.text
    assert [reverse("duplicate", args=[case.pk]) in shown.text for case in (mine, theirs, shared)] == [
        True,
        False,
        False,
    ]
    assert set(DuplicateCase.objects.values_list("state", flat=True)) == {State.OPEN}


def test_rest_asks_someone(source):
    case, colleague = a_case(source), UserFactory(companies=[source.company])
    client = client_of("reviewer", source)
    answer = client.post(f"/api/v1/duplicates/{case.pk}/assign/", {"to": colleague.username, "text": "look"})
    assert answer.json()["assigned_to"] == colleague.username
    assert client.post(f"/api/v1/duplicates/{case.pk}/assign/", {"to": "nobody-known"}).status_code == 400


def test_doctor_knows_when_the_search_stands_still(source):
    InvoiceFactory(seen_by=[source])
    Invoice.objects.update(updated_at=timezone.now() - timedelta(hours=2))
    finding = next(one for one in health.examine() if one.name == "duplicates")
    assert (finding.level, "stands still" in finding.text) == ("warning", True)
    searching.search_changed()
    finding = next(one for one in health.examine() if one.name == "duplicates")
    assert (finding.level, "0 changed" in finding.text) == ("ok", True)


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_the_same_moment_one_wins() -> None:
    case = a_case(SourceFactory())
    people = [AdminFactory(username="one"), AdminFactory(username="other")]
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def decide(user: Any, action: Any) -> None:
        try:
            barrier.wait()
            action(case, user, "", 1)
            outcomes.append("decided")
        except HubError as error:
            outcomes.append(error.message.code)
        finally:
            connection.close()

    def merge(case: DuplicateCase, user: Any, text: str, revision: int) -> None:
        services.merge(case, services.best_master(case), user, text, revision)

    threads = [
        threading.Thread(target=decide, args=pair) for pair in zip(people, (services.dismiss, merge), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["decided", "duplicates.decided_meanwhile"]
    assert CaseDecision.objects.count() == 1
