"""Parses the rows of an import of accounts or dimension items. Pure except for messages.

A row comes from a file, a form or REST, as texts by column. What cannot be parsed becomes a problem of its row.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.core.messages import Message
from apps.core.workbooks import rounded
from apps.vouchers import dimensions

from .chart import CODE, code_of

Raw = Mapping[str, Any]
_SIDES = {"debit": ("借", "借方", "debit", "dr"), "credit": ("贷", "贷方", "credit", "cr")}
_YES = ("是", "启用", "使用", "有效", "√", "1", "true", "yes", "y", "active")
_NO = ("否", "停用", "禁用", "未启用", "无效", "×", "0", "false", "no", "n", "inactive")
_NONE = ("无", "-", "—", "none")
_BETWEEN = re.compile(r"[、,，;；/|\s]+")
_LONGEST_CODE, _LONGEST_ACCOUNT, _LONGEST_ITEM = 40, 100, 200


@dataclass
class AccountRow:
    """One account. None: the column is empty or not there, so what is stored stays. ``parent``: a code; '' for an empty
    cell: the parent follows from the code."""

    line: int
    code: str = ""
    name: str = ""
    parent: str | None = None
    direction: str | None = None
    dimensions: list[str] | None = None
    active: bool | None = None
    problems: list[Message] = field(default_factory=list)


@dataclass
class ItemRow:
    """One dimension item; None as in ``AccountRow``."""

    line: int
    kind: str = ""
    code: str | None = None
    name: str = ""
    active: bool | None = None
    problems: list[Message] = field(default_factory=list)


def account(raw: Raw, number: int) -> AccountRow:
    """Parse one account. ``number``: its line when the row does not have one."""
    row = AccountRow(_line(raw, number), _text(raw, "code"), _text(raw, "name"))
    _require(row, "code", row.code, _LONGEST_CODE)
    _require(row, "name", row.name, _LONGEST_ACCOUNT)
    if row.code and (rounded(row.code) or not CODE.fullmatch(row.code)):
        row.problems.append(Message("chart_import.bad_code", {"code": row.code[:60]}))
    parent = _text(raw, "parent")
    if "parent" in raw:
        row.parent = code_of(parent)
        if parent and not row.parent:
            row.problems.append(Message("chart_import.unknown_parent", {"code": row.code, "parent": parent[:60]}))
    row.direction = _parsed(row, raw, "direction", _side)
    if "dimensions" in raw:
        row.dimensions = _dimensions(row, raw["dimensions"])
    row.active = _parsed(row, raw, "active", _flag)
    return row


def item(raw: Raw, number: int) -> ItemRow:
    """Parse one dimension item. ``number``: its line when the row does not have one."""
    row = ItemRow(_line(raw, number), name=_text(raw, "name"))
    row.kind = _parsed(row, raw, "kind", lambda text: dimensions.kind_named(text) or None) or ""
    if not _text(raw, "kind"):
        _require(row, "kind", "", 1)
    _require(row, "name", row.name, _LONGEST_ITEM)
    if dimensions.clean(row.name) != row.name:
        row.problems.append(Message("dimension_item.separator", {"name": row.name[:60]}))
    if "code" in raw:
        row.code = _text(raw, "code")
        if len(row.code) > _LONGEST_CODE:
            row.problems.append(_too_long("code", _LONGEST_CODE))
    row.active = _parsed(row, raw, "active", _flag)
    return row


def _line(raw: Raw, number: int) -> int:
    line = str(raw.get("line", ""))
    return int(line) if line.isascii() and line.isdecimal() and len(line) < 9 else number


def _text(raw: Raw, column: str) -> str:
    value = raw.get(column)
    return "" if value is None else unicodedata.normalize("NFC", str(value)).replace("\0", "").strip()


def _require(row: AccountRow | ItemRow, column: str, text: str, longest: int) -> None:
    if not text:
        row.problems.append(Message("chart_import.missing", {"column": Message(f"chart_import.column.{column}")}))
    elif len(text) > longest:
        row.problems.append(_too_long(column, longest))


def _too_long(column: str, most: int) -> Message:
    return Message("chart_import.too_long", {"column": Message(f"chart_import.column.{column}"), "most": most})


def _parsed(row: AccountRow | ItemRow, raw: Raw, column: str, parse: Callable[[str], Any]) -> Any:
    """The value of a cell; None for an empty one, and for one that does not fit, which becomes a problem."""
    value = raw.get(column)
    if isinstance(value, bool):
        return value
    text = _text(raw, column)
    if not text:
        return None
    parsed = parse(unicodedata.normalize("NFKC", text).lower())
    if parsed is None:
        row.problems.append(_bad_value(column, text))
    return parsed


def _bad_value(column: str, text: str) -> Message:
    about = {"column": Message(f"chart_import.column.{column}"), "value": text[:60]}
    return Message("chart_import.bad_value", about)


def _side(text: str) -> str | None:
    return next((side for side, names in _SIDES.items() if text in names), None)


def _flag(text: str) -> bool | None:
    return True if text in _YES else False if text in _NO else None


def _dimensions(row: AccountRow, value: Any) -> list[str]:
    parts = value if isinstance(value, list | tuple) else _BETWEEN.split("" if value is None else str(value))
    names = [str(part).strip() for part in parts]
    kinds = {name: dimensions.kind_named(name) for name in names if name and name.lower() not in _NONE}
    row.problems += [_bad_value("dimensions", name) for name, kind in kinds.items() if not kind]
    return [kind for kind in dimensions.KINDS if kind in kinds.values()]
