"""每刻报销: invoices and e-tickets of employees. Two sets that exclude each other are read: those on no form, by time
of export, and those linked to forms we know. Facts: ``docs/upstreams/maycur.md``.

What surprises: logging in often gets a client banned, so one token is shared and renewed under a lock; and rows leave
the unlinked set while it is read (``walk``).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Intent, NeedsPerson, TryLater
from apps.core.http import Request
from apps.core.messages import Message, define
from apps.sources.connectors.base import (
    Connector,
    OpenBill,
    Page,
    Parameter,
    RawItem,
    SourceContext,
    SourceFacts,
    Token,
)
from apps.sources.connectors.items import digest, raw_item
from apps.sources.connectors.quoting import quoted
from apps.sources.parsing import text
from apps.sources.pushes import BillType
from apps.sources.records import InvoiceRecord

from .reading import read
from .walk import PAGE_SIZE, Walk, windows

UNLINKED, LINKED = "unlinked", "linked"
MOST_FORMS = 50
LOGIN, SEARCH = "/api/openapi/auth/login", "/api/openapi/invoice/search"

_MINUTE = "%Y-%m-%d %H:%M"
_UNAUTHORISED = 401

define(
    {
        "maycur.login": _(
            "Maycur refuses the login. It said: %(text)s. Check appCode, appSecret and this machine's clock;"
            " after too many logins wait until the ban is over."
        ),
        "maycur.logged_out": _(
            "Maycur refuses us even after logging in again. It said: %(text)s."
            " Check the application's rights in Maycur."
        ),
        "maycur.refused": _("Maycur did not accept the query. It said: %(text)s. Check the options of the source."),
        "maycur.bad_pattern": _(
            "The option auth_error_pattern (%(pattern)s) is not a regular expression. Correct it, or empty it."
        ),
        "maycur.bad_forms": _(
            "%(count)s entries of the option watch_forms lack formType or formBizCode and were left out. Complete them."
        ),
        "maycur.unexpected": _(
            "Maycur's answer holds something else where its invoices should be. It is tried again by itself; if it"
            " stays so, check the address, or ask the vendor."
        ),
        "maycur.unfinished": _(
            "Maycur never says that the list %(window)s is at its end. What came is kept;"
            " it is read again at the next run."
        ),
        "maycur.repeated": _(
            "Maycur sent the page before once more instead of %(window)s. It is read again at the next run."
        ),
        "maycur.test_ok": _("Maycur accepts the login and answers."),
    }
)


_FORM_TYPES = {
    BillType.EXPENSE: "REIMBURSE",
    BillType.TRAVEL: "REIMBURSE",
    BillType.PURCHASE: "CORP_REIMBURSE",
    BillType.CORPORATE: "CORP_REIMBURSE",
}
_BILL_TYPES = {"REIMBURSE": BillType.EXPENSE, "CORP_REIMBURSE": BillType.CORPORATE}


class Maycur(Connector):
    kind = "maycur"
    label = _("Maycur expenses (每刻报销)")
    credentials = (
        Parameter("appCode", _("Application code (appCode)"), required=True),
        Parameter("appSecret", _("Application secret (appSecret)"), secret=True, required=True),
    )
    options = (
        Parameter(
            "start_date",
            _("History begins on"),
            "date",
            help=_("Empty: twelve months before the source was created."),
        ),
        Parameter(
            "lag_days",
            _("Days to read again"),
            "integer",
            default=3,
            minimum=0,
            help=_("Rows come and go while they are read, so the latest days are read again."),
        ),
        Parameter(
            "watch_forms",
            _("Forms to watch"),
            "list",
            default=[],
            help=_('[{"formType": "REIMBURSE", "formBizCode": "BX001"}], besides those the application knows as open.'),
        ),
        Parameter(
            "token_minutes",
            _("Minutes to keep a login"),
            "integer",
            default=20,
            minimum=1,
            help=_("Maycur lets one live for 30 minutes and bans those who log in often."),
        ),
        Parameter(
            "auth_error_pattern",
            _("Words of a lost login"),
            default="token|登录|失效",
            help=_("A refusal that contains one of them (a regular expression) is answered by logging in once."),
        ),
        Parameter(
            "wrap",
            _("Wrap queries in timestamp and data"),
            "boolean",
            default=False,
            help=_("Some deployments want this."),
        ),
    )

    def __init__(self, context: SourceContext) -> None:
        super().__init__(context)
        self._page_before: list[str] = []  # of the unlinked set

    def fetch(self) -> Iterator[Page]:
        start = self.context.history_start()
        for begin, end in windows(self._first_day(start), self.context.now()):
            cursor = {"until": end.isoformat(), "start": start.isoformat()}
            yield from self._walk(UNLINKED, _exported(begin, end), f"{begin:%Y-%m-%d} – {end:%Y-%m-%d}", cursor)
        forms = self._forms()
        for place in range(0, len(forms), MOST_FORMS):
            some = forms[place : place + MOST_FORMS]
            yield from self._walk(LINKED, {"forms": some}, f"{some[0]['formBizCode']} …", None)

    def test(self) -> Message:
        end = self.context.now()
        self._search({**_exported(end - timedelta(days=1), end), "offset": 0, "limit": 1})
        return Message("maycur.test_ok")

    @classmethod
    def bill_type(cls, number: str, options: Mapping[str, Any]) -> BillType:
        """Maycur's rows do not name their form's type; the forms that an administrator watches do."""
        forms = [_form(form) for form in options["watch_forms"] or ()]
        form_types = {watched: form_type for form_type, watched in forms}
        return _BILL_TYPES.get(form_types.get(number, ""), BillType.EXPENSE)

    @classmethod
    def parse(cls, item: RawItem, source: SourceFacts) -> InvoiceRecord:
        return read(item)

    def _first_day(self, start: date) -> date:
        """The first day to read: all history at first or when its start was moved back, else some days before
        the last day read."""
        cursor = self.context.cursor(UNLINKED)
        if not cursor or start < date.fromisoformat(cursor.get("start", "1970-01-01")):
            return start
        lag = timedelta(days=int(self.context.options["lag_days"] or 0))
        return max(start, datetime.fromisoformat(cursor["until"]).date() - lag)

    def _forms(self) -> list[dict[str, str]]:
        """Each form once. Entries that name none are left out and reported."""
        forms, bad = dict[tuple[str, str], None](), 0
        for form in self.context.watched("forms"):
            form_type, number = _form(form)
            if form_type and number:
                forms[form_type, number] = None
            else:
                bad += 1
        if bad:
            self.context.note(Message("maycur.bad_forms", {"count": bad}))
        return [{"formType": form_type, "formBizCode": number} for form_type, number in forms]

    def _walk(
        self, stream: str, asked: Mapping[str, Any], window: str, cursor: Mapping[str, Any] | None
    ) -> Iterator[Page]:
        """All rows of a window or of some forms; the page the vendor calls the last one moves the cursor."""
        walk, fingerprints = Walk(), dict[str, str]()
        while not walk.done:
            reply = self._search({**asked, "offset": walk.offset, "limit": PAGE_SIZE})
            items = _items(reply)
            ids = [item.external_id for item in items]
            if stream == UNLINKED and walk.offset == 0 and ids and ids == self._page_before:
                raise TryLater("maycur.repeated", window=window)
            self._page_before = ids if stream == UNLINKED else []
            walk.take(ids, reply.get("last") is True)
            if walk.stuck:
                raise TryLater("maycur.unfinished", window=window)
            new = [item for item in items if fingerprints.get(item.external_id) != item.fingerprint]
            fingerprints.update({item.external_id: item.fingerprint for item in new})
            if new or walk.done:
                yield Page(stream, new, cursor if walk.done else None, progress=f"{window} · {len(fingerprints)}")

    def _search(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        token = self.context.token(self._login)
        try:
            return self._post(asked, token)
        except NeedsPerson as error:
            if not _asks_to_log_in(error):
                raise
        return self._post(asked, self.context.token(self._login, rejected=token.value))

    def _post(self, asked: Mapping[str, Any], token: Token) -> dict[str, Any]:
        headers = {"tokenId": token.value, **token.extra}

        def build() -> Request:
            body = {"timestamp": self.context.timestamp(1000), "data": asked} if self.context.options["wrap"] else asked
            return Request("POST", self.context.base_url + SEARCH, json=body, headers=headers)

        reply: dict[str, Any] = self.context.http.json(build, judge=self._judge)
        return reply

    def _login(self) -> Token:
        """Log in with one request that is never repeated by itself: the vendor bans whoever logs in too often."""
        code, stamp = self.context.credentials["appCode"], self.context.timestamp(1000)
        secret = login_secret(self.context.credentials["appSecret"], code, stamp)
        request = Request(
            "POST", self.context.base_url + LOGIN, json={"appCode": code, "timestamp": stamp, "secret": secret}
        )
        reply = self.context.http.json(lambda: request, safe=False)
        data = reply.get("data") if isinstance(reply, dict) and reply.get("code") == "ACK" else None
        if not isinstance(data, dict) or not data.get("tokenId"):
            raise NeedsPerson("maycur.login", Intent.CREDENTIALS, text=self._vendor_text(reply))
        lifetime = 60 * int(self.context.options["token_minutes"] or 1)
        return Token(text(data["tokenId"], 500), lifetime, {"entCode": text(data.get("entCode"), 100)})

    def _judge(self, reply: Any) -> None:
        """ACK, or an error: one to log in for if its words say so, else one for a person."""
        if not isinstance(reply, dict):
            raise TryLater("http.not_json")
        if reply.get("code") == "ACK":
            if not isinstance(reply.get("data"), list | None):
                raise TryLater("maycur.unexpected")
            return
        vendor_text, pattern = self._vendor_text(reply), self.context.options["auth_error_pattern"]
        try:
            logged_out = bool(pattern) and re.search(pattern, vendor_text, re.IGNORECASE) is not None
        except re.error as error:
            raise NeedsPerson("maycur.bad_pattern", pattern=pattern) from error
        if logged_out:
            raise NeedsPerson("maycur.logged_out", Intent.LOGIN_AGAIN, text=vendor_text)
        raise NeedsPerson("maycur.refused", Intent.BAD_REQUEST, text=vendor_text)

    def _vendor_text(self, reply: Any) -> str:
        return quoted(self.context.http.redactor, reply.get("message") if isinstance(reply, dict) else None)


def login_secret(secret: str, code: str, stamp: int) -> str:
    """SHA-256 over ``secret:code:milliseconds``, hexadecimal."""
    return hashlib.sha256(f"{secret}:{code}:{stamp}".encode()).hexdigest()


def _exported(begin: datetime, end: datetime) -> dict[str, str]:
    return {"exportAtStart": begin.strftime(_MINUTE), "exportAtEnd": end.strftime(_MINUTE)}


def _items(reply: Mapping[str, Any]) -> list[RawItem]:
    items = [
        raw_item(row, row.get("invoiceDataCode") if isinstance(row, dict) else "") for row in reply.get("data") or ()
    ]
    return [RawItem(item.external_id, item.payload, digest(item.payload)) for item in items]


def _asks_to_log_in(error: NeedsPerson) -> bool:
    refused = error.message.code == "http.refused" and error.message.params.get("status") == _UNAUTHORISED
    return refused or error.intent is Intent.LOGIN_AGAIN


def _form(form: Any) -> tuple[str, str]:
    """The vendor's type and number of a form: an open bill of the application, or an entry of ``watch_forms``; '' for
    what it does not name."""
    if isinstance(form, OpenBill):
        return _FORM_TYPES[form.type], form.number
    if not isinstance(form, dict):
        return "", ""
    return text(form.get("formType"), 100), text(form.get("formBizCode"), 100)
