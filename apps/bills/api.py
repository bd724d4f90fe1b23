"""REST: bills, what is on them, and the steps of their life."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.accounts.models import Company
from apps.accounts.selectors import visible_companies
from apps.core.errors import HubError
from apps.core.idempotency import IDEMPOTENCY_KEY, RepeatableWrites
from apps.core.keyset import Order
from apps.core.pagination import NEWEST_FIRST
from apps.core.permissions import holds
from apps.core.problems import Refused
from apps.sources.api import MessageSerializer

from . import services, states
from .filters import BillFilter
from .models import Bill, BillEntry, BillStep, InvoiceUse
from .permissions import may_take
from .selectors import bills, differences, live
from .states import Action

_OLDEST_CHANGE_FIRST = Order("updated_at", descending=False, read=datetime.fromisoformat)
_HEAD = ("number", "type", "title", "employee", "department", "payee", "currency", "bill_date", "amount")


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
            *_HEAD,
            "bxd_key",
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
        read_only_fields = [name for name in fields if name not in (*_HEAD, "company")]
        validators: list[Any] = []  # that a number is taken, the service says

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["company"].queryset = visible_companies(request.user)
        return fields


class EntrySerializer(serializers.ModelSerializer[BillEntry]):
    class Meta:
        model = BillEntry
        fields = ["id", "position", "branch_id", "cost_type", "description", "spent_on", "amount"]
        read_only_fields = ["id", "position", "branch_id"]


class UseSerializer(serializers.ModelSerializer[InvoiceUse]):
    class Meta:
        model = InvoiceUse
        fields = [
            "id",
            "invoice",
            "entry",
            "amount",
            "deductible",
            "input_tax",
            "transfer_out_reason",
            "state",
            "shared",
            "contested",
            "picked_at",
        ]
        read_only_fields = ["id", "invoice", "state", "shared", "contested", "picked_at"]


class StepSerializer(serializers.ModelSerializer[BillStep]):
    user = serializers.CharField(source="user.username", default=None, allow_null=True)
    message = MessageSerializer(source="sentence", allow_null=True)

    class Meta:
        model = BillStep
        fields = ["at", "user", "action", "state", "message", "reason"]
        read_only_fields = fields


class DifferenceSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["only_here", "only_there", "contested"])
    invoice = serializers.IntegerField(source="invoice.pk")


class WholeBillSerializer(BillSerializer):
    """With everything on it. ``differences`` is null while no upstream has listed its invoices."""

    entries = EntrySerializer(many=True, read_only=True)
    uses = serializers.SerializerMethodField()
    timeline = serializers.SerializerMethodField()
    differences = serializers.SerializerMethodField()

    class Meta(BillSerializer.Meta):
        fields = [*BillSerializer.Meta.fields, "entries", "uses", "timeline", "differences"]

    @extend_schema_field(UseSerializer(many=True))
    def get_uses(self, bill: Bill) -> Any:
        return UseSerializer(live(bill.uses.all()).order_by("pk"), many=True).data

    @extend_schema_field(StepSerializer(many=True))
    def get_timeline(self, bill: Bill) -> Any:
        return StepSerializer(bill.timeline.select_related("user")[:100], many=True).data

    @extend_schema_field(DifferenceSerializer(many=True, allow_null=True))
    def get_differences(self, bill: Bill) -> Any:
        found = differences(bill)
        return None if found is None else DifferenceSerializer(found, many=True).data


class RevisionSerializer(serializers.Serializer[Any]):
    revision = serializers.IntegerField(
        required=False, help_text=_("The revision you saw; a bill that was changed since is left alone.")
    )


class ReasonSerializer(RevisionSerializer):
    reason = serializers.CharField(max_length=300)


class HoldSerializer(RevisionSerializer):
    invoices = serializers.ListField(child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=1000)
    entry = serializers.IntegerField(required=False)
    amounts = serializers.DictField(
        child=serializers.DecimalField(18, 2), required=False, help_text=_("Invoice id → the part of it to use, yuan.")
    )
    override_reason = serializers.CharField(max_length=300, required=False)


class ReleaseSerializer(RevisionSerializer):
    uses = serializers.ListField(child=serializers.IntegerField(min_value=1), allow_empty=False)


class RefusalSerializer(serializers.Serializer[Any]):
    invoice = serializers.IntegerField(source="invoice_id")
    message = MessageSerializer()


class PickedSerializer(serializers.Serializer[Any]):
    """What is on the bill now, and which invoices were refused, with the reason."""

    uses = UseSerializer(many=True)
    refused = RefusalSerializer(many=True)


class BillApiFilter(BillFilter):
    number = filters.CharFilter(label=_("Number"))
    bxd_key = filters.CharFilter(label=_("Global key"))
    updated_after = filters.IsoDateTimeFilter(
        field_name="updated_at", lookup_expr="gt", label=_("Only what changed after this moment, the oldest first.")
    )


_step_action = action(detail=True, methods=["post"], permission_classes=[holds("bills.view_bill")])


def _described(summary: Any, request: type[Any]) -> Callable[[Any], Any]:
    """A write whose answer is the bill as it is then."""
    return extend_schema(summary=summary, parameters=[IDEMPOTENCY_KEY], request=request, responses=WholeBillSerializer)


def _refusing(act: Callable[[], Any]) -> Any:
    """What it gives; a refusal of the bill becomes 409."""
    try:
        return act()
    except HubError as error:
        raise Refused(str(error)) from error


@extend_schema_view(list=extend_schema(summary=_("Bills")), retrieve=extend_schema(summary=_("One bill")))
class BillViewSet(RepeatableWrites, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Bill]):
    queryset = Bill.objects.none()
    serializer_class = BillSerializer
    filterset_class = BillApiFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Bill]:
        return bills(self.request.user).select_related("company", "source").defer("source__credentials")

    def get_permissions(self) -> Any:
        """Whoever may change drafts may delete them."""
        return [holds("bills.change_bill")()] if self.action == "destroy" else super().get_permissions()

    def get_serializer_class(self) -> type[Any]:
        return WholeBillSerializer if self.action == "retrieve" else BillSerializer

    def keyset_order(self, request: Request) -> Order:
        return _OLDEST_CHANGE_FIRST if request.query_params.get("updated_after") else NEWEST_FIRST

    @extend_schema(
        summary=_("New bill"),
        parameters=[IDEMPOTENCY_KEY],
        request=BillSerializer,
        responses={201: WholeBillSerializer},
    )
    def create(self, request: Request) -> Response:
        given = BillSerializer(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        bill = _refusing(lambda: services.create_bill(values.pop("company"), self._user, **values))
        return self._now(bill, status.HTTP_201_CREATED)

    @_described(_("Change a draft"), BillSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        bill = self.get_object()
        given = BillSerializer(bill, data=request.data, partial=True, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        values = {name: value for name, value in given.validated_data.items() if name in _HEAD}
        _refusing(lambda: services.edit_bill(bill, self._user, self._revision(request), **values))
        return self._now(bill)

    @extend_schema(summary=_("Delete a draft"), parameters=[IDEMPOTENCY_KEY], responses={204: None})
    def destroy(self, request: Request, pk: str | None = None) -> Response:
        bill = self.get_object()
        _refusing(lambda: services.delete_bill(bill, self._user))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @_described(_("New entry"), EntrySerializer)
    @action(detail=True, methods=["post"], permission_classes=[holds("bills.change_bill")])
    def entries(self, request: Request, pk: str | None = None) -> Response:
        bill = self.get_object()
        given = EntrySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        _refusing(lambda: services.put_entry(bill, self._user, self._revision(request), **given.validated_data))
        return self._now(bill)

    @extend_schema(
        summary=_("Put invoices on a draft"),
        description=_("Those that are free are held at once; the others come back as refused, saying who holds them."),
        parameters=[IDEMPOTENCY_KEY],
        request=HoldSerializer,
        responses=PickedSerializer,
    )
    @action(detail=True, methods=["post"], permission_classes=[holds("bills.change_bill")])
    def hold(self, request: Request, pk: str | None = None) -> Response:
        bill = self.get_object()
        given = self._given(HoldSerializer, request)
        entry = self._entry(bill, given.get("entry"))
        amounts = {int(invoice): amount for invoice, amount in (given.get("amounts") or {}).items()}
        picked = _refusing(
            lambda: services.hold(
                bill,
                given["invoices"],
                self._user,
                given.get("revision"),
                entry=entry,
                amounts=amounts,
                override_reason=given.get("override_reason", ""),
            )
        )
        return Response(PickedSerializer(picked).data)

    @_described(_("Take invoices off a draft"), ReleaseSerializer)
    @action(detail=True, methods=["post"], permission_classes=[holds("bills.change_bill")])
    def release(self, request: Request, pk: str | None = None) -> Response:
        bill = self.get_object()
        given = self._given(ReleaseSerializer, request)
        _refusing(lambda: services.release(bill, given["uses"], self._user, given.get("revision")))
        return self._now(bill)

    @_described(_("Submit"), RevisionSerializer)
    @_step_action
    def submit(self, request: Request, pk: str | None = None) -> Response:
        return self._step(request, Action.SUBMIT)

    @_described(_("Approve"), RevisionSerializer)
    @_step_action
    def approve(self, request: Request, pk: str | None = None) -> Response:
        return self._step(request, Action.APPROVE)

    @_described(_("Mark as booked"), RevisionSerializer)
    @_step_action
    def book(self, request: Request, pk: str | None = None) -> Response:
        return self._step(request, Action.BOOK)

    @_described(_("Back to a draft"), RevisionSerializer)
    @_step_action
    def reopen(self, request: Request, pk: str | None = None) -> Response:
        return self._step(request, Action.REOPEN)

    @_described(_("Reject"), ReasonSerializer)
    @_step_action
    def reject(self, request: Request, pk: str | None = None) -> Response:
        return self._step(request, Action.REJECT)

    @_described(_("Withdraw"), ReasonSerializer)
    @_step_action
    def withdraw(self, request: Request, pk: str | None = None) -> Response:
        return self._step(request, Action.WITHDRAW)

    @_described(_("Take the approval back"), ReasonSerializer)
    @_step_action
    def unapprove(self, request: Request, pk: str | None = None) -> Response:
        return self._step(request, Action.UNAPPROVE)

    @_described(_("Take the booking back"), ReasonSerializer)
    @_step_action
    def unbook(self, request: Request, pk: str | None = None) -> Response:
        return self._step(request, Action.UNBOOK)

    @_described(_("Discard"), ReasonSerializer)
    @_step_action
    def discard(self, request: Request, pk: str | None = None) -> Response:
        return self._step(request, Action.DISCARD)

    @property
    def _user(self) -> Any:
        return self.request.user

    def _given(self, serializer: type[Any], request: Request) -> dict[str, Any]:
        given = serializer(data=request.data)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def _revision(self, request: Request) -> int | None:
        found: int | None = self._given(RevisionSerializer, request).get("revision")
        return found

    def _entry(self, bill: Bill, pk: int | None) -> BillEntry | None:
        entry = bill.entries.filter(pk=pk).first() if pk else None
        if pk and entry is None:
            raise ValidationError({"entry": [_("This bill has no such entry.")]})
        return entry

    def _step(self, request: Request, wanted: Action) -> Response:
        if not may_take(request.user, wanted):
            raise PermissionDenied
        bill = self.get_object()
        needs_reason = wanted in states.NEEDS_REASON
        given = self._given(ReasonSerializer if needs_reason else RevisionSerializer, request)
        reason = {"reason": given["reason"]} if needs_reason else {}
        take: Callable[..., Bill] = getattr(services, wanted)
        _refusing(lambda: take(bill, self._user, revision=given.get("revision"), **reason))
        return self._now(bill)

    def _now(self, bill: Bill, code: int = status.HTTP_200_OK) -> Response:
        found = self.get_queryset().get(pk=bill.pk)
        return Response(WholeBillSerializer(found, context=self.get_serializer_context()).data, code)
