"""商派 OMS: form-encoded calls signed with a doubled MD5, pages of at most 100, replies in three shapes."""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from apps.sandbox.rows import shopex as rows
from apps.sandbox.truth.invoices import SHANGHAI, Invoice, epoch
from apps.sandbox.wire import Reply, Request, System, arranged, json_reply

PAGE_LIMIT = 100
CLOCK_TOLERANCE = 3600
_UPDATE = ("order_bn", "shop_id", "invoice_no")
_SYSTEM = ("flag", "method", "ver", "charset", "type", "timestamp", "sign")


def assemble(parameters: Mapping[str, Any]) -> str:
    """The text to sign: sorted keys, each followed by its value; nulls left out, booleans as 1 and 0, objects
    nested."""
    parts = []
    for key in sorted(parameters, key=str):
        value = parameters[key]
        if value is None:
            continue
        if isinstance(value, dict):
            parts.append(f"{key}{assemble(value)}")
        elif isinstance(value, list):
            parts.append(f"{key}{assemble({str(place): one for place, one in enumerate(value)})}")
        else:
            parts.append(f"{key}{int(value) if isinstance(value, bool) else value}")
    return "".join(parts)


def sign(parameters: Mapping[str, Any], token: str) -> str:
    """The signature over all parameters except ``sign``."""
    text = assemble({key: value for key, value in parameters.items() if key != "sign"})
    return _md5(_md5(text) + token)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


