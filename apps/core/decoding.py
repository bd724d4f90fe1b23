"""JSON from upstream systems: exact decimals, and one spoilt value never takes the records around it with it.

A page is read strictly and quickly first. If that fails only because of a value that JSON or the database cannot hold
(NaN, a number written to fill the memory, half a character, bytes that are not UTF-8), it is read once more with that
value kept as text: its record is then refused or flagged by itself, and the page goes on.
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
UNREADABLE = "\ufffd"  # stands where a character could not be read


def decode_json(body: bytes | str) -> Any:
    """JSON with exact decimals. Raises TryLater: ``http.html_page`` for a web page, ``http.not_json`` for the rest."""
    if isinstance(body, bytes):
        body = body.removeprefix(_BYTE_ORDER_MARK)
    try:
        return _strict.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass  # the second reading decides
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    try:
        return _whole(_lenient.decode(text.strip("\ufeff \r\n\t")))
    except (ValueError, RecursionError) as error:
        if text[:200].lstrip("\ufeff \r\n\t").startswith("<"):
            raise TryLater("http.html_page") from error
        raise TryLater("http.not_json") from error


def _exact(number: str) -> Decimal:
    """Refuses what would fill the memory once it is written out: 1e999999999 is short here and a gigabyte there."""
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
    """The same value without halves of characters, which no database keeps."""
    if isinstance(value, str):
        return _HALF_CHARACTER.sub(UNREADABLE, value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(one) for name, one in value.items()}
    return value


_strict = msgspec.json.Decoder(float_hook=_exact)
_lenient = json.JSONDecoder(
    parse_float=_exact_or_text, parse_int=_integer_or_text, parse_constant=lambda name: name, strict=False
)
