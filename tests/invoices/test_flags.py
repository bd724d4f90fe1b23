"""Doubts that an invoice's own values raise, each with the value at which it begins."""

from decimal import Decimal
from typing import Any

import pytest

from apps.invoices.flags import flags, kind_from_code
from apps.sources.records import InvoiceKind as Kind
from apps.sources.records import LineRecord, PartyRecord

from .builders import PAIR, TWENTY, record

GOOD, BAD = "91440000100017600N", "914400001000176001"


def flags_of(key: str = f"E:{TWENTY}", **values: Any) -> set[str]:
    return flags(record(**values), key)


def yuan(amount: str, tax: str, total: str) -> dict[str, Decimal]:
    return {"amount_excl_tax": Decimal(amount), "tax_amount": Decimal(tax), "total_amount": Decimal(total)}


def lines(*amounts: str | None) -> tuple[LineRecord, ...]:
    return tuple(LineRecord(name="咨询", amount=None if one is None else Decimal(one)) for one in amounts)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, set()),
        (yuan("100.00", "6.00", "106.06"), set()),
        (yuan("100.00", "6.00", "106.07"), {"amounts_do_not_add_up"}),
        (yuan("100.00", "6.00", "105.93"), {"amounts_do_not_add_up"}),
        ({"tax_amount": Decimal("6.00"), "total_amount": Decimal("1.00")}, set()),
        ({"amount_excl_tax": Decimal("10.00"), "lines": lines("4.00", "6.06")}, set()),
        ({"amount_excl_tax": Decimal("10.00"), "lines": lines("4.00", "6.07")}, {"lines_do_not_add_up"}),
        ({"amount_excl_tax": Decimal("10.00"), "lines": lines("4.00", None)}, set()),
        ({"amount_excl_tax": Decimal("10.00"), "lines": lines(*["1.01"] * 10)}, set()),  # a cent a line
        ({"amount_excl_tax": Decimal("10.00"), "lines": lines(*["1.012"] * 10)}, {"lines_do_not_add_up"}),
        ({"seller": PartyRecord(name="甲\N{REPLACEMENT CHARACTER}公司")}, {"unreadable_text"}),
        ({"lines": (LineRecord(name="\N{REPLACEMENT CHARACTER}"),)}, {"unreadable_text"}),
        ({"buyer": PartyRecord(tax_no=GOOD), "seller": PartyRecord(tax_no=BAD)}, {"seller_tax_no"}),
        ({"buyer": PartyRecord(tax_no=BAD)}, {"buyer_tax_no"}),
        ({"buyer": PartyRecord(tax_no="123456789012345")}, set()),  # the old fifteen digits have no check digit
        ({"unknown_codes": ("status=9",)}, {"unknown_code"}),
        ({"flags": ("guessed_kind",)}, {"guessed_kind"}),
    ],
)
def test_a_doubt_begins_where_it_should(values: dict[str, Any], expected: set[str]) -> None:
    assert flags_of(**values) == expected


def test_a_key_of_one_source_only_is_no_statutory_one() -> None:
    assert flags_of("S:7:r1") == {"no_statutory_key"}
    assert flags_of("L:7:ORDER7") == {"no_statutory_key"}
    assert flags_of(f"C:{PAIR[0]}:{PAIR[1]}", kind=Kind.VAT_GENERAL_ELECTRONIC) == set()


def test_a_number_of_another_length_is_said_where_the_law_sets_one() -> None:
    assert flags_of("S:7:r1", kind=Kind.VAT_SPECIAL_PAPER) == {"no_statutory_key", "number_length"}
    assert flags_of("S:7:r1", kind=Kind.TAXI) == {"no_statutory_key"}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("044002500111", Kind.VAT_GENERAL_ELECTRONIC),
        ("044002500104", Kind.VAT_GENERAL_PAPER),
        ("144002500111", None),  # only codes that begin with 0 say it in their end
        ("4400252130", Kind.VAT_SPECIAL_PAPER),
        ("4400252320", Kind.VAT_GENERAL_PAPER),
        ("4400252930", None),
        ("44002521", None),
    ],
)
def test_a_code_tells_its_kind(code: str, kind: Kind | None) -> None:
    assert kind_from_code(code) == kind


def test_a_code_of_another_kind_is_said_only_of_kinds_that_codes_tell() -> None:
    key = f"C:{PAIR[0]}:{PAIR[1]}"
    assert flags_of(key, kind=Kind.VAT_SPECIAL_PAPER, code=PAIR[0]) == {"kind_and_code_disagree"}
    assert flags_of(key, kind=Kind.VAT_GENERAL_ELECTRONIC, code="０44002500111") == set()
    assert flags_of(key, kind=Kind.UNKNOWN, code=PAIR[0]) == set()
