"""The settings of the checks in the administration, with a preview before anything is saved."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.company_admin import CompanySettingMixin
from apps.core.admin import HistoryMixin, HubAdmin

from .forms import CheckSettingForm
from .models import CheckSetting
from .preview import DAYS, preview


@admin.register(CheckSetting)
class CheckSettingAdmin(CompanySettingMixin, HistoryMixin, HubAdmin):
    """Nothing is saved before a preview has shown what the check would find with the change."""

    form = CheckSettingForm
    list_display = ("__str__", "for_company", "for_type", "level", "limit", "listed")
    list_filter = ("level", "check_code")
    list_select_related = ("company",)

    @admin.display(description=gettext_lazy("company"))
    def for_company(self, setting: CheckSetting) -> str:
        return str(setting.company or _("all companies"))

    @admin.display(description=gettext_lazy("bill type"))
    def for_type(self, setting: CheckSetting) -> str:
        return setting.get_bill_type_display() or _("all types")

    @admin.display(description=gettext_lazy("list"))
    def listed(self, setting: CheckSetting) -> str:
        return ", ".join(setting.entries[:5]) + (" …" if len(setting.entries) > 5 else "")

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "POST" and "sure" not in request.POST:
            shown = self._preview(request, self.get_object(request, unquote(object_id)) if object_id else None)
            if shown is not None:
                return shown
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _preview(self, request: HttpRequest, row: CheckSetting | None) -> HttpResponse | None:
        """The page that shows what would be found; None for a form that is not filled in well, or without the right."""
        allowed = self.has_change_permission(request, row) if row else self.has_add_permission(request)
        form = self.get_form(request, row, change=row is not None)(request.POST, instance=row)
        if not allowed or not form.is_valid():
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("What this change would do"),
            "opts": self.opts,
            "setting": form.instance,
            "preview": preview(form.instance, request.user),
            "days": DAYS,
            "asked": [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"],
        }
        return TemplateResponse(request, "admin/bills/check_preview.html", context)
