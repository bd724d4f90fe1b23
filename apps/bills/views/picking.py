"""Reserving invoices of the ledger for a bill, and releasing them."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.accounts.visibility import visible_company_ids
from apps.bills import services
from apps.bills.filters import PickFilter
from apps.bills.models import Bill
from apps.bills.selectors import reservations_of, shares_by_amount
from apps.core import refusals
from apps.core.keyset import Order
from apps.core.lists import ListView
from apps.core.views import needs, place_to_return
from apps.duplicates.selectors import open_certain_case
from apps.invoices.choices import Flow
from apps.invoices.models import Invoice
from apps.invoices.selectors import ledger

from .bill import seen_revision, tried, visible_bill

_MOST_REFUSALS_SHOWN = 20


class PickList(ListView[Invoice]):
    """The invoices of the bill's company, the newest first; one that another bill reserves names it, and cannot be
    chosen."""

    permission = "bills.change_bill"
    template = "bills/pick.html"
    visible = staticmethod(ledger)
    filter_class = PickFilter
    orders = {"": Order("issue_date", True, date.fromisoformat)}
    related = ("buyer", "seller")
    deferred = ("travel", "remark")

    @cached_property
    def bill(self) -> Bill:
        return visible_bill(self.request, self.kwargs["pk"])

    @cached_property
    def sharing(self) -> bool:
        return shares_by_amount(self.bill.company_id, self.bill.type)

    @cached_property
    def query(self) -> QueryDict:
        return _asked(self.request.GET, self.sharing)

    def rows(self) -> QuerySet[Invoice]:
        return super().rows().filter(company_ids__contains=[self.bill.company_id], deleted=False)

    def extra_context(self) -> dict[str, Any]:
        ids = [invoice.pk for invoice in self.page.rows]
        return {
            "bill": self.bill,
            "reservations": {invoice: bill_invoices[0] for invoice, bill_invoices in reservations_of(ids).items()},
            "visible": visible_company_ids(self.request.user),
            "cases": open_certain_case(ids),
            "sharing": self.sharing,
            "lines": list(self.bill.lines.all()),
        }


def _asked(query: QueryDict, sharing: bool) -> QueryDict:
    """The filters of the address. Until the person has changed a filter (``asked``): received invoices and, unless
    bills share invoices, unused ones. A text search covers used invoices too, so that the page names the bill of
    each."""
    filters = query.copy()
    if "asked" not in query:
        filters.setdefault("direction", Flow.INPUT)
        if not sharing:
            filters.setdefault("free", "true")
    if filters.get("q"):
        filters.pop("free", None)
    filters["asked"] = "1"
    return filters


def _ids(request: HttpRequest, name: str) -> list[int]:
    """The ticked ids; an id has at most 18 digits."""
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
    for refusal in picked.refused[:_MOST_REFUSALS_SHOWN]:
        messages.warning(request, str(refusal.message))
    return redirect(back if picked.refused else reverse("bill", args=[pk]))


@require_POST
@needs("bills.change_bill")
def release(request: HttpRequest, pk: int) -> HttpResponse:
    bill = visible_bill(request, pk)
    ids = _ids(request, "bill_invoice")
    if ids:
        done = _("Taken off the bill; the invoices are free for others.")
        tried(request, lambda: services.release(bill, ids, request.user, seen_revision(request)), done)  # type: ignore[arg-type]
    else:
        messages.info(request, _("Tick the invoices first."))
    return redirect("bill", pk=pk)
