"""Rules for duplicates with a dry run, cases (decided in the workspace) and searches."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.admin import HistoryMixin, HubAdmin, ReadOnlyAdmin

from . import searching, selectors
from .choices import RuleCode
from .models import Case, RuleSetting, Search
from .rules import RULES


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "kind", "tier", "score", "state", "total_amount", "changed_at", "page")
    list_filter = ("state", "tier", "kind")
    ordering = ("-id",)
    fields = ("kind", "tier", "score", "state", "total_amount", "opened_at", "changed_at", "page")
    readonly_fields = ("page",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        return selectors.cases(request.user)

    @admin.display(description=gettext_lazy("review"))
    def page(self, case: Case) -> str:
        return format_html('<a href="{}">{}</a>', reverse("duplicate", args=[case.pk]), _("Open in the workspace"))


class RuleSettingForm(forms.ModelForm):
    class Meta:
        model = RuleSetting
        fields = ("code", "company", "enabled", "parameters")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(rule.code, name, value) for rule in RULES.values() for name, value in rule.parameters.items()]
        shown = "; ".join(f"{RuleCode(code).label}: {name} = {value}" for code, name, value in known)
        self.fields["parameters"].help_text = _("Whole numbers by name. Preset are: %(preset)s") % {"preset": shown}

    def clean_parameters(self) -> dict[str, int]:
        known = RULES[self.cleaned_data["code"]].parameters if self.cleaned_data.get("code") in RULES else {}
        given = self.cleaned_data["parameters"] or {}
        if not isinstance(given, dict) or set(given) - set(known):
            raise forms.ValidationError(
                _("This rule knows: %(known)s.") % {"known": ", ".join(known) or _("no parameters")}
            )
        if not all(type(value) is int and 0 <= value <= 1000 for value in given.values()):
            raise forms.ValidationError(_("Parameters are whole numbers from 0 to 1000."))
        return given


@admin.register(RuleSetting)
class RuleSettingAdmin(HistoryMixin, HubAdmin):
    """A change of a rule opens and closes nothing by itself; a dry run says what the next full search would do."""

    form = RuleSettingForm
    list_display = ("__str__", "company", "enabled", "parameters")
    list_filter = ("enabled",)

    def response_change(self, request: HttpRequest, obj: RuleSetting) -> HttpResponse:
        self._tell(request)
        return super().response_change(request, obj)

    def response_add(self, request: HttpRequest, obj: RuleSetting, post_url_continue: Any = None) -> HttpResponse:
        self._tell(request)
        return super().response_add(request, obj, post_url_continue)

    def _tell(self, request: HttpRequest) -> None:
        outcome = searching.search_all(dry_run=True)
        messages.info(
            request,
            _(
                "A dry run with the rules as they are now: the next full search (manage.py rededupe) would open"
                " %(opened)s cases and close %(closed)s. Decided cases stay as they are."
            )
            % {"opened": outcome.opened, "closed": outcome.closed},
        )


@admin.register(Search)
class SearchAdmin(ReadOnlyAdmin):
    list_display = (
        "id",
        "scope",
        "started_at",
        "finished_at",
        "looked_at",
        "judged",
        "opened",
        "closed",
        "rule_version",
    )
    ordering = ("-id",)
