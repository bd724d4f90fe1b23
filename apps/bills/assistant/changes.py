"""What the messages of the assistant do to a bill of ours. Must run in a transaction; repeating a change is no change.

A choice adds what was chosen and, where it names everything on the bill, takes off what its window was opened with and
nobody ticked any more. An adjustment says which invoices a line consists of. An edit puts an invoice in the place of
its former self.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from apps.accounts.models import User
from apps.bills import services
from apps.bills.models import AssistantMessage, AssistantSession, Bill, BillInvoice, BillLine
from apps.bills.selectors import live
from apps.bills.services.reserving import MOST_AT_ONCE
from apps.bills.states import EDITABLE, State
from apps.core.messages import Message
from apps.invoices.ingest import read_payload
from apps.invoices.masters import master_ids
from apps.invoices.models import SourceRecord
from apps.sources.connectors.piaozone import messages
from apps.sources.connectors.piaozone.messages import Event
from apps.sources.models import Source

_LONGEST = 100


@dataclass
class Done:
    """What became of the invoices of one message."""

    taken: int = 0
    released: int = 0
    moved: int = 0
    taken_off: list[int] = field(default_factory=list)  # uses that were unticked
    refused: list[Message] = field(default_factory=list)
    stayed: list[Message] = field(default_factory=list)  # what was not taken off, and why somebody should look


@dataclass
class _Desk:
    """What every change needs: the bill, who is at it, and the ledger's invoices by serial number."""

    bill: Bill
    event: Event
    source: Source
    message: AssistantMessage
    known: Mapping[str, int]  # serial number → invoice as it is today
    former: str
    done: Done

    @property
    def session(self) -> AssistantSession | None:
        return self.message.session

    @property
    def user(self) -> User | None:
        return self.session.opened_by if self.session else None

    def line(self) -> BillLine | None:
        """The line the message names, else the one the window was opened for."""
        named = self.bill.lines.filter(line_key=self.event.line_key).first() if self.event.line_key else None
        own = self.session.line if self.session else None
        return named or (own if own is not None and own.bill_id == self.bill.pk else None)

    def bill_invoices(self) -> dict[int, BillInvoice]:
        """Invoice as it is today → how it lies on the bill now."""
        bill_invoices = list(live(self.bill.bill_invoices.filter(contested=False)).order_by("pk"))
        living = master_ids([bill_invoice.invoice_id for bill_invoice in bill_invoices])
        return {living[bill_invoice.invoice_id]: bill_invoice for bill_invoice in bill_invoices}

    def take(self, invoices: Collection[int], line: BillLine | None) -> None:
        distinct = list(dict.fromkeys(invoices))
        for start in range(0, len(distinct), MOST_AT_ONCE):
            picked = services.reserve(self.bill, distinct[start : start + MOST_AT_ONCE], self.user, line=line)
            self.done.taken += len(picked.bill_invoices)
            self.done.refused += [refusal.message for refusal in picked.refused]


def carry_out(bill: Bill, event: Event, message: AssistantMessage, former: str = "") -> Done:
    """Do what a message (``event`` as it was read) says. ``former``: the serial number an edited invoice had before,
    '' when it kept it. Raises HubError when the bill cannot be changed."""
    locked = Bill.objects.select_for_update(of=("self",)).get(pk=bill.pk)
    serials = [one.serial for one in event.named if one.serial]
    source = message.source
    desk = _Desk(locked, event, source, message, _invoices(source, serials), former, Done())
    for one in event.named:
        if not one.serial:
            desk.done.refused.append(Message("assistant.no_serial"))
        elif one.serial not in desk.known:
            desk.done.refused.append(Message("assistant.not_in_ledger", {"serial": one.serial[:_LONGEST]}))
    _MEANING[event.type](desk)
    return desk.done


def _invoices(source: Source, serials: Collection[str]) -> dict[str, int]:
    """Serial number → invoice as it is today; without those that are in quarantine."""
    records = SourceRecord.objects.filter(source=source, external_id__in=serials)
    by_serial = dict(records.values_list("external_id", "invoice_id"))
    masters = master_ids(set(by_serial.values()))
    return {serial: masters[invoice] for serial, invoice in by_serial.items()}


def _add(desk: _Desk) -> None:
    """What was chosen goes on the bill, groups of a trip on the line of their cost type."""
    there, own = desk.bill_invoices(), desk.line()
    placed: dict[BillLine | None, list[int]] = defaultdict(list)
    for one in desk.event.named:
        invoice = desk.known.get(one.serial)
        if invoice is not None and invoice not in there:
            placed[own or _line_for(desk, one.cost_type)].append(invoice)
    for line, invoices in placed.items():
        desk.take(invoices, line)


def _choose(desk: _Desk) -> None:
    clear = not desk.done.refused  # every invoice of the message is known
    _add(desk)
    if desk.event.whole and desk.session is not None and desk.session.bill_id == desk.bill.pk:
        _leave_out(desk, desk.session, clear)


