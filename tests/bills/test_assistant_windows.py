"""The sandbox's own pages, used like a person would: their messages change the bill, and both sides agree
afterwards."""

from collections.abc import Iterator

import pytest
import requests
from django.test import Client
from django.urls import reverse

from apps.bills import services
from apps.bills.models import AssistantSession
from apps.invoices.models import SourceRecord
from apps.outbox import delivery
from apps.sandbox.server import running

from .assistants import Desk, desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Iterator[Desk]:
    with running(invoices=160, seed=11, piaozone_hold=0.02) as sandbox, desk(sandbox) as prepared:
        AssistantSession.objects.all().delete()
        yield prepared


def press(at: Desk, page: str, *serials: str, **more: str) -> None:
    """Open the window from the bill's page, press its button, and apply its messages."""
    client = Client()
    client.force_login(at.user)
    answer = client.post(reverse("open_assistant", args=[at.bill.pk]), {"page": page})
    assert answer.status_code == 200, answer.content.decode()
    pressed = requests.post(
        answer.context["url"], data=[*(("serial", one) for one in serials), *more.items()], timeout=5
    )
    assert "已发送" in pressed.text, pressed.text
    at.session = AssistantSession.objects.order_by("-pk")[0]
    assert {message.state for message in at.hear()} == {"applied"}
    delivery.deliver(at.source.pk, 5)


def there(at: Desk) -> dict[str, list[str]]:
    """Line key → serial numbers, in the sandbox's books."""
    entries = at.sandbox.systems["piaozone"].books.snapshot()["bills"][at.bill.external_key]["entries"]
    return {line: sorted(serials) for line, serials in entries.items() if serials}


def here(at: Desk) -> dict[str, list[str]]:
    by_line: dict[str, list[str]] = {}
    for bill_invoice in at.bill.bill_invoices.exclude(state="released").select_related("line"):
        record = SourceRecord.objects.get(source=at.source, invoice=bill_invoice.invoice, deleted=False)
        by_line.setdefault(bill_invoice.line.line_key if bill_invoice.line else "", []).append(record.external_id)
    return {line: sorted(serials) for line, serials in by_line.items()}


@pytest.mark.parametrize("kind", ["expense", "travel", "purchase", "corporate"])
def test_choosing_for_every_type_of_bill(at: Desk, kind: str) -> None:
    services.edit_bill(at.bill, at.user, type=kind)
    chosen_serials = at.serials(3)
    press(at, "choose", *chosen_serials)
    assert sorted(at.on_bill()) == sorted(chosen_serials)
    assert here(at) == there(at)


def test_an_unticked_invoice_is_released_on_both_sides(at: Desk) -> None:
    first, second, third = at.serials(3)
    press(at, "choose", first, second)
    press(at, "choose", second, third)
    assert here(at) == there(at) == {"": sorted([second, third])}
    books = at.sandbox.systems["piaozone"].books
    assert first in at.serials(20)  # on no bill there
    assert not any(at.sandbox.world.invoice(first) in bill.invoices for bill in books.bills.values())


def test_a_line_is_adjusted(at: Desk) -> None:
    line = services.put_line(at.bill, at.user, cost_type="招待费")
    first, second, third = at.serials(3)
    press(at, "choose", first)
    press(at, f"adjust:{line.pk}", second, third)
    assert here(at) == there(at) == {"": [first], line.line_key: sorted([second, third])}
    press(at, f"adjust:{line.pk}", third)
    assert here(at) == there(at) == {"": [first], line.line_key: [third]}


def test_a_corrected_invoice_stays_on_the_bill_under_its_new_number(at: Desk) -> None:
    first, second = at.serials(2)
    press(at, "choose", first, second)
    press(at, f"edit:{first}", remark="改正")
    assert len(at.on_bill()) == 2
    assert first not in at.on_bill()
    assert here(at) == there(at)
    services.submit(at.bill, at.user)
    delivery.deliver(at.source.pk, 5)
    bill = at.sandbox.systems["piaozone"].books.bills[at.bill.external_key]
    assert (bill.saved, bill.status, len(bill.invoices)) == (True, "30", 2)
