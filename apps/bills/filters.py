"""What bills can be narrowed down by: one set for the pages and REST."""

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

_SHORTEST_INVOICE = 6  # digits; anything shorter is no invoice number


def _visible_companies(request: Any) -> QuerySet[Any]:
    return Company.objects.visible_to(getattr(request, "user", None))


class PickFilter(InvoiceFilter):
    """What a bill may be filled from: the ledger's filters, and whether anybody uses an invoice already."""

    free = django_filters.BooleanFilter(method="unused", label=_("Free?"))

    def unused(self, queryset: QuerySet[Invoice], _name: str, value: bool) -> QuerySet[Invoice]:
        nobody = Q(expense_status__in=(Expense.UNUSED, Expense.UNKNOWN))
        return queryset.filter(nobody if value else ~nobody)


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
        """The beginning of a bill's number or of its employee's name, or the whole number of an invoice on it."""
        text = value.strip()
        if not text:
            return queryset
        found = Q(number__startswith=text) | Q(employee__startswith=text)
        number = fold(text)
        if len(number) >= _SHORTEST_INVOICE and number.isdigit():
            invoices = Invoice.objects.filter(Q(number=number) | Q(digital_number=number))
            bill_invoices = BillInvoice.objects.exclude(state=BillInvoiceState.RELEASED).filter(
                invoice__in=invoices.values("pk")[:100]
            )
            found |= Q(
                pk__in=list(bill_invoices.values_list("bill", flat=True))
            )  # beside a subquery no index would be used
        return queryset.filter(found)

    def disputed(self, queryset: QuerySet[Bill], _name: str, value: bool) -> QuerySet[Bill]:
        contested = BillInvoice.objects.filter(bill=OuterRef("pk"), contested=True).exclude(
            state=BillInvoiceState.RELEASED
        )
        return queryset.filter(Exists(contested) if value else ~Exists(contested))
