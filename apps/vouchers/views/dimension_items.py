"""The dimension items of a company: the list, one item, the import, and the choices of entries."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import Company
from apps.core import refusals
from apps.core.keyset import Order
from apps.core.lists import ListView
from apps.core.views import needs
from apps.vouchers import selectors
from apps.vouchers.charts import selectors as chart_selectors
from apps.vouchers.charts import services, tables
from apps.vouchers.charts.filters import DimensionItemFilter
from apps.vouchers.charts.forms import ItemForm
from apps.vouchers.forms import numbers
from apps.vouchers.models import DimensionItem

from . import chart_imports


class ItemList(ListView[DimensionItem]):
    """Dimension items by name, of all companies that the reader may see."""

    permission = "vouchers.view_dimensionitem"
    template = "vouchers/charts/items.html"
    visible = staticmethod(chart_selectors.dimension_items)
    filter_class = DimensionItemFilter
    orders = {"": Order("name", False)}
    related = ("company",)

    def extra_context(self) -> dict[str, Any]:
        return {"several": Company.objects.visible_to(self.request.user)[1:2].exists()}


@needs("vouchers.add_dimensionitem")
def new(request: HttpRequest) -> HttpResponse:
    return _edit(request, DimensionItem(company=_company(request), kind=request.GET.get("kind", "")))


@needs("vouchers.change_dimensionitem")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    visible = chart_selectors.dimension_items(request.user).select_related("company")
    return _edit(request, get_object_or_404(visible, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("vouchers.add_dimensionitem")
@needs("vouchers.change_dimensionitem")
def upload(request: HttpRequest) -> HttpResponse:
    return chart_imports.upload(request, _import_of(_company(request)))


@require_POST
@needs("vouchers.add_dimensionitem")
@needs("vouchers.change_dimensionitem")
def apply(request: HttpRequest) -> HttpResponse:
    return chart_imports.apply(request, _import_of(_company(request)))


@require_safe
@needs("vouchers.view_dimensionitem")
def template(request: HttpRequest) -> HttpResponse:
    return chart_imports.template(tables.ITEM_COLUMNS, "dimension-items.xlsx")


@require_safe
@needs("vouchers.view_dimensionitem")
def choices(request: HttpRequest, pk: int) -> HttpResponse:
    """The active items of a dimension (``kind``) of the book's company, for what is typed so far (``q``)."""
    book = get_object_or_404(selectors.books(request.user), pk=pk)
    items = chart_selectors.item_choices(book.company_id, request.GET.get("kind", ""), request.GET.get("q", ""))
    return JsonResponse({"choices": [{"value": item.name} for item in items]})


def _edit(request: HttpRequest, item: DimensionItem) -> HttpResponse:
    form = ItemForm(request.POST or None, instance=item)
    if request.method == "POST" and form.is_valid():
        with refusals.on_form(form):
            services.put_item(item.company, form.row(), item if item.pk else None)
            return redirect(_list(item.company))
    context: dict[str, Any] = {"form": form, "company": item.company, "back": _list(item.company)}
    if item.pk:
        context["row"] = item
    else:
        context["companies"] = Company.objects.visible_to(request.user)
    return render(request, "vouchers/charts/item.html", context)


def _import_of(company: Company) -> chart_imports.Import:
    addresses = reverse("import_dimension_items"), reverse("apply_dimension_item_import")
    return chart_imports.ItemImport(company, _list(company), *addresses)


def _company(request: HttpRequest) -> Company:
    """The company that the address or the form names, else the first one; 404 without one."""
    companies = Company.objects.visible_to(request.user).order_by("pk")
    chosen = numbers(request.POST.get("company", "") or request.GET.get("company", ""))
    return get_object_or_404(companies, pk=chosen[0]) if chosen else get_object_or_404(companies[:1])


def _list(company: Company) -> str:
    return f"{reverse('dimension_items')}?company={company.pk}"
