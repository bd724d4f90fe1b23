"""The endpoints of bills. Every write goes through the services; a refusal becomes 409 with its sentence."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.bills import services, states
from apps.bills.compliance.api import ChecksMixin
from apps.bills.filters import BillFilter
from apps.bills.input_tax.api import InputTaxMixin
from apps.bills.models import Bill, BillLine
from apps.bills.permissions import may_take
from apps.bills.states import Action
from apps.core.feeds import FEED, ChangedAfter
from apps.core.idempotency import RepeatableWrites
from apps.core.keyset import Order
from apps.core.pagination import NEWEST_FIRST
from apps.core.permissions import holds

from .serializers import (
    AdjustBillInvoiceSerializer,
    BillLineNumberSerializer,
    BillReasonSerializer,
    BillRevisionSerializer,
    BillSerializer,
    ChangeBillLineSerializer,
    ChangeBillSerializer,
    NewBillLineSerializer,
    ReleaseInvoicesSerializer,
    ReservedInvoicesSerializer,
    ReserveInvoicesSerializer,
    WholeBillSerializer,
)

_OLDEST_CHANGE_FIRST = Order("updated_at", descending=False, read=datetime.fromisoformat)


class BillApiFilter(BillFilter):
    number = filters.CharFilter(label=_("Number"))
    external_key = filters.CharFilter(label=_("Global key"))
    updated_after = ChangedAfter("updated_at", FEED)


def _step_action(step: Callable[..., Response]) -> Any:
    """Make a new decorator for each step, because ``_described`` changes the object it decorates."""
    return action(detail=True, methods=["post"], permission_classes=[holds("bills.view_bill")])(step)


def _described(summary: Any, request: type[Any]) -> Callable[[Any], Any]:
    """Describe a write that answers with the bill as it is afterwards."""
    return extend_schema(summary=summary, request=request, responses=WholeBillSerializer)


@extend_schema_view(list=extend_schema(summary=_("Bills")), retrieve=extend_schema(summary=_("One bill")))
class BillViewSet(
    ChecksMixin, InputTaxMixin, RepeatableWrites, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Bill]
):
    queryset = Bill.objects.none()
    serializer_class = BillSerializer
    filterset_class = BillApiFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Bill]:
        return (
            Bill.objects.visible_to(self.request.user).select_related("company", "source").defer("source__credentials")
        )

    def get_permissions(self) -> Any:
        """Deleting needs the permission to change drafts."""
        return [holds("bills.change_bill")()] if self.action == "destroy" else super().get_permissions()

    def get_serializer_class(self) -> type[Any]:
        return WholeBillSerializer if self.action == "retrieve" else BillSerializer

    def keyset_order(self, request: Request) -> Order:
        return _OLDEST_CHANGE_FIRST if request.query_params.get("updated_after") else NEWEST_FIRST

    @extend_schema(
        summary=_("New bill"),
        request=BillSerializer,
        responses={201: WholeBillSerializer},
    )
    def create(self, request: Request) -> Response:
        serializer = BillSerializer(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        bill = services.create_bill(values.pop("company"), self._user, **values)
        return self._answer(bill, status.HTTP_201_CREATED)

    @_described(_("Change a draft"), ChangeBillSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        bill = self.get_object()
        serializer = ChangeBillSerializer(bill, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        services.edit_bill(bill, self._user, values.pop("revision", None), **values)
        return self._answer(bill)

    @extend_schema(summary=_("Delete a draft"), parameters=[BillRevisionSerializer], responses={204: None})
    def destroy(self, request: Request, pk: str | None = None) -> Response:
        bill = self.get_object()
        seen = BillRevisionSerializer(data=request.query_params)
        seen.is_valid(raise_exception=True)
        services.delete_bill(bill, self._user, seen.validated_data.get("revision"))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @_described(_("New line"), NewBillLineSerializer)
    @action(detail=True, methods=["post"], permission_classes=[holds("bills.change_bill")])
    def lines(self, request: Request, pk: str | None = None) -> Response:
        bill = self.get_object()
        values = self._validated(NewBillLineSerializer, request)
        revision = values.pop("revision", None)
        services.put_line(bill, self._user, revision, **values)
        return self._answer(bill)

    @extend_schema(
        summary=_("Put invoices on a draft"),
        description=_(
            "Free invoices are reserved at once; the others are refused, each with the bill that has reserved it."
        ),
        request=ReserveInvoicesSerializer,
        responses=ReservedInvoicesSerializer,
    )
    @action(detail=True, methods=["post"], permission_classes=[holds("bills.change_bill")])
    def reserve(self, request: Request, pk: str | None = None) -> Response:
        bill = self.get_object()
        values = self._validated(ReserveInvoicesSerializer, request)
        line = self._line(bill, values.get("line"))
        picked = services.reserve(
            bill,
            values["invoices"],
            self._user,
            values.get("revision"),
            line=line,
            amounts=values["amounts"],
            override_reason=values.get("override_reason", ""),
        )
        return Response(ReservedInvoicesSerializer(picked).data)

    @_described(_("Take invoices off a draft"), ReleaseInvoicesSerializer)
    @action(detail=True, methods=["post"], permission_classes=[holds("bills.change_bill")])
    def release(self, request: Request, pk: str | None = None) -> Response:
        bill = self.get_object()
        values = self._validated(ReleaseInvoicesSerializer, request)
        services.release(bill, values["bill_invoices"], self._user, values.get("revision"))
        return self._answer(bill)

    @_described(_("Change how an invoice is used"), AdjustBillInvoiceSerializer)
    @action(detail=True, methods=["post"], permission_classes=[holds("bills.change_bill")])
    def adjust(self, request: Request, pk: str | None = None) -> Response:
        bill = self.get_object()
        values = self._validated(AdjustBillInvoiceSerializer, request)
        bill_invoice = bill.bill_invoices.filter(pk=values.pop("bill_invoice")).first()
        if bill_invoice is None:
            raise ValidationError({"bill_invoice": [_("This invoice is not on the bill.")]})
        revision = values.pop("revision", None)
        if "line" in values:
            values["line"] = self._line(bill, values["line"])
        services.adjust_bill_invoice(bill, bill_invoice, self._user, revision, **values)
        return self._answer(bill)

    @_described(_("Change a line"), ChangeBillLineSerializer)
    @action(detail=True, methods=["post"], permission_classes=[holds("bills.change_bill")], url_path="change-line")
    def change_line(self, request: Request, pk: str | None = None) -> Response:
        bill = self.get_object()
        values = self._validated(ChangeBillLineSerializer, request)
        line, revision = self._line(bill, values.pop("line")), values.pop("revision", None)
        services.put_line(bill, self._user, revision, line, **values)
        return self._answer(bill)

    @_described(_("Take a line off a draft"), BillLineNumberSerializer)
    @action(detail=True, methods=["post"], permission_classes=[holds("bills.change_bill")], url_path="drop-line")
    def drop_line(self, request: Request, pk: str | None = None) -> Response:
        bill = self.get_object()
        values = self._validated(BillLineNumberSerializer, request)
        line: Any = self._line(bill, values["line"])
        services.drop_line(bill, line, self._user, values.get("revision"))
        return self._answer(bill)

    @_described(_("Use the invoices of a line partly"), BillLineNumberSerializer)
    @action(detail=True, methods=["post"], permission_classes=[holds("bills.change_bill")], url_path="use-partly")
    def use_partly(self, request: Request, pk: str | None = None) -> Response:
        bill = self.get_object()
        values = self._validated(BillLineNumberSerializer, request)
        line: Any = self._line(bill, values["line"])
        services.use_partly(bill, line, self._user, values.get("revision"))
        return self._answer(bill)

    @_described(_("Submit"), BillRevisionSerializer)
    @_step_action
    def submit(self, request: Request, pk: str | None = None) -> Response:
        return self._step(request, Action.SUBMIT)

    @_described(_("Approve"), BillRevisionSerializer)
    @_step_action
    def approve(self, request: Request, pk: str | None = None) -> Response:
        return self._step(request, Action.APPROVE)

    @_described(_("Mark as booked"), BillRevisionSerializer)
    @_step_action
    def book(self, request: Request, pk: str | None = None) -> Response:
        return self._step(request, Action.BOOK)

    @_described(_("Back to a draft"), BillRevisionSerializer)
    @_step_action
    def reopen(self, request: Request, pk: str | None = None) -> Response:
        return self._step(request, Action.REOPEN)

    @_described(_("Reject"), BillReasonSerializer)
    @_step_action
    def reject(self, request: Request, pk: str | None = None) -> Response:
        return self._step(request, Action.REJECT)

    @_described(_("Withdraw"), BillReasonSerializer)
    @_step_action
    def withdraw(self, request: Request, pk: str | None = None) -> Response:
        return self._step(request, Action.WITHDRAW)

    @_described(_("Take the approval back"), BillReasonSerializer)
    @_step_action
    def unapprove(self, request: Request, pk: str | None = None) -> Response:
        return self._step(request, Action.UNAPPROVE)

    @_described(_("Take the booking back"), BillReasonSerializer)
    @_step_action
    def unbook(self, request: Request, pk: str | None = None) -> Response:
        return self._step(request, Action.UNBOOK)

    @_described(_("Discard"), BillReasonSerializer)
    @_step_action
    def discard(self, request: Request, pk: str | None = None) -> Response:
        return self._step(request, Action.DISCARD)

    @property
    def _user(self) -> Any:
        return self.request.user

    def _validated(self, serializer: type[Any], request: Request) -> dict[str, Any]:
        checked_input = serializer(data=request.data)
        checked_input.is_valid(raise_exception=True)
        return dict(checked_input.validated_data)

    def _line(self, bill: Bill, pk: int | None) -> BillLine | None:
        line = bill.lines.filter(pk=pk).first() if pk else None
        if pk and line is None:
            raise ValidationError({"line": [_("This bill has no such line.")]})
        return line

    def _step(self, request: Request, step: Action) -> Response:
        if not may_take(request.user, step):
            raise PermissionDenied
        bill = self.get_object()
        needs_reason = step in states.NEEDS_REASON
        values = self._validated(BillReasonSerializer if needs_reason else BillRevisionSerializer, request)
        reason = {"reason": values["reason"]} if needs_reason else {}
        take: Callable[..., Bill] = getattr(services, step)
        take(bill, self._user, revision=values.get("revision"), **reason)
        return self._answer(bill)

    def _answer(self, bill: Bill, code: int = status.HTTP_200_OK) -> Response:
        current = self.get_queryset().get(pk=bill.pk)
        return Response(WholeBillSerializer(current, context=self.get_serializer_context()).data, code)
