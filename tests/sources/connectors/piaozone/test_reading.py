"""Piaozone without a network: its nine layouts, its messages, and the fingerprints of invoices."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import BadRecord
from apps.sources.connectors.base import CompanyFacts, RawItem, SourceFacts
from apps.sources.connectors.piaozone import Piaozone, messages, versions
from apps.sources.connectors.piaozone.codes import EXPENSE_STATUSES, KINDS, STATUSES, VERIFICATIONS
from apps.sources.records import DeductionStatus, ExpenseStatus, InvoiceKind, InvoiceStatus, Verification, dumps

SAMPLES = Path(__file__).parents[1] / "samples" / "piaozone"
FACTS = SourceFacts("发票云", "piaozone", CompanyFacts(), {})
IDENTITY = "440301199003078811"


def sample(name):
    return json.loads((SAMPLES / f"{name}.json").read_text(), parse_float=Decimal)


def record(row, part="detail", **more):
    return Piaozone.parse(RawItem(str(row.get("serialNo") or "s-1"), {part: row, **more}), FACTS)


# Messages


@pytest.mark.parametrize(
    ("name", "serials", "bill"),
    [
        (
            "expense",
            ["1125866", "e7601aa2a677467bbf0271fbde682d910", "e7fde3adddbe46328aa3405085854c250"],
            "2018-11-28-00001898",
        ),
        ("trip", ["", "e7601aa2a677467bbf0271fbde682d910", "e7fde3adddbe46328aa3405085854c250"], "2018-11-28-00001898"),
        ("purchase", ["e7601aa2a677467bbf0271fbde682d910", "e7fde3adddbe46328aa3405085854c250"], "PUR-2018-7"),
        ("corporate", ["e7601aa2a677467bbf0271fbde682d910"], "RH-365-20181117-1054"),
        ("entries", ["e7601aa2a677467bbf0271fbde682d910", "e7fde3adddbe46328aa3405085854c250"], ""),
        ("update", ["1125866"], "2018-11-28-00001898"),
    ],
)
def test_vendor_messages_are_parsed_in_every_encoding(name, serials, bill):
    body = sample(f"message_{name}")
    plain = json.dumps(body, default=float)
    inner = json.dumps({**body, "data": json.dumps(body["data"], default=float)}, default=float)
    for wrapped in (body, plain, inner):
        named = messages.event({"msgId": "m", "data": wrapped}).named
        assert [one.serial for one in named] == serials
        assert {one.bill for one in named} == {bill}


def test_entries_may_be_a_list():
    body = sample("message_entries")
    body["data"]["list"] = [body["data"]["list"], {**body["data"]["list"], "fid": "third"}]
    assert "third" in [one.serial for one in messages.event({"data": body}).named]


def test_sums_of_several_serial_numbers_are_ignored():
    body = sample("message_corporate")
    body["data"]["data"][0]["serialNo"] = "a,b"
    named = messages.event({"data": body}).named
    assert [(one.serial, one.row) for one in named] == [("a", {"serialNo": "a"}), ("b", {"serialNo": "b"})]


@given(
    st.recursive(
        st.one_of(st.none(), st.integers(), st.text(max_size=6), st.booleans()),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(["data", "list", "traList", "invoiceData", "purchaseInfo", "serialNo", "fid", "type"]),
                inner,
                max_size=4,
            ),
        ),
        max_leaves=12,
    ),
    st.sampled_from(["saveBill", "saveEntrys", "updateInvoice"]),
)
def test_any_message_is_parsed_or_unreadable(data, kind):
    try:
        named = messages.event({"data": {"type": kind, "data": data}}).named
    except messages.Unreadable:
        return
    assert all(len(one.serial) <= 150 for one in named)


def test_misspelt_field_names_of_messages_are_read():
    row = sample("message_expense")["data"]["data"][0]
    read = Piaozone.parse(RawItem("1125866", {"message_row": row}), FACTS)
    assert (read.seller.name, read.seller.tax_no) == ("新华书店总店", "440301999999980")
    assert (read.code, read.number, read.issue_date) == ("044031600113", "30819002", date(2020, 1, 1))
    assert (read.amount_excl_tax, read.tax_amount) == (Decimal("383.76"), Decimal("66.24"))
    assert read.total_amount == Decimal(449)


# Layouts


def test_vat_layout():
    read = record(sample("detail_vat"), bills=["B-1"])
    assert (read.kind, read.code, read.number) == (InvoiceKind.VAT_GENERAL_ELECTRONIC, "044031600113", "30819002")
    assert (read.amount_excl_tax, read.tax_amount, read.total_amount) == tuple(
        map(Decimal, ("383.76", "65.24", "449.00"))
    )
    assert (read.buyer.name, read.buyer.bank_account) == ("深圳市某某科技有限公司", "工商银行 4000023029200124946")
    assert (read.seller.name, read.seller.tax_no) == ("新华书店总店", "440301999999981")
    assert (read.status, read.verification) == (InvoiceStatus.NORMAL, Verification.PASSED)
    assert (read.expense_status, read.deduction_status) == (ExpenseStatus.RESERVED, DeductionStatus.TICKED)
    assert read.check_code == "12345678901234567890"
    assert read.file_url == "https://img.example.com/d.pdf"
    assert [(one.name, one.quantity, one.tax_rate) for one in read.lines] == [
        ("*印刷品*书", Decimal(2), Decimal("0.17")),
        ("*印刷品*册", None, None),
    ]
    assert (read.facts["Drawn by"], read.facts["Issued for another"]) == ("张三", "fact.yes")
    assert read.claim.bill_number == "B-1"


def test_train_layout():
    read = record(sample("detail_train"))
    assert (read.kind, read.code, read.number) == (InvoiceKind.TRAIN_PAPER, "", "Z12A034567")
    assert read.issue_date == date(2020, 2, 3)
    travel = read.travel
    assert (travel.departs_on, travel.departs_at, travel.vehicle) == (date(2020, 2, 4), "08:15", "G6212")
    assert (travel.passenger, travel.departure, travel.destination) == ("张三", "深圳北站", "广州南站")


def test_air_layout():
    read = record(sample("detail_air"))
    assert (read.kind, read.code, read.number) == (InvoiceKind.AIR_PAPER, "", "31234567890")
    assert (read.amount_excl_tax, read.total_amount) == (None, Decimal("1110.00"))
    travel = read.travel
    assert (travel.ticket_number, travel.vehicle, travel.seat) == ("9991234567890", "CA1302", "经济舱")
    assert (travel.departs_on, travel.departs_at) == (date(2020, 2, 5), "09:35")
    assert (travel.fare, travel.fuel_surcharge, travel.development_fund) == tuple(map(Decimal, ("1000", "60", "50")))


def test_date_of_air_ticket_is_read_from_both_fields():
    row = sample("detail_air") | {"invoiceCode": "", "airTime": "2020-02-05"}
    assert record(row).travel.departs_on == date(2020, 2, 5)
    assert record(row | {"airTime": "09:35"}).travel.departs_on is None
    assert record(row | {"invoiceCode": "ABC123", "airTime": ""}).travel.departs_on is None


def test_other_layouts():
    machine, taxi = record(sample("detail_machine_printed")), record(sample("detail_taxi"))
    assert (machine.kind, machine.number, machine.facts["Route"]) == (InvoiceKind.MACHINE_PRINTED, "01234567", "A-B")
    assert (taxi.kind, taxi.amount_excl_tax, taxi.total_amount) == (InvoiceKind.TAXI, None, Decimal("35.50"))
    assert (taxi.facts["Licence plate"], taxi.facts["Got on at"]) == ("粤B12345", "10:05")
    coach, ship = record(sample("detail_coach")), record(sample("detail_ship"))
    assert (coach.kind, coach.currency, coach.travel.departs_at) == (InvoiceKind.COACH, "CNY", "13:45")
    assert (ship.kind, ship.currency, ship.travel.destination) == (InvoiceKind.SHIP, "HKD", "澳门")
    toll, proof = record(sample("detail_toll")), record(sample("detail_tax_proof"))
    assert (toll.kind, toll.travel.departure, toll.travel.destination) == (InvoiceKind.TOLL_RECEIPT, "机荷高速", "梅观")
    assert (proof.kind, proof.number) == (InvoiceKind.TAX_PAYMENT_PROOF, "344035200200001234")
    assert proof.facts["Tax authority"] == "国家税务总局深圳市税务局"
    assert {one.status for one in (taxi, coach, toll)} == {InvoiceStatus.UNKNOWN}


@pytest.mark.parametrize("name", ["fixed_amount", "other"])
def test_receipt_date_is_no_issue_date(name):
    row = sample(f"detail_{name}")
    read = record(row)
    assert read.issue_date is None
    assert "receipt_date" in read.flags
    assert read.facts["Date of receipt"] == row["invoiceDate"]
    assert "receipt_date" not in record(row | {"invoiceDate": ""}).flags


@pytest.mark.parametrize(
    ("field", "table"),
    [
        ("invoiceType", KINDS),
        ("invoiceStatus", STATUSES),
        ("checkStatus", VERIFICATIONS),
        ("expenseStatus", EXPENSE_STATUSES),
    ],
)
def test_known_codes_are_mapped_and_unknown_ones_kept(field, table):
    attribute = {"invoiceType": "kind", "invoiceStatus": "status", "checkStatus": "verification"}.get(
        field, "expense_status"
    )
    for code, meaning in table.items():
        for spelt in (code, int(code)):
            read = record(sample("detail_vat") | {field: spelt})
            assert getattr(read, attribute) == meaning
            assert read.unknown_codes == ()
    read = record(sample("detail_vat") | {field: "977"})
    assert read.unknown_codes == (f"{field}=977",)
    assert "unknown_code" in read.flags
    assert getattr(read, attribute) == "unknown"


def test_code_tables_agree_with_documentation():
    documented_codes = [
        "1",
        "2",
        "3",
        "4",
        "5",
        "7",
        "8",
        "9",
        "10",
        "11",
        "12",
        "13",
        "14",
        "15",
        "16",
        "17",
        "19",
        "20",
        "23",
        "26",
        "27",
    ]
    assert sorted(KINDS, key=int) == documented_codes
    assert (STATUSES["1"], STATUSES["2"], STATUSES["3"]) == (
        InvoiceStatus.LOST_CONTROL,
        InvoiceStatus.VOID,
        InvoiceStatus.RED,
    )
    expected = {"unused": "1 27", "reserved": "2 25 30 40", "used": "60 65 70", "unknown": "80"}
    for meaning, listed in expected.items():
        assert {code for code, status in EXPENSE_STATUSES.items() if status == meaning} == set(listed.split())
    assert record(sample("detail_vat") | {"expenseStatus": "80"}).facts["Expense state"] == "fact.closed"


@pytest.mark.parametrize(
    ("flags", "meaning"),
    [
        (("1", "1"), "not_ticked"),
        (("2", "1"), "ticked"),
        (("1", "2"), "ticked"),
        (("3", "1"), "certified"),
        (("", ""), "unknown"),
        (("", "2"), "ticked"),
    ],
)
def test_deduction_status(flags, meaning):
    certified, ticked = flags
    assert (
        record(sample("detail_vat") | {"authenticateFlag": certified, "checkFlag": ticked}).deduction_status == meaning
    )


@pytest.mark.parametrize(
    ("field", "kind_code", "kind"),
    [
        ("invoiceNo", "27", InvoiceKind.DIGITAL_SPECIAL),
        ("invoiceNo", "26", InvoiceKind.DIGITAL_GENERAL),
        ("invoiceNo", "1", InvoiceKind.DIGITAL_GENERAL),
        ("invoiceCode", "2", InvoiceKind.DIGITAL_SPECIAL),
        ("invoiceNo", "9", InvoiceKind.DIGITAL_RAIL),
        ("invoiceNo", "97", InvoiceKind.UNKNOWN),
    ],
)
def test_twenty_digits_in_any_field_are_a_digital_number(field, kind_code, kind):
    row = sample("detail_train" if kind_code == "9" else "detail_vat")
    row |= {"invoiceType": kind_code, "invoiceNo": "", "invoiceCode": ""} | {field: "26512000000554908399"}
    read = record(row)
    assert (read.kind, read.digital_number, read.number, read.code) == (kind, "26512000000554908399", "", "")


def test_several_tax_rates_are_shown_as_several():
    row = sample("detail_vat") | {"taxRate": "99"}
    assert record(row).facts["Tax rate"] == "fact.several"
    assert record(row | {"taxRate": "0.09"}).facts["Tax rate"] == "9%"
    assert record(row | {"taxRate": "免税"}).facts["Tax rate"] == "免税"
    assert record(row).lines[1].tax_rate is None


def test_invoice_with_damaged_items_is_kept():
    for items, lines in (("[]", 0), ({"goodsName": "x"}, 0), ([None, {"goodsName": "x"}], 1)):
        read = record(sample("detail_vat") | {"items": items})
        assert "damaged_details" in read.flags
        assert len(read.lines) == lines
    assert record(sample("detail_vat") | {"items": None}).flags == ()


def test_identity_numbers_are_only_in_raw_record():
    assert sample("detail_air")["customerIdentityNum"] == IDENTITY
    assert IDENTITY not in dumps(record(sample("detail_air")))


@pytest.mark.parametrize(
    ("field", "value"), [("totalAmount", "一百二"), ("invoiceDate", "2026-06-31"), ("taxAmount", 1.5)]
)
def test_invalid_values_are_bad_records(field, value):
    with pytest.raises(BadRecord):
        record(sample("detail_vat") | {field: value})


# Fingerprints

bill_numbers = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="|+"), min_size=1, max_size=60)


@given(st.lists(bill_numbers, max_size=4))
def test_fingerprint_has_limited_length_and_depends_on_bills(several):
    content = versions.content_of({"a": Decimal("1.10")}, detail=True)
    made = versions.fingerprint(content, several)
    assert len(made) <= 64
    back = versions.remembered(made)
    assert back.content == content
    assert back.has_detail
    assert set(back.bills) <= set(several)
    assert made == versions.fingerprint(content, sorted(several, reverse=True))
    assert made != versions.fingerprint(content, [*several, "another"])


def test_fingerprint_contains_ordinary_bill_numbers():
    content = versions.content_of({"a": 1}, detail=True)
    both = ("2018-11-28-00001898", "RH-365-20181117-1054")
    assert versions.remembered(versions.fingerprint(content, both)).bills == both
