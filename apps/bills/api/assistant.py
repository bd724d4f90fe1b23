"""REST: opening the assistant for a bill, and the messages of its windows.

Opening takes no idempotency key: answers of idempotent writes are stored for days, and this one contains the keys of a
window.
"""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.bills.assistant import opening
from apps.bills.assistant.choices import Page
from apps.bills.models import AssistantMessage, Bill
from apps.core.keyset import Order
from apps.core.pagination import NEWEST_FIRST
from apps.core.permissions import holds
from apps.sources.api import MessageSerializer
from apps.sources.connectors.piaozone.assistant import SPEAKING


class OpenAssistantSerializer(serializers.Serializer[Any]):
    page = serializers.ChoiceField(Page.choices, default=Page.CHOOSE)
    line = serializers.IntegerField(required=False, help_text=_("For the pages of a line."))
    serial = serializers.CharField(
        required=False, max_length=150, default="", help_text=_("The invoice's serial number, for its pages.")
    )


class OpenedAssistantSerializer(serializers.Serializer[Any]):
    """``url`` contains keys: open it at once in the window of one person."""

    url = serializers.CharField()
    session = serializers.IntegerField(source="session.pk", default=None, allow_null=True)
    ends_at = serializers.DateTimeField(source="session.ends_at", default=None, allow_null=True)


class AssistantMessageSerializer(serializers.ModelSerializer[AssistantMessage]):
    """``outcome``: the result; ``refused``: the invoices that could not be reserved or released, and why;
    ``taken_off``: ids of the bill invoices that were unticked in the window and released."""

    outcome = MessageSerializer(source="outcome_message", allow_null=True)
    refused = MessageSerializer(source="refusals", many=True)
    source = serializers.CharField(source="source.name")  # type: ignore[assignment]

    class Meta:
        model = AssistantMessage
        fields = [
            "id", "source", "msg_id", "type", "bill", "bill_number", "external_key", "state", "outcome", "refused",
            "taken_off", "received_at", "receipted_at", "applied_at", "attempts",
        ]  # fmt: skip
        read_only_fields = fields


class AssistantViewSet(mixins.ListModelMixin, GenericViewSet[AssistantMessage]):
    """Resource below a bill."""

    queryset = AssistantMessage.objects.none()
    serializer_class = AssistantMessageSerializer
    filter_backends: Any = ()

    def get_permissions(self) -> Any:
        return [holds("bills.view_bill")()]

    def get_queryset(self) -> QuerySet[AssistantMessage]:
        messages = AssistantMessage.objects.visible_to(self.request.user).filter(bill=self.kwargs["bill"])
        return messages.select_related("source").defer("payload", "source__credentials")

    def keyset_order(self, request: Request) -> Order:
        return NEWEST_FIRST

    @extend_schema(summary=_("What the assistant said about a bill"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(
        summary=_("Open the assistant"),
        description=_("The address of one of the vendor's pages. What is chosen there arrives as messages."),
        request=OpenAssistantSerializer,
        responses={201: OpenedAssistantSerializer},
    )
    def create(self, request: Request, bill: str) -> Response:
        serializer = OpenAssistantSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        page = Page(serializer.validated_data["page"])
        if page in SPEAKING and not request.user.has_perm("bills.change_bill"):
            raise PermissionDenied
        visible = Bill.objects.visible_to(request.user).select_related("company", "source")
        bill_row = get_object_or_404(visible, pk=bill)
        line = serializer.validated_data.get("line")
        of_line = get_object_or_404(bill_row.lines, pk=line) if line else None
        user: Any = request.user
        opened = opening.open_page(bill_row, user, page, line=of_line, serial=serializer.validated_data["serial"])
        return Response(
            OpenedAssistantSerializer(opened).data, status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"}
        )
