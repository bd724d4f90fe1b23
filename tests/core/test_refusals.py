"""A refused change reads the same on a page, on a form, on the command line and over REST."""

import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.management.base import CommandError
from django.test import RequestFactory
from django.utils.translation import override

from apps.core import refusals
from apps.core.errors import HubError
from apps.core.problems import problem_details

APPS = Path(__file__).parents[2] / "apps"


class NameForm(forms.Form):
    name = forms.CharField()


@pytest.fixture
def request_with_messages(rf: RequestFactory) -> Any:
    request: Any = rf.post("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


def refuse() -> None:
    raise HubError("accounts.nobody", name="Ann")


def sentence() -> str:
    return str(HubError("accounts.nobody", name="Ann"))


@pytest.mark.parametrize(("about", "prefix"), [("", ""), ("BX-1", "BX-1: ")])
def test_a_page_shows_the_message_of_a_refusal(request_with_messages: Any, about: str, prefix: str) -> None:
    with refusals.on_page(request_with_messages, about) as refusal:
        refuse()
    assert refusal.sentence == sentence()
    (message,) = messages.get_messages(request_with_messages)
    assert (message.level, message.message) == (messages.ERROR, f"{prefix}{sentence()}")


def test_no_message_is_shown_without_a_refusal(request_with_messages: Any) -> None:
    with refusals.on_page(request_with_messages) as refusal:
        pass
    assert not refusal
    assert not messages.get_messages(request_with_messages)


@pytest.mark.parametrize(("field", "place"), [(None, "__all__"), ("name", "name")])
def test_a_form_shows_a_refusal_as_an_error(field: str | None, place: str) -> None:
    form = NameForm({"name": "Ann"})
    assert form.is_valid()
    with refusals.on_form(form, field):
        refuse()
    assert form.errors == {place: [sentence()]}


def test_a_command_fails_with_the_message() -> None:
    with pytest.raises(CommandError, match=re.escape(sentence())), refusals.on_command_line():
        refuse()


def test_other_errors_are_not_caught(request_with_messages: Any) -> None:
    for block in (refusals.caught(), refusals.on_page(request_with_messages), refusals.on_form(NameForm())):
        with pytest.raises(ZeroDivisionError), block:
            raise ZeroDivisionError


def test_rest_answers_conflict_with_the_message() -> None:
    with override("en"):
        answer = problem_details(HubError("accounts.nobody", name="Ann"), {})
        assert answer is not None
        assert answer.content_type == "application/problem+json"
        assert answer.data == {"type": "about:blank", "title": "Conflict", "status": 409, "detail": sentence()}


def test_rest_reports_a_refusal_by_field() -> None:
    class Unfit(HubError):
        def field_errors(self) -> dict[str, list[str]]:
            return {"name": ["is missing"]}

    answer = problem_details(Unfit("accounts.nobody", name="Ann"), {})
    assert answer is not None
    assert (answer.status_code, answer.data["errors"]) == (400, {"name": ["is missing"]})


def test_pages_viewsets_and_commands_use_the_refusals_module() -> None:
    """Services may: they collect what is refused of a set."""
    own_place = re.compile(r"except \(?.*\b(HubError|BadRecord)\b")
    files = [
        file
        for pattern in (
            "views.py",
            "views/*.py",
            "api.py",
            "api/*.py",
            "admin.py",
            "*_admin.py",
            "management/commands/*",
        )
        for file in APPS.rglob(pattern)
        if file.suffix == ".py" and "sandbox" not in file.parts
    ]
    assert len(files) > 40
    assert [str(file.relative_to(APPS)) for file in files if own_place.search(file.read_text())] == []
