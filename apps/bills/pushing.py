"""Pushes to the invoice cloud about a bill, queued in the transaction of the change.

While the bill is a draft, its lines are cached in the cloud; when it is submitted, they are saved; and each step
updates the usage of its invoices. A payload equal to that of the last push is not pushed again. Bills of other systems
and invoices without a serial number of the cloud are left out.
"""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import HubError
from apps.core.messages import Message
from apps.invoices.serial_numbers import serial_numbers
from apps.outbox import services as outbox
from apps.outbox.choices import UNSETTLED, PushState
from apps.outbox.models import Push
from apps.outbox.selectors import circuit_opened_by, of_subject
from apps.outbox.subjects import PushChange
from apps.sources.choices import PushKind
from apps.sources.kinds import SourceKind
from apps.sources.models import Source
from apps.sources.pushes import Cover, Payload, written
from apps.sources.records import ExpenseStatus

from . import relating
from .choices import BillInvoiceState, BillState
from .models import Bill, BillCover, BillInvoice, BillLine
from .relating import BillContent, InvoiceContent
from .states import Action

_STATUS_AFTER = {
    Action.SUBMIT: ExpenseStatus.RESERVED,
    Action.APPROVE: ExpenseStatus.USED,
    Action.UNAPPROVE: ExpenseStatus.RESERVED,
    Action.BOOK: ExpenseStatus.BOOKED,
    Action.UNBOOK: ExpenseStatus.USED,
    Action.REJECT: ExpenseStatus.UNUSED,
    Action.WITHDRAW: ExpenseStatus.UNUSED,
}
_RELEASING = (Action.REJECT, Action.WITHDRAW)
_MOST_SHOWN = 20
_CACHE_LIFETIME = timedelta(minutes=100)  # the cloud forgets cached lines after about two hours
_OF_LINES = (PushKind.BILL_LINES_CACHE, PushKind.BILL_LINES_SAVE, PushKind.BILL_REMOVE)


def subject_of(pk: int) -> str:
    """The subject of a bill in the outbox."""
    return f"bill:{pk}"


def follow(bill: Bill, action: str, user: User | None) -> None:
    """Queue the pushes that follow from a change of a bill. Call it in the change's transaction, after the change."""
    source = _cloud(bill)
    if source is None:
        return
    if action == Action.DISCARD:
        _remove(bill, source, user)
    elif action in _STATUS_AFTER:
        _queue_step(bill, source, Action(action), user)
    elif bill.state == BillState.DRAFT:
        relate(bill, source, user)


def relate(bill: Bill, source: Source, user: User | None, *, anew: bool = False) -> None:
    """Queue the lines of a draft with their invoices. ``anew``: also when the last push had the same payload, because
    the cloud keeps the lines of a draft for about two hours."""
    content = _content(bill, source, _live(bill))
    if not content.invoices:
        return _remove(bill, source, user)
    payload = relating.cached_lines(content)
    last = _last(bill, source)
    if anew or last is None or last.kind != PushKind.BILL_LINES_CACHE or last.payload != written(payload):
        _queue(PushKind.BILL_LINES_CACHE, bill, source, payload, user)
    return None


def may_be_forgotten(bill: Bill, source: Source) -> bool:
    """Whether the last cached lines of this draft are so old that the cloud may have forgotten them."""
    last = _last(bill, source)
    cached_at = last.settled_at if last is not None and last.kind == PushKind.BILL_LINES_CACHE else None
    return cached_at is not None and cached_at < timezone.now() - _CACHE_LIFETIME


def drop_line(bill: Bill, line_key: str, user: User | None) -> None:
    """Queue the removal of a deleted line that had invoices. Call it before ``follow``."""
    source = _cloud(bill)
    if source is not None and _last(bill, source) is not None:
        payload = relating.line_removal(_content(bill, source, []), line_key)
        _queue(PushKind.BILL_LINE_REMOVE, bill, source, payload, user, replaces=False)


def leave(bill: Bill, source: Source | None, user: User | None) -> None:
    """Queue the removal of a bill that is deleted or moves to another upstream."""
    if source is not None and source.kind == SourceKind.PIAOZONE:
        _remove(bill, source, user)


def follow_all(bills: Sequence[Bill], action: Action, user: User | None) -> None:
    """``follow`` for many bills and an action that only updates the usage of their invoices."""
    sources = _clouds(bills)
    cloud_bills = [bill for bill in bills if bill.pk in sources]
    if not cloud_bills:
        return
    live = _all_live(cloud_bills)
    contents = _contents({bill: (sources[bill.pk], live[bill.pk]) for bill in cloud_bills})
    ordering_keys = _former_bills(cloud_bills)
    outbox.queue(
        [
            _usage_command(bill, sources[bill.pk], action, contents[bill.pk], ordering_keys[bill.pk])
            for bill in cloud_bills
            if contents[bill.pk].invoices
        ],
        user,
    )


