"""Texts of an upstream, made fit to be shown to people. Pure."""

from typing import Any

from apps.core.redaction import Redactor
from apps.sources.parsing import text

_MOST = 20_000  # characters looked at


def quoted(redactor: Redactor, value: Any) -> str:
    """At most 200 characters without control characters, secrets hidden; '' for None."""
    return redactor.excerpt(text(value, _MOST))
