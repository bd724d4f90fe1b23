"""Reading vendor values into canonical ones. Pure; raises BadRecord with a reason a person can act on.

No float ever: JSON numbers arrive as int or Decimal. Everything is hostile until it went through here: control
characters are dropped (PostgreSQL keeps no NUL), lengths are bounded.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from apps.core.errors import BadRecord

SHANGHAI = timezone(timedelta(hours=8))  # no summer time since 1991
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_MOST, _LEAST = Decimal("1e15"), Decimal("-1e15")
_CENT = Decimal("0.01")
_DAY = re.compile(r"(?:(\d{4})(\d\d)(\d\d)|(\d{4})\D(\d{1,2})\D(\d{1,2})(?!\d))")
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 1, 1)


def text(value: Any, limit: int = 300) -> str:
    """Trimmed text without control characters, at most ``limit`` characters; '' for None, 'null' is not special."""
    if type(value) is str and value.isprintable():
        return value.strip()[:limit]
    if value is None:
        return ""
    if value is True or value is False:
        return "1" if value else "0"
    cleaned = value if isinstance(value, str) else _number_text(value)
    if not cleaned.isprintable():
        cleaned = _CONTROL.sub(" ", cleaned)
        cleaned = cleaned.encode("utf-8", "replace").decode()
    return cleaned.strip()[:limit]


def number_text(value: Any, limit: int = 40) -> str:
    """An invoice code or number: full-width digits folded, spaces and dashes inside dropped, leading zeros kept."""
    cleaned = text(value, 200)
    if not cleaned.isalnum() or not cleaned.isascii():
        cleaned = re.sub(r"[\s\-—–_]", "", unicodedata.normalize("NFKC", cleaned))
    return cleaned[:limit]


def slip_text(value: Any, limit: int = 40) -> str:
    """A customs slip number: like ``number_text`` but its ``-L02`` suffix keeps the dash."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text(value, 200))).upper()[:limit]


def tax_number(value: Any) -> str:
    """A taxpayer number: upper case, no spaces or dashes."""
    return number_text(value, 30).upper()


def money(value: Any, field: str) -> Decimal | None:
    """Yuan with two decimals; None for nothing ('' or None). Raises BadRecord ``record.bad_amount``."""
    amount = decimal(value, field)
    return amount if amount is None else amount.quantize(_CENT)


def exact_money(value: Any, field: str) -> Decimal | None:
    """Like ``money``, but an amount finer than a cent is refused instead of rounded. Raises BadRecord."""
    amount, exact = money(value, field), decimal(value, field)
    if amount != exact:
        raise BadRecord("record.bad_amount", field=field, value=text(value, 60))
    return amount


def decimal(value: Any, field: str) -> Decimal | None:
    """An exact decimal (quantities, prices, rates); None for nothing. Raises BadRecord ``record.bad_amount``."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and not (value.isascii() and value.replace(".", "", 1).isdigit()):
        value = unicodedata.normalize("NFKC", value).replace(",", "").replace("¥", "").replace("￥", "").strip()
        if not value:
            return None
    elif isinstance(value, (bool, float)) or not isinstance(value, (int, str, Decimal)):
        raise BadRecord("record.bad_amount", field=field, value=text(value, 60))
    try:
        amount = Decimal(value)
        if _LEAST < amount < _MOST:  # comparing NaN raises
            return amount
    except (InvalidOperation, ValueError):
        pass
    raise BadRecord("record.bad_amount", field=field, value=text(value, 60))


def rate(value: Any, field: str, *, percent: bool = False) -> Decimal | None:
    """A tax rate as a fraction: 0.13. Accepts '13%'; ``percent`` says bare numbers of 1 and more are percents."""
    if isinstance(value, str) and value.strip().endswith("%"):
        number = decimal(value.strip()[:-1], field)
        return None if number is None else number / 100
    try:
        number = decimal(value, field)
    except BadRecord:
        if isinstance(value, str):
            return None  # 免税, 不征税, ***: words instead of a rate
        raise
    if number is not None and percent and abs(number) >= 1:
        return number / 100
    return number


def day(value: Any, field: str) -> date | None:
    """A calendar day from yyyy-MM-dd, yyyy/MM/dd, yyyyMMdd or yyyy年MM月dd日, a time may follow; None for nothing."""
    if value is None or value == "":
        return None
    raw = text(value, 40)
    if not raw:
        return None
    parsed: date | None
    try:
        parsed = date.fromisoformat(raw[:10])
    except ValueError:
        digits = _DAY.match(raw)
        try:
            parsed = date(*(int(part) for part in digits.groups() if part)) if digits else None
        except ValueError:
            parsed = None
    if parsed is None or not _EARLIEST <= parsed < _LATEST:
        raise BadRecord("record.bad_date", field=field, value=raw)
    return parsed


def moment(value: Any, field: str) -> datetime | None:
    """A moment in Asia/Shanghai from ``yyyy-MM-dd HH:mm:ss`` (or with T); None for nothing, and for .NET's empty date
    0001-01-01."""
    raw = text(value, 40)
    if not raw:
        return None
    try:
        parsed = datetime.fromisoformat(raw.replace("/", "-"))
    except ValueError:
        raise BadRecord("record.bad_date", field=field, value=raw) from None
    if parsed.year == 1:
        return None
    if not _EARLIEST <= parsed.date() < _LATEST:
        raise BadRecord("record.bad_date", field=field, value=raw)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=SHANGHAI)


def epoch_moment(value: Any, field: str) -> datetime | None:
    """A moment from epoch milliseconds; None for nothing."""
    if value is None or value == "":
        return None
    try:
        return datetime.fromtimestamp(int(value) / 1000, SHANGHAI)
    except (ValueError, OverflowError, OSError, TypeError):
        raise BadRecord("record.bad_date", field=field, value=text(value, 40)) from None


def require_object(value: Any) -> Mapping[str, Any]:
    """The record itself must be a JSON object. Raises BadRecord ``record.not_an_object``."""
    if not isinstance(value, dict):
        raise BadRecord("record.not_an_object", value=text(str(value), 60))
    return value


def _number_text(value: Any) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)
