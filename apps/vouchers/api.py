"""Vouchers and red alarms over REST. A change names the revision it was made on; an older one is refused."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.bills.models import Bill
from apps.core.errors import HubError
from apps.core.idempotency import IDEMPOTENCY_KEY, RepeatableWrites
from apps.core.permissions import holds
from apps.core.problems import Refused
from apps.invoices.models import Invoice
from apps.invoices.selectors import ledger

from . import alarm, choices, pushing, selectors, services
from .collecting import collect_payload
from .content import EntryContent
from .filters import VoucherFilter
from .models import AccountBook, RedFinding, Voucher, VoucherEntry, VoucherInvoice


class VoucherEntrySerializer(serializers.ModelSerializer[VoucherEntry]):
    class Meta:
        model = VoucherEntry
        fields = selectors.ENTRY_FIELDS


class InvoiceLinkSerializer(serializers.ModelSerializer[VoucherInvoice]):
    invoice: "serializers.PrimaryKeyRelatedField[Invoice]" = serializers.PrimaryKeyRelatedField(
        queryset=Invoice.objects.none()
    )

    class Meta:
        model = VoucherInvoice
        fields = ("invoice", "deductible", "deduction_tax", "transfer_out_remark")

    def get_fields(self) -> dict[str, Any]:
        """Only invoices that the caller may see can be named."""
        found = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            found["invoice"].queryset = ledger(request.user)  # type: ignore[attr-defined]
        return found


class VoucherSerializer(serializers.ModelSerializer[Voucher]):
    """Amounts are text with two decimals, in the book's base currency. ``revision`` counts the versions: send the one
    you have seen with a change."""

    book: "serializers.PrimaryKeyRelatedField[AccountBook]" = serializers.PrimaryKeyRelatedField(
        queryset=AccountBook.objects.none()
    )
    entries = VoucherEntrySerializer(many=True, required=False)
    invoices = InvoiceLinkSerializer(many=True, required=False, source="invoice_links")
    bills: "serializers.ListField" = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, help_text=_("Numbers of bills of its company.")
    )
    revision = serializers.IntegerField(required=False, min_value=1)

    class Meta:
        model = Voucher
        fields = (
            "id", "book", *selectors.HEAD_FIELDS, "state", "push_state", "revision", "total_debit", "total_credit",
            "entries", "invoices", "bills", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = ("state", "push_state", "total_debit", "total_credit")
        extra_kwargs = {"vouch_id": {"required": False}}
        validators: list[Any] = []  # the service says what is taken, under the database's lock

    def get_fields(self) -> dict[str, Any]:
        found = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            found["book"].queryset = selectors.books(request.user)  # type: ignore[attr-defined]
        if self.instance is not None:
            found["book"].read_only = True
        return found

    def to_representation(self, instance: Voucher) -> dict[str, Any]:
        shown = super().to_representation(instance)
        shown["bills"] = [link.bill.number for link in instance.bill_links.all()]
        return shown

    def validate_bills(self, numbers: list[str]) -> list[str]:
        return list(dict.fromkeys(numbers))

    def change(self, book: AccountBook) -> services.Change:
        """What the validated body asks for. Raises ValidationError for a bill the company does not have."""
        given = dict(self.validated_data)
        entries, links, bills = given.get("entries"), given.get("invoice_links"), given.get("bills")
        return services.Change(
            head={name: given[name] for name in selectors.HEAD_FIELDS if name in given},
            entries=None if entries is None else [_entry(entry) for entry in entries],
            invoices=None if links is None else [_link(link) for link in links],
            bills=None if bills is None else _bills(book, bills),
        )


def _entry(given: dict[str, Any]) -> EntryContent:
    return EntryContent(**{name: value for name, value in given.items() if name in selectors.ENTRY_FIELDS})


def _link(given: dict[str, Any]) -> services.InvoiceLink:
    tax: Decimal | None = given.get("deduction_tax")
    remark = given.get("transfer_out_remark", "")
    return services.InvoiceLink(given["invoice"].pk, given.get("deductible", False), tax, remark)


def _bills(book: AccountBook, numbers: list[str]) -> list[int]:
    found = dict(Bill.objects.filter(company=book.company_id, number__in=numbers).values_list("number", "pk"))
    missing = [number for number in numbers if number not in found]
    if missing:
        raise ValidationError({"bills": [_("The company has no bill %(numbers)s.") % {"numbers": ", ".join(missing)}]})
    return [found[number] for number in numbers]


class RevisionSerializer(serializers.Serializer[Any]):
    revision = serializers.IntegerField(
        required=False, min_value=1, help_text=_("The version you have seen; without it, whatever it is now.")
    )


class WantedSerializer(RevisionSerializer):
    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class SeveralSerializer(serializers.Serializer[Any]):
    vouchers = WantedSerializer(many=True, allow_empty=False, help_text=_("In the order in which they are to go."))


class EndSerializer(serializers.Serializer[Any]):
    """What became of one of several. ``code`` and ``reason`` are empty when it went."""

    id = serializers.IntegerField()
    went = serializers.BooleanField()
    code = serializers.CharField()
    reason = serializers.CharField()


class VoucherApiFilter(VoucherFilter):
    vouch_id = filters.CharFilter(label=_("Voucher id"))
    vouch_no = filters.CharFilter(label=_("Voucher number"))


def _end(pk: int, error: HubError | None) -> dict[str, Any]:
    if error is None:
        return {"id": pk, "went": True, "code": "", "reason": ""}
    return {"id": pk, "went": False, "code": error.message.code, "reason": pushing.reason_of(error)}


def _refused(error: HubError) -> Exception:
    """409 with the sentence; a voucher with problems: 400 with the sentence at each field."""
    if isinstance(error, pushing.NotReady):
        return ValidationError({p.field or "voucher": [pushing.sentence(p)] for p in reversed(error.problems)})
    return Refused(str(error))


@extend_schema_view(
    list=extend_schema(summary=_("Vouchers")),
    retrieve=extend_schema(summary=_("One voucher")),
    create=extend_schema(summary=_("Enter a draft"), parameters=[IDEMPOTENCY_KEY]),
    partial_update=extend_schema(
        summary=_("Change a voucher"),
        description=_("A booked one is sent again, behind what is on its way."),
        parameters=[IDEMPOTENCY_KEY],
    ),
    destroy=extend_schema(summary=_("Remove a draft that was never sent"), parameters=[IDEMPOTENCY_KEY]),
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
        found = selectors.vouchers(self.request.user).select_related(None)
        return found.prefetch_related("entries", "invoice_links", "bill_links__bill")

    def perform_create(self, serializer: Any) -> None:
        book = serializer.validated_data["book"]
        try:
            made = services.create(book, serializer.change(book), self.request.user)  # type: ignore[arg-type]
        except HubError as error:
            raise _refused(error) from error
        serializer.instance = self.get_queryset().get(pk=made.pk)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        voucher = self.get_object()
        given: Any = self.get_serializer(voucher, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        revision, change = given.validated_data.get("revision"), given.change(voucher.book)
        return self._done(voucher, lambda: services.update(voucher.pk, revision, change, request.user))  # type: ignore[arg-type]

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        voucher = self.get_object()
        try:
            services.discard(voucher.pk, None)
        except HubError as error:
            raise _refused(error) from error
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(summary=_("What a collect would send"), responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def payload(self, request: Request, pk: str | None = None) -> Response:
        return Response(collect_payload(selectors.content_of(self.get_object())))

    @extend_schema(
        summary=_("Collect"),
        description=_("Books the voucher and lets it be collected upstream. Problems are told by field (400)."),
        request=RevisionSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses=VoucherSerializer,
    )
    @action(detail=True, methods=["post"], permission_classes=[holds("vouchers.collect_voucher")])
    def collect(self, request: Request, pk: str | None = None) -> Response:
        voucher = self.get_object()
        revision = self._revision(request)
        return self._done(voucher, lambda: pushing.queue_collect(voucher.pk, revision, request.user))  # type: ignore[arg-type]

    @extend_schema(
        summary=_("Void and delete upstream"),
        request=RevisionSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses=VoucherSerializer,
    )
    @action(detail=True, methods=["post"], url_path="delete", permission_classes=[holds("vouchers.reverse_voucher")])
    def delete_upstream(self, request: Request, pk: str | None = None) -> Response:
        voucher = self.get_object()
        revision = self._revision(request)
        return self._done(voucher, lambda: pushing.queue_delete(voucher.pk, revision, request.user))  # type: ignore[arg-type]

    @extend_schema(
        operation_id="vouchers_collect_several",
        summary=_("Collect several"),
        description=_("At most 200. Each goes or is refused for itself, as if it had been collected alone."),
        request=SeveralSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses=EndSerializer(many=True),
        filters=False,
    )
    @action(
        detail=False, methods=["post"], url_path="collect", pagination_class=None,
        permission_classes=[holds("vouchers.collect_voucher")],
    )  # fmt: skip
    def collect_several(self, request: Request) -> Response:
        return self._several(request, pushing.collect)

    @extend_schema(
        operation_id="vouchers_delete_several",
        summary=_("Void several and delete them upstream"),
        description=_("At most 200. Each goes or is refused for itself, as if it had been voided alone."),
        request=SeveralSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses=EndSerializer(many=True),
        filters=False,
    )
    @action(
        detail=False, methods=["post"], url_path="delete", pagination_class=None,
        permission_classes=[holds("vouchers.reverse_voucher")],
    )  # fmt: skip
    def delete_several(self, request: Request) -> Response:
        return self._several(request, pushing.void)

    @extend_schema(
        summary=_("Make a void voucher a draft again"),
        request=RevisionSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses=VoucherSerializer,
    )
    @action(detail=True, methods=["post"], permission_classes=[holds("vouchers.change_voucher")])
    def reopen(self, request: Request, pk: str | None = None) -> Response:
        voucher = self.get_object()
        revision = self._revision(request)
        return self._done(voucher, lambda: services.reopen(voucher.pk, revision))

    def _several(self, request: Request, act: Callable[[Mapping[int, int | None], Any], pushing.Done]) -> Response:
        """What the caller may not see is not there."""
        given = SeveralSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = {one["id"]: one.get("revision") for one in given.validated_data["vouchers"]}
        seen = set(selectors.vouchers(request.user).filter(pk__in=wanted).values_list("pk", flat=True))
        try:
            done = act({pk: revision for pk, revision in wanted.items() if pk in seen}, request.user)
        except HubError as error:
            raise _refused(error) from error
        refused = {pk: HubError("voucher.gone") for pk in wanted if pk not in seen} | done.refused
        return Response(EndSerializer([_end(pk, refused.get(pk)) for pk in wanted], many=True).data)

    def _revision(self, request: Request) -> int | None:
        given = RevisionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        found: int | None = given.validated_data.get("revision")
        return found

    def _done(self, voucher: Voucher, act: Any) -> Response:
        try:
            act()
        except HubError as error:
            raise _refused(error) from error
        return Response(self.get_serializer(self.get_queryset().get(pk=voucher.pk)).data)


class FindingSerializer(serializers.ModelSerializer[RedFinding]):
    """An invoice that went bad after it was used."""

    people = serializers.SlugRelatedField("username", many=True, read_only=True)  # type: ignore[var-annotated]
    acknowledged_by = serializers.SerializerMethodField(
        help_text=_("Empty, as the note is, when it was somebody of companies that you do not see.")
    )
    note = serializers.SerializerMethodField()

    def get_acknowledged_by(self, finding: Any) -> str | None:
        known = finding.by_colleague and finding.acknowledged_by
        return finding.acknowledged_by.username if known else None

    def get_note(self, finding: Any) -> str:
        return finding.note if finding.by_colleague else ""

    class Meta:
        model = RedFinding
        fields = (
            "id", "invoice", "status", "state", "vouchers", "bills", "people", "raised_at", "acknowledged_by",
            "acknowledged_at", "note",
        )  # fmt: skip
        read_only_fields = fields


class FindingFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=choices.FindingState.choices)

    class Meta:
        model = RedFinding
        fields: list[str] = []


class NoteSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=300, help_text=_("What was done about it."))


@extend_schema_view(list=extend_schema(summary=_("Red alarms")), retrieve=extend_schema(summary=_("One red alarm")))
class FindingViewSet(RepeatableWrites, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[RedFinding]):
    queryset = RedFinding.objects.none()
    serializer_class = FindingSerializer
    filterset_class = FindingFilter

    def get_queryset(self) -> QuerySet[RedFinding]:
        return selectors.with_uses(selectors.findings(self.request.user), self.request.user)

    @extend_schema(
        summary=_("Acknowledge"), request=NoteSerializer, parameters=[IDEMPOTENCY_KEY], responses=FindingSerializer
    )
    @action(detail=True, methods=["post"], permission_classes=[holds("vouchers.acknowledge_redfinding")])
    def acknowledge(self, request: Request, pk: str | None = None) -> Response:
        finding = self.get_object()
        given = NoteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            alarm.acknowledge(finding, request.user, given.validated_data["note"])  # type: ignore[arg-type]
        except HubError as error:
            raise _refused(error) from error
        return Response(self.get_serializer(self.get_queryset().get(pk=finding.pk)).data)
