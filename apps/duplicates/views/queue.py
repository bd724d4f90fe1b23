"""The list of cases: counts, filters, decisions about many cases, and the state of the search."""

import uuid
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.accounts.visibility import visible_company_ids
from apps.core import refusals
from apps.core.filter_chips import chips
from apps.core.keyset import Order
from apps.core.lists import NEWEST_FIRST, ListView
from apps.core.views import needs, place_to_return
from apps.duplicates import searching, selectors, services
from apps.duplicates.choices import UNDOABLE, Action, Kind, RuleCode, State
from apps.duplicates.filters import CaseFilter
from apps.duplicates.models import CandidatePair, CaseMember, DuplicateCase

_SAMPLE = 5


class CaseList(ListView[DuplicateCase]):
    """The queue: open cases unless another state is asked for."""

    permission = "duplicates.view_duplicatecase"
    template = "duplicates/queue.html"
    visible = staticmethod(DuplicateCase.objects.visible_to)
    filter_class = CaseFilter
    orders = {"-id": NEWEST_FIRST, "-total": Order("total_amount", True, Decimal)}
    related = ("assigned_to",)

    @cached_property
    def query(self) -> QueryDict:
        query = self.request.GET.copy()
        query.setdefault("state", State.OPEN)
        return query

    def extra_context(self) -> dict[str, Any]:
        user = self.request.user
        return {
            "chosen": self.query,
            "chips": chips(self.filter, self.request.GET),  # the state that nobody asked for is no chip
            "rows": _rows(self.page.rows),
            "tiers": selectors.counts(user),
            "search": selectors.last_search(),
            "backlog": searching.backlog(),
            "sees_all": visible_company_ids(user) is None,
            "last_decision": selectors.undoable(user).filter(user=user.pk).first(),
            "batch": self.request.GET.get("batch", ""),
        }


def _rows(cases: list[DuplicateCase]) -> list[dict[str, Any]]:
    """Each case with its invoices and rules, in a fixed number of queries."""
    by_case: dict[int, dict[str, Any]] = {case.pk: {"case": case, "invoices": [], "rules": {}} for case in cases}
    members = CaseMember.objects.filter(case__in=by_case).select_related("invoice__seller")
    for member in members:
        by_case[member.case_id]["invoices"].append(member.invoice)
    for case, rules in CandidatePair.objects.filter(case__in=by_case).values_list("case_id", "rules"):
        by_case[case]["rules"].update({rule: RuleCode(rule).label for rule in rules})
    return list(by_case.values())


@require_POST
@needs("duplicates.decide_duplicatecase")
def many(request: HttpRequest) -> HttpResponse:
    """Decide all cases of a filter: the first POST shows a preview, the second with ``sure=yes`` decides."""
    query = request.POST.copy()
    action, text = request.POST.get("action", ""), request.POST.get("text", "").strip()
    if action not in UNDOABLE:
        return render(request, "400.html", status=400)
    open_cases = DuplicateCase.objects.visible_to(request.user).filter(state=State.OPEN)
    case_filter = CaseFilter(query, open_cases, request=request)
    kind = Kind.CLAIM if action == Action.CONFIRM else Kind.SUSPECT if action == Action.MERGE else None
    matching = case_filter.qs if case_filter.is_valid() else DuplicateCase.objects.none()
    if kind:
        matching = matching.filter(kind=kind)
    cases = list(matching.order_by("pk")[: services.MOST_AT_ONCE + 1])
    back = place_to_return(request, reverse("duplicates"))
    if request.POST.get("sure") != "yes":
        context = {
            "cases": _rows(cases[:_SAMPLE]),
            "count": min(len(cases), services.MOST_AT_ONCE),
            "more": len(cases) > services.MOST_AT_ONCE,
            "action": action,
            "label": Action(action).label,
            "asked": [(name, value) for name, value in query.items() if name not in ("csrfmiddlewaretoken", "sure")],
            "back": back,
        }
        return render(request, "duplicates/many.html", context)
    result = services.decide_many(cases[: services.MOST_AT_ONCE], action, request.user, text)  # type: ignore[arg-type]
    message = ngettext("%(n)s case decided.", "%(n)s cases decided.", result.decided) % {"n": result.decided}
    messages.success(request, " ".join([message, *result.skipped[:3]]))
    return redirect(f"{reverse('duplicates')}?batch={result.batch}")


@require_POST
@needs("duplicates.decide_duplicatecase")
def undo_many(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    with refusals.on_page(request):
        number = services.undo_batch(batch, request.user)  # type: ignore[arg-type]
        if number:
            messages.success(request, _("Undone: %(n)s decisions.") % {"n": number})
        else:
            messages.info(request, _("There is nothing here that you may undo."))
    return redirect(place_to_return(request, reverse("duplicates")))
