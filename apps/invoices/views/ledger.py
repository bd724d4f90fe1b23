"""The invoice list: filters, search, pages by key, export."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core.counting import estimated_count
from apps.core.keyset import Order
from apps.core.lists import ListView
from apps.core.views import needs
from apps.invoices import sheets
from apps.invoices.filters import InvoiceFilter
from apps.invoices.models import Invoice
from apps.invoices.selectors import ledger
from apps.sources.models import Source

_AMOUNTS = ("amount_excl_tax", "tax_amount", "total_amount")


class InvoiceList(ListView[Invoice]):
    """The ledger, with the sums of the page."""

    permission = "invoices.view_invoice"
    template = "invoices/list.html"
    visible = staticmethod(ledger)
    filter_class = InvoiceFilter
    orders = {
        "-date": Order("issue_date", True, date.fromisoformat),
        "date": Order("issue_date", False, date.fromisoformat),
        "-total": Order("total_amount", True, Decimal),
        "total": Order("total_amount", False, Decimal),
    }
    related = ("buyer", "seller")
    deferred = ("travel", "remark")

    def extra_context(self) -> dict[str, Any]:
        return {
            "source_names": dict(Source.objects.visible_to(self.request.user).values_list("pk", "name")),
            "sums": {name: _sum(self.page.rows, name) for name in _AMOUNTS},
        }


@require_safe
@needs("invoices.view_invoice")
def export(request: HttpRequest, form: str) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """All invoices of the filter as an Excel or CSV file, the list's columns in the reader's language."""
    narrowed = InvoiceFilter(request.GET, ledger(request.user), request=request)
    if not narrowed.is_valid():
        return render(request, "400.html", status=400)
    names = dict(Source.objects.visible_to(request.user).values_list("pk", "name"))
    invoices = narrowed.qs.select_related("buyer", "seller").defer("travel", "remark").order_by("-issue_date", "-pk")
    name = f"invoices-{timezone.localdate():%Y%m%d}.{form}"
    if form == "csv":
        return StreamingHttpResponse(
            sheets.csv_lines(invoices, names),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
    if estimated_count(invoices, cap=sheets.MOST_ROWS)[0] >= sheets.MOST_ROWS:
        messages.warning(request, _("That is more than an Excel sheet holds. Narrow the filter, or export as CSV."))
        return redirect(f"{reverse('invoices')}?{request.GET.urlencode()}")
    return FileResponse(sheets.workbook(invoices, names), as_attachment=True, filename=name)


def _sum(rows: list[Invoice], field: str) -> Decimal:
    return sum((value for row in rows if (value := getattr(row, field)) is not None), Decimal())
