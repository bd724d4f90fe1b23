"""Payloads for the invoice cloud about a bill, compared with the vendor's samples."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.bills import relating
from apps.bills.relating import BillContent, InvoiceContent
from apps.sandbox.bodies import check_relation, check_removal, check_status
from apps.sources.connectors.piaozone import Piaozone
from apps.sources.pushes import Cover, Payload
from apps.sources.records import ExpenseStatus
from tests.sources.connectors.bodies import PIAOZONE

WHO = {"eid": "e", "tin": "t", "client_id": "c", "timestamp": "1", "sign": "s", "userKey": ""}  # the connector adds it
PLACED = (
    InvoiceContent("s3", "b1"), InvoiceContent("s1", "b2"), InvoiceContent("s2"), InvoiceContent("s4", "b2"),
)  # fmt: skip
DECIDED = (
    InvoiceContent("s1"),
    InvoiceContent("s2", deductible=True, input_tax=Decimal(13)),
    InvoiceContent("s3", deductible=True),
    InvoiceContent("s4", deductible=False, input_tax=Decimal("13.00"), transfer_out_reason="集体福利"),
)


def bill(*invoices: InvoiceContent, bill_type: str = "expense", **more: object) -> BillContent:
    values: dict[str, object] = {"cost_types": {"b2": "业务招待费", "b1": ""}} | more
    return BillContent("BX1", "key-1", bill_type, list(invoices), **values)  # type: ignore[arg-type]


def sent(kind: str, payload: Payload) -> dict[str, Any]:
    return dict(Piaozone.request_body(kind, payload, {}))


@pytest.mark.parametrize("bill_type", ["expense", "travel", "purchase", "corporate"])
def test_cached_lines_name_the_invoices_of_each_line(bill_type: str) -> None:
    payload = relating.cached_lines(bill(*PLACED, bill_type=bill_type))
    assert ("bill_lines_cache", payload) == PIAOZONE[f"bill_lines_cache {bill_type}"]


def test_saved_lines_have_cost_types_and_the_cover() -> None:
    assert relating.saved_lines(bill(*PLACED)) == PIAOZONE["bill_lines_save"][1]
    payload = relating.saved_lines(bill(*PLACED, bill_type="travel", cover=Cover("aGk=", "pdf", "F-1")))
    assert payload == PIAOZONE["bill_lines_save with cover"][1]


@pytest.mark.parametrize(
    ("step", "status"),
    [
        ("unused", ExpenseStatus.UNUSED), ("in_review", ExpenseStatus.RESERVED), ("approved", ExpenseStatus.USED),
        ("booked", ExpenseStatus.BOOKED),
    ],
)  # fmt: skip
def test_a_status_names_the_deduction_of_each_invoice(step: str, status: ExpenseStatus) -> None:
    payload = relating.usage_update(bill(*DECIDED), status)
    assert sent("invoice_status", payload) == sent(*PIAOZONE[f"invoice_status {step}"])


def test_removals_name_the_line_or_the_bill() -> None:
    assert relating.line_removal(bill(), "b1") == PIAOZONE["bill_line_remove"][1]
    assert relating.bill_removal(bill()) == PIAOZONE["bill_remove"][1]


names = st.text("abcdef0123456789", min_size=1, max_size=8)


@given(
    st.dictionaries(names, st.sampled_from(["", "b1", "b2", "gone"]), min_size=1),
    st.sampled_from([one for one in ExpenseStatus if one != ExpenseStatus.UNKNOWN]),
)
def test_every_body_is_valid_and_names_each_invoice_once(placed: dict[str, str], status: ExpenseStatus) -> None:
    content = bill(*(InvoiceContent(serial, line_key) for serial, line_key in placed.items()))
    cached = sent("bill_lines_cache", relating.cached_lines(content))
    saved = sent("bill_lines_save", relating.saved_lines(content))
    for body, final in ((cached, False), (saved, True)):
        check_relation(WHO | body, final=final)
        assert sorted(serial for line in body["data"] for serial in line["fid"]) == sorted(placed)
    check_status(WHO | sent("invoice_status", relating.usage_update(content, status)))
    check_removal(WHO | sent("bill_line_remove", relating.line_removal(content, "b1")), entry=True)
    check_removal(WHO | sent("bill_remove", relating.bill_removal(content)), entry=False)
