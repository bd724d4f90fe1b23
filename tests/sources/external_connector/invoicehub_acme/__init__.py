"""Acme billing: one list of invoices, one token. The smallest connector that does everything a source needs."""

from collections.abc import Iterator
from typing import Any

from apps.core.errors import Intent, NeedsPerson
from apps.core.http import Request
from apps.core.messages import Message, define
from apps.sources.connectors.base import Connector, Page, Parameter, RawItem, SourceFacts
from apps.sources.connectors.items import own_payload, raw_item
from apps.sources.parsing import day, money, number_text, text
from apps.sources.records import InvoiceKind, InvoiceRecord, InvoiceStatus, PartyRecord

define(
    {
        "acme.test_ok": "Acme answers; it has %(count)s invoices.",
        "acme.token_refused": "Acme does not accept the token. Correct it in the source.",
    }
)


class Acme(Connector):
    kind = "acme"
    label = "Acme billing"
    credentials = (Parameter("token", "Token", secret=True, required=True),)
    options = (Parameter("page_size", "Invoices in a page", "integer", default=2, minimum=1),)

    def fetch(self) -> Iterator[Page]:
        position, more = self.context.cursor("invoices").get("after", 0), True
        while more:
            rows = self._rows(position)
            more = len(rows) == self.context.options["page_size"]
            position += len(rows)
            if rows:
                yield Page("invoices", [raw_item(row, row.get("id")) for row in rows], {"after": position})

    def test(self) -> Message:
        return Message("acme.test_ok", {"count": len(self._rows(0))})

    @classmethod
    def parse(cls, item: RawItem, source: SourceFacts) -> InvoiceRecord:
        fields = own_payload(item, "id")
        return InvoiceRecord(
            external_id=item.external_id,
            kind=InvoiceKind.DIGITAL_SPECIAL,
            digital_number=number_text(fields.get("number")),
            issue_date=day(fields.get("date"), "date"),
            total_amount=money(fields.get("total"), "total"),
            seller=PartyRecord(text(fields.get("seller"))),
            status=InvoiceStatus.NORMAL,
        )

    def _rows(self, after: int) -> list[dict[str, Any]]:
        request = Request(
            "GET",
            f"{self.context.base_url}/invoices",
            params={"after": str(after), "size": str(self.context.options["page_size"])},
            headers={"Authorization": f"Bearer {self.context.credentials['token']}"},
        )
        rows: list[dict[str, Any]] = self.context.http.json(lambda: request, judge=_judge)["rows"]
        return rows


def _judge(reply: Any) -> None:
    if reply.get("error") == "token":
        raise NeedsPerson("acme.token_refused", Intent.CREDENTIALS)
