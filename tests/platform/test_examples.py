"""The example data of the demo: two people work on it, since nobody approves or audits their own."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from apps.bills.models import Bill
from apps.invoices.models import Invoice
from apps.sources.records import InvoiceStatus, PartyRecord, Verification
from apps.vouchers.models import Voucher
from invoicehub import examples
from tests.bills.builders import record_of
from tests.factories import SourceFactory
from tests.invoices.ledgers import bring


@pytest.mark.django_db
def test_an_accountant_prepares_and_a_reviewer_checks() -> None:
    source = SourceFactory(kind="piaozone")
    company, today = source.company, timezone.localdate()
    bring(
        source,
        *(
            record_of(
                number * 100, issue_date=today - timedelta(days=number), total_amount=Decimal(100 + number),
                buyer=PartyRecord(company.name, company.tax_no), seller=PartyRecord(f"供应商{number}", ""),
                verification=Verification.PASSED, status=InvoiceStatus.NORMAL,
            )
            for number in range(12)
        ),
    )  # fmt: skip
    assert Invoice.objects.count() == 12
    examples.make("a-long-Password-9")
    examples.make("a-long-Password-9")
    assert sorted(Bill.objects.values_list("state", flat=True)) == ["approved", "booked", "draft"]
    voucher = Voucher.objects.get()
    assert (voucher.state, voucher.vouch_no) == ("booked", "1")
    assert (voucher.creator, voucher.examiner, voucher.reviewer) == ("刘洋", "孙丽", "刘洋")
    assert voucher.total_debit == voucher.total_credit
