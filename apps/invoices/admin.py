"""The ledger, source records, raw records and the quarantine in the administration: read only, personal numbers
masked."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import TabularInline
from unfold.decorators import action

from apps.accounts.models import Company
from apps.core.admin import ReadOnlyAdmin, confirmed, tell
from apps.sources.admin import SourceFilter
from apps.sources.choices import QuarantineState
from apps.sources.models import QuarantinedRecord, RawRecord, Source

from . import selectors, services
from .choices import Flag
from .fields import PLAIN_COLUMNS
from .filters import InvoiceFilter
from .models import Invoice, InvoiceLine, SourceRecord
from .payloads import readable

# The fields of the invoice's page that are put side by side; all further columns follow in the order of the table.
_ROWS = (
    ("kind", "direction"),
    ("code", "number", "digital_number", "check_code"),
    ("issue_date", "currency"),
    ("amount_excl_tax", "tax_amount", "total_amount"),
    ("seller", "buyer"),
    ("status", "verification", "expense_status"),
    ("deduction_status", "deduction_period", "deductible_tax"),
)
_ARRANGED = frozenset(name for row in _ROWS for name in row)


class _Inline(TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LineInline(_Inline):
    model = InvoiceLine
    fields = ("name", "spec", "unit", "quantity", "unit_price", "amount", "tax_rate", "tax_amount")
    verbose_name_plural = gettext_lazy("goods and services")


class SourceRecordInline(_Inline):
    model = SourceRecord
    fields = ("source", "external_id", "deleted", "first_seen_at", "updated_at")
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourceRecord]:
        rows: Any = super().get_queryset(request)
        visible: QuerySet[SourceRecord] = rows.visible_to(request.user)
        return visible.select_related("source").defer("source__credentials", "record")


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "kind", "issue_date", "seller", "buyer", "total_amount", "status", "gone")
    list_filter = ("direction", "status", "kind")
    list_select_related = ("buyer", "seller")
    search_fields = ("number",)  # shows the search box; ``get_search_results`` searches
    search_help_text = gettext_lazy("A number or its beginning, an amount, a name or a taxpayer number")
    ordering = ("-id",)  # ordered by date, undated invoices would come first
    inlines = (LineInline, SourceRecordInline)
    fields = (
        *_ROWS,
        *(name for name in PLAIN_COLUMNS if name not in _ARRANGED),
        "flag_labels",
        "companies",
        "key",
        ("created_at", "updated_at", "deleted"),
    )
    readonly_fields = ("flag_labels", "companies")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invoice]:
        return selectors.ledger(request.user).select_related("buyer", "seller")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Invoice], search_term: str
    ) -> tuple[QuerySet[Invoice], bool]:
        return InvoiceFilter({"q": search_term}, queryset, request=request).qs, False

    @admin.display(description=gettext_lazy("deleted at every source"))
    def gone(self, invoice: Invoice) -> str:
        """Empty for an invoice that is not deleted: Django's red cross would look like a warning."""
        return _("yes") if invoice.deleted else ""

    @admin.display(description=gettext_lazy("flags"))
    def flag_labels(self, invoice: Invoice) -> str:
        labels = dict(Flag.choices)
        return ", ".join(str(labels.get(flag, flag)) for flag in invoice.flags) or "—"

    @admin.display(description=gettext_lazy("companies"))
    def companies(self, invoice: Any) -> str:
        return ", ".join(invoice.shown_companies) or "—"

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        invoice: Any = super().get_object(request, object_id, from_field)
        if invoice is not None:
            companies = Company.objects.visible_to(request.user).filter(pk__in=invoice.company_ids)
            invoice.shown_companies = list(companies.values_list("name", flat=True))
        return invoice


class _BySource(ReadOnlyAdmin):
    """Rows of a source, searched by their exact external id, which the index of (source, external id) answers."""

    list_filter: tuple[Any, ...] = (SourceFilter,)
    search_fields = ("external_id",)
    search_help_text = gettext_lazy("The exact id of the record in its source")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = self.model._default_manager.select_related("source").defer("source__credentials")
        return rows.filter(source__in=list(Source.objects.visible_to(request.user).values_list("pk", flat=True)))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return (queryset.filter(external_id=search_term.strip()) if search_term.strip() else queryset), False


