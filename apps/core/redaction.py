"""Secrets never reach a log, an error, a run record or an export: hidden by key name and by value."""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote, quote_plus

HIDDEN = "***"

_SECRET_NAME = re.compile(
    r"(?i)(authcode|auth_?key|des_?key|secret|token|sign(ature)?$|passw|authorization|cookie|credential|userkey|linkkey|api_?key)"
)
_SECRET_PAIR = re.compile(
    r"""(?ix)((?:authcode|des_?key|secret|token(?:id)?|sign(?:ature)?|passw(?:or)?d|authorization|userkey|linkkey)["']?
        \s*+[=:]\s*+)("[^"]*"|'[^']*'|[^\s&,;}"']+)"""
)
_MIN_LENGTH = 4  # shorter values would hide half of every text
_UNMISTAKABLE = 8  # characters, not digits alone: nothing in a record looks like it by chance
_LOOKED_AT = 20_000  # characters that a short excerpt is taken from
_ESCAPE = re.compile("%[0-9A-F]{2}")
_HARMLESS = (bool, int, float, Decimal, date, timedelta, type(None))


class Redactor:
    """Hides a source's secret values, in every spelling they travel in, and everything whose name says it is secret.

    >>> Redactor(["s3cret-value"]).text("sign=abc&x=1 s3cret-value")
    'sign=***&x=1 ***'
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        self._values: list[str] = []
        self._unmistakable: list[str] = []
        self.learn(*values)

    def learn(self, *values: str) -> None:
        """From now on hide these too, such as the token a login brought."""
        self._secrets |= {value for value in values if value and len(value) >= _MIN_LENGTH}
        self._values = _longest_first(self._secrets)
        self._unmistakable = _longest_first(
            value for value in self._secrets if len(value) >= _UNMISTAKABLE and not value.isdigit()
        )

    def text(self, text: str) -> str:
        return _hidden(_SECRET_PAIR.sub(lambda match: match[1] + HIDDEN, text), self._values)

    def excerpt(self, text: str, limit: int = 200) -> str:
        """The first characters of a text, redacted before it is cut: no pattern finds half a secret."""
        return self.text(text[:_LOOKED_AT])[:limit]

    def echoed(self, text: str) -> Callable[[Any], Any] | None:
        """None if no secret value stands in ``text``; else what takes them, and nothing else, out of a JSON value.

        For what is kept as data: names that sound secret stay, and so do values that an invoice may hold by chance.
        """
        values = self._unmistakable
        return (lambda tree: _without(tree, values)) if any(value in text for value in values) else None

    def tree(self, value: Any) -> Any:
        """A copy with secrets hidden: nested dicts, lists and tuples; other objects as the text they would show."""
        if isinstance(value, dict):
            return {self._key(k): HIDDEN if _SECRET_NAME.search(str(k)) else self.tree(v) for k, v in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self.tree(item) for item in value]
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        shown = str(value)
        hidden = self.text(shown)
        return value if isinstance(value, _HARMLESS) and hidden == shown else hidden

    def _key(self, key: Any) -> Any:
        return self.text(key) if isinstance(key, str) else key


def _longest_first(values: Iterable[str]) -> list[str]:
    return sorted({spelling for value in values for spelling in _spellings(value)}, key=len, reverse=True)


def _spellings(value: str) -> set[str]:
    """As it is, in an address, in a form, inside JSON (where PHP escapes slashes too), in Base64."""
    addresses = {quote(value, safe=""), quote(value), quote_plus(value)}
    addresses |= {_ESCAPE.sub(lambda escape: escape[0].lower(), address) for address in addresses}
    written = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    written |= {text.replace("/", r"\/") for text in written}
    return {value, *addresses, *written, b64encode(value.encode("utf-8", "replace")).decode().rstrip("=")}


def _hidden(text: str, values: list[str]) -> str:
    # Again until none is left: hiding one value may put the pieces of another side by side. Each round shortens.
    while any(value in text for value in values):
        for value in values:
            text = text.replace(value, HIDDEN)
    return text


def _without(tree: Any, values: list[str]) -> Any:
    if isinstance(tree, dict):
        return {_hidden(name, values): _without(value, values) for name, value in tree.items()}
    if isinstance(tree, list):
        return [_without(value, values) for value in tree]
    return _hidden(tree, values) if isinstance(tree, str) else tree


def mask_identity(text: str | None) -> str:
    """A passenger's identity number with only its first four and last two characters kept; '' stays ''."""
    if not text:
        return ""
    return text[:4] + "*" * max(len(text) - 6, 4) + text[-2:] if len(text) > 6 else "*" * len(text)


_NAMES = "identity_?no|identity_?num|id_?card|id_?number|customeridentity|passport|身份证"
_IDENTITY_NAME = re.compile(rf"(?i){_NAMES}")
_IDENTITY_PAIR = re.compile(  # in JSON inside JSON, however deep
    rf'(?i)((?:{_NAMES})[\w-]{{0,40}}+\\*+"\s*+:\s*+(?:\\*+")?)(?!null\b)([^"\\,}}\]]+)'
)
_IDENTITY_VALUE = re.compile(
    r"(?<![0-9A-Za-z])([1-9]\d{5})(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)


def mask_personal(value: Any) -> Any:
    """A copy of a raw payload for showing: identity numbers masked by field name and by their 18-digit shape."""
    if isinstance(value, dict):
        return {k: _masked_under(str(k), v) for k, v in value.items()}
    if isinstance(value, list):
        return [mask_personal(item) for item in value]
    if isinstance(value, str):
        return _mask_in_text(value)
    if isinstance(value, int) and not isinstance(value, bool):
        masked = _mask_in_text(str(value))
        return value if masked == str(value) else masked
    return value


def _masked_under(name: str, value: Any) -> Any:
    if not _IDENTITY_NAME.search(name) or value in (None, "", [], {}):
        return mask_personal(value)
    if isinstance(value, dict):
        return {k: _masked_under(name, v) for k, v in value.items()}
    if isinstance(value, list):
        return [_masked_under(name, item) for item in value]
    return mask_identity(str(value))


def _mask_in_text(text: str) -> str:
    text = _IDENTITY_PAIR.sub(lambda match: match[1] + mask_identity(match[2]), text)
    return _IDENTITY_VALUE.sub(lambda match: mask_identity(match[0]), text)
