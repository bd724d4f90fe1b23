"""The payload of a collect, built from the content of a voucher."""

from datetime import date
from decimal import Decimal

from apps.vouchers.collecting import collect_payload
from apps.vouchers.content import BillContent, BookContent, EntryContent, InvoiceContent, VoucherContent
from tests.sources.connectors.bodies import PIAOZONE

from .builders import BOOK, content

ENTRIES = (
    EntryContent(
        summary="打印纸", account="6602", dimension="部门:财务", debit=Decimal("113.00"), currency="USD",
        amount=Decimal("15.70"), exchange_rate=Decimal("7.19745223"), quantity=Decimal("2.0000000000"), unit="箱",
        price=Decimal("7.85"), due_date=date(2026, 4, 1),
    ),
    EntryContent(summary="应付", account="2202", credit=Decimal("113.00")),
)  # fmt: skip


def test_missing_values_stay_empty() -> None:
    assert ("voucher_collect", collect_payload(content(book=BOOK, entries=ENTRIES))) == PIAOZONE["voucher_collect"]
    assert collect_payload(VoucherContent(book=BookContent())) == PIAOZONE["voucher_collect empty"][1]


def test_the_payload_has_the_invoices_that_are_known_upstream() -> None:
    voucher = content(
        book=BookContent(
            account_id="A1", system="EAS", type="主账簿", chart_of_accounts="新会计准则", exchange_rate="固定汇率",
            company_id="C1", company_number="001", company_name="甲公司", source="发票云",
        ),
        entries=ENTRIES,
        invoices=(
            InvoiceContent("1", "s1", deductible=True, deduction_tax=Decimal("13.00")),
            InvoiceContent("2", "s2", deduction_tax=Decimal("0.00"), transfer_out_remark="集体福利"),
            InvoiceContent("3"),
            InvoiceContent("4", "s4", deductible=True),
        ),
        bills=(BillContent("BX1", "key-1"), BillContent("BX2", "key-2")),
        type="记", resource="eas", sup_information="补充", sup_information_amount=Decimal("1.10"), creator="甲",
        examiner="乙", reviewer="丙", attachments_count=3, item="项目", account_item="核算项目",
        account_item_amount=Decimal("113.00"),
    )  # fmt: skip
    assert collect_payload(voucher) == PIAOZONE["voucher_collect with all"][1]
