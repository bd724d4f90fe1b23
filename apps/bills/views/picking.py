"""Choosing invoices for a bill out of the ledger, and taking them off again."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.visibility import visible_company_ids
from apps.bills import services
from apps.bills.filters import PickFilter
from apps.bills.selectors import holders, shares_by_amount
from apps.core import keyset, refusals
from apps.core.filter_chips import chips
from apps.core.views import needs, place_to_return
from apps.duplicates.selectors import open_certain_case
from apps.invoices.choices import Flow
from apps.invoices.selectors import estimated_count, ledger

from .bill import seen_revision, tried, visible_bill

_PAGE_SIZE = 50
_NEWEST_FIRST = keyset.Order("issue_date", True, date.fromisoformat)
_MOST_TOLD = 20


@require_safe
@needs("bills.change_bill")
def pick(request: HttpRequest, pk: int) -> HttpResponse:
    """The invoices of the bill's company, the newest first; those somebody holds say who, and cannot be chosen."""
    bill = visible_bill(request, pk)
    sharing = shares_by_amount(bill.company_id, bill.type)
    given = _asked(request.GET, sharing)
    own = ledger(request.user).filter(company_ids__contains=[bill.company_id], deleted=False)
    narrowed = PickFilter(given, own, request=request)
    found = narrowed.qs if narrowed.is_valid() else own.none()
    count, exact, few = estimated_count(found)
    places = request.GET.get("after", ""), request.GET.get("before", "")
    rows = found.select_related("buyer", "seller").defer("travel", "remark")
    page = keyset.page(rows, _NEWEST_FIRST, _PAGE_SIZE, *places, few=few)
    ids = [invoice.pk for invoice in page.rows]
    context = {
        "bill": bill,
        "filter": narrowed,
        "chips": chips(narrowed, given),
        "page": page,
        "count": count,
        "exact": exact,
        "holders": {invoice: bill_invoices[0] for invoice, bill_invoices in holders(ids).items()},
        "visible": visible_company_ids(request.user),
        "cases": open_certain_case(ids),
        "sharing": sharing,
        "lines": list(bill.lines.all()),
    }
    return render(request, "bills/pick.html", context)


def _asked(query: QueryDict, sharing: bool) -> QueryDict:
    """As long as the filters were not touched (``asked``): what was received and, unless bills share invoices, nobody
    uses. A search looks at all, so that one reads who has what one looks for."""
    given = query.copy()
    if "asked" not in query:
        given.setdefault("direction", Flow.INPUT)
        if not sharing:
            given.setdefault("free", "true")
    if given.get("q"):
        given.pop("free", None)
    given["asked"] = "1"
    return given


def _ids(request: HttpRequest, name: str) -> list[int]:
    """What was ticked; an id has at most 18 digits."""
    return [int(one) for one in request.POST.getlist(name) if one.isdecimal() and len(one) <= 18]


@require_POST
@needs("bills.change_bill")
def reserve(request: HttpRequest, pk: int) -> HttpResponse:
    bill = visible_bill(request, pk)
    ids = _ids(request, "invoice")
    line_id = request.POST.get("line", "")
    line = get_object_or_404(bill.lines, pk=int(line_id)) if line_id.isdecimal() else None
    back = place_to_return(request, reverse("pick_invoices", args=[pk]))
    if not ids:
        messages.info(request, _("Tick the invoices first."))
        return redirect(back)
    with refusals.on_page(request) as refused:
        picked = services.reserve(
            bill,
            ids,
            request.user,  # type: ignore[arg-type]
            seen_revision(request),
            line=line,
            override_reason=request.POST.get("override_reason", ""),
        )
    if refused:
        return redirect(back)
    if picked.bill_invoices:
        sentence = ngettext(
            "%(count)s invoice is on the bill now.",
            "%(count)s invoices are on the bill now.",
            len(picked.bill_invoices),
        )
        messages.success(request, sentence % {"count": len(picked.bill_invoices)})
    for refusal in picked.refused[:_MOST_TOLD]:
        messages.warning(request, str(refusal.message))
    return redirect(back if picked.refused else reverse("bill", args=[pk]))


@require_POST
@needs("bills.change_bill")
def release(request: HttpRequest, pk: int) -> HttpResponse:
    bill = visible_bill(request, pk)
    ids = _ids(request, "use")
    if ids:
        done = _("Taken off the bill; the invoices are free for others.")
        tried(request, lambda: services.release(bill, ids, request.user, seen_revision(request)), done)  # type: ignore[arg-type]
    else:
        messages.info(request, _("Tick the invoices first."))
    return redirect("bill", pk=pk)
