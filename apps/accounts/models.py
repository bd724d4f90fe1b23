"""People, the companies they work for, and who may see which."""

from typing import Any

import pghistory
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .visibility import CompanyQuerySet


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
