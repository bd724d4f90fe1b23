"""Filters of bills: one set for the pages and REST."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Company
from apps.invoices.choices import Expense
from apps.invoices.filters import InvoiceFilter
from apps.invoices.identity import fold
from apps.invoices.models import Invoice

from .choices import BillInvoiceState, BillState, BillType, Origin
from .models import Bill, BillInvoice

_SHORTEST_INVOICE = 6  # digits; shorter texts are not looked up as invoice numbers


def _visible_companies(request: Any) -> QuerySet[Any]:
    return Company.objects.visible_to(getattr(request, "user", None))


class PickFilter(InvoiceFilter):
    """Invoices that may be put on a bill: the ledger's filters, and whether an invoice is unused."""

    free = django_filters.BooleanFilter(method="unused", label=_("Free?"))

    def unused(self, queryset: QuerySet[Invoice], _name: str, value: bool) -> QuerySet[Invoice]:
        unused = Q(expense_status__in=(Expense.UNUSED, Expense.UNKNOWN))
        return queryset.filter(unused if value else ~unused)


class BillFilter(django_filters.FilterSet):
    """Narrows ``Bill.objects.visible_to(user)``; needs ``request`` for the companies that may be chosen."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    state = django_filters.ChoiceFilter(choices=BillState.choices, label=_("State"))
    type = django_filters.ChoiceFilter(choices=BillType.choices, label=_("Type"))
    origin = django_filters.ChoiceFilter(choices=Origin.choices, label=_("Origin"))
    company = django_filters.ModelChoiceFilter(queryset=_visible_companies, label=_("Company"))
    dated_from = django_filters.DateFilter(field_name="bill_date", lookup_expr="gte", label=_("Dated from"))
    dated_to = django_filters.DateFilter(field_name="bill_date", lookup_expr="lte", label=_("Dated to"))
    contested = django_filters.BooleanFilter(method="disputed", label=_("Invoices contested"))

    class Meta:
        model = Bill
        fields: list[str] = []

    def search(self, queryset: QuerySet[Bill], _name: str, value: str) -> QuerySet[Bill]:
        """Match the start of a bill's number or of its employee's name, or the whole number of an invoice on it."""
        text = value.strip()
        if not text:
            return queryset
        condition = Q(number__startswith=text) | Q(employee__startswith=text)
        number = fold(text)
        if len(number) >= _SHORTEST_INVOICE and number.isdigit():
            invoices = Invoice.objects.filter(Q(number=number) | Q(digital_number=number))
            bill_invoices = BillInvoice.objects.exclude(state=BillInvoiceState.RELEASED).filter(
                invoice__in=invoices.values("pk")[:100]
            )
            condition |= Q(
                pk__in=list(bill_invoices.values_list("bill", flat=True))
            )  # a list: with a subquery PostgreSQL would use no index
        return queryset.filter(condition)

    def disputed(self, queryset: QuerySet[Bill], _name: str, value: bool) -> QuerySet[Bill]:
        contested = BillInvoice.objects.filter(bill=OuterRef("pk"), contested=True).exclude(
            state=BillInvoiceState.RELEASED
        )
        return queryset.filter(Exists(contested) if value else ~Exists(contested))
