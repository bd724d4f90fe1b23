"""Filters of pushes, for pages and REST alike."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.sources.choices import PushKind
from apps.sources.models import Source

from .choices import UNSETTLED, PushState, Reason
from .models import Push


def _visible_sources(request: Any) -> QuerySet[Source]:
    return Source.objects.visible_to(getattr(request, "user", None))


class PushFilter(django_filters.FilterSet):
    """Narrows ``selectors.pushes(user)``; needs ``request`` for the systems that may be chosen."""

    q = django_filters.CharFilter(method="search", label=_("Number of the bill or voucher"))
    state = django_filters.ChoiceFilter(
        method="in_state",
        choices=[("unsettled", _("not settled")), *PushState.choices],
        label=_("State"),
        empty_label=_("Any state"),
    )
    kind = django_filters.ChoiceFilter(choices=PushKind.choices, label=_("What"), empty_label=_("Everything"))
    source = django_filters.ModelChoiceFilter(
        queryset=_visible_sources, label=_("System"), empty_label=_("All systems")
    )
    reason = django_filters.ChoiceFilter(choices=Reason.choices, label=_("Reason"))
    code = django_filters.CharFilter(field_name="error_code", label=_("Code of the trouble"))
    subject = django_filters.CharFilter(label=_("Such as voucher:12 or bill:7"))

    class Meta:
        model = Push
        fields: list[str] = []

    def search(self, queryset: QuerySet[Push], _name: str, value: str) -> QuerySet[Push]:
        """By the beginning of the number of the bill or voucher."""
        text = value.strip()
        return queryset.filter(Q(label__startswith=text)) if text else queryset

    def in_state(self, queryset: QuerySet[Push], _name: str, value: str) -> QuerySet[Push]:
        return queryset.filter(state__in=UNSETTLED if value == "unsettled" else [value])
