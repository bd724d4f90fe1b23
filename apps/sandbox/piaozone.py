"""Kingdee 发票云: signed token, sessions by userKey, details and bills, long polling for live messages."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any

from apps.sandbox.assistant import Assistant, Session
from apps.sandbox.bodies import FAILED, Refused
from apps.sandbox.channels import Channels
from apps.sandbox.expenses import VOUCHER_CALLS, Expenses
from apps.sandbox.rows import piaozone as rows
from apps.sandbox.wire import Reply, Request, System, arranged, encode, json_reply

CLOCK_TOLERANCE = 1800
USER_KEY_LIFETIME = 7200


def sign(client_id: str, client_secret: str, timestamp: str, kind: str = "") -> str:
    """``kind`` is the request's encType: '' MD5, 1 SHA-256, 2 HMAC-SHA256 keyed with the secret."""
    text = f"{client_id}{client_secret}{timestamp}".encode()
    if kind == "1":
        return hashlib.sha256(text).hexdigest()
    if kind == "2":
        return hmac.new(client_secret.encode(), text, hashlib.sha256).hexdigest()
    return hashlib.md5(text, usedforsecurity=False).hexdigest()


class Piaozone(System):
    name = "piaozone"

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._tokens: dict[str, float] = {}
        self._users: dict[str, Session] = {}  # by userKey
        self._expenses = Expenses(self.books)
        self.channels = Channels(self.world, self.settings)
        self._assistant = Assistant(self._expenses, self.channels)

    @property
    def confirmed(self) -> list[str]:
        """Ids of the confirmed messages, in order of their receipts."""
        return self.channels.confirmed

    def handle(self, request: Request) -> Reply:
        asked = request.json()
        request.note(request.path, asked | dict(request.query))
        if request.path.startswith("/m4-web/"):
            return self._page(request)
        if request.path == "/base/oauth/token":
            return self._token(asked)
        if request.fault("expired_token"):
            with self.lock:
                self._tokens.clear()
        if denied := self._denied(asked, request):
            return denied
        if refused := request.fault("refuse"):
            return _say(refused.code or FAILED, refused.text or "业务校验失败")
        if request.path in self._expenses.calls and request.method == "POST":
            return self._change(asked, request)
        calls: dict[tuple[str, str], Callable[[dict[str, Any], Request], Reply]] = {
            ("POST", "/m4/fpzs/getLinkKey"): self._link_key,
            ("POST", "/m4/fpzs/getUserKey"): self._user_key,
            ("POST", "/m4/fpzs/expense/invoice/detail/query"): self._details,
            ("POST", "/m4/fpzs/expense/invoices/query"): self._bill,
            ("GET", "/polling/fpzs/invoice/data/v2"): self._poll,
            ("GET", "/polling/fpzs/portal/receipt"): self._receipt,
        }
        call = calls.get((request.method, request.path))
        return call(asked, request) if call else _say("3000", "沙箱未提供此接口")

    def _denied(self, asked: dict[str, Any], request: Request) -> Reply | None:
        """The refusal of a request without a valid token, or without a sign where the call needs one; None when
        allowed."""
        how = self.settings.piaozone_voucher_auth if request.path in VOUCHER_CALLS else "access_token"
        if how == "access_token" and self._tokens.get(request.query.get("access_token", ""), 0) <= self.clock():
            return _say("1300", "access_token无效或已过期")
        if how == "sign" and not self._signed(asked):
            return _say("1101", "签名错误")
        return None

    def _change(self, asked: dict[str, Any], request: Request) -> Reply:
        """A changing call. All except the voucher's have a sign and the company in the body."""
        wrong = not self._signed(asked) or asked.get("tin", self.credentials["tin"]) != self.credentials["tin"]
        if wrong and request.path not in VOUCHER_CALLS:
            return _say("1101", "授权信息与企业不符")
        try:
            self._expenses.take(request.path, asked, self.clock())
        except Refused as refusal:
            return _say(refusal.code, refusal.text, refusal.outcome)
        return _ok(None)

    def _token(self, asked: dict[str, Any]) -> Reply:
        if not asked.get("client_id"):
            return _say("1200", "client_id不能为空")
        if not self._signed(asked):
            return _say("1101", "client_id与签名不匹配")
        token = secrets.token_hex(16)
        with self.lock:
            self._tokens[token] = self.clock() + self.settings.piaozone_token_lifetime
        lifetime = int(self.settings.piaozone_token_lifetime)
        return json_reply({"errcode": "0000", "description": "操作成功", "access_token": token, "expires_in": lifetime})

    def _signed(self, asked: dict[str, Any]) -> bool:
        """Whether timestamp and sign are valid."""
        client, stamp = self.credentials["client_id"], str(asked.get("timestamp", ""))
        expected = sign(client, self.credentials["client_secret"], stamp, str(asked.get("encType", "")))
        fresh = stamp.isdigit() and abs(int(stamp) / 1000 - self.clock()) <= CLOCK_TOLERANCE
        return asked.get("client_id") == client and fresh and asked.get("sign") == expected

    def _link_key(self, asked: dict[str, Any], request: Request) -> Reply:
        return _ok(self.channels.open())

    def _user_key(self, asked: dict[str, Any], request: Request) -> Reply:
        if not self._signed(asked) or any(
            asked.get(name) != self.credentials[name] for name in ("tin", "ghf_mc", "eid")
        ):
            return _say("1101", "授权信息与企业不符")
        missing = [name for name in ("eid", "bxd_key", "random", "ticketParam") if not asked.get(name)]
        missing += [name for name in ("billNumber", "billType") if name not in asked]
        if missing:
            return _say("3000", "参数不能为空:" + ",".join(missing))
        user = secrets.token_hex(16)
        with self.lock:
            self._users[user] = Session.of(asked, self.clock() + USER_KEY_LIFETIME)
        return _ok({"userKey": user})

    def _session(self, user_key: Any) -> Session | None:
        """The session of a userKey; None when it does not exist or has expired."""
        session = self._users.get(str(user_key))
        return session if session and session.until > self.clock() else None

    def _page(self, request: Request) -> Reply:
        """A page that a person opens; its buttons post to the same address."""
        parameters = [*request.query.items(), *request.fields()]
        return self._assistant.answer(request, parameters, self._session(dict(parameters).get("userKey")), self.clock())

    def _details(self, asked: dict[str, Any], request: Request) -> Reply:
        if not self._signed(asked):
            return _say("1101", "签名错误")
        serials = [one for one in str(asked.get("fid", "")).split(",") if one]
        if not serials:
            return _say("3000", "fid不能为空")
        invoices = [invoice for one in serials if (invoice := self.world.invoice(one))]
        if not invoices:
            return _say("1307", "无数据")
        answer_rows = arranged([rows.detail(invoice, self.world.seed) for invoice in invoices], request)
        return _ok(answer_rows, f"{len(invoices)} of {len(serials)}", page=True)

    def _bill(self, asked: dict[str, Any], request: Request) -> Reply:
        if self._session(asked.get("userKey")) is None:
            return _say("3000", "userKey无效")
        number = str(asked.get("billNumber") or "")
        if not number:
            return _say("3000", "billNumber不能为空")
        invoices = self.books.on_bill(number)
        if not invoices:
            return _say("1307", "无数据")
        answer_rows = arranged([rows.detail(invoice, self.world.seed) for invoice in invoices], request)
        return _ok(answer_rows, f"{len(answer_rows)} rows", page=True)

    def _poll(self, asked: dict[str, Any], request: Request) -> Reply:
        """The least often delivered message; waits for one up to ``Settings.hold`` seconds."""
        key = request.query.get("key", "")
        message = self.channels.wait(key, self.settings.piaozone_hold, self.stopping)
        if message is None:
            return _say("1307", "暂无数据")
        body: Any = encode(message.body).decode() if message.place % 2 else message.body
        return _ok({"msgId": message.id, "from": "fpzs", "key": key, "data": body}, f"message {message.id}", page=True)

    def _receipt(self, asked: dict[str, Any], request: Request) -> Reply:
        self.channels.confirm(request.query.get("key", ""), request.query.get("msgId", ""))
        return _ok(None)


def _ok(data: Any, outcome: str = "ok", *, page: bool = False) -> Reply:
    return json_reply({"errcode": "0000", "description": "操作成功", "data": data}, outcome=outcome, page=page)


def _say(code: str, description: str, outcome: str = "") -> Reply:
    body = {"errcode": code, "description": description, "data": None}
    return json_reply(body, outcome=outcome or f"errcode {code}")
