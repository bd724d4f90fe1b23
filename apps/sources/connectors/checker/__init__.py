"""电子发票查重工具: invoices people scanned or typed in, with who claims them. Facts: ``docs/upstreams/checker.md``.

What surprises: the vendor asks for five minutes between two requests, so a run usually takes one page and comes back;
its pages hang on whole seconds (``position``); and its field names mislead (``reading``).
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.decoding import decode_json
from apps.core.errors import BadRecord, Intent, NeedsPerson, TryLater
from apps.core.http import Request
from apps.core.messages import Message, define
from apps.sources.connectors.base import Connector, Page, Parameter, RawItem, SourceFacts
from apps.sources.connectors.items import raw_item
from apps.sources.connectors.quoting import quoted
from apps.sources.parsing import SHANGHAI, moment, text
from apps.sources.records import InvoiceRecord

from .cipher import ENCODINGS, MODES, Cipher, candidates
from .position import Step, next_step
from .reading import lowered, read

STREAM = "invoices"
PATH = "/api/Invoice/GetInvoices"
INTENTS = {"0": Intent.OK, "1": Intent.NO_DATA, "98": Intent.CREDENTIALS, "99": Intent.TRY_LATER}

_AUTHORISATION = re.compile(r"授权|鉴权|认证|权限|密匙|密钥|auth|permission", re.IGNORECASE)
_PATIENCE = 5.0  # seconds a worker may sit and wait; a longer interval means coming back later
_REPEATS = 3
_FORMAT = "%Y-%m-%d %H:%M:%S"
_EARLIEST = datetime(2000, 1, 1, tzinfo=SHANGHAI)

define(
    {
        "checker.too_soon": _(
            "The checker wants %(seconds)s seconds between two requests, and the last one is more recent."
            " It is asked as soon as they have passed; a test can be repeated in a few minutes."
        ),
        "checker.backlog": _("The checker has more invoices waiting. The next page follows in %(seconds)s seconds."),
        "checker.authorisation": _(
            "The checker does not accept the authorisation code, or it has run out. It said: %(text)s."
            " Ask the vendor to renew it, then enter it in the source."
        ),
        "checker.failed": _("The checker failed. It said: %(text)s. It is tried again at the next run."),
        "checker.unknown_code": _(
            "The checker answered with code %(code)s, which its manual does not list. It said: %(text)s."
            " Check address and options, or ask the vendor."
        ),
        "checker.short_key": _("The DES key of the checker needs at least 8 characters. Correct it in the source."),
        "checker.bad_iv": _(
            "The option des_iv needs 8 characters or 16 hexadecimal digits. Correct it, or leave it empty."
        ),
        "checker.undecipherable": _(
            "The checker's answer cannot be decrypted. Check the DES key; if it is right, let the DES mode be detected."
        ),
        "checker.nothing_to_detect": _(
            "The checker has no invoices yet, so there is nothing to try the DES key on."
            " Detect again once there are some."
        ),
        "checker.stalled": _(
            "More invoices than the checker gives out changed within the one second %(second)s. Those beyond the"
            " fiftieth cannot be read; compare the checker's own list for that second, and save the missing ones"
            " there again."
        ),
        "checker.repeated": _(
            "The checker sends the same page again and again (since %(since)s). It is tried again at the next run."
        ),
        "checker.test_ok": _("The checker answers, and %(count)s invoices could be decrypted."),
        "checker.test_empty": _("The checker answers and has no invoices yet; the DES key could not be tried."),
    }
)


class TooSoon(TryLater):
    """The vendor's interval has not passed yet."""


