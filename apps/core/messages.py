"""Messages for people that outlive the request that caused them.

A run that failed at night is read next morning in Chinese by one person and in English by another, so what is stored is
a code with its parameters; the sentence is made when somebody looks. Each app registers its own sentences with
``define``; codes are namespaced by app (``http.timeout``, ``record.bad_amount``). A parameter that is itself text
of ours, such as the label of a choice, is a Message too, so that no translation gets into a row.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.db.models import Choices
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .providers import Registry

registry: Registry[str | Promise] = Registry("message code")


class Message(msgspec.Struct, frozen=True):
    """One sentence for a person: ``code`` names it, ``params`` fill it. Parameters are plain strings and numbers, other
    messages, or lists of these, which are shown with commas between."""

    code: str
    params: dict[str, Any] = {}

    def __str__(self) -> str:
        return render(self.code, self.params)

    def stored(self) -> dict[str, Any]:
        """The JSON form kept in the database, which takes no character zero; ``restored`` reads it back."""
        return {"code": self.code, "params": {name: _stored_parameter(value) for name, value in self.params.items()}}


def _stored_parameter(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, Message):
        return value.stored()
    return [_stored_parameter(item) for item in value] if isinstance(value, list) else value


def define(sentences: Mapping[str, str | Promise]) -> None:
    """Register sentences (lazy translations with ``%(name)s`` places). Raises ValueError for a code of another one."""
    for code, sentence in sentences.items():
        registry.register(code, sentence)


def define_labels(prefix: str, choices: type[Choices]) -> None:
    """Register the label of every choice as ``<prefix>.<value>``, for messages whose parameters name a choice."""
    define({f"{prefix}.{choice.value}": choice.label for choice in choices})


def restored(stored: Mapping[str, Any] | None) -> Message | None:
    """The message kept in a JSON column; None for an empty one."""
    if not stored:
        return None
    params = {name: _restored_parameter(value) for name, value in (stored.get("params") or {}).items()}
    return Message(str(stored["code"]), params)


def _restored_parameter(value: Any) -> Any:
    if isinstance(value, dict):
        return restored(value)
    return [_restored_parameter(item) for item in value] if isinstance(value, list) else value


def shown(text: str) -> str:
    """A stored text for people: a registered code without parameters becomes its sentence, any other text stays."""
    sentence = registry.get(text)
    return text if sentence is None else str(sentence)


def render(code: str, params: Mapping[str, Any]) -> str:
    """The sentence in the active language; an unknown code (of a newer version) shows itself and its parameters."""
    sentence = registry.get(code)
    shown = {name: ", ".join(map(str, v)) if isinstance(v, list) else v for name, v in params.items()}
    if sentence is None:
        return _("%(code)s (%(params)s)") % {"code": code, "params": ", ".join(f"{k}={v}" for k, v in shown.items())}
    try:
        return str(sentence) % shown
    except (KeyError, ValueError, TypeError):
        return str(sentence)
