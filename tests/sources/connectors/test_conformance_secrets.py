"""What no connector ever tells, neither a log nor a person."""

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
def test_a_wrong_secret_needs_a_person_and_is_not_told(desk, ear, secret):
    wrong = "wr0ng-secret-7731"
    error = desk.pull(credentials={secret: wrong}).error
    assert isinstance(error, NeedsPerson)
    assert error.intent is Intent.CREDENTIALS
    text = told(desk, ear, error)
    assert "upstream.call" in text
    assert wrong not in text
    assert desk.store.raw == {}


class Ear(logging.StreamHandler):
    """Hears all that is logged, as the program writes it, down to debugging."""

    def __init__(self) -> None:
        super().__init__(io.StringIO())
        settings = dict(config("DEBUG", as_json=True)["formatters"]["structured"])
        self.setFormatter(settings.pop("()")(**settings))

    @property
    def heard(self) -> str:
        return self.stream.getvalue()


@pytest.fixture
def ear() -> Iterator[Ear]:
    root, handler = logging.getLogger(), Ear()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.setLevel(level)
    root.removeHandler(handler)


def told(desk: Desk, ear: Ear, *errors: Any) -> str:
    """All that people or files get to see."""
    said = [f"{one} {one.message!r} {one!r}" for one in errors if one]
    return "\n".join([ear.heard, *said, *(f"{note} {note!r}" for note in desk.notes)])


@every_case
@pytest.mark.parametrize("fault", ["", *FAULTS, "expired_token", "repeated_page", "huge_body"])
def test_no_secret_in_any_log_line_error_or_note(case, desk, ear, fault):
    if fault:
        desk.fault(fault, times=10_000, after=1)
    connector = desk.connector(limits=replace(IMPATIENT, max_bytes=1024 * 1024, attempts=2))
    with connector.context:
        result = pulled(connector)
    secrets = [connector.context.credentials[name] for name in case.secrets]
    secrets += [desk.store.token.value] if desk.store.token else []
    text = told(desk, ear, result.error)
    assert "upstream.call" in text
    assert [secret for secret in secrets if secret in text] == []


@every_case
def test_no_secret_is_told_when_the_vendor_says_it_back(case, desk, ear):
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
    text = told(desk, ear, *errors)
    assert [secret for secret in secrets if secret[:6] in text] == []


def test_the_recorder_hears_a_secret(ear):
    structlog.get_logger("probe").info("upstream.call", said="loud-and-clear")
    logging.getLogger("urllib3.connectionpool").debug("GET /x?access_token=%s", "quiet")
    assert "loud-and-clear" in ear.heard
    assert "quiet" not in ear.heard
