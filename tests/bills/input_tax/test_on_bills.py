"""Input tax on bills: judged as a set, following the ledger, decided by people, on pages and over REST."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.bills import jobs, services
from apps.bills.input_tax import following, overriding
from apps.bills.input_tax.gathering import BillFacts, travel_rules
from apps.bills.input_tax.judgement import judge
from apps.bills.input_tax.services import columns_of, defaults_for, refresh
from apps.bills.models import Bill, BillInvoice, CostType, ReservationPolicy, TravelTaxRule
from apps.core.errors import HubError
from apps.invoices.models import Invoice, InvoiceLine
from apps.sources.models import Source
from apps.sources.records import DeductionStatus, InvoiceStatus
from tests.bills.builders import record_of
from tests.factories import (
    BillFactory,
    BillInvoiceFactory,
    BillLineFactory,
    CompanyFactory,
    InvoiceFactory,
    SourceFactory,
    UserFactory,
)
from tests.invoices.ledgers import bring

from .test_judgement import RULES

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return SourceFactory()


@pytest.fixture
def bill(source: Source) -> Bill:
    return BillFactory(company=source.company)


@pytest.fixture
def wang(source: Source) -> User:
    return UserFactory(username="wang", last_name="王", first_name="芳", role="accountant", companies=[source.company])


@pytest.fixture
def page(wang: User) -> Client:
    client = Client()
    client.force_login(wang)
    return client


def put(bill: Bill, cost_type: str = "", amount: Decimal | None = None, **values: Any) -> BillInvoice:
    """An invoice of 113.00 with 13.00 tax on the bill, on a line of this cost type."""
    invoice = InvoiceFactory(company=bill.company, **values)
    line = BillLineFactory(bill=bill, cost_type=cost_type, position=bill.lines.count() + 1) if cost_type else None
    used = invoice.total_amount if amount is None else amount
    return BillInvoiceFactory(bill=bill, invoice=invoice, line=line, amount=used, deductible=None, input_tax=None)


def now(bill_invoice: BillInvoice) -> tuple[bool | None, Decimal | None, Decimal | None, str]:
    """Deductible, input tax, transferred out, and the code of the reason."""
    row = BillInvoice.objects.get(pk=bill_invoice.pk)
    code = row.tax_message.code if row.tax_message else ""
    return row.deductible, row.input_tax, row.transferred_out, code


def test_a_special_invoice_is_deductible_and_says_why(bill: Bill) -> None:
    on_bill = put(bill)
    refresh([bill.pk])
    assert now(on_bill) == (True, Decimal("13.00"), None, "tax.document")
    with override("en"):
        message = str(BillInvoice.objects.get(pk=on_bill.pk).tax_message)
    assert message == "Digital special invoice: it carries deductible tax, as much as it states."


def test_cost_types_of_the_migration_decide(bill: Bill) -> None:
    office, hosting, welfare = put(bill, "办公费"), put(bill, "业务招待费"), put(bill, "职工福利费")
    meals = put(bill, "餐费", deduction_status="ticked", deductible_tax=Decimal("9.10"))
    refresh([bill.pk])
    assert now(office)[:3] == (True, Decimal("13.00"), None)
    assert now(hosting) == (False, None, None, "tax.use.entertainment")
    assert now(welfare) == (False, None, None, "tax.use.welfare")
    assert now(meals) == (False, None, Decimal("9.10"), "tax.transferred_out")
    assert BillInvoice.objects.get(pk=meals.pk).transfer_out_reason == "餐饮、居民日常或者娱乐服务"


def test_a_cost_type_of_the_company_counts_before_that_of_all(bill: Bill) -> None:
    CostType.objects.create(company=bill.company, name="办公费", non_deductible_use="exempt")
    CostType.objects.create(company=CompanyFactory(), name="差旅费", non_deductible_use="welfare")
    office, travel = put(bill, "办公费"), put(bill, "差旅费")
    refresh([bill.pk])
    assert (now(office)[3], now(travel)[3]) == ("tax.use.exempt", "tax.document")


def test_the_seeded_rules_are_those_of_the_table() -> None:
    def bare(rules: Any) -> list[tuple[Any, ...]]:
        return sorted((r.kind, r.formula, r.rate, r.needs_passenger, r.valid_from, str(r.valid_to)) for r in rules)

    assert bare(travel_rules()) == bare(RULES)
    assert all(rule.source for rule in TravelTaxRule.objects.all())


def test_a_rail_ticket_and_the_lines_of_a_ride(bill: Bill) -> None:
    journey = {"passenger": "王芳", "departure": "杭州东", "destination": "上海虹桥"}
    money = {"total_amount": Decimal("52.00"), "tax_amount": None, "amount_excl_tax": None}
    rail = put(bill, kind="train_paper", travel=journey, issue_date=date(2025, 6, 1), **money)
    ride = put(bill, kind="digital_general")
    InvoiceLine.objects.create(
        invoice=ride.invoice, position=1, name="*运输服务*客运服务费", tax_amount=Decimal("13.00")
    )
    refresh([bill.pk])
    assert now(rail)[:2] == (True, Decimal("4.29"))
    assert now(ride) == (True, Decimal("13.00"), None, "tax.passenger_transport")


def test_small_scale_booked_and_released_ones(source: Source) -> None:
    small = BillFactory(company=CompanyFactory(small_scale=True))
    booked = BillFactory(company=source.company, state="booked")
    draft = BillFactory(company=source.company)
    of_small, of_booked, released = put(small), put(booked), put(draft)
    BillInvoice.objects.filter(pk=released.pk).update(state="released")
    refresh([small.pk, booked.pk, draft.pk])
    assert now(of_small) == (False, None, None, "tax.small_scale")
    assert now(of_booked) == now(released) == (None, None, None, "")


def test_shares_never_sum_to_more_than_the_tax(bill: Bill) -> None:
    """Three thirds of 0.10 are 0.03, 0.04 and 0.03; the first one on a booked bill stays as it is."""
    ReservationPolicy.objects.create(share_by_amount=True)
    other = BillFactory(company=bill.company)
    first = put(bill, amount=Decimal("1.00"), total_amount=Decimal("3.00"), tax_amount=Decimal("0.10"))
    BillInvoice.objects.filter(pk=first.pk).update(shared=True)
    shares = [first] + [
        BillInvoiceFactory(bill=one, invoice=first.invoice, amount=Decimal("1.00"), shared=True, line=line)
        for one, line in ((bill, BillLineFactory(bill=bill, position=7)), (other, None))
    ]
    refresh([bill.pk, other.pk])
    assert [now(share)[1] for share in shares] == [Decimal("0.03"), Decimal("0.04"), Decimal("0.03")]
    BillInvoice.objects.filter(pk=first.pk).update(input_tax=Decimal("0.08"), tax_by_hand=True)
    refresh([bill.pk, other.pk])
    assert [now(share)[1] for share in shares] == [Decimal("0.08"), Decimal("0.02"), None]


def test_the_set_is_judged_as_each_alone(bill: Bill) -> None:
    rows = [
        put(bill, "办公费"),
        put(bill, "餐费", deduction_status="certified", deductible_tax=Decimal("5.55")),
        put(bill, kind="digital_general"),
        put(bill, status="void"),
        put(bill, kind="coach", travel={"passenger": "王芳"}, total_amount=Decimal("103.00")),
        put(bill, total_amount=Decimal("-113.00"), tax_amount=Decimal("-13.00")),
        put(bill, amount=Decimal("50.00")),
    ]
    refresh([bill.pk])
    for row in BillInvoice.objects.filter(bill=bill).select_related("bill__company", "line"):
        alone = columns_of(judge(BillFacts([row]).of(row), travel_rules()))
        stored = [row.deductible, row.input_tax, row.transferred_out, row.transfer_out_reason, row.tax_reason]
        assert stored == alone
    assert sum(now(row)[1] or 0 for row in rows) == Decimal("13.00") + Decimal("3.00") - Decimal("13.00") + Decimal(
        "5.75"
    )


@pytest.mark.parametrize("count", [2, 60])
def test_any_number_of_invoices_needs_the_same_queries(bill: Bill, count: int, django_assert_max_num_queries) -> None:
    other = BillFactory(company=CompanyFactory())
    for n in range(count):
        put(bill if n % 2 else other, "办公费")
    with django_assert_max_num_queries(14):  # two of them are the savepoint's
        refresh([bill.pk, other.pk])


def reported(number: int, **values: Any) -> Any:
    money = {"amount_excl_tax": 100, "tax_amount": 13}
    return record_of(number, **{**money, "issue_date": date(2026, 3, 2), "status": InvoiceStatus.NORMAL, **values})


def test_bills_follow_the_ledger_until_they_are_booked(source: Source, bill: Bill, monkeypatch) -> None:
    bring(source, reported(1), reported(2), reported(3))
    one, two, three = Invoice.objects.order_by("digital_number")
    rows = services.reserve(bill, [one.pk, two.pk, three.pk], None).bill_invoices
    following.follow()
    assert [now(row)[:2] for row in rows] == [(True, Decimal("13.00"))] * 3
    assert not following.behind()
    overriding.decide(bill, [rows[2].pk], None, deductible=False, reason="个人消费")
    ticked = {"deduction_status": DeductionStatus.CERTIFIED, "deductible_tax": Decimal("9.10")}
    bring(source, reported(1, status=InvoiceStatus.VOID), reported(2, **ticked), reported(3, **ticked))
    assert following.behind()
    jobs.follow_input_tax()
    assert [now(row)[3] for row in rows] == ["tax.status", "tax.ticked", "tax.by_hand_because"]
    assert now(rows[1])[1] == Decimal("9.10")
    Bill.objects.filter(pk=bill.pk).update(state="booked")
    bring(source, reported(2, status=InvoiceStatus.VOID))
    following.follow()
    assert now(rows[1])[1] == Decimal("9.10")


def test_a_decision_stays_until_it_is_taken_back(bill: Bill, wang: User) -> None:
    on_bill, ticked = put(bill), put(bill, deduction_status="ticked", deductible_tax=Decimal("9.10"))
    refresh([bill.pk])
    assert overriding.decide(bill, [on_bill.pk, ticked.pk], wang, deductible=False, reason="集体福利") == 2
    refresh([bill.pk])
    assert now(on_bill) == (False, None, None, "tax.by_hand_because")
    assert now(ticked) == (False, None, Decimal("9.10"), "tax.by_hand_because")
    assert BillInvoice.objects.get(pk=ticked.pk).transfer_out_reason == "集体福利"
    overriding.decide(bill, [on_bill.pk], wang, deductible=True, input_tax=Decimal("10.00"))
    assert now(on_bill) == (True, Decimal("10.00"), None, "tax.by_hand")
    overriding.recompute(bill, [on_bill.pk, ticked.pk], wang)
    assert now(on_bill) == (True, Decimal("13.00"), None, "tax.document")
    assert now(ticked) == (True, Decimal("9.10"), None, "tax.ticked")
    assert [step.message["code"] for step in bill.timeline.all()][:2] == ["tax.was_recomputed", "tax.was_decided"]


def test_decisions_that_cannot_be(bill: Bill, wang: User) -> None:
    on_bill, ordinary = put(bill), put(bill, kind="taxi")
    for code, row, tax in (
        ("tax.exceeds_amount", on_bill, Decimal("113.01")),
        ("tax.exceeds_amount", on_bill, Decimal("-1.00")),
        ("tax.amount_needed", ordinary, None),
        ("tax.amount_needed", on_bill, Decimal("0.00")),
    ):
        with pytest.raises(HubError) as refused:
            overriding.decide(bill, [row.pk], wang, deductible=True, input_tax=tax)
        assert refused.value.message.code == code
    Bill.objects.filter(pk=bill.pk).update(state="approved")
    overriding.decide(bill, [on_bill.pk], wang, deductible=False)
    Bill.objects.filter(pk=bill.pk).update(state="booked")
    with pytest.raises(HubError) as refused:
        overriding.decide(bill, [on_bill.pk], wang, deductible=True)
    assert refused.value.message.code == "tax.too_late"


def test_the_page_of_a_bill_shows_changes_and_sums_input_tax(page: Client, bill: Bill) -> None:
    one, two = put(bill), put(bill, deduction_status="ticked", deductible_tax=Decimal("9.10"))
    put(bill, kind="taxi")
    refresh([bill.pk])
    page.cookies["django_language"] = "en"
    shown = page.get(reverse("bill", args=[bill.pk])).content.decode()
    assert shown.count("it carries deductible tax") == 1
    assert "the tax bureau lets 9.10 yuan be deducted" in shown
    assert "a document of this kind carries no deductible tax" in shown
    totals = shown[shown.index('id="tax-totals"') :]
    assert "22.10" in totals[:400]  # 13.00 + 9.10
    place = reverse("decide_tax", args=[bill.pk])
    page.post(place, {"one": f"{two.pk}:no"})
    shown = page.get(reverse("bill", args=[bill.pk])).content.decode()
    totals = shown[shown.index('id="tax-totals"') :][:600]
    assert "13.00" in totals
    assert "9.10" in totals
    assert f'value="{two.pk}:computed"' in shown
    page.post(place, {"bill_invoice": [one.pk, two.pk], "tax": "no", "reason": "职工福利"})
    assert [now(row)[0] for row in (one, two)] == [False, False]
    assert "职工福利" in page.get(reverse("bill", args=[bill.pk])).content.decode()
    page.post(place, {"bill_invoice": [one.pk, two.pk], "tax": "computed"})
    assert [now(row)[1] for row in (one, two)] == [Decimal("13.00"), Decimal("9.10")]
    assert page.post(place, {"bill_invoice": [one.pk], "tax": "?"}).status_code == 404
    assert page.post(reverse("decide_tax", args=[BillFactory().pk]), {"one": "1:no"}).status_code == 404


def test_saving_the_form_of_an_invoice_decides_only_what_was_touched(page: Client, bill: Bill) -> None:
    on_bill = put(bill)
    refresh([bill.pk])
    place = reverse("bill_invoice", args=[bill.pk, on_bill.pk])
    unchanged = {"amount": "113.00", "deductible": "", "input_tax": "13.00", "transfer_out_reason": ""}
    page.post(place, {**unchanged, "amount": "50.00"})
    assert now(on_bill)[:2] == (True, Decimal("5.75"))
    assert not BillInvoice.objects.get(pk=on_bill.pk).tax_by_hand
    page.post(place, {**unchanged, "amount": "50.00", "deductible": "true", "input_tax": "5.00"})
    assert now(on_bill) == (True, Decimal("5.00"), None, "tax.by_hand")
    page.post(place, {**unchanged, "amount": "50.00", "deductible": "false", "input_tax": "5.00"})
    assert now(on_bill)[:2] == (False, None)
    page.post(place, {**unchanged, "amount": "50.00", "deductible": "", "input_tax": ""})
    assert now(on_bill) == (True, Decimal("5.75"), None, "tax.document")


def test_over_rest(bill: Bill, wang: User) -> None:
    api = APIClient()
    api.force_authenticate(wang)
    on_bill = put(bill)
    refresh([bill.pk])
    place = f"/api/v1/bills/{bill.pk}/"
    (shown,) = api.get(place).json()["bill_invoices"]
    assert (shown["deductible"], shown["input_tax"], shown["tax_by_hand"]) == (True, "13.00", False)
    assert shown["tax_message"]["code"] == "tax.document"
    body: dict[str, Any] = {"bill_invoices": [on_bill.pk], "deductible": False, "reason": "福利"}
    (shown,) = api.post(f"{place}decide-tax/", body, format="json").json()["bill_invoices"]
    assert (shown["deductible"], shown["tax_by_hand"], shown["transfer_out_reason"]) == (False, True, "福利")
    (shown,) = api.post(f"{place}recompute-tax/", {"bill_invoices": [on_bill.pk]}, format="json").json()[
        "bill_invoices"
    ]
    assert (shown["input_tax"], shown["tax_by_hand"]) == ("13.00", False)
    body = {"bill_invoice": on_bill.pk, "input_tax": "12.00"}
    (shown,) = api.post(f"{place}adjust/", body, format="json").json()["bill_invoices"]
    assert (shown["deductible"], shown["input_tax"], shown["tax_by_hand"]) == (True, "12.00", True)
    body = {"bill_invoice": on_bill.pk, "deductible": None}
    (shown,) = api.post(f"{place}adjust/", body, format="json").json()["bill_invoices"]
    assert (shown["input_tax"], shown["tax_by_hand"]) == ("13.00", False)
    body = {"bill_invoices": [on_bill.pk], "deductible": True, "input_tax": "200.00"}
    assert api.post(f"{place}decide-tax/", body, format="json").status_code == 409


def test_defaults_of_invoices_without_a_bill(bill: Bill, django_assert_max_num_queries) -> None:
    small = CompanyFactory(small_scale=True)
    special, ordinary = InvoiceFactory(company=bill.company), InvoiceFactory(company=bill.company, kind="taxi")
    places = [(special.pk, bill.company_id), (ordinary.pk, bill.company_id), (special.pk, small.pk), (0, small.pk)]
    with django_assert_max_num_queries(5):
        defaults = defaults_for(places)
    assert {place: judgement.input_tax for place, judgement in defaults.items()} == {
        (special.pk, bill.company_id): Decimal("13.00"), (ordinary.pk, bill.company_id): 0, (special.pk, small.pk): 0,
    }  # fmt: skip


def test_the_form_of_a_line_offers_the_active_cost_types(page: Client, bill: Bill) -> None:
    CostType.objects.create(company=bill.company, name="展会费")
    CostType.objects.create(company=bill.company, name="停用的", active=False)
    CostType.objects.create(company=CompanyFactory(), name="别家的")
    shown = page.get(reverse("new_bill_line", args=[bill.pk])).content.decode()
    assert '<option value="展会费">' in shown
    assert '<option value="差旅费">' in shown
    assert "停用的" not in shown
    assert "别家的" not in shown
