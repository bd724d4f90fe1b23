"""Bills of Maycur and the invoice cloud: created and updated from the ledger, compared with ours, requested by
pulls."""

from decimal import Decimal

import pytest

from apps.bills import jobs, selectors, services
from apps.bills.models import Bill, BillInvoice, UpstreamListing
from apps.core.errors import HubError
from apps.invoices.models import Invoice
from apps.sources.connectors.base import OpenBill
from apps.sources.connectors.maycur import Maycur
from apps.sources.context import SourceContext
from apps.sources.models import Source
from apps.sources.records import ExpenseStatus
from tests.factories import BillFactory, SourceFactory
from tests.invoices.ledgers import bring

from .builders import record_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def maycur() -> Source:
    return SourceFactory(name="每刻", kind="maycur")


@pytest.fixture
def piaozone(maycur: Source) -> Source:
    return SourceFactory(name="发票云", kind="piaozone", company=maycur.company)


def on(number: str) -> dict[str, str]:
    """Invoice number → its state on the bill."""
    bill_invoices = BillInvoice.objects.filter(bill__number=number).select_related("invoice")
    return {
        bill_invoice.invoice.digital_number.lstrip("0"): "contested" if bill_invoice.contested else bill_invoice.state
        for bill_invoice in bill_invoices.order_by("pk")
    }


def test_upstream_bills_are_created_and_updated_with_their_invoices(maycur: Source) -> None:
    bring(maycur, record_of(1, "BX1"), record_of(2, "BX1"), record_of(3, "BX2"), record_of(4))
    done = services.follow_upstream(maycur)
    assert (done.looked_at, done.bills, done.added) == (4, 2, 3)
    bill = Bill.objects.get(number="BX1")
    assert (bill.origin, bill.type, bill.employee, bill.state) == ("maycur", "expense", "李雷", "submitted")
    assert on("BX1") == {"1": "reserved", "2": "reserved"}
    assert Invoice.objects.get(digital_number=f"{1:020d}").expense_status == "reserved"

    bring(maycur, record_of(2), record_of(3, "BX1"))
    done = services.follow_upstream(maycur)
    assert (done.bills, done.added, done.released) == (0, 1, 2)
    assert on("BX1") == {"1": "reserved", "2": "released", "3": "reserved"}
    assert on("BX2") == {"3": "released"}
    assert Invoice.objects.get(digital_number=f"{2:020d}").expense_status == "unused"


def test_the_amount_used_follows_the_current_total_of_the_invoice(maycur: Source, piaozone: Source) -> None:
    """Also when a more trusted source corrects it later, and when two reserved invoices were merged."""
    bring(maycur, record_of(1, "BX1"), record_of(2, "BX2"))
    services.follow_upstream(maycur)
    first, copy = Invoice.objects.order_by("digital_number")
    Invoice.objects.filter(pk=copy.pk).update(merged_into=first)
    bring(piaozone, record_of(1, total_amount=Decimal("338.46")))
    services.follow_upstream(maycur)
    bill_invoice = BillInvoice.objects.get(bill__number="BX1")
    assert (bill_invoice.amount, bill_invoice.state) == (Decimal("338.46"), "reserved")


def test_following_again_changes_nothing(maycur: Source) -> None:
    bring(maycur, *(record_of(n, f"BX{n % 3}") for n in range(1, 10)))
    services.follow_upstream(maycur)
    services.follow_upstream(maycur)  # the first call changed the ledger
    before = list(BillInvoice.objects.order_by("pk").values()), list(UpstreamListing.objects.order_by("pk").values())
    revisions = list(Bill.objects.order_by("pk").values_list("revision", "updated_at"))
    assert not services.behind(maycur)
    assert services.follow_upstream(maycur).looked_at == 0
    assert before[0] == list(BillInvoice.objects.order_by("pk").values())
    assert revisions == list(Bill.objects.order_by("pk").values_list("revision", "updated_at"))


def test_the_state_of_an_upstream_bill_follows_its_invoices(piaozone: Source) -> None:
    bring(
        piaozone,
        record_of(1, "A", expense_status=ExpenseStatus.USED),
        record_of(2, "A", expense_status=ExpenseStatus.RESERVED),
    )
    services.follow_upstream(piaozone)
    assert Bill.objects.get().state == "submitted"
    assert on("A") == {"1": "used", "2": "reserved"}
    bring(piaozone, record_of(2, "A", expense_status=ExpenseStatus.BOOKED))
    services.follow_upstream(piaozone)
    assert Bill.objects.get().state == "approved"


