"""What a compliance check is. Pure: its texts are English here and translated where they are shown."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .facts import BillFacts, Finding, InvoiceFacts


class Level(StrEnum):
    """From least to most severe."""

    OFF = "off"
    NOTE = "note"
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True)
class Setting:
    """The settings of one check for one company and one type of bill."""

    level: Level
    limit: int | None = None
    entries: tuple[str, ...] = ()


Settings = Mapping[str, Setting]  # by the code of the check, every check of ``checks.CHECKS``
Rule = Callable[[InvoiceFacts, BillFacts, Setting], Iterator[Finding]]
BillRule = Callable[[BillFacts, Setting], Iterator[Finding]]


@dataclass(frozen=True)
class Limit:
    """The number that limits a check. ``preset`` applies until an administrator sets another, ``highest`` is the
    largest allowed one; ``help`` tells administrators its meaning and unit."""

    preset: int
    highest: int
    help: str


@dataclass(frozen=True)
class Entries:
    """The list of texts of a check. ``preset`` applies until an administrator sets another; ``help`` describes the
    entries."""

    help: str
    preset: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """One check with its texts, presets and rule: ``rule`` for each invoice on a bill, ``bill_rule`` for the bill as a
    whole.

    ``code`` identifies it in the database and in REST. ``level`` is its preset level, ``levels_by_type`` the preset of
    bill types that differ. ``sentences``: message code → English text for the messages its findings name.
    """

    code: str
    label: str
    level: Level
    sentences: Mapping[str, str]
    rule: Rule | None
    levels_by_type: Mapping[str, Level] = field(default_factory=dict)
    limit: Limit | None = None
    entries: Entries | None = None
    bill_rule: BillRule | None = None


def check(
    code: str,
    label: str,
    level: Level,
    sentences: Mapping[str, str],
    *,
    levels_by_type: Mapping[str, Level] | None = None,
    limit: Limit | None = None,
    entries: Entries | None = None,
) -> Callable[[Rule], Check]:
    """Decorator that makes a Check of a rule: a function that yields the findings about one invoice on one bill."""

    def made(rule: Rule) -> Check:
        return Check(code, label, level, sentences, rule, levels_by_type or {}, limit, entries)

    return made


def bill_check(code: str, label: str, level: Level, sentences: Mapping[str, str]) -> Callable[[BillRule], Check]:
    """Decorator that makes a Check of a rule about the bill as a whole."""

    def made(rule: BillRule) -> Check:
        return Check(code, label, level, sentences, None, bill_rule=rule)

    return made


def gettext_noop(text: str) -> str:
    """Mark a text for the catalogue of translations, as Django's function of this name does."""
    return text


def finding_of(check_code: str, message_code: str, field_name: str, actual: object, expected: object = "") -> Finding:
    """A finding with the actual and the expected value as message parameters and as evidence."""
    values = str(actual), str(expected)
    params = {"found": values[0], "expected": values[1]}
    return Finding(check_code, message_code, field_name, *values, params, (message_code, *values))
