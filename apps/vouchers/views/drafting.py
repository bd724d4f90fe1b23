"""Makes a draft voucher from chosen approved bills."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.bills.selectors import amounts_of
from apps.core import refusals
from apps.core.errors import HubError
from apps.core.views import needs
from apps.vouchers import proposals, selectors
from apps.vouchers.forms import numbers

_MOST = 200


@needs("vouchers.add_voucher")
def draft(request: HttpRequest) -> HttpResponse:
    books = selectors.books(request.user)
    query = request.POST if request.method == "POST" else request.GET
    chosen = numbers(query.get("book", ""))
    ticked = [pk for value in query.getlist("bill") for pk in numbers(value)]
    of_bills = books.filter(company__bills__in=ticked).first() if ticked and not chosen else None
    book = get_object_or_404(books, pk=chosen[0]) if chosen else of_bills or books.first()
    if book is None:
        return render(request, "vouchers/no_book.html")
    if request.method == "POST":
        user: Any = request.user
        with refusals.on_page(request):
            if not ticked:
                raise HubError("voucher.no_bills_chosen")
            voucher = proposals.draft_from_bills(ticked, book, user, _day(request.POST.get("day", "")))
            messages.success(request, _("Look the draft over; nothing has been sent yet."))
            return redirect("edit_voucher", voucher.pk)
    waiting = list(proposals.bookable_bills(book)[: _MOST + 1])
    context = {
        "books": books,
        "book": book,
        "bills": waiting[:_MOST],
        "ticked": ticked,
        "amounts": amounts_of(waiting[:_MOST]),
        "more": len(waiting) > _MOST,
        "most": _MOST,
        "today": timezone.localdate(),
        "mapped": bool(proposals.mapping(book)),
    }
    return render(request, "vouchers/draft.html", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
