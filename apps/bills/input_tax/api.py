"""REST: deciding about the input tax of a bill's invoices."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.bills.api.serializers import WholeBillSerializer
from apps.core.permissions import holds

from . import overriding

_MOST = 2**63 - 1  # the largest id


class TaxedInvoicesSerializer(serializers.Serializer[Any]):
    bill_invoices = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=_MOST), allow_empty=False, max_length=1000
    )
    revision = serializers.IntegerField(
        required=False, help_text=_("The revision you saw; a bill that was changed since is left alone.")
    )


class DecideTaxSerializer(TaxedInvoicesSerializer):
    deductible = serializers.BooleanField()
    input_tax = serializers.DecimalField(
        18, 2, required=False, allow_null=True, help_text=_("Yuan of each invoice. Left out: what its document offers.")
    )
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class InputTaxMixin:
    """The endpoints of a bill for its input tax."""

    @extend_schema(
        summary=_("Decide about input tax"),
        description=_("Until the bill is booked. Nothing computed replaces the decision."),
        request=DecideTaxSerializer,
        responses=WholeBillSerializer,
    )
    @action(detail=True, methods=["post"], permission_classes=[holds("bills.change_bill")], url_path="decide-tax")
    def decide_tax(self: Any, request: Request, pk: str | None = None) -> Response:
        bill, values = self.get_object(), self._validated(DecideTaxSerializer, request)
        ids, revision = values.pop("bill_invoices"), values.pop("revision", None)
        overriding.decide(bill, ids, request.user, revision, **values)  # type: ignore[arg-type]
        answer: Response = self._answer(bill)
        return answer

    @extend_schema(
        summary=_("Compute input tax anew"),
        description=_("Takes back what people decided about these invoices."),
        request=TaxedInvoicesSerializer,
        responses=WholeBillSerializer,
    )
    @action(detail=True, methods=["post"], permission_classes=[holds("bills.change_bill")], url_path="recompute-tax")
    def recompute_tax(self: Any, request: Request, pk: str | None = None) -> Response:
        bill, values = self.get_object(), self._validated(TaxedInvoicesSerializer, request)
        overriding.recompute(bill, values["bill_invoices"], request.user, values.get("revision"))  # type: ignore[arg-type]
        answer: Response = self._answer(bill)
        return answer
