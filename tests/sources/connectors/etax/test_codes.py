"""The meaning of each code of the tax bureau, taken from its documentation and not from the connector."""

import io
import tracemalloc
import zipfile
from datetime import date
from typing import Any

import pytest

from apps.core.errors import NeedsPerson, TryLater
from apps.sources.connectors.base import CompanyFacts, SourceFacts
from apps.sources.connectors.etax import EVERY_STATE, EVERY_TYPE, Etax
from apps.sources.connectors.etax.envelope import MOST_RATIO, MOST_UNZIPPED, opened
from apps.sources.connectors.etax.listing import listed
from apps.sources.connectors.etax.reading import KINDS, STATES

from .bureau import archive, packed, parse, row

TYPES = {
    "01": "vat_special_paper",
    "02": "vat_freight",
    "03": "vehicle_sale",
    "04": "vat_general_paper",
    "08": "vat_special_electronic",
    "10": "vat_general_electronic",
    "11": "vat_roll",
    "14": "vat_toll",
    "15": "used_vehicle",
    "09": "digital_special",
    "81": "digital_special",
    "90": "digital_general",
    "82": "digital_general",
    "83": "digital_vehicle",
    "87": "digital_paper_vehicle",
    "84": "digital_used_vehicle",
    "88": "digital_paper_used_vehicle",
    "85": "digital_paper_special",
    "86": "digital_paper_general",
    "51": "digital_rail",
    "61": "digital_air",
    "17": "customs_payment",
    "18": "tax_payment_proof",
    "8208": "digital_toll",
}
STATUSES = {
    "0": "normal",
    "1": "void",
    "2": "red",
    "3": "lost_control",
    "4": "abnormal",
    "7": "partly_red",
    "8": "fully_red",
    "80": "red_pending",
}
# field → (label of the fact, code → text of the fact)
WORDS = {
    "managementStatus": (
        "Management status",
        {"0": None, "1": "疑点", "2": "异常", "3": "红字锁定", "4": "禁止勾选退税", "5": "高风险", "6": "低风险"},
    ),
    "abnormalType": ("Abnormality", {"": None, "0": "状态异常", "1": "用途变更", "2": "管理状态异常"}),
    "ylzd4": (
        "Reason not deductible",
        {"0": None, "1": "非应税项目", "2": "免税项目", "3": "福利消费", "4": "非正常损失", "5": "其他", "新": "新"},
    ),
    "deductibleMode": ("Way of deduction", {"": None, "1": "抵扣", "2": "退税", "4": "不抵扣勾选"}),
    "deductibleType": ("Way of ticking", {"": None, "1": "勾选", "2": "扫描"}),
    "tdyslxDm": (
        "Line of business",
        {"": None, "06": "不动产", "08": "通行费", "12": "自产农产品", "16": "自小规模处采购农产品", "77": "77"},
    ),
    "ylzd2": ("Entered with differences", {"0": None, "1": "fact.yes"}),
    "ylzd3": ("Certificate of turning to domestic sale", {"": None, "ZNX1": "ZNX1"}),
}  # fmt: skip


@pytest.mark.parametrize(("code", "kind"), TYPES.items())
def test_documented_types_have_a_kind(code, kind):
    record = parse(row(invoiceType=code, invoiceCode="3100261130", invoiceNumber="06374001"))
    assert record.kind == kind
    assert record.flags == ()


@pytest.mark.parametrize(("code", "status"), STATUSES.items())
def test_documented_states_have_a_status(code, status):
    record = parse(row(state=code))
    assert record.status == status
    assert record.unknown_codes == ()


def test_connector_has_only_documented_codes():
    assert KINDS.keys() == TYPES.keys()
    assert STATES.keys() == STATUSES.keys()


def test_filters_include_every_state_and_type():
    assert set(EVERY_STATE) == STATUSES.keys()
    assert set(EVERY_TYPE) >= TYPES.keys() - {"02"}  # in no table of this service


@pytest.mark.parametrize(
    ("field", "label", "code", "words"),
    [(field, label, code, words) for field, (label, table) in WORDS.items() for code, words in table.items()],
)
def test_codes_are_shown_as_facts(field, label, code, words):
    record = parse(row(**{field: code}))
    if words is None:
        assert label not in record.facts
    else:
        assert words in record.facts[label]
    assert record.unknown_codes == ()


@pytest.mark.parametrize(("code", "doubtful"), [("0", False), ("1", True), ("2", True), ("3", True), ("4", True),
                                                ("5", True), ("6", False), ("", False)])  # fmt: skip
def test_management_status_sets_flag(code, doubtful):
    assert ("abnormal_management" in parse(row(managementStatus=code)).flags) is doubtful


def test_period_of_list_applies_to_all_rows():
    answer = {"count": 1, "InvoiceList": [row(deductiblePeriod="")], "skssq": "202201"}
    (item,) = listed(answer, "11").items
    record = Etax.parse(item, SourceFacts("bureau", "etax", CompanyFacts(), {}))
    assert record.deduction_period == "202201"


def test_dates_may_have_a_time():
    timed = row(
        billingDate="2020-01-16 00:00:00", checkDate="2020-02-28 22:01:30", deductibleDate="2020-02-29 00:00:00"
    )
    record = parse(timed)
    assert record.issue_date == date(2020, 1, 16)
    assert (record.facts["Ticked on"], record.facts["Deducted on"]) == ("2020-02-28", "2020-02-29")


# Archives


def noise(size: int) -> bytes:
    """Bytes that compress to about a tenth."""
    return b"".join(f'"{n * 7919 % 99991}":{"0" * 80},'.encode() for n in range(size // 90))


def test_unpacked_size_above_limit_is_refused():
    archived = archive(noise(MOST_UNZIPPED * 11 // 10))
    assert len(archived) * MOST_RATIO > 2 * MOST_UNZIPPED  # so its compression ratio is allowed
    with pytest.raises(NeedsPerson) as refused:
        opened(packed(archived))
    assert refused.value.message.code == "etax.zip_bomb"


def test_refused_archive_is_not_unpacked_into_memory():
    bomb = packed(archive(b" " * (8 * MOST_UNZIPPED)))
    tracemalloc.start()
    try:
        with pytest.raises(NeedsPerson):
            opened(bomb)
        assert tracemalloc.get_traced_memory()[1] < 4 * MOST_UNZIPPED
    finally:
        tracemalloc.stop()


def test_archive_with_false_size_in_header_is_refused():
    swollen, size = archive(b"[" + b" " * 5_000_000 + b"]"), 5_000_002
    modest = swollen.replace(size.to_bytes(4, "little"), (20).to_bytes(4, "little"))
    assert modest != swollen
    with pytest.raises((NeedsPerson, TryLater)):
        opened(packed(modest))


def test_only_first_entry_is_unpacked():
    archived = io.BytesIO()
    with zipfile.ZipFile(archived, "w", zipfile.ZIP_DEFLATED) as both:
        both.writestr("answer.json", b'{"count": 0}')
        both.writestr("bomb.json", b" " * (4 * 1024 * 1024))
    answer: Any = opened(packed(archived.getvalue()))
    assert answer == {"count": 0}
