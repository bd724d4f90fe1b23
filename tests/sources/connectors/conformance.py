"""Requirements on each connector, taken from the vendors' documentation and not from the code, and helpers to check
them: the sandbox at a fixed time, altered answers, and the result of a pull without faults."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

import msgspec
import pytest

from apps.core.errors import Intent
from apps.core.http import Limits
from apps.sandbox.server import Sandbox, running
from apps.sandbox.wire import Reply, Request, System, json_reply
from apps.sources.connectors import CONNECTORS
from apps.sources.connectors.base import Connector
from apps.sources.parsing import SHANGHAI

from .context import QUICK, FakeClock, MemoryContext, Pulled, Store, pulled

TODAY = date(2026, 3, 31)
NIGHT = datetime(2026, 3, 31, 23, 59, 30, tzinfo=SHANGHAI)
INVOICES = 260


@dataclass(frozen=True)
class Refusal:
    """An error answer and its intent (None: not an error, there are just no data)."""

    reply: Any
    intent: Intent | None
    status: int = 200


@dataclass(frozen=True)
class UpstreamCase:
    """The documented behaviour of one upstream. ``path`` is part of the path of calls that return records, ``call``
    their name in the sandbox; ``unknown`` holds undocumented codes for a record, which must be kept as ``kept``."""

    kind: str
    page_size: int
    secrets: tuple[str, ...]
    public: tuple[str, ...]
    options: dict[str, Any]
    path: str
    call: str
    unknown: dict[str, Any]
    kept: str
    refusals: tuple[Refusal, ...]
    login: str = ""  # the call that fetches a token


def _shopex(code: str, intent: Intent) -> Refusal:
    return Refusal({"error_response": {"code": code, "msg": "refused", "sub_msg": "sign string: a1b2"}}, intent)


CASES = (
    UpstreamCase(
        kind="checker",
        page_size=50,
        secrets=("authcode", "des_key"),
        public=(),
        options={
            "min_interval_seconds": 300,
            "des_mode": "cbc",
            "des_iv": None,
            "des_encoding": "base64",
            "cursor_overlap_seconds": 1,
        },
        path="GetInvoices",
        call="GetInvoices",
        unknown={"invoiceType": 97},
        kept="invoiceType=97",
        refusals=(
            Refusal({"code": 1, "msg": "无数据"}, None),
            Refusal({"code": 98, "msg": "授权过期"}, Intent.CREDENTIALS),
            Refusal({"Code": "98", "msg": ""}, Intent.CREDENTIALS),
            Refusal({"code": 99, "msg": "失败"}, Intent.TRY_LATER),
            Refusal({"code": "99", "msg": "授权码无效"}, Intent.CREDENTIALS),
        ),
    ),
    UpstreamCase(
        kind="shopex",
        page_size=100,
        secrets=("token",),
        public=("flag",),
        options={
            "start_date": None,
            "path": "/index.php/openapi/rpc/service/",
            "transport": "form",
            "timestamp_format": "unix",
            "result_link": "order_bn",
            "lookback_days": 31,
            "shop_id": None,
        },
        path="rpc/service",
        call="invoice.get",
        unknown={"invoice_type": "外星发票", "type_id": "外星发票"},
        kept="=外星发票",
        refusals=(
            *(_shopex(code, Intent.BAD_REQUEST) for code in ("1", "400", "2001", "2002", "e000001", "e000006")),
            *(_shopex(code, Intent.CREDENTIALS) for code in ("401", "403", "1001", "1003", "e000002", "e000004")),
            *(_shopex(code, Intent.CLOCK) for code in ("1002", "e000008")),
            *(_shopex(code, Intent.CONFIGURATION) for code in ("1004", "2003", "e000003")),
            *(_shopex(code, Intent.TRY_LATER) for code in ("500", "e000005", "e000007", "e000009")),
            Refusal({"rsp": "fail", "msg": "business"}, Intent.TRY_LATER),
        ),
    ),
    UpstreamCase(
        kind="etax",
        page_size=100,
        secrets=("appsecret",),
        public=("appid", "jtnsrsbh", "nsrsbh"),
        options={
            "start_date": None,
            "path": "/invoice/S000621",
            "transport": "form",
            "canonical_prefix": "",
            "rzzt": ["10", "11"],
            "rzzt_labels": {},
            "code_intents": {},
            "lookback_days": 31,
        },
        path="S000621",
        call="S000621",
        unknown={"invoiceType": "97"},
        kept="invoiceType=97",
        refusals=(
            Refusal({"code": "8001", "msg": "系统繁忙", "content": ""}, Intent.TRY_LATER),
            Refusal({"code": "9001", "msg": "appid未授权", "content": ""}, Intent.CREDENTIALS),
            Refusal({"code": "0001", "msg": "", "content": ""}, Intent.TRY_LATER),
        ),
    ),
    UpstreamCase(
        kind="maycur",
        page_size=50,
        secrets=("appSecret",),
        public=("appCode",),
        options={
            "start_date": None,
            "wrap": False,
            "watch_forms": [],
            "auth_error_pattern": "token|登录|失效",
            "lag_days": 3,
            "token_minutes": 20,
        },
        path="invoice/search",
        call="invoice/search",
        unknown={"type": "97", "invoiceTypeDesc": ""},
        kept="type=97",
        refusals=(
            Refusal({"code": "NACK", "message": "查询区间最大为一个月"}, Intent.BAD_REQUEST),
            Refusal({"code": "NACK", "message": "token已失效"}, Intent.LOGIN_AGAIN),
            Refusal({"code": "NACK", "message": "gone"}, Intent.CREDENTIALS, status=401),
        ),
        login="auth/login",
    ),
    UpstreamCase(
        kind="piaozone",
        page_size=50,
        secrets=("client_secret",),
        public=("client_id", "tin", "ghf_mc", "eid"),
        options={
            "sign_type": "md5",
            "polling_key": "md5",
            "voucher_auth": "access_token",
            "ticket_param_digits": 5,
            "watch_bills": [],
        },
        path="invoices/query",
        call="invoices/query",
        unknown={"invoiceType": "97"},
        kept="invoiceType=97",
        refusals=(
            Refusal({"errcode": "1307", "description": "无数据", "data": None}, None),
            Refusal({"errcode": "1101", "description": "不符"}, Intent.CREDENTIALS),
            Refusal({"errcode": "1200", "description": "为空"}, Intent.CREDENTIALS),
            Refusal({"errcode": "1300", "description": "无效"}, Intent.CREDENTIALS),
            Refusal({"errcode": "3000", "description": "失败"}, Intent.TRY_LATER),
        ),
        login="/base/oauth/token",
    ),
)


class Desk:
    """One upstream of a sandbox as a source for repeated pulls. The clock moves only when the connector sleeps."""

    def __init__(self, case: UpstreamCase, sandbox: Sandbox) -> None:
        self.case, self.sandbox, self.store = case, sandbox, Store()
        self.clock = FakeClock(NIGHT)
        self.system: System = sandbox.systems[case.kind]
        self.system.clock = lambda: self.clock.now().timestamp()
        self.notes: list[Any] = []

    def connector(self, *, limits: Limits = QUICK, credentials: dict[str, str] | None = None) -> Connector:
        """A worker's connector; the caller closes its context."""
        entry = next(one for one in self.sandbox.sources() if one["kind"] == self.case.kind)
        entry["credentials"] |= credentials or {}
        line = MemoryContext(entry, store=self.store, clock=self.clock, limits=limits)
        self.notes = line.notes
        return CONNECTORS[self.case.kind](line)

    def pull(self, most_pages: int | None = None, **more: Any) -> Pulled:
        connector = self.connector(**more)
        with connector.context:
            return pulled(connector, most_pages=most_pages)

    @property
    def connector_class(self) -> type[Connector]:
        return CONNECTORS[self.case.kind]

    def undisturbed(self) -> Store:
        return undisturbed(self.case.kind)

    def row_count(self) -> int:
        return len(list(self.sandbox.world.rows(self.case.kind)))

    def call_count(self) -> int:
        return len(self.sandbox.journal) - self.logins()

    def empty(self) -> None:
        emptied(self.sandbox)

    def fault(self, name: str, times: int = 1, after: int = 0, call: str = "") -> None:
        self.sandbox.fault(self.case.kind, name, times, after, call)

    def logins(self) -> int:
        return sum(one["call"] == self.case.login for one in self.sandbox.journal)

    def answer(self, instead: Callable[[Request, Callable[[Request], Reply]], Reply]) -> None:
        """Let ``instead`` answer requests for records; it gets the request and the original handler."""
        handle = self.system.handle

        def meddle(request: Request) -> Reply:
            return instead(request, handle) if self.case.path in request.path else handle(request)

        self.system.handle = meddle

    def refuse(self, refusal: Refusal) -> None:
        self.answer(lambda request, handle: json_reply(refusal.reply, status=refusal.status))

    def change_counts(self, by: int) -> None:
        """Increase the ``count`` of every answer that has one."""

        def exaggerated(request: Request, handle: Callable[[Request], Reply]) -> Reply:
            reply = handle(request)
            body = msgspec.json.decode(reply.body)
            return json_reply(body | {"count": body["count"] + by}) if "count" in body else reply

        self.answer(exaggerated)


