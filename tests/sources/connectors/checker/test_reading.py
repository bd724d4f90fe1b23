"""The invoice checker without a network: decryption, misleading field names and codes, and the next read position."""

import base64
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import BadRecord, Intent, NeedsPerson
from apps.sources.connectors.base import CompanyFacts, SourceFacts
from apps.sources.connectors.checker import Checker
from apps.sources.connectors.checker.cipher import Cipher
from apps.sources.connectors.checker.position import PAGE_SIZE, next_step
from apps.sources.connectors.checker.reading import statutory_numbers
from apps.sources.connectors.items import raw_item
from apps.sources.parsing import SHANGHAI
from apps.sources.records import Direction, InvoiceKind, InvoiceRecord, InvoiceStatus

PLAIN = b'[{"Id":"1","invoiceNum":"011001900111"}]'
ECB = "MYUxAeCngM+DN4nU67zqNZg5j1Jk1DvhR2T3/DHY4qXXHu8975OzUhbDtylMzjej"
CBC = "5g+ChY5vcaVlKapJ3qm6o1KdE+y3v7bLYA09ruAGN963LAbCNJlRfRXnobMsDgOH"
DIGITAL = "24312000000123456789"
NOON = datetime(2026, 3, 10, 12, 0, tzinfo=SHANGHAI)
SECOND = timedelta(seconds=1)


def sample(**changes: Any) -> dict[str, Any]:
    text = (Path(__file__).parents[1] / "samples" / "checker" / "scanned.json").read_text()
    return json.loads(text, parse_float=Decimal) | changes


def parse(record: Any) -> InvoiceRecord:
    item = raw_item(record, record.get("Id") if isinstance(record, dict) else "")
    return Checker.parse(item, SourceFacts("checker", "checker", CompanyFacts(), {}))


# Decryption


@pytest.mark.parametrize(
    ("mode", "iv", "encoding", "sealed"),
    [
        ("ecb", "", "base64", ECB),
        ("cbc", "", "base64", CBC),
        ("cbc", "testkey1", "base64", CBC),
        ("cbc", b"testkey1".hex(), "base64", CBC),
        ("ecb", "", "hex", base64.b64decode(ECB).hex()),
    ],
)
def test_vendor_check_values_are_decrypted(mode, iv, encoding, sealed):
    assert Cipher("testkey1", mode, iv, encoding).decrypt(sealed) == PLAIN


def test_only_first_eight_bytes_of_key_are_used():
    assert Cipher("testkey1-and-more").decrypt(CBC) == PLAIN


@pytest.mark.parametrize(
    ("cipher", "sealed", "code", "intent"),
    [
        (Cipher("otherkey"), CBC, "checker.undecipherable", Intent.CREDENTIALS),
        (Cipher("testkey1", encoding="hex"), CBC, "checker.undecipherable", Intent.CREDENTIALS),
        (Cipher("testkey1"), CBC[:-3], "checker.undecipherable", Intent.CREDENTIALS),
        (Cipher("short"), CBC, "checker.short_key", Intent.CREDENTIALS),
        (Cipher("testkey1", iv="12345"), CBC, "checker.bad_iv", Intent.CONFIGURATION),
    ],
)
def test_wrong_key_or_option_needs_a_person(cipher, sealed, code, intent):
    with pytest.raises(NeedsPerson) as refused:
        cipher.decrypt(sealed)
    assert refused.value.message.code == code
    assert refused.value.intent is intent
    assert cipher.key not in str(refused.value)


# One record


def test_vendor_sample_is_parsed_by_field_labels():
    record = parse(sample())
    assert (record.code, record.number, record.digital_number) == ("011001900111", "12345678", "")
    assert (record.kind, record.direction) == (InvoiceKind.VAT_GENERAL_ELECTRONIC, Direction.INPUT)
    assert (record.amount_excl_tax, record.tax_amount, record.total_amount) == (
        Decimal("100.00"),
        Decimal("6.00"),
        Decimal("106.00"),
    )
    assert record.issue_date == date(2020, 8, 28)
    assert record.changed_at == datetime(2020, 8, 30, tzinfo=SHANGHAI)
    assert (record.status, record.deleted) == (InvoiceStatus.NORMAL, False)
    assert record.buyer.tax_no == "9133010067675905XR"
    assert record.seller.name == "北京某某出租有限公司"
    assert record.check_code == "123456"
    assert record.flags == ()
    assert record.facts["Tax rate"] == "6%"
    assert record.facts["Details"] == "客运服务费"
    assert record.facts["Place of the file"] == "/pdf/202008/5f1c0c7e.pdf"