def test_an_invoice_on_two_bills_is_reserved_by_the_first_and_contested_by_the_other(piaozone: Source) -> None:
    bring(piaozone, record_of(1, "A, B"))
    services.follow_upstream(piaozone)
    assert (on("A"), on("B")) == ({"1": "reserved"}, {"1": "contested"})
    (difference,) = selectors.differences(Bill.objects.get(number="B")) or ()
    assert (difference.kind, difference.reserved_by and difference.reserved_by.bill.number) == ("contested", "A")
    bring(piaozone, record_of(1, "B"))
    services.follow_upstream(piaozone)
    assert (on("A"), on("B")) == ({"1": "released"}, {"1": "reserved"})


def test_our_own_bill_of_the_same_number_is_compared_and_not_overwritten(maycur: Source) -> None:
    bring(maycur, record_of(1), record_of(2))
    ours = BillFactory(company=maycur.company, number="BX1", type="expense")
    services.reserve(ours, [Invoice.objects.get(digital_number=f"{1:020d}").pk], None)
    assert selectors.differences(ours) is None
    bring(maycur, record_of(2, "BX1"))
    services.follow_upstream(maycur)
    ours.refresh_from_db()
    assert (ours.source, ours.is_own, Bill.objects.count()) == (maycur, True, 1)
    kinds = {d.invoice.digital_number.lstrip("0"): d.kind for d in selectors.differences(ours) or ()}
    assert kinds == {"1": "only_here", "2": "only_there"}


def test_a_number_listed_by_two_upstreams_belongs_to_the_first(maycur: Source, piaozone: Source) -> None:
    bring(maycur, record_of(1, "BX1"))
    services.follow_upstream(maycur)
    bring(piaozone, record_of(2, "BX1"))
    services.follow_upstream(piaozone)
    services.follow_upstream(maycur)
    assert Bill.objects.get().source == maycur
    assert on("BX1") == {"1": "reserved"}


def test_an_invoice_reserved_here_is_contested_upstream_until_it_is_released(maycur: Source) -> None:
    bring(maycur, record_of(1))
    ours = BillFactory(company=maycur.company)
    (bill_invoice,) = services.reserve(ours, [Invoice.objects.get().pk], None).bill_invoices
    bring(maycur, record_of(1, "BX9"))
    services.follow_upstream(maycur)
    assert on("BX9") == {"1": "contested"}
    services.release(ours, [bill_invoice.pk], None)
    services.follow_upstream(maycur)
    assert on("BX9") == {"1": "reserved"}


def test_upstream_bills_are_read_only(maycur: Source) -> None:
    bring(maycur, record_of(1, "BX1"))
    services.follow_upstream(maycur)
    with pytest.raises(HubError) as refused:
        services.approve(Bill.objects.get(), None)
    assert refused.value.message.code == "bills.not_ours"


def test_pulls_request_open_bills(maycur: Source, piaozone: Source) -> None:
    maycur.options = {"watch_forms": [{"formType": "CORP_REIMBURSE", "formBizCode": "BX7"}]}
    maycur.save()
    bring(maycur, record_of(1, "BX1"), record_of(2, "BX7"))
    bring(piaozone, record_of(3, "A"), record_of(4, "B", expense_status=ExpenseStatus.BOOKED))
    jobs.follow()
    with SourceContext(maycur) as context:
        assert context.watched("forms") == [
            *maycur.options["watch_forms"],
            OpenBill("BX7", "corporate"),
            OpenBill("BX1", "expense"),
        ]
        assert {form["formType"] + form["formBizCode"] for form in Maycur(context)._forms()} == {
            "CORP_REIMBURSEBX7",
            "REIMBURSEBX1",
        }
    with SourceContext(piaozone) as context:
        assert context.watched("bills") == ["A"]
        assert context.watched("channels") == []


def test_many_bills_need_few_queries(maycur: Source, django_assert_max_num_queries) -> None:
    bring(maycur, *(record_of(n, f"BX{n % 50}") for n in range(300)))
    with django_assert_max_num_queries(95):
        done = services.follow_upstream(maycur)
    assert (done.bills, done.added) == (50, 300)


def test_changes_of_other_sources_are_skipped_once(maycur: Source) -> None:
    checker = SourceFactory(name="查重")
    bring(checker, *(record_of(n) for n in range(5)))
    assert services.behind(maycur)
    assert services.follow_upstream(maycur).looked_at == 0
    assert not services.behind(maycur)
    bring(maycur, record_of(1, "BX1"))
    assert services.behind(maycur)
    assert services.follow_upstream(maycur).bills == 1


def test_the_job_is_enqueued_only_after_changes(maycur: Source) -> None:
    assert not jobs.enqueue_if_due()
    bring(maycur, record_of(1, "BX1"))
    assert jobs.enqueue_if_due()
    jobs.follow()
    jobs.follow()
    assert not jobs.enqueue_if_due()