@contextmanager
def desk_of(case: UpstreamCase, invoices: int = INVOICES) -> Iterator[Desk]:
    """A separate sandbox with the same data every time."""
    with running(invoices=invoices, seed=7, today=TODAY, piaozone_hold=0, hang=30) as sandbox:
        yield Desk(case, sandbox)


@cache
def undisturbed(case_kind: str) -> Store:
    """The store after one pull without faults. It is cached: do not change it."""
    case = next(one for one in CASES if one.kind == case_kind)
    with desk_of(case) as desk:
        result = desk.pull()
        assert result.error is None, str(result.error)
        assert desk.notes == []
    return desk.store


def emptied(sandbox: Sandbox) -> None:
    """Remove all rows from the sandbox; forms, bills and channels remain, without rows."""
    world = sandbox.world
    for feed in (world.checker_feed, world.shopex_by_issue, world.shopex_results, world.maycur_free):
        feed.clear()
    for lists in (world.etax_lists, world.maycur_forms, world.bills, world.messages):
        for rows in lists.values():
            rows.clear()


def cut_to(sandbox: Sandbox, count: int) -> None:
    """Leave ``count`` readable rows in every system, all of one day, form, bill or feed."""
    world, day = sandbox.world, TODAY.toordinal() - 5

    def sound(kind: str) -> list[Any]:
        return [one for one in world.invoices if kind in one.systems and not one.defect][:count]

    feeds = {kind: sound(kind) for kind in CONNECTORS}
    emptied(sandbox)
    world.checker_feed += [(one.seen, one.index, one) for one in sorted(feeds["checker"], key=lambda one: one.seen)]
    world.shopex_by_issue += [(day, one.index, one) for one in feeds["shopex"]]
    world.etax_lists["10"] = [(day, one.index, one) for one in feeds["etax"]]
    world.maycur_free += [(int(NIGHT.timestamp()) - 86_400 * 5, one.index, one) for one in feeds["maycur"]]
    world.bills[max(world.bills)].extend(feeds["piaozone"])


FAULTS_BEFORE = {
    "http_500": "http.server_error",
    "http_429": "http.too_many",
    "timeout": "http.timeout",
    "html_page": "http.html_page",
}
FAULTS_AFTER = {"lost_reply": "http.cut_off", "cut_body": "http.cut_off", "bad_json": "http.not_json"}
FAULTS = FAULTS_BEFORE | FAULTS_AFTER
IMPATIENT = replace(QUICK, read_timeout=1.0)

every_case = pytest.mark.parametrize("case", CASES, ids=[case.kind for case in CASES])

with_token = pytest.mark.parametrize("case", [case for case in CASES if case.login], ids=lambda case: case.kind)
