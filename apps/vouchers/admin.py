"""Admin pages of account books, account mappings, closed periods, vouchers and findings."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline

from apps.accounts.models import Company, User
from apps.accounts.visibility import visible_company_ids
from apps.core import refusals
from apps.core.admin import HistoryMixin, HubAdmin, ReadOnlyAdmin
from apps.core.errors import HubError
from apps.invoices.selectors import ledger
from apps.sources.kinds import SourceKind
from apps.sources.models import Source

from . import bulk_actions, locking, pushing, selectors, services
from .charts.admin import AccountAdmin, ChartOfBook, DimensionItemAdmin
from .closing_admin import ClosedPeriodAdmin, ClosingRequestAdmin, keep_refusal, refusal_of
from .content import EntryContent
from .models import AccountBook, Finding, Voucher, VoucherEntry, VoucherInvoice
from .states import Action

__all__ = [
    "AccountAdmin",
    "AccountBookAdmin",
    "ClosedPeriodAdmin",
    "ClosingRequestAdmin",
    "DimensionItemAdmin",
    "FindingAdmin",
    "VoucherAdmin",
]


class BookForm(forms.ModelForm):
    def clean(self) -> Any:
        """The source that a book's vouchers are collected into must belong to the company of the book."""
        cleaned = super().clean()
        source, company = self.cleaned_data.get("source"), self.cleaned_data.get("company")
        # None for a new book without a company, which the field itself refuses.
        company_id = company.pk if company else self.instance.company_id
        if source and company_id and source.company_id != company_id:
            self.add_error("source", _("This system belongs to another company. Choose one of the book's company."))
        return cleaned


