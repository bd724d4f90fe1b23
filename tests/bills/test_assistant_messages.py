"""Messages of the assistant: kept, confirmed, applied once, whatever order and however often they come."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.bills import jobs, services
from apps.bills.assistant import applying, hearing
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
    with running(invoices=160, seed=11, piaozone_hold=0.02) as sandbox, desk(sandbox) as found:
        yield found


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in AssistantMessage.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def test_what_is_chosen_is_on_the_bill_and_held(at: Desk) -> None:
    wanted = at.serials(5)
    at.say(at.chosen(*wanted))
    (message,) = at.hear()
    assert message.state == "applied", (message.outcome_message, message.refused)
    assert sorted(at.on_bill()) == sorted(wanted)
    bill_invoices = list(at.bill.bill_invoices.all())
    assert {bill_invoice.state for bill_invoice in bill_invoices} == {"reserved"}
    assert {bill_invoice.picked_by for bill_invoice in bill_invoices} == {at.user}
    assert set(Invoice.objects.filter(bill_invoices__in=bill_invoices).values_list("expense_status", flat=True)) == {
        "reserved"
    }
    assert message.receipted_at
    assert message.bill == at.bill
    assert at.sandbox.systems["piaozone"].confirmed == [message.msg_id]


def test_a_message_that_comes_twice_is_one(at: Desk) -> None:
    at.say(at.chosen(*at.serials(2)))
    (message,) = at.hear()
    before = at.bill.revision
    with SourceContext(at.source, limits=QUICK) as line:
        again, new = hearing.keep(at.session, Heard(message.msg_id, {"data": {"type": "saveBill"}}))
        assert (again.pk, new) == (message.pk, False)
        hearing._confirm(at.session, Assistant(line), again)
        applying.apply(again.pk)
    at.bill.refresh_from_db()
    assert at.bill.revision == before
    assert at.bill.bill_invoices.count() == 2


def test_the_same_choice_in_two_messages_takes_each_invoice_once(at: Desk) -> None:
    first, second, third = at.serials(3)
    at.say(at.chosen(first, second), at.chosen(first, second), at.chosen(first, second, third))
    assert {message.state for message in at.hear()} == {"applied"}
    assert sorted(at.on_bill()) == sorted([first, second, third])


def test_killed_between_keeping_and_receipt_nothing_is_lost(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def die(*_: Any) -> None:
        raise Killed

    wanted = at.serials(2)
    at.say(at.chosen(*wanted))
    with monkeypatch.context() as patch:
        patch.setattr(Assistant, "confirm", die)
        with pytest.raises(Killed):
            at.hear()
    kept = AssistantMessage.objects.get()
    assert (kept.state, kept.receipted_at) == ("waiting", None)
    (message,) = at.hear()
    assert message.pk == kept.pk
    assert message.receipted_at
    assert sorted(at.on_bill()) == sorted(wanted)


def test_killed_between_receipt_and_applying_the_tick_applies_it(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = at.serials(2)
    at.say(at.chosen(*wanted))
    with monkeypatch.context() as patch:
        patch.setattr(applying, "apply", lambda _pk: None)
        at.hear()
    assert at.on_bill() == []
    assert not applying.due().exists()  # whoever heard it may be at it
    AssistantMessage.objects.update(received_at="2026-01-01T00:00Z")
    jobs.apply_messages()
    assert sorted(at.on_bill()) == sorted(wanted)
    assert not applying.due().exists()


def test_an_invoice_somebody_else_holds_is_refused_with_the_reason(at: Desk) -> None:
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


def test_a_message_for_an_unknown_bill_waits_for_it(at: Desk) -> None:
    wanted = at.serials(2)
    body = at.chosen(*wanted)
    body["data"] |= {"billnumber": "BX-LATER", "bxd_key": "key-of-nobody"}
    at.say(body)
    (message,) = at.hear()
    assert (message.state, message.bill) == ("no_bill", None)
    assert SourceRecord.objects.filter(external_id__in=wanted).count() == 2  # the invoices are in the ledger already
    assert not applying.due().exists()
    at.bill = services.create_bill(at.source.company, at.user, number="BX-LATER", source=at.source)
    assert list(applying.due()) == [message]
    jobs.apply_messages()
    message.refresh_from_db()
    assert (message.state, message.bill) == ("applied", at.bill)
    assert sorted(at.on_bill()) == sorted(wanted)


def test_a_bill_of_another_company_is_none_of_ours(at: Desk) -> None:
    foreign = BillFactory(number="BX-FOREIGN")
    body = at.chosen(*at.serials(1))
    body["data"] |= {"billnumber": foreign.number, "bxd_key": foreign.external_key}
    at.say(body)
    (message,) = at.hear()
    assert message.state == "no_bill"
    assert not foreign.bill_invoices.exists()


def test_a_bill_that_was_handed_in_takes_nothing_and_says_so(at: Desk) -> None:
    first, second = at.serials(2)
    at.say(at.chosen(first))
    at.hear()
    services.submit(at.bill, at.user)
    at.say(at.chosen(second))
    message = at.hear()[-1]
    assert (message.state, message.outcome_message and message.outcome_message.code) == ("refused", "bills.not_editable")
    assert at.on_bill() == [first]


def test_what_cannot_be_understood_is_kept_for_a_person(at: Desk) -> None:
    at.say({"type": "saveBill", "data": "{broken"}, {"type": "somethingNew", "data": {}}, {"no": "type"})
    at.hear()
    codes = [message.outcome_message and message.outcome_message.code for message in AssistantMessage.objects.order_by("pk")]
    assert codes == ["assistant.unreadable", "assistant.new_type", "assistant.new_type"]
    assert states() == {"refused": 3}


def test_a_vendor_that_is_away_delays_and_loses_nothing(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = at.serials(1)
    at.say(at.chosen(*wanted))
    monkeypatch.setattr(applying, "SourceContext", lambda source: SourceContext(source, limits=QUICK))
    at.sandbox.fault("piaozone", "http_500", times=1, call="/m4/fpzs/expense/invoice/detail/query")
    (message,) = at.hear()
    assert (message.state, message.attempts) == ("waiting", 1)
    assert message.outcome_message
    AssistantMessage.objects.update(retry_at="2026-01-01T00:00Z")
    jobs.apply_messages()
    assert at.on_bill() == wanted


def groups(at: Desk, serials: list[str], shape: str) -> dict[str, Any]:
    """The four shapes, as small as the vendor's samples are."""
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
def test_every_shape_puts_its_invoices_on_the_bill(at: Desk, shape: str, as_text: bool) -> None:
    wanted = at.serials(3)
    body = groups(at, wanted, shape)
    if as_text:
        body["data"]["data"] = encode(body["data"]["data"]).decode()
        body["data"] = encode(body["data"]).decode()
    at.say(body)
    (message,) = at.hear()
    assert message.state == "applied", message.refusals
    assert sorted(at.on_bill()) == sorted(wanted)
    lines = list(BillLine.objects.filter(bill=at.bill).values_list("cost_type", flat=True))
    assert lines == (["交通费", "住宿费"] if shape == "Tra" else [])


