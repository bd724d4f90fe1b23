"""What is sent for a voucher, letter by letter."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from apps.vouchers.collecting import collect_payload, delete_payload
from apps.vouchers.content import BillContent, EntryContent, InvoiceContent

from .builders import CREDIT, content


def test_the_vendors_names_formats_and_order() -> None:
    entry = EntryContent(
        summary="打印纸", subject="6602", dimension="部门:财务", debit=Decimal("113.00"), currency="USD",
        amount=Decimal("15.70"), exchange_rate=Decimal("7.19745223"), quantity=Decimal("2.0000000000"), unit="箱",
        price=Decimal("7.85"), due_date=date(2026, 4, 1),
    )  # fmt: skip
    sent = collect_payload(
        content(
            entries=(entry, CREDIT),
            type="记",
            invoices=(
                InvoiceContent("1", "s1", deductible=True, deduction_tax=Decimal("13.00")),
                InvoiceContent("2", "s2", transfer_out_remark="集体福利"),
                InvoiceContent("3"),
            ),
            bills=(BillContent("BX1", "key-1"),),
        )
    )
    assert sent["accountInfo"] == {"accountId": "A1", "baseCurrency": "CNY"}
    assert sent["companyInfo"] == {"companyId": "C1", "number": "001", "name": "甲公司"}
    head = {name: value for name, value in sent["voucherInfo"].items() if name != "entries"}
    assert head == {
        "vouchId": "v-1",
        "vouchNo": "0001",
        "businessDate": "2026_03_02",
        "accountDate": "2026_03_03",
        "period": "202603",
        "voucherAccountId": "A1",
        "voucherCompanyId": "C1",
        "type": "记",
        "resource": "1",
        "attachmentsCount": "0",
    }
    assert sent["voucherInfo"]["entries"][0] == {
        "unit": "箱",
        "amount": "15.70",
        "exchangeRate": "7.19745223",
        "subject": "6602",
        "price": "7.85",
        "accountDimension": "部门:财务",
        "dueDate": "2026_04_01",
        "num": "2.00",
        "currency": "USD",
        "abstract": "打印纸",
        "creditAmount": "0.00",
        "debitsAmount": "113.00",
    }
    assert sent["expenseIdArray"] == ["key-1"]
    assert sent["serialNoArray"] == ["s1", "s2"]
    assert sent["invoiceData"] == [
        {"serialNo": "s1", "deductionFlag": 1, "deductionTaxAmount": "13.00", "remark": ""},
        {"serialNo": "s2", "deductionFlag": 0, "deductionTaxAmount": "0.00", "remark": "集体福利"},
    ]
    assert delete_payload("0001", "v-1") == {"vouchNo": "0001", "vouchId": "v-1"}


@given(
    debit=st.decimals(-(10**15), 10**15, places=2),
    price=st.decimals(0, 10**12, places=10),
    rate=st.decimals(0, 1000, places=8),
)
def test_amounts_travel_exactly_and_never_as_floats(debit: Decimal, price: Decimal, rate: Decimal) -> None:
    entry = EntryContent(subject="1", debit=debit, price=price, exchange_rate=rate)
    sent = json.loads(json.dumps(collect_payload(content(entries=(entry,)))))
    line = sent["voucherInfo"]["entries"][0]
    assert (Decimal(line["debitsAmount"]), Decimal(line["price"]), Decimal(line["exchangeRate"])) == (
        debit,
        price,
        rate,
    )
    assert "E" not in line["price"] + line["debitsAmount"] + line["exchangeRate"]
    assert not list(_floats(sent))


def _floats(value: Any) -> Any:
    if isinstance(value, float):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _floats(inner)
