"""Errors named by what the caller must do about them.

There are three: try again later, a person is needed, this record is bad. Every error carries a ``Message`` that says
what happened, to which record, and what to do.
"""

from enum import StrEnum

from .messages import Message


class Intent(StrEnum):
    """What an upstream's answer requires of us (``docs/upstreams/`` maps every code of every system to one)."""

    OK = "ok"
    NO_DATA = "no_data"
    TRY_LATER = "try_later"
    LOGIN_AGAIN = "login_again"
    REPEAT_REQUEST = "repeat_request"  # refused as a repetition: sign anew and ask again
    BAD_REQUEST = "bad_request"
    CREDENTIALS = "credentials"
    CLOCK = "clock"
    CONFIGURATION = "configuration"


class HubError(Exception):
    """Base: ``message`` is for people; ``str()`` gives the sentence in the active language."""

    def __init__(self, code: str, /, **params: object) -> None:
        self.message = Message(code, {name: _plain(value) for name, value in params.items()})
        super().__init__(code, params)

    def __str__(self) -> str:
        return str(self.message)

    def field_errors(self) -> dict[str, list[str]]:
        """Sentences by the field a person has to change; empty when no field is to blame."""
        return {}


class UpstreamError(HubError):
    """An upstream call failed; ``intent`` says what has to be done."""

    intent = Intent.TRY_LATER


class TryLater(UpstreamError):
    """Temporary: a later attempt may succeed. ``retry_after``: seconds the upstream asked for, None if it did not."""

    def __init__(self, code: str, /, retry_after: float | None = None, **params: object) -> None:
        super().__init__(code, **params)
        self.retry_after = retry_after


class NeedsPerson(UpstreamError):
    """Fails again until a person changes something; ``intent`` says what kind of thing."""

    def __init__(self, code: str, /, intent: Intent = Intent.CONFIGURATION, **params: object) -> None:
        super().__init__(code, **params)
        self.intent = intent


class OutcomeUnknown(UpstreamError):
    """A request that changes something was sent, and no answer says whether it took effect. Never repeat it before a
    person or a status query has found out. The message says what went wrong."""


class BadRecord(HubError):
    """One record cannot become an invoice. It is quarantined; the run continues with the others."""


class Cancelled(HubError):
    """A person asked the run to stop, or another process took it over."""


def _plain(value: object) -> object:
    """The value as a Message stores it; an error, by its own message."""
    if isinstance(value, HubError):
        return value.message
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if isinstance(value, (str, int, float, bool, Message)) or value is None else str(value)
