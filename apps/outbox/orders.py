"""Reporting the number of a printed invoice to its order in the shop."""

from hashlib import sha256

from apps.accounts.models import User
from apps.core.errors import HubError
from apps.sources.choices import PushKind
from apps.sources.models import Source
from apps.sources.pushes import OrderInvoice

from . import services
from .models import Push
from .services import PushCommand

_LONGEST = 60


def report_number(source: Source, order: str, number: str, user: User | None) -> Push:
    """Queue the printed number of an order's invoice. An order has one: an earlier push not sent yet is superseded.

    Raises HubError ``push.order_incomplete`` when one is missing, ``push.not_possible`` for a system without orders.
    """
    order, number = order.strip(), number.strip()
    if not order or not number:
        raise HubError("push.order_incomplete")
    command = PushCommand(
        source=source, company=source.company, kind=PushKind.ORDER_INVOICE, subject=_subject(source, order),
        label=order, payload=OrderInvoice(order, number),
    )  # fmt: skip
    return services.queue([command], user)[0]


def _subject(source: Source, order: str) -> str:
    """The push subject of an order; a long number is replaced by its hash, so that no two orders share a subject."""
    subject = f"order:{source.pk}/{order}"
    return subject if len(subject) <= _LONGEST else f"order:{source.pk}/{sha256(order.encode()).hexdigest()[:32]}"
