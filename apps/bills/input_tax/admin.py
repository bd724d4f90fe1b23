"""Cost types and the rules of travel documents in the administration."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.company_admin import CompanySettingMixin
from apps.core.admin import HistoryMixin, HubAdmin
from apps.invoices.choices import Kind

from .choices import TaxFormula
from .models import CostType, TravelTaxRule

_MOST_KINDS_LISTED = 5


class CostTypeForm(forms.ModelForm):
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of invoice"),
        choices=Kind.choices,
        required=False,
        widget=FilteredSelectMultiple(gettext_lazy("kinds of invoice"), is_stacked=False),
        help_text=gettext_lazy("Invoices of these kinds are proposed to it when the seller has no history."),
    )

    class Meta:
        model = CostType
        fields = ("company", "name", "non_deductible_use", "kinds", "active")


@admin.register(CostType)
class CostTypeAdmin(CompanySettingMixin, HistoryMixin, HubAdmin):
    """A changed cost type counts for a bill from its next change or step; booked bills stay as they are."""

    form = CostTypeForm
    list_display = ("name", "for_company", "non_deductible_use", "proposed_for", "active")
    list_filter = ("non_deductible_use", "active")
    list_select_related = ("company",)

    @admin.display(description=gettext_lazy("company"))
    def for_company(self, cost_type: CostType) -> str:
        return str(cost_type.company or _("all companies"))

    @admin.display(description=gettext_lazy("kinds of invoice"))
    def proposed_for(self, cost_type: CostType) -> str:
        labels = [str(Kind(kind).label) for kind in cost_type.kinds[:_MOST_KINDS_LISTED]]
        return _(", ").join(labels) + (" …" if len(cost_type.kinds) > _MOST_KINDS_LISTED else "")


class TravelTaxRuleForm(forms.ModelForm):
    class Meta:
        model = TravelTaxRule
        fields = ("kind", "formula", "rate", "needs_passenger", "valid_from", "valid_to", "source")

    def clean(self) -> dict[str, Any]:
        """Refuse rules that cannot be applied: a formula without its rate, an end before the beginning, two rules of
        one kind on one day."""
        cleaned = super().clean() or {}
        rate, first, last = cleaned.get("rate"), cleaned.get("valid_from"), cleaned.get("valid_to")
        if cleaned.get("formula") not in (None, TaxFormula.STATED) and not rate:
            self.add_error("rate", _("This formula needs a rate, such as 0.09."))
        if rate is not None and not 0 <= rate < 1:
            self.add_error("rate", _("Enter the rate as a fraction, such as 0.09."))
        if first and last and last < first:
            self.add_error("valid_to", _("The end is before the beginning."))
        elif first and self._overlapping(cleaned.get("kind"), first, last):
            self.add_error("valid_from", _("Another rule of this kind is valid on some of these days. End it first."))
        return cleaned

    def _overlapping(self, kind: Any, first: Any, last: Any) -> bool:
        others = TravelTaxRule.objects.filter(kind=kind).exclude(pk=self.instance.pk)
        return any(
            (last is None or other.valid_from <= last) and (other.valid_to is None or first <= other.valid_to)
            for other in others
        )


@admin.register(TravelTaxRule)
class TravelTaxRuleAdmin(HistoryMixin, HubAdmin):
    """A changed rule counts for a bill from its next change or step; booked bills stay as they are."""

    form = TravelTaxRuleForm
    list_display = ("kind", "formula", "rate", "needs_passenger", "valid_from", "valid_to", "source")
    list_filter = ("kind", "formula")
