"""每刻报销: a login that bans frequent logins, and a search by window (unlinked invoices) or by form (linked ones)."""

import hashlib
import secrets
from bisect import bisect_left
from datetime import datetime
from typing import Any

from apps.sandbox.rows import maycur as rows
from apps.sandbox.truth.invoices import SHANGHAI, Invoice
from apps.sandbox.wire import Reply, Request, System, arranged, json_reply

PAGE_LIMIT = 50
FORM_LIMIT = 50
CLOCK_TOLERANCE = 300
ENT_CODE = "ENT2026SBX"


def login_secret(app_secret: str, app_code: str, timestamp: int) -> str:
    return hashlib.sha256(f"{app_secret}:{app_code}:{timestamp}".encode()).hexdigest()


class Maycur(System):
    name = "maycur"

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._tokens: dict[str, float] = {}  # token → expiry
        self._logins: list[float] = []
        self._banned_until = 0.0

    def handle(self, request: Request) -> Reply:
        asked = request.json()
        call = request.path.removeprefix("/api/openapi/")
        request.note(call, asked)
        if request.method == "POST" and call == "auth/login":
            return self._login(asked)
        if request.method != "POST" or call != "invoice/search":
            return _refuse("接口不存在", status=404)
        if request.fault("expired_token"):
            with self.lock:
                self._tokens.clear()
        alive = self._tokens.get(request.headers.get("tokenid", ""), 0) > self.clock()
        if not alive or request.headers.get("entcode") != ENT_CODE:
            return _refuse("token已失效，请重新登录", status=self.settings.maycur_auth_status)
        if self.settings.maycur_wrap:
            inner = asked.get("data")
            if not isinstance(inner, dict) or not asked.get("timestamp"):
                return _refuse("请求体应为 {timestamp, data}")
            asked = inner
        return self._search(asked, request)

    def _login(self, asked: dict[str, Any]) -> Reply:
        now = self.clock()
        with self.lock:
            self._logins = [at for at in self._logins if at > now - 60] + [now]
            if len(self._logins) > self.settings.maycur_logins_per_minute:
                self._banned_until = now + self.settings.maycur_ban
            if now < self._banned_until:
                return _refuse("登录过于频繁，客户端已被禁止登录")
        code, stamp = asked.get("appCode"), asked.get("timestamp")
        if not isinstance(stamp, int) or abs(stamp / 1000 - now) > CLOCK_TOLERANCE:
            return _refuse("时间戳无效")
        if code != self.credentials["appCode"]:
            return _refuse("应用不存在")
        if asked.get("secret") != login_secret(self.credentials["appSecret"], code, stamp):
            return _refuse("密钥错误")
        token = secrets.token_hex(16)
        with self.lock:
            self._tokens = {one: until for one, until in self._tokens.items() if until > now}
            self._tokens[token] = now + self.settings.maycur_token_lifetime
        return json_reply({"code": "ACK", "message": "", "data": {"tokenId": token, "entCode": ENT_CODE}})

    def _search(self, asked: dict[str, Any], request: Request) -> Reply:
        try:
            offset, limit = int(asked.get("offset", 0)), min(int(asked.get("limit", 50)), PAGE_LIMIT)
        except (TypeError, ValueError):
            return _refuse("offset/limit 格式错误")
        forms, window = asked.get("forms"), [asked.get("exportAtStart"), asked.get("exportAtEnd")]
        if bool(forms) == any(window) or offset < 0 or limit < 1:
            return _refuse("exportAtStart/exportAtEnd 与 forms 必须且只能传一种")
        invoices = self._linked(forms) if forms else self._free(*window)
        if isinstance(invoices, Reply):
            return invoices
        page = invoices[offset : offset + limit]
        answer_rows = arranged([rows.row(invoice, self.world.seed) for invoice in page], request)
        reply = {"code": "ACK", "message": "", "data": answer_rows, "args": None, "linkDetail": False}
        reply |= {"last": offset + limit >= len(invoices), "nonBizError": False}
        return json_reply(reply, outcome=f"{len(page)} of {len(invoices)}", page=True)

    def _linked(self, forms: Any) -> list[Invoice] | Reply:
        if not isinstance(forms, list) or len(forms) > FORM_LIMIT:
            return _refuse("formBizCodes 限50条单据")
        linked: list[Invoice] = []
        for form in forms:
            if not isinstance(form, dict) or form.get("formType") not in ("REIMBURSE", "CORP_REIMBURSE"):
                return _refuse("formType 无效")
            linked += self.world.maycur_forms.get(str(form.get("formBizCode")), [])
        return sorted(linked, key=lambda invoice: (-invoice.seen, invoice.index))

    def _free(self, start: Any, end: Any) -> list[Invoice] | Reply:
        try:
            first, last = (datetime.strptime(str(text), "%Y-%m-%d %H:%M") for text in (start, end))  # noqa: DTZ007
        except ValueError:
            return _refuse("时间格式应为 yyyy-MM-dd HH:mm")
        if not first < last or last > _month_later(first):
            return _refuse("查询区间最大为一个月")
        bounds = [int(moment.replace(tzinfo=SHANGHAI).timestamp()) for moment in (first, last)]
        dated = self.world.maycur_free
        low, high = (bisect_left(dated, bound, key=lambda item: item[0]) for bound in bounds)
        return [invoice for _, _, invoice in reversed(dated[low:high])]


def _month_later(moment: datetime) -> datetime:
    """The same day and time one month later, or the end of that month."""
    year, month = (moment.year + 1, 1) if moment.month == 12 else (moment.year, moment.month + 1)
    for day in (moment.day, 30, 29, 28):
        try:
            return moment.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _refuse(message: str, status: int = 200) -> Reply:
    return json_reply({"code": "NACK", "message": message, "data": None}, outcome=f"NACK {message}", status=status)
