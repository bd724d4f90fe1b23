"""The ledger and the quarantine over REST.

Invoices are not built by serializers: ``canonical`` makes a page of them in three queries, and the serializers below
say what they look like (a test holds both together).
"""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.accounts.visibility import visible_company_ids
from apps.core.feeds import FEED
from apps.core.idempotency import RepeatableWrites
from apps.core.keyset import Order
from apps.core.pagination import NEWEST_FIRST
from apps.core.permissions import holds
from apps.sources.api import MessageSerializer
from apps.sources.choices import QuarantineState
from apps.sources.models import QuarantinedRecord

from . import choices, services
from .canonical import documents
from .filters import InvoiceFilter
from .identity import fold
from .models import Invoice
from .selectors import ledger, quarantine

OLDEST_CHANGE_FIRST = Order("updated_at", descending=False, read=datetime.fromisoformat)


def _amount(digits: int = 18, decimals: int = 2) -> serializers.DecimalField:
    return serializers.DecimalField(digits, decimals, allow_null=True)


class InvoiceLineSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(allow_blank=True)
    spec = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    quantity = _amount(28, 10)
    unit_price = _amount(28, 10)
    amount = _amount()
    tax_rate = _amount(8, 6)
    tax_amount = _amount()
    goods_code = serializers.CharField(allow_blank=True)


class InvoiceSourceSerializer(serializers.Serializer[Any]):
    """A source that knows the invoice, and under which id."""

    source = serializers.CharField()  # type: ignore[assignment]
    external_id = serializers.CharField()
    deleted = serializers.BooleanField()


