"""Tax bureau S000621: signed Base64 queries over lists by ticking state, whose default filters hide rows."""

import base64
import hashlib
import hmac
import io
import uuid
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from apps.sandbox.rows import etax as rows
from apps.sandbox.truth.invoices import Invoice
from apps.sandbox.wire import Reply, Request, System, arranged, encode, json_reply

LISTS = frozenset({"10", "11", "12", "15", "17", "40"})
FILTERED_LISTS = frozenset({"10", "11"})
DEFAULT_STATES = "0,2,7,8"
DEFAULT_RISKS = "01,02,03"
DEFAULT_TYPES = "81,82,85,86,03,01,04,08,10,83,87,61,51,14,8208"
BOMB_SIZE = 64 * 1024 * 1024  # small: a caller that times out asks again, and the fault is used up


def canonical(asked: Mapping[str, str], prefix: str) -> str:
    names = ("appid", "content", "jtnsrsbh", "nsrsbh", "serviceid")
    return prefix + "&".join(f"{name}={asked.get(name, '')}" for name in names)


def signature(asked: Mapping[str, str], secret: str, prefix: str = "") -> str:
    """The signature of a request: HMAC-SHA256 for signType 0, MD5 for signType 1."""
    if str(asked.get("signType", "0")) == "1":
        parts = (asked["appid"], secret, asked["content"], asked["jtnsrsbh"], asked["nsrsbh"], asked["serviceid"])
        return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest().upper()
    digest = hmac.new(secret.encode(), canonical(asked, prefix).encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def zipped(plain: bytes) -> bytes:
    """A ZIP archive whose first entry is the answer."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as opened:
        opened.writestr("content.json", plain)
    return archive.getvalue()


def zip_bomb() -> bytes:
    """A ZIP of a third of a megabyte that unpacks to 64 MB of spaces."""
    archive, block = io.BytesIO(), b" " * (1024 * 1024)
    with (
        zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as opened,
        opened.open("content.json", "w") as entry,
    ):
        for _ in range(BOMB_SIZE // len(block)):
            entry.write(block)
    return archive.getvalue()


class Etax(System):
    name = "etax"

    def handle(self, request: Request) -> Reply:
        asked = request.form() or request.json()
        if request.method != "POST" or request.path != "/invoice/S000621":
            return Reply(404, b"Not Found", "text/plain", outcome="no such call")
        request.note("S000621", {"parameters": sorted(asked)})
        if asked.get("appid") != self.credentials["appid"]:
            return self._say("9001", "appid不存在或未授权")
        if any(not isinstance(asked.get(name), str) for name in ("content", "jtnsrsbh", "nsrsbh", "serviceid")):
            return self._say("9003", "请求参数不完整")
        expected = signature(asked, self.credentials["appsecret"], self.settings.etax_canonical_prefix)
        if not hmac.compare_digest(str(asked.get("signature", "")).encode(), expected.encode()):
            return self._say("9002", "签名校验失败")
        if (
            any(asked[name] != self.credentials[name] for name in ("jtnsrsbh", "nsrsbh"))
            or asked["serviceid"] != "S000621"
        ):
            return self._say("9001", "税号未授权")
        try:
            query = msgspec.json.decode(base64.b64decode(asked["content"], validate=True))
        except (ValueError, msgspec.DecodeError):
            return self._say("9003", "content无法解析")
        request.note(f"S000621/{query.get('rzzt')}", query)
        return self._query(query, request)

    def _query(self, query: dict[str, Any], request: Request) -> Reply:
        ticking = str(query.get("rzzt") or "")
        if ticking not in LISTS:
            return self._say("9003", "rzzt不能为空或不支持")
        try:
            page, size = int(query.get("page") or 1), int(query.get("pageSize") or self.settings.etax_page_size)
            first, last = (_ordinal(query.get(name)) for name in ("rq_q", "rq_z"))
        except ValueError:
            return self._say("9003", "分页或日期格式错误")
        size = max(1, min(size, self.settings.etax_page_limit))
        key = ("etax", ticking, first, last, *(str(query.get(name)) for name in _FILTERS))
        matching = self.remember(key, lambda: self._matching(ticking, first, last, query))
        shown = matching[(max(page, 1) - 1) * size : max(page, 1) * size]
        adapted = ticking == "40" and str(query.get("adapter")) == "1"
        answer_rows = arranged([rows.row(invoice, self.world.seed, timed=adapted) for invoice in shown], request)
        if adapted:
            answer: dict[str, Any] = {"pageSize": str(size), "currentPage": str(page)}
            answer["InvoiceList"] = _by_period(answer_rows)
        else:
            count = len(matching) + (7 if request.fault("short_count") else 0)
            answer = {"pageSize": size, "currentPage": page, "count": count, "InvoiceList": answer_rows}
            if query.get("skssq"):
                answer["skssq"] = query["skssq"]
        content = self._packed(answer, str(query.get("iszip")) == "1", request)
        charged = bool(shown)
        reply: dict[str, Any] = {"uuid": uuid.uuid4().hex, "code": "0000", "msg": "请求成功", "content": content}
        reply |= {"sfjf": "Y" if charged else "N", "jf_num": int(charged)}
        return json_reply(reply, outcome=f"{len(shown)} of {len(matching)}", page=True)

    def _packed(self, answer: dict[str, Any], as_zip: bool, request: Request) -> str:
        plain = encode(answer)
        if as_zip:
            plain = zip_bomb() if request.fault("zip_bomb") else zipped(plain)
        return base64.b64encode(plain).decode()

    def _matching(self, ticking: str, first: int | None, last: int | None, query: dict[str, Any]) -> list[Invoice]:
        dated = self.world.etax_lists.get(ticking, [])
        low = 0 if first is None else bisect_left(dated, first, key=lambda item: item[0])
        high = len(dated) if last is None else bisect_right(dated, last, key=lambda item: item[0])
        invoices = [invoice for _, _, invoice in dated[low:high]]
        if query.get("skssq"):
            invoices = [invoice for invoice in invoices if rows.period(invoice) == str(query["skssq"])]
        if ticking == "12":
            resale = str(query.get("znxpz") or "N")
            return [invoice for invoice in invoices if rows.resold(invoice, self.world.seed) == resale]
        return self._filtered(invoices, ticking, query) if ticking in FILTERED_LISTS else invoices

    def _filtered(self, invoices: list[Invoice], ticking: str, query: dict[str, Any]) -> list[Invoice]:
        """Apply the filters of lists 10 and 11. Filters on invoice codes ignore customs slips, which have none."""
        seed = self.world.seed
        states, risks, types = (
            set(str(query.get(name) or default).split(","))
            for name, default in (("fpztdm", DEFAULT_STATES), ("fxdjdm", DEFAULT_RISKS), ("fplxdm", DEFAULT_TYPES))
        )
        numbers = {name: str(query[name]) for name in ("fpdm", "fphm", "qdfphm") if query.get(name)}
        ticked = [_ordinal(query.get(name)) for name in ("gxrq_q", "gxrq_z")] if ticking == "11" else [None, None]

        def fits(invoice: Invoice) -> bool:
            kind = rows.invoice_type(invoice, seed)
            if kind not in rows.SLIPS and kind not in types and kind != "97":
                return False
            if rows.state(invoice) not in states or rows.risk(invoice, seed) not in risks:
                return False
            identifiers = {"fpdm": invoice.code, "fphm": invoice.number, "qdfphm": invoice.digital}
            if any(identifiers[name] != value for name, value in numbers.items()):
                return False
            day = invoice.ticked.toordinal() if invoice.ticked else 0
            return (ticked[0] is None or day >= ticked[0]) and (ticked[1] is None or day <= ticked[1])

        return [invoice for invoice in invoices if fits(invoice)]

    def _say(self, code: str, message: str) -> Reply:
        reply = {"uuid": uuid.uuid4().hex, "code": code, "msg": message, "sfjf": "N", "jf_num": 0, "content": ""}
        return json_reply(reply, outcome=f"code {code}")


_FILTERS = ("skssq", "znxpz", "fpztdm", "fxdjdm", "fplxdm", "fpdm", "fphm", "qdfphm", "gxrq_q", "gxrq_z")


def _ordinal(day: Any) -> int | None:
    """A day as ordinal number; None for an empty text. Raises ValueError."""
    return date.fromisoformat(str(day)).toordinal() if day else None


def _by_period(answer_rows: list[dict[str, Any]]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Rows by tax period and sort of document; a period without rows is an empty entry."""
    by_period: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in answer_rows:
        sort = {"17": "HGJKS", "18": "WSPZ"}.get(row["invoiceType"], "FP")
        by_period.setdefault(row["deductiblePeriod"], {}).setdefault(sort, []).append(row)
    return by_period | {"201912": {}}
