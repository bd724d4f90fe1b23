"""What the invoice cloud is told of a bill, against the vendor's samples."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.bills import relating
from apps.bills.relating import BillContent, CoverContent, InvoiceContent
from apps.sandbox.bodies import check_relation, check_removal, check_status

WHO = {"eid": "e", "tin": "t", "client_id": "c", "timestamp": "1", "sign": "s", "userKey": ""}  # the connector adds it


def bill(*invoices: InvoiceContent, **more: object) -> BillContent:
    values: dict[str, object] = {"cost_types": {"b1": "业务招待费", "b2": ""}} | more
    return BillContent("BX1", "key-1", "expense", list(invoices), **values)  # type: ignore[arg-type]


def test_a_cached_relation_names_the_invoices_of_each_line() -> None:
    told = relating.cache_payload(bill(InvoiceContent("s1", "b1"), InvoiceContent("s2"), InvoiceContent("s3", "b1")))
    assert told == {
        "billnumber": "BX1",
        "bxd_key": "key-1",
        "billTypeId": "expense",
        "data": [{"entryid": "", "fid": ["s2"]}, {"entryid": "b1", "fid": ["s1", "s3"]}],
    }


def test_a_saved_relation_has_cost_types_and_the_cover() -> None:
    told = relating.save_payload(bill(InvoiceContent("s1", "b1"), cover=CoverContent("aGk=", "pdf", "F-1")))
    assert told["data"] == [{"entryid": "b1", "fid": ["s1"], "costTypeId": "", "costTypeName": "业务招待费"}]
    assert (told["coverBase64"], told["coverFileType"], told["coverNumber"]) == ("aGk=", "pdf", "F-1")
    assert "coverBase64" not in relating.save_payload(bill(InvoiceContent("s1")))


@pytest.mark.parametrize(
    ("invoice", "said"),
    [
        (InvoiceContent("s"), {}),
        (
            InvoiceContent("s", deductible=True, input_tax=Decimal(13)),
            {"canBeDeduction": "1", "entryAmount": "13.00", "outputReason": ""},
        ),
        (
            InvoiceContent("s", deductible=False, input_tax=Decimal(13), transfer_out_reason="集体福利"),
            {"canBeDeduction": "0", "entryAmount": "0.00", "outputReason": "集体福利"},
        ),
    ],
)
def test_a_status_says_of_the_tax_what_was_decided(invoice: InvoiceContent, said: dict[str, str]) -> None:
    told = relating.status_payload(bill(invoice), relating.IN_REVIEW)
    assert told["expenseStatus"] == "30"
    assert told["invoiceData"] == [{"serialNo": "s", **said}]


def test_an_line_is_named_under_both_of_the_vendors_names() -> None:
    told = relating.line_delete_payload(bill(), "b1")
    assert (told["entryid"], told["branch_id"]) == ("b1", "b1")


names = st.text("abcdef0123456789", min_size=1, max_size=8)


@given(
    st.dictionaries(names, st.sampled_from(["", "b1", "b2", "gone"]), min_size=1),
    st.sampled_from(["1", "30", "60", "65"]),
)
def test_every_body_is_one_the_vendor_takes_and_names_each_invoice_once(placed: dict[str, str], status: str) -> None:
    content = bill(*(InvoiceContent(serial, branch) for serial, branch in placed.items()))
    for payload, final in ((relating.cache_payload(content), False), (relating.save_payload(content), True)):
        check_relation(WHO | payload, final=final)
        assert sorted(serial for line in payload["data"] for serial in line["fid"]) == sorted(placed)
    check_status(WHO | relating.status_payload(content, status))
    check_removal(WHO | relating.line_delete_payload(content, "b1"), entry=True)
    check_removal(WHO | relating.bill_delete_payload(content), entry=False)
