"""Read-only pages of the assistant's sessions and messages. Keys are never shown."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from apps.bills.models import AssistantMessage, AssistantSession
from apps.core.admin import ReadOnlyAdmin


@admin.register(AssistantSession)
class AssistantSessionAdmin(ReadOnlyAdmin):
    list_display = ("id", "bill", "source", "opened_by", "opened_at", "ends_at", "closed_at", "polled_at")
    list_select_related = ("bill", "source", "opened_by")
    fields = (
        "bill",
        "source",
        "opened_by",
        "opened_at",
        "ends_at",
        "closed_at",
        "polled_at",
        "listener",
        "error_message",
    )
    readonly_fields = ("error_message",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AssistantSession]:
        rows = AssistantSession.objects.visible_to(request.user)
        return rows.defer("link_key", "user_key", "source__credentials")

    @admin.display(description=gettext_lazy("what happened"))
    def error_message(self, session: AssistantSession) -> str:
        return str(session.trouble_message or "—")


@admin.register(AssistantMessage)
class AssistantMessageAdmin(ReadOnlyAdmin):
    list_display = ("id", "type", "state", "bill", "source", "received_at", "receipted_at", "applied_at")
    list_filter = ("state",)
    list_select_related = ("bill", "source")
    fields = (
        "msg_id", "type", "state", "bill", "bill_number", "external_key", "source", "received_at", "receipted_at",
        "applied_at", "attempts", "outcome_text",
    )  # fmt: skip
    readonly_fields = ("outcome_text",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AssistantMessage]:
        return AssistantMessage.objects.visible_to(request.user).defer("payload", "source__credentials")

    @admin.display(description=gettext_lazy("what happened"))
    def outcome_text(self, message: AssistantMessage) -> Any:
        return "\n".join(str(one) for one in (message.outcome_message, *message.refusals) if one) or "—"
