"""The invoice list: filters, search, pages by key, export."""

import csv
import itertools
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from defusedcsv import csv as safe_csv
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core import keyset
from apps.core.views import needs
from apps.invoices import comparison
from apps.invoices.filters import InvoiceFilter
from apps.invoices.models import Invoice
from apps.invoices.selectors import estimated_count, ledger
from apps.sources.selectors import sources

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
    """Sorting by total has no index to lean on, so it is offered only for as many invoices as are counted exactly."""
    narrowed = InvoiceFilter(request.GET, ledger(request.user), request=request)
    found = narrowed.qs if narrowed.is_valid() else ledger(request.user).none()
    count, exact = estimated_count(found)
    order = request.GET.get("order", _DEFAULT_ORDER)
    if order not in _ORDERS or (order.endswith("total") and not exact):
        order = _DEFAULT_ORDER
    position = request.GET.get("after", ""), request.GET.get("before", "")
    page = keyset.page(_with_parties(found), _ORDERS[order], _PAGE_SIZE, *position)
    context = {
        "filter": narrowed,
        "page": page,
        "count": count,
        "exact": exact,
        "order": order,
        "chips": _chips(narrowed, request.GET),
        "source_names": dict(sources(request.user).values_list("pk", "name")),
        "sums": {name: _sum(page.rows, name) for name in _AMOUNTS},
        "filter_query": _filter_query(request.GET),
    }
    return render(request, "invoices/list.html", context)


@require_safe
@needs("invoices.view_invoice")
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Everything the filter finds, streamed; the byte order mark tells Excel that it is UTF-8."""
    narrowed = InvoiceFilter(request.GET, ledger(request.user), request=request)
    if not narrowed.is_valid():
        return render(request, "400.html", status=400)
    names = dict(sources(request.user).values_list("pk", "name"))
    rows = _with_parties(narrowed.qs).order_by("-issue_date", "-pk")
    return StreamingHttpResponse(
        _csv_lines(rows, names),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="invoices-{timezone.localdate():%Y%m%d}.csv"'},
    )


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


def _chips(narrowed: InvoiceFilter, query: QueryDict) -> list[dict[str, str]]:
    """Each active filter in words, with the address that lacks it."""
    chips = []
    for name, found in narrowed.filters.items():
        for value in filter(None, query.getlist(name)):
            rest = query.copy()
            rest.setlist(name, [other for other in query.getlist(name) if other != value])
            for position in ("after", "before"):
                rest.pop(position, None)
            chips.append({"label": found.label, "text": _chosen(narrowed, name, value), "without": rest.urlencode()})
    return chips


def _chosen(narrowed: InvoiceFilter, name: str, value: str) -> str:
    choices: Any = getattr(narrowed.form.fields[name], "choices", ())
    if name == "has_conflict":
        choices = [("true", _("yes")), ("false", _("no"))]
    return next((str(label) for choice, label in choices if str(choice) == value), value)


class _Echo:
    """A file whose write gives the text back, so that csv makes lines and nothing is kept."""

    def write(self, text: str) -> str:
        return text


def _csv_lines(rows: QuerySet[Invoice], names: dict[int, str]) -> Iterator[str]:
    fields = [field for field in comparison.LABELS if field != "remark"]
    writer = safe_csv.writer(_Echo(), quoting=csv.QUOTE_MINIMAL)
    header = [*(comparison.LABELS[field] for field in fields), _("Flags"), _("Sources")]
    yield "\ufeff" + writer.writerow([str(label) for label in header])
    dated, undated = rows.exclude(issue_date=None), rows.filter(issue_date=None)
    for invoice in itertools.chain(dated.iterator(chunk_size=2000), undated.iterator(chunk_size=2000)):
        values = [comparison.exported(invoice, field) for field in fields]
        known_to = [names[pk] for pk in invoice.source_ids if pk in names]
        yield writer.writerow([*values, " ".join(invoice.flags), ", ".join(known_to)])
