"""Serializers of bills: what REST returns, and what it accepts."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.accounts.models import Company
from apps.bills.models import Bill, BillInvoice, BillLine, BillStep
from apps.bills.selectors import amounts_of, differences, live
from apps.sources.api import MessageSerializer

_SEEN = _("The revision you saw; a bill that was changed since is left alone.")
LINE = ("cost_type", "description", "spent_on", "amount", "without_invoice_reason")
HEAD = ("number", "type", "title", "employee", "department", "payee", "currency", "bill_date", "amount")


class BillSerializer(serializers.ModelSerializer[Bill]):
    """The head of a bill. Amounts are text with two decimals."""

    company = serializers.SlugRelatedField("tax_no", queryset=Company.objects.none())
    source = serializers.CharField(source="source.name", default=None, read_only=True)  # type: ignore[assignment]
    number = serializers.CharField(max_length=100, required=False, help_text=_("Left out: the next free one."))

    class Meta:
        model = Bill
        fields = [
            "id",
            "company",
            *HEAD,
            "external_key",
            "origin",
            "source",
            "state",
            "revision",
            "submitted_at",
            "approved_at",
            "booked_at",
            "upstream_state",
            "upstream_seen_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = [name for name in fields if name not in (*HEAD, "company")]
        validators: list[Any] = []  # the service refuses a number that is taken

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        request = self.context.get("request")
        if request is not None and "company" in fields:
            fields["company"].queryset = Company.objects.visible_to(request.user)
        return fields


class BillLineSerializer(serializers.ModelSerializer[BillLine]):
    class Meta:
        model = BillLine
        fields = ["id", "position", "line_key", *LINE]
        read_only_fields = ["id", "position", "line_key"]


class BillInvoiceSerializer(serializers.ModelSerializer[BillInvoice]):
    """``tax_message`` says why ``input_tax`` is deducted or not; ``tax_by_hand``: a person decided so."""

    tax_message = MessageSerializer(allow_null=True, read_only=True)

    class Meta:
        model = BillInvoice
        fields = [
            "id",
            "invoice",
            "line",
            "line_proposed",
            "amount",
            "deductible",
            "input_tax",
            "transferred_out",
            "transfer_out_reason",
            "tax_message",
            "tax_by_hand",
            "state",
            "shared",
            "contested",
            "picked_at",
        ]
        read_only_fields = [
            "id",
            "invoice",
            "line_proposed",
            "transferred_out",
            "tax_by_hand",
            "state",
            "shared",
            "contested",
            "picked_at",
        ]


class BillStepSerializer(serializers.ModelSerializer[BillStep]):
    user = serializers.CharField(source="user.username", default=None, allow_null=True)
    message = MessageSerializer(source="sentence", allow_null=True)

    class Meta:
        model = BillStep
        fields = ["at", "user", "action", "state", "message", "reason"]
        read_only_fields = fields


class BillDifferenceSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["only_here", "only_there", "contested"])
    invoice = serializers.IntegerField(source="invoice.pk")


class LineAmountsSerializer(serializers.Serializer[Any]):
    """``cost``: the line's part of the amount to be paid; ``difference``: what it claims beyond its invoices."""

    line = serializers.IntegerField(source="line_id")
    cost = serializers.DecimalField(18, 2)
    invoices = serializers.DecimalField(18, 2)
    difference = serializers.DecimalField(18, 2)


class BillAmountsSerializer(serializers.Serializer[Any]):
    """The money of a bill. ``difference``: what it claims beyond its invoices; ``without_line``: its invoices on no
    line."""

    to_be_paid = serializers.DecimalField(18, 2)
    of_lines = serializers.DecimalField(18, 2)
    of_invoices = serializers.DecimalField(18, 2)
    difference = serializers.DecimalField(18, 2)
    without_line = serializers.DecimalField(18, 2)
    lines = LineAmountsSerializer(many=True)


