"""The commands for bills, vouchers and pushes."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.outbox import delivery
from apps.outbox.models import Push
from apps.outbox.selectors import request_body
from apps.sources.models import Source
from tests.factories import AuditedVoucherFactory, BillFactory, InvoiceFactory, UserFactory, VoucherFactory

from .conftest import Scripted
from .test_delivery import REFUSED

pytestmark = pytest.mark.django_db


def output_of(*words: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def test_waiting_pushes_are_listed_and_decided(
    source: Source, upstream: type[Scripted], queue: Callable[..., Push]
) -> None:
    push = queue()
    person = UserFactory(role="accountant", companies=[source.company])
    upstream.answers.append(REFUSED)
    delivery.deliver(source.pk, 10)
    (line,) = output_of("pushes").splitlines()
    assert json.loads(line)["id"] == push.pk
    with pytest.raises(CommandError):
        output_of("pushes", push.pk, do="done", person=person.username)
    shown = json.loads(output_of("pushes", push.pk, do="done", comment="seen there", person=person.username))
    assert (shown["state"], [one["outcome"] for one in shown["attempts"]]) == ("done", ["refused"])
    push.refresh_from_db()
    assert push.decided_by == person
    with pytest.raises(CommandError):
        output_of("pushes", push.pk, do="retry")
    with pytest.raises(CommandError):
        output_of("pushes", push.pk + 1)


def test_a_voucher_is_shown_and_collected(upstream: type[Scripted]) -> None:
    voucher = AuditedVoucherFactory()
    shown = json.loads(output_of("voucher", voucher.vouch_id))
    assert (shown["state"], shown["problems"]) == ("audited", [])
    assert shown["payload"]["voucherInfo"]["vouchId"] == voucher.vouch_id
    assert json.loads(output_of("voucher", voucher.vouch_id, do="collect"))["push_state"] == "waiting"
    assert request_body(Push.objects.get()) == shown["payload"]
    with pytest.raises(CommandError):
        output_of("voucher", voucher.vouch_id, do="reopen")
    with pytest.raises(CommandError):
        output_of("voucher", "nobody")


def test_the_named_person_needs_the_permissions(source: Source, queue: Callable[..., Push]) -> None:
    push, voucher = queue(), VoucherFactory(book__company=source.company)
    viewer = UserFactory(role="viewer", companies=[source.company])
    stranger = UserFactory(role="accountant")
    for who in (viewer, stranger):
        with pytest.raises(CommandError):
            output_of("pushes", push.pk, do="dismiss", comment="x", person=who.username)
        with pytest.raises(CommandError):
            output_of("voucher", voucher.vouch_id, do="collect", person=who.username)
    assert output_of("pushes", state="pending", person=stranger.username) == ""
    assert json.loads(output_of("voucher", voucher.vouch_id, person=viewer.username))["state"] == "draft"


def test_a_bill_is_shown_and_changes_state() -> None:
    bill = BillFactory()
    person = UserFactory(role="accountant", companies=[bill.company])
    with pytest.raises(CommandError):
        output_of("bill", bill.number, do="submit")  # nothing is on it
    invoice = InvoiceFactory(company=bill.company)
    (reserved,) = json.loads(output_of("bill", bill.number, reserve=[invoice.pk]))["bill_invoices"]
    assert reserved["invoice"] == invoice.pk
    rival, refused = BillFactory(company=bill.company), io.StringIO()
    assert json.loads(output_of("bill", rival.number, reserve=[invoice.pk], stderr=refused))["bill_invoices"] == []
    assert bill.number in refused.getvalue()
    assert json.loads(output_of("bill", bill.number, release=[invoice.pk]))["bill_invoices"] == []
    with pytest.raises(CommandError):
        output_of("bill", bill.number, do="discard")  # without a reason
    with pytest.raises(CommandError):
        output_of("bill", bill.number, do="discard", reason="x", person="nobody")
    shown = json.loads(output_of("bill", bill.number, do="discard", reason="made twice", person=person.username))
    assert (shown["state"], shown["timeline"][0]["user"]) == ("discarded", person.username)
    other = BillFactory(number=bill.number)
    with pytest.raises(CommandError):
        output_of("bill", bill.number)
    assert json.loads(output_of("bill", bill.number, company=other.company.tax_no))["id"] == other.pk
