"""Pushes in the administration, read-only. People decide about them on their pages in the workspace."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from unfold.admin import TabularInline

from apps.core.admin import ReadOnlyAdmin

from . import selectors
from .models import Push, PushAttempt


class AttemptInline(TabularInline):
    model = PushAttempt
    fields = ("number", "status_query", "started_at", "finished_at", "outcome", "http_status", "sentence")
    readonly_fields = ("sentence",)
    extra = 0
    can_delete = False

    @admin.display(description=PushAttempt._meta.verbose_name)
    def sentence(self, attempt: PushAttempt) -> str:
        return str(attempt.message or "")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Push)
class PushAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "label", "source", "state", "reason", "queued_at")
    list_select_related = ("source",)
    list_filter = ("state", "kind")
    search_fields = ("label__startswith", "subject__exact")
    fields = ("page", "source", "company", "kind", "label", "subject", "revision", "state", "reason", "comment",
              "queued_by", "queued_at", "retry_at", "decided_by", "decided_at", "settled_at")  # fmt: skip
    readonly_fields = ("page",)
    inlines = (AttemptInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Push]:
        return selectors.pushes(request.user)

    @admin.display(description="")
    def page(self, push: Push) -> str:
        return format_html('<a href="{}">{}</a>', reverse("push", args=[push.pk]), _("Open in the workspace"))
