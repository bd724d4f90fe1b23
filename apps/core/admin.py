"""Base classes of the administration: lists of bounded cost, a history page, and buttons that ask for confirmation."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import PROTECT, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from . import refusals
from .history import Change, changes_of

MOST_ROWS = 2000


class CappedPaginator(Paginator):
    """Counts and pages no further than MOST_ROWS: whoever looks for more should narrow the list."""

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[:MOST_ROWS].count()


class HubAdmin(ModelAdmin):
    """Lists with a fixed number of queries, whatever the size of the table."""

    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator: Any = CappedPaginator

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the list offers: a free lookup could read a table of millions."""
        offered = {name for name in self.list_filter if isinstance(name, str)}
        return lookup.removesuffix("__exact") in offered

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Names one example of each kind of row that protects these from deletion. Django would load all related rows,
        for a source the whole ledger."""
        protecting = [example for row in objs for example in _protected_by(row)]
        return ([], {}, set(), protecting) if protecting else super().get_deleted_objects(objs, request)


def _protected_by(row: Model) -> Iterator[str]:
    for relation in row._meta.related_objects:
        if relation.on_delete is PROTECT:
            rows = relation.related_model._default_manager.filter(**{relation.field.name: row})
            yield from (f"{capfirst(example._meta.verbose_name)}: {example}" for example in rows.order_by()[:1])


class ReadOnlyAdmin(HubAdmin):
    """Nobody writes these rows by hand."""

    sortable_by: Sequence[str] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class HistoryMixin:
    """The page *History* shows the changes that database triggers recorded, not the log of the administration."""

    def changes(self, row: Any) -> list[Change]:
        return changes_of(row)

    def history_view(
        self: Any, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change history: %s") % row,
            "opts": self.opts,
            "original": row,
            "object": row,
            "changes": self.changes(row),
        }
        return TemplateResponse(request, "admin/history.html", context)


def confirmed(
    model_admin: Any,
    request: HttpRequest,
    row: Model,
    *,
    question: str,
    button: str,
    do: Callable[[], str],
    note: str = "",
) -> HttpResponseBase:
    """The page of a button: asks for confirmation (GET), then acts (POST) and shows the result as a message.

    ``do`` returns the sentence to show, or raises HubError. ``note`` labels a text that must be entered; it arrives as
    ``request.POST["note"]``.
    """
    opts = model_admin.opts
    back = f"admin:{opts.app_label}_{opts.model_name}_change"
    missing = bool(note) and not request.POST.get("note", "").strip()
    if request.method == "POST" and not missing:
        tell(request, do)
        return redirect(back, row.pk)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": str(row),
        "opts": opts,
        "original": row,
        "question": question,
        "button": button,
        "note": note,
        "missing": missing and request.method == "POST",
    }
    return TemplateResponse(request, "admin/confirm.html", context)


def tell(request: HttpRequest, do: Callable[[], str], about: str = "") -> None:
    """Call ``do`` and show the sentence it returns, or the reason why it was refused."""
    prefix = f"{about}: " if about else ""
    with refusals.on_page(request, about):
        messages.success(request, f"{prefix}{do()}")
