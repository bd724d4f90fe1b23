"""What is sent for a voucher: the golden payloads, from its content."""

from datetime import date
from decimal import Decimal

from apps.vouchers.collecting import collected
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


def test_what_was_not_entered_is_left_empty() -> None:
    assert ("voucher_collect", collected(content(book=BOOK, entries=ENTRIES))) == PIAOZONE["voucher_collect"]
    assert collected(VoucherContent(book=BookContent())) == PIAOZONE["voucher_collect empty"][1]


def test_a_whole_voucher_names_invoices_that_the_upstream_knows() -> None:
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
    assert collected(voucher) == PIAOZONE["voucher_collect with all"][1]
