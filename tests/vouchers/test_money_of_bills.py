"""Bills through the real services, in any order of steps, up to their vouchers: nothing twice, nothing lost.

Every expected sum is made by SQL from the stored bills, not by the code that drafts.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.bills import services
from apps.bills.compliance.checks import CHECKS
from apps.bills.compliance.models import CheckSetting
from apps.bills.models import Bill, BillInvoice, CostType, ReservationPolicy
from apps.bills.selectors import amounts_of, live
from apps.core.errors import HubError
from apps.invoices.models import Invoice
from apps.sources.records import DeductionStatus, InvoiceKind, InvoiceRecord, InvoiceStatus, PartyRecord
from apps.vouchers import proposals
from apps.vouchers.models import AccountBook, AccountMapping, Voucher, VoucherInvoice
from tests.factories import AccountBookFactory, BillFactory
from tests.invoices.ledgers import bring

pytestmark = pytest.mark.django_db

_TAX, _PENDING, _OUT, _PAYABLE = "2221.01", "2221.02", "2221.03", "2241"
_COST_TYPES = ("差旅费", "办公费", "职工福利费", "")
_AMOUNT_TO_BE_PAID = """
SELECT COALESCE(b.amount, CASE WHEN COUNT(l.id) > 0 THEN SUM(COALESCE(l.amount, l.used)) ELSE (
         SELECT COALESCE(SUM(u.amount), 0) FROM bills_billinvoice u
          WHERE u.bill_id = b.id AND u.state <> 'released' AND NOT u.contested) END)
  FROM bills_bill b LEFT JOIN (
         SELECT line.*, (SELECT COALESCE(SUM(u.amount), 0) FROM bills_billinvoice u
                          WHERE u.line_id = line.id AND u.state <> 'released' AND NOT u.contested) AS used
           FROM bills_billline line) l ON l.bill_id = b.id
 WHERE b.id = %s GROUP BY b.id
"""
_TAXES = """
SELECT COALESCE(SUM(u.input_tax) FILTER (WHERE u.deductible AND ticked), 0),
       COALESCE(SUM(u.input_tax) FILTER (WHERE u.deductible AND NOT ticked), 0),
       COALESCE(SUM(u.transferred_out), 0)
  FROM (SELECT u.*, i.deduction_status = 'ticked' AS ticked FROM bills_billinvoice u
          JOIN invoices_invoice i ON i.id = u.invoice_id WHERE u.state <> 'released' AND NOT u.contested) u
 WHERE u.bill_id = ANY(%s)
"""


@dataclass(frozen=True)
class World:
    """A company's book, and its invoices: special ones ticked and not, rail, tax-exempt, red-letter, small ones."""

    book: AccountBook
    invoices: list[Invoice]


def _records(book: AccountBook, offset: int) -> Iterator[InvoiceRecord]:
    kinds = (
        (InvoiceKind.DIGITAL_SPECIAL, "2591.44", "298.13"),
        (InvoiceKind.DIGITAL_SPECIAL, "113.00", "13.00"),
        (InvoiceKind.DIGITAL_SPECIAL, "106.01", "6.00"),
        (InvoiceKind.DIGITAL_SPECIAL, "-113.00", "-13.00"),
        (InvoiceKind.DIGITAL_RAIL, "52.00", "4.29"),
        (InvoiceKind.DIGITAL_GENERAL, "88.00", "0.00"),
        (InvoiceKind.DIGITAL_GENERAL, "0.03", "0.00"),
        (InvoiceKind.TAXI, "47.30", None),
    )
    for number, (kind, total, tax) in enumerate(kinds, offset):
        yield InvoiceRecord(
            external_id=f"s{number}",
            kind=kind,
            digital_number=f"{number:020d}",
            total_amount=Decimal(total),
            tax_amount=None if tax is None else Decimal(tax),
            buyer=PartyRecord(book.company.name, book.company.tax_no),
            seller=PartyRecord(f"商户{number % 3}", ""),
            status=InvoiceStatus.NORMAL,
            deduction_status=DeductionStatus.TICKED if number % 3 == 0 else DeductionStatus.NOT_TICKED,
        )


