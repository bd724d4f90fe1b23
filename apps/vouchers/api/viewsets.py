"""REST endpoints of vouchers. A change names the revision it was made on; it is refused when there is a newer one."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.core.errors import HubError
from apps.core.idempotency import RepeatableWrites
from apps.core.permissions import holds
from apps.vouchers import auditing, corrections, pushing, selectors, services
from apps.vouchers.filters import VoucherFilter
from apps.vouchers.models import Voucher

from .serializers import (
    DRAFT,
    NewDraftSerializer,
    SeveralVouchersSerializer,
    VoidSerializer,
    VoidSeveralSerializer,
    VoucherOutcomeSerializer,
    VoucherRevisionSerializer,
    VoucherSerializer,
    outcome_of,
)


class VoucherApiFilter(VoucherFilter):
    vouch_id = filters.CharFilter(label=_("Voucher id"))
    vouch_no = filters.CharFilter(label=_("Voucher number"))


@extend_schema_view(
    list=extend_schema(summary=_("Vouchers")),
    retrieve=extend_schema(summary=_("One voucher")),
    create=extend_schema(summary=_("Enter a draft"), examples=[DRAFT]),
    partial_update=extend_schema(
        summary=_("Change a voucher"),
        description=_("Audited and booked ones are read-only; a booked one is reversed or voided instead."),
    ),
    destroy=extend_schema(summary=_("Remove a draft that was never sent")),
)
class VoucherViewSet(
    RepeatableWrites,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    GenericViewSet[Voucher],
):
    queryset = Voucher.objects.none()
    serializer_class = VoucherSerializer
    filterset_class = VoucherApiFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Voucher]:
        rows = selectors.vouchers(self.request.user).select_related(None)
        return rows.prefetch_related("entries", "bill_links__bill")

    def paginate_queryset(self, queryset: Any) -> Any:
        return self._with_links(super().paginate_queryset(queryset) or [])

    def _with_links(self, vouchers: Sequence[Voucher]) -> Sequence[Voucher]:
        ids = [voucher.pk for voucher in vouchers]
        links, reversals = selectors.visible_links(ids, self.request.user), selectors.live_reversals(ids)
        for voucher in vouchers:
            voucher.seen_links = links[voucher.pk]  # type: ignore[attr-defined]
            reversal = reversals.get(voucher.pk)
            voucher.live_reversal = reversal.pk if reversal else None  # type: ignore[attr-defined]
        return vouchers

    def _shown(self, pk: int) -> Voucher:
        """The voucher with what an answer shows of it."""
        return self._with_links([self.get_queryset().get(pk=pk)])[0]

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        (voucher,) = self._with_links([self.get_object()])
        return Response(self.get_serializer(voucher).data)

    def perform_create(self, serializer: Any) -> None:
        book = serializer.validated_data["book"]
        made = services.create(book, serializer.change(book), self.request.user)  # type: ignore[arg-type]
        serializer.instance = self._shown(made.pk)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        voucher = self.get_object()
        body: Any = self.get_serializer(voucher, data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        revision, change = body.validated_data.get("revision"), body.change(voucher.book)
        services.update(voucher.pk, revision, change, request.user)  # type: ignore[arg-type]
        return self._answer(voucher)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        voucher = self.get_object()
        services.discard(voucher.pk, None)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(summary=_("What a collect would send"), responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def payload(self, request: Request, pk: str | None = None) -> Response:
        voucher = self.get_object()
        return Response(pushing.request_body(voucher, selectors.content_of(voucher)))

    @extend_schema(
        summary=_("Collect"),
        description=_("Books the voucher and lets it be collected upstream. Problems are told by field (400)."),
        request=VoucherRevisionSerializer,
        responses=VoucherSerializer,
    )
    @action(detail=True, methods=["post"], permission_classes=[holds("vouchers.collect_voucher")])
    def collect(self, request: Request, pk: str | None = None) -> Response:
        voucher = self.get_object()
        revision = self._revision(request)
        pushing.queue_collect(voucher.pk, revision, request.user)  # type: ignore[arg-type]
        return self._answer(voucher)

    @extend_schema(
        summary=_("Audit"),
        description=_("By another person than who prepared or changed it. The voucher gets its number."),
        request=VoucherRevisionSerializer,
        responses=VoucherSerializer,
    )
    @action(detail=True, methods=["post"], permission_classes=[holds("vouchers.audit_voucher")])
    def audit(self, request: Request, pk: str | None = None) -> Response:
        voucher = self.get_object()
        revision = self._revision(request)
        auditing.audit_one(voucher.pk, revision, request.user)  # type: ignore[arg-type]
        return self._answer(voucher)

    @extend_schema(summary=_("Take the audit back"), request=VoucherRevisionSerializer, responses=VoucherSerializer)
    @action(detail=True, methods=["post"], permission_classes=[holds("vouchers.audit_voucher")])
    def unaudit(self, request: Request, pk: str | None = None) -> Response:
        voucher = self.get_object()
        revision = self._revision(request)
        auditing.unaudit_one(voucher.pk, revision, request.user)  # type: ignore[arg-type]
        return self._answer(voucher)

    @extend_schema(
        summary=_("Void, here and upstream"),
        request=VoidSerializer,
        responses=VoucherSerializer,
    )
    @action(detail=True, methods=["post"], permission_classes=[holds("vouchers.void_voucher")])
    def void(self, request: Request, pk: str | None = None) -> Response:
        voucher = self.get_object()
        body = VoidSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        pushing.queue_void(voucher.pk, asked.get("revision"), request.user, asked["reason"])  # type: ignore[arg-type]
        return self._answer(voucher)

    @extend_schema(
        operation_id="vouchers_audit_several",
        summary=_("Audit several"),
        description=_("At most 200. Each goes or is refused for itself, as if it had been audited alone."),
        request=SeveralVouchersSerializer,
        responses=VoucherOutcomeSerializer(many=True),
        filters=False,
    )
    @action(
        detail=False, methods=["post"], url_path="audit", pagination_class=None,
        permission_classes=[holds("vouchers.audit_voucher")],
    )  # fmt: skip
    def audit_several(self, request: Request) -> Response:
        return self._several(request, auditing.audit)

    @extend_schema(
        operation_id="vouchers_unaudit_several",
        summary=_("Take several audits back"),
        description=_("At most 200. Each goes or is refused for itself."),
        request=SeveralVouchersSerializer,
        responses=VoucherOutcomeSerializer(many=True),
        filters=False,
    )
    @action(
        detail=False, methods=["post"], url_path="unaudit", pagination_class=None,
        permission_classes=[holds("vouchers.audit_voucher")],
    )  # fmt: skip
    def unaudit_several(self, request: Request) -> Response:
        return self._several(request, auditing.unaudit)

    @extend_schema(
        operation_id="vouchers_collect_several",
        summary=_("Collect several"),
        description=_("At most 200. Each goes or is refused for itself, as if it had been collected alone."),
        request=SeveralVouchersSerializer,
        responses=VoucherOutcomeSerializer(many=True),
        filters=False,
    )
    @action(
        detail=False, methods=["post"], url_path="collect", pagination_class=None,
        permission_classes=[holds("vouchers.collect_voucher")],
    )  # fmt: skip
    def collect_several(self, request: Request) -> Response:
        return self._several(request, pushing.collect)

    @extend_schema(
        operation_id="vouchers_void_several",
        summary=_("Void several, here and upstream"),
        description=_("At most 200. Each goes or is refused for itself, as if it had been voided alone."),
        request=VoidSeveralSerializer,
        responses=VoucherOutcomeSerializer(many=True),
        filters=False,
    )
    @action(
        detail=False, methods=["post"], url_path="void", pagination_class=None,
        permission_classes=[holds("vouchers.void_voucher")],
    )  # fmt: skip
    def void_several(self, request: Request) -> Response:
        body = VoidSeveralSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return self._several(request, partial(pushing.void, reason=body.validated_data["reason"]))

    @extend_schema(
        summary=_("Reverse a collected voucher in red"),
        description=_("Makes a draft with negative amounts. Once it is collected, bills and invoices are free again."),
        request=NewDraftSerializer,
        responses={201: VoucherSerializer},
    )
    @action(detail=True, methods=["post"], permission_classes=[holds("vouchers.add_voucher")])
    def reverse(self, request: Request, pk: str | None = None) -> Response:
        voucher = self.get_object()
        body = NewDraftSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        made = corrections.reverse(voucher.pk, asked.get("revision"), request.user, asked.get("date"))  # type: ignore[arg-type]
        return Response(self.get_serializer(self._shown(made.pk)).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary=_("Copy a voucher"),
        description=_("Makes a draft with its entries, without its bills, invoices and number."),
        request=NewDraftSerializer,
        responses={201: VoucherSerializer},
    )
    @action(detail=True, methods=["post"], permission_classes=[holds("vouchers.add_voucher")])
    def copy(self, request: Request, pk: str | None = None) -> Response:
        voucher = self.get_object()
        body = NewDraftSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        made = corrections.copy(voucher, request.user, body.validated_data.get("date"))  # type: ignore[arg-type]
        return Response(self.get_serializer(self._shown(made.pk)).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary=_("Make a void voucher a draft again"),
        request=VoucherRevisionSerializer,
        responses=VoucherSerializer,
    )
    @action(detail=True, methods=["post"], permission_classes=[holds("vouchers.change_voucher")])
    def reopen(self, request: Request, pk: str | None = None) -> Response:
        voucher = self.get_object()
        revision = self._revision(request)
        services.reopen(voucher.pk, revision)
        return self._answer(voucher)

    def _several(
        self, request: Request, act: Callable[[Mapping[int, int | None], Any], pushing.BulkResult]
    ) -> Response:
        """Take a step with several. A voucher that the caller may not see is refused as ``voucher.gone``."""
        body = SeveralVouchersSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        requested = {one["id"]: one.get("revision") for one in body.validated_data["vouchers"]}
        seen = set(selectors.vouchers(request.user).filter(pk__in=requested).values_list("pk", flat=True))
        result = act({pk: revision for pk, revision in requested.items() if pk in seen}, request.user)
        refused = {pk: HubError("voucher.gone") for pk in requested if pk not in seen} | result.refused
        return Response(VoucherOutcomeSerializer([outcome_of(pk, refused.get(pk)) for pk in requested], many=True).data)

    def _revision(self, request: Request) -> int | None:
        body = VoucherRevisionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        revision: int | None = body.validated_data.get("revision")
        return revision

    def _answer(self, voucher: Voucher) -> Response:
        """The voucher as it is now."""
        return Response(self.get_serializer(self._shown(voucher.pk)).data)
