"""Changes of our bills by messages of the assistant. Must run in a transaction; applying a message again changes
nothing.

A choice reserves the chosen invoices; when it names everything on the bill, it releases the invoices that its window
showed and that were unticked. An adjustment sets the invoices of a line. An edit replaces an invoice by its corrected
version.
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
    """Result of one message: numbers of invoices reserved, released and moved, and messages for people."""

    taken: int = 0
    released: int = 0
    moved: int = 0
    taken_off: list[int] = field(default_factory=list)  # ids of bill invoices that were unticked
    refused: list[Message] = field(default_factory=list)
    stayed: list[Message] = field(default_factory=list)  # unticked, but not released, with the reason


@dataclass
class _Change:
    """The input of a change: bill, message and the ledger's invoices by serial number; ``done`` collects its result."""

    bill: Bill
    event: Event
    source: Source
    message: AssistantMessage
    invoice_of: Mapping[str, int]  # serial number → master id
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
        """Master id → bill invoice that is not released."""
        bill_invoices = list(live(self.bill.bill_invoices.filter(contested=False)).order_by("pk"))
        masters = master_ids([bill_invoice.invoice_id for bill_invoice in bill_invoices])
        return {masters[bill_invoice.invoice_id]: bill_invoice for bill_invoice in bill_invoices}

    def take(self, invoices: Collection[int], line: BillLine | None) -> None:
        distinct = list(dict.fromkeys(invoices))
        for start in range(0, len(distinct), MOST_AT_ONCE):
            picked = services.reserve(self.bill, distinct[start : start + MOST_AT_ONCE], self.user, line=line)
            self.done.taken += len(picked.bill_invoices)
            self.done.refused += [refusal.message for refusal in picked.refused]


def carry_out(bill: Bill, event: Event, message: AssistantMessage, former: str = "") -> Done:
    """Apply a message, parsed as ``event``. ``former``: the previous serial number of an edited invoice, '' when it is
    unchanged. Raises HubError when the bill cannot be changed."""
    locked = Bill.objects.select_for_update(of=("self",)).get(pk=bill.pk)
    serials = [one.serial for one in event.named if one.serial]
    source = message.source
    change = _Change(locked, event, source, message, _invoices(source, serials), former, Done())
    for one in event.named:
        if not one.serial:
            change.done.refused.append(Message("assistant.no_serial"))
        elif one.serial not in change.invoice_of:
            change.done.refused.append(Message("assistant.not_in_ledger", {"serial": one.serial[:_LONGEST]}))
    _APPLY[event.type](change)
    return change.done


def _invoices(source: Source, serials: Collection[str]) -> dict[str, int]:
    """Serial number → master id, without quarantined records."""
    records = SourceRecord.objects.filter(source=source, external_id__in=serials)
    by_serial = dict(records.values_list("external_id", "invoice_id"))
    masters = master_ids(set(by_serial.values()))
    return {serial: masters[invoice] for serial, invoice in by_serial.items()}


def _add(change: _Change) -> None:
    """Reserve the chosen invoices; those of a group of a trip on the line of its cost type."""
    there, own = change.bill_invoices(), change.line()
    placed: dict[BillLine | None, list[int]] = defaultdict(list)
    for one in change.event.named:
        invoice = change.invoice_of.get(one.serial)
        if invoice is not None and invoice not in there:
            placed[own or _line_for(change, one.cost_type)].append(invoice)
    for line, invoices in placed.items():
        change.take(invoices, line)


def _choose(change: _Change) -> None:
    clear = not change.done.refused  # every invoice of the message is in the ledger
    _add(change)
    if change.event.whole and change.session is not None and change.session.bill_id == change.bill.pk:
        _release_unticked(change, change.session, clear)


def _release_unticked(change: _Change, session: AssistantSession, clear: bool) -> None:
    """Release the invoices of a draft that the window showed and that were unticked in it. Invoices put on the bill
    since and invoices named by another message of the same window stay. Those named by a message received earlier are
    also reported, because the order of sending is unknown: the invoice may have been unticked since."""
    bill_invoices = list(
        live(change.bill.bill_invoices.filter(contested=False)).select_related("invoice").order_by("pk")
    )
    masters = master_ids([bill_invoice.invoice_id for bill_invoice in bill_invoices])
    ticked = set(change.invoice_of.values())
    unnamed = [bill_invoice for bill_invoice in bill_invoices if masters[bill_invoice.invoice_id] not in ticked]
    before, after = _named_in_other_messages(change) if unnamed else (set(), set())
    doubtful = [bill_invoice for bill_invoice in unnamed if masters[bill_invoice.invoice_id] in before]
    shown, opened_at = set(session.shown), session.opened_at
    gone = [
        bill_invoice
        for bill_invoice in unnamed
        if bill_invoice.pk in shown
        and bill_invoice.picked_at <= opened_at
        and masters[bill_invoice.invoice_id] not in before | after
    ]
    if doubtful:
        change.done.stayed.append(Message("assistant.ticked_and_not", _about(change.bill, doubtful)))
    if gone and not clear:
        change.done.stayed.append(Message("assistant.unticked_unclear", _about(change.bill, gone)))
    elif gone and State(change.bill.state) not in EDITABLE:
        change.done.stayed.append(Message("assistant.unticked_late", _about(change.bill, gone)))
    elif gone:
        change.done.taken_off = [bill_invoice.pk for bill_invoice in gone]
        released = services.release(change.bill, change.done.taken_off, change.user, code="assistant.was_unticked")
        change.done.released += released