def _queue_step(bill: Bill, source: Source, action: Action, user: User | None) -> None:
    released = bill.bill_invoices.filter(state=BillInvoiceState.RELEASED, released_with_bill=True)
    content = _content(bill, source, list(released) if action in _RELEASING else _live(bill))
    if not content.invoices:
        return
    ordering_keys = _former_bills([bill])[bill.pk]
    commands = [_usage_command(bill, source, action, content, ordering_keys)]
    if action == Action.SUBMIT:
        lines = relating.saved_lines(replace(content, cover=_cover(bill)))
        commands.insert(0, _push_command(PushKind.BILL_LINES_SAVE, bill, source, lines, ordering_keys))
    outbox.queue(commands, user)


def _usage_command(
    bill: Bill, source: Source, action: Action, content: BillContent, ordering_keys: Sequence[str]
) -> outbox.PushCommand:
    payload = relating.usage_update(content, _STATUS_AFTER[action])
    return _push_command(PushKind.INVOICE_STATUS, bill, source, payload, ordering_keys, replaces=False)


def _remove(bill: Bill, source: Source, user: User | None) -> None:
    """Queue the removal of the bill's invoices in the cloud, if a push has named some."""
    outbox.cancel_unsent(Push.objects.filter(subject=subject_of(bill.pk), kind=PushKind.BILL_LINES_CACHE))
    last = _last(bill, source)
    if last is not None and last.kind != PushKind.BILL_REMOVE:
        payload = relating.bill_removal(_content(bill, source, []))
        _queue(PushKind.BILL_REMOVE, bill, source, payload, user)


def _cloud(bill: Bill) -> Source | None:
    return _clouds([bill]).get(bill.pk)


def _clouds(bills: Sequence[Bill]) -> dict[int, Source]:
    """Bill → the invoice cloud it belongs to; without bills of other systems."""
    source_ids = {bill.pk: bill.source_id for bill in bills if bill.is_own and bill.source_id is not None}
    if not source_ids:
        return {}
    clouds = Source.objects.filter(kind=SourceKind.PIAOZONE).in_bulk(set(source_ids.values()))
    return {pk: clouds[source_id] for pk, source_id in source_ids.items() if source_id in clouds}


def _live(bill: Bill) -> list[BillInvoice]:
    return _all_live([bill])[bill.pk]


def _all_live(bills: Collection[Bill]) -> dict[int, list[BillInvoice]]:
    """By bill: the invoices it reserves, uses or has booked, without contested ones."""
    by_bill: dict[int, list[BillInvoice]] = defaultdict(list)
    live = BillInvoice.objects.filter(bill__in=bills, contested=False).exclude(state=BillInvoiceState.RELEASED)
    for bill_invoice in live.order_by("pk"):
        by_bill[bill_invoice.bill_id].append(bill_invoice)
    return by_bill


def _content(bill: Bill, source: Source, bill_invoices: Sequence[BillInvoice]) -> BillContent:
    return _contents({bill: (source, bill_invoices)})[bill.pk]


def _contents(invoices_of: Mapping[Bill, tuple[Source, Sequence[BillInvoice]]]) -> dict[int, BillContent]:
    """Bill id → content with those of its invoices that have a serial number, each once, in the order of reserving."""
    invoice_ids = [bill_invoice.invoice_id for _source, rows in invoices_of.values() for bill_invoice in rows]
    serials = serial_numbers(invoice_ids, {source.pk for source, _rows in invoices_of.values()})
    lines: dict[int, dict[int, BillLine]] = defaultdict(dict)
    for line in BillLine.objects.filter(bill__in=list(invoices_of)).order_by("bill_id", "position"):
        lines[line.bill_id][line.pk] = line
    return {
        bill.pk: _bill_content(bill, bill_invoices, serials[source.pk], lines[bill.pk])
        for bill, (source, bill_invoices) in invoices_of.items()
    }