class ShopError(Exception):
    """A refusal with the vendor's code; ``detail`` becomes sub_msg."""

    def __init__(self, code: str, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.detail = code, message, detail


class Shopex(System):
    name = "shopex"

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._signs: dict[str, float] = {}  # verified signatures, oldest first

    def handle(self, request: Request) -> Reply:
        if request.method != "POST" or request.path.rstrip("/") != "/index.php/openapi/rpc/service":
            return Reply(404, b"Not Found", "text/plain", outcome="no such call")
        asked = request.json() if self.settings.shopex_transport == "json" else request.form()
        request.note(str(asked.get("method", "")), asked)
        try:
            self._admit(asked)
            if refused := request.fault("refuse"):
                raise ShopError(refused.code or "2002", refused.text or "业务校验失败")
            calls = {
                "invoice.getInvoiceList": self._list,
                "invoice.getInvoice": self._detail,
                "invoice.getResultList": self._results,
                "invoice.update": self._update,
            }
            call = calls.get(str(asked["method"]))
            if call is None:
                raise ShopError("e000003", "接口不存在")
            return call(asked, request)
        except ShopError as refusal:
            return self._refuse(refusal)

    def _admit(self, asked: Mapping[str, Any]) -> None:
        missing = [name for name in _SYSTEM if asked.get(name) in (None, "")]
        if missing:
            raise ShopError("2001", "缺少必要的参数:" + ",".join(missing))
        if asked["flag"] != self.credentials["flag"]:
            raise ShopError("1001", "非法的flag")
        if asked["type"] != "json":
            raise ShopError("1004", "不支持的type格式")
        if str(asked["ver"]) != "1" or asked["charset"] != "utf-8":
            raise ShopError("2002", "非法的请求参数")
        now = self.clock()
        if abs(_timestamp(str(asked["timestamp"])) - now) > CLOCK_TOLERANCE:
            raise ShopError("e000008", "请求已过期")
        signature = str(asked["sign"])
        if signature != sign(asked, self.credentials["token"]):
            # The vendor's server also returns the text it signed.
            signed = assemble({key: value for key, value in asked.items() if key != "sign"})
            raise ShopError("e000004", "签名错误", f"sign string: {signed}{self.credentials['token']}")
        with self.lock:
            for old in [one for one, at in self._signs.items() if at < now - 3600]:
                del self._signs[old]
            if signature in self._signs:
                raise ShopError("e000009", "重复的请求")
            self._signs[signature] = now

    def _list(self, asked: Mapping[str, Any], request: Request) -> Reply:
        first, last = (_day(asked, name).toordinal() for name in ("start_date", "end_date"))
        filters = {name: str(asked[name]) for name in ("invoice_type", "invoice_status") if asked.get(name)}
        seed = self.world.seed

        def fits(invoice: Invoice) -> bool:
            values = {
                "invoice_type": rows.invoice_type(invoice, seed),
                "invoice_status": rows.invoice_status(invoice, seed),
            }
            return all(values[name] == value for name, value in filters.items())

        dated = self.world.shopex_by_issue
        low = bisect_left(dated, first, key=lambda item: item[0])
        high = bisect_right(dated, last, key=lambda item: item[0])
        invoices = [invoice for _, _, invoice in dated[low:high] if not filters or fits(invoice)]
        page = arranged([rows.list_row(invoice, seed) for invoice in _cut(invoices, asked)], request)
        return self._answer({"count": len(invoices), "lists": page}, f"{len(page)} of {len(invoices)}", page=True)

    def _detail(self, asked: Mapping[str, Any], request: Request) -> Reply:
        invoice = self.world.shopex_by_number.get(str(asked.get("invoice_bn", "")))
        if invoice is None:
            raise ShopError("2002", "发票不存在")
        return self._answer(rows.detail_row(invoice, self.world.seed), "1 row")

    def _results(self, asked: Mapping[str, Any], request: Request) -> Reply:
        first, last = _moment(asked, "start_time"), _moment(asked, "end_time")
        dated = self.world.shopex_results
        low = bisect_left(dated, first, key=lambda item: item[0])
        high = bisect_right(dated, last, key=lambda item: item[0])
        results = dated[low:high]
        if asked.get("order_bn"):
            results = [item for item in results if rows.invoice_bn(item[2]) == asked["order_bn"]]
        fraction = self.settings.shopex_tax_rate_fraction
        page = [
            self._printed(rows.result_row(one, self.world.seed, at, fraction=fraction))
            for at, _, one in _cut(results, asked)
        ]
        answer = {"count": len(results), "lists": arranged(page, request)}
        return self._answer(answer, f"{len(page)} of {len(results)}", page=True)

    def _printed(self, row: dict[str, Any]) -> dict[str, Any]:
        """A result row with the printed number that was reported for its order."""
        return row | {"invoice_no": self.books.orders.get(row["order_bn"], row["invoice_no"])}

    def _update(self, asked: Mapping[str, Any], request: Request) -> Reply:
        if not all(asked.get(name) for name in _UPDATE):
            raise ShopError("2001", "缺少必要的参数")
        if not all(isinstance(asked[name], str) for name in _UPDATE):
            raise ShopError("2002", "非法的请求参数")
        order, number = asked["order_bn"], asked["invoice_no"]
        invoice = self.world.shopex_by_number.get(order)
        if invoice is None or not invoice.kind.endswith("paper"):
            return json_reply({"rsp": "fail", "msg": "订单不存在或不是纸质发票"}, outcome="fail")
        with self.books.lock:
            if self.books.orders.get(order) == number:
                return json_reply({"rsp": "fail", "msg": "打印信息已更新，无需重复提交"}, outcome="already")
            self.books.orders[order] = number
            self.books.record(self.clock(), self.name, request.call, order, {name: asked[name] for name in _UPDATE})
        return json_reply({"response": {"msg": "success"}})

    def _answer(self, data: dict[str, Any], outcome: str, *, page: bool = False) -> Reply:
        shape = self.settings.shopex_reply
        wrapped = (
            {"response": data} if shape == "response" else {"rsp": "succ", "data": data} if shape == "rsp" else data
        )
        return json_reply(wrapped, outcome=outcome, page=page)

    def _refuse(self, refusal: ShopError) -> Reply:
        error = {"code": refusal.code, "msg": refusal.message, "sub_msg": refusal.detail}
        if self.settings.shopex_reply == "rsp":
            return json_reply({"rsp": "fail", **error}, outcome=refusal.code)
        return json_reply({"error_response": error}, outcome=refusal.code)


def _timestamp(text: str) -> float:
    """Epoch seconds of a timestamp in Unix seconds or as yyyyMMddHHmmss."""
    try:
        if len(text) == 14:
            return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=SHANGHAI).timestamp()
        return float(int(text))
    except ValueError:
        raise ShopError("e000001", "timestamp格式错误") from None


def _day(asked: Mapping[str, Any], name: str) -> date:
    try:
        return datetime.strptime(str(asked[name]), "%Y-%m-%d").replace(tzinfo=SHANGHAI).date()
    except KeyError:
        raise ShopError("2001", f"缺少必要的参数:{name}") from None
    except ValueError:
        raise ShopError("1", f"参数错误:{name}") from None


def _moment(asked: Mapping[str, Any], name: str) -> int:
    """Epoch seconds of ``yyyy-MM-dd HH:mm:ss``, or of a day (its end where ``end``)."""
    text = str(asked.get(name, ""))
    if len(text) == 10:
        return epoch(_day(asked, name), 86_399 if name == "end_time" else 0)
    try:
        return int(datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI).timestamp())
    except ValueError:
        raise ShopError("1", f"参数错误:{name}") from None


def _cut(items: list[Any], asked: Mapping[str, Any]) -> list[Any]:
    """One page; a page size above the vendor's limit is silently reduced."""
    try:
        number, size = max(1, int(asked.get("page_no") or 1)), max(1, int(asked.get("page_size") or 50))
    except (TypeError, ValueError):
        raise ShopError("1", "参数错误:page_no") from None
    size = min(size, PAGE_LIMIT)
    return items[(number - 1) * size : number * size]
