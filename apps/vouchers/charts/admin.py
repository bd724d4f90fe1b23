"""Charts of accounts, dimension lists and account mappings in the administration."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import action

from apps.core.admin import HistoryMixin, HubAdmin, confirmed
from apps.vouchers import selectors
from apps.vouchers.models import Account, AccountBook, AccountMapping, DimensionItem

from . import selectors as chart_selectors
from . import services
from .forms import MAPPED, MappingForm


class MappingInline(TabularInline):
    model = AccountMapping
    form = MappingForm
    extra = 1
    fields = ("cost_type", *MAPPED)

    class Media:
        js = ("invoicehub/choices.js",)

    def get_formset(self, request: HttpRequest, obj: AccountBook | None = None, **kwargs: Any) -> Any:
        """Accounts are chosen from the book's chart."""
        formset = super().get_formset(request, obj, **kwargs)
        if obj and chart_selectors.has_chart(obj):
            for name in MAPPED:
                attributes = formset.form.base_fields[name].widget.attrs
                attributes |= {"data-choices": reverse("account_choices", args=[obj.pk]), "autocomplete": "off"}
        return formset


class ChartOfBook:
    """What the page of an account book has of its chart: the mapping, and the buttons that load a standard chart."""

    inlines = (MappingInline,)
    actions_detail = ("load_small", "load_enterprise")

    def has_load_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        empty = object_id is None or not Account.objects.filter(book=object_id).exists()
        return empty and request.user.has_perm("vouchers.add_account")

    @action(description=gettext_lazy("Load the small-enterprise chart"), permissions=["load"], icon="account_tree")
    def load_small(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        return self._load(request, object_id, "small")

    @action(description=gettext_lazy("Load the enterprise chart"), permissions=["load"], icon="account_tree")
    def load_enterprise(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        return self._load(request, object_id, "enterprise")

    def _load(self, request: HttpRequest, object_id: int, standard: str) -> HttpResponseBase:
        book = get_object_or_404(selectors.books(request.user), pk=object_id)
        return confirmed(
            self,
            request,
            book,
            question=_("Load the standard chart into %(book)s?") % {"book": book},
            button=dict(services.standard_names())[standard],
            do=partial(_loaded, book, standard),
        )


def _loaded(book: AccountBook, standard: str) -> str:
    return _("%(count)s accounts were loaded.") % {"count": services.load_standard(book, standard)}


class _ListAdmin(HistoryMixin, HubAdmin):
    """Rows that are made and changed in the workspace, where the services check them; here one sees their history, and
    removes what was made by mistake."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Account)
class AccountAdmin(_ListAdmin):
    list_display = ("code", "name", "book", "direction", "active")
    list_filter = ("active",)
    list_select_related = ("book",)
    search_fields = ("code__startswith", "name")
    ordering = ("book", "code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        return chart_selectors.accounts(request.user)


@admin.register(DimensionItem)
class DimensionItemAdmin(_ListAdmin):
    list_display = ("kind", "code", "name", "company", "active")
    list_filter = ("kind", "active")
    list_select_related = ("company",)
    search_fields = ("code__startswith", "name")
    ordering = ("company", "kind", "name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DimensionItem]:
        return chart_selectors.dimension_items(request.user)
