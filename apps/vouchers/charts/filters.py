"""Filters of accounts and dimension items, for the pages and for REST."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Company
from apps.vouchers.choices import Dimension
from apps.vouchers.models import Account, AccountBook, DimensionItem
from apps.vouchers.selectors import books


def _visible_books(request: Any) -> QuerySet[AccountBook]:
    return books(getattr(request, "user", None))


def _visible_companies(request: Any) -> QuerySet[Company]:
    return Company.objects.visible_to(getattr(request, "user", None))


class AccountFilter(django_filters.FilterSet):
    """Filters ``selectors.accounts(user)``; needs ``request``, whose user limits the books to choose from."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    book = django_filters.ModelChoiceFilter(queryset=_visible_books, label=_("Account book"))
    code = django_filters.CharFilter(lookup_expr="startswith", label=_("Code begins with"))
    active = django_filters.BooleanFilter(label=_("Active"))

    class Meta:
        model = Account
        fields: list[str] = []

    def search(self, queryset: QuerySet[Account], _name: str, value: str) -> QuerySet[Account]:
        """Match the beginning of the code, or a part of the name."""
        return _matching(queryset, value)


class DimensionItemFilter(django_filters.FilterSet):
    """Filters ``selectors.dimension_items(user)``; needs ``request``, as ``AccountFilter`` does."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    company = django_filters.ModelChoiceFilter(queryset=_visible_companies, label=_("Company"))
    kind = django_filters.ChoiceFilter(choices=Dimension.choices, label=_("Dimension"))
    active = django_filters.BooleanFilter(label=_("Active"))

    class Meta:
        model = DimensionItem
        fields: list[str] = []

    def search(self, queryset: QuerySet[DimensionItem], _name: str, value: str) -> QuerySet[DimensionItem]:
        """Match the beginning of the code, or a part of the name."""
        return _matching(queryset, value)


def _matching(queryset: Any, value: str) -> Any:
    text = value.strip()
    return queryset.filter(Q(code__startswith=text) | Q(name__icontains=text)) if text else queryset
