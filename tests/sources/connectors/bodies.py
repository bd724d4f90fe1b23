"""Payloads of every push kind, and the request bodies that were sent for them before connectors built them."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from apps.sources.pushes import (
    BillLineRemoval,
    BillLines,
    BillReference,
    BillRemoval,
    BillType,
    Cover,
    EntryContent,
    LineInvoices,
    MadeIn,
    OrderInvoice,
    Payload,
    PushedInvoice,
    UsageUpdate,
    VoucherBook,
    VoucherCollect,
    VoucherReference,
    VoucherVoid,
)
from apps.sources.records import ExpenseStatus

SAMPLES = Path(__file__).parent / "samples" / "pushes"
GOLDEN: dict[str, dict[str, Any]] = {
    system: json.loads((SAMPLES / f"{system}.json").read_text()) for system in ("piaozone", "shopex")
}

VOUCHER = VoucherReference("v-1", "0001")
_LINES = (LineInvoices("", ("s2",)), LineInvoices("b2", ("s1", "s4")), LineInvoices("b1", ("s3",)))
_SAVED = (LineInvoices("", ("s2",)), LineInvoices("b2", ("s1", "s4"), "业务招待费"), LineInvoices("b1", ("s3",)))
_DECIDED = (
    PushedInvoice(serial_number="s1"),
    PushedInvoice(serial_number="s2", deductible=True, input_tax=Decimal(13)),
    PushedInvoice(serial_number="s3", deductible=True),
    PushedInvoice(serial_number="s4", deductible=False, input_tax=Decimal("13.00"), transfer_out_reason="集体福利"),
)
_STEPS = {
    "unused": ExpenseStatus.UNUSED,
    "in_review": ExpenseStatus.RESERVED,
    "approved": ExpenseStatus.USED,
    "booked": ExpenseStatus.BOOKED,
}
_BOOK = VoucherBook(account_id="A1", company_id="C1", company_number="001", company_name="甲公司")
_WHOLE_BOOK = VoucherBook(
    account_id="A1", system="EAS", type="主账簿", chart_of_accounts="新会计准则", exchange_rate="固定汇率",
    company_id="C1", company_number="001", company_name="甲公司",
)  # fmt: skip
_ENTRIES = (
    EntryContent(
        summary="打印纸", account="6602", dimension="部门:财务", debit=Decimal("113.00"), currency="USD",
        amount=Decimal("15.70"), exchange_rate=Decimal("7.19745223"), quantity=Decimal("2.0000000000"), unit="箱",
        price=Decimal("7.85"), due_date=date(2026, 4, 1),
    ),
    EntryContent(summary="应付", account="2202", credit=Decimal("113.00")),
)  # fmt: skip
_HEAD: dict[str, Any] = {
    "voucher": VOUCHER, "business_date": date(2026, 3, 2), "account_date": date(2026, 3, 3), "period": "202603",
    "entries": _ENTRIES,
}  # fmt: skip
_WHOLE_VOUCHER = VoucherCollect(
    book=_WHOLE_BOOK, type="记", made_in=MadeIn.EAS, supplement="补充", supplement_amount=Decimal("1.10"),
    creator="甲", examiner="乙", reviewer="丙", attachments_count=3, item="项目", account_item="核算项目",
    account_item_amount=Decimal("113.00"), bill_keys=("key-1", "key-2"),
    invoices=(
        PushedInvoice(serial_number="s1", deductible=True, input_tax=Decimal("13.00")),
        PushedInvoice(serial_number="s2", deductible=False, transfer_out_reason="集体福利"),
        PushedInvoice(serial_number="s4", deductible=True),
    ),
    **_HEAD,
)  # fmt: skip


def bill(bill_type: BillType = BillType.EXPENSE) -> BillReference:
    return BillReference("BX1", "key-1", bill_type)


# Sample → (kind, payload).
PIAOZONE: dict[str, tuple[str, Payload]] = {
    **{f"bill_lines_cache {one}": ("bill_lines_cache", BillLines(bill(one), _LINES)) for one in BillType},
    "bill_lines_save": ("bill_lines_save", BillLines(bill(), _SAVED)),
    "bill_lines_save with cover": (
        "bill_lines_save", BillLines(bill(BillType.TRAVEL), _SAVED, Cover("aGk=", "pdf", "F-1")),
    ),
    **{
        f"invoice_status {step}": ("invoice_status", UsageUpdate(status=status, invoices=_DECIDED, bill=bill()))
        for step, status in _STEPS.items()
    },
    "invoice_status of a voucher's bill": (
        "invoice_status",
        UsageUpdate(status=ExpenseStatus.BOOKED, invoices=_DECIDED[:2], bill=bill(BillType.CORPORATE)),
    ),
    "invoice_status of a voucher": (
        "invoice_status", UsageUpdate(status=ExpenseStatus.UNUSED, invoices=_DECIDED[:1], voucher=VOUCHER),
    ),
    "bill_line_remove": ("bill_line_remove", BillLineRemoval(bill(), "b1")),
    "bill_remove": ("bill_remove", BillRemoval(bill())),
    "voucher_collect": ("voucher_collect", VoucherCollect(book=_BOOK, **_HEAD)),
    "voucher_collect with all": ("voucher_collect", _WHOLE_VOUCHER),
    "voucher_collect empty": (
        "voucher_collect", VoucherCollect(voucher=VoucherReference("", ""), book=VoucherBook()),
    ),
    "voucher_void": ("voucher_void", VoucherVoid(VOUCHER)),
}  # fmt: skip
SHOPEX: dict[str, tuple[str, Payload]] = {"order_invoice": ("order_invoice", OrderInvoice("O-1", "00012345"))}