def test_claim_data_is_kept():
    claim = parse(sample()).claim
    assert claim is not None
    assert (claim.person, claim.department, claim.voucher_number) == ("张三", "财务部", "记-0012")
    assert (claim.purpose, claim.entered_by, claim.entered_at) == ("差旅费", "王五", "2020-08-29 09:12:00")
    assert claim.entry_method == "微信扫描"


def test_field_names_are_case_insensitive():
    assert parse({key.upper(): value for key, value in sample().items()} | {"Id": "5f1c0c7e"}) == parse(sample())


@pytest.mark.parametrize(
    ("labelled_code", "labelled_number", "expected"),
    [
        ("011001900111", "12345678", ("011001900111", "12345678", "", False)),
        ("1100190011", "12345678", ("1100190011", "12345678", "", False)),
        ("12345678", "011001900111", ("011001900111", "12345678", "", True)),
        ("12345678", "", ("", "12345678", "", True)),
        ("", "12345678", ("", "12345678", "", False)),
        ("", DIGITAL, ("", "", DIGITAL, False)),
        (DIGITAL, "", ("", "", DIGITAL, False)),
        (DIGITAL, DIGITAL, ("", "", DIGITAL, False)),
        ("011001900111", DIGITAL, ("011001900111", "", DIGITAL, False)),
        (DIGITAL, "011001900111", ("011001900111", "", DIGITAL, True)),
        ("０１１００１９００１１１", "1234 5678", ("011001900111", "12345678", "", False)),
        ("123", "456", ("123", "456", "", False)),
    ],
)
def test_code_and_number_are_distinguished_by_length(labelled_code, labelled_number, expected):
    assert statutory_numbers(labelled_code, labelled_number) == expected


def test_record_with_correct_field_names_is_flagged():
    record = parse(sample(invoiceNum="12345678", invoiceCode="011001900111"))
    assert (record.code, record.number) == ("011001900111", "12345678")
    assert record.flags == ("names_swapped",)


@pytest.mark.parametrize(
    ("code", "paper", "digital"),
    [
        (0, InvoiceKind.VAT_GENERAL_ELECTRONIC, InvoiceKind.DIGITAL_GENERAL),
        ("1", InvoiceKind.VAT_SPECIAL_PAPER, InvoiceKind.DIGITAL_SPECIAL),
        (2, InvoiceKind.VAT_GENERAL_PAPER, InvoiceKind.DIGITAL_GENERAL),
        (3, InvoiceKind.VAT_ROLL, InvoiceKind.VAT_ROLL),
        (4, InvoiceKind.VEHICLE_SALE, InvoiceKind.DIGITAL_VEHICLE),
        (5, InvoiceKind.VAT_FREIGHT, InvoiceKind.VAT_FREIGHT),
    ],
)
def test_documented_types_have_a_kind(code, paper, digital):
    assert parse(sample(invoiceType=code)).kind is paper
    assert parse(sample(invoiceType=code, invoiceNum="", invoiceCode=DIGITAL)).kind is digital


@pytest.mark.parametrize(
    ("code", "method"),
    list(enumerate(["微信扫描", "微信手工", "电脑手工", "扫描枪", "Excel 导入", "邮箱导入"])),
)
def test_documented_entry_methods_have_a_name(code, method):
    claim = parse(sample(inputType=code)).claim
    assert claim is not None
    assert claim.entry_method == method


@pytest.mark.parametrize(("code", "origin"), [(1, "本地选择"), (3, "QQ 邮箱"), (5, "其他"), (77, "77")])
def test_origin_of_file_is_kept(code, origin):
    assert parse(sample(pdfFrom=code)).facts["Origin of the file"] == origin


def test_unknown_codes_are_kept_and_flagged():
    record = parse(sample(invoiceType=97, state="冻结", inputType=12))
    assert record.kind is InvoiceKind.UNKNOWN
    assert record.status is InvoiceStatus.UNKNOWN
    assert set(record.unknown_codes) == {"invoiceType=97", "state=冻结", "inputType=12"}
    assert record.flags == ("unknown_code",)


def test_only_http_address_becomes_a_link():
    assert parse(sample(pdfSaveAddress="https://files.example.com/1.pdf")).file_url == "https://files.example.com/1.pdf"
    assert parse(sample(pdfSaveAddress="javascript:alert(1)")).file_url == ""


