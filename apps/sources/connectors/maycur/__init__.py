"""每刻报销: expense invoices and e-tickets. Two disjoint sets are read: those on no form yet, by export time, and those
linked to forms we know. Facts: ``docs/upstreams/maycur.md``.

What surprises: logging in often gets a client banned, so the token is shared and renewed under a lock; and rows leave the
unlinked set while it is walked, so a closed window is read until the vendor says ``last`` and a lag is read again.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Intent, NeedsPerson, TryLater
from apps.core.http import Request
from apps.core.messages import Message, define
from apps.sources.parsing import SHANGHAI, text
from apps.sources.records import InvoiceRecord

from ..base import Connector, Page, Parameter, RawItem, SourceFacts, Token
from ..items import raw_item
from .reading import read

UNLINKED, LINKED = "unlinked", "linked"
PAGE_SIZE = MOST_FORMS = 50
_MINUTE = "%Y-%m-%d %H:%M"
_MOST_PAGES = 100_000

define(
    {
        "maycur.login": _("Maycur refuses the login: %(text)s. Check appCode and appSecret; after many logins wait for the ban to end."),
        "maycur.failed": _("Maycur answered: %(text)s. It is tried again at the next run."),
        "maycur.refused": _("Maycur refuses us even after logging in again: %(text)s. Check the application's rights in Maycur."),
        "maycur.repeated": _("Maycur sends the same page again (%(window)s). The window is read again at the next run."),
        "maycur.test_ok": _("Maycur answers, and the login is accepted."),
    }
)


class _LoggedOut(TryLater):
    """The shared token is no longer valid."""


class Maycur(Connector):
    kind = "maycur"
    label = _("Maycur expenses (每刻报销)")
    credentials = (
        Parameter("appCode", "appCode", required=True),
        Parameter("appSecret", "appSecret", secret=True, required=True),
    )
    options = (
        Parameter("start_date", _("History begins on"), "date", help=_("Empty: twelve months before the source was created.")),
        Parameter("lag_days", _("Days to read again"), "integer", default=3, minimum=0, help=_("Rows move while they are read; the last days are read again.")),
        Parameter("watch_forms", _("Forms to watch"), "list", default=[], help=_('[{"formType": "REIMBURSE", "formBizCode": "BX001"}]: besides those the application knows as open.')),
        Parameter("token_minutes", _("Minutes to keep a login"), "integer", default=20, minimum=1),
        Parameter("auth_error_pattern", _("Words of a lost login"), default="token|登录|失效", help=_("A refusal with one of these words is answered by logging in once.")),
        Parameter("wrap", _("Wrap the request in timestamp and data"), "boolean", default=False),
    )

    def fetch(self) -> Iterator[Page]:
        for start, end in self._windows():
            asked = {"exportAtStart": start.strftime(_MINUTE), "exportAtEnd": end.strftime(_MINUTE)}
            cursor = {"until": end.isoformat()}
            yield from self._walk(UNLINKED, asked, f"{start:%Y-%m-%d} – {end:%Y-%m-%d}", cursor)
        forms = self.line.watched("forms")
        for place in range(0, len(forms), MOST_FORMS):
            some = [{name: form[name] for name in ("formType", "formBizCode")} for form in forms[place : place + MOST_FORMS]]
            yield from self._walk(LINKED, {"forms": some}, f"{place + len(some)}/{len(forms)}", None)

    def test(self) -> Message:
        end = self._now()
        start = end - timedelta(days=1)
        self._search({"exportAtStart": start.strftime(_MINUTE), "exportAtEnd": end.strftime(_MINUTE), "offset": 0, "limit": 1})
        return Message("maycur.test_ok")

    @classmethod
    def parse(cls, item: RawItem, source: SourceFacts) -> InvoiceRecord:
        return read(item, source)

    def _now(self) -> datetime:
        return self.line.now().astimezone(SHANGHAI).replace(second=0, microsecond=0)

    def _windows(self) -> Iterator[tuple[datetime, datetime]]:
        """[start, end) by calendar month, from the lag before what was read up to now."""
        until = self.line.cursor(UNLINKED).get("until")
        start = datetime.combine(self.line.history_start(), time(), SHANGHAI)
        if until:
            start = max(start, datetime.fromisoformat(until) - timedelta(days=self.line.options["lag_days"]))
        start, now = start.replace(hour=0, minute=0), self._now() + timedelta(minutes=1)
        while start < now:
            following = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
            yield start, min(following, now)
            start = following

    def _walk(self, stream: str, asked: Mapping[str, Any], window: str, cursor: Mapping[str, Any] | None) -> Iterator[Page]:
        """One window or batch of forms to its ``last`` page; rows that slid a place while we read are caught by the
        overlap of one row between pages and by the lag of the next run."""
        offset, previous = 0, []
        for _number in range(_MOST_PAGES):
            reply = self._search({**asked, "offset": offset, "limit": PAGE_SIZE})
            rows = reply.get("data") or []
            items = [raw_item(row, row.get("invoiceDataCode") if isinstance(row, dict) else "") for row in rows]
            ids = [item.external_id for item in items]
            if ids and ids == previous:
                raise TryLater("maycur.repeated", window=window)
            last = reply.get("last") is not False or not ids
            yield Page(stream, items, cursor if last else None, progress=f"{window} · {offset + len(ids)}")
            if last:
                return
            previous, offset = ids, offset + max(1, len(ids) - 1)

    def _search(self, asked: dict[str, Any]) -> dict[str, Any]:
        token = self.line.token(self._login)
        try:
            return self._post(asked, token)
        except _LoggedOut:
            token = self.line.token(self._login, rejected=token.value)
        try:
            return self._post(asked, token)
        except _LoggedOut as error:
            raise NeedsPerson("maycur.refused", Intent.CREDENTIALS, **error.message.params) from error

    def _post(self, asked: dict[str, Any], token: Token) -> dict[str, Any]:
        headers = {"tokenId": token.value, **token.extra}
        url = f"{self.line.base_url}/api/openapi/invoice/search"

        def build() -> Request:
            body = {"timestamp": self.line.timestamp(1000), "data": asked} if self.line.options["wrap"] else asked
            return Request("POST", url, json=body, headers=headers)

        try:
            reply: dict[str, Any] = self.line.http.json(build, judge=_judge)
        except _Nack as error:
            if re.search(self.line.options["auth_error_pattern"], error.said, re.IGNORECASE):
                raise _LoggedOut("maycur.failed", retry_after=_NEVER, text=self.line.http.redactor.text(error.said)) from error
            raise TryLater("maycur.failed", text=self.line.http.redactor.text(error.said)) from error
        except NeedsPerson as error:
            if error.message.code == "http.refused" and error.message.params.get("status") == 401:
                raise _LoggedOut("maycur.failed", text="HTTP 401") from error
            raise
        return reply

    def _login(self) -> Token:
        code, secret = self.line.credentials["appCode"], self.line.credentials["appSecret"]
        stamp = self.line.timestamp(1000)
        body = {"appCode": code, "timestamp": stamp, "secret": login_secret(secret, code, stamp)}
        url = f"{self.line.base_url}/api/openapi/auth/login"
        try:
            reply = self.line.http.json(lambda: Request("POST", url, json=body), safe=False, judge=_judge)
        except _Nack as error:
            said = self.line.http.redactor.text(error.said)
            raise NeedsPerson("maycur.login", Intent.CREDENTIALS, text=said) from error
        found = reply.get("data") if isinstance(reply.get("data"), dict) else {}
        if not found.get("tokenId"):
            raise TryLater("maycur.failed", text="tokenId")
        lifetime = 60 * self.line.options["token_minutes"]
        return Token(text(found["tokenId"], 200), lifetime, {"entCode": text(found.get("entCode"), 100)})


_NEVER = 10_000.0  # longer than the client waits: a refusal is not asked again


class _Nack(NeedsPerson):
    """The vendor said NACK; ``said`` is its message."""

    def __init__(self, said: str) -> None:
        super().__init__("maycur.failed", text=said)
        self.said = said


def login_secret(secret: str, code: str, stamp: int) -> str:
    """sha256 of ``secret:code:milliseconds``, hexadecimal."""
    return hashlib.sha256(f"{secret}:{code}:{stamp}".encode()).hexdigest()


def _judge(reply: Any) -> None:
    if not isinstance(reply, dict):
        raise TryLater("http.not_json")
    if reply.get("code") != "ACK":
        raise _Nack(text(reply.get("message"), 200))
