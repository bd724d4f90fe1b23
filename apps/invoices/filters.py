"""The filters of the ledger: one set for pages, exports and REST."""

from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Company
from apps.sources.models import Source

from . import choices
from .identity import fold
from .models import FieldConflict, Invoice
from .selectors import matching_parties

_SHORTEST_PREFIX = 6  # of a number; anything shorter would match half the ledger


def _visible_companies(request: Any) -> QuerySet[Any]:
    return Company.objects.visible_to(getattr(request, "user", None))


def _visible_sources(request: Any) -> QuerySet[Source]:
    return Source.objects.visible_to(getattr(request, "user", None))


class InvoiceFilter(django_filters.FilterSet):
    """Narrows ``selectors.ledger(user)``; needs ``request`` for the companies and sources that may be chosen."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    kind = django_filters.MultipleChoiceFilter(choices=choices.Kind.choices, label=_("Kind"))
    status = django_filters.MultipleChoiceFilter(choices=choices.Status.choices, label=_("Status"))
    direction = django_filters.ChoiceFilter(choices=choices.Flow.choices, label=_("Direction"))
    verification = django_filters.ChoiceFilter(choices=choices.Verified.choices, label=_("Verification"))
    deduction_status = django_filters.ChoiceFilter(choices=choices.Deduction.choices, label=_("Deduction"))
    deduction_period = django_filters.CharFilter(label=_("Deduction period (yyyyMM)"))
    expense_status = django_filters.ChoiceFilter(choices=choices.Expense.choices, label=_("Expense status"))
    flag = django_filters.ChoiceFilter(choices=choices.Flag.choices, method="with_flag", label=_("Flag"))
    company = django_filters.ModelChoiceFilter(queryset=_visible_companies, method="of_company", label=_("Company"))
    source = django_filters.ModelChoiceFilter(queryset=_visible_sources, method="known_to_source", label=_("Source"))
    issued_from = django_filters.DateFilter(field_name="issue_date", lookup_expr="gte", label=_("Issued from"))
    issued_to = django_filters.DateFilter(field_name="issue_date", lookup_expr="lte", label=_("Issued to"))
    total_min = django_filters.NumberFilter(field_name="total_amount", lookup_expr="gte", label=_("Total from"))
    total_max = django_filters.NumberFilter(field_name="total_amount", lookup_expr="lte", label=_("Total to"))
    has_conflict = django_filters.BooleanFilter(method="disputed", label=_("Sources disagree"))

    class Meta:
        model = Invoice
        fields: list[str] = []

    def with_flag(self, queryset: QuerySet[Invoice], _name: str, value: str) -> QuerySet[Invoice]:
        return queryset.filter(flags__contains=[value])

    def of_company(self, queryset: QuerySet[Invoice], _name: str, value: Any) -> QuerySet[Invoice]:
        return queryset.filter(company_ids__contains=[value.pk])

    def known_to_source(self, queryset: QuerySet[Invoice], _name: str, value: Source) -> QuerySet[Invoice]:
        return queryset.filter(source_ids__contains=[value.pk])

    def disputed(self, queryset: QuerySet[Invoice], _name: str, value: bool) -> QuerySet[Invoice]:
        open_conflict = FieldConflict.objects.filter(invoice=OuterRef("pk"), state=choices.ConflictState.OPEN)
        return queryset.filter(Exists(open_conflict) if value else ~Exists(open_conflict))

    def search(self, queryset: QuerySet[Invoice], _name: str, value: str) -> QuerySet[Invoice]:
        """Numbers, the beginning of a number, an amount, or a party's name or taxpayer number."""
        return queryset.filter(_by_number(value) | _by_amount(value) | _by_party(value)) if value.strip() else queryset


def _by_number(text: str) -> Q:
    number = fold(text)
    condition = Q(number=number) | Q(digital_number=number) | Q(key=text.strip())
    if len(number) >= _SHORTEST_PREFIX and number.isalnum() and number.isascii():
        condition |= Q(key__startswith=f"E:{number}") | Q(key__startswith=f"C:{number}")
    return condition


def _by_amount(text: str) -> Q:
    """1,234.50 and -99 are totals; a bare 20-digit number is not one."""
    plain = text.strip().replace(",", "").replace("¥", "").replace("￥", "")
    unsigned = plain.removeprefix("-")
    if not unsigned.replace(".", "", 1).isdecimal() or not unsigned.isascii() or len(unsigned.partition(".")[0]) > 12:
        return Q()
    return Q(total_amount=Decimal(plain).quantize(Decimal("0.01")))


def _by_party(text: str) -> Q:
    parties = matching_parties(text.strip())
    return Q(seller__in=parties) | Q(buyer__in=parties) if parties else Q()
