"""The example bills and vouchers of the demo: their amounts, added up by hand."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from apps.bills.compliance.selectors import checked
from apps.bills.models import Bill
from apps.sources.models import Source
from apps.sources.records import DeductionStatus, InvoiceStatus, PartyRecord, Verification
from apps.vouchers.models import Voucher
from invoicehub import examples
from tests.bills.builders import record_of
from tests.factories import SourceFactory
from tests.invoices.ledgers import bring

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    source = SourceFactory(name="发票云", kind="piaozone", company__name="甲公司")
    records = (
        record_of(
            number * 100,
            issue_date=timezone.localdate() - timedelta(days=number),
            amount_excl_tax=Decimal("100.00"),
            tax_amount=Decimal("13.00"),
            total_amount=Decimal("113.00"),
            deduction_status=DeductionStatus.TICKED,
            status=InvoiceStatus.NORMAL,
            verification=Verification.PASSED,
            buyer=PartyRecord(source.company.name, source.company.tax_no),
            seller=PartyRecord(f"供应商{number}", ""),
        )
        for number in range(1, 13)
    )
    bring(source, *records)
    return source


PASSWORD = "a-long-Password-9"


@pytest.mark.usefixtures("source")
def test_examples_have_explained_differences_and_a_balanced_voucher() -> None:
    examples.make(PASSWORD)
    bills = list(Bill.objects.order_by("pk").select_related("company"))
    assert len(bills) == 3
    for bill in bills:
        assert "difference" not in [one.finding.check for one in checked(bill).results]
    voucher = Voucher.objects.get()
    entries = list(voucher.entries.values_list("account", "debit", "credit"))
    assert sum(debit for _account, debit, _credit in entries) == Decimal("452.00")
    payable = [credit for account, _debit, credit in entries if account == "2241 其他应付款"]
    tax = [debit for account, debit, _credit in entries if account.startswith("22210101 ")]
    assert (payable, tax) == ([Decimal("452.00")], [Decimal("52.00")])


@pytest.mark.usefixtures("source")
def test_accountant_prepares_and_reviewer_approves_and_audits() -> None:
    examples.make(PASSWORD)
    examples.make(PASSWORD)
    assert sorted(Bill.objects.values_list("state", flat=True)) == ["approved", "booked", "draft"]
    voucher = Voucher.objects.get()
    assert (voucher.state, voucher.vouch_no) == ("booked", "1")
    assert (voucher.creator, voucher.examiner, voucher.reviewer) == ("刘洋", "孙丽", "刘洋")
    by_account = dict(voucher.entries.values_list("account", "dimension"))
    assert by_account["2241 其他应付款"] == "员工：王芳"
    assert by_account["660201 差旅费"] == "部门：综合部"
