"""The vendor's calls: credentials, the shared token and the judgement of answers. Invoices are not parsed here."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Intent, NeedsPerson, OutcomeUnknown, TryLater, UpstreamError
from apps.core.http import Request
from apps.core.messages import define
from apps.sources.connectors.base import SourceContext, Token
from apps.sources.connectors.quoting import quoted
from apps.sources.parsing import text

from .codes import INTENTS
from .signing import polling_key, signed

_POLL_TIMEOUT = 40.0  # the vendor holds a poll for up to 30 seconds
_UNSAID_LIFETIME = 3600.0  # of a token without a lifetime
_MARGIN = 600.0  # a token is replaced this long before it expires
# A general failure (3000) whose text is about the content: the same content would always fail.
_ABOUT_CONTENT = re.compile("参数|不能为空|必填|格式|不正确|存在|不符|非法")
_FAILED, _UNKNOWN = "piaozone.failed", "piaozone.unknown_code"

define(
    {
        "piaozone.credentials": _(
            "Piaozone does not accept us (code %(code)s: %(text)s). Check client_id, client_secret, tin and the"
            " company's name."
        ),
        "piaozone.logged_out": _(
            "Piaozone refuses the token it has just given us (code %(code)s: %(text)s). Check client_id and"
            " client_secret, or ask the vendor."
        ),
        "piaozone.failed": _("Piaozone failed (code %(code)s: %(text)s). It is tried again by itself."),
        "piaozone.unknown_code": _(
            "Piaozone answered with code %(code)s, which we do not know: %(text)s. Check the options of the"
            " source, or ask the vendor."
        ),
        "piaozone.push_refused": _(
            "Piaozone refused this (code %(code)s: %(text)s); nothing was changed there. Correct what it names, then"
            " send it again."
        ),
        "piaozone.push_unanswered": _(
            "Piaozone's answer does not say whether it took this. Look there before it is sent again."
        ),
        "piaozone.incomplete": _(
            "Piaozone's answer lacks %(what)s. It is tried again by itself; if it stays so, check the base URL."
        ),
    }
)


class Calls:
    """The calls of one source. Each raises TryLater or NeedsPerson."""

    def __init__(self, context: SourceContext) -> None:
        self._context = context

    def link_key(self) -> str:
        """The name of a new message channel; fetched before one of the vendor's pages opens."""
        return self._required(self._post("/m4/fpzs/getLinkKey", dict).get("data"), "linkKey")

    def user_key(self, bill: str, bill_type: str = "", visit: Mapping[str, str] | None = None) -> str:
        """A session key for one bill ('': none yet), without restrictions of its own. ``visit``: further fields for the
        window of a person, in the vendor's names."""
        credentials = self._context.credentials

        def body() -> dict[str, Any]:
            return {
                **self._signed(),
                "tin": credentials["tin"],
                "ghf_mc": credentials["ghf_mc"],
                "eid": credentials["eid"],
                "billNumber": bill,
                "bxd_key": bill or secrets.token_hex(16),
                "random": secrets.token_hex(8),
                "ticketParam": "1" * int(self._context.options["ticket_param_digits"]),
                "billType": bill_type,
                **(visit or {}),
            }

        answer = self._post("/m4/fpzs/getUserKey", body).get("data")
        return self._required(answer.get("userKey") if isinstance(answer, dict) else None, "userKey")

    def bill_invoices(self, bill: str) -> list[Any]:
        """All invoices of a bill, in the layout of details."""
        user_key = self.user_key(bill)
        reply = self._post("/m4/fpzs/expense/invoices/query", lambda: {"userKey": user_key, "billNumber": bill})
        return _rows(reply)

    def details(self, serials: Sequence[str]) -> list[Any]:
        """Details of these serial numbers; unknown ones are left out."""
        fid = ",".join(serials)
        path = "/m4/fpzs/expense/invoice/detail/query"
        return _rows(self._post(path, lambda: {"userKey": "", **self._signed(), "fid": fid}))

    def poll(self, link_key: str) -> Any:
        """The next message of a channel; None when none came before the call timed out."""
        query = {"key": self._key(link_key)}
        return self._get("/polling/fpzs/invoice/data/v2", query, read_timeout=_POLL_TIMEOUT).get("data") or None

    def confirm(self, link_key: str, message_id: str) -> None:
        """Confirm a stored message, so that the vendor does not send it again."""
        self._get("/polling/fpzs/portal/receipt", {"key": self._key(link_key), "msgId": message_id})

    def write(
        self, path: str, payload: Mapping[str, Any], already: re.Pattern[str] | None, *, of_voucher: bool
    ) -> bool:
        """Send what changes something, once; True when the vendor says that it is so ``already``.

        A refused token (1300) is refused before anything happens, so that a new one may be tried. The calls ``of
        voucher`` show who we are in their own way, or not at all. Raises OutcomeUnknown as well.
        """
        login = self._context.options["voucher_auth"] if of_voucher else "access_token"
        url = self._context.base_url + path

        def body() -> dict[str, Any]:
            if of_voucher:
                return {**payload, **(self._signed() if login == "sign" else {})}
            who = {name: self._context.credentials[name] for name in ("tin", "eid")}
            return {"userKey": "", **who, **payload, **self._signed()}

        def judge(reply: Any) -> None:
            self._judge_write(reply, already)

        def send(shown: Mapping[str, str]) -> bool:
            reply = self._context.http.write(lambda: Request("POST", url, params=shown, json=body()), judge=judge)
            return INTENTS.get(text(reply.get("errcode"), 20)) is not Intent.OK

        if login != "access_token":
            return send({})
        token = self._context.token(self._login)
        try:
            return send({"access_token": token.value})
        except _LoggedOut:
            return send({"access_token": self._context.token(self._login, rejected=token.value).value})

    def _judge_write(self, reply: Any, already: re.Pattern[str] | None) -> None:
        """Like ``_judge`` for writing calls: a refusal means that nothing was changed; only an answer with a code is a
        refusal."""
        code = text(reply.get("errcode"), 20) if isinstance(reply, dict) else ""
        if not code:
            raise OutcomeUnknown("piaozone.push_unanswered")
        description, intent = text(reply.get("description"), 200), INTENTS.get(code)
        if intent is Intent.OK or (already and already.search(f"{code} {description}")):
            return
        if intent in (Intent.LOGIN_AGAIN, Intent.CREDENTIALS):
            self._judge(reply)
        hidden = quoted(self._context.http.redactor, reply.get("description"))
        if intent is Intent.TRY_LATER and not _ABOUT_CONTENT.search(description):
            raise TryLater(_FAILED, code=code, text=hidden)
        raise NeedsPerson("piaozone.push_refused", Intent.BAD_REQUEST, code=code, text=hidden)

    def _key(self, link_key: str) -> str:
        return polling_key(link_key, self._context.options["polling_key"])

    def _signed(self) -> dict[str, str]:
        who = self._context.credentials
        stamp = self._context.timestamp(1000)
        return signed(who["client_id"], who["client_secret"], stamp, self._context.options["sign_type"])

    def _login(self) -> Token:
        url = f"{self._context.base_url}/base/oauth/token"
        reply = self._context.http.json(lambda: Request("POST", url, json=self._signed()), judge=self._judge)
        inner = reply.get("data")
        answer = reply if reply.get("access_token") or not isinstance(inner, dict) else inner
        expires_in = text(answer.get("expires_in"), 20)
        lifetime = float(expires_in) if expires_in.isdigit() else _UNSAID_LIFETIME
        return Token(self._required(answer.get("access_token"), "access_token"), max(lifetime - _MARGIN, lifetime / 2))

    def _post(self, path: str, body: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
        url = self._context.base_url + path
        return self._with_token(lambda token: Request("POST", url, params={"access_token": token}, json=body()))

    def _get(self, path: str, query: Mapping[str, str], read_timeout: float | None = None) -> dict[str, Any]:
        url = self._context.base_url + path
        return self._with_token(
            lambda token: Request("GET", url, params={"access_token": token, **query}, read_timeout=read_timeout)
        )

    def _with_token(self, build: Callable[[str], Request]) -> dict[str, Any]:
        """Call with the shared token, and once more with a new one when it is refused."""
        token = self._context.token(self._login)
        try:
            return self._ask(build, token)
        except _LoggedOut:
            return self._ask(build, self._context.token(self._login, rejected=token.value))

    def _ask(self, build: Callable[[str], Request], token: Token) -> dict[str, Any]:
        reply: dict[str, Any] = self._context.http.json(lambda: build(token.value), judge=self._judge)
        return reply

    def _judge(self, reply: Any) -> None:
        """Success depends on the code in the body only, not on the HTTP status or the description."""
        if not isinstance(reply, dict):
            raise TryLater("http.not_json")
        code = text(reply.get("errcode"), 20)
        intent = INTENTS.get(code)
        if intent in (Intent.OK, Intent.NO_DATA):
            return
        description = quoted(self._context.http.redactor, reply.get("description"))
        if intent == Intent.LOGIN_AGAIN:
            raise _LoggedOut("piaozone.logged_out", Intent.CREDENTIALS, code=code, text=description)
        if intent == Intent.CREDENTIALS:
            raise NeedsPerson("piaozone.credentials", Intent.CREDENTIALS, code=code, text=description)
        if intent == Intent.TRY_LATER:
            raise TryLater(_FAILED, code=code, text=description)
        raise NeedsPerson(_UNKNOWN, Intent.BAD_REQUEST, code=code, text=description)

    @staticmethod
    def _required(value: Any, what: str) -> str:
        content = "" if isinstance(value, dict | list) else text(value, 500)
        if not content:
            raise TryLater("piaozone.incomplete", what=what)
        return content


class _LoggedOut(NeedsPerson):
    """errcode 1300: the token is no longer valid."""


def about_one(error: UpstreamError) -> bool:
    """Whether the vendor refused only this request, so that the next one may succeed."""
    return error.message.code in (_FAILED, _UNKNOWN)


def _rows(reply: Mapping[str, Any]) -> list[Any]:
    """The rows of an answer; one alone may come bare. Raises TryLater for anything else: taken for no rows, or for one
    that is none, the invoices asked for would look as if they were gone."""
    rows = reply.get("data")
    if rows in (None, "", {}):
        return []
    if isinstance(rows, dict) and "serialNo" in rows:
        return [rows]
    if not isinstance(rows, list):
        raise TryLater("piaozone.incomplete", what="data")
    return rows
