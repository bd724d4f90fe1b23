"""The active filters of a list as chips that can be removed one by one."""

from dataclasses import dataclass

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext

PLACES = ("after", "before")


@dataclass(frozen=True)
class Chip:
    label: str
    text: str
    without: str  # the query string without this value, at the first page


def chips(narrowed: django_filters.FilterSet, query: QueryDict) -> list[Chip]:
    """One chip for each value of an active filter; ``query`` is the query string of the page."""
    chips = []
    for name, narrowing in narrowed.filters.items():
        for value in filter(None, query.getlist(name)):
            rest = query.copy()
            rest.setlist(name, [other for other in query.getlist(name) if other != value])
            for place in PLACES:
                rest.pop(place, None)
            text = _in_words(narrowed.form.fields[name], value)
            chips.append(Chip(str(narrowing.label), text, rest.urlencode()))
    return chips


def _in_words(field: forms.Field, value: str) -> str:
    if isinstance(field, forms.NullBooleanField):
        return {"true": gettext("yes"), "false": gettext("no")}.get(value, value)
    return next((str(label) for choice, label in getattr(field, "choices", ()) if str(choice) == value), value)
