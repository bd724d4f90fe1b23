"""Request and reply of an attempt as text for people: secrets and personal numbers redacted, length limited."""

from typing import Any

import msgspec

from apps.core.decoding import decode_json
from apps.core.errors import TryLater
from apps.core.http import HttpClient
from apps.core.redaction import mask_personal

_LONGEST = 20_000  # characters of each side


def transcript(http: HttpClient) -> tuple[str, int | None, str]:
    """The latest exchange: request, HTTP status and reply; ('', None, '') when nothing was sent."""
    last = http.last
    if last is None:
        return "", None, ""
    sent = last.request
    shown = {"params": dict(sent.params or {}), "body": sent.json if sent.json is not None else dict(sent.form or {})}
    address = http.redactor.text(sent.url)
    request = f"{sent.method} {address}\n{_text(mask_personal(http.redactor.tree(shown)))}"
    reply = "" if last.reply is None else _reply(http, last.reply)
    return _storable(request), last.status or None, _storable(reply)


def _storable(text: str) -> str:
    """The database refuses the character zero; the result of an attempt must not be lost over that."""
    return text[:_LONGEST].replace("\0", "\ufffd")


def _reply(http: HttpClient, body: bytes) -> str:
    try:
        return _text(mask_personal(http.redactor.tree(decode_json(body))))
    except (TryLater, RecursionError):  # no JSON, or nested to harm
        return mask_personal(http.redactor.excerpt(body.decode("utf-8", "replace"), _LONGEST))


def _text(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2).decode()
