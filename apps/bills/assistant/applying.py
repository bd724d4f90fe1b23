"""Applying a stored message once: its invoices are fetched and ingested, then the bill is changed.

Fetching can be repeated and happens outside of transactions that lock a bill. The rest is one transaction that locks
the message's row, so a message applied before or by another process at the same time changes nothing. The bill is
locked before its message, in the same order as when a bill is deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.bills import services
from apps.bills.models import AssistantMessage, Bill
from apps.bills.selectors import live
from apps.core.errors import HubError, UpstreamError
from apps.core.messages import Message
from apps.invoices.ingest import ingest_page, read_payload
from apps.invoices.serial_numbers import serial_numbers
from apps.invoices.services import reader
from apps.sources.connectors.base import RawItem
from apps.sources.connectors.piaozone import messages
from apps.sources.connectors.piaozone.assistant import DETAILS, Assistant
from apps.sources.connectors.piaozone.messages import Event
from apps.sources.context import SourceContext

from . import changes
from .choices import REPEATABLE, UNSETTLED, MessageState

log = structlog.get_logger(__name__)

_WRITTEN = ("state", "outcome", "refused", "taken_off", "bill", "attempts", "retry_at", "applied_at")
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=10)


@dataclass
class _Fetched:
    """The vendor's data of the invoices of a message. ``former``: the previous serial number of an edited invoice."""

    items: list[RawItem] = field(default_factory=list)
    former: str = ""


def due() -> QuerySet[AssistantMessage]:
    """Unapplied messages that should be tried now."""
    now = timezone.now()
    company = Bill.objects.filter(company=OuterRef("source__company"))
    named = company.filter(Q(number=OuterRef("bill_number")) | Q(external_key=OuterRef("external_key")))
    waiting = Q(state=MessageState.WAITING) & (
        Q(retry_at=None, received_at__lt=now - _FIRST_PAUSE) | Q(retry_at__lte=now)
    )
    return AssistantMessage.objects.filter(waiting | Q(state=MessageState.NO_BILL) & Exists(named)).order_by("pk")


def apply(message_id: int) -> None:
    """Apply a message. Raises only when the database is unavailable; other errors are stored in the message."""
    message = AssistantMessage.objects.select_related("source__company", "session", "bill").get(pk=message_id)
    if message.state not in UNSETTLED:
        return None
    try:
        event = messages.event(read_payload(message.payload))
    except messages.Unreadable:
        return _settle(message, MessageState.REFUSED, Message("assistant.unreadable"))
    if event.type not in messages.INVOICE_TYPES:
        return _settle(message, MessageState.REFUSED, Message("assistant.new_type", {"type": event.type}))
    try:
        fetched = _fetch(message, event)
        _carry_out(message, event, fetched)
    except HubError as error:
        _postpone(message, error.message)
    except (InterfaceError, OperationalError):
        raise
    except Exception as error:  # an unexpected error must not stop the channel; the message is tried again
        log.exception("assistant.unexpected", message=message.pk)
        _postpone(message, Message("assistant.failed", {"error": type(error).__name__}))


def again(message: AssistantMessage) -> None:
    """Apply a message again at the request of a person."""
    AssistantMessage.objects.filter(pk=message.pk, state__in=REPEATABLE).update(
        state=MessageState.WAITING, retry_at=None, refused=[]
    )
    apply(message.pk)


def put_aside(message: AssistantMessage) -> None:
    """Dismiss a message at the request of a person."""
    AssistantMessage.objects.filter(pk=message.pk, state__in=REPEATABLE).update(state=MessageState.DISMISSED)


def put_back(message: AssistantMessage, user: User, revision: int | None = None) -> services.Restored:
    """Reserve again the invoices that a message released, where they are free. Raises HubError."""
    with transaction.atomic():
        _locked_bill(message.bill)
        locked = AssistantMessage.objects.select_for_update().get(pk=message.pk)
        if locked.bill is None or not locked.taken_off:
            raise HubError("assistant.nothing_taken_off")
        restored = services.restore(locked.bill, locked.taken_off, user, revision)
        AssistantMessage.objects.filter(pk=locked.pk).update(taken_off=[])
    return restored


def _fetch(message: AssistantMessage, event: Event) -> _Fetched:
    """Fetch the invoices of a message from the vendor. Raises UpstreamError."""
    with SourceContext(message.source) as context:
        assistant = Assistant(context)
        fetched = _Fetched(assistant.records(event.named))
        if event.type == messages.EDIT:
            fetched.former = _former(message, event, assistant)
            fetched.items += [assistant.replaced(fetched.former, by=event.named[0].serial)] if fetched.former else []
        return fetched


