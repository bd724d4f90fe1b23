"""People, the companies they work for, and who may see which."""

from typing import Any

import pghistory
from django.contrib.auth.models import AbstractUser, Group
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.fields import yuan_field

from .choices import Duty
from .names import full_name, name_of
from .visibility import CompanyQuerySet, CompanySettingQuerySet


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractUser):
    """A person or a program that logs in. What they may do comes from roles, what they may see from companies."""

    companies: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Company",
        blank=True,
        related_name="members",
        verbose_name=_("companies"),
        help_text=_("Whose invoices they see."),
    )
    sees_all_companies = models.BooleanField(
        _("sees all companies"), default=False, help_text=_("Also companies that are added later.")
    )

    def __str__(self) -> str:
        return name_of(self)

    def get_full_name(self) -> str:
        return full_name(self.last_name, self.first_name)

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")  # type: ignore[assignment]
        verbose_name_plural = _("users")  # type: ignore[assignment]


@pghistory.track()
class Company(models.Model):
    """One of our own legal entities: the buyer of input invoices and the seller of output invoices."""

    name = models.CharField(_("name"), max_length=200)
    tax_no = models.CharField(_("taxpayer number"), max_length=30, unique=True)
    former_names = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("former names"),
        default=list,
        blank=True,
        help_text=_("Invoices to these names are accepted as well; separate them by commas."),
    )
    small_scale = models.BooleanField(
        _("small-scale taxpayer"), default=False, help_text=_("A small-scale taxpayer never deducts input tax.")
    )

    company_lookup = "pk__in"
    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class DutyPolicy(models.Model):
    """Whether a person may approve documents of their own. The row of a company takes precedence over the row for all;
    without a row nobody may."""

    company = models.ForeignKey(
        Company, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("company"),
        help_text=_("Empty: all companies."),
    )  # fmt: skip
    duty = models.CharField(_("duty"), max_length=20, choices=Duty)
    own_allowed = models.BooleanField(_("own documents allowed"), default=False)

    objects = CompanySettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("separation of duties")
        verbose_name_plural = _("separation of duties")
        constraints = [
            models.UniqueConstraint(fields=["company", "duty"], nulls_distinct=False, name="one_duty_policy")
        ]

    def __str__(self) -> str:
        return f"{self.company or '*'} / {self.get_duty_display()}"


@pghistory.track()
class ApprovalLimit(models.Model):
    """Up to which amount (yuan) a role may approve documents. The rows of a company take precedence over those for all.
    A role that may approve and has no row has no limit; a person has the highest limit of their roles that may."""

    company = models.ForeignKey(
        Company, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("company"),
        help_text=_("Empty: all companies."),
    )  # fmt: skip
    duty = models.CharField(_("duty"), max_length=20, choices=Duty)
    role = models.ForeignKey(Group, models.CASCADE, related_name="+", verbose_name=_("role"))
    amount = yuan_field(_("up to"))

    objects = CompanySettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval limit")
        verbose_name_plural = _("approval limits")
        constraints = [
            models.UniqueConstraint(fields=["company", "duty", "role"], nulls_distinct=False, name="one_approval_limit")
        ]

    def __str__(self) -> str:
        return f"{self.role} / {self.get_duty_display()} ≤ {self.amount}"


_roles: Any = User.groups.through
_companies: Any = User.companies.through


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class UserRole(_roles):
    """Roles granted and revoked; exists for its history."""

    class Meta:
        proxy = True


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class UserCompany(_companies):
    """Companies whose invoices a person may see, granted and revoked; exists for its history."""

    class Meta:
        proxy = True
