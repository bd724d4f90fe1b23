"""商派 OMS: the invoices our company issues (output), and the results of issuing them.

Not obvious: a signature that was used once is refused, so the timestamps of queries that may repeat rise strictly;
replies have three shapes; and the list filters by issue date only, so later changes are found when a window is read
again. Facts: ``docs/upstreams/shopex.md``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import TryLater
from apps.core.messages import Message, define
from apps.sources.choices import PushKind
from apps.sources.connectors.base import Connector, Page, Parameter, PushReply, RawItem, SourceContext, SourceFacts
from apps.sources.connectors.items import digest, nameless, raw_item
from apps.sources.connectors.passes import Plan, Walk, Window, plan
from apps.sources.parsing import text
from apps.sources.pushes import Payload
from apps.sources.records import InvoiceRecord

from . import pushing
from .calls import Calls
from .reading import read

PAGE_SIZE = 100
_READINGS = 2  # attempts at a window whose rows change while it is read
_RESULT_LOOKBACK = (
    1  # days: results are filtered by their last change, so that only the end of the last window is read again
)

define(
    {
        "shopex.shortfall": _(
            "ShopEx counts %(count)s records from %(start)s to %(end)s but handed over %(received)s."
            " The window is read again at the next run."
        ),
        "shopex.repeated": _(
            "ShopEx sends the same page again (%(start)s to %(end)s). The window is read again at the next run."
        ),
        "shopex.no_details": _(
            "ShopEx lists %(count)s invoices, such as %(number)s, whose details it refuses. They lack tax number and"
            " lines; they are asked for again at the next run."
        ),
        "shopex.test_ok": _("ShopEx answers and counts %(count)s invoices in the last month."),
    }
)


@dataclass(frozen=True)
class Feed:
    """One of the two lists: the option with its method, and the parameter names of a window."""

    stream: str
    method: str
    start: str
    end: str
    times: tuple[str, str] = ("", "")  # times of day, where the vendor requires them

    def asked(self, window: Window) -> dict[str, str]:
        return {self.start: f"{window[0]}{self.times[0]}", self.end: f"{window[1]}{self.times[1]}"}


INVOICES = Feed("invoices", "list_method", "start_date", "end_date")
RESULTS = Feed("results", "result_method", "start_time", "end_time", (" 00:00:00", " 23:59:59"))


class Incomplete(TryLater):
    """A window that was not read completely. The other windows are still read."""


class Shopex(Connector):
    kind = "shopex"
    label = _("ShopEx OMS (商派)")
    pushes = frozenset({PushKind.ORDER_INVOICE})
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

    def __init__(self, context: SourceContext) -> None:
        super().__init__(context)
        self._calls = Calls(context)
        self._undetailed: list[str] = []

    def fetch(self) -> Iterator[Page]:
        trouble: list[Incomplete] = []
        yield from self._feed(INVOICES, int(self.context.options["lookback_days"] or 0), trouble)
        if self._undetailed:
            params = {"count": len(self._undetailed), "number": self._undetailed[0]}
            self.context.note(Message("shopex.no_details", params))
        yield from self._feed(RESULTS, _RESULT_LOOKBACK, trouble)
        if trouble:
            raise trouble[0]

    def test(self) -> Message:
        end = self.context.today()
        asked = {**INVOICES.asked((end - timedelta(days=30), end)), "page_no": "1", "page_size": "1"}
        answer = self._calls.listing(INVOICES.method, asked, lambda answer: None)
        return Message("shopex.test_ok", {"count": text(answer.get("count"), 12) or "?"})

    @classmethod
    def request_body(cls, kind: str, payload: Payload, options: Mapping[str, Any]) -> Mapping[str, Any]:
        return pushing.body(pushing.order_invoice(payload), options)

    def push(self, kind: str, payload: Payload) -> PushReply:
        return pushing.push(self.context, self._calls, pushing.order_invoice(payload))

    def confirm_applied(self, kind: str, payload: Payload) -> bool | None:
        return pushing.confirm_applied(self.context, self._calls, pushing.order_invoice(payload))

    @classmethod
    def parse(cls, item: RawItem, source: SourceFacts) -> InvoiceRecord:
        return read(item, source)

    def _feed(self, feed: Feed, lookback: int, trouble: list[Incomplete]) -> Iterator[Page]:
        """Read all windows of one list, month by month; errors of single windows are added to ``trouble``."""
        cursor, start, today = self.context.cursor(feed.stream), self.context.history_start(), self.context.today()
        reading: Plan = plan(cursor, start, today, lookback=lookback, monthly=False)
        todo, last_page = list(reading.windows), Walk(frozenset())
        for window in reading.windows:
            rest = [other for other in todo if other != window]
            try:
                for again in range(_READINGS):
                    # A repeated page of the previous window must not count as one of this window.
                    walk = Walk(frozenset() if again else last_page.page)
                    yield from self._window(feed, window, walk, reading.cursor(rest), final=again > 0)
                    if walk.complete and not walk.moved:
                        break
                last_page, todo = walk, rest
            except Incomplete as error:
                trouble.append(error)

    def _window(
        self, feed: Feed, window: Window, walk: Walk, cursor: Mapping[str, Any], *, final: bool
    ) -> Iterator[Page]:
        """The pages of a window. The last one moves the cursor if no row changed meanwhile, or if this is the ``final``
        attempt. Raises Incomplete when the vendor repeats a page or returns fewer rows than it counts."""
        where: dict[str, Any] = {"start": window[0].isoformat(), "end": window[1].isoformat()}

        def judge(answer: dict[str, Any]) -> None:
            if walk.repeats([item.external_id for item in _bare(feed, answer)]):
                raise Incomplete("shopex.repeated", **where)

        for number in count(1):
            asked = {**feed.asked(window), "page_no": str(number), "page_size": str(PAGE_SIZE)}
            answer = self._calls.listing(feed.method, asked, judge)
            bare = _bare(feed, answer)
            walk.take([item.external_id for item in bare], _counted(answer), PAGE_SIZE)
            done = walk.complete and (final or not walk.moved)
            items = self._with_details(bare) if feed is INVOICES else bare
            yield Page(feed.stream, items, cursor if done else None, progress=f"{window[0]:%Y-%m} · {number}")
            if walk.ended:
                break
        if not done and (final or not walk.moved):
            raise Incomplete("shopex.shortfall", count=walk.count, received=walk.received, **where)

    def _with_details(self, bare: Sequence[RawItem]) -> list[RawItem]:
        """The rows of the list, with details of new and changed ones."""
        fingerprints = self.context.known([item.external_id for item in bare])
        return [
            item if nameless(item.external_id) else self._detailed(item, fingerprints.get(item.external_id))
            for item in bare
        ]

    def _detailed(self, item: RawItem, before: str | None) -> RawItem:
        fingerprint, payload = digest(item.payload), {"list": item.payload}
        if before == fingerprint:
            return RawItem(item.external_id, payload, fingerprint)
        number = item.external_id.removeprefix("bn:")
        detail = self._calls.detail(number)
        if detail:
            return RawItem(item.external_id, {**payload, "detail": detail}, fingerprint)
        self._undetailed.append(number)
        return RawItem(
            item.external_id, payload, f"{fingerprint}-"
        )  # differs from the stored one, so that the next pull reads the details


def _bare(feed: Feed, answer: Mapping[str, Any]) -> list[RawItem]:
    rows = answer.get("lists") or ()
    if feed is INVOICES:
        return [raw_item(row, row.get("invoice_bn") if isinstance(row, dict) else "", prefix="bn:") for row in rows]
    named = [raw_item(row, row.get("serial_no") if isinstance(row, dict) else "", prefix="result:") for row in rows]
    return [
        item if nameless(item.external_id) else RawItem(item.external_id, {"result": item.payload}) for item in named
    ]


def _counted(answer: Mapping[str, Any]) -> int | None:
    counted = text(answer.get("count"), 12)
    return int(counted) if counted.isdecimal() else None
