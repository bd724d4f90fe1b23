"""电子发票查重工具: one call, an encrypted change feed of at most 50 records."""

import base64
from bisect import bisect_left
from datetime import datetime
from typing import Any

from Crypto.Cipher import DES
from Crypto.Util.Padding import pad

from apps.sandbox.rows import checker as rows
from apps.sandbox.settings import Settings
from apps.sandbox.truth.invoices import SHANGHAI, local
from apps.sandbox.wire import Reply, Request, System, arranged, encode, json_reply

PAGE = 50


def encrypt(plain: bytes, key: str, settings: Settings) -> str:
    """Encrypt with DES in the configured mode; the key is the first eight UTF-8 bytes, padding PKCS7."""
    secret = key.encode()[:8]
    if settings.checker_des_mode == "ecb":
        cipher: Any = DES.new(secret, DES.MODE_ECB)  # noqa: S304 - what this vendor uses
    else:
        cipher = DES.new(secret, DES.MODE_CBC, settings.checker_des_iv.encode()[:8] or secret)  # noqa: S304
    sealed = cipher.encrypt(pad(plain, 8))
    return sealed.hex() if settings.checker_des_encoding == "hex" else base64.b64encode(sealed).decode()


class Checker(System):
    name = "checker"

    def too_fast(self) -> Reply:
        return self._say(99, "请求过于频繁，请稍后再试")

    def handle(self, request: Request) -> Reply:
        asked = request.json()
        request.note("GetInvoices", asked)
        if request.method != "POST" or request.path != "/api/Invoice/GetInvoices":
            return Reply(404, b"Not Found", "text/plain", outcome="no such call")
        authcode = self.credentials["authcode"]
        if asked.get("authcode") != authcode or request.headers.get("authorization") != authcode:
            return self._say(99, "授权码无效")
        if request.fault("expired_token"):
            return self._say(98, "授权已过期")
        return self._page(self._since(asked.get("lasttime")), request)

    def _since(self, lasttime: Any) -> int:
        """The earliest change time to return, in epoch seconds; 0 when the parameter is missing or malformed."""
        try:
            since = datetime.strptime(str(lasttime), "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI)
        except ValueError:
            return 0
        return int(since.timestamp()) + (0 if self.settings.checker_inclusive else 1)

    def _page(self, since: int, request: Request) -> Reply:
        feed = self.world.checker_feed
        first = bisect_left(feed, since, key=lambda item: item[0])
        records = feed[first : first + PAGE]
        if not records:
            return self._say(1, "无数据")
        newest = local(records[-1][0])
        records = arranged([rows.row(invoice, self.world.seed, at) for at, _, invoice in records], request)
        sealed = encrypt(encode(records), self.credentials["des_key"], self.settings)
        reply = {"code": 0, "data": sealed, "msg": "成功", "lasttime": f"{newest:%Y-%m-%d %H:%M:%S}"}
        return json_reply(reply, outcome=f"{len(records)} rows", page=True)

    def _say(self, code: int, message: str) -> Reply:
        # The vendor's documentation spells the key both ways.
        return json_reply({"Code": str(code), "Data": None, "msg": message, "lasttime": ""}, outcome=f"code {code}")
