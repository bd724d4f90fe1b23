"""Messages of the assistant: stored, confirmed and applied once, in any order and after any repetition."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.bills import jobs, services
from apps.bills.assistant import applying, receiving
from apps.bills.models import AssistantMessage, BillInvoice, BillLine
from apps.invoices.models import Invoice, SourceRecord
from apps.sandbox.server import running
from apps.sandbox.wire import encode
from apps.sources.connectors.piaozone.assistant import Assistant, Heard
from apps.sources.context import SourceContext
from tests.factories import BillFactory, UserFactory

from .assistants import LINK, QUICK, Desk, desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Iterator[Desk]:
    with running(invoices=160, seed=11, piaozone_hold=0.02) as sandbox, desk(sandbox) as prepared:
        yield prepared


def states() -> dict[str, int]:
    counts: dict[str, int] = {}
    for state in AssistantMessage.objects.values_list("state", flat=True):
        counts[state] = counts.get(state, 0) + 1
    return counts


def test_chosen_invoices_are_reserved_for_the_bill(at: Desk) -> None:
    chosen_serials = at.serials(5)
    at.say(at.chosen(*chosen_serials))
    (message,) = at.hear()
    assert message.state == "applied", (message.outcome_message, message.refused)
    assert sorted(at.on_bill()) == sorted(chosen_serials)
    bill_invoices = list(at.bill.bill_invoices.all())
    assert {bill_invoice.state for bill_invoice in bill_invoices} == {"reserved"}
    assert {bill_invoice.picked_by for bill_invoice in bill_invoices} == {at.user}
    assert set(Invoice.objects.filter(bill_invoices__in=bill_invoices).values_list("expense_status", flat=True)) == {
        "reserved"
    }
    assert message.receipted_at
    assert message.bill == at.bill
    assert at.sandbox.systems["piaozone"].confirmed == [message.msg_id]


def test_a_message_received_twice_is_stored_and_applied_once(at: Desk) -> None:
    at.say(at.chosen(*at.serials(2)))
    (message,) = at.hear()
    before = at.bill.revision
    with SourceContext(at.source, limits=QUICK) as context:
        again, new = receiving.store(at.session, Heard(message.msg_id, {"data": {"type": "saveBill"}}))
        assert (again.pk, new) == (message.pk, False)
        receiving._confirm(at.session, Assistant(context), again)
        applying.apply(again.pk)
    at.bill.refresh_from_db()
    assert at.bill.revision == before
    assert at.bill.bill_invoices.count() == 2


def test_the_same_choice_in_two_messages_takes_each_invoice_once(at: Desk) -> None:
    first, second, third = at.serials(3)
    at.say(at.chosen(first, second), at.chosen(first, second), at.chosen(first, second, third))
    assert {message.state for message in at.hear()} == {"applied"}
    assert sorted(at.on_bill()) == sorted([first, second, third])


def test_a_crash_between_storing_and_confirming_loses_nothing(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def die(*_: Any) -> None:
        raise Killed

    chosen_serials = at.serials(2)
    at.say(at.chosen(*chosen_serials))
    with monkeypatch.context() as patch:
        patch.setattr(Assistant, "confirm", die)
        with pytest.raises(Killed):
            at.hear()
    kept = AssistantMessage.objects.get()
    assert (kept.state, kept.receipted_at) == ("waiting", None)
    (message,) = at.hear()
    assert message.pk == kept.pk
    assert message.receipted_at
    assert sorted(at.on_bill()) == sorted(chosen_serials)


def test_after_a_crash_before_applying_the_job_applies_the_message(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen_serials = at.serials(2)
    at.say(at.chosen(*chosen_serials))
    with monkeypatch.context() as patch:
        patch.setattr(applying, "apply", lambda _pk: None)
        at.hear()
    assert at.on_bill() == []
    assert not applying.due().exists()  # the process that received it may be applying it
    AssistantMessage.objects.update(received_at="2026-01-01T00:00Z")
    jobs.apply_messages()
    assert sorted(at.on_bill()) == sorted(chosen_serials)
    assert not applying.due().exists()


def test_an_invoice_reserved_by_another_bill_is_refused_with_the_reason(at: Desk) -> None:
    taken, free = at.serials(2)
    at.say(at.chosen(taken))
    at.hear()
    other = BillFactory(company=at.bill.company, source=at.source, number="BX-OTHER")
    at.session.bill = other
    at.session.save()
    at.bill, former = other, at.bill
    at.say(at.chosen(taken, free))
    message = at.hear()[-1]
    assert message.state == "partly"
    assert [refusal.code for refusal in message.refusals] == ["bills.reserved_already"]
    assert former.number in str(message.refusals[0])
    assert at.on_bill() == [free]
    services.release(former, [former.bill_invoices.get().pk], at.user)
    applying.again(message)
    message.refresh_from_db()
    assert (message.state, message.refused) == ("applied", [])
    assert sorted(at.on_bill()) == sorted([taken, free])


def test_a_message_for_an_unknown_bill_is_applied_once_the_bill_exists(at: Desk) -> None:
    chosen_serials = at.serials(2)
    body = at.chosen(*chosen_serials)
    body["data"] |= {"billnumber": "BX-LATER", "bxd_key": "key-of-nobody"}
    at.say(body)
    (message,) = at.hear()
    assert (message.state, message.bill) == ("no_bill", None)
    assert (
        SourceRecord.objects.filter(external_id__in=chosen_serials).count() == 2
    )  # the invoices are in the ledger already
    assert not applying.due().exists()
    at.bill = services.create_bill(at.source.company, at.user, number="BX-LATER", source=at.source)
    assert list(applying.due()) == [message]
    jobs.apply_messages()
    message.refresh_from_db()
    assert (message.state, message.bill) == ("applied", at.bill)
    assert sorted(at.on_bill()) == sorted(chosen_serials)


def test_a_message_does_not_change_a_bill_of_another_company(at: Desk) -> None:
    foreign = BillFactory(number="BX-FOREIGN")
    body = at.chosen(*at.serials(1))
    body["data"] |= {"billnumber": foreign.number, "bxd_key": foreign.external_key}
    at.say(body)
    (message,) = at.hear()
    assert message.state == "no_bill"
    assert not foreign.bill_invoices.exists()


def test_a_submitted_bill_refuses_the_message(at: Desk) -> None:
    first, second = at.serials(2)
    at.say(at.chosen(first))
    at.hear()
    services.submit(at.bill, at.user)
    at.say(at.chosen(second))
    message = at.hear()[-1]
    assert (message.state, message.outcome_message and message.outcome_message.code) == (
        "refused",
        "bills.not_editable",
    )
    assert at.on_bill() == [first]


def test_unreadable_and_unknown_messages_are_stored_for_a_person(at: Desk) -> None:
    at.say({"type": "saveBill", "data": "{broken"}, {"type": "somethingNew", "data": {}}, {"no": "type"})
    at.hear()
    codes = [
        message.outcome_message and message.outcome_message.code for message in AssistantMessage.objects.order_by("pk")
    ]
    assert codes == ["assistant.unreadable", "assistant.new_type", "assistant.new_type"]
    assert states() == {"refused": 3}


def test_a_message_is_applied_later_when_the_vendor_fails(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen_serials = at.serials(1)
    at.say(at.chosen(*chosen_serials))
    monkeypatch.setattr(applying, "SourceContext", lambda source: SourceContext(source, limits=QUICK))
    at.sandbox.fault("piaozone", "http_500", times=1, call="/m4/fpzs/expense/invoice/detail/query")
    (message,) = at.hear()
    assert (message.state, message.attempts) == ("waiting", 1)
    assert message.outcome_message
    AssistantMessage.objects.update(retry_at="2026-01-01T00:00Z")
    jobs.apply_messages()
    assert at.on_bill() == chosen_serials


def groups(at: Desk, serials: list[str], shape: str) -> dict[str, Any]:
    """A choice in the vendor's four shapes, as short as its samples."""
    rows = [at.row(serial) for serial in serials]
    head: dict[str, Any] = {"billnumber": at.bill.number, "bxd_key": at.bill.external_key}
    if shape == "Tra":
        body: Any = [
            {"costName": "交通费", "costType": "traffic", "invoiceData": rows[:1]},
            {"costName": "住宿费", "costType": "hotel", "invoiceData": rows[1:]},
        ]
    elif shape == "Pur":
        body = {"buyerInfo": [{"buyerName": "甲"}], "purchaseInfo": [{"goodsName": "纸", "invoiceData": serials}]}
    elif shape == "BizOut":
        body = [{"salerName": "乙", "serialNo": serial} for serial in serials]
    else:
        body = rows
    return {"type": "saveBill", "data": {**head, "data": body}}


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize("shape", ["", "Tra", "Pur", "BizOut"])
def test_every_shape_of_a_choice_reserves_its_invoices(at: Desk, shape: str, as_text: bool) -> None:
    chosen_serials = at.serials(3)
    body = groups(at, chosen_serials, shape)
    if as_text:
        body["data"]["data"] = encode(body["data"]["data"]).decode()
        body["data"] = encode(body["data"]).decode()
    at.say(body)
    (message,) = at.hear()
    assert message.state == "applied", message.refusals
    assert sorted(at.on_bill()) == sorted(chosen_serials)
    lines = list(BillLine.objects.filter(bill=at.bill).values_list("cost_type", flat=True))
    assert lines == (["交通费", "住宿费"] if shape == "Tra" else [])


