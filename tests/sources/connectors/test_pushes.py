"""What holds for every push of every connector, over real HTTP against the sandbox: what we believe is what its own
books say, and nothing goes out twice."""

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


def test_every_kind_has_its_connector():
    taken = {kind: name for name, connector in CONNECTORS.items() for kind in connector.pushes}
    assert taken == SYSTEM


@every_kind
def test_a_push_arrives_once_and_exactly(pushing):
    assert not pushing.push().already
    (effect,) = pushing.effects
    assert (effect.call, effect.content) == (pushing.call, pushing.body)
    assert effect.digest == digest(pushing.body)
    assert pushing.sent == 1


@every_kind
def test_no_body_has_a_float_and_no_secret_is_told(pushing):
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
def test_what_is_done_already_counts_as_done(pushing):
    pushing.push()
    assert pushing.push().already
    assert len(pushing.effects) == 1


@pytest.mark.parametrize("kind", [PushKind.INVOICE_STATUS, PushKind.BILL_LINES_CACHE, PushKind.BILL_LINES_SAVE])
def test_what_says_the_whole_can_be_said_twice(pushing):
    assert not pushing.push().already
    assert not pushing.push().already
    assert len({effect.digest for effect in pushing.effects}) == 1


@every_kind
@pytest.mark.parametrize("fault", ["lost_reply", "cut_body", "bad_json", "failed_after"])
def test_a_reply_that_never_came_leaves_the_outcome_unknown_and_one_effect(pushing, fault):
    pushing.fault(fault)
    with pytest.raises(OutcomeUnknown):
        pushing.push()
    assert len(pushing.effects) == 1
    assert pushing.sent == 1


@every_kind
@pytest.mark.parametrize("fault", ["http_500", "html_page", "timeout"])
def test_a_failure_before_the_effect_leaves_the_outcome_unknown(pushing, fault):
    pushing.fault(fault)
    with pytest.raises(OutcomeUnknown):
        pushing.push(limits=IMPATIENT)
    assert not pushing.effects


@every_kind
def test_a_server_that_is_too_busy_did_nothing(pushing):
    pushing.fault("http_429")
    with pytest.raises(TryLater) as caught:
        pushing.push()
    assert caught.value.retry_after == 1
    assert not pushing.effects
    assert not pushing.push().already


@every_kind
def test_a_slow_reply_is_a_reply(pushing):
    pushing.fault("slow")
    assert not pushing.push().already
    assert len(pushing.effects) == 1


@every_kind
def test_a_refusal_did_nothing_and_says_why(pushing):
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
def test_the_cloud_s_codes(pushing, code, text, error):
    pushing.desk.sandbox.fault("piaozone", "refuse", call=pushing.call, code=code, text=text)
    with pytest.raises(error) as caught:
        pushing.push()
    assert not isinstance(caught.value, OutcomeUnknown)
    if code in ("1101", "1200"):
        assert caught.value.intent is Intent.CREDENTIALS
    assert not pushing.effects
    assert pushing.sent == 1


@every_cloud_kind
def test_a_login_that_ran_out_is_renewed_and_the_push_goes_out_once(pushing):
    logins = max(1, pushing.desk.logins())
    pushing.fault("expired_token")
    assert not pushing.push().already
    assert pushing.desk.logins() == logins + 1
    assert len(pushing.effects) == 1


@every_cloud_kind
def test_a_login_that_is_never_taken_needs_a_person(pushing):
    pushing.fault("expired_token", times=9)
    with pytest.raises(NeedsPerson) as caught:
        pushing.push()
    assert caught.value.intent is Intent.CREDENTIALS
    assert pushing.sent == 2
    assert not pushing.effects


@every_kind
@pytest.mark.parametrize("answer", [[], {}, {"data": None}, {"status": 500, "error": "gateway"}, "ok", None])
def test_an_answer_that_says_nothing_leaves_the_outcome_unknown(pushing, answer):
    handle = pushing.desk.system.handle

    def meddle(request: Any) -> Any:
        reply = handle(request)
        return json_reply(answer) if request.call == pushing.call else reply

    pushing.desk.system.handle = meddle
    with pytest.raises(OutcomeUnknown):
        pushing.push()
    assert len(pushing.effects) == 1


# Looking afterwards


