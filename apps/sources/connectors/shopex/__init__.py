"""商派 OMS: the invoices our company issues (output), and the results of issuing them.

What surprises: a verified signature is refused when it comes again, so the timestamp of repeatable queries rises strictly;
replies come in three shapes; and the list filters by issue date only, so later changes show when a window is read again.
Facts: ``docs/upstreams/shopex.md``.
"""

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Intent, NeedsPerson, TryLater
from apps.core.http import Request
from apps.core.messages import Message, define
from apps.sources.parsing import SHANGHAI, text
from apps.sources.records import InvoiceRecord

from ..base import Connector, Page, Parameter, RawItem, SourceFacts
from ..items import raw_item
from ..windows import months
from .reading import read
from .signing import sign

INVOICES, RESULTS = "invoices", "results"
PAGE_SIZE = 100
INTENTS = {
    "0": Intent.OK,
    **dict.fromkeys(("1", "400", "2001", "2002", "e000001", "e000006"), Intent.BAD_REQUEST),
    **dict.fromkeys(("401", "403", "1001", "1003", "e000002", "e000004"), Intent.CREDENTIALS),
    **dict.fromkeys(("1002", "e000008"), Intent.CLOCK),
    "e000009": Intent.REPEAT_REQUEST,
    **dict.fromkeys(("1004", "2003", "e000003"), Intent.CONFIGURATION),
    **dict.fromkeys(("500", "e000005", "e000007"), Intent.TRY_LATER),
}
_MOST_PAGES = 100_000
_MOST_DRIFT = 600  # seconds our rising timestamps may run ahead of the clock; the server allows 3600
_OVERLAP = timedelta(days=1)
_MOMENT = "%Y-%m-%d %H:%M:%S"
_encoder = msgspec.json.Encoder(order="sorted", decimal_format="number")

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
            "ShopEx does not know the method or format (code %(code)s: %(text)s). Check the method names in the "
            "options."
        ),
        "shopex.failed": _("ShopEx failed (code %(code)s: %(text)s). It is tried again at the next run."),
        "shopex.shortfall": _(
            "ShopEx counts %(count)s records from %(start)s to %(end)s but handed over %(received)s. The window "
            "is read again at the next run."
        ),
        "shopex.repeated": _(
            "ShopEx sends the same page again (%(start)s to %(end)s). The window is read again at the next run."
        ),
        "shopex.test_ok": _("ShopEx answers and counts %(count)s invoices in the last month."),
    }
)


