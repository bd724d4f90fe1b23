"""Closes and opens periods (结账, 反结账). One person asks that a period be closed, another closes it.

Closing and opening take the book's lock exclusively, so that no change of a voucher runs meanwhile.
"""

import pghistory
from django.db import transaction

from apps.accounts import duties
from apps.accounts.choices import Duty
from apps.accounts.models import User
from apps.core.errors import HubError

from . import checks, selectors, writing
from .models import AccountBook, ClosedPeriod, ClosingRequest


def request_closing(book: AccountBook, period: str, user: User) -> ClosingRequest:
    """Ask that a period be closed. A request that somebody has made already stays as it is.

    Raises HubError when the period is closed, or while vouchers of it are unfinished.
    """
    with transaction.atomic():
        writing.lock_books([book.pk], exclusive=True)
        if not checks.valid_period(period):
            raise HubError("voucher.bad_period", period=period)
        if ClosedPeriod.objects.filter(book=book, period=period).exists():
            raise HubError("voucher.period_closed", period=period)
        _require_finished(book, period)
        return ClosingRequest.objects.get_or_create(book=book, period=period, defaults={"requested_by": user})[0]


def withdraw_request(book: AccountBook, period: str) -> bool:
    """Take back the request to close a period; False when there is none."""
    return bool(ClosingRequest.objects.filter(book=book, period=period).delete()[0])


def close_period(book: AccountBook, period: str, user: User | None) -> ClosedPeriod:
    """Close a period for all changes, which another person has asked for. One that is closed stays as it is.

    Raises HubError while vouchers of it are unfinished, without a request (``closing.not_requested``) and for one of
    this person's own (``duties.own``), unless the policy allows closing on one's own.
    """
    with transaction.atomic():
        writing.lock_books([book.pk], exclusive=True)
        closed = ClosedPeriod.objects.filter(book=book, period=period).first()
        if closed is not None:
            return closed
        for error in refusals(book, [period], user).values():
            raise error
        _require_finished(book, period)
        ClosingRequest.objects.filter(book=book, period=period).delete()
        return ClosedPeriod.objects.create(book=book, period=period, closed_by=user)


def open_period(book: AccountBook, period: str, reason: str) -> bool:
    """Open a closed period again; False when it was open. The history of the closed period keeps the reason.

    Raises HubError ``closing.reason_needed``.
    """
    if not reason.strip():
        raise HubError("closing.reason_needed")
    with transaction.atomic(), pghistory.context(reason=reason.strip()[:300]):
        writing.lock_books([book.pk], exclusive=True)
        return bool(ClosedPeriod.objects.filter(book=book, period=period).delete()[0])


def refusals(book: AccountBook, periods: list[str], user: User | None) -> dict[str, HubError]:
    """Period → why this person may not close it, whatever its vouchers are like; None is the system."""
    if user is None:
        return {}
    requests = dict(
        ClosingRequest.objects.filter(book=book, period__in=periods).values_list("period", "requested_by_id")
    )
    documents = [
        duties.Document(index, book.company_id, {requests.get(period)}) for index, period in enumerate(periods)
    ]
    refused = {periods[index]: error for index, error in duties.refusals(user, Duty.CLOSING, documents).items()}
    if not duties.own_allowed(Duty.CLOSING, [book.company_id]):
        missing = [period for period in periods if period not in requests]
        refused |= {period: HubError("closing.not_requested", period=period, book=book) for period in missing}
    return refused


def _require_finished(book: AccountBook, period: str) -> None:
    unfinished = selectors.unfinished(book, period).count()
    if unfinished:
        raise HubError("voucher.period_with_open_work", period=period, book=book, count=unfinished)
