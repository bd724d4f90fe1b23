"""Settings of the checks, and overrides of findings."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Company
from apps.accounts.visibility import CompanySettingQuerySet
from apps.bills.choices import BillType
from apps.core.messages import Message, restored
from apps.invoices.models import Invoice

from .choices import CheckLevel, check_choices


@pghistory.track()
class CheckSetting(models.Model):
    """A setting of a check (``policy.SettingRow``): for all bills, for a company, for a type of bill, or for both."""

    check_code = models.CharField(_("check"), max_length=30, choices=check_choices)
    company = models.ForeignKey(
        Company, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("company"),
        help_text=_("Empty: all companies."),
    )  # fmt: skip
    bill_type = models.CharField(
        _("bill type"), max_length=20, choices=BillType, default="", blank=True, help_text=_("Empty: all types.")
    )
    level = models.CharField(_("level"), max_length=10, choices=CheckLevel)
    limit = models.PositiveIntegerField(_("limit"), null=True, blank=True)
    entries = ArrayField(models.CharField(max_length=200), verbose_name=_("list"), default=list, blank=True)

    objects = CompanySettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("compliance check")
        verbose_name_plural = _("compliance checks")
        ordering = ["check_code", "company", "bill_type"]
        constraints = [
            models.UniqueConstraint(
                fields=["check_code", "company", "bill_type"], nulls_distinct=False, name="one_setting_per_check"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_check_code_display())


@pghistory.track()
class ComplianceOverride(models.Model):
    """An overridden finding of a bill. ``signature`` identifies the finding by its facts (``selectors.signature``),
    ``message`` is its message at that time, ``invoice`` None for a finding about the bill as a whole. An override that
    was taken back has no effect."""

    bill = models.ForeignKey("bills.Bill", models.CASCADE, related_name="overrides", db_index=False)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="+", null=True)
    check_code = models.CharField(_("check"), max_length=30, choices=check_choices)
    signature = models.CharField(max_length=64)
    message = models.JSONField()
    reason = models.CharField(_("reason"), max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(_("at"))
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("override of a check")
        verbose_name_plural = _("overrides of checks")
        constraints = [
            models.UniqueConstraint(
                fields=["bill", "signature"],
                condition=models.Q(taken_back_at=None),
                name="one_override_per_finding",
            )
        ]
        indexes = [models.Index(fields=["bill", "id"], name="override_by_bill")]
        permissions = [("override_check", _("Can let a bill pass although a check stops it"))]

    def __str__(self) -> str:
        return f"{self.bill_id}:{self.check_code}"

    @property
    def sentence(self) -> Message | None:
        return restored(self.message)
