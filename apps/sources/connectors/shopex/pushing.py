"""Reports the printed number of an order's paper invoice to the shop.

Not obvious: a signature is accepted once and our timestamps rise strictly, so "repeated request" can only mean that
this request arrived before. Facts: ``docs/upstreams/shopex.md``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Intent, NeedsPerson, OutcomeUnknown, TryLater
from apps.core.messages import define
from apps.core.redaction import Redactor
from apps.sources.connectors.base import PushReply, SourceContext
from apps.sources.connectors.quoting import quoted
from apps.sources.parsing import text
from apps.sources.pushes import OrderInvoice, Payload

from .calls import INTENTS, Calls

_ALREADY = re.compile("无需重复|已更新|重复提交")
_UNSURE = frozenset({"500", "e000009"})  # it failed in transit, or arrived before
_PAGE = {"page_no": "1", "page_size": "100"}

define(
    {
        "shopex.push_refused": _(
            "ShopEx refused this (code %(code)s: %(text)s); nothing was changed there. Correct what it names, then"
            " send it again. Only paper invoices take a printed number."
        ),
        "shopex.push_unanswered": _(
            "ShopEx's answer (code %(code)s: %(text)s) does not say whether it took this. Look there before it is sent"
            " again."
        ),
        "shopex.no_shop_id": _("Enter the shop_id in the options of the source: ShopEx asks for it here."),
    }
)


def order_invoice(payload: Payload) -> OrderInvoice:
    """The payload, of the only kind that this system takes. Raises TypeError for another kind."""
    if not isinstance(payload, OrderInvoice):
        raise TypeError(f"ShopEx takes no {type(payload).__name__}")
    return payload


def body(payload: OrderInvoice, options: Mapping[str, Any]) -> dict[str, str]:
    """The request body in the vendor's names; without ``shop_id`` when the options have none."""
    named = {"invoice_no": payload.number, "order_bn": payload.order}
    shop = str(options["shop_id"] or "")
    return {**named, "shop_id": shop} if shop else named


def push(context: SourceContext, calls: Calls, payload: OrderInvoice) -> PushReply:
    """Report the printed number of an order's invoice; see ``Connector.push``."""
    asked = body(payload, context.options)
    if "shop_id" not in asked:
        raise NeedsPerson("shopex.no_shop_id", Intent.CONFIGURATION)
    reply = calls.write("update_method", asked, lambda reply: _judge(reply, context.http.redactor))
    return PushReply(already=_refusal(reply) is not None)


def confirm_applied(context: SourceContext, calls: Calls, payload: OrderInvoice) -> bool | None:
    """True when the results list the order with this number. Otherwise the outcome is unknown: the vendor does not
    document whether a printed number is listed."""
    asked = {
        "start_time": f"{context.history_start()} 00:00:00",
        "end_time": f"{context.today()} 23:59:59",
        "order_bn": payload.order,
        **_PAGE,
    }
    rows = calls.listing("result_method", asked, lambda answer: None).get("lists") or ()
    of_order = [row for row in rows if isinstance(row, dict) and text(row.get("order_bn"), 200) == payload.order]
    return True if payload.number in {text(row.get("invoice_no"), 100) for row in of_order} else None


def _judge(reply: Any, redactor: Redactor) -> None:
    """Return for success and for a repeated request; else raise the error of a writing call."""
    refusal = _refusal(reply)
    if refusal is None:
        if not any(_succeeded(level) for level in _levels(reply)):
            raise OutcomeUnknown("shopex.push_unanswered", code="", text="")
        return
    message, code = text(refusal.get("msg"), 200), text(refusal.get("code"), 20)
    if _ALREADY.search(message):
        return
    hidden = quoted(redactor, refusal.get("msg"))
    intent = INTENTS.get(code, Intent.BAD_REQUEST)
    if code in _UNSURE:
        raise OutcomeUnknown("shopex.push_unanswered", code=code, text=hidden)
    if intent is Intent.TRY_LATER:
        raise TryLater("shopex.failed", code=code, text=hidden)
    if intent in (Intent.BAD_REQUEST, Intent.OK):
        raise NeedsPerson("shopex.push_refused", Intent.BAD_REQUEST, code=code, text=hidden)
    raise NeedsPerson(f"shopex.{intent.value}", intent, code=code, text=hidden)


def _refusal(reply: Any) -> Mapping[str, Any] | None:
    """The refusal with ``code`` and ``msg``; None for success."""
    for level in _levels(reply):
        if "error_response" in level:
            refusal = level["error_response"]
            return refusal if isinstance(refusal, dict) else {"msg": refusal}
        failed = level.get("rsp", "succ") != "succ" or text(level.get("code"), 20) not in ("", "0")
        complaint = "rsp" not in level and text(level.get("msg"), 200) and not _succeeded(level)
        if failed or complaint:
            return level
    return None


def _succeeded(level: Mapping[str, Any]) -> bool:
    message = text(level.get("msg"), 20).lower()
    return level.get("rsp") == "succ" or text(level.get("code"), 20) == "0" or message in ("success", "succ")


def _levels(reply: Any) -> Iterator[Mapping[str, Any]]:
    """The answer and its inner objects: it is bare, in ``response``, in ``rsp`` with ``data``, or nested."""
    while isinstance(reply, dict):
        yield reply
        reply = reply.get("response", reply.get("data"))
