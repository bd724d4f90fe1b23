"""JSON from upstream systems: exact decimals, and one malformed value does not affect the records around it.

A page is decoded by a fast, strict decoder first. If that fails because of a value that JSON or the database cannot
hold (NaN, a number built to exhaust memory, a lone surrogate, bytes that are not UTF-8), the page is decoded again with
that value as text: only its own record is then rejected or flagged.
"""

import json
import re
from decimal import Decimal
from typing import Any

import msgspec

from .errors import TryLater

_LARGEST_EXPONENT = 400
_LONGEST_INTEGER = 400
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
UNREADABLE = "\ufffd"  # replaces a character that could not be decoded


def decode_json(body: bytes | str) -> Any:
    """JSON with exact decimals. Raises TryLater: ``http.html_page`` for a web page, ``http.not_json`` for the rest."""
    if isinstance(body, bytes):
        body = body.removeprefix(_BYTE_ORDER_MARK)
    try:
        return _strict.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass  # decided by the lenient decoder
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    try:
        return _whole(_lenient.decode(text.strip("\ufeff \r\n\t")))
    except (ValueError, RecursionError) as error:
        if text[:200].lstrip("\ufeff \r\n\t").startswith("<"):
            raise TryLater("http.html_page") from error
        raise TryLater("http.not_json") from error


def _exact(number: str) -> Decimal:
    """Raises ValueError for a number that would exhaust memory when written out, such as 1e999999999."""
    value = Decimal(number)
    if abs(value.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError("number out of range")
    return value


def _exact_or_text(number: str) -> Decimal | str:
    try:
        return _exact(number)
    except (ValueError, ArithmeticError):
        return number


def _integer_or_text(number: str) -> int | str:
    return int(number) if len(number) <= _LONGEST_INTEGER else number


def _whole(value: Any) -> Any:
    """The same value without lone surrogates, which PostgreSQL does not store."""
    if isinstance(value, str):
        return _HALF_CHARACTER.sub(UNREADABLE, value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(item) for name, item in value.items()}
    return value


_strict = msgspec.json.Decoder(float_hook=_exact)
_lenient = json.JSONDecoder(
    parse_float=_exact_or_text, parse_int=_integer_or_text, parse_constant=lambda name: name, strict=False
)
