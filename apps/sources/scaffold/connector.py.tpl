"""$label: what its invoices are and what surprises. Facts: ``$facts``.

A working start: it reads a list of invoices page by page, newest change last. Put the vendor's calls in its place.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Intent, NeedsPerson, TryLater
from apps.core.http import Request
from apps.core.messages import Message, define
from apps.sources.connectors.base import Connector, Page, Parameter, RawItem, SourceFacts
from apps.sources.connectors.items import raw_item
from apps.sources.records import InvoiceRecord

from .reading import read

STREAM = "invoices"
PATH = "/invoices"

define(
    {
        "$kind.test_ok": _("$label answers, and its first page has %(count)s invoices."),
        "$kind.token_refused": _("$label does not accept the token. Correct it in the source."),
    }
)


class $class_name(Connector):
    kind = "$kind"
    label = _("$label")
    credentials = (Parameter("token", _("Token"), secret=True, required=True),)
    options = (Parameter("page_size", _("Invoices in a page"), "integer", default=100, minimum=1),)

    def fetch(self) -> Iterator[Page]:
        """Every page from the stored position on. A page is durable when the code after its ``yield`` runs."""
        position = self.context.cursor(STREAM).get("after", "")
        while True:
            reply = self._page(position, int(self.context.options["page_size"]))
            rows = reply["invoices"]
            items = [raw_item(row, row.get("id") if isinstance(row, dict) else "") for row in rows]
            position = reply.get("next") or position
            if items:
                yield Page(STREAM, items, {"after": position})
            if not reply.get("more"):
                return

    def test(self) -> Message:
        return Message("$kind.test_ok", {"count": len(self._page("", 1)["invoices"])})

    @classmethod
    def parse(cls, item: RawItem, source: SourceFacts) -> InvoiceRecord:
        return read(item)

    def _page(self, after: str, size: int) -> dict[str, Any]:
        request = Request(
            "GET",
            self.context.base_url + PATH,
            params={"after": after, "size": str(size)},
            headers={"Authorization": f"Bearer {self.context.credentials['token']}"},
        )
        reply: dict[str, Any] = self.context.http.json(lambda: request, judge=_judge)
        return reply


def _judge(reply: Any) -> None:
    """Raise what the vendor's error codes ask of us; ``docs/contributing/internals.md`` lists the intents."""
    if not isinstance(reply, dict):
        raise TryLater("http.not_json")
    if reply.get("code") == "bad_token":
        raise NeedsPerson("$kind.token_refused", Intent.CREDENTIALS)
    if not isinstance(reply.get("invoices"), list):
        raise TryLater("http.not_json")
