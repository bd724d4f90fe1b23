"""The page of a book's periods: who asks that one be closed, who closes it, and who opens it again."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core import refusals
from apps.core.views import needs
from apps.vouchers import closing, selectors
from apps.vouchers import periods as overview
from apps.vouchers.forms import numbers
from apps.vouchers.models import AccountBook

_MONTHS = 13  # shown: the present one and a year


@require_safe
@needs("vouchers.view_closedperiod")
def periods(request: HttpRequest) -> HttpResponse:
    books = selectors.books(request.user)
    chosen = numbers(request.GET.get("book", ""))
    book = get_object_or_404(books, pk=chosen[0]) if chosen else books.first()
    if book is None:
        return render(request, "vouchers/no_book.html")
    rows = overview.periods_of(book, _latest(timezone.localdate()))
    may_close = request.user.has_perm("vouchers.add_closedperiod")
    refused = closing.refusals(book, [row.period for row in rows], request.user) if may_close else {}  # type: ignore[arg-type]
    context = {
        "books": books,
        "book": book,
        "rows": [(row, refused.get(row.period)) for row in rows],
        "openings": overview.openings(book),
    }
    return render(request, "vouchers/periods.html", context)


@require_POST
@needs("vouchers.add_closingrequest")
def request_closing(request: HttpRequest, book: int, period: str) -> HttpResponse:
    user: Any = request.user
    done = _("You asked to close period %(period)s. Another person closes it.") % {"period": period}
    return _act(request, book, lambda chosen: closing.request_closing(chosen, period, user), done)


@require_POST
@needs("vouchers.delete_closingrequest")
def withdraw(request: HttpRequest, book: int, period: str) -> HttpResponse:
    done = _("The request to close period %(period)s is withdrawn.") % {"period": period}
    return _act(request, book, lambda chosen: closing.withdraw_request(chosen, period), done)


@require_POST
@needs("vouchers.add_closedperiod")
def close(request: HttpRequest, book: int, period: str) -> HttpResponse:
    user: Any = request.user
    done = _("Period %(period)s is closed.") % {"period": period}
    return _act(request, book, lambda chosen: closing.close_period(chosen, period, user), done)


@require_POST
@needs("vouchers.delete_closedperiod")
def open_again(request: HttpRequest, book: int, period: str) -> HttpResponse:
    reason = request.POST.get("reason", "")
    done = _("Period %(period)s is open again.") % {"period": period}
    return _act(request, book, lambda chosen: closing.open_period(chosen, period, reason), done)


def _act(request: HttpRequest, book: int, act: Callable[[AccountBook], object], done: str) -> HttpResponse:
    chosen = get_object_or_404(selectors.books(request.user), pk=book)
    with refusals.on_page(request):
        act(chosen)
        messages.success(request, done)
    return redirect(f"{reverse('periods')}?book={book}")


def _latest(today: date) -> list[str]:
    """The present period and those of the year before, yyyyMM, newest first."""
    months = [today.year * 12 + today.month - 1 - back for back in range(_MONTHS)]
    return [f"{month // 12:04d}{month % 12 + 1:02d}" for month in months]
