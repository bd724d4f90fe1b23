"""Reversing and copying a voucher."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core import refusals
from apps.core.views import needs
from apps.vouchers import corrections, selectors
from apps.vouchers.models import Voucher


@needs("vouchers.add_voucher")
def reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Preview of the reversal (GET); make its draft (POST)."""
    voucher = _seen(request, pk)
    day = day_of(request)
    if request.method == "POST":
        user: Any = request.user
        revision = request.POST.get("revision", "")
        with refusals.on_page(request):
            made = corrections.reverse(pk, int(revision) if revision.isdecimal() else None, user, day)
            messages.success(request, _("This draft reverses voucher %(voucher)s.") % {"voucher": voucher})
            return redirect("voucher", made.pk)
    context = {
        "voucher": voucher,
        "content": corrections.preview(voucher, day),
        "day": day or timezone.localdate(),
        "refusal": corrections.refusal(voucher),
    }
    return render(request, "vouchers/reverse.html", context)


@require_POST
@needs("vouchers.add_voucher")
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    voucher = _seen(request, pk)
    user: Any = request.user
    with refusals.on_page(request):
        made = corrections.copy(voucher, user)
        messages.success(
            request, _("This is a copy of voucher %(voucher)s. Add its bills and invoices.") % {"voucher": voucher}
        )
        return redirect("edit_voucher", made.pk)
    return redirect("voucher", pk)


def day_of(request: HttpRequest) -> date | None:
    """The day that the form names; None for none or one that is no date."""
    try:
        return date.fromisoformat((request.POST or request.GET).get("day", ""))
    except ValueError:
        return None


def _seen(request: HttpRequest, pk: int) -> Voucher:
    return get_object_or_404(selectors.vouchers(request.user).select_related("book__company"), pk=pk)
