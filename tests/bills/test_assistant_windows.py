"""The sandbox's own pages, pressed like a person would: what they send changes the bill, and both sides agree after."""

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
    with running(invoices=160, seed=11, piaozone_hold=0.02) as sandbox, desk(sandbox) as found:
        AssistantSession.objects.all().delete()
        yield found


def press(at: Desk, page: str, *serials: str, **more: str) -> None:
    """Open the window from the bill's page, press its button, and hear what it says."""
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
    """Entry → serial numbers, in the sandbox's books."""
    told = at.sandbox.systems["piaozone"].books.snapshot()["bills"][at.bill.external_key]["entries"]
    return {line: sorted(serials) for line, serials in told.items() if serials}


def here(at: Desk) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for bill_invoice in at.bill.bill_invoices.exclude(state="released").select_related("line"):
        seen = SourceRecord.objects.get(source=at.source, invoice=bill_invoice.invoice, deleted=False)
        found.setdefault(bill_invoice.line.line_key if bill_invoice.line else "", []).append(seen.external_id)
    return {line: sorted(serials) for line, serials in found.items()}


@pytest.mark.parametrize("kind", ["expense", "travel", "purchase", "corporate"])
def test_choosing_for_every_type_of_bill(at: Desk, kind: str) -> None:
    services.edit_bill(at.bill, at.user, type=kind)
    wanted = at.serials(3)
    press(at, "choose", *wanted)
    assert sorted(at.on_bill()) == sorted(wanted)
    assert here(at) == there(at)


def test_what_is_unticked_is_gone_on_both_sides(at: Desk) -> None:
    first, second, third = at.serials(3)
    press(at, "choose", first, second)
    press(at, "choose", second, third)
    assert here(at) == there(at) == {"": sorted([second, third])}
    books = at.sandbox.systems["piaozone"].books
    assert first in at.serials(20)  # free there, too
    assert not any(at.sandbox.world.invoice(first) in bill.invoices for bill in books.bills.values())


def test_an_line_is_adjusted(at: Desk) -> None:
    line = services.put_line(at.bill, at.user, cost_type="招待费")
    first, second, third = at.serials(3)
    press(at, "choose", first)
    press(at, f"adjust:{line.pk}", second, third)
    assert here(at) == there(at) == {"": [first], line.line_key: sorted([second, third])}
    press(at, f"adjust:{line.pk}", third)
    assert here(at) == there(at) == {"": [first], line.line_key: [third]}


def test_a_corrected_invoice_keeps_its_place_under_its_new_number(at: Desk) -> None:
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
