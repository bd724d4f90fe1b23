"""The checks on stored bills: gathered facts, stopped steps, overrides, and numbers of queries."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import User
from apps.bills import services
from apps.bills.compliance import selectors
from apps.bills.compliance import services as checks
from apps.bills.compliance.models import CheckSetting, ComplianceOverride
from apps.bills.models import Bill, ReservationPolicy
from apps.core.errors import HubError
from apps.invoices import merges
from apps.invoices.models import Invoice
from apps.sources.connectors.piaozone.assistant import ticket_param
from apps.sources.models import Source
from apps.sources.records import ExpenseStatus, InvoiceStatus, LineRecord, PartyRecord, Verification
from tests.bills.builders import record_of
from tests.factories import BillFactory, SourceFactory, UserFactory
from tests.invoices.ledgers import bring

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return SourceFactory(name="发票云", kind="piaozone", company__name="甲公司", company__former_names=["旧甲公司"])


@pytest.fixture
def wang(source: Source) -> User:
    return UserFactory(username="wang", role="accountant", companies=[source.company])


@pytest.fixture
def chen(source: Source) -> User:
    """Approves what wang submits."""
    return UserFactory(username="chen", role="reviewer", companies=[source.company])


@pytest.fixture
def bill(source: Source) -> Bill:
    return BillFactory(company=source.company, employee="王芳")


def good(source: Source, number: int, bill: str = "", **values: Any) -> Any:
    """An invoice without findings."""
    return record_of(
        number * 100,
        bill,
        **{
            "issue_date": timezone.localdate(),
            "buyer": PartyRecord(source.company.name, source.company.tax_no),
            "seller": PartyRecord("丙文具店", ""),
            "verification": Verification.PASSED,
            **values,
        },
    )


def put(source: Source, bill: Bill, *records: Any) -> list[Invoice]:
    bring(source, *records)
    ids = [Invoice.objects.get(digital_number=record.digital_number).pk for record in records]
    assert not services.reserve(bill, ids, None).refused
    return list(Invoice.objects.filter(pk__in=ids).order_by("digital_number"))


def codes(bill: Bill, user: User | None = None) -> list[str]:
    return [one.finding.check for one in selectors.checked(bill, user).results]


def stopped(bill: Bill, user: User | None = None, step: Callable[..., Bill] = services.submit) -> str:
    with pytest.raises(HubError) as refused:
        step(bill, user)
    assert refused.value.message.code.startswith("checks.stopped")
    assert bill.number in str(refused.value)
    return str(refused.value)


def test_a_clean_bill_is_submitted(source: Source, bill: Bill) -> None:
    put(source, bill, good(source, 1), good(source, 2, buyer=PartyRecord("旧甲公司", source.company.tax_no)))
    assert codes(bill) == []
    assert services.submit(bill, None).state == "submitted"


def test_a_block_stops_submitting_until_the_fact_is_corrected(source: Source, bill: Bill, wang: User) -> None:
    (invoice,) = put(source, bill, good(source, 1, buyer=PartyRecord("别的公司", source.company.tax_no)))
    sentence = stopped(bill, wang)
    assert "别的公司" in sentence
    assert str(invoice) in sentence
    bill.refresh_from_db()
    assert bill.state == "draft"
    bring(source, good(source, 1))
    services.submit(bill, wang)


def test_a_warning_does_not_stop_submitting(source: Source, bill: Bill) -> None:
    lines = (LineRecord(name="*烟草*中华香烟"), LineRecord(name="*纸制品*打印纸"))
    put(source, bill, good(source, 1, lines=lines, flags=("edited_by_hand",)))
    assert codes(bill) == ["sensitive", "edited"]
    services.submit(bill, None)


def test_more_input_tax_than_the_invoice_has_is_a_warning(source: Source, bill: Bill) -> None:
    (invoice,) = put(source, bill, good(source, 1, tax_amount=Decimal("6.00")))
    assert invoice.tax_amount is not None
    for deductible, tax, result in (
        (True, invoice.tax_amount, []),
        (True, invoice.tax_amount + Decimal("0.01"), ["input_tax"]),
        (False, invoice.tax_amount + 1, []),
    ):
        bill.bill_invoices.update(deductible=deductible, input_tax=tax)
        assert codes(bill) == result
    services.submit(bill, None)


def test_an_override_needs_a_reason_and_ends_with_a_changed_fact(source: Source, bill: Bill, wang: User) -> None:
    put(source, bill, good(source, 1, buyer=PartyRecord("别的公司", source.company.tax_no)))
    (result,) = selectors.checked(bill).blocking
    for signatures, reason, code in (
        ([result.signature], " ", "bills.reason_needed"),
        ([], "ok", "checks.none_ticked"),
        (["0" * 64], "ok", "checks.findings_changed"),
    ):
        with pytest.raises(HubError) as refused:
            checks.override(bill, signatures, reason, wang)
        assert refused.value.message.code == code
    checks.override(bill, [result.signature], "集团统一开票", wang)
    row = ComplianceOverride.objects.get()
    assert (row.made_by, row.reason, row.check_code) == (wang, "集团统一开票", "title")
    assert "别的公司" in str(row.sentence)
    assert bill.timeline.filter(action="override", reason="集团统一开票").exists()
    report = selectors.checked(bill)
    assert not report.blocking
    assert [one.override for one in report.overridden] == [row]
    assert report.parts == []

    bring(source, good(source, 1, buyer=PartyRecord("又一家公司", source.company.tax_no)))
    assert "又一家公司" in stopped(bill, wang)
    bring(source, good(source, 1, buyer=PartyRecord("别的公司", source.company.tax_no)))
    services.submit(bill, wang)


def test_an_override_is_taken_back_until_the_bill_is_booked(source: Source, bill: Bill, wang: User, chen: User) -> None:
    put(source, bill, good(source, 1, buyer=PartyRecord("别的公司", source.company.tax_no)))
    (result,) = selectors.checked(bill).blocking
    (row,) = checks.override(bill, [result.signature], "一", wang)
    checks.take_back(bill, row.pk, wang)
    with pytest.raises(HubError):
        checks.take_back(bill, row.pk, wang)
    stopped(bill)
    (row,) = checks.override(bill, [result.signature], "二", wang)
    services.submit(bill, wang)
    checks.take_back(bill, row.pk, wang)
    stopped(bill, chen, services.approve)
    (row,) = checks.override(bill, [result.signature], "三", wang)
    services.book(services.approve(bill, chen), wang)
    with pytest.raises(HubError) as refused:
        checks.take_back(bill, row.pk, wang)
    assert refused.value.message.code == "checks.nothing_ahead"


@pytest.mark.parametrize("status", [InvoiceStatus.VOID, InvoiceStatus.RED, InvoiceStatus.LOST_CONTROL])
def test_an_invoice_that_becomes_invalid_after_submitting_stops_every_step(
    source: Source, bill: Bill, wang: User, chen: User, status: InvoiceStatus
) -> None:
    (invoice,) = put(source, bill, good(source, 1))
    services.submit(bill, wang)
    bring(source, good(source, 1, status=status))
    sentence = stopped(bill, chen, services.approve)
    assert str(invoice) in sentence
    bring(source, good(source, 1, status=InvoiceStatus.NORMAL))
    services.approve(bill, chen)
    bring(source, good(source, 1, status=status))
    stopped(bill, wang, services.book)
    bill.refresh_from_db()
    assert (bill.state, bill.booked_at, bill.bill_invoices.get().state) == ("approved", None, "used")
    (result,) = selectors.checked(bill).blocking
    checks.override(bill, [result.signature], "已换开", wang)
    services.book(bill, wang)
    assert bill.timeline.filter(action="override", reason="已换开").exists()


def test_an_override_at_submitting_counts_at_approval(source: Source, bill: Bill, wang: User, chen: User) -> None:
    put(source, bill, good(source, 1, status=InvoiceStatus.VOID))
    (result,) = selectors.checked(bill).blocking
    checks.override(bill, [result.signature], "已换开", wang)
    services.book(services.approve(services.submit(bill, wang), chen), wang)


def test_our_own_pushed_status_does_not_stop_the_next_approval(
    source: Source, bill: Bill, wang: User, chen: User
) -> None:
    Bill.objects.filter(pk=bill.pk).update(source=source)
    put(source, bill, good(source, 1))
    services.approve(services.submit(bill, wang), chen)
    bring(source, good(source, 1, expense_status=ExpenseStatus.USED))
    services.unapprove(bill, wang, "少一张附件")
    services.approve(bill, chen)


def test_a_step_back_is_never_stopped(source: Source, bill: Bill, wang: User, chen: User) -> None:
    put(source, bill, good(source, 1))
    services.approve(services.submit(bill, wang), chen)
    bring(source, good(source, 1, status=InvoiceStatus.VOID))
    services.reject(services.unapprove(bill, wang, "已作废"), wang, "已作废")
    bill.refresh_from_db()
    assert bill.state == "rejected"


def test_settings_of_the_company_and_type_count(source: Source, bill: Bill) -> None:
    put(source, bill, good(source, 1, buyer=PartyRecord("别的公司", source.company.tax_no)))
    CheckSetting.objects.create(check_code="title", level="off")
    assert codes(bill) == []
    own = CheckSetting.objects.create(check_code="title", company=source.company, level="warn")
    assert [one.level for one in selectors.checked(bill).results] == ["warn"]
    assert "title" not in selectors.blocking_checks(source.company, bill.type)
    own.bill_type, own.level = bill.type, "block"
    own.save()
    stopped(bill)
    assert ticket_param(selectors.blocking_checks(source.company, bill.type), 5) == "00001"
    assert ticket_param(selectors.blocking_checks(source.company, "travel"), 4) == "0100"


def test_another_bill_is_named_with_its_employee(source: Source, bill: Bill, wang: User) -> None:
    put(source, bill, good(source, 1, "BX-C", expense_status=ExpenseStatus.RESERVED))
    (result,) = selectors.checked(bill, wang).results
    assert (result.finding.code, result.level) == ("checks.used_elsewhere_bill", "block")
    assert dict(result.finding.params) == {"bill": "BX-C", "holder": "李雷"}
    assert "BX-C" in str(result.message)
    hidden = selectors.checked(bill, UserFactory()).results[0]
    assert hidden.finding.code == "checks.used_elsewhere_hidden"
    assert hidden.signature == result.signature
    services.follow_upstream(source)
    theirs = Bill.objects.get(number="BX-C")
    (contested,) = selectors.checked(theirs).results
    assert contested.finding.params == {"bill": bill.number, "holder": "王芳"}


def test_our_own_bill_upstream_is_not_elsewhere(source: Source, bill: Bill) -> None:
    put(source, bill, good(source, 1, bill.number, expense_status=ExpenseStatus.RESERVED))
    assert codes(bill) == []


def test_a_source_that_reports_a_use_counts_before_approval_only(source: Source, bill: Bill) -> None:
    etax = SourceFactory(name="税局", kind="etax", company=source.company)
    put(etax, bill, good(source, 1, expense_status=ExpenseStatus.BOOKED))
    (result,) = selectors.checked(bill).results
    assert result.finding.code == "checks.used_elsewhere_source"
    assert result.finding.params["holder"] == "税局"
    checks.override(bill, [result.signature], "误标", None)
    services.approve(services.submit(bill, None), None)
    bill.refresh_from_db()
    assert codes(bill) == []


def test_shares_by_amount_are_no_finding(source: Source, bill: Bill) -> None:
    ReservationPolicy.objects.create(share_by_amount=True)
    (invoice,) = put(source, bill, good(source, 1))
    other = BillFactory(company=source.company)
    Bill.objects.filter(pk=bill.pk).update(number="SHARED")
    part = bill.bill_invoices.get()
    services.adjust_bill_invoice(bill, part, None, amount=Decimal(50))
    assert services.reserve(other, [invoice.pk], None).bill_invoices
    assert codes(bill) == codes(other) == []


def test_neighbours_on_this_and_on_other_bills(source: Source, bill: Bill) -> None:
    def numbered(number: int, seller: str = "丙文具店") -> Any:
        return good(source, 0, seller=PartyRecord(seller, "")).__class__(
            **{
                **{name: getattr(good(source, 1), name) for name in ("kind", "issue_date", "buyer", "verification")},
                "external_id": f"n{number}",
                "digital_number": f"{number:020d}",
                "total_amount": Decimal(113),
                "seller": PartyRecord(seller, ""),
            }
        )

    other = BillFactory(company=source.company)
    put(source, other, numbered(1004))
    put(source, bill, numbered(1001), numbered(1002), numbered(1003, "丁饭店"), numbered(1008))
    bring(source, numbered(1009))  # on no bill
    result = {one.finding.actual[-4:]: one.finding.expected for one in selectors.checked(bill).results}
    assert result.keys() == {"1001", "1002"}
    assert result["1002"] == f"{1001:020d} ({bill.number}), {1004:020d} ({other.number})"
    CheckSetting.objects.create(check_code="consecutive", level="note", limit=6)
    result = {one.finding.actual[-4:]: one.finding.expected for one in selectors.checked(bill).results}
    assert result.keys() == {"1001", "1002", "1008"}


def rows_touched(plan: dict[str, Any]) -> int:
    """The rows that the steps of an executed plan returned or removed."""
    removed = sum(value for name, value in plan.items() if name.startswith("Rows Removed"))
    own = (plan["Actual Rows"] + removed) * plan["Actual Loops"]
    return int(own) + sum(rows_touched(step) for step in plan.get("Plans", ()))


def test_the_search_for_neighbours_uses_the_indexes_with_any_statistics(source: Source, bill: Bill) -> None:
    with transaction.atomic():  # rolled back rows: the statistics then describe empty tables of many pages
        put(source, bill, *(good(source, number) for number in range(1, 101)))
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE invoices_invoice, invoices_party, bills_billinvoice, bills_bill")
        put(source, bill, *(good(source, number) for number in range(1, 101)))
        with CaptureQueriesContext(connection) as queries:
            selectors.checked(bill)
        (search,) = (query["sql"] for query in queries if "bills_billinvoice u" in query["sql"])
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {search}")
        ((plan,),) = cursor.fetchone()
    assert rows_touched(plan["Plan"]) < 100 * 50


def test_a_merged_invoice_is_checked_as_its_master(source: Source, bill: Bill) -> None:
    (copy,) = put(source, bill, good(source, 1))
    bring(source, good(source, 2, verification=Verification.FAILED))
    master = Invoice.objects.get(digital_number=f"{200:020d}")
    merges.join([copy.key], master.key, None)
    (result,) = selectors.checked(bill).results
    assert (result.finding.check, result.invoice_id) == ("verification_failed", master.pk)
    assert result.bill_invoice == bill.bill_invoices.get()


def test_the_age_of_an_invoice_is_counted_from_the_day_of_submitting(source: Source, bill: Bill) -> None:
    today = timezone.localdate()
    CheckSetting.objects.create(check_code="too_old", level="warn", limit=30)
    CheckSetting.objects.create(check_code="other_year", level="off")
    put(
        source,
        bill,
        good(source, 1, issue_date=today - timedelta(31)),
        good(source, 2, issue_date=today - timedelta(30)),
    )
    assert codes(bill) == ["too_old"]
    services.submit(bill, None)
    Bill.objects.update(submitted_at=timezone.now() - timedelta(days=1))
    bill.refresh_from_db()
    assert codes(bill) == []
    assert selectors.checked(BillFactory(bill_date=date(2020, 1, 1))).results == ()


@pytest.mark.parametrize("count", [2, 500])
def test_a_bill_needs_the_same_queries_with_any_number_of_invoices(
    source: Source, bill: Bill, count: int, django_assert_num_queries
) -> None:
    put(source, bill, *(good(source, n, buyer=PartyRecord("别的公司", "")) for n in range(1, count + 1)))
    with django_assert_num_queries(12):  # two of them for the bill's lines and sums
        report = selectors.checked(bill)
    assert len(report.blocking) == count
    checks.override(bill, [one.signature for one in report.blocking], "同一家", None)
    assert ComplianceOverride.objects.count() == count
    services.submit(bill, None)