def _bill_content(
    bill: Bill, bill_invoices: Sequence[BillInvoice], serials: Mapping[int, str], lines: Mapping[int, BillLine]
) -> BillContent:
    invoices: dict[str, InvoiceContent] = {}
    for bill_invoice in sorted(bill_invoices, key=lambda bill_invoice: bill_invoice.pk):
        serial = serials.get(bill_invoice.invoice_id)
        if serial and serial not in invoices:
            line = lines.get(bill_invoice.line_id) if bill_invoice.line_id else None
            line_key = line.line_key if line else ""
            decided = bill_invoice.deductible, bill_invoice.input_tax, bill_invoice.transfer_out_reason
            invoices[serial] = InvoiceContent(serial, line_key, *decided)
    cost_types = {line.line_key: line.cost_type for line in lines.values()}
    return BillContent(bill.number, bill.external_key, bill.type, list(invoices.values()), cost_types)


def _cover(bill: Bill) -> Cover | None:
    cover = BillCover.objects.filter(bill=bill).first()
    if cover is None:
        return None
    try:
        with cover.file.open("rb") as file:
            return Cover(b64encode(file.read()).decode(), cover.file_type, cover.number)
    except OSError as error:
        raise HubError("bills.cover_gone", bill=bill.number, number=cover.number) from error


def _last(bill: Bill, source: Source) -> Push | None:
    """The latest push about the bill's lines that was not cancelled; None: there is none."""
    pushes = Push.objects.filter(subject=subject_of(bill.pk), source=source, kind__in=_OF_LINES)
    return pushes.exclude(state=PushState.CANCELLED).order_by("-pk").first()


def _queue(
    kind: PushKind, bill: Bill, source: Source, payload: Payload, user: User | None, *, replaces: bool = True
) -> None:
    ordering_keys = _former_bills([bill])[bill.pk]
    outbox.queue([_push_command(kind, bill, source, payload, ordering_keys, replaces=replaces)], user)


def _push_command(
    kind: PushKind,
    bill: Bill,
    source: Source,
    payload: Payload,
    ordering_keys: Sequence[str],
    *,
    replaces: bool = True,
) -> outbox.PushCommand:
    return outbox.PushCommand(
        source=source, company=bill.company, kind=kind, subject=subject_of(bill.pk), label=bill.number,
        payload=payload, revision=bill.revision, ordering_keys=ordering_keys, replaces=replaces,
    )  # fmt: skip


def _former_bills(bills: Collection[Bill]) -> dict[int, list[str]]:
    """Bill id → subjects of bills that had reserved some of its invoices and whose pushes are unsettled. Those are sent
    first, because they would overwrite the usage that this bill pushes."""
    invoice_ids = {
        pk: {bill_invoice.invoice_id for bill_invoice in bill_invoices}
        for pk, bill_invoices in _all_live(bills).items()
    }
    former_bills: dict[int, set[int]] = defaultdict(set)
    released = BillInvoice.objects.filter(
        invoice__in=set().union(*invoice_ids.values()), state=BillInvoiceState.RELEASED
    )
    for invoice_id, bill_id in released.values_list("invoice_id", "bill_id") if invoice_ids else ():
        former_bills[invoice_id].add(bill_id)
    subjects = {subject_of(pk) for pk in set[int]().union(*former_bills.values())}
    pushes = Push.objects.filter(subject__in=subjects, state__in=UNSETTLED) if subjects else Push.objects.none()
    unsettled = set(pushes.values_list("subject", flat=True))
    return {
        bill.pk: sorted(
            {subject_of(pk) for one in invoice_ids.get(bill.pk, ()) for pk in former_bills[one] - {bill.pk}} & unsettled
        )
        for bill in bills
    }


def timeline(bill: Bill) -> list[Push]:
    """The pushes about a bill, the newest first."""
    return list(of_subject(subject_of(bill.pk))[:_MOST_SHOWN])


@dataclass(frozen=True)
class Waiting:
    """Pushes of a bill that wait for their upstream. ``message``: the error; ``retry_at``: the time of the next attempt
    (None: after a person has acted)."""

    source: Source
    count: int
    message: Message | None
    retry_at: datetime | None


def waiting(pushes: Sequence[Push]) -> Waiting | None:
    """Why the unsettled ones of these pushes (the newest first) wait; None when none of them does."""
    unsettled = [push for push in pushes if push.is_unsettled]
    first = unsettled[-1] if unsettled else None
    if first is None:
        return None
    stopped = first if first.state == PushState.WAITING else circuit_opened_by(first)
    if stopped is None:
        return None
    return Waiting(first.source, len(unsettled), stopped.message, stopped.retry_at)


def lock(ids: Collection[int]) -> None:
    """Lock the rows of these bills, in order."""
    rows = Bill.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    list(rows.order_by("pk").values_list("pk"))


def pushes_moved(changes: Mapping[int, PushChange]) -> None:
    """Nothing to do: bills store nothing about the outcome of their pushes."""


def address(pk: int) -> str:
    return reverse("bill", args=[pk])
