"""The assistant on the bill's page: opening windows with keys, polling for changes, handling waiting messages."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from apps.bills import services
from apps.bills.models import AssistantSession, BillStep
from apps.sandbox.server import running
from tests.factories import BillFactory, UserFactory

from .assistants import LINK, Desk, desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Iterator[Desk]:
    with running(invoices=160, seed=11, piaozone_hold=0.02) as sandbox, desk(sandbox) as prepared:
        AssistantSession.objects.all().delete()
        yield prepared


@pytest.fixture
def page(at: Desk) -> Client:
    client = Client()
    client.force_login(at.user)
    return client


def opened(at: Desk, page: Client, what: str) -> dict[str, str]:
    answer = page.post(reverse("open_assistant", args=[at.bill.pk]), {"page": what})
    assert answer.status_code == 200, answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    address = urlsplit(answer.context["url"])
    assert f"{address.scheme}://{address.netloc}" == at.sandbox.url
    return {"path": address.path.removeprefix("/piaozone"), **{k: v[0] for k, v in parse_qs(address.query).items()}}


def test_opening_the_choice_stores_a_session_with_its_channel(at: Desk, page: Client) -> None:
    address = opened(at, page, "choose")
    assert address["path"] == "/m4-web/fpzs/index"
    assert (address["gridParam"], address["sourceType"]) == ("1111", "polling")
    session = AssistantSession.objects.get()
    assert (session.link_key, session.user_key) == (address["linkKey"], address["userKey"])
    assert (session.bill, session.opened_by, session.closed_at) == (at.bill, at.user, None)
    assert BillStep.objects.filter(bill=at.bill, action="assistant").count() == 1
    call = next(one for one in at.sandbox.journal if one["call"] == "/m4/fpzs/getUserKey")["parameters"]
    assert (call["billNumber"], call["bxd_key"], call["billType"]) == (at.bill.number, at.bill.external_key, "")
    assert len(call["ticketParam"]) == 5
    assert call["random"]


def test_the_same_window_again_keeps_its_channel(at: Desk, page: Client) -> None:
    first, second = opened(at, page, "choose"), opened(at, page, "choose")
    assert first["linkKey"] == second["linkKey"]
    assert first["userKey"] != second["userKey"]
    assert AssistantSession.objects.count() == 1


def test_every_other_page_opens_with_its_parameters(at: Desk, page: Client) -> None:
    (serial,) = at.serials(1)
    line = services.put_line(at.bill, at.user, cost_type="招待费")
    at.session.save(force_insert=True)
    at.say(at.chosen(serial))
    at.hear()
    AssistantSession.objects.all().delete()
    assert opened(at, page, "list")["path"] == "/m4-web/fpzs/expense/invoice/list"
    assert opened(at, page, f"line:{line.pk}")["path"] == "/m4-web/fpzs/expense/branch/info"
    seen = opened(at, page, f"invoice:{serial}")
    assert (seen["path"], seen["serialNo"]) == ("/m4-web/fpzs/expense/showInvoice", serial)
    assert not AssistantSession.objects.exists()
    adjusted = opened(at, page, f"adjust:{line.pk}")
    assert adjusted["path"] == "/m4-web/fpzs/expense/branch/update"
    call = [one for one in at.sandbox.journal if one["call"] == "/m4/fpzs/getUserKey"][-1]["parameters"]
    assert call["branch_id"] == line.line_key
    edited = opened(at, page, f"edit:{serial}")
    assert (edited["path"], edited["serialNo"]) == ("/m4-web/fpzs/invoice/update", serial)
    assert set(AssistantSession.objects.values_list("line", "serial")) == {(line.pk, ""), (None, serial)}


def test_a_bill_without_upstream_gets_the_only_cloud_of_its_company(at: Desk, page: Client) -> None:
    services.edit_bill(at.bill, at.user, source=None)
    assert reverse("open_assistant", args=[at.bill.pk]) in page.get(reverse("bill", args=[at.bill.pk])).content.decode()
    opened(at, page, "choose")
    at.bill.refresh_from_db()
    assert at.bill.source == at.source


def test_an_error_of_the_vendor_is_shown_in_the_window(at: Desk, page: Client) -> None:
    at.sandbox.fault("piaozone", "http_500", times=10)
    answer = page.post(reverse("open_assistant", args=[at.bill.pk]), {"page": "choose"})
    assert answer.status_code == 409
    assert "HTTP 500" in answer.content.decode()
    assert not AssistantSession.objects.exists()


def test_a_submitted_bill_opens_read_only_pages_only(at: Desk, page: Client) -> None:
    services.put_line(at.bill, at.user, cost_type="招待费")
    services.submit(at.bill, at.user)
    answer = page.post(reverse("open_assistant", args=[at.bill.pk]), {"page": "choose"})
    assert (answer.status_code, AssistantSession.objects.count()) == (409, 0)
    assert opened(at, page, "list")["userKey"]


def test_a_viewer_opens_read_only_pages_only(at: Desk) -> None:
    viewer = UserFactory(role="viewer", companies=[at.source.company])
    client = Client()
    client.force_login(viewer)
    place = reverse("open_assistant", args=[at.bill.pk])
    assert client.post(place, {"page": "choose"}).status_code == 403
    assert client.post(place, {"page": "list"}).status_code == 200
    stranger = Client()
    stranger.force_login(UserFactory(role="accountant"))
    assert stranger.post(place, {"page": "choose"}).status_code == 404


def test_the_page_is_told_once_that_it_changed(at: Desk, page: Client) -> None:
    bill = reverse("bill", args=[at.bill.pk])
    assert 'hx-trigger="every' not in page.get(bill).content.decode()
    opened(at, page, "choose")
    shown = page.get(bill)
    assert 'hx-trigger="every 1s"' in shown.content.decode()
    seen = shown.context["assistant"].news.text
    place = reverse("bill_news", args=[at.bill.pk])
    assert page.get(place, {"seen": seen}).status_code == 204
    at.session = AssistantSession.objects.get()
    at.sandbox.world.messages[at.session.link_key] = [at.chosen(*at.serials(1))]
    at.hear()
    answer = page.get(place, {"seen": seen})
    assert (answer.status_code, answer["HX-Trigger"]) == (200, "bill-changed")


def test_closing_a_window_ends_its_session(at: Desk, page: Client) -> None:
    opened(at, page, "choose")
    page.post(reverse("close_assistant", args=[at.bill.pk]))
    session = AssistantSession.objects.get()
    shown = page.get(reverse("bill", args=[at.bill.pk])).content.decode()
    assert 'hx-trigger="every 1s"' in shown  # waiting messages of its channel are still received
    from apps.bills.assistant.listening import Listener

    listener = Listener()
    listener._round(session)
    session.refresh_from_db()
    assert session.closed_at
    assert (session.link_key, session.user_key) == ("", "")
    assert 'hx-trigger="every 1s"' not in page.get(reverse("bill", args=[at.bill.pk])).content.decode()


def test_messages_that_wait_are_listed_tried_again_and_put_aside(at: Desk, page: Client) -> None:
    at.session.save(force_insert=True)
    body = at.chosen(*at.serials(1))
    body["data"] |= {"billnumber": "BX-LATER", "bxd_key": ""}
    at.say(body, {"type": "new", "data": {}})
    waiting, strange = at.hear()
    assert reverse("assistant_messages") in page.get(reverse("bills")).content.decode()
    shown = page.get(reverse("assistant_messages")).content.decode()
    assert "BX-LATER" in shown
    page.post(reverse("put_message_aside", args=[strange.pk]))
    BillFactory(company=at.source.company, number="BX-LATER")
    page.post(reverse("apply_message", args=[waiting.pk]))
    for message in (waiting, strange):
        message.refresh_from_db()
    assert (waiting.state, strange.state) == ("applied", "dismissed")
    assert reverse("assistant_messages") not in page.get(reverse("bills")).content.decode()


@pytest.mark.parametrize("rows", [2, 20])
def test_the_list_of_messages_needs_the_same_queries_at_any_length(
    at: Desk, page: Client, rows: int, django_assert_max_num_queries
) -> None:
    from apps.bills.models import AssistantMessage

    AssistantMessage.objects.bulk_create(
        AssistantMessage(source=at.source, msg_id=f"m{n}", state="refused", bill=at.bill, payload="{}")
        for n in range(rows)
    )
    page.get(reverse("assistant_messages"))
    with django_assert_max_num_queries(14):
        page.get(reverse("assistant_messages"))


def test_the_assistant_over_rest(at: Desk, page: Client) -> None:
    place = f"/api/v1/bills/{at.bill.pk}/assistant/"
    answer = page.post(place, {"page": "choose"}, content_type="application/json")
    assert answer.status_code == 201, answer.content
    assert "/m4-web/fpzs/index?" in answer.json()["url"]
    at.session = AssistantSession.objects.get(pk=answer.json()["session"])
    at.sandbox.world.messages[at.session.link_key] = [at.chosen(*at.serials(2))]
    at.hear()
    (listed,) = page.get(place).json()["results"]
    assert (listed["type"], listed["state"], listed["bill"], listed["refused"]) == ("choose", "applied", at.bill.pk, [])
    assert "payload" not in listed
    assert page.post(place, {"page": "edit", "serial": "x"}, content_type="application/json").status_code == 409
    stranger = Client()
    stranger.force_login(UserFactory(role="accountant"))
    assert stranger.post(place, {}, content_type="application/json").status_code == 404
    assert stranger.get(place).json()["results"] == []


def test_the_administration_shows_windows_and_messages_without_keys(at: Desk, page: Client) -> None:
    at.session.save(force_insert=True)
    at.say({"type": "new", "data": {}})
    (message,) = at.hear()
    at.user.is_staff = True
    at.user.save()
    for place in (f"assistantsession/{at.session.pk}/change/", f"assistantmessage/{message.pk}/change/"):
        shown = page.get(f"/admin/bills/{place}")
        assert shown.status_code == 200
        assert LINK not in shown.content.decode()
    for place in ("assistantsession/", "assistantmessage/"):
        assert page.get(f"/admin/bills/{place}").status_code == 200