@admin.register(SourceRecord)
class SourceRecordAdmin(_BySource):
    list_display = ("external_id", "source", "invoice", "deleted", "first_seen_at", "updated_at")
    fields = ("source", "external_id", "invoice", "deleted", "changed_at", "first_seen_at", "updated_at", "content")
    readonly_fields = ("content",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourceRecord]:
        return super().get_queryset(request).select_related("invoice")

    @admin.display(description=gettext_lazy("what the source says"))
    def content(self, source_record: SourceRecord) -> str:
        return preformatted(source_record.record)


@admin.register(RawRecord)
class RawRecordAdmin(_BySource):
    list_display = ("id", "source", "external_id", "stream", "received_at")
    fields = ("source", "external_id", "stream", "received_at", "fingerprint", "content")
    readonly_fields = ("content",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RawRecord]:
        rows = super().get_queryset(request)
        return (
            rows if request.resolver_match and "object_id" in request.resolver_match.kwargs else rows.defer("payload")
        )

    @admin.display(description=gettext_lazy("as it came, personal numbers masked"))
    def content(self, raw: RawRecord) -> str:
        return preformatted(raw.payload)


@admin.register(QuarantinedRecord)
class QuarantineAdmin(_BySource):
    list_display = ("external_id", "source", "why", "state", "attempts", "created_at")
    list_filter = (SourceFilter, "state")
    fields = ("source", "external_id", "why", "state", "attempts", "created_at", "settled", "comment", "content")
    readonly_fields = ("why", "settled", "content")
    actions = ("retry_selected", "dismiss_selected")
    actions_detail = ("retry_now", "dismiss_now")

    def has_settle_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("sources.retry_quarantinedrecord")

    @admin.action(description=gettext_lazy("Retry"), permissions=["settle"])
    def retry_selected(self, request: HttpRequest, queryset: QuerySet[QuarantinedRecord]) -> None:
        ids = list(queryset.filter(state=QuarantineState.OPEN).values_list("pk", flat=True))
        tell(request, partial(_retry, ids, request.user))

    @admin.action(description=gettext_lazy("Dismiss"), permissions=["settle"])
    def dismiss_selected(self, request: HttpRequest, queryset: QuerySet[QuarantinedRecord]) -> None:
        for record in queryset.filter(state=QuarantineState.OPEN):
            tell(request, partial(_dismiss, record, request.user, _("Dismissed together with others.")))

    @action(description=gettext_lazy("Retry"), permissions=["settle"], icon="refresh")
    def retry_now(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        record = self._record(request, object_id)
        return confirmed(
            self,
            request,
            record,
            question=_("Read the record again? The source is not called."),
            button=_("Retry"),
            do=partial(_retry, [record.pk], request.user),
        )

    @action(description=gettext_lazy("Dismiss"), permissions=["settle"], icon="archive")
    def dismiss_now(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        record = self._record(request, object_id)
        return confirmed(
            self,
            request,
            record,
            question=_("Dismiss the record? It stays as it came, and can be taken back."),
            button=_("Dismiss"),
            note=_("Why is it not needed?"),
            do=partial(_dismiss, record, request.user, request.POST.get("note", "").strip()),
        )

    def _record(self, request: HttpRequest, object_id: Any) -> QuarantinedRecord:
        return get_object_or_404(self.get_queryset(request), pk=object_id)

    @admin.display(description=gettext_lazy("reason"))
    def why(self, record: QuarantinedRecord) -> str:
        return str(record.message or record.reason_code)

    @admin.display(description=gettext_lazy("settled"))
    def settled(self, record: QuarantinedRecord) -> str:
        return " · ".join(str(part) for part in (record.settled_by, record.settled_at) if part) or "—"

    @admin.display(description=gettext_lazy("as it came, personal numbers masked"))
    def content(self, record: QuarantinedRecord) -> str:
        return preformatted(record.raw.payload)


def preformatted(payload: str) -> str:
    return format_html('<pre class="max-w-4xl overflow-x-auto whitespace-pre-wrap">{}</pre>', readable(payload))


def _retry(ids: list[int], user: Any) -> str:
    result = services.retry_quarantined(ids, user=user)
    resolved = ngettext(
        "%(count)s record is in the ledger now", "%(count)s records are in the ledger now", result.resolved
    )
    remaining = _("%(count)s still wait") % {"count": result.remaining}
    return f"{resolved % {'count': result.resolved}}, {remaining}."


def _dismiss(record: QuarantinedRecord, user: Any, comment: str) -> str:
    services.dismiss_quarantined(record, user, comment)
    return _("%(record)s has been dismissed.") % {"record": record.external_id}