TELLS = {
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
def test_whether_it_took_effect_can_be_asked(pushing):
    told = [pushing.confirm_applied()]
    pushing.push()
    told.append(pushing.confirm_applied())
    assert tuple(told) == TELLS[pushing.kind]
    assert len(pushing.effects) == 1


@pytest.mark.parametrize("kind", [PushKind.INVOICE_STATUS])
def test_a_state_of_invoices_that_nobody_knows_any_more_cannot_be_told(pushing):
    pushing.push()
    renumbered = replace(pushing.payload.invoices[0], serial_number="renumbered")
    pushing.payload = replace(pushing.payload, invoices=(renumbered, *pushing.payload.invoices[1:]))
    assert pushing.confirm_applied() is None


@pytest.mark.parametrize("kind", [PushKind.INVOICE_STATUS])
def test_a_state_that_no_push_can_set_cannot_be_told(pushing):
    pushing.push()
    pushing.desk.sandbox.books.on_bill(BILL.number)[0].expense = "70"
    assert pushing.confirm_applied() is None


@pytest.mark.parametrize("kind", [PushKind.INVOICE_STATUS])
def test_the_state_of_a_whole_bill_is_looked_up_by_the_bill(pushing):
    pushing.payload = replace(pushing.payload, invoices=())
    assert pushing.confirm_applied() is False
    pushing.push()
    assert pushing.confirm_applied() is True


@pytest.mark.parametrize("kind", [PushKind.BILL_LINES_CACHE])
def test_a_bill_that_still_has_what_was_taken_off_did_not_change(pushing):
    pushing.push()
    pushing.payload = replace(pushing.payload, lines=pushing.payload.lines[:1])
    assert pushing.confirm_applied() is False


@pytest.mark.parametrize("kind", [PushKind.ORDER_INVOICE])
def test_an_order_takes_the_shop_of_the_source(pushing):
    pushing.push()
    assert pushing.effects[0].content["shop_id"] == "sbx-1"


@pytest.mark.parametrize("kind", [PushKind.ORDER_INVOICE])
def test_without_a_shop_nothing_is_sent(pushing):
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
def test_the_shop_s_answers(pushing, answer, error):
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
def test_the_shop_says_yes_in_many_ways(pushing, answer):
    pushing.desk.system.handle = lambda request: json_reply(answer)
    assert not pushing.push().already


@pytest.mark.parametrize("kind", [PushKind.VOUCHER_COLLECT, PushKind.VOUCHER_VOID])
@pytest.mark.parametrize("how", ["access_token", "sign", "none"])
def test_voucher_calls_show_what_the_option_says(pushing, how):
    pushing.desk.sandbox.settings.piaozone_voucher_auth = how
    connector = pushing.desk.connector()
    connector.context.with_options(voucher_auth=how)
    with closing(connector.context.http):
        connector.push(pushing.kind, pushing.payload)
        sent = connector.context.http.last.request
    assert ("access_token" in (sent.params or {}), "sign" in sent.json) == (how == "access_token", how == "sign")
    assert pushing.effects[0].content == pushing.body


@pytest.mark.parametrize("kind", [PushKind.VOUCHER_COLLECT])
def test_a_voucher_that_merely_exists_is_not_taken_for_ours(pushing):
    pushing.desk.sandbox.fault("piaozone", "refuse", call=pushing.call, code="3000", text="凭证已存在")
    with pytest.raises(NeedsPerson):
        pushing.push()


@pytest.mark.parametrize("kind", [PushKind.VOUCHER_COLLECT])
def test_while_a_share_of_the_calls_fails_every_error_tells_the_truth(pushing):
    sandbox = pushing.desk.sandbox
    sandbox.settings.failing, sandbox.settings.hang = {"piaozone": 0.4}, 0
    sure = {TryLater: False, None: True}
    told, met = [], set()
    connector = pushing.desk.connector()
    with closing(connector.context.http):
        for place in range(80):
            error = None
            try:
                connector.push(pushing.kind, voucher(f"v{place}"))
            except (TryLater, OutcomeUnknown) as caught:
                error = type(caught)
            met.add(error)
            told.append((f"v{place}", sure.get(error)))
    assert OutcomeUnknown in met
    assert None in met
    assert all((name in sandbox.books.vouchers) == there for name, there in told if there is not None)
    assert {name in sandbox.books.vouchers for name, there in told if there is None} == {True, False}
    assert max(kept.versions for kept in sandbox.books.vouchers.values()) == 1
