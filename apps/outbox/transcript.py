"""What an attempt sent and heard, for people to read later: secrets and personal numbers hidden, length limited."""

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
    return _kept(request), last.status or None, _kept(reply)


def _kept(said: str) -> str:
    """As the database takes it: it refuses the character zero, and what an answer means must not be lost over that."""
    return said[:_LONGEST].replace("\0", "\ufffd")


def _reply(http: HttpClient, body: bytes) -> str:
    try:
        return _text(mask_personal(http.redactor.tree(decode_json(body))))
    except (TryLater, RecursionError):  # no JSON, or nested to harm
        return mask_personal(http.redactor.excerpt(body.decode("utf-8", "replace"), _LONGEST))


def _text(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2).decode()
