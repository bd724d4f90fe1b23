"""Pages and REST endpoints of pushes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.outbox import delivery, orders
from apps.outbox.choices import PushState
from apps.outbox.models import Push
from apps.outbox.selectors import request_body
from apps.sources.choices import PushKind
from apps.sources.models import Source
from apps.sources.pushes import OrderInvoice
from tests.factories import AdminFactory, SourceFactory, UserFactory

from .conftest import Scripted, payload_of
from .test_delivery import FAILED, REFUSED, UNKNOWN, later

Queue = Callable[..., Push]
REST = "/api/v1/pushes/"


@pytest.fixture
def accountant(source: Source) -> User:
    return UserFactory(role="accountant", companies=[source.company])


@pytest.fixture
def pages(client: Client, accountant: User) -> Client:
    client.force_login(accountant)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def stopped(source: Source, upstream: type[Scripted], queue: Queue) -> Push:
    """A push of unknown outcome whose source has no status query."""
    payload = replace(payload_of(PushKind.VOUCHER_COLLECT, "voucher:1"), supplement="11010119900307123X")
    push = queue("voucher:1", payload=payload)
    upstream.answers.append(UNKNOWN)
    delivery.deliver(source.pk, 10)
    later()
    delivery.deliver(source.pk, 10)
    push.refresh_from_db()
    assert push.state == "needs_person"
    return push


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_problems_are_grouped_by_reason(pages: Client, source: Source, upstream: type[Scripted], queue: Queue) -> None:
    for n in range(3):
        queue(f"voucher:{n}")
    upstream.answers += [REFUSED] * 3
    delivery.deliver(source.pk, 10)
    shown = text(pages.get(reverse("pushes")))
    assert "and 2 like it" in shown
    assert "code 9" in shown
    example = Push.objects.order_by("-pk")[0]
    answer = pages.post(reverse("retry_pushes_alike", args=[example.pk]), follow=True)
    assert "3 pushes are sent now." in text(answer)
    assert not Push.objects.filter(state=PushState.NEEDS_PERSON).exists()


def test_only_pushes_of_visible_companies_are_listed(pages: Client, queue: Queue) -> None:
    mine = queue()
    foreign = SourceFactory(kind="piaozone")
    other = Push.objects.create(
        source=foreign, company=foreign.company, kind=PushKind.BILL_REMOVE, subject="x:1", ordering_keys=["x:1"],
        label="x",
        payload="{}", key="k",
    )  # fmt: skip
    assert list(pages.get(reverse("pushes")).context["page"].rows) == [mine]
    assert pages.get(reverse("push", args=[other.pk])).status_code == 404
    assert pages.post(reverse("retry_push", args=[other.pk])).status_code == 404
    assert [row["id"] for row in pages.get(REST).json()["results"]] == [mine.pk]
    assert pages.get(f"{REST}{other.pk}/").status_code == 404


@pytest.mark.parametrize("address", ["retry_push", "mark_push_done", "dismiss_push", "retry_pushes_alike"])
def test_viewers_can_read_but_not_decide(client: Client, source: Source, stopped: Push, address: str) -> None:
    client.force_login(UserFactory(role="viewer", companies=[source.company]))
    assert client.get(reverse("push", args=[stopped.pk])).status_code == 200
    assert client.post(reverse(address, args=[stopped.pk]), {"comment": "x"}).status_code == 403
    assert client.post(f"{REST}{stopped.pk}/retry/").status_code == 403


def test_an_unknown_outcome_offers_both_decisions(pages: Client, stopped: Push) -> None:
    shown = text(pages.get(reverse("push", args=[stopped.pk])))
    assert "It took effect in" in shown
    assert "It did not take effect in" in shown
    pages.post(reverse("mark_push_done", args=[stopped.pk]), {"comment": "voucher list of March"})
    stopped.refresh_from_db()
    assert (stopped.state, stopped.comment) == ("done", "voucher list of March")
    assert stopped.decided_by is not None


def test_a_push_sent_after_the_page_was_shown_is_not_resent(pages: Client, stopped: Push) -> None:
    assert 'name="looked" value="2"' in text(pages.get(reverse("push", args=[stopped.pk])))
    answer = pages.post(reverse("retry_push", args=[stopped.pk]), {"looked": "1"}, follow=True)
    assert "Look in the system" in text(answer)
    assert pages.post(f"{REST}{stopped.pk}/retry/", {}, "application/json").status_code == 409
    stopped.refresh_from_db()
    assert stopped.state == "needs_person"
    assert pages.post(f"{REST}{stopped.pk}/retry/", {"looked": 2}, "application/json").json()["state"] == "pending"


def test_a_decision_needs_a_reason(pages: Client, stopped: Push) -> None:
    answer = pages.post(reverse("dismiss_push", args=[stopped.pk]), {"comment": " "}, follow=True)
    assert "Say why" in text(answer)
    stopped.refresh_from_db()
    assert stopped.state == "needs_person"


def test_the_push_ahead_is_shown(pages: Client, stopped: Push, queue: Queue) -> None:
    behind = queue("voucher:1", PushKind.VOUCHER_VOID)
    assert "It waits for the one before it" in text(pages.get(reverse("push", args=[behind.pk])))


def test_personal_numbers_are_masked(pages: Client, stopped: Push) -> None:
    for address in (reverse("push", args=[stopped.pk]), f"{REST}{stopped.pk}/"):
        shown = text(pages.get(address))
        assert "19900307123" not in shown
        assert "1101" in shown


def test_the_list_polls_only_while_a_push_is_unsettled(pages: Client, source: Source, queue: Queue) -> None:
    queue()
    part = text(pages.get(reverse("pushes"), headers={"HX-Request": "true"}))
    assert "every 3s" in part
    assert "<html" not in part
    delivery.deliver(source.pk, 10)
    assert "every 3s" not in text(pages.get(reverse("pushes")))


def test_filters(pages: Client, source: Source, upstream: type[Scripted], queue: Queue) -> None:
    failed, _other = queue("voucher:1"), queue("voucher:2")
    upstream.answers.append(FAILED)
    delivery.deliver(source.pk, 10)
    for query in ({"state": "waiting"}, {"state": "unsettled"}, {"q": "voucher:1"}, {"code": "piaozone.failed"}):
        assert [push.pk for push in pages.get(reverse("pushes"), query).context["page"].rows] == [failed.pk]
        assert [row["id"] for row in pages.get(REST, query).json()["results"]] == [failed.pk]


def test_the_list_of_pushes_has_a_query_budget(
    pages: Client, source: Source, upstream: type[Scripted], queue: Queue, django_assert_max_num_queries: Any
) -> None:
    for n in range(60):
        queue(f"voucher:{n}")
    upstream.answers += [REFUSED] * 30
    delivery.deliver(source.pk, 10)
    with django_assert_max_num_queries(22):
        assert len(pages.get(reverse("pushes")).context["page"].rows) == 50


def test_deciding_over_rest(client: Client, accountant: User, stopped: Push) -> None:
    client.force_login(accountant)
    kept = {"headers": {"Idempotency-Key": "a-1"}, "content_type": "application/json"}
    assert client.post(f"{REST}{stopped.pk}/done/", {}, **kept).status_code == 400
    kept["headers"] = {"Idempotency-Key": "a-2"}
    answer = client.post(f"{REST}{stopped.pk}/done/", {"comment": "seen"}, **kept)
    assert (answer.status_code, answer.json()["state"]) == (200, "done")
    assert [attempt["outcome"] for attempt in answer.json()["attempts"]] == ["cannot_tell", "unknown"]
    again = client.post(f"{REST}{stopped.pk}/dismiss/", {"comment": "no"}, content_type="application/json")
    assert again.status_code == 409
    assert "voucher:1" in again.json()["detail"]


def test_a_printed_number_is_reported_to_its_order(pages: Client, accountant: User) -> None:
    shop = SourceFactory(kind="shopex", company=accountant.companies.get(), options={"shop_id": "s1"})
    assert pages.get(reverse("push_order_number"), {"order": "O-1"}).status_code == 200
    pages.post(reverse("push_order_number"), {"source": shop.pk, "order": "O-1", "number": "00012345"})
    pages.post(f"{REST}order-number/", {"source": shop.pk, "order": "O-1", "number": "00012346"}, "application/json")
    older, newer = Push.objects.order_by("pk")
    assert (older.state, newer.state) == ("cancelled", "pending")
    assert newer.content == OrderInvoice("O-1", "00012346")
    assert request_body(newer) == {"order_bn": "O-1", "invoice_no": "00012346", "shop_id": "s1"}
    foreign = SourceFactory(kind="shopex")
    answer = pages.post(reverse("push_order_number"), {"source": foreign.pk, "order": "O-1", "number": "1"})
    assert answer.context["form"].errors
    assert Push.objects.count() == 2


def test_long_order_numbers_have_distinct_subjects(accountant: User) -> None:
    shop = SourceFactory(kind="shopex", company=accountant.companies.get())
    for last in "ab":
        orders.report_number(shop, "O" * 59 + last, "1", None)
    assert list(Push.objects.values_list("state", flat=True)) == ["pending"] * 2


def test_the_admin_shows_pushes(client: Client, stopped: Push) -> None:
    client.force_login(AdminFactory())
    assert client.get(reverse("admin:outbox_push_changelist")).status_code == 200
    assert client.get(reverse("admin:outbox_push_change", args=[stopped.pk])).status_code == 200
