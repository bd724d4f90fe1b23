"""Errors named by what the caller must do about them.

Three intents cover everything an upstream or a record can do to us: try again later, a person is needed, this one
record is bad. Every error carries a ``Message`` that says what happened, to what, and what to do now.
"""

from enum import StrEnum

from .messages import Message


class Intent(StrEnum):
    """What an upstream's answer asks of us (``docs/upstreams/``: every code of every system maps to one)."""

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
    """An upstream call failed; ``intent`` says what would help."""

    intent = Intent.TRY_LATER


class TryLater(UpstreamError):
    """Passing: the next scheduled run may well succeed. ``retry_after`` in seconds when the upstream named one."""

    def __init__(self, code: str, /, retry_after: float | None = None, **params: object) -> None:
        super().__init__(code, **params)
        self.retry_after = retry_after


class NeedsPerson(UpstreamError):
    """Will fail again until somebody changes something; ``intent`` tells which kind of something."""

    def __init__(self, code: str, /, intent: Intent = Intent.CONFIGURATION, **params: object) -> None:
        super().__init__(code, **params)
        self.intent = intent


class OutcomeUnknown(UpstreamError):
    """A request that changes something went out, and no answer came that tells whether it did. Never repeat it before
    somebody, or a question to the upstream, has found out. The sentence says what went wrong on the way."""


class BadRecord(HubError):
    """One record cannot become an invoice. It goes to quarantine; everything around it goes on."""


class Cancelled(HubError):
    """A person asked the run to stop, or another process took it over."""


def _plain(value: object) -> object:
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)
