"""REST endpoints of closing periods: one person asks for it, another closes."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.core.idempotency import RepeatableWrites
from apps.core.permissions import MayRead, holds
from apps.vouchers import closing, selectors
from apps.vouchers.models import AccountBook, ClosedPeriod, ClosingRequest


class _OfBook(serializers.ModelSerializer[Any]):
    """A period of a book that the caller may see."""

    book: "serializers.PrimaryKeyRelatedField[AccountBook]" = serializers.PrimaryKeyRelatedField(
        queryset=AccountBook.objects.none()
    )

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["book"].queryset = selectors.books(request.user)  # type: ignore[attr-defined]
        return fields


class ClosingRequestSerializer(_OfBook):
    requested_by = serializers.SlugRelatedField("username", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = ClosingRequest
        fields = ("id", "book", "period", "requested_by", "requested_at")
        validators: list[Any] = []  # a second request is answered with the first


class ClosedPeriodSerializer(_OfBook):
    closed_by = serializers.SlugRelatedField("username", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = ClosedPeriod
        fields = ("id", "book", "period", "closed_by", "closed_at")
        validators: list[Any] = []  # closing a closed period changes nothing


class OpeningSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300, help_text=_("Why the period is opened again."))


class _Periods(RepeatableWrites, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Any]):
    permission_classes = [MayRead]
    lookup_value_regex = "[0-9]{1,18}"
    people = ""  # the column of who did it

    def get_queryset(self) -> Any:
        rows: Any = type(self).queryset.model.objects  # type: ignore[union-attr]
        return rows.visible_to(self.request.user).select_related(self.people)


@extend_schema_view(
    list=extend_schema(summary=_("Requests to close periods")),
    retrieve=extend_schema(summary=_("One request to close a period")),
    create=extend_schema(summary=_("Ask that a period be closed")),
    destroy=extend_schema(summary=_("Withdraw the request")),
)
class ClosingRequestViewSet(mixins.CreateModelMixin, _Periods):
    queryset = ClosingRequest.objects.none()
    serializer_class = ClosingRequestSerializer
    people = "requested_by"

    def perform_create(self, serializer: Any) -> None:
        body, user = serializer.validated_data, self.request.user
        serializer.instance = closing.request_closing(body["book"], body["period"], user)  # type: ignore[arg-type]

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        asked = self.get_object()
        closing.withdraw_request(asked.book, asked.period)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema_view(
    list=extend_schema(summary=_("Closed periods")),
    retrieve=extend_schema(summary=_("One closed period")),
    create=extend_schema(
        summary=_("Close a period"), description=_("Another person must have asked for it, unless the policy allows.")
    ),
)
class ClosedPeriodViewSet(mixins.CreateModelMixin, _Periods):
    queryset = ClosedPeriod.objects.none()
    serializer_class = ClosedPeriodSerializer
    people = "closed_by"

    def perform_create(self, serializer: Any) -> None:
        body, user = serializer.validated_data, self.request.user
        serializer.instance = closing.close_period(body["book"], body["period"], user)  # type: ignore[arg-type]

    @extend_schema(summary=_("Open the period again"), request=OpeningSerializer, responses={204: None})
    @action(detail=True, methods=["post"], permission_classes=[holds("vouchers.delete_closedperiod")])
    def open(self, request: Request, pk: str | None = None) -> Response:
        closed = self.get_object()
        body = OpeningSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        closing.open_period(closed.book, closed.period, body.validated_data["reason"])
        return Response(status=status.HTTP_204_NO_CONTENT)
