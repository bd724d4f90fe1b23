"""Telling the invoice cloud what becomes of a bill, through the outbox, in the transaction of the change.

While the bill is a draft its relation is cached there, handed in it is saved, and each step says how far the use of its
invoices has come. What the cloud knows already is not told again. Bills of other systems, and invoices the cloud has no
serial number for, are none of its business.
"""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import HubError
from apps.core.messages import Message
from apps.outbox import services as outbox
from apps.outbox.choices import UNSETTLED, PushState
from apps.outbox.models import Push
from apps.outbox.selectors import circuit_opened_by, of_subject
from apps.outbox.subjects import PushChange
from apps.sources.choices import PushKind, SourceKind
from apps.sources.models import Source

from . import relating
from .choices import BillInvoiceState, BillState
from .models import Bill, BillCover, BillInvoice, BillLine
from .relating import BillContent, CoverContent, InvoiceContent
from .selectors import serials
from .states import Action

_STATUS = {
    Action.SUBMIT: relating.IN_REVIEW,
    Action.APPROVE: relating.APPROVED,
    Action.UNAPPROVE: relating.IN_REVIEW,
    Action.BOOK: relating.BOOKED,
    Action.UNBOOK: relating.APPROVED,
    Action.REJECT: relating.UNUSED,
    Action.WITHDRAW: relating.UNUSED,
}
_BACK = (Action.REJECT, Action.WITHDRAW)
_MOST_SHOWN = 20
_KEPT = timedelta(minutes=100)  # the cloud forgets a cached relation after about two hours
_RELATION = (PushKind.ENTRY_CACHE, PushKind.ENTRY_SAVE, PushKind.BILL_DELETE)


def subject_of(pk: int) -> str:
    """What the outbox calls a bill."""
    return f"bill:{pk}"


def follow(bill: Bill, action: str, user: User | None) -> None:
    """Tell what a change of a bill means for its invoices. Call it in the change's transaction, after the change."""
    source = _cloud(bill)
    if source is None:
        return
    if action == Action.DISCARD:
        _forget(bill, source, user)
    elif action in _STATUS:
        _step(bill, source, Action(action), user)
    elif bill.state == BillState.DRAFT:
        relate(bill, source, user)


def relate(bill: Bill, source: Source, user: User | None, *, anew: bool = False) -> None:
    """Let the cloud know which invoices lie on a draft. ``anew``: also when it was told the same before; it keeps what
    it was told of a draft for about two hours."""
    content = _content(bill, source, _on(bill))
    if not content.invoices:
        return _forget(bill, source, user)
    payload = relating.cache_payload(content)
    last = _last(bill, source)
    if anew or last is None or last.kind != PushKind.ENTRY_CACHE or last.body != payload:
        _queue(PushKind.ENTRY_CACHE, bill, source, payload, user)
    return None


def may_be_forgotten(bill: Bill, source: Source) -> bool:
    """Whether what the cloud was told of this draft is so old that it may not know it any more."""
    last = _last(bill, source)
    told = last.settled_at if last is not None and last.kind == PushKind.ENTRY_CACHE else None
    return told is not None and told < timezone.now() - _KEPT


def drop_line(bill: Bill, line_key: str, user: User | None) -> None:
    """A line that had invoices is gone. Call it before the bill itself follows."""
    source = _cloud(bill)
    if source is not None and _last(bill, source) is not None:
        payload = relating.line_delete_payload(_content(bill, source, []), line_key)
        _queue(PushKind.ENTRY_DELETE, bill, source, payload, user, replaces=False)


def leave(bill: Bill, source: Source | None, user: User | None) -> None:
    """The bill is deleted, or belongs to another system from now on."""
    if source is not None and source.kind == SourceKind.PIAOZONE:
        _forget(bill, source, user)


def follow_all(bills: Sequence[Bill], action: Action, user: User | None) -> None:
    """``follow`` for many that took a step which only says how far the use of their invoices has come."""
    sources = _clouds(bills)
    told = [bill for bill in bills if bill.pk in sources]
    if not told:
        return
    on = _on_all(told)
    contents = _contents({bill: (sources[bill.pk], on[bill.pk]) for bill in told})
    ordering_keys = _former_bills(told)
    outbox.queue(
        [
            _status(bill, sources[bill.pk], action, contents[bill.pk], ordering_keys[bill.pk])
            for bill in told
            if contents[bill.pk].invoices
        ],
        user,
    )


