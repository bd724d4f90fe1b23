"""The list of findings, and acknowledging them."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core import refusals
from apps.core.lists import ListView
from apps.core.views import needs, place_to_return
from apps.vouchers import findings, selectors
from apps.vouchers.choices import FindingState
from apps.vouchers.forms import NoteForm
from apps.vouchers.models import Finding


class FindingList(ListView[Finding]):
    """Findings of one state (default: open), newest first; ``mine=1``: only those that concern the reader."""

    permission = "vouchers.view_finding"
    template = "vouchers/findings.html"
    visible = staticmethod(selectors.findings)

    @cached_property
    def state(self) -> str:
        state = self.request.GET.get("state", "")
        return state if state in FindingState.values else FindingState.OPEN.value

    @cached_property
    def mine(self) -> bool:
        return self.request.GET.get("mine") == "1"

    def narrowed(self) -> QuerySet[Finding]:
        rows = self.rows().filter(state=self.state)
        return rows.filter(people=self.request.user.pk) if self.mine else rows

    def shown(self, rows: QuerySet[Finding]) -> QuerySet[Finding]:
        return selectors.with_visible_references(rows, self.request.user)

    def extra_context(self) -> dict[str, Any]:
        return {"state": self.state, "mine": self.mine, "states": FindingState.choices}


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
