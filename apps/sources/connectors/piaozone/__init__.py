"""Kingdee 发票云 (发票助手): the invoices of bills, invoice details, and the live messages of open sessions.

What surprises: a message is confirmed only after it **and** the invoices it names are durable here, so a pull killed in
between hears it again; and the details do not name the bill an invoice lies on, so that what bills and messages said of
it is carried on from version to version (``versions``). Facts: ``docs/upstreams/piaozone.md``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import UpstreamError
from apps.core.messages import Message, define
from apps.sources.connectors.base import Connector, Page, Parameter, PushReply, RawItem, SourceContext, SourceFacts
from apps.sources.connectors.items import raw_item
from apps.sources.parsing import text
from apps.sources.pushes import Payload
from apps.sources.records import InvoiceRecord

from . import bodies, messages, pushing, versions
from .calls import Calls, about_one
from .details import read

DETAILS, MESSAGES, BILLS = "details", "messages", "bills"
GONE = "gone"  # remembers which invoices we said are gone
_MOST_REMEMBERED = 10_000
_BATCH = 50
_REFUSALS_IN_A_ROW = 3  # then it is not the bill, it is the system
_SAME_MESSAGE = 3

define(
    {
        "piaozone.works": _("Piaozone accepts the credentials of %(company)s."),
        "piaozone.bill_refused": _(
            "The invoices of bill %(bill)s were not to be had: %(reason)s The other bills were read."
        ),
        "piaozone.channel_refused": _(
            "A message channel was left for this time: %(reason)s Its messages wait at the vendor."
        ),
        "piaozone.not_confirmed": _(
            "Message %(message)s comes again although it was confirmed. The rest of its channel is read at the"
            " next run; ask the vendor if this stays so."
        ),
        "piaozone.no_message_id": _(
            "A message without msgId cannot be confirmed. It is kept; what waits behind it in its channel comes"
            " only when the vendor drops it."
        ),
        "piaozone.new_message": _("Messages of type “%(type)s” are not known here. They are kept as they came."),
        "piaozone.gone": _(
            "Details of %(count)s known invoices are no longer to be had, such as serial number %(serial)s. They"
            " may have been edited under a new number or deleted; check them upstream."
        ),
        "piaozone.no_detail": _(
            "Invoice %(serial)s was named in a message, but its details are not to be had and the message does not"
            " say enough. Check it upstream."
        ),
        "piaozone.unreadable_message": _(
            "Message %(message)s is not in the agreed form. It is kept as it came; report it to the vendor."
        ),
    }
)


class Piaozone(Connector):
    kind = "piaozone"
    label = _("Kingdee Piaozone (发票云)")
    request_interval = "min_interval_seconds"
    pushes = frozenset(pushing.PATHS)
    credentials = (
        Parameter("client_id", "client_id", required=True),
        Parameter("client_secret", "client_secret", secret=True, required=True),
        Parameter("tin", _("Company's taxpayer number (tin)"), required=True),
        Parameter("ghf_mc", _("Company's name (ghf_mc)"), required=True),
        Parameter("eid", _("User id (eid)"), required=True),
    )
    options = (
        Parameter(
            "sign_type",
            _("Signature"),
            "choice",
            default="md5",
            choices=(("md5", "MD5"), ("sha256", "SHA-256"), ("hmac", "HMAC-SHA256")),
        ),
        Parameter(
            "polling_key",
            _("Key of a message channel"),
            "choice",
            default="md5",
            choices=(("md5", _("MD5 of the linkKey")), ("plain", _("the linkKey itself"))),
        ),
        Parameter("ticket_param_digits", _("Digits of ticketParam"), "integer", default=5, minimum=4),
        Parameter(
            "grid_param",
            _("Ways to add invoices (gridParam)"),
            default="1111",
            help=_("1111: all four; 1100: upload and phone; 0011: barcode reader and scanner."),
        ),
        Parameter(
            "voucher_auth",
            _("Login of the voucher calls"),
            "choice",
            default="access_token",
            choices=(("access_token", "access_token"), ("sign", "sign"), ("none", _("none"))),
        ),
        Parameter(
            "watch_bills",
            _("Bills to watch"),
            "list",
            default=[],
            help=_("Bill numbers, besides those the application knows as open."),
        ),
        Parameter(
            "watch_channels", _("Message channels to watch"), "list", default=[], help=_("linkKeys of open sessions.")
        ),
        Parameter(
            "min_interval_seconds",
            _("Seconds between two requests"),
            "number",
            default=0,
            minimum=0,
            help=_("0: as fast as it answers. Raise it when the vendor says that we ask too often."),
        ),
    )

    def __init__(self, context: SourceContext) -> None:
        super().__init__(context)
        self._calls = Calls(context)
        self._listed: dict[str, set[str]] = {}  # bill → serial numbers on it, of the bills read in this pull

    def fetch(self) -> Iterator[Page]:
        seen: set[str] = set()
        yield from self._bills(seen)
        yield from self._refreshed(seen)
        for link_key in self.context.watched("channels"):
            try:
                yield from self._channel(text(link_key, 200))
            except UpstreamError as error:
                if not about_one(error):
                    raise
                self.context.note(Message("piaozone.channel_refused", {"reason": error.message}))

    def test(self) -> Message:
        self._calls.user_key("")
        return Message("piaozone.works", {"company": self.context.credentials["ghf_mc"]})

    @classmethod
    def request_body(cls, kind: str, payload: Payload, options: Mapping[str, Any]) -> Mapping[str, Any]:
        return bodies.body(kind, payload)

    def push(self, kind: str, payload: Payload) -> PushReply:
        return pushing.push(self._calls, kind, payload)

    def confirm_applied(self, kind: str, payload: Payload) -> bool | None:
        return pushing.confirm_applied(self._calls, payload)

    @classmethod
    def parse(cls, item: RawItem, source: SourceFacts) -> InvoiceRecord:
        return read(item)

    def _bills(self, seen: set[str]) -> Iterator[Page]:
        """The invoices of the watched bills. Which they are is kept beside them, for the bills themselves."""
        bills = list(dict.fromkeys(text(bill, 100) for bill in self.context.watched("bills")))
        refused = 0
        for place, bill in enumerate(bills, 1):
            try:
                rows = self._calls.bill_invoices(bill)
            except UpstreamError as error:
                refused += 1
                if not about_one(error) or refused >= _REFUSALS_IN_A_ROW:
                    raise
                self.context.note(Message("piaozone.bill_refused", {"bill": bill, "reason": error.message}))
                continue
            refused = 0
            serials = {serial for row in rows if (serial := _serial(row))}
            seen |= serials
            self._listed[bill] = serials
            yield Page(DETAILS, self._items(rows, dict.fromkeys(serials, bill)), progress=f"{place}/{len(bills)}")
            listed = {"billNumber": bill, "serialNos": sorted(serials)}
            yield Page(BILLS, [RawItem(f"bill:{bill}", listed)], parsed=False)

    def _refreshed(self, seen: set[str]) -> Iterator[Page]:
        """The details of what can still change; what a bill has just told in full is not asked for again."""
        gone: list[str] = []
        unsettled = (serial for batch in self.context.unsettled() for serial in batch)
        asked = (serial for serial in unsettled if serial not in seen and not serial.startswith("noid:"))
        for serials in batches(asked):
            rows = self._calls.details(serials)
            answered = {_serial(row) for row in rows}
            gone += [serial for serial in serials if serial not in answered]
            yield Page(DETAILS, self._items(rows, {}), progress=serials[-1])
        yield from self._reported(gone)

    def _reported(self, gone: Sequence[str]) -> Iterator[Page]:
        """Say once that known invoices have no details any more; what was reported is remembered."""
        reported = set(self.context.cursor(GONE).get("told", []))
        new = [serial for serial in gone if serial not in reported]
        if new:
            self.context.note(Message("piaozone.gone", {"count": len(new), "serial": new[0]}))
        if reported != set(gone):
            yield Page(GONE, [], cursor={"told": sorted(gone)[:_MOST_REMEMBERED]})

    def _channel(self, link_key: str) -> Iterator[Page]:
        """Everything that waits in a channel: the message kept, then its invoices, and only then the receipt."""
        heard: dict[str, int] = {}
        while message := self._calls.poll(link_key):
            item = raw_item(message, message.get("msgId") if isinstance(message, dict) else "")
            yield from self._heard(item)
            if item.external_id.startswith("noid:"):
                self.context.note(Message("piaozone.no_message_id"))
                return
            heard[item.external_id] = heard.get(item.external_id, 0) + 1
            if heard[item.external_id] == _SAME_MESSAGE:
                self.context.note(Message("piaozone.not_confirmed", {"message": item.external_id}))
                return
            self._calls.confirm(link_key, item.external_id)

    def _heard(self, item: RawItem) -> Iterator[Page]:
        try:
            event = messages.event(item.payload)
        except messages.Unreadable:
            # As a record, so that it waits in quarantine where a person sees it.
            yield Page(MESSAGES, [RawItem(item.external_id, {"message": item.payload})])
            return
        yield Page(MESSAGES, [item], parsed=False)
        if event.type not in messages.INVOICE_TYPES:
            self.context.note(Message("piaozone.new_message", {"type": event.type}))
        for named in batches(event.named):
            yield Page(DETAILS, self.named_items(named), progress=item.external_id[:60])

    def named_items(self, named: Sequence[messages.Named]) -> list[RawItem]:
        """What a message named: the details, or where there are none and never were, what the message said."""
        serials = [one.serial for one in named if one.serial]
        bills = {one.serial: one.bill for one in named if one.bill}
        rows = self._calls.details(serials) if serials else []
        detailed = {_serial(row) for row in rows}
        undetailed = [one for one in named if one.serial not in detailed]
        fingerprints = self.context.known([one.serial for one in undetailed if one.serial])
        undetailed = [one for one in undetailed if not versions.remembered(fingerprints.get(one.serial, "")).has_detail]
        return [
            *self._items(rows, bills),
            *(self._item(one.serial, one.row, "message_row", fingerprints, one.bill) for one in undetailed),
        ]

    def _items(self, rows: Iterable[Any], bills: Mapping[str, str]) -> list[RawItem]:
        """Detail rows, each with all bills we know it lies on; ``bills`` says serial number → bill just heard of."""
        latest = {_serial(row) or f" {place}": row for place, row in enumerate(rows)}
        serials = [serial for row in latest.values() if (serial := _serial(row))]
        fingerprints = self.context.known(serials) if serials else {}
        return [
            self._item(_serial(row), row, "detail", fingerprints, bills.get(_serial(row), ""))
            for row in latest.values()
        ]

    def _item(self, serial: str, row: Any, part: str, fingerprints: Mapping[str, str], bill: str) -> RawItem:
        bare = raw_item(row, serial)
        if bare.external_id.startswith("noid:"):
            return bare
        before = fingerprints.get(serial, "")
        content = versions.content_of(row, detail=part == "detail")
        remembered = versions.remembered(before)
        bills = {one for one in remembered.bills if one not in self._listed or serial in self._listed[one]}
        bills |= {bill} if bill else set()
        # Bills too long to remember would look lost to a refresh that hears of none.
        same = remembered.content == content and bills == set(remembered.bills) and not bill
        fingerprint = before if same else versions.fingerprint(content, bills)
        return RawItem(serial, {part: bare.payload, "bills": sorted(bills)}, fingerprint)


def _serial(row: Any) -> str:
    """The row's serial number; '' when it has none."""
    serial = row.get("serialNo") if isinstance(row, dict) else None
    return "" if isinstance(serial, dict | list) else text(serial, 150)


def batches(values: Iterable[Any]) -> Iterator[list[Any]]:
    """As many as are asked for in one call."""
    waiting = iter(values)
    while batch := list(islice(waiting, _BATCH)):
        yield batch
