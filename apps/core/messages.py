"""Messages for people that outlive the request that caused them.

A run that failed at night is read next morning in Chinese by one person and in English by another, so what is stored is
a code with its parameters; the sentence is made when somebody looks. Each app registers its own sentences with
``define``; codes are namespaced by app (``http.timeout``, ``record.bad_amount``).
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .providers import Registry

registry: Registry[str | Promise] = Registry("message code")


class Message(msgspec.Struct, frozen=True):
    """One sentence for a person: ``code`` names it, ``params`` fill it. Parameters are plain strings and numbers."""

    code: str
    params: dict[str, Any] = {}

    def __str__(self) -> str:
        return render(self.code, self.params)

    def stored(self) -> dict[str, Any]:
        """The JSON form kept in the database, which takes no character zero; ``restored`` reads it back."""
        params = {
            name: value.replace("\0", "") if isinstance(value, str) else value for name, value in self.params.items()
        }
        return {"code": self.code, "params": params}


def define(sentences: Mapping[str, str | Promise]) -> None:
    """Register sentences (lazy translations with ``%(name)s`` places). Raises ValueError for a code of another one."""
    for code, sentence in sentences.items():
        registry.register(code, sentence)


def restored(stored: Mapping[str, Any] | None) -> Message | None:
    """The message kept in a JSON column; None for an empty one."""
    if not stored:
        return None
    return Message(str(stored["code"]), dict(stored.get("params") or {}))


def render(code: str, params: Mapping[str, Any]) -> str:
    """The sentence in the active language; an unknown code (of a newer version) shows itself and its parameters."""
    sentence = registry.get(code)
    if sentence is None:
        return _("%(code)s (%(params)s)") % {"code": code, "params": ", ".join(f"{k}={v}" for k, v in params.items())}
    try:
        return str(sentence) % dict(params)
    except (KeyError, ValueError, TypeError):
        return str(sentence)