def _step(bill: Bill, source: Source, action: Action, user: User | None) -> None:
    gone = bill.bill_invoices.filter(state=BillInvoiceState.RELEASED, released_with_bill=True)
    content = _content(bill, source, list(gone) if action in _BACK else _on(bill))
    if not content.invoices:
        return
    ordering_keys = _former_bills([bill])[bill.pk]
    commands = [_status(bill, source, action, content, ordering_keys)]
    if action == Action.SUBMIT:
        whole = relating.save_payload(replace(content, cover=_cover(bill)))
        commands.insert(0, _push_command(PushKind.ENTRY_SAVE, bill, source, whole, ordering_keys))
    outbox.queue(commands, user)


def _status(
    bill: Bill, source: Source, action: Action, content: BillContent, ordering_keys: Sequence[str]
) -> outbox.PushCommand:
    payload = relating.status_payload(content, _STATUS[action])
    return _push_command(PushKind.INVOICE_STATUS, bill, source, payload, ordering_keys, replaces=False)


def _forget(bill: Bill, source: Source, user: User | None) -> None:
    """Take the bill's invoices off it there, if it was ever told of them."""
    outbox.cancel_unsent(Push.objects.filter(subject=subject_of(bill.pk), kind=PushKind.ENTRY_CACHE))
    last = _last(bill, source)
    if last is not None and last.kind != PushKind.BILL_DELETE:
        payload = relating.bill_delete_payload(_content(bill, source, []))
        _queue(PushKind.BILL_DELETE, bill, source, payload, user)


def _cloud(bill: Bill) -> Source | None:
    return _clouds([bill]).get(bill.pk)


def _clouds(bills: Sequence[Bill]) -> dict[int, Source]:
    """Bill → the invoice cloud it belongs to; without bills of other systems."""
    wanted = {bill.pk: bill.source_id for bill in bills if bill.is_own and bill.source_id is not None}
    if not wanted:
        return {}
    found = Source.objects.filter(kind=SourceKind.PIAOZONE).in_bulk(set(wanted.values()))
    return {pk: found[source] for pk, source in wanted.items() if source in found}


def _on(bill: Bill) -> list[BillInvoice]:
    return _on_all([bill])[bill.pk]


def _on_all(bills: Collection[Bill]) -> dict[int, list[BillInvoice]]:
    found: dict[int, list[BillInvoice]] = defaultdict(list)
    live = BillInvoice.objects.filter(bill__in=bills, contested=False).exclude(state=BillInvoiceState.RELEASED)
    for bill_invoice in live.order_by("pk"):
        found[bill_invoice.bill_id].append(bill_invoice)
    return found


def _content(bill: Bill, source: Source, bill_invoices: Sequence[BillInvoice]) -> BillContent:
    return _contents({bill: (source, bill_invoices)})[bill.pk]


def _contents(wanted: Mapping[Bill, tuple[Source, Sequence[BillInvoice]]]) -> dict[int, BillContent]:
    """Bills with these uses, as far as the cloud knows their invoices; each once, in the order they were picked."""
    invoices: dict[int, list[int]] = defaultdict(list)
    for source, bill_invoices in wanted.values():
        invoices[source.pk] += [bill_invoice.invoice_id for bill_invoice in bill_invoices]
    known = {source: serials(ids, source) for source, ids in invoices.items()}
    lines: dict[int, dict[int, BillLine]] = defaultdict(dict)
    for line in BillLine.objects.filter(bill__in=list(wanted)).order_by("bill_id", "position"):
        lines[line.bill_id][line.pk] = line
    return {
        bill.pk: _named(bill, bill_invoices, known[source.pk], lines[bill.pk])
        for bill, (source, bill_invoices) in wanted.items()
    }


def _named(
    bill: Bill, bill_invoices: Sequence[BillInvoice], known: Mapping[int, str], lines: Mapping[int, BillLine]
) -> BillContent:
    invoices: dict[str, InvoiceContent] = {}
    for bill_invoice in sorted(bill_invoices, key=lambda bill_invoice: bill_invoice.pk):
        serial = known.get(bill_invoice.invoice_id)
        if serial and serial not in invoices:
            line = lines.get(bill_invoice.line_id) if bill_invoice.line_id else None
            branch = line.line_key if line else ""
            decided = bill_invoice.deductible, bill_invoice.input_tax, bill_invoice.transfer_out_reason
            invoices[serial] = InvoiceContent(serial, branch, *decided)
    cost_types = {line.line_key: line.cost_type for line in lines.values()}
    return BillContent(bill.number, bill.external_key, bill.type, list(invoices.values()), cost_types)


