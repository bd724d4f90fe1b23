"""The rules that explain differences between two invoices of one document, and their settings. Pure.

A rule is an *explanation*: an error that puts one document into the ledger twice. Two invoices are a candidate pair
when enabled rules explain every difference between them. Settings are resolved per company: a company's own setting
beats the setting for all companies, which beats the defaults here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

RULES_VERSION = 2  # of the code below; what administrators change is counted by the history of RuleSetting

Subject = Literal["number", "date", "amount", "seller", "trip", "ticket"]


@dataclass(frozen=True)
class Rule:
    """``parameters`` are whole numbers with their defaults."""

    code: str
    subject: Subject
    parameters: Mapping[str, int] = field(default_factory=dict)


RULES = {
    rule.code: rule
    for rule in (
        Rule("digit_wrong", "number", {"consecutive": 2}),
        Rule("look_alike", "number"),
        Rule("neighbours_swapped", "number"),
        Rule("digit_lost", "number"),
        Rule("zero_lost", "number"),
        Rule("code_lost", "number"),
        Rule("code_slip", "number"),
        Rule("fields_swapped", "number"),
        Rule("number_missing", "number"),
        Rule("day_off", "date", {"days": 1}),
        Rule("month_day_swapped", "date"),
        Rule("date_slip", "date"),
        Rule("tax_left_out", "amount"),
        Rule("amount_slip", "amount"),
        Rule("name_variant", "seller", {"similarity": 60}),
        Rule("former_name", "seller"),
        Rule("same_trip", "trip"),
        Rule("scanned_twice", "ticket"),
    )
}


class StoredSetting(NamedTuple):
    """A ``RuleSetting`` row as plain data; ``company_id`` None means all companies."""

    code: str
    company_id: int | None
    enabled: bool
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Settings:
    """The rules of one company. ``likely`` and ``possible`` are the largest number of rules a pair of that tier may
    need."""

    enabled: frozenset[str] = frozenset(RULES)
    parameters: Mapping[str, Mapping[str, int]] = field(
        default_factory=lambda: {code: dict(rule.parameters) for code, rule in RULES.items()}
    )
    likely: int = 3
    possible: int = 4

    def on(self, code: str) -> bool:
        return code in self.enabled

    def number(self, code: str, parameter: str) -> int:
        return self.parameters[code][parameter]


DEFAULTS = Settings()


def effective(settings: Iterable[StoredSetting], company_id: int | None) -> Settings:
    """The settings of one company, or for ``None`` those of companies without settings of their own.

    >>> effective([StoredSetting("day_off", None, False, {})], 7).on("day_off")
    False
    """
    by_code: dict[str, StoredSetting] = {}
    for setting in sorted(settings, key=lambda setting: setting.company_id is not None):
        if setting.company_id in (None, company_id) and setting.code in RULES:
            by_code[setting.code] = setting
    parameters = {code: dict(rule.parameters) for code, rule in RULES.items()}
    for code, setting in by_code.items():
        parameters[code].update(
            {name: int(setting.parameters[name]) for name in RULES[code].parameters if name in setting.parameters}
        )
    off = {code for code, setting in by_code.items() if not setting.enabled}
    return Settings(frozenset(RULES) - off, parameters)