@pytest.fixture
def worlds() -> list[World]:
    """Two companies. Only the check under test is on."""
    for code in CHECKS:
        if code != "difference":
            CheckSetting.objects.create(check_code=code, level="off")
    ReservationPolicy.objects.create(share_by_amount=True)
    CostType.objects.get_or_create(company=None, name="差旅费", defaults={"kinds": ["digital_rail", "taxi"]})
    made = []
    for place in range(2):
        book = AccountBookFactory(unticked_to_pending=place == 0)
        AccountMapping.objects.create(
            book=book, debit_account="6602", tax_account=_TAX, credit_account=_PAYABLE, pending_tax_account=_PENDING,
            transfer_out_account=_OUT,
        )  # fmt: skip
        bring(book.source, *_records(book, place * 100))  # type: ignore[arg-type]
        invoices = list(Invoice.objects.filter(company_ids__contains=[book.company_id]).order_by("digital_number"))
        made.append(World(book, invoices))
    return made


class Steps:
    """Draws and takes random steps on the drafts of one company."""

    def __init__(self, world: World, data: st.DataObject) -> None:
        self._world, self._data = world, data
        self.bills = [BillFactory(company=world.book.company) for _number in range(2)]

    def take(self) -> None:
        """One step on one bill; a refusal of the services changes nothing."""
        steps: list[Callable[[Bill], object]] = [
            self._reserve, self._reserve, self._new_line, self._change_line, self._drop_line, self._adjust,
            self._decide_tax, self._use_partly, self._release, self._claim,
        ]  # fmt: skip
        bill = self._one_of(self.bills)
        with suppress(HubError):
            self._one_of(steps)(bill)

    def finish(self, bill: Bill) -> None:
        """Explain every difference, as the check demands, and approve the bill. Bills without anything stay drafts."""
        for row in self._rows(bill, line=None) if bill.lines.exists() else ():
            services.release(bill, [row.pk], None)
        for line in amounts_of([bill])[bill.pk].lines:
            if line.unexplained:
                row = bill.lines.get(pk=line.line_id)
                if line.usable_partly:
                    services.use_partly(bill, row, None)
                else:
                    services.put_line(bill, None, line=row, without_invoice_reason="补贴")
        bill.refresh_from_db()
        money = amounts_of([bill])[bill.pk]
        if money.not_itemized and (money.lines or money.invoices):
            services.edit_bill(bill, None, amount=self._one_of((None, money.itemized)))
        with suppress(HubError):  # nothing is on it
            services.submit(bill, None)
            services.approve(bill, None)

    def _one_of(self, things: Any) -> Any:
        return self._data.draw(st.sampled_from(list(things)))

    def _cents(self) -> Decimal:
        return Decimal(self._data.draw(st.sampled_from((-2000, 1, 5000, 11300, 260000)))) / 100

    def _rows(self, bill: Bill, **values: Any) -> list[BillInvoice]:
        return list(live(bill.bill_invoices.filter(**values)).select_related("invoice").order_by("pk"))

    def _reserve(self, bill: Bill) -> None:
        invoice = self._one_of(self._world.invoices)
        part = self._data.draw(st.sampled_from((None, None, 3)))
        lines = [None, *bill.lines.all()]
        amounts = {invoice.pk: abs(invoice.total_amount) / part} if part else {}
        amounts = {pk: amount.quantize(Decimal("0.01")) for pk, amount in amounts.items()}
        services.reserve(bill, [invoice.pk], None, line=self._one_of(lines), amounts=amounts)

    def _new_line(self, bill: Bill) -> None:
        amount = self._data.draw(st.sampled_from((None, self._cents())))
        services.put_line(bill, None, cost_type=self._one_of(_COST_TYPES), amount=amount)

    def _change_line(self, bill: Bill) -> None:
        if lines := list(bill.lines.all()):
            services.put_line(bill, None, line=self._one_of(lines), amount=self._cents())

    def _drop_line(self, bill: Bill) -> None:
        if lines := list(bill.lines.all()):
            services.drop_line(bill, self._one_of(lines), None)

    def _adjust(self, bill: Bill) -> None:
        if rows := self._rows(bill):
            row = self._one_of(rows)
            line = self._one_of([None, *bill.lines.all()])
            services.adjust_bill_invoice(bill, row, None, line=line, amount=abs(self._cents()))

    def _decide_tax(self, bill: Bill) -> None:
        """A person decides: deduct a part of the tax, or (welfare) transfer ticked tax out."""
        if rows := self._rows(bill):
            row = self._one_of(rows)
            tax = ((row.invoice.tax_amount or Decimal()) / 2).quantize(Decimal("0.01"))
            if self._one_of((True, False)):
                services.adjust_bill_invoice(bill, row, None, deductible=True, input_tax=tax)
            else:
                services.adjust_bill_invoice(bill, row, None, deductible=False, input_tax=None)
                BillInvoice.objects.filter(pk=row.pk).update(transferred_out=tax)

    def _claim(self, bill: Bill) -> None:
        services.edit_bill(bill, None, amount=self._one_of((None, self._cents())))

    def _use_partly(self, bill: Bill) -> None:
        if lines := list(bill.lines.all()):
            services.use_partly(bill, self._one_of(lines), None)

    def _release(self, bill: Bill) -> None:
        if rows := self._rows(bill):
            services.release(bill, [self._one_of(rows).pk], None)


