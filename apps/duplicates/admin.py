"""Admin of rules (saved after a dry run), cases (read-only; decided in the workspace) and search runs."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.company_admin import CompanySettingMixin
from apps.accounts.visibility import visible_company_ids
from apps.core.admin import HistoryMixin, HubAdmin, ReadOnlyAdmin

from . import searching
from .choices import RuleCode
from .models import DuplicateCase, RuleSetting, SearchRun
from .rules import RULES


@admin.register(DuplicateCase)
class CaseAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "kind", "tier", "score", "state", "total_amount", "changed_at", "page")
    list_filter = ("state", "tier", "kind")
    ordering = ("-id",)
    fields = ("kind", "tier", "score", "state", "total_amount", "opened_at", "changed_at", "page")
    readonly_fields = ("page",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DuplicateCase]:
        return DuplicateCase.objects.visible_to(request.user)

    @admin.display(description=gettext_lazy("review"))
    def page(self, case: DuplicateCase) -> str:
        return format_html('<a href="{}">{}</a>', reverse("duplicate", args=[case.pk]), _("Open in the workspace"))


class RuleSettingForm(forms.ModelForm):
    class Meta:
        model = RuleSetting
        fields = ("code", "company", "enabled", "parameters")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        presets = [(rule.code, name, value) for rule in RULES.values() for name, value in rule.parameters.items()]
        shown = "; ".join(f"{RuleCode(code).label}: {name} = {value}" for code, name, value in presets)
        if "parameters" in self.fields:  # a read-only form has no fields
            self.fields["parameters"].help_text = _("Whole numbers by name. Preset are: %(preset)s") % {"preset": shown}

    def clean_parameters(self) -> dict[str, int]:
        allowed = RULES[self.cleaned_data["code"]].parameters if self.cleaned_data.get("code") in RULES else {}
        parameters = self.cleaned_data["parameters"] or {}
        if not isinstance(parameters, dict) or set(parameters) - set(allowed):
            raise forms.ValidationError(
                _("This rule knows: %(known)s.") % {"known": ", ".join(allowed) or _("no parameters")}
            )
        if not all(type(value) is int and 0 <= value <= 1000 for value in parameters.values()):
            raise forms.ValidationError(_("Parameters are whole numbers from 0 to 1000."))
        return parameters


@admin.register(RuleSetting)
class RuleSettingAdmin(CompanySettingMixin, HistoryMixin, HubAdmin):
    """Shows a dry run of the rules with the change before it saves the change."""

    form = RuleSettingForm
    list_display = ("__str__", "company", "enabled", "parameters")
    list_filter = ("enabled",)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "POST" and "sure" not in request.POST and "_saveasnew" not in request.POST:
            page = self._dry_run(request, self.get_object(request, unquote(object_id)) if object_id else None)
            if page is not None:
                return page
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _dry_run(self, request: HttpRequest, row: RuleSetting | None) -> HttpResponse | None:
        """The page of the dry run; None for an invalid form or without the permission."""
        allowed = self.has_change_permission(request, row) if row else self.has_add_permission(request)
        form = self.get_form(request, row, change=row is not None)(request.POST, instance=row)
        if not allowed or not form.is_valid():
            return None
        with transaction.atomic():
            form.save()
            preview = searching.preview_search(DuplicateCase.objects.visible_to(request.user))
            transaction.set_rollback(True)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What this change would do"),
            "opts": self.opts,
            "preview": preview,
            "asked": [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"],
        }
        return TemplateResponse(request, "admin/duplicates/dry_run.html", context)

    def response_change(self, request: HttpRequest, obj: RuleSetting) -> HttpResponse:
        self._announce(request)
        return super().response_change(request, obj)

    def response_add(self, request: HttpRequest, obj: RuleSetting, post_url_continue: Any = None) -> HttpResponse:
        self._announce(request)
        return super().response_add(request, obj, post_url_continue)

    def _announce(self, request: HttpRequest) -> None:
        messages.info(
            request,
            _("New and changed invoices are searched by it from now on; manage.py rededupe searches them all."),
        )


@admin.register(SearchRun)
class SearchAdmin(ReadOnlyAdmin):
    """Only for people who see all companies, because a run counts invoices of all of them."""

    list_display = (
        "id",
        "scope",
        "started_at",
        "finished_at",
        "invoice_count",
        "pair_count",
        "opened",
        "closed",
        "rule_version",
    )
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SearchRun]:
        runs = super().get_queryset(request)
        return runs if visible_company_ids(request.user) is None else runs.none()
