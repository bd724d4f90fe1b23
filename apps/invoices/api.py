"""The ledger and the quarantine over REST.

Serializers do not build invoices: ``canonical`` makes a page of them in three queries. The serializers below describe
them for the schema (a test holds both together).
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
from .canonical import FIELDS, documents
from .fields import INVOICE_FIELDS, InvoiceField
from .filters import InvoiceFilter
from .identity import fold
from .masters import master_ids
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
    """A source that has a record of the invoice, and its external id there."""

    source = serializers.CharField()  # type: ignore[assignment]
    external_id = serializers.CharField()
    deleted = serializers.BooleanField()


class InvoiceBillSerializer(serializers.Serializer[Any]):
    """A bill that reserves it. ``amount``: the part of it that the bill claims."""

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


def _declared(field: InvoiceField) -> serializers.Field[Any, Any, Any, Any]:
    """The REST field of a field of the field table."""
    if field.name == "lines":
        return InvoiceLineSerializer(many=True)
    if field.is_structured:
        return serializers.DictField(allow_null=True)
    if field.is_choice:
        return serializers.ChoiceField(list(choices.LABELS_OF[field.value_type].items()))
    if field.is_amount:
        return _amount()
    if field.is_date:
        return serializers.DateField(allow_null=True)
    return serializers.CharField(allow_blank=not field.default, help_text=field.help_text or None)


class InvoiceSerializer(serializers.Serializer[Any]):
    """One invoice of the ledger. Amounts are text with two decimals; null means that no source states one."""

    id = serializers.IntegerField()
    key = serializers.CharField()
    flags = serializers.ListField(child=serializers.CharField())
    sources = InvoiceSourceSerializer(many=True)
    bills = InvoiceBillSerializer(many=True)
    vouchers = InvoiceVoucherSerializer(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        declared = super().get_fields() | {field.name: _declared(field) for field in INVOICE_FIELDS}
        return {name: declared[name] for name in FIELDS}


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
        rows = {row["id"]: row for row in self._documents([invoice.pk for invoice in page or ()])}
        return self.get_paginated_response([rows[invoice.pk] for invoice in page or () if invoice.pk in rows])

    def retrieve(self, request: Request, pk: str) -> Response:
        rows = self._documents(list(master_ids([int(pk)]).values()))
        if not rows:
            raise Http404
        return Response(rows[0])


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
        body = DismissRecordSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        services.dismiss_quarantined(record, request.user, body.validated_data["comment"])  # type: ignore[arg-type]
        return self._now(record)

    def _now(self, record: QuarantinedRecord) -> Response:
        return Response(QuarantinedRecordSerializer(self.get_queryset().get(pk=record.pk)).data)
