"""A small ShopEx that replaces the HTTP client, and a source of it for repeated pulls."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from apps.core.errors import TryLater
from apps.core.http import Request
from apps.core.redaction import Redactor
from apps.sources.connectors.shopex import Shopex
from apps.sources.parsing import SHANGHAI
from tests.sources.connectors.context import FakeClock, MemoryContext, Pulled, Store, pulled

TODAY = date(2026, 3, 31)


NOON = datetime(2026, 3, 31, 12, 0, tzinfo=SHANGHAI)


LIST, DETAIL, RESULT = "invoice.getInvoiceList", "invoice.getInvoice", "invoice.getResultList"


class Shop:
    """Replaces the HTTP client: paged lists of invoices by issue date and of results by time.

    ``meddle`` gets each query and its answer and returns the answer to use. Like the real client, it repeats a request
    when the judgement of the reply is to try later.
    """

    def __init__(self, *invoices: dict[str, Any], results: tuple[dict[str, Any], ...] = ()) -> None:
        self.invoices, self.results = list(invoices), list(results)
        self.queries: list[dict[str, Any]] = []
        self.requests: list[Request] = []
        self.meddle: Callable[[dict[str, Any], dict[str, Any]], Any] = lambda query, answer: answer
        self.redactor = Redactor(["the-token"])

    def json(self, build: Callable[[], Request], *, judge: Callable[[Any], None], **_: Any) -> Any:
        for attempt in range(3):
            request = build()
            query = dict(request.form or request.json)
            self.requests.append(request)
            self.queries.append(query)
            reply = self.meddle(query, self.answer(query))
            try:
                judge(reply)
            except TryLater:
                if attempt == 2:
                    raise
                continue
            return reply
        raise AssertionError("unreachable")

    def answer(self, query: dict[str, Any]) -> dict[str, Any]:
        if query["method"] == DETAIL:
            invoices = [one for one in self.invoices if one["invoice_bn"] == query["invoice_bn"]]
            unknown = {"error_response": {"code": "2002", "msg": "发票不存在"}}
            return invoices[0] | {"tax_no": "91330100MA1", "items": []} if invoices else unknown
        if query["method"] == RESULT:
            rows, first, last, day = self.results, query["start_time"], query["end_time"], "create_time"
        else:
            rows, first, last, day = self.invoices, query["start_date"], query["end_date"], "issue_date"
        selected = [one for one in rows if first <= one[day] <= last]
        size, page = int(query["page_size"]), int(query["page_no"])
        return {"count": len(selected), "lists": selected[(page - 1) * size : page * size]}

    def queries_of(self, method: str) -> list[dict[str, Any]]:
        return [query for query in self.queries if query["method"] == method]


class Desk:
    """A source of that shop for repeated pulls."""

    def __init__(self, shop: Shop, **options: Any) -> None:
        self.shop, self.store, self.clock = shop, Store(), FakeClock(NOON)
        self.options = {"start_date": "2026-01-01", **options}
        self.notes: list[Any] = []

    def context(self) -> MemoryContext:
        entry = {"kind": "shopex", "base_url": "http://shop.test", "credentials": {"flag": "f", "token": "the-token"}}
        context = MemoryContext(entry, store=self.store, clock=self.clock, **self.options)
        context.http = self.shop
        return context

    def pull(self, most_pages: int | None = None) -> Pulled:
        context = self.context()
        result = pulled(Shopex(context), most_pages=most_pages)
        self.notes = context.notes
        return result


def issued(number: int, day: str = "2026-03-10", **changes: Any) -> dict[str, Any]:
    plain = {
        "invoice_bn": f"FP{number:06d}",
        "invoice_type": "增值税专用发票",
        "invoice_status": "已开票",
        "company_name": "测试科技有限公司",
        "total_amount": "113.00",
        "issue_date": day,
    }
    return plain | changes


def resulting(number: int, at: str = "2026-03-10 09:00:00") -> dict[str, Any]:
    return {
        "serial_no": f"SN{number}",
        "order_bn": f"FP{number:06d}",
        "type_id": 1,
        "billing_type": 1,
        "amount": "113.00",
        "cost_tax": "13.00",
        "invoice_no": f"2631{number:016d}",
        "create_time": at,
    }
