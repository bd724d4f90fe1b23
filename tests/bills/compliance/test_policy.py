"""Levels and parameters: the more specific row applies; blocking checks follow from the levels."""

from hypothesis import given
from hypothesis import strategies as st

from apps.bills.compliance.checks import CHECKS
from apps.bills.compliance.definition import Level
from apps.bills.compliance.policy import SettingRow, blocking, effective, preset

rows = st.builds(
    SettingRow,
    check=st.sampled_from(list(CHECKS)),
    company_id=st.sampled_from([None, 1, 2]),
    bill_type=st.sampled_from(["", "expense", "corporate"]),
    level=st.sampled_from(list(Level)),
    limit=st.none() | st.integers(0, 12),
    entries=st.sampled_from([(), ("甲",), ("乙", "丙")]),
)


@given(st.lists(rows, max_size=12, unique_by=lambda row: row[:3]), st.sampled_from([1, 2, 3]), st.randoms())
def test_the_most_specific_row_applies_in_any_order(stored_rows: list[SettingRow], company: int, random) -> None:
    settings = effective(stored_rows, company, "expense")
    shuffled = list(stored_rows)
    random.shuffle(shuffled)
    assert effective(shuffled, company, "expense") == settings
    for code, check in CHECKS.items():
        default = preset(check, "expense")
        mine = [
            row
            for row in stored_rows
            if row.check == code and row.company_id in (None, company) and row.bill_type != "corporate"
        ]
        mine.sort(key=lambda row: (row.company_id is not None, row.bill_type != ""))
        assert settings[code].level == (mine[-1].level if mine else default.level)
        limits = [row.limit for row in mine if row.limit is not None]
        assert settings[code].limit == (limits[-1] if limits else default.limit)
        lists = [row.entries for row in mine if row.entries]
        assert settings[code].entries == (lists[-1] if lists else default.entries)


def test_a_row_of_one_company_inherits_the_list_of_all() -> None:
    stored_rows = [
        SettingRow("blacklist", None, "", Level.BLOCK, None, ("坏公司",)),
        SettingRow("blacklist", 1, "", Level.WARN),
    ]
    setting = effective(stored_rows, 1, "expense")["blacklist"]
    assert (setting.level, setting.entries) == (Level.WARN, ("坏公司",))


def test_the_payee_is_checked_by_preset_for_payments_to_companies() -> None:
    assert effective([], 1, "expense")["payee"].level == Level.OFF
    assert effective([], 1, "corporate")["payee"].level == Level.WARN
    everywhere = [SettingRow("payee", None, "", Level.NOTE)]
    assert effective(everywhere, 1, "corporate")["payee"].level == Level.NOTE


@given(st.dictionaries(st.sampled_from(sorted(CHECKS)), st.sampled_from(list(Level))))
def test_blocking_checks_are_those_of_level_block(levels: dict[str, Level]) -> None:
    settings = effective([SettingRow(check, None, "", level) for check, level in levels.items()], 1, "expense")
    assert blocking(settings) == {check for check, setting in settings.items() if setting.level == Level.BLOCK}
