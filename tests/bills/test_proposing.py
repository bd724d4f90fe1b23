"""Which line an invoice is proposed to: by seller, by kind, by uncovered money."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.bills import services
from apps.bills.history import experience
from apps.bills.models import Bill, CostType, ReservationPolicy
from apps.bills.proposing import Experience, OpenLine, Use, propose
from apps.invoices.models import Invoice
from apps.sources.models import Source
from apps.sources.records import InvoiceKind, PartyRecord
from tests.bills.builders import record_of
from tests.factories import BillFactory, SourceFactory
from tests.invoices.ledgers import bring

TRAVEL, MEALS, OFFICE = OpenLine(1, "差旅费"), OpenLine(2, "餐费", Decimal(90)), OpenLine(3, "办公费", Decimal(300))


def test_the_sellers_most_frequent_then_most_recent_cost_type_comes_first() -> None:
    uses = {7: [Use("餐费", 2, 10), Use("差旅费", 5, 3), Use("办公费", 2, 11)]}
    suggested = Experience(uses, {"digital_rail": ["差旅费", "交通费"]})
    assert suggested.cost_types(7, "digital_rail") == ["差旅费", "办公费", "餐费", "交通费"]
    assert suggested.cost_types(8, "digital_rail") == ["差旅费", "交通费"]
    assert suggested.cost_types(None, "taxi") == []


@pytest.mark.parametrize(
    ("amount", "cost_types", "lines", "expected"),
    [
        (Decimal(50), ["办公费", "餐费"], [TRAVEL, MEALS, OFFICE], OFFICE),
        (Decimal(50), ["住宿费", "餐费"], [TRAVEL, MEALS, OFFICE], MEALS),
        (Decimal(50), ["住宿费"], [MEALS], MEALS),  # the only line
        (Decimal(50), [], [TRAVEL, MEALS, OFFICE], OFFICE),  # the most uncovered
        (Decimal(-50), [], [MEALS, OFFICE], MEALS),  # a red-letter invoice: the least
        (None, [], [], None),
    ],
)
def test_a_line_is_proposed(
    amount: Decimal | None, cost_types: list[str], lines: list[OpenLine], expected: OpenLine | None
) -> None:
    assert propose(amount, cost_types, lines) is expected


@pytest.fixture
def source() -> Source:
    return SourceFactory(name="发票云", kind="piaozone", company__name="甲公司")


@pytest.fixture
def bill(source: Source) -> Bill:
    return BillFactory(company=source.company)


def brought(source: Source, number: int, seller: str, **values: Any) -> Invoice:
    bring(source, record_of(number, seller=PartyRecord(seller, values.pop("tax_no", "")), **values))
    return Invoice.objects.get(digital_number=f"{number:020d}")


def line_of(bill: Bill, invoice: Invoice) -> int | None:
    return bill.bill_invoices.exclude(state="released").get(invoice=invoice).line_id


@pytest.mark.django_db
def test_an_invoice_without_a_line_is_put_on_one_at_once(source: Source, bill: Bill) -> None:
    CostType.objects.update(active=False)
    CostType.objects.update_or_create(company=None, name="交通费", defaults={"kinds": ["digital_rail"], "active": True})
    before = BillFactory(company=source.company)
    meals = services.put_line(before, None, cost_type="餐费")
    services.reserve(before, [brought(source, 1, "老王饭店", tax_no="91440000100017600N").pk], None, line=meals)
    travel = services.put_line(bill, None, cost_type="交通费", amount=Decimal(1000))
    meals = services.put_line(bill, None, cost_type="餐费", amount=Decimal(1))
    office = services.put_line(bill, None, cost_type="办公费", amount=Decimal(2000))
    by_seller = brought(source, 2, "老王饭店（分店）", tax_no="91440000100017600N")
    by_kind = brought(source, 3, "铁路", kind=InvoiceKind.DIGITAL_RAIL)
    by_room = brought(source, 4, "文具店")
    services.reserve(bill, [by_seller.pk, by_kind.pk, by_room.pk], None)
    assert [line_of(bill, one) for one in (by_seller, by_kind, by_room)] == [meals.pk, travel.pk, office.pk]


@pytest.mark.django_db
def test_other_companies_and_released_uses_teach_nothing(source: Source, bill: Bill) -> None:
    CostType.objects.update(active=False)
    invoice = brought(source, 1, "老王饭店", tax_no="91440000100017600N")
    line = services.put_line(bill, None, cost_type="餐费")
    (row,) = services.reserve(bill, [invoice.pk], None, line=line).bill_invoices
    company, other = source.company_id, SourceFactory().company_id
    assert experience([company, other], [invoice])[other].cost_types(invoice.seller_id, invoice.kind) == []
    assert experience([company], [invoice])[company].cost_types(invoice.seller_id, invoice.kind) == ["餐费"]
    services.release(bill, [row.pk], None)
    assert experience([company], [invoice])[company].cost_types(invoice.seller_id, invoice.kind) == []


@pytest.mark.django_db
def test_invoices_without_a_line_follow_when_lines_come_and_go(source: Source, bill: Bill) -> None:
    invoice = brought(source, 1, "文具店")
    services.reserve(bill, [invoice.pk], None)
    assert line_of(bill, invoice) is None
    first = services.put_line(bill, None, cost_type="办公费")
    assert line_of(bill, invoice) == first.pk
    second = services.put_line(bill, None, cost_type="差旅费")
    assert line_of(bill, invoice) == first.pk
    services.drop_line(bill, first, None)
    assert line_of(bill, invoice) == second.pk
    services.drop_line(bill, second, None)
    assert line_of(bill, invoice) is None


@pytest.mark.django_db
def test_a_person_may_take_an_invoice_off_every_line(source: Source, bill: Bill) -> None:
    line = services.put_line(bill, None, cost_type="办公费")
    (row,) = services.reserve(bill, [brought(source, 1, "文具店").pk], None).bill_invoices
    assert row.line_id == line.pk
    assert services.adjust_bill_invoice(bill, row, None, line=None).line is None


@pytest.mark.django_db
def test_the_lines_left_take_only_one_share_of_an_invoice_each(source: Source, bill: Bill) -> None:
    ReservationPolicy.objects.create(share_by_amount=True)
    invoice = brought(source, 1, "文具店")
    part = {invoice.pk: Decimal(50)}
    one, two = (services.put_line(bill, None, cost_type=name) for name in ("办公费", "差旅费"))
    lines = {services.reserve(bill, [invoice.pk], None, amounts=part).bill_invoices[0].line_id for _turn in range(2)}
    assert lines == {one.pk, two.pk}
    (refusal,) = services.reserve(bill, [invoice.pk], None).refused
    assert refusal.message.code == "bills.on_line_already"


@pytest.mark.django_db
def test_proposing_needs_the_same_queries_with_any_number_of_invoices(source: Source, bill: Bill) -> None:
    services.put_line(bill, None, cost_type="办公费")
    ids = [brought(source, number, f"商户{number}").pk for number in range(12)]
    counts = []
    for some in (ids[:2], ids[2:]):
        with CaptureQueriesContext(connection) as queries:
            services.reserve(bill, some, None)
        counts.append(len(queries))
    assert counts[0] == counts[1]
