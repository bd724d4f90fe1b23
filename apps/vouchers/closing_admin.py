"""Admin pages of closed periods and of requests to close them. Every write goes through the service."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from apps.core import refusals
from apps.core.admin import HubAdmin
from apps.core.errors import HubError

from . import closing, selectors, services
from .models import ClosedPeriod, ClosingRequest


def keep_refusal(request: HttpRequest, refusal: refusals.Refusal) -> None:
    """Store the refusal for the methods that Django's admin calls after saving."""
    request.refused = refusal.sentence  # type: ignore[attr-defined]


def refusal_of(request: HttpRequest) -> str:
    return getattr(request, "refused", "")


class _PeriodAdmin(HubAdmin):
    """A period of a book; rows are added and deleted, never changed."""

    search_fields = ("book__name", "period")
    fields = ("book", "period")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        visible: QuerySet[Any] = rows.visible_to(request.user)
        return visible

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "book":
            kwargs["queryset"] = selectors.books(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None if refusal_of(request) else super().log_addition(request, obj, message)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        if refusal_of(request):
            messages.error(request, refusal_of(request))
            return redirect(f"admin:vouchers_{self.opts.model_name}_add")
        return super().response_add(request, obj, post_url_continue)


@admin.register(ClosedPeriod)
class ClosedPeriodAdmin(_PeriodAdmin):
    """Adding a row closes the period. It is opened again in the workspace, with a reason."""

    list_display = ("book", "period", "closed_by", "closed_at")
    list_select_related = ("book", "closed_by")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)

        class Closing(form):  # type: ignore[misc, valid-type]
            def clean(self) -> Any:
                cleaned = super().clean()
                book, period = self.cleaned_data.get("book"), self.cleaned_data.get("period")
                if book and period:
                    _require_closable(book, period, request.user)
                return cleaned

        return Closing

    def save_model(self, request: HttpRequest, obj: ClosedPeriod, form: Any, change: bool) -> None:
        with refusals.caught() as refusal:  # a voucher may have been made since the form was validated
            obj.pk = services.close_period(obj.book, obj.period, request.user).pk  # type: ignore[arg-type]
        keep_refusal(request, refusal)


@admin.register(ClosingRequest)
class ClosingRequestAdmin(_PeriodAdmin):
    """Adding a row asks that the period be closed, deleting it withdraws that."""

    list_display = ("book", "period", "requested_by", "requested_at")
    list_select_related = ("book", "requested_by")

    def save_model(self, request: HttpRequest, obj: ClosingRequest, form: Any, change: bool) -> None:
        with refusals.caught() as refusal:
            obj.pk = closing.request_closing(obj.book, obj.period, request.user).pk  # type: ignore[arg-type]
        keep_refusal(request, refusal)


def _require_closable(book: Any, period: str, user: Any) -> None:
    """Raise ValidationError when this person may not close the period, or while its vouchers are unfinished."""
    errors: list[HubError] = list(closing.refusals(book, [period], user).values())
    unfinished = selectors.unfinished(book, period).count()
    if unfinished:
        errors.append(HubError("voucher.period_with_open_work", period=period, book=book, count=unfinished))
    if errors:
        raise ValidationError([str(error) for error in errors])
