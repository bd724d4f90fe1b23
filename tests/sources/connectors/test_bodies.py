"""The bodies that go out, letter by letter: golden samples taken before the connectors built them."""

import json
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import msgspec

from apps.bills import relating
from apps.bills.models import Bill
from apps.bills.relating import BillContent, CoverContent, InvoiceContent
from apps.vouchers import collecting, statuses
from apps.vouchers import content as v
from apps.vouchers.models import Voucher

SAMPLES = Path(__file__).parent / "samples" / "pushes"


def test_golden():
    out = {}

    def keep(name, payload):
        out[name] = json.loads(msgspec.json.encode(payload, order="sorted"))

    def bill(*invoices, type="expense", **more):
        return BillContent(
            "BX1", "key-1", type, list(invoices), **({"cost_types": {"b2": "业务招待费", "b1": ""}} | more)
        )

    placed = (InvoiceContent("s3", "b1"), InvoiceContent("s1", "b2"), InvoiceContent("s2"), InvoiceContent("s4", "b2"))
    for t in ("expense", "Tra", "Pur", "BizOut"):
        neutral = {"expense": "expense", "Tra": "travel", "Pur": "purchase", "BizOut": "corporate"}[t]
        keep(f"bill_lines_cache {neutral}", relating.cache_payload(bill(*placed, type=t)))
    keep("bill_lines_save", relating.save_payload(bill(*placed)))
    keep(
        "bill_lines_save with cover",
        relating.save_payload(bill(*placed, type="Tra", cover=CoverContent("aGk=", "pdf", "F-1"))),
    )
    decided = (
        InvoiceContent("s1"),
        InvoiceContent("s2", deductible=True, input_tax=D(13)),
        InvoiceContent("s3", deductible=True),
        InvoiceContent("s4", deductible=False, input_tax=D("13.00"), transfer_out_reason="集体福利"),
    )
    for name, code in (("unused", "1"), ("in_review", "30"), ("approved", "60"), ("booked", "65")):
        keep(f"invoice_status {name}", relating.status_payload(bill(*decided), code))
    b = Bill(number="BX1", external_key="key-1", type="BizOut")
    vo = Voucher(vouch_no="0001", vouch_id="v-1")
    inv = [
        {"serialNo": "s1"} | statuses._deduction(None, None),
        {"serialNo": "s2"} | {"canBeDeduction": "1", "entryAmount": "13.00", "outputReason": ""},
    ]
    keep("invoice_status of a voucher's bill", statuses.status_payload(b, "65", inv))
    keep("invoice_status of a voucher", statuses.status_payload(vo, "1", inv[:1]))
    keep("bill_line_remove", relating.line_delete_payload(bill(), "b1"))
    keep("bill_remove", relating.bill_delete_payload(bill()))
    book = v.BookContent(account_id="A1", company_id="C1", company_number="001", company_name="甲公司", source="发票云")
    full = v.BookContent(
        account_id="A1",
        system="EAS",
        type="主账簿",
        subject="新会计准则",
        base_currency="CNY",
        exchange_rate="固定汇率",
        company_id="C1",
        company_number="001",
        company_name="甲公司",
        source="x",
    )
    entries = (
        v.EntryContent(
            summary="打印纸",
            subject="6602",
            dimension="部门:财务",
            debit=D("113.00"),
            currency="USD",
            amount=D("15.70"),
            exchange_rate=D("7.19745223"),
            quantity=D("2.0000000000"),
            unit="箱",
            price=D("7.85"),
            due_date=date(2026, 4, 1),
        ),
        v.EntryContent(summary="应付", subject="2202", credit=D("113.00")),
    )
    invs = (
        v.InvoiceContent("1", "s1", deductible=True, deduction_tax=D("13.00")),
        v.InvoiceContent("2", "s2", deduction_tax=D("0.00"), transfer_out_remark="集体福利"),
        v.InvoiceContent("3"),
        v.InvoiceContent("4", "s4", deductible=True),
    )
    head = dict(
        vouch_id="v-1", vouch_no="0001", business_date=date(2026, 3, 2), account_date=date(2026, 3, 3), period="202603"
    )
    keep("voucher_collect", collecting.collect_payload(v.VoucherContent(book=book, entries=entries, **head)))
    keep(
        "voucher_collect with all",
        collecting.collect_payload(
            v.VoucherContent(
                book=full,
                entries=entries,
                invoices=invs,
                bills=(v.BillContent("BX1", "key-1"), v.BillContent("BX2", "key-2")),
                type="记",
                resource="2",
                sup_information="补充",
                sup_information_amount=D("1.10"),
                creator="甲",
                examiner="乙",
                reviewer="丙",
                attachments_count=3,
                item="项目",
                account_item="核算项目",
                account_item_amount=D("113.00"),
                **head,
            )
        ),
    )
    keep("voucher_collect empty", collecting.collect_payload(v.VoucherContent(book=v.BookContent())))
    keep("voucher_void", collecting.delete_payload("0001", "v-1"))

    assert json.dumps(out) == json.dumps(json.loads((SAMPLES / "piaozone.json").read_text()))
