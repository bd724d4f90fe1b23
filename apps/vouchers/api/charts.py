"""REST endpoints of charts of accounts and dimension items. Writes are checked as rows of an import are."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.accounts.models import Company
from apps.core.idempotency import RepeatableWrites
from apps.core.permissions import holds
from apps.vouchers import selectors
from apps.vouchers.charts import planning, services, standards, tables
from apps.vouchers.charts import selectors as chart_selectors
from apps.vouchers.charts.filters import AccountFilter, DimensionItemFilter
from apps.vouchers.models import Account, AccountBook, DimensionItem


class AccountSerializer(serializers.ModelSerializer[Account]):
    """``parent`` and ``direction`` may be left out: they follow from the code."""

    parent = serializers.CharField(
        source="parent.code", required=False, allow_blank=True, default="", max_length=40,
        help_text=_("Code of the account above. Empty: the longest code that this one begins with."),
    )  # type: ignore[assignment]  # fmt: skip

    class Meta:
        model = Account
        fields = ("id", "book", "code", "name", "parent", "direction", "dimensions", "active")
        extra_kwargs = {"direction": {"required": False}}
        validators: list[Any] = []  # the service checks uniqueness under a lock

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["book"].queryset = selectors.books(request.user)  # type: ignore[attr-defined]
        if isinstance(self.instance, Account):
            fields["book"].read_only = fields["code"].read_only = True
        return fields

    def row(self) -> dict[str, Any]:
        """The body as ``services.put_account`` takes it; what a change leaves out stays."""
        stored = self.instance
        body = {name: value for name, value in self.validated_data.items() if name not in ("book", "parent")}
        if "parent" in self.initial_data:
            body["parent"] = self.validated_data["parent"]["code"]
        return {"name": stored.name, **body} if isinstance(stored, Account) else body


class DimensionItemSerializer(serializers.ModelSerializer[DimensionItem]):
    class Meta:
        model = DimensionItem
        fields = ("id", "company", "kind", "code", "name", "active")
        validators: list[Any] = []  # the service checks uniqueness under a lock

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["company"].queryset = Company.objects.visible_to(request.user)  # type: ignore[attr-defined]
        if isinstance(self.instance, DimensionItem):
            fields["company"].read_only = True
        return fields

    def row(self) -> dict[str, Any]:
        """The body as ``services.put_item`` takes it; what a change leaves out stays."""
        body = {name: value for name, value in self.validated_data.items() if name != "company"}
        stored = self.instance
        return {"kind": stored.kind, "name": stored.name, **body} if isinstance(stored, DimensionItem) else body


class LoadChartSerializer(serializers.Serializer[Any]):
    book = serializers.PrimaryKeyRelatedField(queryset=AccountBook.objects.none())
    standard = serializers.ChoiceField(
        choices=standards.STANDARDS, help_text=_("small: small-enterprise standard; enterprise: enterprise standard.")
    )

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["book"].queryset = selectors.books(self.context["request"].user)  # type: ignore[attr-defined]
        return fields


class _ImportSerializer(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField(default=False, help_text=_("Only plan it; nothing is written."))
    rows = serializers.ListField(
        child=serializers.DictField(child=serializers.JSONField()),
        allow_empty=False,
        max_length=tables.MOST,
        help_text=_(
            "One object for each row, by the field names of this resource. They are imported all or not at all."
        ),
    )


class AccountImportSerializer(_ImportSerializer):
    book = serializers.PrimaryKeyRelatedField(queryset=AccountBook.objects.none())

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["book"].queryset = selectors.books(self.context["request"].user)  # type: ignore[attr-defined]
        return fields


class DimensionItemImportSerializer(_ImportSerializer):
    company = serializers.PrimaryKeyRelatedField(queryset=Company.objects.none())

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        visible = Company.objects.visible_to(self.context["request"].user)
        fields["company"].queryset = visible  # type: ignore[attr-defined]
        return fields


class ImportCountsSerializer(serializers.Serializer[Any]):
    """How many rows an import made, changed or left as they were."""

    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    same = serializers.IntegerField()
    refused = serializers.IntegerField()


@extend_schema_view(
    list=extend_schema(summary=_("Accounts")),
    retrieve=extend_schema(summary=_("One account")),
    create=extend_schema(summary=_("Add an account")),
    partial_update=extend_schema(summary=_("Change an account"), description=_("Its code stays.")),
)
class AccountViewSet(
    RepeatableWrites,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    GenericViewSet[Account],
):
    queryset = Account.objects.none()
    serializer_class = AccountSerializer
    filterset_class = AccountFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Account]:
        return chart_selectors.accounts(self.request.user).select_related("parent")

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = services.put_account(serializer.validated_data["book"], serializer.row())

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        account = self.get_object()
        body: Any = self.get_serializer(account, data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        return Response(self.get_serializer(services.put_account(account.book, body.row(), account)).data)

    @extend_schema(
        summary=_("Load a standard chart into a book without accounts"),
        request=LoadChartSerializer,
        responses=ImportCountsSerializer,
    )
    @action(detail=False, methods=["post"], permission_classes=[holds("vouchers.add_account")])
    def load(self, request: Request) -> Response:
        body = LoadChartSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        made = services.load_standard(body.validated_data["book"], body.validated_data["standard"])
        return Response({**planning.counts([]), "new": made})

    @extend_schema(
        operation_id="accounts_import",
        summary=_("Import accounts"),
        request=AccountImportSerializer,
        responses=ImportCountsSerializer,
    )
    @action(
        detail=False, methods=["post"], url_path="import",
        permission_classes=[holds("vouchers.add_account"), holds("vouchers.change_account")],
    )  # fmt: skip
    def import_rows(self, request: Request) -> Response:
        body = AccountImportSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        book, rows = body.validated_data["book"], body.validated_data["rows"]
        _require_no_problems(planning.accounts(book, rows))
        if body.validated_data["dry_run"]:
            return Response(planning.counts(planning.accounts(book, rows)))
        return Response(services.import_accounts(book, rows))


@extend_schema_view(
    list=extend_schema(summary=_("Dimension items")),
    retrieve=extend_schema(summary=_("One dimension item")),
    create=extend_schema(summary=_("Add a dimension item")),
    partial_update=extend_schema(summary=_("Change a dimension item")),
)
class DimensionItemViewSet(
    RepeatableWrites,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    GenericViewSet[DimensionItem],
):
    queryset = DimensionItem.objects.none()
    serializer_class = DimensionItemSerializer
    filterset_class = DimensionItemFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[DimensionItem]:
        return chart_selectors.dimension_items(self.request.user)

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = services.put_item(serializer.validated_data["company"], serializer.row())

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        item = self.get_object()
        body: Any = self.get_serializer(item, data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        return Response(self.get_serializer(services.put_item(item.company, body.row(), item)).data)

    @extend_schema(
        operation_id="dimension_items_import",
        summary=_("Import dimension items"),
        request=DimensionItemImportSerializer,
        responses=ImportCountsSerializer,
    )
    @action(
        detail=False, methods=["post"], url_path="import",
        permission_classes=[holds("vouchers.add_dimensionitem"), holds("vouchers.change_dimensionitem")],
    )  # fmt: skip
    def import_rows(self, request: Request) -> Response:
        body = DimensionItemImportSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        company, rows = body.validated_data["company"], body.validated_data["rows"]
        _require_no_problems(planning.items(company, rows))
        if body.validated_data["dry_run"]:
            return Response(planning.counts(planning.items(company, rows)))
        return Response(services.import_items(company, rows))


def _require_no_problems(planned: Sequence[Any]) -> None:
    """Raises ValidationError with the problems of each refused row: ``rows.3`` is the third one."""
    refused: Mapping[str, list[str]] = {
        f"rows.{at}": [str(problem) for problem in one.problems] for at, one in enumerate(planned, 1) if one.problems
    }
    if refused:
        raise ValidationError(refused)
