"""Deciding about input tax on the page of a bill."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.bills.views.bill import seen_revision, visible_bill
from apps.core import refusals
from apps.core.views import needs

from . import overriding

_CHOICES = {"yes": True, "no": False, "computed": None}


@require_POST
@needs("bills.change_bill")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide about one invoice (``one``: "<bill invoice>:<choice>") or the ticked ones (``tax``: choice): deductible,
    not, or as computed."""
    bill = visible_bill(request, pk)
    one, _colon, chosen = request.POST.get("one", "").partition(":")
    ticked = [one] if one else request.POST.getlist("bill_invoice")
    choice = chosen or request.POST.get("tax", "")
    if choice not in _CHOICES:
        raise Http404
    ids = [int(text) for text in ticked if text.isdecimal() and len(text) <= 18]
    if not ids:
        messages.info(request, _("Tick the invoices first."))
        return redirect("bill", pk=pk)
    user, revision, deductible = request.user, seen_revision(request), _CHOICES[choice]
    with refusals.on_page(request):
        if deductible is None:
            count = overriding.recompute(bill, ids, user, revision)  # type: ignore[arg-type]
        else:
            reason = request.POST.get("reason", "")[:200]
            count = overriding.decide(bill, ids, user, revision, deductible=deductible, reason=reason)  # type: ignore[arg-type]
        sentence = ngettext(
            "The input tax of %(count)s invoice was changed.", "The input tax of %(count)s invoices was changed.", count
        )
        messages.success(request, sentence % {"count": count})
    return redirect("bill", pk=pk)