class WholeBillSerializer(BillSerializer):
    """A bill with lines, invoices and timeline. ``differences`` is null while no upstream has listed its invoices."""

    lines = BillLineSerializer(many=True, read_only=True)
    bill_invoices = serializers.SerializerMethodField()
    amounts = serializers.SerializerMethodField()
    timeline = serializers.SerializerMethodField()
    differences = serializers.SerializerMethodField()

    class Meta(BillSerializer.Meta):
        fields = [*BillSerializer.Meta.fields, "amounts", "lines", "bill_invoices", "timeline", "differences"]

    @extend_schema_field(BillAmountsSerializer)
    def get_amounts(self, bill: Bill) -> Any:
        return BillAmountsSerializer(amounts_of([bill])[bill.pk]).data

    @extend_schema_field(BillInvoiceSerializer(many=True))
    def get_bill_invoices(self, bill: Bill) -> Any:
        return BillInvoiceSerializer(live(bill.bill_invoices.all()).order_by("pk"), many=True).data

    @extend_schema_field(BillStepSerializer(many=True))
    def get_timeline(self, bill: Bill) -> Any:
        return BillStepSerializer(bill.timeline.select_related("user")[:100], many=True).data

    @extend_schema_field(BillDifferenceSerializer(many=True, allow_null=True))
    def get_differences(self, bill: Bill) -> Any:
        rows = differences(bill)
        return None if rows is None else BillDifferenceSerializer(rows, many=True).data


class BillRevisionSerializer(serializers.Serializer[Any]):
    revision = serializers.IntegerField(required=False, help_text=_SEEN)


class ChangeBillSerializer(BillSerializer):
    """Fields of the head; fields left out stay unchanged."""

    revision = serializers.IntegerField(required=False, help_text=_SEEN)

    class Meta(BillSerializer.Meta):
        fields = [*HEAD, "revision"]
        read_only_fields: list[str] = []


class NewBillLineSerializer(BillLineSerializer):
    revision = serializers.IntegerField(required=False, help_text=_SEEN)

    class Meta(BillLineSerializer.Meta):
        fields = ["revision", *LINE]
        read_only_fields: list[str] = []


class BillReasonSerializer(BillRevisionSerializer):
    reason = serializers.CharField(max_length=300)


_MOST = 2**63 - 1  # the largest id


def _ids(at_once: int) -> serializers.ListField:
    child = serializers.IntegerField(min_value=1, max_value=_MOST)
    return serializers.ListField(child=child, allow_empty=False, max_length=at_once)


class ReserveInvoicesSerializer(BillRevisionSerializer):
    invoices = _ids(1000)
    line = serializers.IntegerField(required=False)
    amounts = serializers.DictField(
        child=serializers.DecimalField(18, 2), required=False, help_text=_("Invoice id → the part of it to use, yuan.")
    )
    override_reason = serializers.CharField(max_length=300, required=False)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Amounts may be given only for invoices of the request."""
        requested = {str(invoice): invoice for invoice in values["invoices"]}
        amounts = values.get("amounts") or {}
        foreign = sorted(amounts.keys() - requested.keys())
        if foreign:
            problem = _("Not among the invoices: %(ids)s.") % {"ids": ", ".join(foreign)[:200]}
            raise serializers.ValidationError({"amounts": [problem]})
        return {**values, "amounts": {requested[key]: amount for key, amount in amounts.items()}}


class ReleaseInvoicesSerializer(BillRevisionSerializer):
    bill_invoices = _ids(10_000)


class AdjustBillInvoiceSerializer(BillRevisionSerializer):
    bill_invoice = serializers.IntegerField(min_value=1)
    line = serializers.IntegerField(required=False, allow_null=True)
    amount = serializers.DecimalField(18, 2, required=False)
    deductible = serializers.BooleanField(required=False, allow_null=True)
    input_tax = serializers.DecimalField(18, 2, required=False, allow_null=True)
    transfer_out_reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class BillLineNumberSerializer(BillRevisionSerializer):
    line = serializers.IntegerField(min_value=1)


class ChangeBillLineSerializer(BillLineSerializer):
    """Fields of a line; fields left out stay unchanged."""

    line = serializers.IntegerField(min_value=1, write_only=True)
    revision = serializers.IntegerField(required=False, write_only=True, help_text=_SEEN)

    class Meta(BillLineSerializer.Meta):
        fields = ["line", "revision", *LINE]
        read_only_fields: list[str] = []


class InvoiceRefusalSerializer(serializers.Serializer[Any]):
    invoice = serializers.IntegerField(source="invoice_id")
    message = MessageSerializer()


class ReservedInvoicesSerializer(serializers.Serializer[Any]):
    """What is on the bill now, and which invoices were refused, with the reason."""

    bill_invoices = BillInvoiceSerializer(many=True)
    refused = InvoiceRefusalSerializer(many=True)
