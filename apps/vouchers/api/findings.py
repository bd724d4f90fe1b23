"""REST endpoints of findings."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.core.idempotency import RepeatableWrites
from apps.core.permissions import holds
from apps.vouchers import choices, findings, selectors
from apps.vouchers.models import Finding


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """An invoice that went bad while it was used. ``used_since``: when the first of the uses named here began."""

    people = serializers.SlugRelatedField("username", many=True, read_only=True)  # type: ignore[var-annotated]
    acknowledged_by = serializers.SerializerMethodField(
        help_text=_("Empty, as the note is, when it was somebody of companies that you do not see.")
    )
    note = serializers.SerializerMethodField()

    def get_acknowledged_by(self, finding: Any) -> str | None:
        readable = finding.by_colleague and finding.acknowledged_by
        return finding.acknowledged_by.username if readable else None

    def get_note(self, finding: Any) -> str:
        return finding.note if finding.by_colleague else ""

    class Meta:
        model = Finding
        fields = (
            "id", "invoice", "status", "state", "vouchers", "bills", "people", "used_since", "bad_since",
            "raised_at", "acknowledged_by", "acknowledged_at", "note",
        )  # fmt: skip
        read_only_fields = fields


class FindingFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=choices.FindingState.choices, label=_("State"))

    class Meta:
        model = Finding
        fields: list[str] = []


class FindingNoteSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=300, help_text=_("What was done about it."))


@extend_schema_view(
    list=extend_schema(summary=pgettext_lazy("invoices gone bad", "Findings")),
    retrieve=extend_schema(summary=pgettext_lazy("invoices gone bad", "One finding")),
)
class FindingViewSet(RepeatableWrites, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Finding]):
    queryset = Finding.objects.none()
    serializer_class = FindingSerializer
    filterset_class = FindingFilter

    def get_queryset(self) -> QuerySet[Finding]:
        return selectors.with_visible_references(selectors.findings(self.request.user), self.request.user)

    @extend_schema(summary=_("Acknowledge"), request=FindingNoteSerializer, responses=FindingSerializer)
    @action(detail=True, methods=["post"], permission_classes=[holds("vouchers.acknowledge_finding")])
    def acknowledge(self, request: Request, pk: str | None = None) -> Response:
        finding = self.get_object()
        request_data = FindingNoteSerializer(data=request.data)
        request_data.is_valid(raise_exception=True)
        findings.acknowledge(finding, request.user, request_data.validated_data["note"])  # type: ignore[arg-type]
        return Response(self.get_serializer(self.get_queryset().get(pk=finding.pk)).data)
