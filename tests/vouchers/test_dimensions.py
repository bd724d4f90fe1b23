"""The text of an entry's dimensions, and back."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.vouchers import dimensions
from apps.vouchers.choices import Dimension
from apps.vouchers.dimensions import canonical, compose, dimensions_for, parse


def test_the_dimensions_are_those_of_the_lists() -> None:
    assert tuple(Dimension.values) == dimensions.KINDS


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("", ""),
        ("部门：研发部；员工：王芳", "部门：研发部；员工：王芳"),
        ("员工:王芳;部门:研发部", "部门：研发部；员工：王芳"),
        ("  职员 ： 王芳 ；; 部门：研发部 ；", "部门：研发部；员工：王芳"),
        ("Department: R&D; project：甲：乙", "部门：R&D；项目：甲：乙"),
        ("ＰＲＯＪＥＣＴ：丙", "项目：丙"),
        ("部门：研发部\n供应商：云杉公司", "部门：研发部；供应商：云杉公司"),
        ("研发部", "研发部"),
        ("现金流量：差旅；部门：研发部", "部门：研发部；现金流量：差旅"),
        ("部门：研发部；部门：销售部", "部门：研发部；部门：销售部"),
        ("部门：；员工：王芳", "员工：王芳"),
    ],
)
def test_canonical(typed: str, text: str) -> None:
    assert canonical(typed) == text
    assert canonical(text) == text


names = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)


@given(st.dictionaries(st.sampled_from(dimensions.KINDS), names.map(dimensions.clean).filter(bool)))
def test_what_is_composed_is_parsed_back(items: dict[str, str]) -> None:
    parsed = parse(compose(items))
    assert parsed.items == items
    assert parsed.others == ()


def test_a_separator_in_a_name_cannot_make_another_part() -> None:
    assert parse(compose({"employee": "王芳；部门：销售部"})).items == {"employee": "王芳，部门：销售部"}


@dataclass
class Head:
    department: str = "综合部"
    employee: str = "王芳"
    payee: str = "云杉公司"


@pytest.mark.parametrize(
    ("required", "text"),
    [
        ((), ""),
        (("department",), "部门：综合部"),
        (("employee", "department"), "部门：综合部；员工：王芳"),
        (("supplier", "project"), "供应商：云杉公司"),
    ],
)
def test_a_bill_fills_what_its_account_requires(required: tuple[str, ...], text: str) -> None:
    assert dimensions_for(Head(), required) == text


def test_what_a_bill_lacks_is_left_out() -> None:
    assert dimensions_for(Head(department=""), ("department", "employee")) == "员工：王芳"