def adjustment(at: Desk, line: BillLine, *serials: str) -> dict[str, Any]:
    rows = [{"fid": serial, "fplx": "1", "fphm": ""} for serial in serials]
    body = {"bxd_key": at.bill.external_key, "branch_id": line.line_key, "list": rows, "traList": []}
    return {"type": "saveEntrys", "data": body}


def test_an_adjusted_line_has_the_invoices_of_the_message(at: Desk) -> None:
    first, second, third = at.serials(3)
    line = services.put_line(at.bill, at.user, cost_type="招待费")
    at.say(at.chosen(first, second))
    at.hear()
    at.say(adjustment(at, line, first, third))
    at.hear()
    assert dict(at.bill.bill_invoices.values_list("line", "state")) == {line.pk: "reserved", None: "reserved"}
    assert at.bill.bill_invoices.filter(line=line).count() == 2
    at.say(adjustment(at, line, third))
    at.hear()
    assert sorted(at.on_bill()) == sorted([second, third])
    at.say(adjustment(at, line))
    at.hear()
    assert at.on_bill() == [second]


def test_an_adjustment_may_arrive_before_the_choice(at: Desk) -> None:
    first, second = at.serials(2)
    line = services.put_line(at.bill, at.user, cost_type="招待费")
    at.say(adjustment(at, line, first), at.chosen(first, second))
    at.hear()
    placed = {bill_invoice.line_id for bill_invoice in BillInvoice.objects.filter(bill=at.bill)}
    assert placed == {line.pk}  # the second one as proposed
    assert len(at.on_bill()) == 2