def _cover(bill: Bill) -> CoverContent | None:
    cover = BillCover.objects.filter(bill=bill).first()
    if cover is None:
        return None
    try:
        with cover.file.open("rb") as file:
            return CoverContent(b64encode(file.read()).decode(), cover.file_type, cover.number)
    except OSError as error:
        raise HubError("bills.cover_gone", bill=bill.number, number=cover.number) from error


def _last(bill: Bill, source: Source) -> Push | None:
    """What the cloud was told last of the bill's invoices, or will be; None: nothing."""
    told = Push.objects.filter(subject=subject_of(bill.pk), source=source, kind__in=_RELATION)
    return told.exclude(state=PushState.CANCELLED).order_by("-pk").first()


def _queue(
    kind: PushKind, bill: Bill, source: Source, payload: dict[str, Any], user: User | None, *, replaces: bool = True
) -> None:
    ordering_keys = _former_bills([bill])[bill.pk]
    outbox.queue([_push_command(kind, bill, source, payload, ordering_keys, replaces=replaces)], user)


def _push_command(
    kind: PushKind,
    bill: Bill,
    source: Source,
    payload: dict[str, Any],
    ordering_keys: Sequence[str],
    *,
    replaces: bool = True,
) -> outbox.PushCommand:
    return outbox.PushCommand(
        source=source, company=bill.company, kind=kind, subject=subject_of(bill.pk), label=bill.number,
        payload=payload, revision=bill.revision, ordering_keys=ordering_keys, replaces=replaces,
    )  # fmt: skip


def _former_bills(bills: Collection[Bill]) -> dict[int, list[str]]:
    """By bill: those that had some of its invoices and whose own pushes are not through: they go first, or what they
    say of an invoice would undo what this one says."""
    on = {
        pk: {bill_invoice.invoice_id for bill_invoice in bill_invoices} for pk, bill_invoices in _on_all(bills).items()
    }
    had: dict[int, set[int]] = defaultdict(set)
    former = BillInvoice.objects.filter(invoice__in=set().union(*on.values()), state=BillInvoiceState.RELEASED)
    for invoice, bill in former.values_list("invoice_id", "bill_id") if on else ():
        had[invoice].add(bill)
    names = {subject_of(pk) for pk in set[int]().union(*had.values())}
    waiting = Push.objects.filter(subject__in=names, state__in=UNSETTLED) if names else Push.objects.none()
    unsettled = set(waiting.values_list("subject", flat=True))
    return {
        bill.pk: sorted({subject_of(pk) for one in on.get(bill.pk, ()) for pk in had[one] - {bill.pk}} & unsettled)
        for bill in bills
    }


def timeline(bill: Bill) -> list[Push]:
    """What the cloud was told and will be told of a bill, the newest first."""
    return list(of_subject(subject_of(bill.pk))[:_MOST_SHOWN])


@dataclass(frozen=True)
class Waiting:
    """Pushes of a bill that cannot go now because their system is away. ``message`` says what is wrong; ``retry_at``:
    when it is tried again (None: when somebody has seen to it)."""

    source: Source
    count: int
    message: Message | None
    retry_at: datetime | None


def waiting(pushes: Sequence[Push]) -> Waiting | None:
    """What of these (the newest first) cannot go; None when nothing waits, or only for its turn."""
    unsettled = [push for push in pushes if push.is_unsettled]
    first = unsettled[-1] if unsettled else None
    if first is None:
        return None
    stopped = first if first.state == PushState.WAITING else circuit_opened_by(first)
    if stopped is None:
        return None
    return Waiting(first.source, len(unsettled), stopped.message, stopped.retry_at)


def lock(ids: Collection[int]) -> None:
    """Take the rows that all changes of these bills queue at."""
    rows = Bill.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    list(rows.order_by("pk").values_list("pk"))


def pushes_moved(changes: Mapping[int, PushChange]) -> None:
    """A bill shows its pushes as they are; nothing of its own follows from them."""


def address(pk: int) -> str:
    return reverse("bill", args=[pk])