def test_details_may_be_json_text_or_damaged():
    lines = parse(sample(invoiceDetail='[{"name":"*餐饮*餐费","num":"2","amount":"94.34","taxRate":"6%"}]')).lines
    assert [(one.name, one.quantity, one.amount, one.tax_rate) for one in lines] == [
        ("*餐饮*餐费", Decimal(2), Decimal("94.34"), Decimal("0.06"))
    ]
    for damaged in ('[{"name":"*餐饮', '[{"amount":"不详"}]', '["餐费"]'):
        record = parse(sample(invoiceDetail=damaged))
        assert (record.lines, record.flags) == ((), ("damaged_details",))
        assert record.total_amount == Decimal("106.00")


@pytest.mark.parametrize("deleted", [1, "1"])
def test_deleted_record_is_marked_as_deleted(deleted):
    record = parse(sample(Isdel=deleted))
    assert record.deleted
    assert record.number == "12345678"


def test_unreadable_deleted_record_is_marked_as_deleted():
    assert parse({"Id": "7", "isdel": 1, "invoiceMoney": "壹佰"}).deleted


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (sample(invoiceMoney="壹佰元整"), "record.bad_amount"),
        (sample(invoiceDate="2026-02-30"), "record.bad_date"),
        (sample(Id=""), "record.no_id"),
        (sample(Id=None), "record.no_id"),
        ("not a record", "record.not_an_object"),
        (None, "record.not_an_object"),
    ],
)
def test_bad_record_has_a_reason(record, code):
    with pytest.raises(BadRecord) as bad:
        parse(record)
    assert bad.value.message.code == code


# The next read position


def step(since: datetime | None, times: list[datetime], all_known: bool = False, overlap: int = 1) -> Any:
    return next_step(since, times, count=len(times), all_known=all_known, overlap=overlap)


def test_short_page_ends_the_pull_and_last_second_is_read_again():
    result = step(NOON - SECOND * 100, [NOON - SECOND * 3, NOON])
    assert (result.since, result.more) == (NOON - SECOND, False)
    assert step(NOON, [NOON], overlap=60).since == NOON  # the cursor never moves back


def test_full_page_continues_before_its_last_second():
    times = [NOON - SECOND * n for n in range(PAGE_SIZE)]
    assert step(None, times).since == NOON - SECOND
    assert step(NOON - SECOND * 80, times).since == NOON - SECOND
    # The page includes records of the requested second: the server compares >=.
    assert step(min(times), times).since == NOON


def test_second_with_full_page_is_requested_again_then_skipped():
    crowd = [NOON] * PAGE_SIZE
    first = step(NOON - SECOND, crowd)
    assert (first.since, first.stalled) == (NOON - SECOND, None)
    second = step(NOON - SECOND, crowd, all_known=True)
    assert (second.since, second.stalled, second.more) == (NOON, NOON, True)
    inclusive = step(NOON, crowd, all_known=True)
    assert (inclusive.since, inclusive.stalled) == (NOON + SECOND, NOON)


def test_repeated_older_page_does_not_move_the_cursor():
    result = step(NOON, [NOON - SECOND * n for n in range(PAGE_SIZE)], all_known=True)
    assert (result.since, result.repeated, result.stalled) == (NOON, True, None)


@given(
    seconds=st.lists(st.integers(0, 6), min_size=1, max_size=300),
    inclusive=st.booleans(),
    overlap=st.integers(0, 90),
)
def test_only_records_beyond_fifty_per_second_are_lost(seconds, inclusive, overlap):
    overlap = overlap if inclusive else max(overlap, 1)
    feed = sorted((NOON + SECOND * second, number) for number, second in enumerate(seconds))
    since, received = None, set[int]()
    for _ in range(1000):
        page = [entry for entry in feed if since is None or (entry[0] >= since if inclusive else entry[0] > since)][
            :PAGE_SIZE
        ]
        if not page:
            break
        ids = {number for _, number in page}
        result = next_step(
            since, [when for when, _ in page], count=len(page), all_known=ids <= received, overlap=overlap
        )
        assert not result.repeated
        received |= ids
        since = result.since
        if not result.more:
            break
    else:
        raise AssertionError("never came to an end")
    crowded = {second for second in seconds if seconds.count(second) > PAGE_SIZE}
    assert {number for number, second in enumerate(seconds) if second not in crowded} <= received
    assert len(received) >= len(seconds) - sum(seconds.count(second) - PAGE_SIZE for second in crowded)
