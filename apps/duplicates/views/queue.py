"""The queue of cases: counts, filters, keys, decisions about many, and when the search last ran."""

import uuid
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.visibility import visible_company_ids
from apps.core import keyset, refusals
from apps.core.filter_chips import chips
from apps.core.views import needs, place_to_return
from apps.duplicates import searching, selectors, services
from apps.duplicates.choices import UNDOABLE, Action, Kind, RuleCode, State
from apps.duplicates.filters import CaseFilter
from apps.duplicates.models import CandidatePair, CaseMember, DuplicateCase
from apps.invoices.selectors import estimated_count

_PAGE_SIZE = 50
_SAMPLE = 5
_ORDERS = {
    "-id": keyset.Order(None),
    "-total": keyset.Order("total_amount", True, Decimal),
}


@require_safe
@needs("duplicates.view_duplicatecase")
def queue(request: HttpRequest) -> HttpResponse:
    asked = request.GET.copy()
    asked.setdefault("state", State.OPEN)
    narrowed = CaseFilter(asked, DuplicateCase.objects.visible_to(request.user), request=request)
    found = narrowed.qs if narrowed.is_valid() else DuplicateCase.objects.none()
    order = request.GET.get("order", "-id")
    order = order if order in _ORDERS else "-id"
    position = request.GET.get("after", ""), request.GET.get("before", "")
    count, exact, few = estimated_count(found)
    page = keyset.page(found.select_related("assigned_to"), _ORDERS[order], _PAGE_SIZE, *position, few=few)
    context = {
        "filter": narrowed,
        "chosen": asked,
        "chips": chips(narrowed, request.GET),
        "page": page,
        "rows": _rows(page.rows),
        "count": count,
        "exact": exact,
        "order": order,
        "tiers": selectors.counts(request.user),
        "search": selectors.last_search(),
        "backlog": searching.backlog(),
        "sees_all": visible_company_ids(request.user) is None,
        "last_decision": selectors.undoable(request.user).filter(user=request.user.pk).first(),
        "batch": request.GET.get("batch", ""),
    }
    return render(request, "duplicates/queue.html", context)


def _rows(cases: list[DuplicateCase]) -> list[dict[str, Any]]:
    """Each case with its invoices and the rules that speak for it, in a fixed number of queries."""
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
    """Decide about all cases of a filter: first what would happen, then, asked again, done."""
    asked = request.POST.copy()
    action, text = request.POST.get("action", ""), request.POST.get("text", "").strip()
    if action not in UNDOABLE:
        return render(request, "400.html", status=400)
    narrowed = CaseFilter(
        asked, DuplicateCase.objects.visible_to(request.user).filter(state=State.OPEN), request=request
    )
    wanted_kind = Kind.CLAIM if action == Action.CONFIRM else Kind.SUSPECT if action == Action.MERGE else None
    found = narrowed.qs if narrowed.is_valid() else DuplicateCase.objects.none()
    if wanted_kind:
        found = found.filter(kind=wanted_kind)
    cases = list(found.order_by("pk")[: services.MOST_AT_ONCE + 1])
    back = place_to_return(request, reverse("duplicates"))
    if request.POST.get("sure") != "yes":
        context = {
            "cases": _rows(cases[:_SAMPLE]),
            "count": min(len(cases), services.MOST_AT_ONCE),
            "more": len(cases) > services.MOST_AT_ONCE,
            "action": action,
            "label": Action(action).label,
            "asked": [(name, value) for name, value in asked.items() if name not in ("csrfmiddlewaretoken", "sure")],
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
