"""Bills and reservation policies in the administration. Every write goes through the services, which keep reservations,
timeline and ledger consistent."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline

from apps.accounts.company_admin import CompanySettingMixin
from apps.accounts.models import Company
from apps.core import refusals
from apps.core.admin import HistoryMixin, HubAdmin

from . import services
from .assistant.admin import AssistantMessageAdmin, AssistantSessionAdmin
from .choices import UPSTREAMS, BillState
from .compliance.admin import CheckSettingAdmin
from .forms import HeadForm
from .input_tax.admin import CostTypeAdmin, TravelTaxRuleAdmin
from .models import Bill, BillInvoice, BillLine, ReservationPolicy
from .services.drafting import EDITABLE_FIELDS

__all__ = [
    "AssistantMessageAdmin",
    "AssistantSessionAdmin",
    "BillAdmin",
    "CheckSettingAdmin",
    "CostTypeAdmin",
    "ReservationPolicyAdmin",
    "TravelTaxRuleAdmin",
]


class _Inline(TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class BillLineInline(_Inline):
    model = BillLine
    fields = ("position", "cost_type", "description", "spent_on", "amount")


class BillInvoiceInline(_Inline):
    model = BillInvoice
    fields = (
        "invoice",
        "line",
        "amount",
        "deductible",
        "input_tax",
        "transferred_out",
        "state",
        "contested",
        "picked_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[BillInvoice]:
        return super().get_queryset(request).select_related("invoice", "line")


class BillAdminForm(HeadForm):
    """Checks the number in the form, before the service would refuse it."""

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"] or self.instance.number)
        company = self.instance.company_id or getattr(self.cleaned_data.get("company"), "pk", None)
        if number and Bill.objects.filter(company=company, number=number).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This company has a bill of this number already."))
        return number


@admin.register(Bill)
class BillAdmin(HistoryMixin, HubAdmin):
    form = BillAdminForm
    list_display = ("number", "state", "type", "company", "employee", "bill_date", "amount", "origin")
    list_filter = ("state", "type", "origin")
    list_select_related = ("company",)
    search_fields = ("number",)  # shows the search box; see get_search_results
    ordering = ("-id",)
    inlines = (BillLineInline, BillInvoiceInline)
    fields = ("company", *EDITABLE_FIELDS, "external_key", "origin", "state", "created_by", "created_at", "updated_at")
    readonly_fields = ("external_key", "origin", "state", "created_by", "created_at", "updated_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bill]:
        return Bill.objects.visible_to(request.user)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Bill], search_term: str
    ) -> tuple[QuerySet[Bill], bool]:
        text = search_term.strip()
        return (queryset.filter(number__startswith=text) if text else queryset), False

    def get_readonly_fields(self, request: HttpRequest, obj: Bill | None = None) -> Any:
        return ("company", *self.readonly_fields) if obj else self.readonly_fields

    def get_fields(self, request: HttpRequest, obj: Bill | None = None) -> Any:
        seen = ("revision",) if obj and self.has_change_permission(request, obj) else ()
        return (*self.fields, *seen)

    def get_form(self, request: HttpRequest, obj: Bill | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        companies = Company.objects.visible_to(request.user)
        for name, rows in (("company", companies), ("source", None)):
            if name in form.base_fields:
                field = form.base_fields[name]
                ours = {"company__in": companies, "kind__in": UPSTREAMS}
                field.queryset = rows if rows is not None else field.queryset.filter(**ours)
        if "number" in form.base_fields:
            form.base_fields["number"].required = False
        if "revision" in form.base_fields:  # the revision that the page showed
            form.base_fields["revision"].required = False
            form.base_fields["revision"].widget = forms.HiddenInput()
        return form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with refusals.on_page(request):
            return super().changeform_view(request, *args, **kwargs)
        return redirect(request.get_full_path())  # shows the current data; nothing was written

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with refusals.on_page(request):
            return super().delete_view(request, *args, **kwargs)
        return redirect(request.get_full_path())

    def has_change_permission(self, request: HttpRequest, obj: Bill | None = None) -> bool:
        """Only drafts of our own: other states change by steps, other bills by their upstream."""
        if obj is not None and (not obj.is_own or obj.state != BillState.DRAFT):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Bill | None = None) -> bool:
        """Needs the permission to change drafts. There is no bulk deletion, so that each one is confirmed."""
        deletable = obj is None or (obj.is_own and obj.state in (BillState.DRAFT, BillState.DISCARDED))
        return deletable and request.user.has_perm("bills.change_bill")

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_model(self, request: HttpRequest, obj: Bill, form: Any, change: bool) -> None:
        user: Any = request.user
        values = {name: form.cleaned_data[name] for name in EDITABLE_FIELDS if name in form.cleaned_data}
        if change:
            saved = services.edit_bill(obj, user, form.cleaned_data.get("revision"), **values)
        else:
            saved = services.create_bill(form.cleaned_data["company"], user, **values)
        obj.pk, obj.number, obj.revision = saved.pk, saved.number, saved.revision

    def delete_model(self, request: HttpRequest, obj: Bill) -> None:
        user: Any = request.user
        services.delete_bill(obj, user)


@admin.register(ReservationPolicy)
class ReservationPolicyAdmin(CompanySettingMixin, HistoryMixin, HubAdmin):
    list_display = ("for_company", "for_type", "share_by_amount")
    list_select_related = ("company",)

    @admin.display(description=gettext_lazy("company"))
    def for_company(self, policy: ReservationPolicy) -> str:
        return str(policy.company or _("all companies"))

    @admin.display(description=gettext_lazy("bill type"))
    def for_type(self, policy: ReservationPolicy) -> str:
        return policy.get_bill_type_display() or _("all types")
