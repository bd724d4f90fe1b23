"""No connector writes a secret to a log, an error or a note."""

import io
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import structlog

from apps.core.errors import Intent, NeedsPerson
from apps.sandbox import server
from invoicehub.logging import config

from .conformance import (
    CASES,
    FAULTS,
    IMPATIENT,
    Desk,
    every_case,
)
from .context import pulled


@pytest.mark.parametrize(
    ("case", "secret"), [pytest.param(case, secret, id=secret) for case in CASES for secret in case.secrets]
)
def test_wrong_secret_needs_a_person_and_is_not_shown(desk, log, secret):
    wrong = "wr0ng-secret-7731"
    error = desk.pull(credentials={secret: wrong}).error
    assert isinstance(error, NeedsPerson)
    assert error.intent is Intent.CREDENTIALS
    visible = visible_text(desk, log, error)
    assert "upstream.call" in visible
    assert wrong not in visible
    assert desk.store.raw == {}


class LogRecorder(logging.StreamHandler):
    """Records all log lines in the program's format, including debug level."""

    def __init__(self) -> None:
        super().__init__(io.StringIO())
        settings = dict(config("DEBUG", as_json=True)["formatters"]["structured"])
        self.setFormatter(settings.pop("()")(**settings))

    @property
    def text(self) -> str:
        return self.stream.getvalue()


@pytest.fixture
def log() -> Iterator[LogRecorder]:
    root, handler = logging.getLogger(), LogRecorder()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.setLevel(level)
    root.removeHandler(handler)


def visible_text(desk: Desk, log: LogRecorder, *errors: Any) -> str:
    """The text of the log, the errors and the notes."""
    error_texts = [f"{one} {one.message!r} {one!r}" for one in errors if one]
    return "\n".join([log.text, *error_texts, *(f"{note} {note!r}" for note in desk.notes)])


@every_case
@pytest.mark.parametrize("fault", ["", *FAULTS, "expired_token", "repeated_page", "huge_body"])
def test_log_errors_and_notes_contain_no_secret(case, desk, log, fault):
    if fault:
        desk.fault(fault, times=10_000, after=1)
    connector = desk.connector(limits=replace(IMPATIENT, max_bytes=1024 * 1024, attempts=2))
    with connector.context:
        result = pulled(connector)
    secrets = [connector.context.credentials[name] for name in case.secrets]
    secrets += [desk.store.token.value] if desk.store.token else []
    visible = visible_text(desk, log, result.error)
    assert "upstream.call" in visible
    assert [secret for secret in secrets if secret in visible] == []


@every_case
def test_secret_in_vendor_answer_is_redacted(case, desk, log):
    connector = desk.connector()
    with connector.context:
        connector.test()
    secrets = [connector.context.credentials[name] for name in case.secrets]
    secrets += [desk.store.token.value] if case.login else []
    echo = "?" * 190 + " ".join(reversed(secrets))
    errors = []
    for refusal in case.refusals:
        spoken = {"msg": echo, "message": echo, "description": echo, "sub_msg": echo}
        inner = {name: value | spoken for name, value in refusal.reply.items() if isinstance(value, dict)}
        desk.refuse(replace(refusal, reply=refusal.reply | spoken | inner))
        with connector.context:
            errors.append(pulled(connector).error)
    desk.answer(lambda request, handle: server.Reply(400, f"bad request {echo}".encode(), "text/plain"))
    with connector.context:
        errors.append(pulled(connector).error)
    assert any(errors)
    visible = visible_text(desk, log, *errors)
    assert [secret for secret in secrets if secret[:6] in visible] == []


def test_log_recorder_records_log_lines(log):
    structlog.get_logger("probe").info("upstream.call", said="loud-and-clear")
    logging.getLogger("urllib3.connectionpool").debug("GET /x?access_token=%s", "quiet")
    assert "loud-and-clear" in log.text
    assert "quiet" not in log.text
