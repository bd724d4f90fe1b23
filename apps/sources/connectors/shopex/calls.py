"""The vendor's calls: signing, and the judgement of answers. Invoices are not parsed here."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Intent, NeedsPerson, TryLater
from apps.core.http import Request
from apps.core.messages import define
from apps.sources.connectors.base import SourceContext
from apps.sources.connectors.quoting import quoted
from apps.sources.parsing import SHANGHAI, text

from .signing import sign

INTENTS = {
    "0": Intent.OK,
    **dict.fromkeys(("1", "400", "2001", "2002", "e000001", "e000006"), Intent.BAD_REQUEST),
    **dict.fromkeys(("401", "403", "1001", "1003", "e000002", "e000004"), Intent.CREDENTIALS),
    **dict.fromkeys(("1002", "e000008"), Intent.CLOCK),
    "e000009": Intent.REPEAT_REQUEST,
    **dict.fromkeys(("1004", "2003", "e000003"), Intent.CONFIGURATION),
    **dict.fromkeys(("500", "e000005", "e000007"), Intent.TRY_LATER),
}
_MOST_AHEAD = 600  # seconds by which rising timestamps may be ahead of the clock; the server allows 3600

define(
    {
        "shopex.credentials": _(
            "ShopEx does not accept us (code %(code)s: %(text)s). Check flag and token of the source."
        ),
        "shopex.clock": _("ShopEx says our clock is wrong (code %(code)s: %(text)s). Set the clock of this server."),
        "shopex.bad_request": _(
            "ShopEx did not accept the query (code %(code)s: %(text)s). Check the options of the source."
        ),
        "shopex.configuration": _(
            "ShopEx does not know the method or format (code %(code)s: %(text)s)."
            " Check the method names in the options."
        ),
        "shopex.failed": _("ShopEx failed (code %(code)s: %(text)s). It is tried again by itself."),
        "shopex.unexpected": _(
            "ShopEx answered without what was asked for (%(what)s). It is tried again by itself; if it stays"
            " so, check address and method names."
        ),
    }
)


class Calls:
    """The calls of one source. Each raises TryLater or NeedsPerson."""

    def __init__(self, context: SourceContext) -> None:
        self._context = context

    def listing(self, method: str, asked: Mapping[str, str], judge: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        """One page of a list. ``judge`` may raise TryLater for an answer: the call is repeated."""

        def judge_listing(answer: dict[str, Any]) -> None:
            rows = answer.get("lists")
            if not isinstance(rows, list) and (rows or text(answer.get("count"), 12) != "0"):
                raise TryLater("shopex.unexpected", what="lists")
            judge(answer)

        return self._ask(method, asked, judge_listing, self._rising)

    def detail(self, number: str) -> dict[str, Any]:
        """One invoice in full; {} when the shop does not know it (any more)."""
        try:
            # Many details are read per second: rising timestamps would run too far ahead of the clock. No invoice is
            # read twice within a second, so the plain time is unique enough.
            return self._ask("detail_method", {"invoice_bn": number}, lambda answer: None, self._plain)
        except NeedsPerson as error:
            if error.intent == Intent.BAD_REQUEST:
                return {}
            raise

    def write(self, method: str, asked: Mapping[str, str], judge: Callable[[Any], None]) -> Any:
        """Make a writing call once; ``judge`` gets the whole answer. Raises OutcomeUnknown as well."""
        return self._context.http.write(lambda: self._request(method, asked, self._rising()), judge=judge)

    def _ask(
        self,
        method: str,
        asked: Mapping[str, str],
        judge: Callable[[dict[str, Any]], None],
        timestamp: Callable[[], int],
    ) -> dict[str, Any]:
        """Call, and return the object inside any of the three shapes."""
        answer: dict[str, Any] = {}

        def judge_reply(reply: Any) -> None:
            unwrapped = self._unwrapped(reply)
            judge(unwrapped)
            answer.update(unwrapped)

        self._context.http.json(lambda: self._request(method, asked, timestamp()), judge=judge_reply)
        return answer

    def _request(self, method: str, asked: Mapping[str, str], timestamp: int) -> Request:
        """A signed request; ``method``: the option with the vendor's method name."""
        options, credentials = self._context.options, self._context.credentials
        url = self._context.base_url + options["path"]
        parameters = {
            "flag": credentials["flag"],
            "method": options[method],
            "ver": "1",
            "charset": "utf-8",
            "type": "json",
            "timestamp": self._written(timestamp),
            **asked,
        }
        parameters["sign"] = sign(parameters, credentials["token"])
        if options["transport"] == "json":
            return Request("POST", url, json=parameters)
        return Request("POST", url, form=parameters)

    def _plain(self) -> int:
        return int(self._context.now().timestamp())

    def _rising(self) -> int:
        stamp = self._context.timestamp(1)
        if stamp - self._plain() > _MOST_AHEAD:
            time.sleep(1)  # from here on one query per second
        return stamp

    def _written(self, stamp: int) -> str:
        if self._context.options["timestamp_format"] == "unix":
            return str(stamp)
        return datetime.fromtimestamp(stamp, SHANGHAI).strftime("%Y%m%d%H%M%S")

    def _unwrapped(self, reply: Any) -> dict[str, Any]:
        """Unwrap ``response`` and ``rsp``, also nested. Raises TryLater or NeedsPerson for a refusal."""
        level = reply
        for name in ("response", "data"):
            if not isinstance(level, dict):
                raise TryLater("http.not_json")
            if "error_response" in level:
                self._refused(level["error_response"])
            failed = level.get("rsp") != "succ" if "rsp" in level else text(level.get("code"), 20) not in ("", "0")
            if failed:
                self._refused(level)
            if name == "response" or level.get("rsp") == "succ":
                level = level.get(name, level)
        if not isinstance(level, dict):
            raise TryLater("http.not_json")
        return level

    def _refused(self, refusal: Any) -> None:
        """Raise the error of a code. ``sub_msg`` is not shown: on a sign error it contains the signed text."""
        level = refusal if isinstance(refusal, dict) else {"msg": refusal}
        code, message = text(level.get("code"), 20), quoted(self._context.http.redactor, level.get("msg"))
        intent = INTENTS.get(code, Intent.TRY_LATER)
        if intent == Intent.REPEAT_REQUEST:
            raise TryLater("shopex.failed", retry_after=1.0, code=code, text=message)
        if intent in (Intent.TRY_LATER, Intent.OK):
            raise TryLater("shopex.failed", code=code, text=message)
        raise NeedsPerson(f"shopex.{intent.value}", intent, code=code, text=message)