@admin.register(AccountBook)
class AccountBookAdmin(ChartOfBook, HistoryMixin, HubAdmin):
    form = BookForm
    list_display = ("name", "company", "account_id", "source")
    search_fields = ("name", "account_id", "company__name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccountBook]:
        return selectors.books(request.user).select_related("company", "source").defer("source__credentials")

    def get_readonly_fields(self, request: HttpRequest, obj: AccountBook | None = None) -> tuple[str, ...]:
        """Company and source are fixed once vouchers were sent: from another one they could not be voided upstream."""
        if obj is None or not obj.vouchers.exists():
            return ()
        return ("company", "source", "account_id") if selectors.sent(obj).exists() else ("company",)

    def get_fieldsets(self, request: HttpRequest, obj: AccountBook | None = None) -> Any:
        ((name, options),) = super().get_fieldsets(request, obj)
        fixed = self.get_readonly_fields(request, obj)
        explanation = _(
            "Vouchers of this book have been sent: company, system and id stay. For another one make a new book."
        )
        return ((name, {**options, "description": explanation if "source" in fixed else ""}),)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "company":
            kwargs["queryset"] = Company.objects.visible_to(request.user)
        if db_field.name == "source":
            kwargs["queryset"] = Source.objects.visible_to(request.user).filter(kind=SourceKind.PIAOZONE)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class _Lines(BaseInlineFormSet):
    """Rows that are handed to the service; Django's own saving of them is turned off."""

    new_objects: list[Any] = []
    changed_objects: list[Any] = []
    deleted_objects: list[Any] = []

    def filled_rows(self) -> list[dict[str, Any]]:
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        return [row for row in rows if any(value for name, value in row.items() if name not in ("id", "voucher"))]


class EntryInline(TabularInline):
    model = VoucherEntry
    formset = _Lines
    extra = 2
    fields = selectors.ENTRY_FIELDS


class InvoiceInline(TabularInline):
    model = VoucherInvoice
    formset = _Lines
    extra = 0
    raw_id_fields = ("invoice",)
    fields = ("invoice", "deductible", "deduction_tax", "transfer_out_remark")

    def get_queryset(self, request: HttpRequest) -> QuerySet[VoucherInvoice]:
        """Only links to master invoices that this person may see; the other links stay unchanged."""
        return super().get_queryset(request).filter(invoice__in=ledger(request.user))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "invoice":
            kwargs["queryset"] = ledger(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class VoucherForm(forms.ModelForm):
    """``seen``: the revision that the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = self.instance.revision


@admin.register(Voucher)
class VoucherAdmin(HistoryMixin, HubAdmin):
    form = VoucherForm
    list_display = ("__str__", "book", "account_date", "period", "total_debit", "state", "push_state")
    list_filter = ("state", "push_state")
    list_select_related = ("book",)
    search_fields = ("vouch_no__startswith", "vouch_id__exact")
    ordering = ("-id",)
    inlines = (EntryInline, InvoiceInline)
    actions = ("audit_selected", "unaudit_selected", "collect_selected", "void_selected")
    fields = (
        "book",
        ("type", "vouch_no", "vouch_id"),
        ("business_date", "account_date", "period"),
        ("creator", "examiner", "reviewer"),
        ("resource", "attachments_count"),
        ("sup_information", "sup_information_amount"),
        ("item", "account_item", "account_item_amount"),
        ("state", "push_state", "revision"),
        ("audited_by", "audited_at", "booked_by"),
        ("reversal_of", "void_reason"),
    )
    readonly_fields = (
        "vouch_no", *selectors.PEOPLE_FIELDS, "state", "push_state", "revision",
        "audited_by", "audited_at", "booked_by", "reversal_of", "void_reason",
    )  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Voucher | None = None) -> Any:
        return (*self.fields, "seen") if obj and self.has_change_permission(request, obj) else self.fields

    def get_inlines(self, request: HttpRequest, obj: Voucher | None) -> Any:
        """None for a reversal: its lines follow from the voucher that it reverses."""
        return () if obj is not None and obj.reversal_of_id else self.inlines

    def get_queryset(self, request: HttpRequest) -> QuerySet[Voucher]:
        return selectors.vouchers(request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Voucher | None = None) -> tuple[str, ...]:
        if obj is None:
            return self.readonly_fields
        return (*self.readonly_fields, "book", *(("vouch_id",) if obj.was_sent else ()))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "book":
            kwargs["queryset"] = selectors.books(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if isinstance(obj, Voucher) and locking.possible(obj, Action.EDIT) is None:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Always False: the workspace removes drafts that were never sent; all other vouchers are voided."""
        return False

    def has_audit_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("vouchers.audit_voucher")

    def has_collect_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("vouchers.collect_voucher")

    def has_void_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("vouchers.void_voucher")

    # The services save the voucher, so that its head, entries and invoices are one change.

    def save_model(self, request: HttpRequest, obj: Voucher, form: Any, change: bool) -> None:
        """Does nothing: ``save_related`` saves the voucher together with its lines."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        lines = {formset.model: formset.filled_rows() for formset in formsets}
        voucher, user = form.instance, cast(User, request.user)
        head = {name: form.cleaned_data[name] for name in selectors.HEAD_FIELDS if name in form.cleaned_data}
        requested = services.Change(head)
        if lines:
            entries = [_entry(row) for row in lines[VoucherEntry]]
            links = [_link(row) for row in lines[VoucherInvoice]] + _not_shown(voucher, user)
            requested = services.Change(head, entries, links)
        with refusals.caught() as refusal:
            saved = (
                services.update(voucher.pk, form.cleaned_data.get("seen"), requested, user)
                if change
                else services.create(voucher.book, requested, user)
            )
            voucher.pk, voucher.vouch_id = saved.pk, saved.vouch_id
        keep_refusal(request, refusal)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None if refusal_of(request) else super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None if refusal_of(request) else super().log_change(request, obj, message)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        if refusal_of(request):
            messages.error(request, refusal_of(request))
            return redirect("admin:vouchers_voucher_add")
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if refusal_of(request):
            messages.error(request, refusal_of(request))
            return redirect("admin:vouchers_voucher_change", obj.pk)
        return super().response_change(request, obj)

    @admin.action(description=gettext_lazy("Audit…"), permissions=["audit"])
    def audit_selected(self, request: HttpRequest, queryset: QuerySet[Voucher]) -> HttpResponse | None:
        return self._several(request, queryset, Action.AUDIT)

    @admin.action(description=gettext_lazy("Take the audit back…"), permissions=["audit"])
    def unaudit_selected(self, request: HttpRequest, queryset: QuerySet[Voucher]) -> HttpResponse | None:
        return self._several(request, queryset, Action.UNAUDIT)

    @admin.action(description=gettext_lazy("Collect…"), permissions=["collect"])
    def collect_selected(self, request: HttpRequest, queryset: QuerySet[Voucher]) -> HttpResponse | None:
        return self._several(request, queryset, Action.COLLECT)

    @admin.action(description=gettext_lazy("Void, here and upstream…"), permissions=["void"])
    def void_selected(self, request: HttpRequest, queryset: QuerySet[Voucher]) -> HttpResponse | None:
        return self._several(request, queryset, Action.VOID)

    def _several(self, request: HttpRequest, queryset: QuerySet[Voucher], action: Action) -> HttpResponse | None:
        """Show a confirmation page with the reason for each refused voucher; once confirmed, carry out the action."""
        chosen = list(queryset.select_related("book").order_by("account_date", "pk")[: pushing.MOST_AT_ONCE + 1])
        if len(chosen) > pushing.MOST_AT_ONCE:
            messages.error(request, str(HubError("voucher.too_many", most=pushing.MOST_AT_ONCE)))
            return None
        if "confirmed" in request.POST:
            seen, reason = {voucher.pk: voucher for voucher in chosen}, request.POST.get("reason", "")
            with refusals.on_page(request):
                bulk_actions.carry_out(request, seen, _confirmed(request), action, reason)
            return None
        reasons = bulk_actions.reasons_against(chosen, action, request.user)  # type: ignore[arg-type]
        context = {
            **self.admin_site.each_context(request),
            "title": bulk_actions.TITLES[action],
            "opts": self.opts,
            "rows": [(voucher, reasons.get(voucher.pk, "")) for voucher in chosen],
            "ready": len(chosen) - len(reasons),
            "action": f"{action.value}_selected",
        }
        return TemplateResponse(request, "admin/vouchers/confirm.html", context)


def _confirmed(request: HttpRequest) -> dict[int, int | None]:
    """Voucher id → revision of the vouchers that the confirmation page listed as ready."""
    versions = [text.partition(":") for text in request.POST.getlist("ready")]
    return {int(pk): int(revision) for pk, _colon, revision in versions if pk.isdecimal() and revision.isdecimal()}


def _entry(row: dict[str, Any]) -> EntryContent:
    return EntryContent(**{name: row[name] for name in selectors.ENTRY_FIELDS if row.get(name) is not None})


def _link(row: dict[str, Any]) -> services.InvoiceLink:
    return services.InvoiceLink(row["invoice"].pk, row["deductible"], row["deduction_tax"], row["transfer_out_remark"])


def _not_shown(voucher: Voucher, user: Any) -> list[services.InvoiceLink]:
    """Links to invoices that the person may not see; they are written back unchanged."""
    links = VoucherInvoice.objects.filter(voucher=voucher.pk).exclude(invoice__in=ledger(user))
    values = links.values_list("invoice_id", "deductible", "deduction_tax", "transfer_out_remark")
    return [services.InvoiceLink(*row) for row in values]


@admin.register(Finding)
class FindingAdmin(HistoryMixin, ReadOnlyAdmin):
    """Read-only; findings are acknowledged in the workspace."""

    list_display = ("invoice", "status", "state", "used_since", "bad_since", "who", "words")
    list_filter = ("state", "status")
    ordering = ("-id",)
    fields = ("invoice", "status", "state", "used_since", "bad_since", "raised_at", "who", "acknowledged_at", "words")
    readonly_fields = ("who", "words")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Finding]:
        return selectors.findings(request.user)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Only for people who see all companies of the invoice, since the notes of all of them are shown.

        Raises PermissionDenied."""
        row, seen = self.get_object(request, unquote(object_id)), visible_company_ids(request.user)
        if row is not None and seen is not None and not set(row.invoice.company_ids) <= set(seen):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    @admin.display(description=gettext_lazy("by"))
    def who(self, finding: Any) -> str:
        return str(finding.acknowledged_by or "—") if finding.by_colleague else "—"

    @admin.display(description=gettext_lazy("note"))
    def words(self, finding: Any) -> str:
        return finding.note if finding.by_colleague else ""
