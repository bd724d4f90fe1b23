"""REST: the findings of the checks on a bill, and their overrides."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.permissions import holds
from apps.sources.api import MessageSerializer

from . import services
from .choices import CheckLevel, check_choices
from .models import ComplianceOverride
from .selectors import Report, checked


class CheckOverrideSerializer(serializers.ModelSerializer[ComplianceOverride]):
    by = serializers.CharField(source="made_by.username", default=None, allow_null=True)
    at = serializers.DateTimeField(source="made_at")

    class Meta:
        model = ComplianceOverride
        fields = ["id", "by", "at", "reason"]
        read_only_fields = fields


class CheckFindingSerializer(serializers.Serializer[Any]):
    """A finding about one invoice, or about the bill (then both ids are null): ``field`` is ``actual`` instead of
    ``expected``; the message tells what to do."""

    check = serializers.ChoiceField(check_choices(), source="finding.check")
    level = serializers.ChoiceField(CheckLevel.choices)
    blocks = serializers.BooleanField(help_text=_("Whether it stops the bill's next step."))
    bill_invoice = serializers.IntegerField(source="bill_invoice.pk", default=None, allow_null=True)
    invoice = serializers.IntegerField(source="invoice_id", allow_null=True)
    field = serializers.CharField(source="finding.field", help_text=_("The canonical field."))
    actual = serializers.CharField(source="finding.actual")
    expected = serializers.CharField(source="finding.expected")
    message = MessageSerializer()
    signature = serializers.CharField(help_text=_("Names the finding by its facts."))
    override = CheckOverrideSerializer(allow_null=True)


class CheckReportSerializer(serializers.Serializer[Any]):
    """``revision``: the revision of the bill that was checked."""

    revision = serializers.IntegerField()
    blocked = serializers.BooleanField(
        help_text=_("Whether the bill cannot be submitted, approved or booked as it is.")
    )
    findings = CheckFindingSerializer(many=True)


class PassFindingsSerializer(serializers.Serializer[Any]):
    signatures = serializers.ListField(child=serializers.CharField(max_length=64), allow_empty=False, max_length=1000)
    reason = serializers.CharField(max_length=300)
    revision = serializers.IntegerField(
        required=False, help_text=_("The revision you saw; a bill that was changed since is left alone.")
    )


class TakeBackOverrideSerializer(serializers.Serializer[Any]):
    override = serializers.IntegerField(min_value=1)
    revision = serializers.IntegerField(required=False)


class ChecksMixin:
    """The endpoints of a bill for its checks."""

    @extend_schema(summary=_("What the checks find"), responses=CheckReportSerializer)
    @action(detail=True, methods=["get"], permission_classes=[holds("bills.view_bill")], pagination_class=None)
    def checks(self: Any, request: Request, pk: str | None = None) -> Response:
        bill = self.get_object()
        return _answer(bill, checked(bill, request.user))

    @extend_schema(
        summary=_("Let findings pass"),
        description=_("Until the bill is booked. A fact that changes later makes another finding, which asks again."),
        request=PassFindingsSerializer,
        responses=CheckReportSerializer,
    )
    @action(
        detail=True,
        methods=["post"],
        permission_classes=[holds("bills.override_check")],
        url_path="override-checks",
    )
    def override_checks(self: Any, request: Request, pk: str | None = None) -> Response:
        bill, serializer = self.get_object(), PassFindingsSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        values = serializer.validated_data
        services.override(bill, values["signatures"], values["reason"], request.user, values.get("revision"))  # type: ignore[arg-type]
        bill = self.get_object()
        return _answer(bill, checked(bill, request.user))

    @extend_schema(
        summary=_("Let a finding count again"),
        request=TakeBackOverrideSerializer,
        responses=CheckReportSerializer,
    )
    @action(
        detail=True,
        methods=["post"],
        permission_classes=[holds("bills.override_check")],
        url_path="take-back-override",
    )
    def take_back_override(self: Any, request: Request, pk: str | None = None) -> Response:
        bill, serializer = self.get_object(), TakeBackOverrideSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        values = serializer.validated_data
        services.take_back(bill, values["override"], request.user, values.get("revision"))  # type: ignore[arg-type]
        bill = self.get_object()
        return _answer(bill, checked(bill, request.user))


def _answer(bill: Any, report: Report) -> Response:
    values = {"revision": bill.revision, "blocked": bool(report.blocking), "findings": report.results}
    return Response(CheckReportSerializer(values).data)
