"""The tax bureau's real-time sync S000621: input invoices, customs slips and tax proofs with their ticking state.

What surprises: a list is asked for by ticking state (``rzzt``), some by issue date, some by ticking date, some by tax
period; and the service's default filters hide void and abnormal invoices, so every filter is sent with every code.
Facts: ``docs/upstreams/etax.md``.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Intent, NeedsPerson, TryLater
from apps.core.http import Request
from apps.core.messages import Message, define
from apps.sources.parsing import text
from apps.sources.records import InvoiceRecord

from ..base import Connector, Page, Parameter, RawItem, SourceFacts
from ..items import raw_item
from ..windows import months
from .envelope import SERVICE, content, opened, signature
from .reading import external_id, read

BY_PERIOD = "40"
EVERY_STATE = ["0", "1", "2", "3", "4", "7", "8", "80"]
EVERY_RISK = ["01", "02", "03"]
EVERY_TYPE = (
    "01 02 03 04 08 10 11 14 15 09 90 81 82 83 84 85 86 87 88 51 61 8208".split()
)
_FILTERED = ("10", "11")
_MOST_PAGES = 100_000
_SHOWN = 5

define(
    {
        "etax.credentials": _("The tax bureau's service does not accept us (code %(code)s: %(text)s). Check appid, appsecret and the two tax numbers."),
        "etax.failed": _("The tax bureau's service failed (code %(code)s: %(text)s). It is tried again at the next run."),
        "etax.bad_request": _("The tax bureau's service did not accept the query (code %(code)s: %(text)s). Check the options of the source."),
        "etax.unreadable": _("The tax bureau's answer could not be unpacked. Check the option iszip; it is tried again at the next run."),
        "etax.zip_bomb": _("The tax bureau's answer unpacks to more than %(megabytes)s MB or %(ratio)s times its size, which is refused. Report it to the service provider."),
        "etax.shortfall": _("The tax bureau counts %(count)s records in list %(rzzt)s from %(start)s to %(end)s but handed over %(received)s. The window is read again at the next run."),
        "etax.repeated": _("The tax bureau sends the same page again in list %(rzzt)s from %(start)s to %(end)s. The window is read again at the next run."),
        "etax.vanished": _("%(count)s invoices that were in the tax bureau's lists are in none of them any more, for example %(examples)s. Nothing was deleted; look them up at the bureau."),
        "etax.test_ok": _("The tax bureau's service answers; list %(rzzt)s counts %(count)s records in the last month."),
    }
)


class Etax(Connector):
    kind = "etax"
    label = _("Tax bureau S000621 (税局)")
    credentials = (
        Parameter("appid", "appid", required=True),
        Parameter("appsecret", "appsecret", secret=True, required=True),
        Parameter("jtnsrsbh", _("Group taxpayer number (jtnsrsbh)"), required=True),
        Parameter("nsrsbh", _("Taxpayer number (nsrsbh)"), required=True),
    )
    options = (
        Parameter("start_date", _("History begins on"), "date", help=_("Empty: twelve months before the source was created.")),
        Parameter("rzzt", _("Lists to pull (rzzt)"), "list", default=["10", "11"], help=_("10 not ticked, 11 ticked this period, 40 past periods, 15, 17.")),
        Parameter("rzzt_labels", _("Names of the lists"), "object", default={}),
        Parameter("path", _("Path of the service"), default="/invoice/S000621"),
        Parameter("transport", _("How parameters travel"), "choice", default="form", choices=(("form", "form"), ("json", "JSON"))),
        Parameter("sign_type", _("Signature"), "choice", default="0", choices=(("0", "HMAC-SHA256 (0)"), ("1", "MD5 (1)"))),
        Parameter("canonical_prefix", _("Text before the signed string"), "choice", default="", choices=(("", _("nothing")), ("?", "?"))),
        Parameter("iszip", _("Zipped answers"), "boolean", default=False),
        Parameter("page_size", _("Records a page"), "integer", default=100, minimum=1),
        Parameter("fpztdm", _("States to include"), "list", default=EVERY_STATE),
        Parameter("fxdjdm", _("Risk levels to include"), "list", default=EVERY_RISK),
        Parameter("fplxdm", _("Types to include"), "list", default=EVERY_TYPE),
        Parameter("lookback_days", _("Days to read again"), "integer", default=31, minimum=0, help=_("State changes of older invoices show only when their window is read again.")),
        Parameter("full_pass", _("Read everything again"), "choice", default="monthly", choices=(("monthly", _("once a month")), ("never", _("never")))),
        Parameter("code_intents", _("Meaning of error codes"), "object", default={}, help=_("For example {\"9002\": \"credentials\"}: try_later, credentials or bad_request.")),
    )

    def fetch(self) -> Iterator[Page]:
        seen: set[str] = set()
        earliest = self.line.today()
        codes = [str(code) for code in self.line.options["rzzt"]]
        for rzzt in codes:
            begin, full = self._begin(rzzt)
            earliest = min(earliest, begin)
            for start, end in months(begin, self.line.today()):
                yield from self._window(rzzt, start, end, full, seen)
        if BY_PERIOD in codes:  # without the past periods every ticked invoice would seem to vanish
            self._report_vanished(earliest, seen)

    def test(self) -> Message:
        end = self.line.today()
        rzzt = str(self.line.options["rzzt"][0])
        answer, _charged = self._ask(self._query(rzzt, end - timedelta(days=30), end) | {"page": 1, "pageSize": 1})
        return Message("etax.test_ok", {"rzzt": self._named(rzzt), "count": text(answer.get("count")) or "?"})

    @classmethod
    def parse(cls, item: RawItem, source: SourceFacts) -> InvoiceRecord:
        return read(item, source)

    def _begin(self, rzzt: str) -> tuple[date, str]:
        """Where to start reading a list, and the month of the full pass that this reading belongs to."""
        cursor, month = self.line.cursor(_stream(rzzt)), f"{self.line.today():%Y-%m}"
        start = self.line.history_start()
        due = self.line.options["full_pass"] == "monthly" and cursor.get("full") != month
        if not cursor.get("until") or due:
            return start, month
        lookback = timedelta(days=self.line.options["lookback_days"])
        return max(start, date.fromisoformat(cursor["until"]) - lookback), month

    def _window(self, rzzt: str, start: date, end: date, full: str, seen: set[str]) -> Iterator[Page]:
        """All pages of one list and month; the cursor moves with the last one, so a killed pull reads the month again."""
        query, found, previous = self._query(rzzt, start, end), set(), []
        where = {"rzzt": self._named(rzzt), "start": start.isoformat(), "end": end.isoformat()}
        for number in range(1, _MOST_PAGES):
            answer, charged = self._ask(query | {"page": number, "pageSize": self.line.options["page_size"]})
            items = [raw_item(row, external_id(row) if isinstance(row, dict) else "") for row in _rows(answer)]
            ids = [item.external_id for item in items]
            if ids and ids == previous:
                raise TryLater("etax.repeated", **where)
            previous, count = ids, _count(answer)
            found.update(ids)
            last = not ids or (len(found) >= count if count is not None else len(ids) < self.line.options["page_size"])
            if last and count is not None and len(found) < count:
                raise TryLater("etax.shortfall", count=count, received=len(found), **where)
            cursor = {"until": end.isoformat(), "full": full} if last else None
            yield Page(_stream(rzzt), items, cursor, charged=charged, progress=f"{where['rzzt']} {start:%Y-%m} · {number}")
            if last:
                break
        seen |= found

    def _query(self, rzzt: str, start: date, end: date) -> dict[str, Any]:
        options = self.line.options
        query: dict[str, Any] = {"rzzt": rzzt, "iszip": "1" if options["iszip"] else "0"}
        if rzzt == BY_PERIOD:
            return query | {"skssq": f"{start:%Y%m}", "adapter": "1"}
        query |= {"rq_q": start.isoformat(), "rq_z": end.isoformat()}
        if rzzt in _FILTERED:
            query |= {name: ",".join(map(str, options[name])) for name in ("fpztdm", "fxdjdm", "fplxdm")}
        return query

    def _ask(self, query: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        """One call: the unpacked answer, and what it cost."""
        parameters = {"appid": self.line.credentials["appid"], "serviceid": SERVICE, "content": content(query)}
        parameters |= {name: self.line.credentials[name] for name in ("jtnsrsbh", "nsrsbh")}
        options, secret = self.line.options, self.line.credentials["appsecret"]
        parameters["signature"] = signature(parameters, secret, options["sign_type"], options["canonical_prefix"])
        parameters["signType"] = options["sign_type"]
        body: dict[str, Any] = {"form": parameters} if options["transport"] == "form" else {"json": parameters}
        url, unpacked = self.line.base_url + options["path"], {}

        def judged(reply: Any) -> None:
            self._judge(reply)
            unpacked["answer"] = opened(reply.get("content"), options["iszip"])

        reply = self.line.http.json(lambda: Request("POST", url, **body), judge=judged)
        answer = unpacked["answer"] if isinstance(unpacked["answer"], dict) else {}
        charged = text(reply.get("jf_num")) if text(reply.get("sfjf")).upper() == "Y" else "0"
        return answer, int(charged) if charged.isdigit() else 0

    def _judge(self, reply: Any) -> None:
        if not isinstance(reply, dict):
            raise TryLater("http.not_json")
        code, said = text(reply.get("code"), 20), self.line.http.redactor.text(text(reply.get("msg"), 200))
        if code == "0000":
            return
        intent = str(self.line.options["code_intents"].get(code, ""))
        if intent == Intent.CREDENTIALS or (not intent and _about_credentials(said)):
            raise NeedsPerson("etax.credentials", Intent.CREDENTIALS, code=code, text=said)
        if intent == Intent.BAD_REQUEST:
            raise NeedsPerson("etax.bad_request", Intent.BAD_REQUEST, code=code, text=said)
        raise TryLater("etax.failed", code=code, text=said)

    def _named(self, rzzt: str) -> str:
        return str(self.line.options["rzzt_labels"].get(rzzt, rzzt))

    def _report_vanished(self, earliest: date, seen: set[str]) -> None:
        missing = sorted(self.line.known_issued(earliest, self.line.today()) - seen)
        if missing:
            examples = ", ".join(missing[:_SHOWN])
            self.line.note(Message("etax.vanished", {"count": len(missing), "examples": examples}))


def _stream(rzzt: str) -> str:
    return f"rzzt:{rzzt}"


def _about_credentials(said: str) -> bool:
    return any(word in said for word in ("签名", "授权", "appid", "密钥", "权限"))


def _rows(answer: Mapping[str, Any]) -> list[Any]:
    """Both shapes of InvoiceList: a list, or period → sort of document → list."""
    found = answer.get("InvoiceList")
    if isinstance(found, dict):
        lists = [rows for period in found.values() if isinstance(period, dict) for rows in period.values()]
        return [row for rows in lists if isinstance(rows, list) for row in rows]
    return found if isinstance(found, list) else []


def _count(answer: Mapping[str, Any]) -> int | None:
    count = text(answer.get("count"), 12)
    return int(count) if count.isdigit() else None
