"""The tax bureau's real-time sync S000621: input invoices, customs slips and tax proofs with their state of ticking.

What surprises: a list is asked for by state (``rzzt``), some by issue date, some by ticking date, one by tax period;
the service's own filters hide void and abnormal invoices, so every filter is sent with every code; and a document moves
from list to list without a word. Facts: ``docs/upstreams/etax.md``.
"""

import re
from collections.abc import Generator, Iterator, Mapping
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Intent, NeedsPerson, TryLater
from apps.core.http import Request
from apps.core.messages import Message, define
from apps.sources.connectors.base import Connector, Page, Parameter, RawItem, SourceContext, SourceFacts
from apps.sources.connectors.passes import Plan, Walk, Window, plan
from apps.sources.connectors.quoting import quoted
from apps.sources.parsing import text
from apps.sources.records import InvoiceRecord

from .envelope import SERVICE, content, opened, signature
from .listing import Listing, list_of, listed
from .reading import read

NOT_TICKED, TICKED, BY_PERIOD = "10", "11", "40"
FILTERED = frozenset({NOT_TICKED, TICKED})
EVERY_STATE = ["0", "1", "2", "3", "4", "7", "8", "80"]
EVERY_RISK = ["01", "02", "03"]
EVERY_TYPE = (
    "01 03 04 08 10 11 14 15 09 90 81 82 83 84 85 86 87 88 51 61 17 18 8208".split()  # noqa: SIM905 - a table of codes
)
VANISHED = "vanished"  # the stream that remembers which disappearances were reported
PAGE_SIZE = 100

_INTENTS = {str(intent): intent for intent in Intent}
_FOR_A_PERSON = frozenset({Intent.CREDENTIALS, Intent.LOGIN_AGAIN, Intent.CLOCK, Intent.CONFIGURATION})
_SIGNATURE = re.compile(r"签名|验签|signature", re.IGNORECASE)
_AUTHORISATION = re.compile(r"授权|鉴权|权限|appid|密钥", re.IGNORECASE)
_READINGS = 2  # of a window whose rows moved while it was read
_SHOWN = 5
_MOST_REMEMBERED = 10_000
_MOST_COST_DIGITS = 4  # of one call

define(
    {
        "etax.signature": _(
            "The tax bureau's service does not accept our signature (code %(code)s). Check appsecret and the options"
            " for the signature type and the text before the signed string."
        ),
        "etax.credentials": _(
            "The tax bureau's service does not accept us (code %(code)s). It said: %(text)s."
            " Check appid, appsecret and the two taxpayer numbers, or have the authorisation renewed."
        ),
        "etax.bad_request": _(
            "The tax bureau's service did not accept the query (code %(code)s). It said: %(text)s."
            " Check the options of the source."
        ),
        "etax.failed": _(
            "The tax bureau's service failed (code %(code)s). It said: %(text)s. It is tried again at the next run;"
            " if that keeps failing, tell the option code_intents what the code means."
        ),
        "etax.unreadable": _("The tax bureau's answer could not be unpacked. It is tried again at the next run."),
        "etax.zip_bomb": _(
            "The tax bureau's answer unpacks to more than %(megabytes)s MB or %(ratio)s times its size, which is"
            " refused. Check the address, and report it to the service provider."
        ),
        "etax.shortfall": _(
            "The tax bureau counts %(count)s records in list %(rzzt)s from %(start)s to %(end)s but handed over"
            " %(received)s. What came is kept, and these days are read again at the next run."
        ),
        "etax.repeated": _(
            "The tax bureau sent the same page twice in list %(rzzt)s from %(start)s to %(end)s."
            " These days are read again at the next run."
        ),
        "etax.vanished": _(
            "%(count)s invoices that the tax bureau listed before are in none of its lists any more: %(examples)s."
            " Nothing was deleted here; look them up at the bureau."
        ),
        "etax.test_ok": _("The tax bureau's service answers: list %(rzzt)s has %(count)s records of the last 31 days."),
        "etax.test_uncounted": _("The tax bureau's service answers and hands out list %(rzzt)s."),
    }
)


