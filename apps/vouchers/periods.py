"""Reads the periods of a book: what they have, who closed or opened them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import Count

from apps.accounts.models import User
from apps.accounts.names import name_of

from .models import AccountBook, ClosedPeriod, ClosingRequest, Voucher
from .selectors import SETTLED


@dataclass(frozen=True)
class PeriodRow:
    """A period of a book. ``vouchers``: how many it has, ``unfinished``: how many of them keep it from being closed."""

    period: str
    vouchers: int
    unfinished: int
    closed: ClosedPeriod | None
    request: ClosingRequest | None


def periods_of(book: AccountBook, periods: Sequence[str]) -> list[PeriodRow]:
    """These periods, and others that are closed or asked to be, newest first. Four queries."""
    closed = {one.period: one for one in ClosedPeriod.objects.filter(book=book).select_related("closed_by")}
    requests = {one.period: one for one in ClosingRequest.objects.filter(book=book).select_related("requested_by")}
    shown = sorted({*periods, *requests, *sorted(closed, reverse=True)[: len(periods)]}, reverse=True)
    of_book = Voucher.objects.filter(book=book, period__in=shown).order_by()
    counts = dict(of_book.values_list("period").annotate(Count("pk")))
    left = dict(of_book.exclude(SETTLED).values_list("period").annotate(Count("pk")))
    return [
        PeriodRow(period, counts.get(period, 0), left.get(period, 0), closed.get(period), requests.get(period))
        for period in shown
    ]


def openings(book: AccountBook) -> list[tuple[datetime, str, str, str]]:
    """The last times that a period of the book was opened again: (when, period, who, reason)."""
    model: Any = cast(Any, ClosedPeriod).pgh_event_model
    events = list(
        model.objects.filter(book=book, pgh_label="delete").select_related("pgh_context").order_by("-pgh_id")[:10]
    )
    contexts = [event.pgh_context.metadata if event.pgh_context else {} for event in events]
    people = User.objects.in_bulk([context["user"] for context in contexts if context.get("user")])
    return [
        (event.pgh_created_at, event.period, name_of(people.get(context.get("user"))), context.get("reason", ""))
        for event, context in zip(events, contexts, strict=True)
    ]
