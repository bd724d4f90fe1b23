"""The invoice list: filters, search, pages by key, export."""

from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core import keyset
from apps.core.filter_chips import chips
from apps.core.views import needs
from apps.invoices import sheets
from apps.invoices.filters import InvoiceFilter
from apps.invoices.models import Invoice
from apps.invoices.selectors import estimated_count, ledger
from apps.sources.models import Source

_PAGE_SIZE = 50
_AMOUNTS = ("amount_excl_tax", "tax_amount", "total_amount")
_ORDERS = {
    "-date": keyset.Order("issue_date", True, date.fromisoformat),
    "date": keyset.Order("issue_date", False, date.fromisoformat),
    "-total": keyset.Order("total_amount", True, Decimal),
    "total": keyset.Order("total_amount", False, Decimal),
}
_DEFAULT_ORDER = "-date"
_NOT_FILTERS = ("after", "before", "order")


@require_safe
@needs("invoices.view_invoice")
def invoice_list(request: HttpRequest) -> HttpResponse:
    narrowed = InvoiceFilter(request.GET, ledger(request.user), request=request)
    found = narrowed.qs if narrowed.is_valid() else ledger(request.user).none()
    count, exact, few = estimated_count(found)
    order = request.GET.get("order", _DEFAULT_ORDER)
    if order not in _ORDERS:
        order = _DEFAULT_ORDER
    position = request.GET.get("after", ""), request.GET.get("before", "")
    page = keyset.page(_with_parties(found), _ORDERS[order], _PAGE_SIZE, *position, few=few)
    context = {
        "filter": narrowed,
        "page": page,
        "count": count,
        "exact": exact,
        "order": order,
        "chips": chips(narrowed, request.GET),
        "source_names": dict(Source.objects.visible_to(request.user).values_list("pk", "name")),
        "sums": {name: _sum(page.rows, name) for name in _AMOUNTS},
        "filter_query": _filter_query(request.GET),
    }
    return render(request, "invoices/list.html", context)


@require_safe
@needs("invoices.view_invoice")
def export(request: HttpRequest, form: str) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """Everything the filter finds, as an Excel file or as CSV, the list's columns in the reader's language."""
    narrowed = InvoiceFilter(request.GET, ledger(request.user), request=request)
    if not narrowed.is_valid():
        return render(request, "400.html", status=400)
    names = dict(Source.objects.visible_to(request.user).values_list("pk", "name"))
    found = _with_parties(narrowed.qs).order_by("-issue_date", "-pk")
    name = f"invoices-{timezone.localdate():%Y%m%d}.{form}"
    if form == "csv":
        return StreamingHttpResponse(
            sheets.csv_lines(found, names),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
    if estimated_count(found, cap=sheets.MOST_ROWS)[0] >= sheets.MOST_ROWS:
        messages.warning(request, _("That is more than an Excel sheet holds. Narrow the filter, or export as CSV."))
        return redirect(f"{reverse('invoices')}?{request.GET.urlencode()}")
    return FileResponse(sheets.workbook(found, names), as_attachment=True, filename=name)


def _with_parties(found: QuerySet[Invoice]) -> QuerySet[Invoice]:
    return found.select_related("buyer", "seller").defer("travel", "remark")


def _sum(rows: list[Invoice], field: str) -> Decimal:
    return sum((value for row in rows if (value := getattr(row, field)) is not None), Decimal())


def _filter_query(query: QueryDict) -> str:
    """The address's filters without its place in the list."""
    kept = query.copy()
    for name in _NOT_FILTERS:
        kept.pop(name, None)
    return kept.urlencode()
