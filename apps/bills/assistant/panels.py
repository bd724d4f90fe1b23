"""The part of a bill's page about the assistant and the pushes to the invoice cloud."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apps.bills import pushing
from apps.bills.models import AssistantMessage, AssistantSession, Bill, BillCover, BillInvoice
from apps.invoices.serial_numbers import serial_numbers
from apps.outbox.models import Push
from apps.sources.models import Source

from .choices import REPEATABLE
from .selectors import News, cloud_of, live_sessions, news

_MOST_SHOWN = 5


@dataclass(frozen=True)
class Panel:
    """``serials``: invoice id of the bill invoice → serial number in the cloud; ``cloud`` None: the bill has none."""

    cloud: Source | None
    news: News
    sessions: Sequence[AssistantSession]
    messages: Sequence[AssistantMessage]
    serials: Mapping[int, str]
    pushes: Sequence[Push]
    waiting: pushing.Waiting | None
    cover: BillCover | None
    repeatable: Sequence[str] = REPEATABLE


def panel(bill: Bill, bill_invoices: Sequence[BillInvoice]) -> Panel:
    cloud = cloud_of(bill)
    sessions = live_sessions(bill).select_related("opened_by").defer("link_key", "user_key")
    pushes = pushing.timeline(bill)
    invoice_ids = [bill_invoice.invoice_id for bill_invoice in bill_invoices]
    return Panel(
        cloud=cloud,
        news=news(bill),
        sessions=list(sessions),
        messages=list(bill.messages.defer("payload")[:_MOST_SHOWN]),
        serials=serial_numbers(invoice_ids, [cloud.pk])[cloud.pk] if cloud else {},
        pushes=pushes,
        waiting=pushing.waiting(pushes),
        cover=BillCover.objects.filter(bill=bill).first() if cloud else None,
    )
