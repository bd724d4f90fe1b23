"""REST endpoints of voucher templates."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.core.idempotency import RepeatableWrites
from apps.core.permissions import holds
from apps.vouchers import selectors, voucher_templates
from apps.vouchers.models import Voucher, VoucherTemplate

from .serializers import VoucherEntrySerializer


class TemplateSerializer(serializers.ModelSerializer[VoucherTemplate]):
    """``voucher``: whose entries are kept; only when a template is made."""

    voucher: "serializers.PrimaryKeyRelatedField[Voucher]" = serializers.PrimaryKeyRelatedField(
        queryset=Voucher.objects.none(), write_only=True, required=False, help_text=_("Whose entries are kept.")
    )
    entries = VoucherEntrySerializer(many=True, read_only=True)

    class Meta:
        model = VoucherTemplate
        fields = ("id", "book", "name", "type", "entries", "voucher", "created_at")
        read_only_fields = ("book", "type")
        validators: list[Any] = []  # the service reports a name that is taken

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["voucher"].queryset = selectors.vouchers(request.user)  # type: ignore[attr-defined]
        return fields


class TemplateUseSerializer(serializers.Serializer[Any]):
    with_amounts = serializers.BooleanField(default=True, help_text=_("Without it all amounts are left to be entered."))
    date = serializers.DateField(required=False, help_text=_("Accounting date; without it, today."))


class DraftMadeSerializer(serializers.Serializer[Any]):
    voucher = serializers.IntegerField(help_text=_("Its id."))


@extend_schema_view(
    list=extend_schema(summary=_("Voucher templates")),
    retrieve=extend_schema(summary=_("One voucher template")),
    create=extend_schema(summary=_("Keep the entries of a voucher as a template")),
    partial_update=extend_schema(summary=_("Rename a template")),
    destroy=extend_schema(summary=_("Remove a template")),
)
class VoucherTemplateViewSet(
    RepeatableWrites,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    mixins.DestroyModelMixin,
    GenericViewSet[VoucherTemplate],
):
    queryset = VoucherTemplate.objects.none()
    serializer_class = TemplateSerializer
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[VoucherTemplate]:
        return VoucherTemplate.objects.visible_to(self.request.user)

    def perform_create(self, serializer: Any) -> None:
        body = serializer.validated_data
        if "voucher" not in body:
            raise ValidationError({"voucher": [str(serializers.Field.default_error_messages["required"])]})
        serializer.instance = voucher_templates.keep(body["voucher"], body["name"], self.request.user)  # type: ignore[arg-type]

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        template = self.get_object()
        body = self.get_serializer(template, data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        if "name" in body.validated_data:
            voucher_templates.rename(template, body.validated_data["name"])
        return Response(self.get_serializer(template).data)

    @extend_schema(
        summary=_("Make a draft from a template"), request=TemplateUseSerializer, responses={201: DraftMadeSerializer}
    )
    @action(detail=True, methods=["post"], permission_classes=[holds("vouchers.add_voucher")])
    def draft(self, request: Request, pk: str | None = None) -> Response:
        template = self.get_object()
        body = TemplateUseSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        made = voucher_templates.draft(
            template,
            request.user,  # type: ignore[arg-type]
            with_amounts=body.validated_data["with_amounts"],
            day=body.validated_data.get("date"),
        )
        return Response({"voucher": made.pk}, status=status.HTTP_201_CREATED)
