"""Tables from which input tax is judged: cost types, and the effective-dated rules of travel documents."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Company
from apps.accounts.visibility import CompanySettingQuerySet
from apps.invoices.choices import Kind

from .choices import NonDeductibleUse, TaxFormula


@pghistory.track()
class CostType(models.Model):
    """A cost type (费用类型) that bill lines may have. ``non_deductible_use`` '': its input tax may be deducted.
    ``kinds``: kinds of invoice that are proposed to it when the seller has no history."""

    company = models.ForeignKey(
        Company, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("company"),
        help_text=_("Empty: all companies."),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=100)
    non_deductible_use = models.CharField(
        _("input tax not deductible because"), max_length=20, choices=NonDeductibleUse, default="", blank=True
    )
    kinds = ArrayField(
        models.CharField(max_length=30, choices=Kind), verbose_name=_("kinds of invoice"), default=list, blank=True
    )
    active = models.BooleanField(_("active"), default=True)

    objects = CompanySettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost type")
        verbose_name_plural = _("cost types")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], nulls_distinct=False, name="one_cost_type_per_name")
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class TravelTaxRule(models.Model):
    """How the deductible tax of a travel document is found, in a span of issue dates. ``valid_to`` None: still valid.
    ``rate``: 0.09 for 9 %; None where the document states the tax. ``source``: the announcement."""

    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    formula = models.CharField(_("formula"), max_length=20, choices=TaxFormula)
    rate = models.DecimalField(_("rate"), max_digits=5, decimal_places=4, null=True, blank=True)
    needs_passenger = models.BooleanField(_("only with the passenger's name"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("legal basis"), max_length=200)

    class Meta:
        verbose_name = _("travel tax rule")
        verbose_name_plural = _("travel tax rules")
        ordering = ["kind", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["kind", "valid_from"], name="one_travel_tax_rule_per_start")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.valid_from:%Y-%m-%d}"
