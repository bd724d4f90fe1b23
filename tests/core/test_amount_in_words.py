"""Amounts in Chinese capital numerals: the examples of the rules, and every amount read back by another parser."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.amount_in_words import in_words

EXAMPLES = [
    # the rules' own examples, in the form that this module chooses
    ("1409.50", "壹仟肆佰零玖元伍角整"),
    ("6007.14", "陆仟零柒元壹角肆分"),
    ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
    ("107000.53", "壹拾万柒仟元零伍角叁分"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("325.04", "叁佰贰拾伍元零肆分"),
    # below a yuan, and yuan alone
    ("0", "零元整"),
    ("0.00", "零元整"),
    ("0.01", "壹分"),
    ("0.05", "伍分"),
    ("0.10", "壹角整"),
    ("0.53", "伍角叁分"),
    ("0.99", "玖角玖分"),
    ("1", "壹元整"),
    ("1.01", "壹元零壹分"),
    ("1.10", "壹元壹角整"),
    ("9.99", "玖元玖角玖分"),
    ("10", "壹拾元整"),
    ("10.01", "壹拾元零壹分"),
    ("10.10", "壹拾元零壹角整"),
    ("11", "壹拾壹元整"),
    ("20", "贰拾元整"),
    ("100", "壹佰元整"),
    ("101", "壹佰零壹元整"),
    ("110", "壹佰壹拾元整"),
    ("1000", "壹仟元整"),
    ("1001", "壹仟零壹元整"),
    ("1010", "壹仟零壹拾元整"),
    ("1100", "壹仟壹佰元整"),
    ("1234.56", "壹仟贰佰叁拾肆元伍角陆分"),
    ("2591.44", "贰仟伍佰玖拾壹元肆角肆分"),
    # 万 and 亿
    ("10000", "壹万元整"),
    ("10001", "壹万零壹元整"),
    ("10010", "壹万零壹拾元整"),
    ("10100", "壹万零壹佰元整"),
    ("11000", "壹万壹仟元整"),
    ("100000", "壹拾万元整"),
    ("101000", "壹拾万壹仟元整"),
    ("100100", "壹拾万零壹佰元整"),
    ("1000001", "壹佰万零壹元整"),
    ("10000000", "壹仟万元整"),
    ("10010001", "壹仟零壹万零壹元整"),
    ("20305060.07", "贰仟零叁拾万伍仟零陆拾元零柒分"),
    ("100000000", "壹亿元整"),
    ("100000001", "壹亿零壹元整"),
    ("100005000", "壹亿零伍仟元整"),
    ("100050000", "壹亿零伍万元整"),
    ("110000000", "壹亿壹仟万元整"),
    ("1000000000.01", "壹拾亿元零壹分"),
    ("1000000000000", "壹万亿元整"),
    ("1000000000001", "壹万亿零壹元整"),
    ("1000100000000", "壹万零壹亿元整"),
    ("1500000000000", "壹万伍仟亿元整"),
    ("1000000000000000", "壹仟万亿元整"),
    ("9999999999999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
]


@pytest.mark.parametrize(("amount", "words"), EXAMPLES)
def test_examples(amount: str, words: str) -> None:
    assert in_words(Decimal(amount)) == f"人民币{words}"
    if Decimal(amount):
        assert in_words(-Decimal(amount)) == f"人民币负{words}"


@pytest.mark.parametrize("amount", ["0.001", "12.345", "1E+16", "-1E+16", "NaN", "Infinity"])
def test_amounts_without_words(amount: str) -> None:
    with pytest.raises(ValueError, match="the amount"):
        in_words(Decimal(amount))


cents = st.one_of(
    st.integers(-(10**18) + 1, 10**18 - 1),
    st.integers(-(10**7), 10**7),
    st.lists(st.sampled_from("0001359"), min_size=1, max_size=18).map(lambda digits: int("".join(digits))),
)


@given(cents)
def test_words_read_back_as_the_same_amount(value: int) -> None:
    amount = Decimal(value).scaleb(-2)
    words = in_words(amount)
    assert _read(words) == amount
    assert "零零" not in words
    assert words.endswith("分") != words.endswith("整")


def _read(words: str) -> Decimal:
    """The amount that a reader gets from the words: each numeral counts for the units that follow it."""
    values = {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
    units = {"拾": 10, "佰": 100, "仟": 1000}
    text = words.removeprefix("人民币").removesuffix("整")
    sign = -1 if text.startswith("负") else 1
    total = section = digit = 0  # in cents: what 元 has closed, then 万 and 亿 below it
    below = 0
    for character in text.removeprefix("负"):
        if character in values:
            digit = values[character]
        elif character in units:
            section, digit = section + digit * units[character], 0
        elif character == "万":
            below, section, digit = below + (section + digit) * 10**4, 0, 0
        elif character == "亿":
            below, section, digit = (below + section + digit) * 10**8, 0, 0
        elif character == "元":
            total, below, section, digit = (below + section + digit) * 100, 0, 0, 0
        else:
            total, digit = total + digit * {"角": 10, "分": 1}[character], 0
    return sign * Decimal(total).scaleb(-2)
