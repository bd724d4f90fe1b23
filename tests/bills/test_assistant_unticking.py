"""Unticking in the assistant releases exactly the unticked invoices of a draft; a person can put them back."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.bills import services
from apps.bills.assistant import applying, opening
from apps.bills.assistant.choices import Page
from apps.bills.models import AssistantMessage, AssistantSession, BillInvoice
from apps.core.messages import Message
from apps.invoices.models import Invoice
from apps.sandbox.server import running
from tests.factories import BillFactory, UserFactory

from .assistants import LINK, Desk, desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Iterator[Desk]:
    with running(invoices=160, seed=11, piaozone_hold=0.02) as sandbox, desk(sandbox) as prepared:
        yield prepared


def window(at: Desk) -> AssistantSession:
    """Open a window for choosing that shows the present invoices; later messages come from it."""
    at.bill.refresh_from_db()
    opened = opening.open_page(at.bill, at.user, Page.CHOOSE).session
    assert opened is not None
    opened.link_key = LINK
    opened.save()
    at.session = opened
    return opened


def filled(at: Desk, *serials: str) -> None:
    """Put these invoices on the bill and open a new window that shows them."""
    at.say(at.chosen(*serials))
    at.hear()
    window(at)


def heard(at: Desk) -> AssistantMessage:
    return at.hear()[-1]


def test_an_unticked_invoice_is_released(at: Desk) -> None:
    first, second, third = at.serials(3)
    filled(at, first, second)
    at.say(at.chosen(first, third))
    message = heard(at)
    assert message.state == "applied", message.refusals
    assert sorted(at.on_bill()) == sorted([first, third])
    (gone,) = BillInvoice.objects.filter(bill=at.bill, state="released")
    assert message.taken_off == [gone.pk]
    assert Invoice.objects.get(pk=gone.invoice_id).expense_status == "unused"
    step = at.bill.timeline.get(action="release")
    assert (step.user, step.sentence and step.sentence.code) == (at.user, "assistant.was_unticked")
    assert str(gone.invoice) in str(step.sentence)
    other = BillFactory(company=at.bill.company)
    assert services.reserve(other, [gone.invoice_id], at.user).bill_invoices


def test_a_person_reserves_unticked_invoices_again(at: Desk) -> None:
    first, second = at.serials(2)
    filled(at, first, second)
    bill_invoice = at.bill.bill_invoices.order_by("pk").last()
    assert bill_invoice is not None
    services.adjust_bill_invoice(at.bill, bill_invoice, at.user, deductible=True)
    at.say(at.chosen(first))
    message = heard(at)
    client, place = Client(), reverse("put_back_unticked", args=[message.pk])
    client.force_login(UserFactory(role="accountant"))
    assert client.post(place).status_code == 404
    client.force_login(UserFactory(role="viewer", companies=[at.bill.company]))
    assert client.post(place).status_code == 403
    client.force_login(at.user)
    assert place in client.get(reverse("bill", args=[at.bill.pk])).content.decode()
    client.post(place)
    bill_invoice.refresh_from_db()
    assert (bill_invoice.state, bill_invoice.deductible) == ("reserved", True)
    assert sorted(at.on_bill()) == sorted([first, second])
    assert place not in client.get(reverse("bill", args=[at.bill.pk])).content.decode()
    client.post(place)  # a second request does nothing
    assert at.bill.timeline.filter(message__code="bills.was_put_back").count() == 1
    AssistantMessage.objects.filter(pk=message.pk).update(state="partly")
    applying.again(message)  # applying the message again releases nothing
    assert sorted(at.on_bill()) == sorted([first, second])


def test_an_invoice_reserved_elsewhere_since_is_not_put_back(at: Desk) -> None:
    first, second = at.serials(2)
    filled(at, first, second)
    at.say(at.chosen(first))
    message = heard(at)
    gone = BillInvoice.objects.get(pk=message.taken_off[0])
    services.reserve(BillFactory(company=at.bill.company), [gone.invoice_id], at.user)
    assert applying.put_back(message, at.user) == services.Restored(reserved=0, lost=1)
    assert at.on_bill() == [first]


def test_only_invoices_that_the_window_showed_are_released(at: Desk) -> None:
    first, second, later = at.serials(3)
    filled(at, first, second)
    mine = at.session
    at.say(at.chosen(first, second, later))  # from another window, meanwhile
    at.session = AssistantSession.objects.exclude(pk=mine.pk).get()
    at.hear()
    at.session = mine
    at.say(at.chosen(first))
    assert heard(at).state == "applied"
    assert sorted(at.on_bill()) == sorted([first, later])


def test_a_message_without_the_full_list_only_adds(at: Desk) -> None:
    first, second, third = at.serials(3)
    filled(at, first, second)
    body = at.chosen(third)
    del body["data"]["invoiceSerialNos"]
    at.say(body)
    assert heard(at).state == "applied"
    assert sorted(at.on_bill()) == sorted([first, second, third])
    at.say(at.chosen())
    assert heard(at).state == "applied"
    assert len(at.on_bill()) == 3


def test_a_submitted_bill_keeps_unticked_invoices_with_a_message(at: Desk) -> None:
    first, second = at.serials(2)
    filled(at, first, second)
    services.submit(at.bill, at.user)
    at.say(at.chosen(first))
    message = heard(at)
    assert (message.state, message.taken_off) == ("partly", [])
    assert message.outcome_message == Message("assistant.stayed")
    assert [one.code for one in message.refusals] == ["assistant.unticked_late"]
    assert at.bill.number in str(message.refusals[0])
    assert len(at.on_bill()) == 2


def test_a_message_with_an_unknown_invoice_releases_nothing(at: Desk) -> None:
    first, second = at.serials(2)
    filled(at, first, second)
    body = at.chosen(first)
    body["data"]["data"].append({"invoiceNo": "1"})
    at.say(body)
    message = heard(at)
    assert [one.code for one in message.refusals] == ["assistant.no_serial", "assistant.unticked_unclear"]
    assert len(at.on_bill()) == 2


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_messages_of_one_window_give_one_result_in_any_order(at: Desk, order: tuple[int, ...]) -> None:
    base, other, new, never = at.serials(4)
    filled(at, base, other, never)
    bodies = [at.chosen(base, other), at.chosen(base, other, new), at.chosen(base, new)]
    at.say(*(bodies[place] for place in order), *(bodies[place] for place in order))
    at.hear()
    # Invoices named by any message stay; others are released.
    assert sorted(at.on_bill()) == sorted([base, other, new])
    refused = {code for one in AssistantMessage.objects.all() for refusal in one.refusals if (code := refusal.code)}
    assert refused <= {"assistant.ticked_and_not"}
    assert not AssistantMessage.objects.filter(state__in=["refused", "waiting"]).exists()


def test_messages_applied_out_of_order_need_no_person(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = at.serials(3)
    filled(at, first)
    at.say(at.chosen(first, second), at.chosen(first, second, third))
    with monkeypatch.context() as patch:  # as when the process is killed in front of applying
        patch.setattr(applying, "apply", lambda _pk: None)
        one, two = at.hear()
    applying.apply(two.pk)
    applying.apply(one.pk)
    assert set(AssistantMessage.objects.filter(pk__in=[one.pk, two.pk]).values_list("state", flat=True)) == {"applied"}
    assert sorted(at.on_bill()) == sorted([first, second, third])


def test_a_late_message_of_an_earlier_window_releases_nothing(at: Desk) -> None:
    first, second, picked = at.serials(3)
    earlier = at.session
    at.say(at.chosen(first, second, picked))
    at.hear()
    (bill_invoice,) = at.bill.bill_invoices.filter(pk__gt=at.bill.bill_invoices.order_by("pk")[1].pk)
    services.release(at.bill, [bill_invoice.pk], at.user)
    window(at)
    at.say(at.chosen(first, second, picked))
    at.hear()
    at.session = earlier
    at.say(at.chosen(first))
    at.hear()
    assert sorted(at.on_bill()) == sorted([first, second, picked])


def test_a_window_with_other_invoices_gets_its_own_channel(at: Desk) -> None:
    AssistantSession.objects.all().delete()
    first, same = (opening.open_page(at.bill, at.user, Page.CHOOSE).session for _ in range(2))
    assert first == same
    at.session = window(at)
    at.say(at.chosen(*at.serials(2)))
    at.hear()
    third = opening.open_page(at.bill, at.user, Page.CHOOSE).session
    assert third is not None
    assert third != first
    assert third.shown == list(at.bill.bill_invoices.order_by("pk").values_list("pk", flat=True))
    bill_invoice = at.bill.bill_invoices.order_by("pk")[0]
    BillInvoice.objects.filter(pk=bill_invoice.pk).update(
        picked_at=timezone.now() + timedelta(seconds=1)
    )  # put back since
    assert opening.open_page(at.bill, at.user, Page.CHOOSE).session != third
