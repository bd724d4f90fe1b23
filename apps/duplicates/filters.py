"""Filters of cases, for the queue and REST."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Company
from apps.invoices.filters import InvoiceFilter
from apps.invoices.models import Invoice
from apps.invoices.selectors import ledger
from apps.sources.models import Source

from . import choices
from .models import CandidatePair, CaseMember, DuplicateCase


def _visible_companies(request: Any) -> QuerySet[Any]:
    return Company.objects.visible_to(getattr(request, "user", None))


def _visible_sources(request: Any) -> QuerySet[Source]:
    return Source.objects.visible_to(getattr(request, "user", None))


class CaseFilter(django_filters.FilterSet):
    """Narrows ``DuplicateCase.objects.visible_to(user)``; needs ``request``."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    state = django_filters.ChoiceFilter(choices=choices.State.choices, label=_("State"))
    tier = django_filters.ChoiceFilter(choices=choices.Tier.choices, label=_("Tier"))
    kind = django_filters.ChoiceFilter(choices=choices.Kind.choices, label=_("Kind"))
    rule = django_filters.ChoiceFilter(choices=choices.RuleCode.choices, method="by_rule", label=_("Rule"))
    company = django_filters.ModelChoiceFilter(queryset=_visible_companies, method="of_company", label=_("Company"))
    source = django_filters.ModelChoiceFilter(queryset=_visible_sources, method="of_source", label=_("Source"))
    mine = django_filters.BooleanFilter(method="assigned_to_me", label=_("Asked of me"))
    total_min = django_filters.NumberFilter(field_name="total_amount", lookup_expr="gte", label=_("Total from"))

    class Meta:
        model = DuplicateCase
        fields: list[str] = []

    def search(self, queryset: QuerySet[DuplicateCase], _name: str, value: str) -> QuerySet[DuplicateCase]:
        """Cases with an invoice that the search of the ledger matches."""
        if not value.strip():
            return queryset
        invoices = InvoiceFilter({"q": value}, ledger(self.request.user), request=self.request).qs
        return queryset.filter(
            Exists(CaseMember.objects.filter(case=OuterRef("pk"), invoice__in=invoices.values("pk")))
        )

    def by_rule(self, queryset: QuerySet[DuplicateCase], _name: str, value: str) -> QuerySet[DuplicateCase]:
        return queryset.filter(Exists(CandidatePair.objects.filter(case=OuterRef("pk"), rules__contains=[value])))

    def of_company(self, queryset: QuerySet[DuplicateCase], _name: str, value: Any) -> QuerySet[DuplicateCase]:
        return queryset.filter(company_ids__contains=[value.pk])

    def of_source(self, queryset: QuerySet[DuplicateCase], _name: str, value: Source) -> QuerySet[DuplicateCase]:
        invoices = Invoice.objects.filter(source_ids__contains=[value.pk])
        return queryset.filter(
            Exists(CaseMember.objects.filter(case=OuterRef("pk"), invoice__in=invoices.values("pk")))
        )

    def assigned_to_me(self, queryset: QuerySet[DuplicateCase], _name: str, value: bool) -> QuerySet[DuplicateCase]:
        return queryset.filter(assigned_to=self.request.user) if value else queryset
