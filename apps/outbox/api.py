"""Pushes over REST: the queue, payloads and attempts, and the decisions a person may take."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.core.idempotency import RepeatableWrites
from apps.core.permissions import holds
from apps.core.redaction import mask_personal
from apps.sources.api import MessageSerializer
from apps.sources.models import Source

from . import orders, selectors, services
from .filters import PushFilter
from .models import Push, PushAttempt


class PushAttemptSerializer(serializers.ModelSerializer[PushAttempt]):
    """One call; ``status_query``: it asked whether an earlier one took effect. Secrets are redacted."""

    error = MessageSerializer(source="message", allow_null=True)

    class Meta:
        model = PushAttempt
        fields = ("number", "status_query", "started_at", "finished_at", "outcome", "error", "http_status", "request",
                  "reply")  # fmt: skip
        read_only_fields = fields


class PushSerializer(serializers.ModelSerializer[Push]):
    source = serializers.CharField(source="source.name")  # type: ignore[assignment]
    error = MessageSerializer(source="message", allow_null=True)

    class Meta:
        model = Push
        fields = (
            "id", "source", "source_id", "company_id", "kind", "subject", "label", "revision", "state", "reason",
            "outcome_unknown", "error", "failures", "retry_at", "queued_at", "settled_at", "comment", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class WholePushSerializer(PushSerializer):
    payload = serializers.SerializerMethodField()
    attempts = PushAttemptSerializer(many=True)

    class Meta(PushSerializer.Meta):
        fields = (*PushSerializer.Meta.fields, "payload", "attempts")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_payload(self, push: Push) -> Any:
        """What is sent, in the vendor's names, without credentials; amounts as text."""
        return mask_personal(selectors.request_body(push))


class OrderNumberSerializer(serializers.Serializer[Any]):
    source = serializers.IntegerField(help_text=_("Id of the shop's source."))  # type: ignore[assignment]
    order = serializers.CharField(max_length=50, help_text=_("The order's number in the shop."))
    number = serializers.CharField(max_length=50, help_text=_("The number that was printed."))


class RetriedPushesSerializer(serializers.Serializer[Any]):
    sent = serializers.IntegerField()
    left = serializers.IntegerField(help_text=_("How many of them still wait."))
    unclear = serializers.IntegerField(help_text=_("How many like it may have taken effect; each needs a look."))


class PushLookedSerializer(serializers.Serializer[Any]):
    looked = serializers.IntegerField(
        required=False, min_value=1, max_value=10**9,
        help_text=_("The number of its latest attempt when you looked in the system and did not find it there."),
    )  # fmt: skip


class PushCommentSerializer(serializers.Serializer[Any]):
    comment = serializers.CharField(max_length=300, help_text=_("Why; it is kept with the push."))


@extend_schema_view(
    list=extend_schema(summary=_("Pushes, the newest first")),
    retrieve=extend_schema(summary=_("One push with its payload and attempts"), responses=WholePushSerializer),
)
class PushViewSet(RepeatableWrites, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Push]):
    queryset = Push.objects.none()
    serializer_class = PushSerializer
    filterset_class = PushFilter

    def get_queryset(self) -> QuerySet[Push]:
        pushes = selectors.pushes(self.request.user)
        return pushes if self.action == "list" else pushes.defer(None).prefetch_related("attempts")

    def get_serializer_class(self) -> type[PushSerializer]:
        return PushSerializer if self.action == "list" else WholePushSerializer

    @extend_schema(
        summary=_("Send it (again) now"),
        description=_("One whose outcome is unknown is sent only when you say after which attempt you have looked."),
        request=PushLookedSerializer, responses=WholePushSerializer,
    )  # fmt: skip
    @action(detail=True, methods=["post"], permission_classes=[holds("outbox.settle_push")])
    def retry(self, request: Request, pk: str | None = None) -> Response:
        data = PushLookedSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        push = self.get_object()
        services.retry(push, self._user, data.validated_data.get("looked"))
        return self._answer(push)

    @extend_schema(
        summary=_("Send all that stopped for the same reason"),
        description=_(
            "Those of the same system and kind with the same trouble, the oldest 5000; "
            "those of unknown outcome are left out."
        ),
        request=None, responses=RetriedPushesSerializer,
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path="retry-alike", permission_classes=[holds("outbox.settle_push")])
    def retry_alike(self, request: Request, pk: str | None = None) -> Response:
        done = services.retry_alike(self.get_object(), self._user)
        return Response(RetriedPushesSerializer(done).data)

    @extend_schema(
        summary=_("Mark as done: the upstream system has it"),
        request=PushCommentSerializer, responses=WholePushSerializer,
    )  # fmt: skip
    @action(detail=True, methods=["post"], permission_classes=[holds("outbox.settle_push")])
    def done(self, request: Request, pk: str | None = None) -> Response:
        comment, push = self._comment(request), self.get_object()
        services.mark_done(push, self._user, comment)
        return self._answer(push)

    @extend_schema(
        summary=_("Dismiss: it is not to be sent"),
        request=PushCommentSerializer, responses=WholePushSerializer,
    )  # fmt: skip
    @action(detail=True, methods=["post"], permission_classes=[holds("outbox.settle_push")])
    def dismiss(self, request: Request, pk: str | None = None) -> Response:
        comment, push = self._comment(request), self.get_object()
        services.dismiss(push, self._user, comment)
        return self._answer(push)

    @extend_schema(
        summary=_("Report the printed number of a paper invoice to its order"),
        request=OrderNumberSerializer, responses={201: WholePushSerializer},
    )  # fmt: skip
    @action(detail=False, methods=["post"], url_path="order-number",
            permission_classes=[holds("outbox.settle_push")])  # fmt: skip
    def order_number(self, request: Request) -> Response:
        data = OrderNumberSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = data.validated_data
        source = get_object_or_404(Source.objects.visible_to(request.user), pk=values["source"])
        push = orders.report_number(source, values["order"], values["number"], self._user)
        return self._answer(push, status.HTTP_201_CREATED)

    @property
    def _user(self) -> Any:
        return self.request.user  # the permissions let nobody in who is not known

    def _comment(self, request: Request) -> str:
        data = PushCommentSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        comment: str = data.validated_data["comment"]
        return comment

    def _answer(self, push: Push, code: int = status.HTTP_200_OK) -> Response:
        """The push as it is now."""
        return Response(self.get_serializer(self.get_queryset().get(pk=push.pk)).data, status=code)
