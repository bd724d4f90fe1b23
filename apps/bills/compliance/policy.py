"""Levels and parameters of the checks per company and type of bill. Pure.

The most specific row gives the level: company and type, then company, then type, then the row for all, then the preset.
A parameter that a row leaves empty comes from the next less specific row, so that a row for one company does not
replace the list of all companies by an empty one.
"""

from collections.abc import Iterable
from typing import NamedTuple

from .checks import CHECKS
from .definition import Check, Level, Setting, Settings


class SettingRow(NamedTuple):
    """A setting of a check. Company None and type '' mean all; limit None and no entries inherit from less specific
    rows."""

    check: str
    company_id: int | None
    bill_type: str
    level: Level
    limit: int | None = None
    entries: tuple[str, ...] = ()


def effective(rows: Iterable[SettingRow], company_id: int, bill_type: str) -> Settings:
    """The settings for the bills of one type in one company, of every check.

    >>> effective([SettingRow("title", None, "", Level.WARN), SettingRow("title", 7, "", Level.OFF)], 7,
    "expense")["title"].level <Level.OFF: 'off'>
    """
    settings = {code: preset(check, bill_type) for code, check in CHECKS.items()}
    for row in sorted(rows, key=lambda row: (row.company_id is not None, row.bill_type != "")):
        if row.check in settings and row.company_id in (None, company_id) and row.bill_type in ("", bill_type):
            general = settings[row.check]
            limit = general.limit if row.limit is None else row.limit
            settings[row.check] = Setting(Level(row.level), limit, row.entries or general.entries)
    return settings


def preset(check: Check, bill_type: str) -> Setting:
    """The setting of a check without any row."""
    return Setting(
        check.levels_by_type.get(bill_type, check.level),
        check.limit.preset if check.limit else None,
        check.entries.preset if check.entries else (),
    )


def blocking(settings: Settings) -> frozenset[str]:
    """The checks of level *block*.

    >>> sorted(blocking(effective([], 1, "expense")) & {"title", "personal"})
    ['title']
    """
    return frozenset(check for check, setting in settings.items() if setting.level == Level.BLOCK)
