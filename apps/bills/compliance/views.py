"""Overriding findings on the page of a bill."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.bills.views.bill import seen_revision, tried, visible_bill
from apps.core.views import needs

from . import services


@require_POST
@needs("bills.override_check")
def override(request: HttpRequest, pk: int) -> HttpResponse:
    """Override the ticked findings with the reason."""
    bill = visible_bill(request, pk)
    ticked, reason = request.POST.getlist("finding"), request.POST.get("reason", "")
    done = _("The findings you ticked no longer stop the bill.")
    tried(request, lambda: services.override(bill, ticked, reason, request.user, seen_revision(request)), done)  # type: ignore[arg-type]
    return redirect("bill", pk=pk)


@require_POST
@needs("bills.override_check")
def take_back(request: HttpRequest, pk: int, override_id: int) -> HttpResponse:
    bill = visible_bill(request, pk)
    done = _("The finding counts again.")
    tried(request, lambda: services.take_back(bill, override_id, request.user, seen_revision(request)), done)  # type: ignore[arg-type]
    return redirect("bill", pk=pk)