def _former(message: AssistantMessage, event: Event, assistant: Assistant) -> str:
    """The previous serial number of the edited invoice: that of the window, else the only one on the bill that the
    vendor no longer has; '' when it did not change or cannot be determined."""
    new = event.named[0].serial if event.named else ""
    opened_for = message.session.serial if message.session else ""
    if not new or opened_for:
        return opened_for if opened_for != new else ""
    bill = bill_of(message, event)
    if bill is None:
        return ""
    invoice_ids = live(bill.bill_invoices.all()).values_list("invoice_id", flat=True)
    serial_of = serial_numbers(list(invoice_ids), [message.source_id])[message.source_id]
    missing = assistant.missing(sorted(set(serial_of.values()) - {new}))
    return missing.pop() if len(missing) == 1 else ""


def bill_of(message: AssistantMessage, event: Event) -> Bill | None:
    """The bill of a message: by global key, else by number; that of the window only when the message names none."""
    ours = Bill.objects.filter(company=message.source.company_id)
    bill = ours.filter(external_key=event.external_key).first() if event.external_key else None
    if bill is None and event.bill:
        bill = ours.filter(number=event.bill).first()
    if bill is None and not event.external_key and not event.bill and message.session:
        bill = message.session.bill
    return bill


def _locked_bill(bill: Bill | None) -> Bill | None:
    """The bill, locked until the transaction ends; None when it was deleted."""
    return Bill.objects.select_for_update(of=("self",)).filter(pk=bill.pk).first() if bill else None


def _carry_out(message: AssistantMessage, event: Event, fetched: _Fetched) -> None:
    with transaction.atomic():
        _ingest(message, fetched.items)
    with transaction.atomic():
        bill = _locked_bill(bill_of(message, event))
        locked = AssistantMessage.objects.select_for_update().get(pk=message.pk)
        if locked.state not in UNSETTLED:
            return
        locked.bill = bill
        if bill is None:
            named = event.bill or event.external_key or "—"
            _settle(locked, MessageState.NO_BILL, Message("assistant.no_bill", {"bill": named}))
        elif not bill.is_own:
            _settle(locked, MessageState.APPLIED, Message("assistant.theirs", {"bill": bill.number}))
        else:
            _change(locked, message, bill, event, fetched.former)


def _change(locked: AssistantMessage, message: AssistantMessage, bill: Bill, event: Event, former: str) -> None:
    """Change the bill. When the bill refuses the change as a whole, all of it is rolled back."""
    try:
        with transaction.atomic():
            done = changes.carry_out(bill, event, message, former)
    except UpstreamError:
        raise
    except HubError as error:
        return _settle(locked, MessageState.REFUSED, error.message)
    for_people = [*done.refused, *done.stayed]
    locked.refused = [one.stored() for one in for_people]
    locked.taken_off = [*locked.taken_off, *done.taken_off]
    state = MessageState.PARTLY if for_people else MessageState.APPLIED
    return _settle(locked, state, _summary(done))


def _summary(done: changes.Done) -> Message:
    """The outcome as a message, by the counts that are not zero."""
    numbers = {"taken": done.taken, "released": done.released, "moved": done.moved, "refused": len(done.refused)}
    nonzero = {name for name, number in numbers.items() if number}
    if not nonzero:
        return Message("assistant.stayed" if done.stayed else "assistant.nothing")
    return Message("assistant.took" if nonzero == {"taken"} else "assistant.done", numbers)


def _ingest(message: AssistantMessage, items: Sequence[RawItem]) -> None:
    if items:
        ingest_page(message.source, items, reader(message.source), run_id=None, stream=DETAILS)


def _settle(message: AssistantMessage, state: MessageState, outcome: Message) -> None:
    message.state, message.outcome = state, outcome.stored()
    message.attempts, message.retry_at, message.applied_at = message.attempts + 1, None, timezone.now()
    message.save(update_fields=_WRITTEN)


def _postpone(message: AssistantMessage, outcome: Message) -> None:
    """Schedule the next attempt; each pause is twice as long as the one before."""
    pause = min(_FIRST_PAUSE * 2 ** min(message.attempts, 10), _LONGEST_PAUSE)
    AssistantMessage.objects.filter(pk=message.pk, state__in=UNSETTLED).update(
        attempts=message.attempts + 1, retry_at=timezone.now() + pause, outcome=outcome.stored()
    )
