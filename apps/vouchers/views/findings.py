"""Red alarms: invoices that went bad after they were used, and what people did about them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core import keyset, refusals
from apps.core.views import needs, place_to_return
from apps.invoices.selectors import estimated_count
from apps.vouchers import findings, selectors
from apps.vouchers.choices import FindingState
from apps.vouchers.forms import NoteForm

_PAGE_SIZE = 50
_NEWEST_FIRST = keyset.Order(field=None)


@require_safe
@needs("vouchers.view_finding")
def finding_list(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    if state not in FindingState.values:
        state = FindingState.OPEN.value
    mine = request.GET.get("mine") == "1"
    found = selectors.findings(request.user).filter(state=state)
    if mine:
        found = found.filter(people=request.user.pk)
    count, exact, few = estimated_count(found)
    listed = selectors.with_bill_invoices(found, request.user)
    places = request.GET.get("after", ""), request.GET.get("before", "")
    page = keyset.page(listed, _NEWEST_FIRST, _PAGE_SIZE, *places, few=few)
    context = {"page": page, "count": count, "exact": exact, "state": state, "mine": mine}
    return render(request, "vouchers/findings.html", {**context, "states": FindingState.choices})


@require_POST
@needs("vouchers.acknowledge_finding")
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    finding = get_object_or_404(selectors.findings(request.user), pk=pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors["note"]))
        return redirect(place_to_return(request, reverse("findings")))
    with refusals.on_page(request):
        findings.acknowledge(finding, request.user, form.cleaned_data["note"])  # type: ignore[arg-type]
        messages.success(request, _("Noted for invoice %(invoice)s.") % {"invoice": finding.invoice})
    return redirect(place_to_return(request, reverse("findings")))


@require_POST
@needs("vouchers.acknowledge_finding")
def again(request: HttpRequest, pk: int) -> HttpResponse:
    finding = get_object_or_404(selectors.findings(request.user), pk=pk)
    with refusals.on_page(request):
        findings.raise_again(finding)
    return redirect(place_to_return(request, reverse("findings")))