class Incomplete(TryLater):
    """One window came up short. The others are read all the same; the run ends with this error."""


class Etax(Connector):
    kind = "etax"
    label = _("Tax bureau, sync S000621 (税局)")
    credentials = (
        Parameter("appid", _("Application id (appid)"), required=True),
        Parameter("appsecret", _("Application secret (appsecret)"), secret=True, required=True),
        Parameter("jtnsrsbh", _("Group taxpayer number (jtnsrsbh)"), required=True),
        Parameter("nsrsbh", _("Taxpayer number (nsrsbh)"), required=True),
    )
    options = (
        Parameter(
            "start_date",
            _("History begins on"),
            "date",
            help=_("Empty: twelve months before the source was created."),
        ),
        Parameter(
            "rzzt",
            _("Lists to pull (rzzt)"),
            "list",
            default=[NOT_TICKED, TICKED],
            help=_(
                "10 not ticked, 11 ticked in the current period, 40 past periods; 15 and 17 not deductible, refund;"
                " 12, and 12/Y for exports sold at home (znxpz)."
            ),
        ),
        Parameter(
            "rzzt_labels", _("Names of the lists"), "object", default={}, help=_('For example {"10": "未勾选"}.')
        ),
        Parameter("path", _("Path of the service"), default=f"/invoice/{SERVICE}"),
        Parameter(
            "transport",
            _("How parameters travel"),
            "choice",
            default="form",
            choices=(("form", _("as a form")), ("json", _("as JSON"))),
        ),
        Parameter(
            "sign_type",
            _("Signature type (signType)"),
            "choice",
            default="0",
            choices=(("0", "0: HMAC-SHA256"), ("1", "1: MD5")),
        ),
        Parameter(
            "canonical_prefix",
            _("Text before the signed string"),
            "choice",
            default="",
            choices=(("", _("nothing")), ("?", "?")),
            help=_("Only for signature type 0. Some deployments sign with a leading question mark."),
        ),
        Parameter("iszip", _("Ask for zipped answers (iszip)"), "boolean", default=False),
        Parameter("fpztdm", _("States to include (fpztdm)"), "list", default=EVERY_STATE, help=_("Lists 10 and 11.")),
        Parameter(
            "fxdjdm", _("Risk levels to include (fxdjdm)"), "list", default=EVERY_RISK, help=_("Lists 10 and 11.")
        ),
        Parameter("fplxdm", _("Types to include (fplxdm)"), "list", default=EVERY_TYPE, help=_("Lists 10 and 11.")),
        Parameter(
            "lookback_days",
            _("Days to read again"),
            "integer",
            default=31,
            minimum=0,
            help=_("What became of older invoices shows only when their days are read again."),
        ),
        Parameter(
            "full_pass",
            _("Read everything again"),
            "choice",
            default="monthly",
            choices=(("monthly", _("once a month")), ("never", _("never"))),
            help=_("Every page may cost money."),
        ),
        Parameter(
            "code_intents",
            _("Meaning of error codes"),
            "object",
            default={},
            help=_('For example {"9002": "credentials"}; also no_data, bad_request, try_later.'),
        ),
    )

    def __init__(self, context: SourceContext) -> None:
        super().__init__(context)
        self._owed = 0  # charged by the vendor and not yet on a page

    def fetch(self) -> Iterator[Page]:
        seen: set[str] = set()
        begin, trouble = self.context.history_start(), list[Incomplete]()
        for rzzt in self._lists():
            reading = self._plan(rzzt)
            begin = max(begin, reading.begin)
            others, todo, before = frozenset(seen), list(reading.windows), frozenset[str]()
            for window in reading.windows:
                rest = [other for other in todo if other != window]
                try:
                    before = yield from self._window(rzzt, window, reading.cursor(rest), before, others, seen)
                    todo = rest
                except Incomplete as error:
                    trouble.append(error)
        if trouble:
            raise trouble[0]
        yield from self._report_vanished(begin, seen)

    def test(self) -> Message:
        rzzt, today = self._lists()[0], self.context.today()
        listing = self._ask(rzzt, (today - timedelta(days=30), today), page=1, size=1)
        if listing.count is None:
            return Message("etax.test_uncounted", {"rzzt": self._named(rzzt)})
        return Message("etax.test_ok", {"rzzt": self._named(rzzt), "count": listing.count})

    @classmethod
    def parse(cls, item: RawItem, source: SourceFacts) -> InvoiceRecord:
        return read(item, source)

    def _lists(self) -> list[str]:
        """Not ticked comes last: of a document in two lists, the one with more facts is read first."""
        codes = dict.fromkeys(str(code) for code in self.context.options["rzzt"] or ())
        return sorted(codes, key=lambda code: code == NOT_TICKED)

    def _named(self, rzzt: str) -> str:
        return str((self.context.options["rzzt_labels"] or {}).get(rzzt, rzzt))

    def _plan(self, rzzt: str) -> Plan:
        options = self.context.options
        return plan(
            self.context.cursor(_stream(rzzt)),
            self.context.history_start(),
            self.context.today(),
            lookback=int(options["lookback_days"] or 0),
            monthly=options["full_pass"] == "monthly",  # noqa: S105 - passing over everything
        )

    def _window(
        self,
        rzzt: str,
        window: Window,
        cursor: Mapping[str, Any],
        before: frozenset[str],
        others: frozenset[str],
        seen: set[str],
    ) -> Generator[Page, None, frozenset[str]]:
        """All pages of a window; the last one moves the cursor. Adds to ``seen``; returns the ids of the last page.

        ``before`` are those of the list's page before, ``others`` what other lists of this run gave. Raises Incomplete.
        """
        start, end = window
        where: dict[str, Any] = {"rzzt": self._named(rzzt), "start": start.isoformat(), "end": end.isoformat()}
        for reading in range(_READINGS):
            walk = Walk(frozenset() if reading or rzzt == BY_PERIOD else before)
            for number in count(1):
                listing = self._ask(rzzt, window, number, PAGE_SIZE)
                ids = [item.external_id for item in listing.items]
                if walk.repeats(ids):
                    raise Incomplete("etax.repeated", **where)
                walk.take(ids, listing.count, min(listing.size or PAGE_SIZE, PAGE_SIZE))
                seen.update(ids)
                done = walk.complete and (not walk.moved or reading > 0)
                items, progress = self._settled(listing.items, others), f"{where['rzzt']} {start:%Y-%m} · {number}"
                yield Page(_stream(rzzt), items, cursor if done else None, charged=self._charge(), progress=progress)
                if done:
                    return walk.page
                if walk.ended:
                    break
            if not walk.moved:
                break
        raise Incomplete("etax.shortfall", count=walk.count, received=walk.received, **where)

    def _settled(self, items: tuple[RawItem, ...], others: frozenset[str]) -> list[RawItem]:
        """The items, with a document that another list of this run contains counted as unchanged: otherwise two lists
        would change it back and forth at every run."""
        twice = [item.external_id for item in items if item.external_id in others]
        fingerprints = self.context.known(twice) if twice else {}
        return [
            RawItem(item.external_id, item.payload, fingerprints[item.external_id])
            if item.external_id in fingerprints
            else item
            for item in items
        ]

    def _ask(self, rzzt: str, window: Window, page: int, size: int) -> Listing:
        query = {**self._query(rzzt, window), "page": page, "pageSize": size}
        request, opened_answer = self._request(query), dict[str, Any]()

        def judge(reply: Any) -> None:
            if self._judged(reply) is Intent.OK:
                # Unpacked in here, so that an answer damaged on its way is asked for again.
                opened_answer.update(opened(reply.get("content")))

        self.context.http.json(lambda: request, judge=judge)
        return listed(opened_answer, rzzt)

    def _query(self, rzzt: str, window: Window) -> dict[str, Any]:
        options, (start, end) = self.context.options, window
        code, _separator, resold = rzzt.partition("/")
        query: dict[str, Any] = {"rzzt": code, "iszip": "1" if options["iszip"] else "0"}
        if resold:
            query["znxpz"] = resold
        if rzzt == BY_PERIOD:
            return {**query, "skssq": f"{start:%Y%m}", "adapter": "1"}
        if rzzt in FILTERED:
            query |= {name: ",".join(map(str, options[name] or ())) for name in ("fpztdm", "fxdjdm", "fplxdm")}
        return {**query, "rq_q": start.isoformat(), "rq_z": end.isoformat()}

    def _request(self, query: Mapping[str, Any]) -> Request:
        options, own = self.context.options, self.context.credentials
        sent = {"appid": own["appid"], "serviceid": SERVICE, "jtnsrsbh": own["jtnsrsbh"], "nsrsbh": own["nsrsbh"]}
        sent["content"] = content(query)
        sign_type = str(options["sign_type"])
        sent["signature"] = signature(sent, own["appsecret"], sign_type, options["canonical_prefix"] or "")
        sent["signType"] = sign_type
        url = self.context.base_url + options["path"]
        if options["transport"] == "json":
            return Request("POST", url, json=sent)
        return Request("POST", url, form=sent)

    def _judged(self, reply: Any) -> Intent:
        """OK or NO_DATA; any other code raises what its intent asks for. Counts what the call cost."""
        if not isinstance(reply, dict):
            raise TryLater("http.not_json")
        self._owed += _cost(reply)
        code, vendor_text = text(reply.get("code"), 20), quoted(self.context.http.redactor, reply.get("msg"))
        named = str((self.context.options["code_intents"] or {}).get(code, ""))
        intent = Intent.OK if code == "0000" else _INTENTS.get(named) or _understood(vendor_text)
        if intent in (Intent.OK, Intent.NO_DATA):
            return intent
        if intent in _FOR_A_PERSON and _SIGNATURE.search(vendor_text):
            raise NeedsPerson("etax.signature", intent, code=code)
        if intent in _FOR_A_PERSON:
            raise NeedsPerson("etax.credentials", intent, code=code, text=vendor_text)
        if intent is Intent.BAD_REQUEST:
            raise NeedsPerson("etax.bad_request", intent, code=code, text=vendor_text)
        raise TryLater("etax.failed", code=code, text=vendor_text)

    def _charge(self) -> int:
        owed, self._owed = self._owed, 0
        return owed

    def _report_vanished(self, begin: date, seen: set[str]) -> Iterator[Page]:
        """Tell once of invoices issued since ``begin`` that no list gave in this run.

        Those last seen ticked leave their list when the tax period closes; without list 40 that is no disappearance.
        """
        missing = self.context.known_issued(begin, self.context.today()) - seen
        if BY_PERIOD not in self._lists():
            missing = {name for name, version in self._versions(missing) if list_of(version) == NOT_TICKED}
        reported = set(self.context.cursor(VANISHED).get("told", ()))
        new = sorted(missing - reported)
        if new:
            more = "" if len(new) <= _SHOWN else " …"
            self.context.note(Message("etax.vanished", {"count": len(new), "examples": ", ".join(new[:_SHOWN]) + more}))
        remembered = sorted((reported - seen) | missing)[:_MOST_REMEMBERED]
        if set(remembered) != reported:
            yield Page(VANISHED, [], {"told": remembered})

    def _versions(self, external_ids: set[str]) -> Iterator[tuple[str, str]]:
        ordered = sorted(external_ids)
        for place in range(0, len(ordered), 500):
            yield from self.context.known(ordered[place : place + 500]).items()


def _stream(rzzt: str) -> str:
    return f"rzzt:{rzzt[:20]}"


def _understood(vendor_text: str) -> Intent:
    """The intent of a code that the manual does not list."""
    about_access = _SIGNATURE.search(vendor_text) or _AUTHORISATION.search(vendor_text)
    return Intent.CREDENTIALS if about_access else Intent.TRY_LATER


def _cost(reply: Mapping[str, Any]) -> int:
    cost = text(reply.get("jf_num"), 20)
    believable = cost.isdecimal() and len(cost) <= _MOST_COST_DIGITS
    return int(cost) if text(reply.get("sfjf")).upper() == "Y" and believable else 0
