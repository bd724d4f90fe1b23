"""Pulling from the tax bureau: no row is lost when lists change, are incomplete or a pull is killed; no false notes."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest

from apps.core.errors import Intent
from apps.core.http import Request
from apps.core.redaction import Redactor
from apps.sandbox.server import Sandbox, running
from apps.sources.connectors.etax import Etax
from apps.sources.connectors.etax.envelope import signature
from apps.sources.parsing import SHANGHAI
from apps.sources.records import DeductionStatus, InvoiceKind, InvoiceStatus
from tests.sources.connectors.context import FakeClock, MemoryContext, Pulled, Store, pulled

from .bureau import packed, row

TODAY = date(2026, 3, 31)
NOON = datetime(2026, 3, 31, 12, 0, tzinfo=SHANGHAI)
CREDENTIALS = {
    "appid": "testappid",
    "appsecret": "testsecret",
    "jtnsrsbh": "91310000000000000X",
    "nsrsbh": "91310000000000000X",
}


class Bureau:
    """Replaces the HTTP client: paged lists by rzzt; ``meddle`` may change an answer."""

    def __init__(self, **lists: list[dict[str, Any]]) -> None:
        self.lists = {name.removeprefix("l"): rows for name, rows in lists.items()}
        self.queries: list[dict[str, Any]] = []
        self.requests: list[Request] = []
        self.meddle: Callable[[dict[str, Any], dict[str, Any]], None] = lambda query, answer: None
        self.reply: dict[str, Any] = {"code": "0000", "msg": "请求成功", "sfjf": "Y", "jf_num": 1}
        self.redactor = Redactor(["testsecret"])

    def json(self, build: Callable[[], Request], *, judge: Callable[[Any], None], **_: Any) -> Any:
        request = build()
        query = json.loads(base64.b64decode((request.form or request.json)["content"]))
        self.requests.append(request)
        self.queries.append(query)
        answer = self.answer(query)
        self.meddle(query, answer)
        encoded = packed(json.dumps(answer, default=str).encode())
        reply = self.reply | {"content": encoded}
        judge(reply)
        return reply

    def answer(self, query: dict[str, Any]) -> dict[str, Any]:
        selected = self.lists.get(query["rzzt"], [])
        size, place = query["pageSize"], (query["page"] - 1) * query["pageSize"]
        if query["rzzt"] == "40":
            selected = [one for one in selected if one["deductiblePeriod"] == query["skssq"]]
            return {"pageSize": str(size), "InvoiceList": {query["skssq"]: {"FP": selected[place : place + size]}}}
        field = "checkDate" if query["rzzt"] == "11" else "billingDate"
        selected = [one for one in selected if query["rq_q"] <= one[field] <= query["rq_z"]]
        return {"pageSize": size, "count": len(selected), "InvoiceList": selected[place : place + size]}


class Desk:
    """A source of the tax bureau for repeated pulls."""

    def __init__(self, bureau: Bureau, **options: Any) -> None:
        self.bureau, self.store, self.clock = bureau, Store(), FakeClock(NOON)
        self.options = {"start_date": "2026-01-01", **options}
        self.notes: list[Any] = []

    def pull(self, most_pages: int | None = None) -> Pulled:
        entry = {"kind": "etax", "base_url": "http://bureau.test", "credentials": CREDENTIALS}
        line = MemoryContext(entry, store=self.store, clock=self.clock, **self.options)
        line.http = self.bureau
        result = pulled(Etax(line), most_pages=most_pages)
        self.notes = line.notes
        return result

    def next_day(self) -> None:
        self.clock.advance(86_400)


def numbered(n: int, day: str = "2026-03-10", **changes: Any) -> dict[str, Any]:
    return row(invoiceNumber=f"2631200000{n:010d}", billingDate=day, **changes)


def ticked(n: int, day: str = "2026-03-10", on: str = "2026-03-20") -> dict[str, Any]:
    return numbered(n, day, checkStatus="1", deductible="1", checkDate=on, deductiblePeriod=on[:7].replace("-", ""))


def ids(rows: Any) -> set[str]:
    return {one["invoiceNumber"] for one in rows}


def test_all_filters_are_sent_because_defaults_hide_rows():
    desk = Desk(Bureau(l10=[numbered(1)]), rzzt=["10", "15"], fxdjdm=["01"], iszip=True)
    assert desk.pull().error is None
    first, other = (next(q for q in desk.bureau.queries if q["rzzt"] == rzzt) for rzzt in ("10", "15"))
    assert first["fpztdm"] == "0,1,2,3,4,7,8,80"
    every = "01,03,04,08,10,11,14,15,09,90,81,82,83,84,85,86,87,88,51,61,17,18,8208"
    assert set(first["fplxdm"].split(",")) == set(every.split(","))
    assert (first["fxdjdm"], first["iszip"], first["pageSize"]) == ("01", "1", 100)
    assert not {"fpztdm", "fxdjdm", "fplxdm"} & set(other)


def test_list_40_is_queried_by_period():
    desk = Desk(Bureau(l40=[ticked(1), ticked(2, "2026-01-05", "2026-02-03")]), rzzt=["40"])
    assert len(desk.pull().created) == 2
    assert [q["skssq"] for q in desk.bureau.queries] == ["202601", "202602", "202603"]
    assert all(q["adapter"] == "1" and "rq_q" not in q for q in desk.bureau.queries)


def test_path_transport_and_signature_follow_options():
    desk = Desk(Bureau(), rzzt=["10"], path="/api", transport="json", sign_type="1")
    desk.pull()
    sent = desk.bureau.requests[0]
    assert sent.url == "http://bureau.test/api"
    assert sent.form is None
    assert sent.json["signType"] == "1"
    assert sent.json["signature"] == signature(sent.json, "testsecret", "1")


def test_charges_are_summed_without_free_calls():
    desk = Desk(Bureau(l10=[numbered(n) for n in range(250)]), rzzt=["10"])
    desk.bureau.reply["jf_num"] = "2"
    assert desk.pull().charged == 2 * 5  # three pages of March and one of each empty month
    desk.bureau.reply["sfjf"] = "N"
    assert desk.pull().charged == 0


def test_killed_pull_continues_with_unfinished_month():
    rows = [numbered(n, f"2026-0{1 + n % 3}-10") for n in range(360)]
    desk = Desk(Bureau(l10=rows), rzzt=["10"], lookback_days=0)
    assert len(desk.pull(most_pages=3).created) == 220  # January and the first of February's two pages
    desk.bureau.queries.clear()
    desk.pull()
    assert {q["rq_q"] for q in desk.bureau.queries} == {"2026-02-01", "2026-03-01"}
    assert set(desk.store.records) == ids(rows)


def test_second_pull_changes_nothing_and_reads_only_look_back():
    desk = Desk(Bureau(l10=[numbered(1, "2026-01-10"), numbered(2, "2026-03-10")]), rzzt=["10"])
    desk.pull()
    second = desk.pull()
    assert (second.created, second.changed, len(second.unchanged)) == ([], [], 1)
    assert min(q["rq_q"] for q in desk.bureau.queries[3:]) == "2026-02-28"


@pytest.mark.parametrize(("full_pass", "begin"), [("monthly", "2026-01-01"), ("never", "2026-02-28")])
def test_full_pass_option_reads_everything_once_a_month(full_pass, begin):
    desk = Desk(Bureau(l10=[numbered(1, "2026-01-10")]), rzzt=["10"], full_pass=full_pass)
    desk.pull()
    desk.next_day()  # 1 April
    for expected in (begin, "2026-03-01"):
        desk.bureau.queries.clear()
        assert desk.pull().error is None
        assert min(q["rq_q"] for q in desk.bureau.queries) == expected


def test_changed_state_is_received_by_the_next_pull():
    invoice = numbered(1)
    desk = Desk(Bureau(l10=[invoice]), rzzt=["10"])
    desk.pull()
    invoice["state"] = "1"
    assert desk.pull().changed == [invoice["invoiceNumber"]]
    assert desk.store.records[invoice["invoiceNumber"]].status is InvoiceStatus.VOID


def test_incomplete_window_is_an_error_and_later_windows_are_read():
    rows = [numbered(1, "2026-01-10"), numbered(2, "2026-02-10"), numbered(3, "2026-03-10")]
    desk = Desk(Bureau(l10=rows), rzzt=["10"], lookback_days=0, full_pass="never")

    def hide(query: dict[str, Any], answer: dict[str, Any]) -> None:
        if query["rq_q"] == "2026-02-01":
            answer["InvoiceList"] = []

    desk.bureau.meddle = hide
    short = desk.pull()
    assert short.error is not None
    assert short.error.message.code == "etax.shortfall"
    assert short.error.message.params["count"] == 1
    assert short.error.message.params["received"] == 0
    assert set(desk.store.records) == ids([rows[0], rows[2]])
    desk.bureau.meddle = lambda query, answer: None
    desk.next_day()
    again = desk.pull()
    assert again.error is None
    assert again.created == [rows[1]["invoiceNumber"]]


def test_window_is_read_again_when_rows_move():
    rows = [numbered(n) for n in range(150)]
    desk = Desk(Bureau(l10=rows), rzzt=["10"], start_date="2026-03-01")

    def ticks_one(query: dict[str, Any], answer: dict[str, Any]) -> None:
        if query["page"] == 1 and len(rows) == 150:
            del rows[0]  # the 101st row moves to the first page, which was already read

    desk.bureau.meddle = ticks_one
    result = desk.pull()
    assert result.error is None
    assert len(desk.store.records) == 150


def test_repeated_page_is_an_error_and_window_is_read_again():
    rows = [numbered(n) for n in range(150)]
    desk = Desk(Bureau(l10=rows), rzzt=["10"], start_date="2026-03-01")

    def repeats(query: dict[str, Any], answer: dict[str, Any]) -> None:
        if query["page"] == 2:
            answer["InvoiceList"] = rows[:100]

    desk.bureau.meddle = repeats
    result = desk.pull()
    assert result.error is not None
    assert result.error.message.code == "etax.repeated"
    desk.bureau.meddle = lambda query, answer: None
    assert desk.pull().error is None
    assert len(desk.store.records) == 150


def test_document_in_two_lists_is_one_stable_record():
    desk = Desk(Bureau(l10=[numbered(1)], l11=[ticked(1)]))
    first = desk.pull()
    assert (len(first.created), len(first.changed), len(first.unchanged)) == (1, 0, 1)
    second = desk.pull()
    assert (second.created, second.changed, len(second.unchanged)) == ([], [], 2)
    (record,) = desk.store.records.values()
    assert record.deduction_status is DeductionStatus.CERTIFIED


def test_ticking_an_invoice_adds_no_note():
    desk = Desk(Bureau(l10=[numbered(1), numbered(2)], l11=[]))
    desk.pull()
    desk.bureau.lists = {"10": [numbered(2)], "11": [ticked(1)]}
    second = desk.pull()
    assert second.changed == [numbered(1)["invoiceNumber"]]
    assert desk.notes == []


def test_closed_period_without_list_40_adds_no_note():
    desk = Desk(Bureau(l10=[], l11=[ticked(1)]))
    desk.pull()
    desk.bureau.lists = {"10": [], "11": []}
    desk.pull()
    assert desk.notes == []


def test_vanished_invoices_are_reported_once_and_kept():
    rows = [numbered(n) for n in range(8)]
    desk = Desk(Bureau(l10=rows, l11=[]))
    desk.pull()
    assert desk.notes == []
    desk.bureau.lists["10"] = rows[7:]
    second = desk.pull()
    assert second.error is None
    (note,) = desk.notes
    assert note.code == "etax.vanished"
    assert note.params["count"] == 7
    assert [number in note.params["examples"] for number in sorted(ids(rows[:7]))] == [True] * 5 + [False] * 2
    assert len(desk.store.records) == 8
    desk.pull()
    assert desk.notes == []
    desk.bureau.lists["10"] = rows
    desk.pull()
    desk.bureau.lists["10"] = rows[1:]
    desk.pull()
    assert [note.params["count"] for note in desk.notes] == [1]  # the others were in the list again meanwhile


def test_incomplete_window_reports_no_vanished_invoices():
    desk = Desk(Bureau(l10=[numbered(1)], l11=[]))
    desk.pull()
    desk.bureau.meddle = lambda query, answer: answer.update(InvoiceList=[])
    assert desk.pull().error is not None
    assert desk.notes == []


@pytest.mark.parametrize(
    ("code", "text", "intents", "error", "intent"),
    [
        ("9001", "appid不存在或未授权", {}, "etax.credentials", Intent.CREDENTIALS),
        ("9002", "签名校验失败 testsecret", {}, "etax.signature", Intent.CREDENTIALS),
        ("8001", "系统繁忙", {}, "etax.failed", Intent.TRY_LATER),
        ("8001", "系统繁忙", {"8001": "credentials"}, "etax.credentials", Intent.CREDENTIALS),
        ("9003", "参数 testsecret", {"9003": "bad_request"}, "etax.bad_request", Intent.BAD_REQUEST),
        ("9002", "签名校验失败", {"9002": "try_later"}, "etax.failed", Intent.TRY_LATER),
    ],
)
def test_intent_of_codes_can_be_configured(code, text, intents, error, intent):
    desk = Desk(Bureau(), code_intents=intents)
    desk.bureau.reply |= {"code": code, "msg": text}
    failed = desk.pull().error
    assert failed is not None
    assert failed.message.code == error
    assert failed.intent is intent
    assert "testsecret" not in str(failed)


def test_code_for_no_data_is_an_empty_window():
    desk = Desk(Bureau(), code_intents={"1001": "no_data"})
    desk.bureau.reply |= {"code": "1001", "msg": "无数据"}
    result = desk.pull()
    assert result.error is None
    assert result.received == 0


# Against the sandbox, over HTTP


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(invoices=200, seed=3, today=TODAY) as world:
        yield world


def bureau_of(sandbox: Sandbox) -> dict[str, Any]:
    return next(entry for entry in sandbox.sources() if entry["kind"] == "etax")


@pytest.mark.parametrize(
    ("options", "prefix"),
    [
        ({}, ""),
        ({"transport": "json"}, ""),
        ({"sign_type": "1"}, ""),
        ({"iszip": True}, ""),
        ({"canonical_prefix": "?"}, "?"),
    ],
)
def test_every_transport_option_receives_every_row(sandbox, monkeypatch, options, prefix):
    monkeypatch.setattr(sandbox.settings, "etax_canonical_prefix", prefix)
    with MemoryContext(bureau_of(sandbox), clock=FakeClock(NOON), **options) as line:
        assert Etax(line).test().code == "etax.test_ok"
        result = pulled(Etax(line))
    assert result.error is None
    assert result.received == len(list(sandbox.world.rows("etax")))
    assert len(result.quarantined) == 2
    assert result.charged == len([page for page in result.pages if page.items])


def test_records_agree_with_sandbox_truth(sandbox):
    with MemoryContext(bureau_of(sandbox), clock=FakeClock(NOON)) as line:
        pulled(Etax(line))
    records = line.store.records.values()
    records_by_number = {record.digital_number or f"{record.code}:{record.number}": record for record in records}
    compared = 0
    for true in sandbox.world.truth():
        if "etax" not in true["ids"] or true["kind"] == "tax_payment_proof":
            continue
        record = records_by_number[true["digital_number"] or f"{true['code']}:{true['number']}"]
        assert record.status == true["status"]
        assert record.kind in (true["kind"], InvoiceKind.UNKNOWN)
        assert record.issue_date is not None
        assert record.issue_date.isoformat() == true["issue_date"]
        assert str(record.tax_amount) == true["tax_amount"]
        compared += 1
    assert compared > 50


def test_wrong_secret_and_zip_bomb_end_with_message(sandbox):
    entry = bureau_of(sandbox)
    wrong = entry | {"credentials": entry["credentials"] | {"appsecret": "not-the-secret-7731"}}
    with MemoryContext(wrong, clock=FakeClock(NOON)) as line:
        refused = pulled(Etax(line)).error
    assert refused is not None
    assert refused.message.code == "etax.signature"
    assert "not-the-secret-7731" not in str(refused)
    sandbox.fault("etax", "zip_bomb")
    with MemoryContext(entry, clock=FakeClock(NOON), iszip=True) as line:
        bomb = pulled(Etax(line)).error
    assert bomb is not None
    assert bomb.message.code == "etax.zip_bomb"
