"""Entries proposed from the costs of bills."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from apps.vouchers.drafting import Accounts, Cost, draft_entries

_yuan = st.integers(-(10**9), 10**9).map(lambda n: Decimal(n) / 100)
_costs = st.builds(
    Cost,
    bill=st.sampled_from(["BX1", "BX2"]),
    cost_type=st.sampled_from(["差旅费", "办公费", ""]),
    total=_yuan,
    tax=_yuan,
)
MAPPING = {
    "": Accounts("6602.99", "2221.01", "2241"),
    "差旅费": Accounts(debit="6602.01"),
    "办公费": Accounts("6602.02", credit="1002"),
}


@given(costs=st.lists(_costs, max_size=20))
def test_every_draft_balances(costs: list[Cost]) -> None:
    entries = draft_entries(costs, MAPPING)
    debit, credit = sum(e.debit for e in entries), sum(e.credit for e in entries)
    assert debit == credit == sum(cost.total for cost in costs)
    assert all(bool(e.debit) != bool(e.credit) for e in entries)


def test_cost_types_are_mapped_to_accounts_with_defaults() -> None:
    costs = [
        Cost("BX1", "差旅费", Decimal("109.00"), Decimal("9.00")),
        Cost("BX1", "差旅费", Decimal("50.00")),
        Cost("BX1", "办公费", Decimal("113.00"), Decimal("13.00")),
        Cost("BX2", "招待费", Decimal("10.00")),
    ]
    entries = [(e.account, e.debit, e.credit) for e in draft_entries(costs, MAPPING)]
    zero = Decimal("0.00")
    assert entries == [
        ("6602.01", Decimal("150.00"), zero),
        ("6602.02", Decimal("100.00"), zero),
        ("6602.99", Decimal("10.00"), zero),
        ("2221.01", Decimal("22.00"), zero),
        ("2241", zero, Decimal("159.00")),
        ("1002", zero, Decimal("113.00")),
        ("2241", zero, Decimal("10.00")),
    ]


def test_an_account_without_mapping_stays_empty() -> None:
    assert [e.account for e in draft_entries([Cost("BX1", "差旅费", Decimal(1))], {})] == ["", ""]


def test_entries_of_different_dimensions_stay_apart() -> None:
    costs = [
        Cost("BX1", "办公费", Decimal("100.00")),
        Cost("BX2", "办公费", Decimal("20.00")),
        Cost("BX3", "办公费", Decimal("3.00")),
    ]
    department = {"BX1": "部门：综合部", "BX2": "部门：研发部", "BX3": "部门：综合部"}

    def dimension_of(account: str, bill: str) -> str:
        return department[bill] if account == "6602.02" else ""

    entries = draft_entries(costs, MAPPING, dimension_of)
    debits = [(e.dimension, e.debit) for e in entries if e.account == "6602.02"]
    assert debits == [("部门：综合部", Decimal("103.00")), ("部门：研发部", Decimal("20.00"))]
    assert sum(e.debit for e in entries) == sum(e.credit for e in entries) == Decimal("123.00")
