"""Levels and parameters: the more particular row counts, and the vendor's digits follow from the same."""

from hypothesis import given
from hypothesis import strategies as st

from apps.bills.compliance.checks import CHECKS
from apps.bills.compliance.definition import Level
from apps.bills.compliance.policy import Row, blocking, effective, preset

rows = st.builds(
    Row,
    check=st.sampled_from(list(CHECKS)),
    company_id=st.sampled_from([None, 1, 2]),
    bill_type=st.sampled_from(["", "expense", "corporate"]),
    level=st.sampled_from(list(Level)),
    limit=st.none() | st.integers(0, 12),
    entries=st.sampled_from([(), ("甲",), ("乙", "丙")]),
)


@given(st.lists(rows, max_size=12, unique_by=lambda row: row[:3]), st.sampled_from([1, 2, 3]), st.randoms())
def test_the_most_particular_row_counts_in_any_order(found: list[Row], company: int, random) -> None:
    settings = effective(found, company, "expense")
    shuffled = list(found)
    random.shuffle(shuffled)
    assert effective(shuffled, company, "expense") == settings
    for code, check in CHECKS.items():
        default = preset(check, "expense")
        mine = [
            row
            for row in found
            if row.check == code and row.company_id in (None, company) and row.bill_type != "corporate"
        ]
        mine.sort(key=lambda row: (row.company_id is not None, row.bill_type != ""))
        assert settings[code].level == (mine[-1].level if mine else default.level)
        limits = [row.limit for row in mine if row.limit is not None]
        assert settings[code].limit == (limits[-1] if limits else default.limit)
        lists = [row.entries for row in mine if row.entries]
        assert settings[code].entries == (lists[-1] if lists else default.entries)


def test_a_row_of_one_company_keeps_the_list_of_all() -> None:
    found = [Row("blacklist", None, "", Level.BLOCK, None, ("坏公司",)), Row("blacklist", 1, "", Level.WARN)]
    setting = effective(found, 1, "expense")["blacklist"]
    assert (setting.level, setting.entries) == (Level.WARN, ("坏公司",))


def test_the_payee_matters_for_payments_to_companies_by_itself() -> None:
    assert effective([], 1, "expense")["payee"].level == Level.OFF
    assert effective([], 1, "corporate")["payee"].level == Level.WARN
    everywhere = [Row("payee", None, "", Level.NOTE)]
    assert effective(everywhere, 1, "corporate")["payee"].level == Level.NOTE


@given(st.dictionaries(st.sampled_from(sorted(CHECKS)), st.sampled_from(list(Level))))
def test_what_blocks_keeps_an_invoice_off_a_bill(levels: dict[str, Level]) -> None:
    settings = effective([Row(check, None, "", level) for check, level in levels.items()], 1, "expense")
    assert blocking(settings) == {check for check, setting in settings.items() if setting.level == Level.BLOCK}
