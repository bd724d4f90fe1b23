"""Messages are rendered when they are shown, in the reader's language."""

import msgspec
import pytest
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from apps.core import messages
from apps.core.errors import BadRecord, Intent, NeedsPerson, TryLater
from apps.core.messages import Message, define, render, restored
from apps.core.providers import Registry


@pytest.fixture
def own_registry(monkeypatch):
    """Remove the messages that a test defines."""
    registry = Registry("message code")
    for code, sentence in messages.registry.items():
        registry.register(code, sentence)
    monkeypatch.setattr(messages, "registry", registry)
    return registry


def test_one_message_reads_in_both_languages(own_registry):
    define({"test.saved": _("Yes"), "test.of": _("%(name)s is required")})
    message = Message("test.saved")
    with override("en"):
        assert str(message) == "Yes"
    with override("zh-hans"):
        assert str(message) == "是"


def test_every_message_can_be_rendered_in_both_languages():
    """Every placeholder is filled by name, in every language."""

    class Anything(dict):
        def __missing__(self, key):
            return f"<{key}>"

    for code, sentence in messages.registry.items():
        sentences = {}
        for language in ("en", "zh-hans"):
            with override(language):
                sentences[language] = str(sentence) % Anything()
            assert "%(" not in sentences[language], code
            assert sentences[language].strip(), code


def test_parameters_fill_the_sentence():
    with override("en"):
        assert render("http.timeout", {"host": "a.example", "unused": 1}).startswith("a.example did not answer")


def test_a_missing_parameter_leaves_its_placeholder():
    with override("en"):
        assert render("http.timeout", {}).startswith("%(host)s did not answer")


def test_a_stray_percent_sign_does_not_break_the_page(own_registry):
    define({"test.rate": lazystr("Tax of 13% is refused for %(name)s")})
    assert render("test.rate", {"name": "A"}) == "Tax of 13% is refused for %(name)s"


def test_an_unknown_code_is_shown_with_its_parameters():
    with override("en"):
        assert render("future.code", {"a": 1, "b": "x"}) == "future.code (a=1, b=x)"


def test_a_code_is_defined_once(own_registry):
    define({"test.once": "One"})
    define({"test.once": own_registry.get("test.once")})
    with pytest.raises(ValueError, match=r"test\.once"):
        define({"test.once": "Another"})


def test_a_message_is_equal_after_storing():
    message = TryLater("http.timeout", host="a.example").message
    stored = msgspec.json.decode(msgspec.json.encode(message.stored()))
    assert restored(stored) == message
    assert restored(None) is None
    assert restored({}) is None
    assert restored({"code": "x"}) == Message("x")


def test_errors_have_an_intent():
    assert TryLater("http.timeout", retry_after=3.0, host="a").retry_after == 3.0
    assert TryLater("http.timeout").intent == Intent.TRY_LATER
    assert NeedsPerson("http.redirect").intent == Intent.CONFIGURATION
    assert NeedsPerson("http.refused", Intent.CREDENTIALS).intent == Intent.CREDENTIALS
    with override("en"):
        assert "“x” in field amount is not an amount" in str(BadRecord("record.bad_amount", field="amount", value="x"))


def test_parameters_are_stored_as_plain_values():
    class Thing:
        def __str__(self):
            return "thing"

    assert BadRecord("x", a=Thing(), b=1, c=None, d=True).message.params == {"a": "thing", "b": 1, "c": None, "d": True}
