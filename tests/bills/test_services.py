"""The services of bills: reservations, the expense status in the ledger, permissions and refusals."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from apps.accounts.models import Company, User
from apps.bills import services
from apps.bills.choices import BillInvoiceState
from apps.bills.models import Bill, BillInvoice, BillLine, ReservationPolicy
from apps.core.errors import HubError
from apps.duplicates.models import CaseMember, DuplicateCase
from apps.invoices import merges
from apps.invoices.models import Invoice, InvoiceUsage
from apps.sources.models import Source
from apps.vouchers.models import VoucherBill
from tests.factories import MORNING, BillFactory, SourceFactory, UserFactory, VoucherFactory
from tests.invoices.ledgers import bring

from .builders import invoices, record_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return SourceFactory()


@pytest.fixture
def wang(source: Source) -> User:
    return UserFactory(username="wang", role="accountant", companies=[source.company])


@pytest.fixture
def chen(source: Source) -> User:
    return UserFactory(username="chen", role="reviewer", companies=[source.company])


@pytest.fixture
def bill(source: Source) -> Bill:
    return BillFactory(company=source.company)


def expense(invoice: Invoice) -> str:
    return Invoice.objects.get(pk=invoice.pk).expense_status


def test_the_expense_status_follows_every_step(source: Source, bill: Bill, wang: User, chen: User) -> None:
    (invoice,) = invoices(source, 1)
    services.reserve(bill, [invoice.pk], wang)
    assert expense(invoice) == "reserved"
    steps = [
        (services.submit, {}, "reserved"),
        (services.approve, {}, "used"),
        (services.book, {}, "booked"),
        (services.unbook, {"reason": "wrong period"}, "used"),
        (services.unapprove, {"reason": "too early"}, "reserved"),
        (services.reject, {"reason": "no contract"}, "unused"),
        (services.reopen, {}, "reserved"),
        (services.submit, {}, "reserved"),
        (services.withdraw, {"reason": "mine again"}, "unused"),
        (services.discard, {"reason": "not needed"}, "unused"),
    ]
    for step, more, expected in steps:
        step(bill, chen if step == services.approve else wang, **more)
        assert expense(invoice) == expected, step
    bill.refresh_from_db()
    assert (bill.state, bill.submitted_at, bill.approved_at, bill.booked_at) == ("discarded", None, None, None)
    steps_taken = [(step.action, step.reason) for step in bill.timeline.order_by("pk")]
    assert steps_taken[0] == ("pick", "")
    assert ("reject", "no contract") in steps_taken
    assert len(steps_taken) == 11


def test_a_refusal_names_bill_person_and_time_of_the_reservation(source: Source, bill: Bill, wang: User) -> None:
    one, two = invoices(source, 2)
    services.reserve(bill, [one.pk], wang)
    other = BillFactory(company=source.company)
    picked = services.reserve(other, [one.pk, two.pk], wang)
    assert [bill_invoice.invoice_id for bill_invoice in picked.bill_invoices] == [two.pk]
    (refusal,) = picked.refused
    params = refusal.message.params
    assert refusal.message.code == "bills.reserved_already"
    assert (params["bill"], params["who"], bool(params["since"])) == (bill.number, "wang", True)


def test_a_refusal_hides_bills_of_invisible_companies(source: Source, bill: Bill, wang: User) -> None:
    (invoice,) = invoices(source, 1)
    services.reserve(bill, [invoice.pk], wang)
    elsewhere = SourceFactory()
    Invoice.objects.update(company_ids=[source.company_id, elsewhere.company_id])
    stranger = UserFactory(role="accountant", companies=[elsewhere.company])
    (refusal,) = services.reserve(BillFactory(company=elsewhere.company), [invoice.pk], stranger).refused
    assert refusal.message.code == "bills.reserved_unseen"
    assert bill.number not in str(refusal.message)


def test_invoices_of_other_companies_and_unknown_ids_are_refused(source: Source, bill: Bill, wang: User) -> None:
    (invoice,) = invoices(SourceFactory(), 1)
    codes = [refusal.message.code for refusal in services.reserve(bill, [invoice.pk, 10**9], wang).refused]
    assert codes == ["bills.unknown_invoice"] * 2
    (refusal,) = services.reserve(bill, [invoice.pk], None).refused
    assert refusal.message.code == "bills.not_of_company"


def test_shares_by_amount_where_the_policy_of_company_and_type_says_so(source: Source, bill: Bill, wang: User) -> None:
    (invoice,) = invoices(source, 1)
    ReservationPolicy.objects.create(bill_type=bill.type, share_by_amount=True)
    other = BillFactory(company=source.company)
    services.reserve(bill, [invoice.pk], wang, amounts={invoice.pk: Decimal(100)})
    (refusal,) = services.reserve(other, [invoice.pk], wang, amounts={invoice.pk: Decimal(14)}).refused
    assert (refusal.message.code, refusal.message.params["left"]) == ("bills.exceeds_rest", "13.00")
    (bill_invoice,) = services.reserve(other, [invoice.pk], wang).bill_invoices
    assert bill_invoice.amount == Decimal(13)
    with pytest.raises(HubError) as refused:
        services.adjust_bill_invoice(other, bill_invoice, wang, amount=Decimal("13.01"))
    assert refused.value.message.code == "bills.exceeds_rest"
    ReservationPolicy.objects.create(company=source.company, bill_type=bill.type, share_by_amount=False)
    (refusal,) = services.reserve(BillFactory(company=source.company), [invoice.pk], wang).refused
    assert refusal.message.code == "bills.reserved_already"


def test_an_amount_above_the_total_is_refused(source: Source, bill: Bill, wang: User) -> None:
    (invoice,) = invoices(source, 1)
    (refusal,) = services.reserve(bill, [invoice.pk], wang, amounts={invoice.pk: Decimal("113.01")}).refused
    assert refusal.message.code == "bills.exceeds_total"


def test_an_exclusive_reservation_stays_exclusive_when_the_policy_changes(
    source: Source, bill: Bill, wang: User
) -> None:
    (invoice,) = invoices(source, 1)
    services.reserve(bill, [invoice.pk], wang, amounts={invoice.pk: Decimal(50)})
    ReservationPolicy.objects.create(share_by_amount=True)
    (refusal,) = services.reserve(BillFactory(company=source.company), [invoice.pk], wang).refused
    assert refusal.message.code == "bills.reserved_already"


def test_a_fully_shared_invoice_is_refused(source: Source, bill: Bill, wang: User) -> None:
    (invoice,) = invoices(source, 1)
    ReservationPolicy.objects.create(share_by_amount=True)
    services.reserve(bill, [invoice.pk], wang)
    (refusal,) = services.reserve(BillFactory(company=source.company), [invoice.pk], wang).refused
    assert (refusal.message.code, refusal.message.params["left"]) == ("bills.exceeds_rest", "0.00")


def test_the_expense_status_is_the_furthest_of_several(source: Source, bill: Bill, wang: User, chen: User) -> None:
    (invoice,) = invoices(source, 1)
    ReservationPolicy.objects.create(share_by_amount=True)
    services.reserve(bill, [invoice.pk], wang, amounts={invoice.pk: Decimal(50)})
    services.submit(bill, wang)
    services.approve(bill, chen)
    services.reserve(BillFactory(company=source.company), [invoice.pk], wang)
    assert expense(invoice) == "used"


def test_a_part_of_a_red_letter_invoice_is_negative(source: Source, bill: Bill, wang: User) -> None:
    bring(source, record_of(1, total_amount=Decimal("-113.00")))
    (invoice,) = Invoice.objects.all()
    (bill_invoice,) = services.reserve(bill, [invoice.pk], wang, amounts={invoice.pk: Decimal(50)}).bill_invoices
    assert bill_invoice.amount == Decimal(-50)


def test_small_scale_companies_do_not_deduct(source: Source, bill: Bill, wang: User) -> None:
    one, two = invoices(source, 2)
    assert services.reserve(bill, [one.pk], wang).bill_invoices[0].deductible is None  # not decided
    Company.objects.filter(pk=source.company_id).update(small_scale=True)
    assert services.reserve(bill, [two.pk], wang).bill_invoices[0].deductible is False


def test_too_many_at_once_are_refused(source: Source, bill: Bill, wang: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.bills.services.reserving.MOST_AT_ONCE", 1)
    picked = [invoice.pk for invoice in invoices(source, 2)]
    assert code_of(lambda: services.reserve(bill, picked, wang)) == "bills.too_many"
    assert services.reserve(bill, picked[:1], wang).bill_invoices


def test_a_certain_duplicate_needs_a_finance_managers_reason(source: Source, bill: Bill, wang: User) -> None:
    (invoice,) = invoices(source, 1)
    case = DuplicateCase.objects.create(
        changed_at=MORNING,
        kind="claim",
        tier="certain",
        state="open",
        signature="x",
        score=1,
        rule_version=1,
        company_ids=[],
    )
    CaseMember.objects.create(case=case, invoice=invoice, key=invoice.key)
    for reason in ("", "it is fine"):
        (refusal,) = services.reserve(bill, [invoice.pk], wang, override_reason=reason).refused
        assert refusal.message.code == "bills.duplicate"
    manager = UserFactory(role="finance manager", companies=[source.company])
    assert services.reserve(bill, [invoice.pk], manager).refused
    (bill_invoice,) = services.reserve(
        bill, [invoice.pk], manager, override_reason="the other one is a copy"
    ).bill_invoices
    assert bill_invoice.override_reason == "the other one is a copy"
    assert bill.timeline.filter(action="override", reason="the other one is a copy").exists()


def test_a_reservation_survives_a_merge_and_its_undoing(source: Source, bill: Bill, wang: User) -> None:
    copy, master = invoices(source, 2)
    services.reserve(bill, [copy.pk], wang)
    before = merges.join([copy.key], master.key, wang)
    assert expense(master) == "reserved"
    (refusal,) = services.reserve(BillFactory(company=source.company), [master.pk], wang).refused
    assert refusal.message.code == "bills.reserved_already"
    merges.restore(before, [copy.key, master.key], wang)
    assert (expense(copy), expense(master)) == ("reserved", "unknown")
    assert services.reserve(BillFactory(company=source.company), [master.pk], wang).bill_invoices


def test_reopening_reserves_only_free_invoices(source: Source, bill: Bill, wang: User) -> None:
    kept, lost, taken_off = invoices(source, 3)
    (_a, _b, third) = services.reserve(bill, [kept.pk, lost.pk, taken_off.pk], wang).bill_invoices
    services.release(bill, [third.pk], wang)
    services.submit(bill, wang)
    services.reject(bill, wang, "no")
    services.reserve(BillFactory(company=source.company), [lost.pk], wang)
    services.reopen(bill, wang)
    assert list(BillInvoice.objects.filter(bill=bill, state="reserved").values_list("invoice", flat=True)) == [kept.pk]
    step = bill.timeline.first()
    assert step is not None
    assert step.message["params"] == {"held": 1, "lost": 1}


def test_a_write_of_an_outdated_revision_is_refused(source: Source, bill: Bill, wang: User) -> None:
    one, two = invoices(source, 2)
    seen = bill.revision
    services.reserve(bill, [one.pk], wang, seen)
    for write in (
        lambda: services.reserve(bill, [two.pk], wang, seen),
        lambda: services.submit(bill, wang, seen),
        lambda: services.edit_bill(bill, wang, seen, title="x"),
    ):
        with pytest.raises(HubError) as refused:
            write()
        assert refused.value.message.code == "bills.changed_meanwhile"
        assert "wang" in str(refused.value)


def test_only_drafts_are_edited_and_only_possible_steps_taken(source: Source, bill: Bill, wang: User) -> None:
    with pytest.raises(HubError) as refused:
        services.submit(bill, wang)
    assert refused.value.message.code == "bills.empty"
    (invoice,) = invoices(source, 1)
    (bill_invoice,) = services.reserve(bill, [invoice.pk], wang).bill_invoices
    services.submit(bill, wang)
    for write, code in (
        (lambda: services.release(bill, [bill_invoice.pk], wang), "bills.not_editable"),
        (lambda: services.edit_bill(bill, wang, title="x"), "bills.not_editable"),
        (lambda: services.delete_bill(bill, wang), "bills.not_editable"),
        (lambda: services.book(bill, wang), "bills.impossible"),
        (lambda: services.reject(bill, wang, " "), "bills.reason_needed"),
    ):
        with pytest.raises(HubError) as refused:
            write()
        assert refused.value.message.code == code


def test_a_deleted_draft_releases_its_invoices(source: Source, bill: Bill, wang: User) -> None:
    (invoice,) = invoices(source, 1)
    services.reserve(bill, [invoice.pk], wang)
    services.delete_bill(bill, wang)
    assert expense(invoice) == "unused"
    assert services.reserve(BillFactory(company=source.company), [invoice.pk], wang).bill_invoices


def test_numbers_are_generated_and_unique_per_company(source: Source, wang: User) -> None:
    first = services.create_bill(source.company, wang)
    assert first.number.startswith("BX")
    assert len(first.external_key) == 32
    with pytest.raises(HubError) as refused:
        services.create_bill(source.company, wang, number=first.number)
    assert refused.value.message.code == "bills.number_taken"
    services.create_bill(SourceFactory().company, wang, number=first.number)


def test_lines_and_their_invoices(source: Source, bill: Bill, wang: User) -> None:
    (invoice,) = invoices(source, 1)
    line = services.put_line(bill, wang, cost_type="差旅费", amount=Decimal(113))
    (bill_invoice,) = services.reserve(bill, [invoice.pk], wang, line=line).bill_invoices
    services.adjust_bill_invoice(bill, bill_invoice, wang, deductible=True, input_tax=Decimal("9.33"))
    services.drop_line(bill, line, wang)
    bill_invoice.refresh_from_db()
    assert (bill_invoice.line, bill_invoice.deductible, bill_invoice.input_tax, bill_invoice.state) == (
        None,
        True,
        Decimal("9.33"),
        BillInvoiceState.RESERVED,
    )


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(HubError) as refused:
        act()
    return refused.value.message.code


def test_writes_to_a_deleted_line_are_refused(source: Source, bill: Bill, wang: User) -> None:
    (invoice,) = invoices(source, 1)
    line = services.put_line(bill, wang, cost_type="差旅费")
    stale = BillLine.objects.get(pk=line.pk)
    services.drop_line(bill, line, wang)
    (bill_invoice,) = services.reserve(bill, [invoice.pk], wang).bill_invoices
    for write in (
        lambda: services.put_line(bill, wang, line=stale, amount=Decimal(5)),
        lambda: services.drop_line(bill, stale, wang),
        lambda: services.reserve(bill, [invoice.pk], wang, line=stale),
        lambda: services.adjust_bill_invoice(bill, bill_invoice, wang, line=stale),
    ):
        assert code_of(write) == "bills.line_gone"
    assert not bill.lines.exists()


def test_concurrent_changes_of_different_fields_of_a_line_are_kept(bill: Bill, wang: User) -> None:
    line = services.put_line(bill, wang, cost_type="差旅费", amount=Decimal(5))
    stale = BillLine.objects.get(pk=line.pk)
    services.put_line(bill, wang, line=line, amount=Decimal(8))
    services.put_line(bill, wang, line=stale, cost_type="餐费")
    stored = BillLine.objects.get(pk=line.pk)
    assert (stored.cost_type, stored.amount) == ("餐费", Decimal(8))


def test_an_amount_of_none_claims_the_whole_rest(source: Source, bill: Bill, wang: User) -> None:
    (invoice,) = invoices(source, 1)
    (bill_invoice,) = services.reserve(bill, [invoice.pk], wang, amounts={invoice.pk: Decimal(50)}).bill_invoices
    assert services.adjust_bill_invoice(bill, bill_invoice, wang, amount=None).amount == Decimal(113)


def test_two_shares_of_an_invoice_need_different_lines(source: Source, bill: Bill, wang: User) -> None:
    ReservationPolicy.objects.create(share_by_amount=True)
    (invoice,) = invoices(source, 1)
    line = services.put_line(bill, wang, cost_type="差旅费")
    part = {invoice.pk: Decimal(50)}
    (free,) = services.reserve(bill, [invoice.pk], wang, amounts=part).bill_invoices
    assert free.line_id == line.pk  # proposed
    (refusal,) = services.reserve(bill, [invoice.pk], wang, amounts=part).refused
    assert refusal.message.code == "bills.on_line_already"
    services.adjust_bill_invoice(bill, free, wang, line=None)
    (placed,) = services.reserve(bill, [invoice.pk], wang, line=line, amounts=part).bill_invoices
    for write in (
        lambda: services.adjust_bill_invoice(bill, free, wang, line=line),
        lambda: services.adjust_bill_invoice(bill, placed, wang, line=None),
        lambda: services.drop_line(bill, line, wang),
    ):
        assert code_of(write) == "bills.on_line_already"
    services.release(bill, [free.pk], wang)
    services.drop_line(bill, line, wang)
    placed.refresh_from_db()
    assert placed.line is None


def test_reopening_does_not_reserve_certain_duplicates(source: Source, bill: Bill, wang: User) -> None:
    one, two = invoices(source, 2)
    services.reserve(bill, [one.pk, two.pk], wang)
    services.discard(bill, wang, "重复")
    case = DuplicateCase.objects.create(
        changed_at=MORNING,
        kind="claim",
        tier="certain",
        state="open",
        signature="x",
        score=1,
        rule_version=1,
        company_ids=[],
    )
    CaseMember.objects.create(case=case, invoice=one)
    services.reopen(bill, wang)
    assert [bill_invoice.invoice_id for bill_invoice in bill.bill_invoices.exclude(state="released")] == [two.pk]


def test_a_bill_named_by_a_voucher_is_not_deleted(bill: Bill, wang: User) -> None:
    VoucherBill.objects.create(voucher=VoucherFactory(), bill=bill)
    assert code_of(lambda: services.delete_bill(bill, wang)) == "bills.named_by_voucher"
    assert Bill.objects.filter(pk=bill.pk).exists()


def test_an_impossible_step_is_refused_with_the_state(bill: Bill, wang: User) -> None:
    with pytest.raises(HubError) as refused:
        services.approve(bill, wang)
    assert str(bill.get_state_display()) in str(refused.value)


def test_five_hundred_invoices_need_few_queries(
    source: Source, bill: Bill, wang: User, chen: User, django_assert_max_num_queries
) -> None:
    ids = [invoice.pk for invoice in invoices(source, 500)]
    with django_assert_max_num_queries(60):
        assert len(services.reserve(bill, ids, wang).bill_invoices) == 500
    for step, user in ((services.submit, wang), (services.approve, chen), (services.book, wang)):
        with django_assert_max_num_queries(55):  # with input tax judged anew, sums of lines, and duties
            step(bill, user)
    assert set(Invoice.objects.values_list("expense_status", flat=True)) == {"booked"}
    assert InvoiceUsage.objects.count() == 500