class InvoiceBillSerializer(serializers.Serializer[Any]):
    """A bill it lies on. ``amount``: the part of it that the bill claims."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    state = serializers.CharField()
    amount = _amount()
    contested = serializers.BooleanField()


class InvoiceVoucherSerializer(serializers.Serializer[Any]):
    """A voucher that books it."""

    id = serializers.IntegerField()
    vouch_id = serializers.CharField()
    vouch_no = serializers.CharField(allow_blank=True)
    period = serializers.CharField(allow_blank=True, help_text="yyyyMM")
    state = serializers.CharField()
    push_state = serializers.CharField()


class InvoiceSerializer(serializers.Serializer[Any]):
    """One invoice of the ledger. Amounts are text with two decimals; null means that no source says."""

    id = serializers.IntegerField()
    key = serializers.CharField()
    kind = serializers.ChoiceField(choices.Kind.choices)
    direction = serializers.ChoiceField(choices.Flow.choices)
    code = serializers.CharField(allow_blank=True)
    number = serializers.CharField(allow_blank=True)
    digital_number = serializers.CharField(allow_blank=True)
    check_code = serializers.CharField(allow_blank=True)
    issue_date = serializers.DateField(allow_null=True)
    currency = serializers.CharField()
    amount_excl_tax = _amount()
    tax_amount = _amount()
    total_amount = _amount()
    buyer_name = serializers.CharField(allow_blank=True)
    buyer_tax_no = serializers.CharField(allow_blank=True)
    seller_name = serializers.CharField(allow_blank=True)
    seller_tax_no = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(choices.Status.choices)
    verification = serializers.ChoiceField(choices.Verified.choices)
    expense_status = serializers.ChoiceField(choices.Expense.choices)
    deduction_status = serializers.ChoiceField(choices.Deduction.choices)
    deduction_period = serializers.CharField(allow_blank=True, help_text="yyyyMM")
    deductible_tax = _amount()
    remark = serializers.CharField(allow_blank=True)
    travel = serializers.DictField(allow_null=True)
    lines = InvoiceLineSerializer(many=True)
    flags = serializers.ListField(child=serializers.CharField())
    sources = InvoiceSourceSerializer(many=True)
    bills = InvoiceBillSerializer(many=True)
    vouchers = InvoiceVoucherSerializer(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class InvoiceApiFilter(InvoiceFilter):
    updated_after = filters.IsoDateTimeFilter(
        field_name="updated_at",
        lookup_expr="gt",
        label=FEED,
    )
    number = filters.CharFilter(method="folded", label=_("Invoice number"))
    digital_number = filters.CharFilter(method="folded", label=_("Digital invoice number"))
    key = filters.CharFilter(label=_("Key"))

    def folded(self, queryset: QuerySet[Invoice], name: str, value: str) -> QuerySet[Invoice]:
        return queryset.filter(**{name: fold(value)})


@extend_schema_view(
    list=extend_schema(
        summary=_("Invoices"),
        description=_(
            "The newest first; with updated_after in the order of change. Follow “next” to the end, then go on with "
            "the updated_at of the last row."
        ),
        responses=InvoiceSerializer(many=True),
    ),
    retrieve=extend_schema(
        summary=_("One invoice"),
        description=_("The id of an invoice that was joined with another one gives that other one."),
    ),
)
class InvoiceViewSet(GenericViewSet[Invoice]):
    queryset = Invoice.objects.none()
    serializer_class = InvoiceSerializer
    filterset_class = InvoiceApiFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Invoice]:
        return ledger(self.request.user)

    def keyset_order(self, request: Request) -> Order:
        return OLDEST_CHANGE_FIRST if request.query_params.get("updated_after") else NEWEST_FIRST

    def _documents(self, ids: list[int]) -> list[dict[str, Any]]:
        invoices = self.get_queryset().filter(pk__in=ids)
        return documents(invoices, visible_company_ids(self.request.user))

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()).only("pk", "updated_at"))
        found = {row["id"]: row for row in self._documents([invoice.pk for invoice in page or ()])}
        return self.get_paginated_response([found[invoice.pk] for invoice in page or () if invoice.pk in found])

    def retrieve(self, request: Request, pk: str) -> Response:
        joined = Invoice.objects.filter(pk=pk).values_list("merged_into_id", flat=True).first()
        found = self._documents([joined or int(pk)])
        if not found:
            raise Http404
        return Response(found[0])


class QuarantinedRecordSerializer(serializers.ModelSerializer[QuarantinedRecord]):
    source = serializers.CharField(source="source.name")  # type: ignore[assignment]
    reason = MessageSerializer(source="message", allow_null=True)

    class Meta:
        model = QuarantinedRecord
        fields = [
            "id",
            "source",
            "source_id",
            "external_id",
            "reason",
            "state",
            "attempts",
            "created_at",
            "settled_at",
            "comment",
        ]
        read_only_fields = fields


class DismissRecordSerializer(serializers.Serializer[Any]):
    comment = serializers.CharField(max_length=300, help_text=_("Why this record is not needed."))


class QuarantineFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=QuarantineState.choices, label=_("State"))
    source = filters.NumberFilter(field_name="source_id", label=_("Id of the source."))
    reason_code = filters.CharFilter(label=_("Code of the reason."))

    class Meta:
        model = QuarantinedRecord
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary=_("Quarantined records")),
    retrieve=extend_schema(summary=_("One quarantined record")),
)
class QuarantineViewSet(
    RepeatableWrites, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[QuarantinedRecord]
):
    queryset = QuarantinedRecord.objects.none()
    serializer_class = QuarantinedRecordSerializer
    filterset_class = QuarantineFilter

    def get_queryset(self) -> QuerySet[QuarantinedRecord]:
        return quarantine(self.request.user).defer("source__credentials")

    @extend_schema(
        summary=_("Retry"),
        description=_("Reads the record again without calling upstream; “state” says whether that helped."),
        request=None,
        responses=QuarantinedRecordSerializer,
    )
    @action(detail=True, methods=["post"], permission_classes=[holds("sources.retry_quarantinedrecord")])
    def retry(self, request: Request, pk: str | None = None) -> Response:
        record = self.get_object()
        services.retry_quarantined([record.pk], user=request.user)  # type: ignore[arg-type]
        return self._now(record)

    @extend_schema(
        summary=_("Dismiss"),
        request=DismissRecordSerializer,
        responses=QuarantinedRecordSerializer,
    )
    @action(detail=True, methods=["post"], permission_classes=[holds("sources.retry_quarantinedrecord")])
    def dismiss(self, request: Request, pk: str | None = None) -> Response:
        record = self.get_object()
        given = DismissRecordSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.dismiss_quarantined(record, request.user, given.validated_data["comment"])  # type: ignore[arg-type]
        return self._now(record)

    def _now(self, record: QuarantinedRecord) -> Response:
        return Response(QuarantinedRecordSerializer(self.get_queryset().get(pk=record.pk)).data)
