"""Opening one of the vendor's pages for a bill: fetches the keys, then returns the address for the person's window.

The address contains the keys, so it is returned once and stored nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.bills import pushing, services
from apps.bills.compliance.selectors import blocking_checks
from apps.bills.models import AssistantSession, Bill, BillInvoice, BillLine
from apps.bills.selectors import live
from apps.bills.services.writing import editable, note, record
from apps.bills.states import EDITABLE, State
from apps.core.errors import HubError
from apps.core.http import Limits
from apps.core.messages import Message
from apps.invoices.serial_numbers import serial_numbers
from apps.sources.connectors.piaozone.assistant import SPEAKING, Assistant, Visit
from apps.sources.context import SourceContext
from apps.sources.models import Source
from apps.sources.pushes import BillReference, BillType

from .choices import Page
from .selectors import cloud_of

LASTS = timedelta(hours=2)  # the vendor keeps an unsaved bill about as long
# A person waits in front of an empty window.
_IMPATIENT = Limits(connect_timeout=5.0, read_timeout=12.0, total_timeout=20.0, attempts=2, backoff=0.3)
_OF_RELATION = frozenset({Page.ADJUST, Page.LINE, Page.LIST})


@dataclass(frozen=True)
class Opened:
    """The address for the window; ``session`` is None for read-only pages."""

    url: str
    session: AssistantSession | None = None


def open_page(bill: Bill, user: User | None, page: Page, *, line: BillLine | None = None, serial: str = "") -> Opened:
    """Raises HubError: the bill cannot be changed, or has no invoice cloud; UpstreamError when the vendor fails."""
    source = _source(bill, user, page)
    if page in _OF_RELATION:
        _push_again(bill, source, user)
    bill_invoices = list(live(bill.bill_invoices.filter(contested=False)).order_by("pk"))
    serials = serial_numbers([bill_invoice.invoice_id for bill_invoice in bill_invoices], [source.pk])[source.pk]
    if page in (Page.INVOICE, Page.EDIT) and serial not in serials.values():
        raise HubError("assistant.not_there", source=source.name)
    edited = serial if page == Page.EDIT else ""
    shown = [one for one in bill_invoices if one.invoice_id in serials] if page == Page.CHOOSE else []
    session = _session(source, bill, user, line, edited, shown) if page in SPEAKING else None
    visit = Visit(
        bill=BillReference(bill.number, bill.external_key, BillType(bill.type)),
        line_key=line.line_key if line else "",
        serial_numbers=tuple(serials.values()) if page == Page.CHOOSE else (),
        blocking_checks=blocking_checks(bill.company, bill.type),
    )
    with SourceContext(source, limits=_IMPATIENT) as context:
        assistant = Assistant(context)
        if session is not None and not session.link_key:
            session.link_key = assistant.open_channel()
        user_key = assistant.user_key(visit)
        url = assistant.address(page, user_key, session.link_key if session else "", serial)
    if session is not None:
        _keep(session, user_key, user, page)
    return Opened(url, session)


def _source(bill: Bill, user: User | None, page: Page) -> Source:
    """The invoice cloud of the bill; a bill without an upstream gets it as its upstream."""
    if page in SPEAKING:
        if not bill.is_own:
            raise HubError("bills.not_ours", bill=bill.number, system=Message(f"bills.origin.{bill.origin}"))
        if State(bill.state) not in EDITABLE:
            raise HubError("bills.not_editable", bill=bill.number)
    source = cloud_of(bill)
    if source is None:
        raise HubError("assistant.no_source", bill=bill.number)
    if not source.enabled:
        raise HubError("assistant.source_off", source=source.name)
    if bill.source_id is None and page in SPEAKING:
        services.edit_bill(bill, user, source=source)
    return Source.objects.select_related("company").get(pk=source.pk)


def _push_again(bill: Bill, source: Source, user: User | None) -> None:
    """Push the lines of a draft again when the cloud may have dropped them, because these pages show pushed lines."""
    if not bill.is_own or State(bill.state) not in EDITABLE or not pushing.may_be_forgotten(bill, source):
        return
    with transaction.atomic():
        draft = editable(bill)
        record(draft, "assistant", user, "assistant.was_told_again", push=False)
        pushing.relate(draft, source, user, anew=True)


def _session(
    source: Source, bill: Bill, user: User | None, line: BillLine | None, serial: str, shown: Sequence[BillInvoice]
) -> AssistantSession:
    """The open session of this person for the same purpose, or a new unsaved one. A window that shows another set of
    invoices gets its own channel, so that each message belongs to one set."""
    now, purpose = timezone.now(), {"source": source, "bill": bill, "line": line, "serial": serial}
    ids = [bill_invoice.pk for bill_invoice in shown]
    ours = AssistantSession.objects.filter(**purpose, opened_by=user, shown=ids, closed_at=None, ends_at__gt=now)
    latest = max((bill_invoice.picked_at for bill_invoice in shown), default=None)
    session = (ours.filter(opened_at__gte=latest) if latest else ours).first()
    return session or AssistantSession(**purpose, opened_by=user, shown=ids)


def _keep(session: AssistantSession, user_key: str, user: User | None, page: Page) -> None:
    session.user_key, session.ends_at = user_key, timezone.now() + LASTS
    if not session._state.adding:
        session.save(update_fields=["user_key", "ends_at"])
        return
    session.save()
    if session.bill is not None:
        note(session.bill, "assistant", user, "assistant.was_opened", page=Message(f"assistant.page.{page.value}"))


def end_sessions(source_id: int) -> None:
    """End all sessions of a source whose login was changed: its channels belong to the earlier login."""
    now = timezone.now()
    AssistantSession.objects.filter(source=source_id, closed_at=None, ends_at__gt=now).update(ends_at=now)


def close(session: AssistantSession) -> None:
    """End a session; messages that wait in its channel are still received."""
    AssistantSession.objects.filter(pk=session.pk, ends_at__gt=timezone.now()).update(ends_at=timezone.now())
