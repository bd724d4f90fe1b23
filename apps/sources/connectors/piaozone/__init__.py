"""Kingdee 发票云 (发票助手): the invoices of bills, invoice details, and the live messages of open sessions.

What surprises: a message is confirmed only after it **and** the invoices it names are durable here, so a pull killed in
between hears it again; and an invoice's payload is the vendor's detail row alone, so it does not matter by which way it
was fetched. Facts: ``docs/upstreams/piaozone.md``.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Intent, NeedsPerson, TryLater, UpstreamError
from apps.core.http import Request
from apps.core.messages import Message, define
from apps.sources.parsing import text
from apps.sources.records import InvoiceRecord

from ..base import Connector, Page, Parameter, RawItem, SourceFacts, Token
from ..items import raw_item
from . import messages
from .details import read

DETAILS, MESSAGES, BILLS = "details", "messages", "bills"
INTENTS = {
    "0000": Intent.OK,
    "1307": Intent.NO_DATA,
    "1300": Intent.LOGIN_AGAIN,
    "1101": Intent.CREDENTIALS,
    "1200": Intent.CREDENTIALS,
    "3000": Intent.TRY_LATER,
}
_SIGN_CODES = {"md5": "", "sha256": "1", "hmac": "2"}
_BATCH = 50
_POLL_TIMEOUT = 40.0  # the vendor holds a poll for up to 30 seconds
_MOST_MESSAGES = 10_000
_TOKEN_MARGIN = 600.0

define(
    {
        "piaozone.credentials": _("Piaozone does not accept us (code %(code)s: %(text)s). Check client_id, client_secret, tin and the company's name."),
        "piaozone.failed": _("Piaozone answered with code %(code)s: %(text)s. It is tried again at the next run."),
        "piaozone.logged_out": _("Piaozone refuses a new login (code %(code)s: %(text)s). Check client_id and client_secret."),
        "piaozone.endless": _("A message channel does not come to its end; the rest is read at the next run."),
        "piaozone.test_ok": _("Piaozone answers, and the credentials are accepted."),
    }
)


class _LoggedOut(NeedsPerson):
    """errcode 1300: the shared token is no longer valid."""


class Piaozone(Connector):
    kind = "piaozone"
    label = _("Kingdee Piaozone (发票云)")
    credentials = (
        Parameter("client_id", "client_id", required=True),
        Parameter("client_secret", "client_secret", secret=True, required=True),
        Parameter("tin", _("Company's taxpayer number (tin)"), required=True),
        Parameter("ghf_mc", _("Company's name (ghf_mc)"), required=True),
        Parameter("eid", _("User id (eid)"), required=True),
    )
    options = (
        Parameter("sign_type", _("Signature"), "choice", default="md5", choices=(("md5", "MD5"), ("sha256", "SHA-256"), ("hmac", "HMAC-SHA256"))),
        Parameter("polling_key", _("Key of a message channel"), "choice", default="md5", choices=(("md5", _("MD5 of the linkKey")), ("plain", _("the linkKey itself")))),
        Parameter("ticket_param_digits", _("Digits of ticketParam"), "integer", default=5, minimum=4),
        Parameter("voucher_auth", _("Login of the voucher calls"), "choice", default="access_token", choices=(("access_token", "access_token"), ("sign", "sign"), ("none", _("none")))),
        Parameter("watch_bills", _("Bills to watch"), "list", default=[], help=_("Bill numbers, besides those the application knows as open.")),
        Parameter("watch_channels", _("Message channels to watch"), "list", default=[], help=_("linkKeys of open sessions.")),
    )

    def fetch(self) -> Iterator[Page]:
        seen: set[str] = set()
        for link in self.line.watched("channels"):
            yield from self._channel(str(link), seen)
        bills = self.line.watched("bills")
        for place, number in enumerate(bills, 1):
            yield from self._bill(str(number), f"{place}/{len(bills)}", seen)
        for serials in self.line.unsettled():
            unseen = [serial for serial in serials if serial not in seen]
            if unseen:
                yield Page(DETAILS, self._details(dict.fromkeys(unseen, {})), progress=unseen[-1])

    def test(self) -> Message:
        self._call("/m4/fpzs/getLinkKey", dict)
        return Message("piaozone.test_ok")

    @classmethod
    def parse(cls, item: RawItem, source: SourceFacts) -> InvoiceRecord:
        return read(item, source)

    def _channel(self, link: str, seen: set[str]) -> Iterator[Page]:
        """Everything waiting in one channel: message stored, its invoices stored, then confirmed."""
        key = hashlib.md5(link.encode(), usedforsecurity=False).hexdigest() if self.line.options["polling_key"] == "md5" else link
        for _number in range(_MOST_MESSAGES):
            message = self._poll(key)
            if not message:
                return
            yield Page(MESSAGES, [raw_item(message, message.get("msgId"))], parsed=False)
            named = messages.invoices(message.get("data"))
            serials = list(named)
            for place in range(0, len(serials), _BATCH):
                some = {serial: named[serial] for serial in serials[place : place + _BATCH]}
                yield Page(DETAILS, self._details(some), progress=text(message.get("msgId"), 60))
            seen.update(serials)
            self._get("/polling/fpzs/portal/receipt", {"key": key, "msgId": text(message.get("msgId"), 200)})
        self.line.note(Message("piaozone.endless"))

    def _poll(self, key: str) -> dict[str, Any]:
        found = self._get("/polling/fpzs/invoice/data/v2", {"key": key}, read_timeout=_POLL_TIMEOUT).get("data")
        return found if isinstance(found, dict) else {}

    def _bill(self, number: str, progress: str, seen: set[str]) -> Iterator[Page]:
        """A bill's invoices; which they are is kept beside them, for the bills to come."""
        user_key = (self._call("/m4/fpzs/getUserKey", lambda: self._user(number)).get("data") or {}).get("userKey", "")
        reply = self._call("/m4/fpzs/expense/invoices/query", lambda: {"userKey": user_key, "billNumber": number})
        rows = reply.get("data") or []
        items = [_item(row) for row in rows]
        serials = [item.external_id for item in items]
        seen.update(serials)
        yield Page(DETAILS, items, progress=progress)
        yield Page(BILLS, [RawItem(f"bill:{number}"[:200], {"billNumber": number, "serialNos": sorted(serials)})], parsed=False)

    def _user(self, bill: str) -> dict[str, Any]:
        credentials = self.line.credentials
        return {
            **self._signed(),
            "tin": credentials["tin"],
            "ghf_mc": credentials["ghf_mc"],
            "eid": credentials["eid"],
            "billNumber": bill,
            "bxd_key": bill,
            "random": secrets.token_hex(8),
            "ticketParam": "0" * self.line.options["ticket_param_digits"],
            "billType": "",
        }

    def _details(self, named: Mapping[str, Mapping[str, Any]]) -> list[RawItem]:
        """Details of these serial numbers. One of which a message told us but no details are to be had stands with
        what the message said."""
        reply = self._call("/m4/fpzs/expense/invoice/detail/query", lambda: {**self._signed(), "fid": ",".join(named)})
        items = [_item(row) for row in reply.get("data") or []]
        found = {item.external_id for item in items}
        told = [serial for serial, row in named.items() if serial not in found and row]
        return [*items, *(RawItem(serial[:200], {"message_row": dict(named[serial])}) for serial in told)]

    def _signed(self) -> dict[str, Any]:
        client, secret = self.line.credentials["client_id"], self.line.credentials["client_secret"]
        stamp, kind = str(self.line.timestamp(1000)), self.line.options["sign_type"]
        fields = {"client_id": client, "timestamp": stamp, "sign": sign(client, secret, stamp, kind)}
        return fields | ({"encType": _SIGN_CODES[kind]} if _SIGN_CODES[kind] else {})

    def _login(self) -> Token:
        url = f"{self.line.base_url}/base/oauth/token"
        reply = self.line.http.json(lambda: Request("POST", url, json=self._signed()), judge=self._judge)
        found = reply if reply.get("access_token") else reply.get("data") or {}
        if not found.get("access_token"):
            raise TryLater("piaozone.failed", code=text(reply.get("errcode"), 20), text="access_token")
        lifetime = float(found.get("expires_in") or 0)
        return Token(text(found["access_token"], 300), max(60.0, lifetime - _TOKEN_MARGIN))

    def _call(self, path: str, body: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
        url = self.line.base_url + path
        return self._with_token(lambda token: Request("POST", url, params={"access_token": token}, json=body()))

    def _get(self, path: str, params: Mapping[str, str], read_timeout: float | None = None) -> dict[str, Any]:
        url = self.line.base_url + path
        return self._with_token(
            lambda token: Request("GET", url, params={"access_token": token, **params}, read_timeout=read_timeout)
        )

    def _with_token(self, build: Callable[[str], Request]) -> dict[str, Any]:
        """Ask with the shared token; once more with a new one when it is refused."""
        token = self.line.token(self._login)
        try:
            return self._asked(build, token)
        except _LoggedOut:
            return self._asked(build, self.line.token(self._login, rejected=token.value))

    def _asked(self, build: Callable[[str], Request], token: Token) -> dict[str, Any]:
        reply: dict[str, Any] = self.line.http.json(lambda: build(token.value), judge=self._judge)
        return reply

    def _judge(self, reply: Any) -> None:
        if not isinstance(reply, dict):
            raise TryLater("http.not_json")
        code = text(reply.get("errcode"), 20)
        intent = INTENTS.get(code, Intent.TRY_LATER)
        if intent in (Intent.OK, Intent.NO_DATA):
            return
        raise self._trouble(intent, code, self.line.http.redactor.text(text(reply.get("description"), 200)))

    @staticmethod
    def _trouble(intent: Intent, code: str, said: str) -> UpstreamError:
        if intent == Intent.LOGIN_AGAIN:
            return _LoggedOut("piaozone.logged_out", Intent.CREDENTIALS, code=code, text=said)
        if intent == Intent.CREDENTIALS:
            return NeedsPerson("piaozone.credentials", intent, code=code, text=said)
        return TryLater("piaozone.failed", code=code, text=said)


def sign(client: str, secret: str, stamp: str, kind: str = "md5") -> str:
    """The signature over client_id + client_secret + milliseconds, lower-case hexadecimal."""
    signed = f"{client}{secret}{stamp}".encode()
    if kind == "hmac":
        return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    if kind == "sha256":
        return hashlib.sha256(signed).hexdigest()
    return hashlib.md5(signed, usedforsecurity=False).hexdigest()


def _item(row: Any) -> RawItem:
    """A detail row under its serial number."""
    bare = raw_item(row, row.get("serialNo") if isinstance(row, dict) else "")
    return RawItem(bare.external_id, {"detail": bare.payload}) if "value" not in bare.payload else bare
