"""Receiving the messages of a channel: each is stored, then confirmed, then applied. After a crash in between, the
vendor sends it again or the job finds it unapplied; a message is one row, however often it is sent."""

import structlog
from django.utils import timezone

from apps.bills.models import AssistantMessage, AssistantSession
from apps.core.errors import UpstreamError
from apps.sources.connectors.piaozone import messages
from apps.sources.connectors.piaozone.assistant import Assistant, Heard, written

from . import applying

log = structlog.get_logger(__name__)


def receive(session: AssistantSession, assistant: Assistant) -> AssistantMessage | None:
    """One long poll; the message it returned, None without one. Raises UpstreamError when the channel cannot be
    read."""
    received = assistant.next_message(session.link_key)
    AssistantSession.objects.filter(pk=session.pk).update(polled_at=timezone.now(), trouble=None)
    if received is None:
        return None
    message, _new = store(session, received)
    if received.confirmable:
        _confirm(session, assistant, message)
    applying.apply(message.pk)
    return message


def store(session: AssistantSession, received: Heard) -> tuple[AssistantMessage, bool]:
    """Store a message; the row, and whether it is new."""
    try:
        event = messages.event(received.payload)
    except messages.Unreadable:
        event = messages.Event("", ())
    return AssistantMessage.objects.get_or_create(
        source_id=session.source_id,
        msg_id=received.id,
        defaults={
            "session": session,
            "bill_id": session.bill_id,
            "type": event.type,
            "bill_number": event.bill,
            "external_key": event.external_key,
            "payload": written(received.payload),
        },
    )


def _confirm(session: AssistantSession, assistant: Assistant, message: AssistantMessage) -> None:
    """Confirm a message each time it is received, because an earlier confirmation may have been lost."""
    try:
        assistant.confirm(session.link_key, message.msg_id)
    except UpstreamError as error:
        log.warning("assistant.unconfirmed", message=message.pk, code=error.message.code)
        return
    AssistantMessage.objects.filter(pk=message.pk, receipted_at=None).update(receipted_at=timezone.now())