class Checker(Connector):
    kind = "checker"
    label = _("Invoice checker (电子发票查重工具)")
    detect_label = _("Detect DES mode")
    request_interval = "min_interval_seconds"
    credentials = (
        Parameter("authcode", _("Authorisation code (授权码)"), secret=True, required=True),
        Parameter("des_key", _("DES key (密匙)"), secret=True, required=True, help=_("Its first 8 bytes are used.")),
    )
    options = (
        Parameter(
            "min_interval_seconds",
            _("Seconds between two requests"),
            "number",
            default=300,
            minimum=0,
            help=_("The vendor asks for more than 5 minutes. One page of 50 invoices is read each time."),
        ),
        Parameter(
            "des_mode", _("DES mode"), "choice", default="cbc", choices=tuple((mode, mode.upper()) for mode in MODES)
        ),
        Parameter(
            "des_iv", _("DES initial vector"), help=_("Empty: the key itself. Else 8 characters or 16 hex digits.")
        ),
        Parameter(
            "des_encoding",
            _("Encoding of the encrypted text"),
            "choice",
            default="base64",
            choices=tuple((encoding, encoding) for encoding in ENCODINGS),
        ),
        Parameter(
            "cursor_overlap_seconds",
            _("Seconds to read again"),
            "integer",
            default=1,
            minimum=0,
            help=_("1 suits a server that only gives what is newer than the time asked for."),
        ),
    )

    def fetch(self) -> Iterator[Page]:
        cursor = self.context.cursor(STREAM)
        since, stalled = _cursor_moment(cursor.get("since")), cursor.get("stalled", "")
        pages = repeats = 0
        while True:
            try:
                records = self._records(self._ask(since))
            except TooSoon as early:
                backlog = Message("checker.backlog", {"seconds": round(self._interval)})
                until = self.context.now() + timedelta(seconds=self._interval)
                self.context.postpone(until, backlog if pages else early.message)
                return
            if not records:
                return
            items = [
                raw_item(record, lowered(record).get("id") if isinstance(record, dict) else "") for record in records
            ]
            step = self._judge_page(since, records, items)
            if step.stalled and _written(step.stalled) != stalled:
                stalled = _written(step.stalled)
                self.context.note(Message("checker.stalled", {"second": stalled}))
            since = step.since
            yield Page(STREAM, items, {"since": _written(since), "stalled": stalled}, progress=_written(since))
            pages += 1
            repeats = repeats + 1 if step.repeated else 0
            if repeats == _REPEATS:
                raise TryLater("checker.repeated", since=_written(since))
            if not step.more:
                return

    def test(self) -> Message:
        records = self._records(self._ask(None))
        return Message("checker.test_ok", {"count": len(records)}) if records else Message("checker.test_empty")

    def detect(self) -> dict[str, Any]:
        data = self._ask(None).get("data")
        if not isinstance(data, str) or not data:
            raise NeedsPerson("checker.nothing_to_detect")
        for cipher in candidates(self.context.credentials["des_key"], self.context.options["des_iv"] or ""):
            try:
                _decoded_records(cipher, data)
            except NeedsPerson as error:
                if error.message.code == "checker.undecipherable":
                    continue
                raise
            return {"des_mode": cipher.mode, "des_iv": cipher.iv, "des_encoding": cipher.encoding}
        raise NeedsPerson("checker.undecipherable", Intent.CREDENTIALS)

    @classmethod
    def parse(cls, item: RawItem, source: SourceFacts) -> InvoiceRecord:
        return read(item)

    @property
    def _interval(self) -> float:
        return float(self.context.options["min_interval_seconds"] or 0)

    def _ask(self, since: datetime | None) -> dict[str, Any]:
        """One page, keys in lower case. Short intervals are waited for, retries included; long ones raise TooSoon."""
        waits = self._interval <= _PATIENCE
        if not waits and self.context.reserve(self._interval, at_most=0) is None:
            raise TooSoon("checker.too_soon", seconds=round(self._interval))
        authcode = self.context.credentials["authcode"]
        request = Request(
            "POST",
            self.context.base_url + PATH,
            json={"lasttime": _written(since), "authcode": authcode},
            headers={"Authorization": authcode, "Content-Type": "application/json;charset=UTF-8"},
        )
        return lowered(self.context.http.json(lambda: request, safe=waits, judge=self._judge, paced=waits))

    def _judge(self, reply: Any) -> None:
        if not isinstance(reply, dict):
            raise TryLater("http.not_json")
        fields = lowered(reply)
        code, vendor_text = text(fields.get("code"), 20), quoted(self.context.http.redactor, fields.get("msg"))
        intent = INTENTS.get(code)
        if intent is Intent.OK:
            return
        # What a wrong code brings is not documented, so any word about authorisation counts.
        if intent is Intent.CREDENTIALS or _AUTHORISATION.search(vendor_text):
            raise NeedsPerson("checker.authorisation", Intent.CREDENTIALS, text=vendor_text)
        if intent is Intent.TRY_LATER:
            raise TryLater("checker.failed", text=vendor_text)
        if intent is None:
            raise NeedsPerson("checker.unknown_code", Intent.CONFIGURATION, code=code, text=vendor_text)

    def _records(self, reply: Mapping[str, Any]) -> list[Any]:
        data = reply.get("data")
        if not data or INTENTS[text(reply.get("code"))] is Intent.NO_DATA:
            return []
        options = self.context.options
        cipher = Cipher(
            self.context.credentials["des_key"], options["des_mode"], options["des_iv"] or "", options["des_encoding"]
        )
        return _decoded_records(cipher, data)

    def _judge_page(self, since: datetime | None, records: list[Any], items: list[RawItem]) -> Step:
        received_before = self.context.known([item.external_id for item in items])
        # A time from the far future must not carry the cursor there, nor .NET's empty date 0001-01-01 hold it back.
        latest = self.context.now() + timedelta(days=1)
        times = [when for record in records if (when := _change_time(record)) is not None and _EARLIEST < when < latest]
        return next_step(
            since,
            times,
            count=len(records),
            all_known=all(item.external_id in received_before for item in items),
            overlap=int(self.context.options["cursor_overlap_seconds"] or 0),
        )


def _decoded_records(cipher: Cipher, data: Any) -> list[Any]:
    """The JSON array in ``data``. Raises NeedsPerson ``checker.undecipherable``."""
    if not isinstance(data, str):
        raise NeedsPerson("checker.undecipherable", Intent.CONFIGURATION)
    try:
        records = decode_json(cipher.decrypt(data))
    except TryLater:
        records = None
    if not isinstance(records, list):
        raise NeedsPerson("checker.undecipherable", Intent.CREDENTIALS)
    return records


def _change_time(record: Any) -> datetime | None:
    if not isinstance(record, dict):
        return None
    try:
        when = moment(lowered(record).get("createtime"), "CreateTime")
    except BadRecord:
        return None
    return when.replace(microsecond=0) if when else None


def _cursor_moment(written: str | None) -> datetime | None:
    return moment(written, "since") if written else None


def _written(when: datetime | None) -> str:
    return when.astimezone(SHANGHAI).strftime(_FORMAT) if when else ""