def line_says(at: Desk, line: BillLine, *serials: str) -> dict[str, Any]:
    rows = [{"fid": serial, "fplx": "1", "fphm": ""} for serial in serials]
    body = {"bxd_key": at.bill.external_key, "branch_id": line.line_key, "list": rows, "traList": []}
    return {"type": "saveEntrys", "data": body}


def test_an_adjusted_line_consists_of_what_the_message_says(at: Desk) -> None:
    first, second, third = at.serials(3)
    line = services.put_line(at.bill, at.user, cost_type="招待费")
    at.say(at.chosen(first, second))
    at.hear()
    at.say(line_says(at, line, first, third))
    at.hear()
    assert dict(at.bill.bill_invoices.values_list("line", "state")) == {line.pk: "reserved", None: "reserved"}
    assert at.bill.bill_invoices.filter(line=line).count() == 2
    at.say(line_says(at, line, third))
    at.hear()
    assert sorted(at.on_bill()) == sorted([second, third])
    at.say(line_says(at, line))
    at.hear()
    assert at.on_bill() == [second]


def test_lines_before_the_choice_are_no_trouble(at: Desk) -> None:
    first, second = at.serials(2)
    line = services.put_line(at.bill, at.user, cost_type="招待费")
    at.say(line_says(at, line, first), at.chosen(first, second))
    at.hear()
    placed = {bill_invoice.line_id for bill_invoice in BillInvoice.objects.filter(bill=at.bill)}
    assert placed == {line.pk, None}
    assert len(at.on_bill()) == 2


def test_a_new_serial_number_is_followed(at: Desk) -> None:
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
    from apps.bills.assistant.selectors import for_people, messages

    at.say({"type": "somethingNew", "data": {}})
    at.hear()
    inside, outside = UserFactory(companies=[at.source.company]), UserFactory(companies=[])
    assert (messages(inside).count(), for_people(inside).count(), messages(outside).count()) == (1, 1, 0)


def test_keys_are_not_readable_in_the_database(at: Desk) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT link_key, user_key FROM bills_assistantsession")
        ((link, user),) = cursor.fetchall()
    assert LINK not in link
    assert user != "user"
