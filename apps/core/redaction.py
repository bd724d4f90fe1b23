"""Secrets never reach a log, an error, a run record or an export: hidden by key name and by value."""

import re
from collections.abc import Iterable
from typing import Any

HIDDEN = "***"

_SECRET_NAME = re.compile(
    r"(?i)(authcode|auth_?key|des_?key|secret|token|sign(ature)?$|passw|authorization|cookie|credential|userkey|linkkey|api_?key)"
)
_SECRET_PAIR = re.compile(
    r"""(?ix)(["']?\b[\w-]*(?:authcode|des_?key|secret|token(?:id)?|sign(?:ature)?|passw(?:or)?d|authorization|userkey|linkkey)["']?
        \s*[=:]\s*)("[^"]*"|'[^']*'|[^\s&,;}"']+)"""
)
_MIN_LENGTH = 4  # shorter values would hide half of every text


class Redactor:
    """Hides a source's secret values and everything whose name says it is secret.

    >>> Redactor(["s3cret-value"]).text("sign=abc&x=1 s3cret-value")
    'sign=***&x=1 ***'
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values = sorted({v for v in values if v and len(v) >= _MIN_LENGTH}, key=len, reverse=True)

    def text(self, text: str) -> str:
        for value in self._values:
            text = text.replace(value, HIDDEN)
        return _SECRET_PAIR.sub(lambda match: match[1] + HIDDEN, text)

    def tree(self, value: Any) -> Any:
        """A copy of nested dicts and lists with secrets hidden."""
        if isinstance(value, dict):
            return {k: HIDDEN if _SECRET_NAME.search(str(k)) else self.tree(v) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.tree(item) for item in value]
        return self.text(value) if isinstance(value, str) else value


def mask_identity(text: str | None) -> str:
    """A passenger's identity number with only its first four and last two characters kept; '' stays ''."""
    if not text:
        return ""
    return text[:4] + "*" * max(len(text) - 6, 4) + text[-2:] if len(text) > 6 else "*" * len(text)


_IDENTITY_NAME = re.compile(r"(?i)(identityno|identitynum|idcard|customeridentity|identity_number|身份证)")
_IDENTITY_VALUE = re.compile(
    r"(?<![0-9A-Za-z])([1-9]\d{5})(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)


def mask_personal(value: Any) -> Any:
    """A copy of a raw payload for showing: identity numbers masked by field name and by their 18-digit shape."""
    if isinstance(value, dict):
        return {
            k: mask_identity(str(v)) if v and _IDENTITY_NAME.search(str(k)) else mask_personal(v)
            for k, v in value.items()
        }
    if isinstance(value, list):
        return [mask_personal(item) for item in value]
    if isinstance(value, str):
        return _mask_in_text(value)
    return value


def _mask_in_text(text: str) -> str:
    text = _IDENTITY_VALUE.sub(lambda match: mask_identity(match[0]), text)
    return re.sub(
        r'(\\?"(?:identityNo|customerIdentityNum)\\?"\s*:\s*\\?")([^"\\]+)', lambda m: m[1] + mask_identity(m[2]), text
    )
