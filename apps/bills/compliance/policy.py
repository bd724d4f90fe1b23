"""How grave each finding is: levels and parameters of the checks, per company and type of bill. Pure.

The most particular row says the level: company and type, then company, then type, then the row for all, then what is
preset. A parameter that a row leaves open is taken from the next less particular one, so that a row for one company
does not silently empty a list that is kept for all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    """From least to most grave."""

    OFF = "off"
    NOTE = "note"
    WARN = "warn"
    BLOCK = "block"


class Row(NamedTuple):
    """What an administrator said of a check. Company None and type '' mean all; limit None and no entries leave
    them open."""

    check: str
    company_id: int | None
    bill_type: str
    level: Level
    limit: int | None = None
    entries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preset:
    """What counts without any row. ``by_type`` are the types of bill with another level than the rest."""

    level: Level
    by_type: Mapping[str, Level]
    limit: int | None = None
    entries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Setting:
    """What counts for one check, one company and one type of bill."""

    level: Level
    limit: int | None = None
    entries: tuple[str, ...] = ()


Settings = Mapping[str, Setting]

_CORPORATE = {"purchase": Level.WARN, "corporate": Level.WARN}
_WORDS = (
    "礼品",
    "购物卡",
    "预付卡",
    "充值卡",
    "储值卡",
    "卷烟",
    "香烟",
    "白酒",
    "茅台",
    "黄金",
    "首饰",
    "珠宝",
    "玉器",
    "高尔夫",
    "会所",
    "足浴",
    "按摩",
    "洗浴",
    "美容",
    "保健品",
    "化妆品",
)

PRESETS: Mapping[str, Preset] = {
    "title": Preset(Level.BLOCK, {}),
    "tax_number": Preset(Level.BLOCK, {}),
    "tax_number_missing": Preset(Level.NOTE, {}),
    "verification_failed": Preset(Level.BLOCK, {}),
    "verification_missing": Preset(Level.NOTE, {}),
    "used_elsewhere": Preset(Level.BLOCK, {}),
    "invalid": Preset(Level.BLOCK, {}),
    "doubtful": Preset(Level.WARN, {}),
    "personal": Preset(Level.WARN, {}),
    "other_year": Preset(Level.WARN, {}, limit=0),
    "too_old": Preset(Level.WARN, {}, limit=180),
    "consecutive": Preset(Level.WARN, {}, limit=3),
    "blacklist": Preset(Level.BLOCK, {}),
    "payee": Preset(Level.OFF, _CORPORATE),
    "machine_number": Preset(Level.WARN, {}),
    "sum": Preset(Level.WARN, {}),
    "input_tax": Preset(Level.WARN, {}),
    "edited": Preset(Level.NOTE, {}),
    "sensitive": Preset(Level.WARN, {}, entries=_WORDS),
}
LIMITED = frozenset(check for check, preset in PRESETS.items() if preset.limit is not None)
LISTED = frozenset({"blacklist", "sensitive"})
MOST = {"other_year": 12, "too_old": 3650, "consecutive": 20}  # the highest limit that makes sense


def effective(rows: Iterable[Row], company_id: int, bill_type: str) -> Settings:
    """The settings for the bills of one type in one company, of every check.

    >>> effective([Row("title", None, "", Level.WARN), Row("title", 7, "", Level.OFF)], 7, "expense")["title"].level
    <Level.OFF: 'off'>
    """
    found = {
        check: Setting(preset.by_type.get(bill_type, preset.level), preset.limit, preset.entries)
        for check, preset in PRESETS.items()
    }
    for row in sorted(rows, key=lambda row: (row.company_id is not None, row.bill_type != "")):
        if row.check in found and row.company_id in (None, company_id) and row.bill_type in ("", bill_type):
            general = found[row.check]
            limit = general.limit if row.limit is None else row.limit
            found[row.check] = Setting(Level(row.level), limit, row.entries or general.entries)
    return found


def blocking(settings: Settings) -> frozenset[str]:
    """The checks that keep an invoice off a bill.

    >>> sorted(blocking(effective([], 1, "expense")) & {"title", "personal"})
    ['title']
    """
    return frozenset(check for check, setting in settings.items() if setting.level == Level.BLOCK)
