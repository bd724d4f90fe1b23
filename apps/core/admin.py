"""What the administration's pages have in common: lists that stay fast, a history, and buttons that ask first."""

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
        """What keeps a row from being deleted is told by one example of each kind: Django would load all that hangs on
        it, for a source that is the ledger."""
        kept = [example for row in objs for example in _kept_by(row)]
        return ([], {}, set(), kept) if kept else super().get_deleted_objects(objs, request)


def _kept_by(row: Model) -> Iterator[str]:
    for relation in row._meta.related_objects:
        if relation.on_delete is PROTECT:
            holders = relation.related_model._default_manager.filter(**{relation.field.name: row})
            yield from (f"{capfirst(holder._meta.verbose_name)}: {holder}" for holder in holders.order_by()[:1])


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
    """The page *History* shows what the database's triggers recorded instead of what the administration logged."""

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
    """A button's page: asks first (GET), then does it (POST) and says what came of it in plain words.

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
    """Do it, and show the sentence it returns or the reason why it could not be done."""
    prefix = f"{about}: " if about else ""
    with refusals.on_page(request, about):
        messages.success(request, f"{prefix}{do()}")
