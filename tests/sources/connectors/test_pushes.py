"""Requirements on every push of every connector, over HTTP against the sandbox: our outcome agrees with the sandbox's
books, and no push is sent twice."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from django.utils.translation import override

from apps.core.errors import Intent, NeedsPerson, OutcomeUnknown, TryLater
from apps.sandbox.books import digest
from apps.sandbox.wire import json_reply
from apps.sources.choices import PushKind
from apps.sources.connectors import CONNECTORS

from .context import QUICK
from .pushes import BILL, SYSTEM, Pushing, push_of, voucher

IMPATIENT = replace(QUICK, read_timeout=1.0)
every_kind = pytest.mark.parametrize("kind", list(PushKind), ids=lambda kind: kind.value)
every_cloud_kind = pytest.mark.parametrize(
    "kind", [kind for kind in PushKind if SYSTEM[kind] == "piaozone"], ids=lambda kind: kind.value
)


@pytest.fixture
def pushing(kind: PushKind) -> Iterator[Pushing]:
    with push_of(kind) as ready:
        yield ready


def test_every_push_kind_has_one_connector():
    taken = {kind: name for name, connector in CONNECTORS.items() for kind in connector.pushes}
    assert taken == SYSTEM


@every_kind
def test_push_arrives_once_and_exactly(pushing):
    assert not pushing.push().already
    (effect,) = pushing.effects
    assert (effect.call, effect.content) == (pushing.call, pushing.body)
    assert effect.digest == digest(pushing.body)
    assert pushing.sent == 1


@every_kind
def test_request_contains_no_float_and_no_secret(pushing):
    pushing.push()
    connector = pushing.desk.connector()
    with closing(connector.context.http):
        connector.push(pushing.kind, pushing.payload)
        sent = connector.context.http.last.request
    assert not floats(sent.json or dict(sent.form or {}))
    secrets = [connector.context.credentials[name] for name in pushing.desk.case.secrets]
    assert not [one for one in secrets if one in f"{sent.json}{sent.form}{sent.params}"]


def floats(value: Any) -> bool:
    if isinstance(value, dict):
        return any(floats(one) for one in value.values())
    if isinstance(value, list):
        return any(floats(one) for one in value)
    return isinstance(value, float)


@pytest.mark.parametrize(
    "kind",
    [
        PushKind.VOUCHER_COLLECT,
        PushKind.VOUCHER_VOID,
        PushKind.BILL_LINE_REMOVE,
        PushKind.BILL_REMOVE,
        PushKind.ORDER_INVOICE,
    ],
    ids=lambda kind: kind.value,
)
def test_repeated_push_counts_as_already_applied(pushing):
    pushing.push()
    assert pushing.push().already
    assert len(pushing.effects) == 1


@pytest.mark.parametrize("kind", [PushKind.INVOICE_STATUS, PushKind.BILL_LINES_CACHE, PushKind.BILL_LINES_SAVE])
def test_push_of_complete_state_can_be_repeated(pushing):
    assert not pushing.push().already
    assert not pushing.push().already
    assert len({effect.digest for effect in pushing.effects}) == 1


@every_kind
@pytest.mark.parametrize("fault", ["lost_reply", "cut_body", "bad_json", "failed_after"])
def test_lost_reply_leaves_outcome_unknown_and_one_effect(pushing, fault):
    pushing.fault(fault)
    with pytest.raises(OutcomeUnknown):
        pushing.push()
    assert len(pushing.effects) == 1
    assert pushing.sent == 1


@every_kind
@pytest.mark.parametrize("fault", ["http_500", "html_page", "timeout"])
def test_failure_before_the_effect_leaves_outcome_unknown(pushing, fault):
    pushing.fault(fault)
    with pytest.raises(OutcomeUnknown):
        pushing.push(limits=IMPATIENT)
    assert not pushing.effects


@every_kind
def test_busy_server_applied_nothing(pushing):
    pushing.fault("http_429")
    with pytest.raises(TryLater) as caught:
        pushing.push()
    assert caught.value.retry_after == 1
    assert not pushing.effects
    assert not pushing.push().already


@every_kind
def test_slow_reply_is_accepted(pushing):
    pushing.fault("slow")
    assert not pushing.push().already
    assert len(pushing.effects) == 1


@every_kind
def test_refusal_has_no_effect_and_shows_reason(pushing):
    pushing.desk.sandbox.fault(SYSTEM[pushing.kind], "refuse", call=pushing.call, code="9527", text="账期202603已关闭")
    with pytest.raises(NeedsPerson) as caught:
        pushing.push()
    assert caught.value.intent is Intent.BAD_REQUEST
    with override("en"):
        assert "账期202603已关闭" in str(caught.value)
    assert not pushing.effects


@every_cloud_kind
@pytest.mark.parametrize(
    ("code", "text", "error"),
    [
        ("3000", "系统繁忙", TryLater),
        ("3000", "参数不能为空:bxd_key", NeedsPerson),
        ("1101", "授权信息与企业不符", NeedsPerson),
        ("1200", "client_id不能为空", NeedsPerson),
        ("8888", "未知", NeedsPerson),
    ],
)
def test_error_codes_of_piaozone(pushing, code, text, error):
    pushing.desk.sandbox.fault("piaozone", "refuse", call=pushing.call, code=code, text=text)
    with pytest.raises(error) as caught:
        pushing.push()
    assert not isinstance(caught.value, OutcomeUnknown)
    if code in ("1101", "1200"):
        assert caught.value.intent is Intent.CREDENTIALS
    assert not pushing.effects
    assert pushing.sent == 1


@every_cloud_kind
def test_expired_token_is_renewed_and_push_has_one_effect(pushing):
    logins = max(1, pushing.desk.logins())
    pushing.fault("expired_token")
    assert not pushing.push().already
    assert pushing.desk.logins() == logins + 1
    assert len(pushing.effects) == 1


@every_cloud_kind
def test_token_that_is_always_refused_needs_a_person(pushing):
    pushing.fault("expired_token", times=9)
    with pytest.raises(NeedsPerson) as caught:
        pushing.push()
    assert caught.value.intent is Intent.CREDENTIALS
    assert pushing.sent == 2
    assert not pushing.effects


@every_kind
@pytest.mark.parametrize("answer", [[], {}, {"data": None}, {"status": 500, "error": "gateway"}, "ok", None])
def test_meaningless_answer_leaves_outcome_unknown(pushing, answer):
    handle = pushing.desk.system.handle

    def meddle(request: Any) -> Any:
        reply = handle(request)
        return json_reply(answer) if request.call == pushing.call else reply

    pushing.desk.system.handle = meddle
    with pytest.raises(OutcomeUnknown):
        pushing.push()
    assert len(pushing.effects) == 1


# Status queries


CONFIRMED = {
    PushKind.VOUCHER_COLLECT: (None, None),
    PushKind.VOUCHER_VOID: (None, None),
    PushKind.INVOICE_STATUS: (False, True),
    PushKind.BILL_LINES_CACHE: (False, True),
    PushKind.BILL_LINES_SAVE: (False, True),
    PushKind.BILL_LINE_REMOVE: (None, True),
    PushKind.BILL_REMOVE: (False, True),
    PushKind.ORDER_INVOICE: (None, True),
}


@every_kind
def test_status_query_before_and_after_push(pushing):
    answers = [pushing.confirm_applied()]
    pushing.push()
    answers.append(pushing.confirm_applied())
    assert tuple(answers) == CONFIRMED[pushing.kind]
    assert len(pushing.effects) == 1


@pytest.mark.parametrize("kind", [PushKind.INVOICE_STATUS])
def test_status_query_of_unknown_invoice_has_no_answer(pushing):
    pushing.push()
    renumbered = replace(pushing.payload.invoices[0], serial_number="renumbered")
    pushing.payload = replace(pushing.payload, invoices=(renumbered, *pushing.payload.invoices[1:]))
    assert pushing.confirm_applied() is None


@pytest.mark.parametrize("kind", [PushKind.INVOICE_STATUS])
def test_status_query_of_foreign_state_has_no_answer(pushing):
    pushing.push()
    pushing.desk.sandbox.books.on_bill(BILL.number)[0].expense = "70"
    assert pushing.confirm_applied() is None


@pytest.mark.parametrize("kind", [PushKind.INVOICE_STATUS])
def test_status_of_whole_bill_is_queried_by_bill(pushing):
    pushing.payload = replace(pushing.payload, invoices=())
    assert pushing.confirm_applied() is False
    pushing.push()
    assert pushing.confirm_applied() is True


@pytest.mark.parametrize("kind", [PushKind.BILL_LINES_CACHE])
def test_removal_is_not_confirmed_while_bill_has_the_line(pushing):
    pushing.push()
    pushing.payload = replace(pushing.payload, lines=pushing.payload.lines[:1])
    assert pushing.confirm_applied() is False


@pytest.mark.parametrize("kind", [PushKind.ORDER_INVOICE])
def test_order_push_contains_shop_of_source(pushing):
    pushing.push()
    assert pushing.effects[0].content["shop_id"] == "sbx-1"


@pytest.mark.parametrize("kind", [PushKind.ORDER_INVOICE])
def test_order_push_without_shop_is_not_sent(pushing):
    connector = pushing.desk.connector()
    connector.context.with_options(shop_id=None)
    with closing(connector.context.http), pytest.raises(NeedsPerson) as caught:
        connector.push(pushing.kind, pushing.payload)
    assert caught.value.message.code == "shopex.no_shop_id"
    assert pushing.sent == 0


@pytest.mark.parametrize("kind", [PushKind.ORDER_INVOICE])
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"rsp": "fail", "msg": "订单不存在"}, NeedsPerson),
        ({"response": {"msg": "订单不存在"}}, NeedsPerson),
        ({"response": {"rsp": "fail", "msg": "不是纸质发票"}}, NeedsPerson),
        ({"error_response": {"code": "2002", "msg": "非法", "sub_msg": "sign string"}}, NeedsPerson),
        ({"error_response": {"code": "e000004", "msg": "签名错误", "sub_msg": "sign string"}}, NeedsPerson),
        ({"error_response": {"code": "e000007", "msg": "繁忙"}}, TryLater),
        ({"error_response": {"code": "e000009", "msg": "重复"}}, OutcomeUnknown),
        ({"error_response": {"code": "500", "msg": "内部错误"}}, OutcomeUnknown),
    ],
)
def test_error_answers_of_shopex(pushing, answer, error):
    pushing.desk.system.handle = lambda request: json_reply(answer)
    with pytest.raises(error) as caught:
        pushing.push()
    assert type(caught.value) is error
    assert "sign string" not in str(caught.value)


@pytest.mark.parametrize("kind", [PushKind.ORDER_INVOICE])
@pytest.mark.parametrize(
    "answer",
    [{"response": {"msg": "success"}}, {"rsp": "succ"}, {"rsp": "succ", "data": {}}, {"response": {"code": "0"}}],
)
def test_success_answers_of_shopex(pushing, answer):
    pushing.desk.system.handle = lambda request: json_reply(answer)
    assert not pushing.push().already


@pytest.mark.parametrize("kind", [PushKind.VOUCHER_COLLECT, PushKind.VOUCHER_VOID])
@pytest.mark.parametrize("how", ["access_token", "sign", "none"])
def test_voucher_calls_use_configured_authentication(pushing, how):
    pushing.desk.sandbox.settings.piaozone_voucher_auth = how
    connector = pushing.desk.connector()
    connector.context.with_options(voucher_auth=how)
    with closing(connector.context.http):
        connector.push(pushing.kind, pushing.payload)
        sent = connector.context.http.last.request
    assert ("access_token" in (sent.params or {}), "sign" in sent.json) == (how == "access_token", how == "sign")
    assert pushing.effects[0].content == pushing.body


@pytest.mark.parametrize("kind", [PushKind.VOUCHER_COLLECT])
def test_existing_voucher_does_not_count_as_collected(pushing):
    pushing.desk.sandbox.fault("piaozone", "refuse", call=pushing.call, code="3000", text="凭证已存在")
    with pytest.raises(NeedsPerson):
        pushing.push()


@pytest.mark.parametrize("kind", [PushKind.VOUCHER_COLLECT])
def test_errors_agree_with_books_when_calls_fail_at_random(pushing):
    sandbox = pushing.desk.sandbox
    sandbox.settings.failing, sandbox.settings.hang = {"piaozone": 0.4}, 0
    sure = {TryLater: False, None: True}
    outcomes, met = [], set()
    connector = pushing.desk.connector()
    with closing(connector.context.http):
        for place in range(80):
            error = None
            try:
                connector.push(pushing.kind, voucher(f"v{place}"))
            except (TryLater, OutcomeUnknown) as caught:
                error = type(caught)
            met.add(error)
            outcomes.append((f"v{place}", sure.get(error)))
    assert OutcomeUnknown in met
    assert None in met
    assert all((name in sandbox.books.vouchers) == there for name, there in outcomes if there is not None)
    assert {name in sandbox.books.vouchers for name, there in outcomes if there is None} == {True, False}
    assert max(kept.versions for kept in sandbox.books.vouchers.values()) == 1
