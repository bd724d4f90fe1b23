"""Calls to Piaozone: signature, token and error codes."""

import hashlib

import pytest
from django.utils.translation import override

from apps.core.errors import Intent, NeedsPerson, TryLater
from apps.sandbox.server import running
from apps.sources.connectors.piaozone import Piaozone
from apps.sources.connectors.piaozone.signing import polling_key, signed
from tests.core.upstream import Answer
from tests.sources.connectors.context import MemoryContext

from .vendor import SECRET


@pytest.mark.parametrize(
    ("sign_type", "sign", "enc_type"),
    [
        ("md5", "93dca4ba582a1c67d8a8e927a26d99d5", None),
        ("sha256", hashlib.sha256(b"testclienttestsecret1704067200000").hexdigest(), "1"),
        ("hmac", "a", "2"),
    ],
)
def test_signature_matches_check_value(sign_type, sign, enc_type):
    fields = signed("testclient", "testsecret", 1704067200000, sign_type)
    assert fields.get("encType") == enc_type
    assert fields["timestamp"] == "1704067200000"
    if sign_type != "hmac":
        assert fields["sign"] == sign
    else:
        assert len(fields["sign"]) == 64
        assert fields["sign"] != signed("testclient", "testsecreu", 1704067200000, "hmac")["sign"]


@pytest.mark.parametrize("sign_type", ["md5", "sha256", "hmac"])
def test_sandbox_accepts_every_signature_type(sign_type):
    with running(invoices=20) as sandbox:
        entry = next(one for one in sandbox.sources() if one["kind"] == "piaozone")
        with MemoryContext(entry, sign_type=sign_type) as own:
            message = Piaozone(own).test()
    with override("en"):
        assert entry["credentials"]["ghf_mc"] in str(message)


def test_polling_key_formats():
    assert polling_key("abc", "md5") == "900150983cd24fb0d6963f7d28e17f72"
    assert polling_key("abc", "plain") == "abc"


@pytest.mark.parametrize("under_data", [False, True])
def test_token_is_read_from_both_levels_and_shared(line, vendor, upstream, under_data):
    vendor.token_under_data = under_data
    Piaozone(line()).test()
    Piaozone(line()).test()
    assert len(vendor.logins) == 1
    assert vendor.logins[0].keys() == {"client_id", "timestamp", "sign"}
    assert {request.query.get("access_token") for request in upstream.requests[1:]} == {"token-1"}


def test_refused_token_is_renewed_once_and_call_repeated(line, vendor, store):
    Piaozone(line()).test()
    vendor.valid.clear()
    Piaozone(line()).test()
    assert len(vendor.logins) == 2
    assert store.token.value == "token-2"


def test_token_that_is_always_refused_needs_a_person(line, vendor, upstream):
    vendor.refuse = {"/m4/": ("1300", "token过期")}
    with pytest.raises(NeedsPerson) as failed:
        Piaozone(line()).test()
    assert failed.value.intent == Intent.CREDENTIALS
    assert failed.value.message.code == "piaozone.logged_out"
    assert len(vendor.logins) == 2


def test_token_lifetime_is_shorter_than_the_vendors(line, vendor, store):
    Piaozone(line()).test()
    assert store.token.lifetime == 129_000


@pytest.mark.parametrize(
    ("code", "error", "intent", "message"),
    [
        ("1101", NeedsPerson, Intent.CREDENTIALS, "piaozone.credentials"),
        ("1200", NeedsPerson, Intent.CREDENTIALS, "piaozone.credentials"),
        ("3000", TryLater, Intent.TRY_LATER, "piaozone.failed"),
        ("9876", NeedsPerson, Intent.BAD_REQUEST, "piaozone.unknown_code"),
        ("", NeedsPerson, Intent.BAD_REQUEST, "piaozone.unknown_code"),
    ],
)
def test_error_codes_have_intent(line, vendor, code, error, intent, message):
    vendor.refuse = {"getUserKey": (code, f"签名 {SECRET} 不对")}
    with pytest.raises(error) as failed:
        Piaozone(line()).test()
    assert (failed.value.intent, failed.value.message.code) == (intent, message)
    assert SECRET not in str(failed.value)


def test_ticket_param_has_configured_length_and_excludes_nothing(line, upstream):
    Piaozone(line()).test()
    Piaozone(line(ticket_param_digits=4)).test()
    sent = [request.json()["ticketParam"] for request in upstream.requests if request.path.endswith("getUserKey")]
    assert sent == ["11111", "1111"]


def test_link_key_is_returned(line):
    assert Piaozone(line())._calls.link_key() == "link-new"


def test_answer_that_is_no_object_is_retried_later(line, upstream):
    upstream.answer = lambda request: Answer(body=b"[]")
    with pytest.raises(TryLater) as failed:
        Piaozone(line()).test()
    assert failed.value.message.code == "http.not_json"
