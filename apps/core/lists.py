"""The base of every list of the workspace: filter, count, one page by key, and the part of it that htmx reloads."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Generic

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views import View
from django.views.decorators.http import require_safe
from django_filters import FilterSet

from . import keyset
from .counting import Count, estimated_count
from .filter_chips import chips
from .keyset import Order, Page, Row
from .views import needs, partial

NEWEST_FIRST = Order(field=None)
_PAGE_SIZE = 50
_PLACE_IN_LIST = ("after", "before", "order")


class ListView(View, Generic[Row]):
    """A list of rows that a person may see, declared by the class variables and by what a subclass overrides.

    The template gets ``page``, ``count`` and ``exact`` when rows are counted, ``order`` (its name), ``filter`` and
    ``chips`` when there is a ``filter_class``, ``filter_query`` (the filters of the address without the place in the
    list), and what ``extra_context`` adds.
    """

    permission: ClassVar[str]
    template: ClassVar[str]
    rows_template: ClassVar[str] = ""  # what htmx gets instead; '': the list is never asked for in part
    filter_class: ClassVar[type[FilterSet] | None] = None
    orders: ClassVar[Mapping[str, Order]] = {"": NEWEST_FIRST}  # by the value of ``?order=``; the first is the default
    related: ClassVar[Sequence[str]] = ()  # joined to the rows of the page; the count does without
    deferred: ClassVar[Sequence[str]] = ()  # large columns that the list does not show
    counted: ClassVar[bool] = True  # False: the list shows no number

    @staticmethod
    def visible(user: Any) -> QuerySet[Any]:
        """The rows that a user may see."""
        raise NotImplementedError

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., Any]:
        return require_safe(needs(cls.permission)(super().as_view(**initkwargs)))

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        context = {"page": self.page, "order": self.order, "filter_query": self._filter_query()}
        if self.count is not None:
            context |= {"count": self.count.number, "exact": self.count.exact}
        if self.filter is not None:
            context |= {"filter": self.filter, "chips": chips(self.filter, self.query)}
        template = self.rows_template if self.rows_template and partial(request) else self.template
        return render(request, template, context | self.extra_context())

    @cached_property
    def query(self) -> QueryDict:
        """What the filter reads: the address; a list with filters set from the beginning overrides it."""
        return self.request.GET

    def rows(self) -> QuerySet[Row]:
        """All rows the reader may see."""
        return self.visible(self.request.user)

    @cached_property
    def filter(self) -> Any:
        """The bound filter set; None without a ``filter_class``."""
        return self.filter_class and self.filter_class(self.query, self.rows(), request=self.request)

    def narrowed(self) -> QuerySet[Row]:
        """The rows that fit the filter; none when the filter cannot be read."""
        if self.filter is None:
            return self.rows()
        return self.filter.qs if self.filter.is_valid() else self.rows().none()

    @cached_property
    def count(self) -> Count | None:
        """How many rows fit; None when the list shows no number."""
        return estimated_count(self.narrowed()) if self.counted else None

    @property
    def order(self) -> str:
        """The order of the address, if there is such a one."""
        name = self.request.GET.get("order", "")
        return name if name in self.orders else next(iter(self.orders))

    def shown(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        """The rows with what the template shows of their relations."""
        return rows.select_related(*self.related).defer(*self.deferred) if self.related else rows

    @cached_property
    def page(self) -> Page[Row]:
        """The rows of this page and the positions of its neighbours."""
        position = self.request.GET.get("after", ""), self.request.GET.get("before", "")
        few = self.count is not None and self.count.few
        return keyset.page(self.shown(self.narrowed()), self.orders[self.order], _PAGE_SIZE, *position, few=few)

    def extra_context(self) -> dict[str, Any]:
        """What the template needs beside the page."""
        return {}

    def _filter_query(self) -> str:
        filters = self.request.GET.copy()
        for name in _PLACE_IN_LIST:
            filters.pop(name, None)
        return filters.urlencode()
