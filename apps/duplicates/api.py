"""REST: duplicate cases and the decisions about them."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.accounts.models import User
from apps.accounts.selectors import people_seeing
from apps.core.feeds import FEED, ChangedAfter
from apps.core.idempotency import RepeatableWrites
from apps.core.keyset import Order
from apps.core.pagination import NEWEST_FIRST
from apps.core.permissions import holds
from apps.core.problems import Refused

from . import selectors, services
from .filters import CaseFilter
from .models import CandidatePair, CaseDecision, CaseMember, Claim, DuplicateCase

_OLDEST_CHANGE_FIRST = Order("changed_at", descending=False, read=datetime.fromisoformat)


class CaseMemberSerializer(serializers.ModelSerializer[CaseMember]):
    class Meta:
        model = CaseMember
        fields = ["invoice", "key"]
        read_only_fields = fields


class CasePairSerializer(serializers.ModelSerializer[CandidatePair]):
    class Meta:
        model = CandidatePair
        fields = ["left", "right", "rules", "fields", "tier", "score", "ambiguous"]
        read_only_fields = fields


class CaseClaimSerializer(serializers.ModelSerializer[Claim]):
    class Meta:
        model = Claim
        fields = ["source", "external_id", "person", "department", "bill_number", "entered_at", "deleted"]
        read_only_fields = fields


class CaseDecisionSerializer(serializers.ModelSerializer[CaseDecision]):
    user = serializers.CharField(source="user.username", default=None, allow_null=True)
    undone_by = serializers.CharField(source="undone_by.username", default=None, allow_null=True)

    class Meta:
        model = CaseDecision
        fields = ["id", "action", "user", "at", "text", "rule_version", "undone_at", "undone_by"]
        read_only_fields = fields


class CaseSerializer(serializers.ModelSerializer[DuplicateCase]):
    members = CaseMemberSerializer(many=True, read_only=True)
    pairs = CasePairSerializer(many=True, read_only=True)
    claims = CaseClaimSerializer(many=True, read_only=True)
    decisions = CaseDecisionSerializer(many=True, read_only=True)
    assigned_to = serializers.CharField(source="assigned_to.username", default=None, allow_null=True)

    class Meta:
        model = DuplicateCase
        fields = [
            "id",
            "kind",
            "tier",
            "score",
            "state",
            "revision",
            "rule_version",
            "total_amount",
            "assigned_to",
            "master",
            "opened_at",
            "changed_at",
            "members",
            "pairs",
            "claims",
            "decisions",
        ]
        read_only_fields = fields


class CaseReasonSerializer(serializers.Serializer[Any]):
    """The reason, and the revision of the case that the caller saw (409 when it has changed since)."""

    text = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    revision = serializers.IntegerField(required=False, allow_null=True, default=None)


class MergeCaseSerializer(CaseReasonSerializer):
    master = serializers.IntegerField(help_text=_("Id of the invoice that stays."))


@extend_schema_field(str)
class _Colleague(serializers.SlugRelatedField):
    """Username of a person who may see the case ``context["case"]``."""

    def get_queryset(self) -> QuerySet[User]:
        case = self.context.get("case")
        return people_seeing(case.company_ids) if case else User.objects.none()


class AskAboutCaseSerializer(CaseReasonSerializer):
    to = _Colleague(
        slug_field="username",
        allow_null=True,
        help_text=_("Username of the person who is asked; null: nobody any more."),
    )


class CaseApiFilter(CaseFilter):
    updated_after = ChangedAfter("changed_at", FEED)


_with_reason = extend_schema(request=CaseReasonSerializer, responses=CaseSerializer)


@extend_schema_view(
    list=extend_schema(summary=_("Duplicate cases, the newest first")),
    retrieve=extend_schema(summary=_("One duplicate case")),
)
class CaseViewSet(RepeatableWrites, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[DuplicateCase]):
    queryset = DuplicateCase.objects.none()
    serializer_class = CaseSerializer
    filterset_class = CaseApiFilter

    def get_queryset(self) -> QuerySet[DuplicateCase]:
        cases = DuplicateCase.objects.visible_to(self.request.user).select_related("assigned_to")
        return cases.prefetch_related("members", "pairs", "claims", "decisions__user", "decisions__undone_by")

    @property
    def _user(self) -> Any:
        return self.request.user  # a logged-in user: the permissions refuse others

    def keyset_order(self, request: Request) -> Order:
        return _OLDEST_CHANGE_FIRST if request.query_params.get("updated_after") else NEWEST_FIRST

    @extend_schema(summary=_("Merge"), request=MergeCaseSerializer, responses=CaseSerializer)
    @action(detail=True, methods=["post"], permission_classes=[holds("duplicates.decide_duplicatecase")])
    def merge(self, request: Request, pk: str | None = None) -> Response:
        case, values = self.get_object(), _read(MergeCaseSerializer, request)
        member = case.members.filter(invoice=values["master"]).select_related("invoice").first()
        if member is None:
            raise ValidationError({"master": [_("Not an invoice of this case.")]})
        services.merge(case, member.invoice, self._user, values["text"], values["revision"])
        return self._answer(case)

    @extend_schema(summary=_("Not a duplicate"))
    @_with_reason
    @action(detail=True, methods=["post"], permission_classes=[holds("duplicates.decide_duplicatecase")])
    def dismiss(self, request: Request, pk: str | None = None) -> Response:
        case, values = self.get_object(), _read(CaseReasonSerializer, request)
        services.dismiss(case, self._user, values["text"], values["revision"])
        return self._answer(case)

    @extend_schema(summary=_("Confirm that it was claimed twice"))
    @_with_reason
    @action(detail=True, methods=["post"], permission_classes=[holds("duplicates.decide_duplicatecase")])
    def confirm(self, request: Request, pk: str | None = None) -> Response:
        case, values = self.get_object(), _read(CaseReasonSerializer, request)
        services.confirm(case, self._user, values["text"], values["revision"])
        return self._answer(case)

    @extend_schema(summary=_("Ask someone"), request=AskAboutCaseSerializer, responses=CaseSerializer)
    @action(detail=True, methods=["post"], permission_classes=[holds("duplicates.decide_duplicatecase")])
    def assign(self, request: Request, pk: str | None = None) -> Response:
        case = self.get_object()
        values = _read(AskAboutCaseSerializer, request, case)
        services.assign(case, values["to"], self._user, values["text"], values["revision"])
        return self._answer(case)

    @extend_schema(summary=_("Comment"))
    @_with_reason
    @action(detail=True, methods=["post"], permission_classes=[holds("duplicates.view_duplicatecase")])
    def comment(self, request: Request, pk: str | None = None) -> Response:
        case, values = self.get_object(), _read(CaseReasonSerializer, request)
        services.comment(case, self._user, values["text"])
        return self._answer(case)

    @extend_schema(summary=_("Undo the last decision"), request=None, responses=CaseSerializer)
    @action(detail=True, methods=["post"], permission_classes=[holds("duplicates.decide_duplicatecase")])
    def undo(self, request: Request, pk: str | None = None) -> Response:
        case = self.get_object()
        last = selectors.undoable(request.user).filter(case=case).first()
        if last is None:
            raise Refused(_("There is nothing here that you may undo."))
        services.undo(last, self._user)
        return self._answer(case)

    def _answer(self, case: DuplicateCase) -> Response:
        """The case as it is now."""
        return Response(CaseSerializer(self.get_queryset().get(pk=case.pk)).data)


def _read(
    serializer: type[CaseReasonSerializer], request: Request, case: DuplicateCase | None = None
) -> dict[str, Any]:
    bound = serializer(data=request.data, context={"case": case})
    bound.is_valid(raise_exception=True)
    values: dict[str, Any] = bound.validated_data
    return values