def _leave_out(desk: _Desk, session: AssistantSession, clear: bool) -> None:
    """What was on the bill when the window opened and was unticked there comes off a draft. What came onto the bill
    since, nobody can have unticked; what another message of the same window names, stays. When that one was heard
    before, somebody should look: it may have been unticked since, or the two passed each other on their way."""
    bill_invoices = list(live(desk.bill.bill_invoices.filter(contested=False)).select_related("invoice").order_by("pk"))
    living = master_ids([bill_invoice.invoice_id for bill_invoice in bill_invoices])
    ticked = set(desk.known.values())
    unnamed = [bill_invoice for bill_invoice in bill_invoices if living[bill_invoice.invoice_id] not in ticked]
    before, after = _said_besides(desk) if unnamed else (set(), set())
    doubtful = [bill_invoice for bill_invoice in unnamed if living[bill_invoice.invoice_id] in before]
    shown, opened_at = set(session.shown), session.opened_at
    gone = [
        bill_invoice
        for bill_invoice in unnamed
        if bill_invoice.pk in shown
        and bill_invoice.picked_at <= opened_at
        and living[bill_invoice.invoice_id] not in before | after
    ]
    if doubtful:
        desk.done.stayed.append(Message("assistant.ticked_and_not", _told(desk.bill, doubtful)))
    if gone and not clear:
        desk.done.stayed.append(Message("assistant.unticked_unclear", _told(desk.bill, gone)))
    elif gone and State(desk.bill.state) not in EDITABLE:
        desk.done.stayed.append(Message("assistant.unticked_late", _told(desk.bill, gone)))
    elif gone:
        desk.done.taken_off = [bill_invoice.pk for bill_invoice in gone]
        released = services.release(desk.bill, desk.done.taken_off, desk.user, said="assistant.was_unticked")
        desk.done.released += released


def _said_besides(desk: _Desk) -> tuple[set[int], set[int]]:
    """The invoices that other choices of the same window name: those heard before this one, and those heard since."""
    others = AssistantMessage.objects.filter(session=desk.message.session_id, type=messages.CHOOSE)
    serials: dict[bool, set[str]] = {True: set(), False: set()}
    for pk, payload in others.exclude(pk=desk.message.pk).values_list("pk", "payload"):
        try:
            named = messages.event(read_payload(payload)).named
        except messages.Unreadable:
            continue
        serials[pk < desk.message.pk] |= {one.serial for one in named if one.serial}
    invoices = _invoices(desk.source, serials[True] | serials[False])
    before, after = ({invoices[serial] for serial in serials[early] if serial in invoices} for early in (True, False))
    return before, after


def _told(bill: Bill, bill_invoices: Sequence[BillInvoice]) -> dict[str, str | int]:
    return {"bill": bill.number, "count": len(bill_invoices), "invoices": services.named(bill_invoices)}


def _line_for(desk: _Desk, cost_type: str) -> BillLine | None:
    if not cost_type:
        return None
    line = desk.bill.lines.filter(cost_type=cost_type).first()
    return line or services.put_line(desk.bill, desk.user, cost_type=cost_type)


def _arrange(desk: _Desk) -> None:
    """A line consists of what the message names; what it had before stays only where the vendor cannot know it."""
    line, there = desk.line(), desk.bill_invoices()
    named = {desk.known[one.serial] for one in desk.event.named if one.serial in desk.known}
    for invoice in named & there.keys():
        if line is not None and there[invoice].line_id != line.pk:
            services.adjust_bill_invoice(desk.bill, there[invoice], desk.user, line=line)
            desk.done.moved += 1
    desk.take([invoice for invoice in named if invoice not in there], line)
    if desk.event.whole and line is not None and not desk.done.refused:
        gone = {
            invoice: bill_invoice.pk
            for invoice, bill_invoice in there.items()
            if bill_invoice.line_id == line.pk and invoice not in named
        }
        theirs = _known_there(desk.source, gone)
        released = [pk for invoice, pk in gone.items() if invoice in theirs]
        desk.done.released += services.release(desk.bill, released, desk.user) if released else 0


def _known_there(source: Source, invoices: Collection[int]) -> set[int]:
    return set(
        SourceRecord.objects.filter(source=source, invoice__in=invoices, deleted=False).values_list(
            "invoice_id", flat=True
        )
    )


def _renew(desk: _Desk) -> None:
    """An invoice was corrected. Under a new number it may be another one of the ledger: that one takes its place."""
    there = desk.bill_invoices()
    before = _invoices(desk.source, [desk.former]) if desk.former else {}
    old = before.get(desk.former)
    for one in desk.event.named[:1]:
        new = desk.known.get(one.serial)
        if new is None:
            continue
        if new in there:
            desk.done.moved += 1
        elif old in there:
            _put_in_place(desk, there[old], new)
        else:
            desk.done.refused.append(Message("assistant.former_unknown", {"serial": one.serial[:_LONGEST]}))
            continue
        if old is not None and old != new and new in there and old in there:
            desk.done.released += services.release(desk.bill, [there[old].pk], desk.user)
    if desk.session is not None and desk.former:
        desk.session.serial = desk.event.named[0].serial
        desk.session.save(update_fields=["serial"])


def _put_in_place(desk: _Desk, former: BillInvoice, invoice: int) -> None:
    """The new invoice on the same line with the same decisions; when somebody else has it, the former one stays."""
    picked = services.reserve(desk.bill, [invoice], desk.user, line=former.line)
    desk.done.refused += [refusal.message for refusal in picked.refused]
    for bill_invoice in picked.bill_invoices:
        reason = former.transfer_out_reason
        services.adjust_bill_invoice(
            desk.bill, bill_invoice, desk.user, deductible=former.deductible, transfer_out_reason=reason
        )
        services.release(desk.bill, [former.pk], desk.user)
        desk.done.moved += 1


_MEANING: Mapping[str, Callable[[_Desk], None]] = {
    messages.CHOOSE: _choose,
    messages.ADJUST: _arrange,
    messages.EDIT: _renew,
}