def _named_in_other_messages(change: _Change) -> tuple[set[int], set[int]]:
    """Master ids that other choices of the same window name: in those received before this one, and in those since."""
    others = AssistantMessage.objects.filter(session=change.message.session_id, type=messages.CHOOSE)
    serials: dict[bool, set[str]] = {True: set(), False: set()}
    for pk, payload in others.exclude(pk=change.message.pk).values_list("pk", "payload"):
        try:
            named = messages.event(read_payload(payload)).named
        except messages.Unreadable:
            continue
        serials[pk < change.message.pk] |= {one.serial for one in named if one.serial}
    invoices = _invoices(change.source, serials[True] | serials[False])
    before, after = ({invoices[serial] for serial in serials[early] if serial in invoices} for early in (True, False))
    return before, after


def _about(bill: Bill, bill_invoices: Sequence[BillInvoice]) -> dict[str, str | int]:
    return {"bill": bill.number, "count": len(bill_invoices), "invoices": services.invoice_names(bill_invoices)}


def _line_for(change: _Change, cost_type: str) -> BillLine | None:
    if not cost_type:
        return None
    line = change.bill.lines.filter(cost_type=cost_type).first()
    return line or services.put_line(change.bill, change.user, cost_type=cost_type)


def _arrange(change: _Change) -> None:
    """Set the invoices of a line to those of the message. Former ones stay where the vendor has no record of them;
    those whose line was only proposed stay on the bill, without a line."""
    line, there = change.line(), change.bill_invoices()
    named = {change.invoice_of[one.serial] for one in change.event.named if one.serial in change.invoice_of}
    for invoice in named & there.keys():
        on_bill = there[invoice]
        if line is not None and (on_bill.line_id != line.pk or on_bill.line_proposed):
            change.done.moved += on_bill.line_id != line.pk
            services.adjust_bill_invoice(change.bill, on_bill, change.user, line=line)
    change.take([invoice for invoice in named if invoice not in there], line)
    if change.event.whole and line is not None and not change.done.refused:
        unnamed = {
            invoice: bill_invoice
            for invoice, bill_invoice in there.items()
            if bill_invoice.line_id == line.pk and invoice not in named
        }
        for bill_invoice in unnamed.values():
            if bill_invoice.line_proposed:  # chosen for the bill, not for this line
                services.adjust_bill_invoice(change.bill, bill_invoice, change.user, line=None)
                change.done.moved += 1
        gone = {invoice: on_bill.pk for invoice, on_bill in unnamed.items() if not on_bill.line_proposed}
        theirs = _known_to_source(change.source, gone)
        released = [pk for invoice, pk in gone.items() if invoice in theirs]
        change.done.released += services.release(change.bill, released, change.user) if released else 0


def _known_to_source(source: Source, invoices: Collection[int]) -> set[int]:
    return set(
        SourceRecord.objects.filter(source=source, invoice__in=invoices, deleted=False).values_list(
            "invoice_id", flat=True
        )
    )


def _replace_edited(change: _Change) -> None:
    """Replace a corrected invoice. Under its new serial number it may be another invoice of the ledger."""
    on_bill = change.bill_invoices()
    before = _invoices(change.source, [change.former]) if change.former else {}
    old = before.get(change.former)
    for one in change.event.named[:1]:
        new = change.invoice_of.get(one.serial)
        if new is None:
            continue
        if new in on_bill:
            change.done.moved += 1
        elif old in on_bill:
            _put_in_place_of(change, on_bill[old], new)
        else:
            change.done.refused.append(Message("assistant.former_unknown", {"serial": one.serial[:_LONGEST]}))
            continue
        if old is not None and old != new and new in on_bill and old in on_bill:
            change.done.released += services.release(change.bill, [on_bill[old].pk], change.user)
    if change.session is not None and change.former:
        change.session.serial = change.event.named[0].serial
        change.session.save(update_fields=["serial"])


def _put_in_place_of(change: _Change, former: BillInvoice, invoice: int) -> None:
    """Reserve the new invoice on the same line with the same values; when another bill has it, the former one stays."""
    picked = services.reserve(change.bill, [invoice], change.user, line=former.line)
    change.done.refused += [refusal.message for refusal in picked.refused]
    for bill_invoice in picked.bill_invoices:
        if former.tax_by_hand:
            reason = former.transfer_out_reason
            services.adjust_bill_invoice(
                change.bill, bill_invoice, change.user, deductible=former.deductible, transfer_out_reason=reason
            )
        services.release(change.bill, [former.pk], change.user)
        change.done.moved += 1


_APPLY: Mapping[str, Callable[[_Change], None]] = {
    messages.CHOOSE: _choose,
    messages.ADJUST: _arrange,
    messages.EDIT: _replace_edited,
}
