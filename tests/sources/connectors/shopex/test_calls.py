"""Calls to ShopEx: three reply formats, every error code, and the signature."""

from typing import Any

import pytest

from apps.core.errors import Intent
from apps.sandbox.shopex import sign as sandbox_sign

from .shop import NOON, Desk, Shop, issued, resulting


@pytest.mark.parametrize(
    "wrap",
    [
        lambda content: content,
        lambda content: {"response": content},
        lambda content: {"rsp": "succ", "data": content},
        lambda content: {"response": {"rsp": "succ", "data": content}},
        lambda content: {"rsp": "succ", "response": content},
        lambda content: {"code": 0, **content},
    ],
)
def test_reply_formats_are_accepted(wrap):
    desk = Desk(Shop(issued(1), results=(resulting(1),)))
    desk.shop.meddle = lambda query, answer: wrap(answer)
    assert set(desk.pull().created) == {"bn:FP000001", "result:SN1"}


CODES = {
    Intent.BAD_REQUEST: ("1", "400", "2001", "2002", "e000001", "e000006"),
    Intent.CREDENTIALS: ("401", "403", "1001", "1003", "e000002", "e000004"),
    Intent.CLOCK: ("1002", "e000008"),
    Intent.CONFIGURATION: ("1004", "2003", "e000003"),
    Intent.TRY_LATER: ("500", "e000005", "e000007", "e000009", "77", ""),
}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda refusal: {"error_response": refusal},
        lambda refusal: {"response": {"error_response": refusal}},
        lambda refusal: {"rsp": "fail", **refusal},
        lambda refusal: {"response": {"rsp": "fail", **refusal}},
    ],
)
@pytest.mark.parametrize(("intent", "code"), [(intent, code) for intent, codes in CODES.items() for code in codes])
def test_error_codes_have_intent_in_every_reply_format(wrap, intent, code):
    desk = Desk(Shop())
    refusal = {"code": code, "msg": "错误 the-token", "sub_msg": "sign string: flagfmethod the-token"}
    desk.shop.meddle = lambda query, answer: wrap(refusal)
    error = desk.pull().error
    assert error is not None
    assert error.intent is intent
    assert "错误" in str(error)
    assert "the-token" not in str(error)
    assert "sign string" not in str(error)


def test_bare_code_is_a_refusal():
    desk = Desk(Shop())
    desk.shop.meddle = lambda query, answer: {"code": 1003, "msg": "签名错误"}
    assert desk.pull().error.intent is Intent.CREDENTIALS


def test_repeated_request_has_a_new_signature():
    desk = Desk(Shop(issued(1)))

    def refuse_first(query: dict[str, Any], answer: Any) -> Any:
        return {"error_response": {"code": "e000009", "msg": "重复"}} if len(desk.shop.queries) == 1 else answer

    desk.shop.meddle = refuse_first
    assert desk.pull().error is None
    first, second = desk.shop.queries[:2]
    assert int(second["timestamp"]) > int(first["timestamp"])
    assert second["sign"] != first["sign"]


def test_requests_within_a_second_have_different_timestamps():
    desk = Desk(Shop())
    desk.pull()
    stamps = [int(query["timestamp"]) for query in desk.shop.queries]
    assert stamps == sorted(set(stamps))
    assert desk.clock.now() == NOON


def test_parameters_are_sent_flat_and_signed():
    desk = Desk(Shop(issued(1)), path="/api/rpc/")
    desk.pull()
    for request in desk.shop.requests:
        assert request.url == "http://shop.test/api/rpc/"
        assert request.json is None
        sent = request.form
        assert {sent[name] for name in ("flag", "ver", "charset", "type")} == {"f", "1", "utf-8", "json"}
        assert sent["sign"] == sandbox_sign(sent, "the-token")
        assert "the-token" not in sent.values()


def test_method_names_and_timestamp_format_are_options():
    desk = Desk(Shop(), list_method="x.list", result_method="x.results", timestamp_format="yyyyMMddHHmmss")
    desk.shop.answer = lambda query: {"count": 0, "lists": []}
    desk.pull()
    assert {query["method"] for query in desk.shop.queries} == {"x.list", "x.results"}
    assert desk.shop.queries[0]["timestamp"] == "20260331120000"