def _query(statement: str, parameters: list[Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def _check(voucher: Voucher, bills: list[Bill], book: AccountBook) -> None:
    entries = list(voucher.entries.values_list("account", "debit", "credit"))
    ids = [bill.pk for bill in bills]

    def total(side: int, *accounts: str) -> Decimal:
        return sum((entry[side] for entry in entries if not accounts or entry[0] in accounts), Decimal())

    to_be_paid = sum((_query(_AMOUNT_TO_BE_PAID, [pk])[0] for pk in ids), Decimal())
    ticked, unticked, out = _query(_TAXES, [ids])
    assert total(1) == total(2)
    assert total(2, _PAYABLE) == to_be_paid
    assert total(1) - total(2, _OUT) == to_be_paid
    assert total(2, _OUT) == out
    assert total(1, _TAX, _PENDING) - out == ticked + unticked
    if not book.unticked_to_pending:
        assert total(1, _PENDING) == 0
    links = list(VoucherInvoice.objects.filter(voucher=voucher).values_list("invoice", "deduction_tax"))
    on_bills = set(live(BillInvoice.objects.filter(bill__in=ids)).values_list("invoice", flat=True))
    assert sorted(pk for pk, _tax in links) == sorted(on_bills)
    assert sum((tax or Decimal() for _pk, tax in links), Decimal()) == ticked + unticked
    assert sorted(voucher.bill_links.values_list("bill", flat=True)) == sorted(ids)


def _draft(world: World, bills: list[Bill]) -> None:
    try:
        with transaction.atomic():
            voucher = proposals.draft_from_bills([bill.pk for bill in bills], world.book, None)
    except HubError as refusal:
        # Tax that a person decided on may be more than a line pays for; bills may come to nothing.
        assert refusal.message.code in ("voucher.tax_exceeds_costs", "voucher.no_entries_to_draft")  # noqa: PT017
        return
    _check(voucher, bills, world.book)
    with pytest.raises(HubError):  # nothing twice
        proposals.draft_from_bills([bills[0].pk], world.book, None)


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking repeats the services for minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_vouchers_pay_what_bills_claim_in_any_order_of_steps(worlds: list[World], data: st.DataObject) -> None:
    with transaction.atomic():
        steps = [Steps(world, data) for world in worlds]
        for _turn in range(data.draw(st.integers(4, 14))):
            data.draw(st.sampled_from(steps)).take()
        for world, own in zip(worlds, steps, strict=True):
            for bill in own.bills:
                own.finish(bill)
            approved = list(Bill.objects.filter(pk__in=[bill.pk for bill in own.bills], state="approved"))
            left = [bill for bill in own.bills if bill not in approved]
            assert not any(amounts_of([bill])[bill.pk].lines or live(bill.bill_invoices.all()) for bill in left)
            together = data.draw(st.booleans())
            for some in [approved] if together and approved else [[bill] for bill in approved]:
                _draft(world, some)
        transaction.set_rollback(True)


def test_the_bill_of_the_issue(worlds: list[World]) -> None:
    """New bill, invoices of 2 591.44, cost line of 2 600.00: 2 600.00 is paid, once."""
    world = worlds[0]
    bill, invoice = BillFactory(company=world.book.company), world.invoices[0]
    services.reserve(bill, [invoice.pk], None)
    line = services.put_line(bill, None, cost_type="办公费", amount=Decimal("2600.00"))
    row = bill.bill_invoices.get()
    assert row.line_id == line.pk
    services.adjust_bill_invoice(bill, row, None, deductible=True, input_tax=Decimal("298.13"))
    with pytest.raises(HubError) as refused:
        services.submit(bill, None)
    assert "8.56" in str(refused.value)
    services.put_line(bill, None, line=line, without_invoice_reason="小额零星支出")
    services.submit(bill, None)
    services.approve(bill, None)
    voucher = proposals.draft_from_bills([bill.pk], world.book, None)
    assert list(voucher.entries.order_by("position").values_list("account", "debit", "credit")) == [
        ("6602", Decimal("2301.87"), Decimal(0)),
        (_TAX, Decimal("298.13"), Decimal(0)),
        (_PAYABLE, Decimal(0), Decimal("2600.00")),
    ]


def test_invoices_of_a_bill_without_lines_are_costs_by_proposed_cost_type(worlds: list[World]) -> None:
    world = worlds[1]
    rail, general = world.invoices[4], world.invoices[5]
    AccountMapping.objects.create(book=world.book, cost_type="差旅费", debit_account="6602.01")
    bill = BillFactory(company=world.book.company)
    services.reserve(bill, [rail.pk, general.pk], None)
    for row in bill.bill_invoices.all():  # whatever the rules of input tax say
        services.adjust_bill_invoice(bill, row, None, deductible=False, input_tax=Decimal(0))
    services.submit(bill, None)
    services.approve(bill, None)
    voucher = proposals.draft_from_bills([bill.pk], world.book, None)
    assert set(voucher.entries.values_list("account", "debit", "credit")) == {
        ("6602.01", Decimal("52.00"), Decimal(0)),
        ("6602", Decimal("88.00"), Decimal(0)),
        (_PAYABLE, Decimal(0), Decimal("140.00")),
    }


def test_what_an_upstream_claims_beyond_its_invoices_is_a_visible_entry(worlds: list[World]) -> None:
    book, invoice = worlds[1].book, worlds[1].invoices[5]
    bill = BillFactory(
        company=book.company, origin="piaozone", source=book.source, state="approved", amount=Decimal("100.00")
    )
    BillInvoice.objects.create(
        bill=bill, invoice=invoice, amount=Decimal("88.00"), state="used", picked_at=bill.created_at
    )
    voucher = proposals.draft_from_bills([bill.pk], book, None)
    entries = voucher.entries.order_by("position")
    assert [(one.debit, one.credit) for one in entries] == [
        (Decimal("88.00"), Decimal(0)),
        (Decimal("12.00"), Decimal(0)),
        (Decimal(0), Decimal("100.00")),
    ]
    assert "与报销金额的差额" in entries[1].summary


def test_using_the_invoices_partly(worlds: list[World]) -> None:
    world = worlds[0]
    bill = BillFactory(company=world.book.company)
    line = services.put_line(bill, None, cost_type="办公费", amount=Decimal("100.00"))
    services.reserve(bill, [world.invoices[1].pk, world.invoices[5].pk], None)  # 113.00 and 88.00
    services.use_partly(bill, line, None)
    amounts = list(bill.bill_invoices.order_by("pk").values_list("amount", flat=True))
    assert amounts == [Decimal("56.22"), Decimal("43.78")]
    with pytest.raises(HubError) as refused:
        services.use_partly(bill, line, None)
    assert refused.value.message.code == "bills.nothing_to_reduce"
    other = BillFactory(company=world.book.company)  # the rest is free, because bills share here
    (row,) = services.reserve(other, [world.invoices[1].pk], None).bill_invoices
    assert row.amount == Decimal("56.78")
