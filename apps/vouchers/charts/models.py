"""Charts of accounts, lists of dimension items, and which accounts the costs of bills are booked to."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Company
from apps.accounts.visibility import CompanyQuerySet
from apps.vouchers import choices


@pghistory.track()
class Account(models.Model):
    """An account (科目) of a book's chart. ``dimensions``: kinds of dimension that an entry on it must state. Only an
    active account without children may be used in entries."""

    book = models.ForeignKey(
        "vouchers.AccountBook", models.CASCADE, related_name="accounts", verbose_name=_("account book")
    )
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent account")
    )
    direction = models.CharField(_("normal side"), max_length=6, choices=choices.Side)
    dimensions = ArrayField(
        models.CharField(max_length=20, choices=choices.Dimension),
        verbose_name=_("dimensions required"),
        default=list,
        blank=True,
    )
    active = models.BooleanField(_("active"), default=True)

    company_lookup = "book__company__in"
    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["book", "code"]
        constraints = [models.UniqueConstraint(fields=["book", "code"], name="one_account_per_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@pghistory.track()
class DimensionItem(models.Model):
    """An item of a dimension (核算项目): a department, an employee, a supplier or a project of a company."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="dimension_items", verbose_name=_("company"))
    kind = models.CharField(_("dimension"), max_length=20, choices=choices.Dimension)
    code = models.CharField(_("code"), max_length=40, default="", blank=True)
    name = models.CharField(_("name"), max_length=200)
    active = models.BooleanField(_("active"), default=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("dimension item")
        verbose_name_plural = _("dimension items")
        ordering = ["company", "kind", "code", "name"]
        constraints = [models.UniqueConstraint(fields=["company", "kind", "name"], name="one_dimension_item_per_name")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


@pghistory.track()
class AccountMapping(models.Model):
    """Which accounts a cost type of a bill is booked to. The row without a cost type fills in what others leave out."""

    book = models.ForeignKey(
        "vouchers.AccountBook", models.CASCADE, related_name="mappings", verbose_name=_("account book")
    )
    cost_type = models.CharField(
        _("cost type"), max_length=200, default="", blank=True, help_text=_("Empty: for all others.")
    )
    debit_account = models.CharField(_("expense account (debit)"), max_length=200, default="", blank=True)
    tax_account = models.CharField(_("input tax account (debit)"), max_length=200, default="", blank=True)
    pending_tax_account = models.CharField(
        _("pending input tax account (debit)"), max_length=200, default="", blank=True
    )
    transfer_out_account = models.CharField(
        _("input tax transfer-out account (credit)"), max_length=200, default="", blank=True
    )
    credit_account = models.CharField(_("payable account (credit)"), max_length=200, default="", blank=True)

    company_lookup = "book__company__in"
    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("account mapping")
        verbose_name_plural = _("account mappings")
        ordering = ["book", "cost_type"]
        constraints = [models.UniqueConstraint(fields=["book", "cost_type"], name="one_mapping_per_cost_type")]

    def __str__(self) -> str:
        return f"{self.book}: {self.cost_type or _('all others')}"