def test_an_edited_invoice_gets_its_new_serial_number(at: Desk) -> None:
    (first,) = at.serials(1)
    at.say(at.chosen(first))
    at.hear()
    invoice = at.sandbox.world.invoice(first)
    assert invoice is not None
    at.session.serial = first
    at.session.save()
    world = at.sandbox.world
    renewed = f"{first[:-4]}-new"
    world.by_serial[renewed] = invoice
    row = {**at.row(first), "serialNo": renewed}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "apps.sandbox.rows.piaozone.detail", lambda one, seed: row if one is invoice else {}, raising=True
        )
        at.say(
            {
                "type": "updateInvoice",
                "data": {"billnumber": at.bill.number, "bxd_key": at.bill.external_key, "data": {"serialNo": renewed}},
            }
        )
        (message,) = at.hear()
    assert message.state == "applied", (message.outcome_message, message.refusals)
    assert at.on_bill() == [renewed]
    assert SourceRecord.objects.get(external_id=first).deleted
    at.session.refresh_from_db()
    assert at.session.serial == renewed


def test_only_people_of_the_company_see_a_message(at: Desk) -> None:
    from apps.bills.assistant.selectors import for_people

    at.say({"type": "somethingNew", "data": {}})
    at.hear()
    inside, outside = UserFactory(companies=[at.source.company]), UserFactory(companies=[])
    visible_to = AssistantMessage.objects.visible_to
    assert (visible_to(inside).count(), for_people(inside).count(), visible_to(outside).count()) == (1, 1, 0)


def test_keys_are_not_readable_in_the_database(at: Desk) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT link_key, user_key FROM bills_assistantsession")
        ((link, user),) = cursor.fetchall()
    assert LINK not in link
    assert user != "user"
