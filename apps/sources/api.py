"""Sources and their pulls over REST. Credentials never leave, not even encrypted."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from apps.core.idempotency import RepeatableWrites
from apps.core.messages import Message
from apps.core.permissions import holds

from .choices import RunStatus, RunTrigger
from .connectors import CONNECTORS
from .kinds import kind_choices
from .models import Source, SyncRun
from .selectors import runs
from .services import queue_run


class MessageSerializer(serializers.Serializer[Message]):
    """A sentence for a person, in the language of the request, and the code that names it."""

    code = serializers.CharField()
    text = serializers.CharField(source="*")


class SyncRunSerializer(serializers.ModelSerializer[SyncRun]):
    source = serializers.CharField(source="source.name")  # type: ignore[assignment]
    requested_by = serializers.CharField(source="requested_by.username", default=None, allow_null=True)
    error = MessageSerializer(source="error_message", allow_null=True)
    notes = MessageSerializer(source="note_messages", many=True)

    class Meta:
        model = SyncRun
        fields = [
            "id",
            "source",
            "source_id",
            "trigger",
            "requested_by",
            "status",
            "queued_at",
            "started_at",
            "finished_at",
            "pages",
            "received",
            "created",
            "changed",
            "unchanged",
            "quarantined",
            "tombstoned",
            "charged",
            "progress",
            "backlog",
            "error",
            "notes",
        ]
        read_only_fields = fields


class SourceSerializer(serializers.ModelSerializer[Source]):
    company = serializers.CharField(source="company.name")
    company_tax_no = serializers.CharField(source="company.tax_no")
    options = serializers.SerializerMethodField()

    class Meta:
        model = Source
        fields = [
            "id",
            "name",
            "kind",
            "company",
            "company_tax_no",
            "base_url",
            "options",
            "enabled",
            "interval_minutes",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_options(self, source: Source) -> dict[str, Any]:
        """Only the options its system knows, none that is secret."""
        connector = CONNECTORS.get(source.kind)
        shown = {spec.name for spec in connector.options if not spec.secret} if connector else set()
        return {name: value for name, value in source.options.items() if name in shown}


class SourceFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=kind_choices, label=_("Kind"))
    enabled = filters.BooleanFilter(label=_("Whether it is pulled."))
    name = filters.CharFilter(label=_("Its whole name."))

    class Meta:
        model = Source
        fields: list[str] = []


class SyncRunFilter(filters.FilterSet):
    source = filters.NumberFilter(field_name="source_id", label=_("Id of the source."))
    status = filters.MultipleChoiceFilter(choices=RunStatus.choices, label=_("Status"))
    trigger = filters.ChoiceFilter(choices=RunTrigger.choices, label=_("Trigger"))

    class Meta:
        model = SyncRun
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary=_("Sources")),
    retrieve=extend_schema(summary=_("One source")),
)
class SourceViewSet(RepeatableWrites, ReadOnlyModelViewSet[Source]):
    queryset = Source.objects.none()
    serializer_class = SourceSerializer
    filterset_class = SourceFilter

    def get_queryset(self) -> QuerySet[Source]:
        return Source.objects.visible_to(self.request.user).select_related("company").defer("credentials")

    @extend_schema(
        summary=_("Sync now"),
        description=_("Starts a pull (202). While one is active, that one is returned (200)."),
        request=None,
        responses={200: SyncRunSerializer, 202: SyncRunSerializer},
    )
    @action(detail=True, methods=["post"], permission_classes=[holds("sources.sync_source")])
    def sync(self, request: Request, pk: str | None = None) -> Response:
        run, started = queue_run(self.get_object(), RunTrigger.API, request.user)  # type: ignore[arg-type]
        code = status.HTTP_202_ACCEPTED if started else status.HTTP_200_OK
        return Response(SyncRunSerializer(run).data, status=code)


@extend_schema_view(
    list=extend_schema(summary=_("Pulls, the newest first")),
    retrieve=extend_schema(summary=_("One pull")),
)
class SyncRunViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[SyncRun]):
    queryset = SyncRun.objects.none()
    serializer_class = SyncRunSerializer
    filterset_class = SyncRunFilter

    def get_queryset(self) -> QuerySet[SyncRun]:
        return runs(self.request.user).select_related("requested_by").defer("source__credentials")