class Shopex(Connector):
    kind = "shopex"
    label = _("ShopEx OMS (商派)")
    credentials = (
        Parameter("flag", "flag", required=True),
        Parameter("token", "token", secret=True, required=True, help=_("Signs every request and is never sent.")),
    )
    options = (
        Parameter(
            "start_date", _("History begins on"), "date", help=_("Empty: twelve months before the source was created.")
        ),
        Parameter("shop_id", "shop_id", help=_("Needed when paper invoices are reported back.")),
        Parameter("path", _("Path of the service"), default="/index.php/openapi/rpc/service/"),
        Parameter(
            "transport",
            _("How parameters travel"),
            "choice",
            default="form",
            choices=(("form", "form"), ("json", "JSON")),
        ),
        Parameter(
            "timestamp_format",
            _("Form of the timestamp"),
            "choice",
            default="unix",
            choices=(("unix", _("seconds")), ("yyyyMMddHHmmss", "yyyyMMddHHmmss")),
        ),
        Parameter("list_method", _("Method of the invoice list"), default="invoice.getInvoiceList"),
        Parameter("detail_method", _("Method of one invoice"), default="invoice.getInvoice"),
        Parameter("result_method", _("Method of the issuing results"), default="invoice.getResultList"),
        Parameter("update_method", _("Method that reports printed invoices"), default="invoice.update"),
        Parameter(
            "result_link",
            _("Join results to invoices by"),
            "choice",
            default="order_bn",
            choices=(("order_bn", "order_bn"), ("none", _("nothing"))),
        ),
        Parameter(
            "lookback_days",
            _("Days to read again"),
            "integer",
            default=31,
            minimum=0,
            help=_("State changes of older invoices show only when their window is read again."),
        ),
    )

    def fetch(self) -> Iterator[Page]:
        yield from self._invoices()
        yield from self._results()

    def test(self) -> Message:
        end = self.line.today()
        asked = {
            "start_date": (end - timedelta(days=30)).isoformat(),
            "end_date": end.isoformat(),
            "page_no": "1",
            "page_size": "1",
        }
        return Message("shopex.test_ok", {"count": text(self._ask("list_method", asked).get("count")) or "?"})

    @classmethod
    def parse(cls, item: RawItem, source: SourceFacts) -> InvoiceRecord:
        return read(item, source)

    def _invoices(self) -> Iterator[Page]:
        until = self.line.cursor(INVOICES).get("until")
        begin = self.line.history_start()
        if until:
            begin = max(begin, date.fromisoformat(until) - timedelta(days=self.line.options["lookback_days"]))
        for start, end in months(begin, self.line.today()):
            asked = {"start_date": start.isoformat(), "end_date": end.isoformat()}
            for rows, last in self._pages("list_method", asked, asked["start_date"], asked["end_date"]):
                cursor = {"until": end.isoformat()} if last else None
                yield Page(INVOICES, self._with_details(rows), cursor, progress=f"{start:%Y-%m}")

    def _results(self) -> Iterator[Page]:
        until = self.line.cursor(RESULTS).get("until")
        now = self.line.now().astimezone(SHANGHAI).replace(microsecond=0)
        begin = datetime.combine(self.line.history_start(), datetime.min.time(), SHANGHAI)
        if until:
            begin = max(begin, datetime.fromisoformat(until) - _OVERLAP)
        for first, final in months(begin.date(), now.date()):
            start = max(begin, datetime.combine(first, datetime.min.time(), SHANGHAI))
            end = min(now, datetime.combine(final, datetime.max.time(), SHANGHAI).replace(microsecond=0))
            asked = {"start_time": start.strftime(_MOMENT), "end_time": end.strftime(_MOMENT)}
            for rows, last in self._pages("result_method", asked, asked["start_time"], asked["end_time"]):
                items = [_result_item(row) for row in rows]
                yield Page(RESULTS, items, {"until": end.isoformat()} if last else None, progress=f"{first:%Y-%m}")

    def _pages(self, method: str, asked: Mapping[str, str], start: str, end: str) -> Iterator[tuple[list[Any], bool]]:
        """Rows of each page of a window, and whether it is the last. Raises TryLater on a shortfall against ``count``."""
        received, previous = 0, None
        for number in range(1, _MOST_PAGES):
            reply = self._ask(method, {**asked, "page_no": str(number), "page_size": str(PAGE_SIZE)})
            rows = reply.get("lists") or []
            if rows and rows == previous:
                raise TryLater("shopex.repeated", start=start, end=end)
            received, previous = received + len(rows), rows
            counted = text(reply.get("count"), 12)
            count = int(counted) if counted.isdigit() else None
            last = not rows or (received >= count if count is not None else len(rows) < PAGE_SIZE)
            if last and count is not None and received < count:
                raise TryLater("shopex.shortfall", count=count, received=received, start=start, end=end)
            yield rows, last
            if last:
                return

    def _with_details(self, rows: Sequence[Any]) -> list[RawItem]:
        """The list's rows; those that are new or changed with their details."""
        bare = [raw_item(row, row.get("invoice_bn") if isinstance(row, dict) else "", prefix="bn:") for row in rows]
        known = self.line.known([item.external_id for item in bare])
        items = []
        for item in bare:
            if not item.external_id.startswith("bn:"):
                items.append(item)
                continue
            mark = hashlib.blake2b(_encoder.encode(item.payload), digest_size=16).hexdigest()
            payload: dict[str, Any] = {"list": item.payload}
            if known.get(item.external_id) != mark:
                payload["detail"] = self._detail(item.external_id.removeprefix("bn:"))
                mark = mark if payload["detail"] else f"{mark}-"  # without details: asked for again next time
            items.append(RawItem(item.external_id, payload, mark))
        return items

    def _detail(self, number: str) -> dict[str, Any]:
        """One invoice's details; {} when the shop does not know it (any more)."""
        try:
            return self._ask("detail_method", {"invoice_bn": number}, unique=True)
        except NeedsPerson as error:
            if error.intent == Intent.BAD_REQUEST:
                return {}
            raise

    def _ask(self, method: str, asked: Mapping[str, str], *, unique: bool = False) -> dict[str, Any]:
        """One call; the object inside whichever of the three shapes. ``unique``: this query is not asked twice a second,
        so its timestamp need not rise above all others."""
        url = self.line.base_url + self.line.options["path"]
        transport = self.line.options["transport"]
        unwrapped: dict[str, Any] = {}

        def build() -> Request:
            parameters = {
                "flag": self.line.credentials["flag"],
                "method": self.line.options[method],
                "ver": "1",
                "charset": "utf-8",
                "type": "json",
                "timestamp": self._timestamp(unique),
                **asked,
            }
            parameters["sign"] = sign(parameters, self.line.credentials["token"])
            return (
                Request("POST", url, form=parameters) if transport == "form" else Request("POST", url, json=parameters)
            )

        def judge(reply: Any) -> None:
            unwrapped["answer"] = self._unwrap(reply)

        self.line.http.json(build, judge=judge)
        answer: dict[str, Any] = unwrapped["answer"]
        return answer

    def _timestamp(self, unique: bool) -> str:
        stamp = int(self.line.now().timestamp()) if unique else self.line.timestamp(1)
        ahead = stamp - self.line.now().timestamp()
        if ahead > _MOST_DRIFT:  # more queries than seconds for ten minutes: let the clock catch up
            time.sleep(1)
        if self.line.options["timestamp_format"] == "unix":
            return str(stamp)
        return datetime.fromtimestamp(stamp, SHANGHAI).strftime("%Y%m%d%H%M%S")

    def _unwrap(self, reply: Any) -> dict[str, Any]:
        if not isinstance(reply, dict):
            raise TryLater("http.not_json")
        inner = reply.get("response", reply)
        if not isinstance(inner, dict):
            raise TryLater("http.not_json")
        if "error_response" in reply:
            self._refused(reply["error_response"])
        if inner.get("rsp") == "fail":
            self._refused(inner)
        if "rsp" in inner:
            inner = inner.get("data") or {}
        elif "code" in inner and text(inner.get("code"), 20) not in ("", "0"):
            self._refused(inner)
        return inner if isinstance(inner, dict) else {}

    def _refused(self, refusal: Any) -> None:
        """Raise what the code asks for. ``sub_msg`` is left alone: on a sign error it holds what was signed."""
        told = refusal if isinstance(refusal, dict) else {"msg": refusal}
        code, said = text(told.get("code"), 20), self.line.http.redactor.text(text(told.get("msg"), 200))
        intent = INTENTS.get(code, Intent.TRY_LATER)
        if intent == Intent.REPEAT_REQUEST:
            raise TryLater("shopex.failed", retry_after=1.0, code=code, text=said)
        if intent == Intent.TRY_LATER or intent == Intent.OK:
            raise TryLater("shopex.failed", code=code, text=said)
        raise NeedsPerson(f"shopex.{intent.value}", intent, code=code, text=said)


def _result_item(row: Any) -> RawItem:
    bare = raw_item(row, row.get("serial_no") if isinstance(row, dict) else "", prefix="result:")
    return RawItem(bare.external_id, {"result": bare.payload}) if bare.external_id.startswith("result:") else bare
