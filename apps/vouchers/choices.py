"""Labels of states. The values equal those in ``states.py``; a test compares them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class VoucherState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("voucher", "draft")
    AUDITED = "audited", pgettext_lazy("voucher", "audited")
    BOOKED = "booked", pgettext_lazy("voucher", "booked")
    VOID = "void", pgettext_lazy("voucher", "void")


class VoucherPushState(models.TextChoices):
    NOT_SENT = "not_sent", _("not collected")
    WAITING = "waiting", _("waiting to be collected")
    COLLECTED = "collected", _("collected")
    OUTDATED = "outdated", _("older version collected")
    VOIDING = "voiding", _("waiting to be voided upstream")
    VOIDED = "voided", _("voided upstream")
    PROBLEM = "problem", _("needs a person")


class Resource(models.TextChoices):
    """Where a voucher was made. The values are those of ``apps.sources.pushes.MadeIn``; a test compares them."""

    PIAOZONE = "piaozone", _("Piaozone (发票云)")
    EAS = "eas", _("Kingdee EAS")
    CLOUD = "cloud", _("Kingdee K/3 Cloud")
    COSMIC = "cosmic", _("Kingdee Cosmic (苍穹)")
    GALAXY = "galaxy", _("Kingdee Galaxy (星空)")


class Side(models.TextChoices):
    """The side on which an account usually has its balance."""

    DEBIT = "debit", pgettext_lazy("side of an account", "debit")
    CREDIT = "credit", pgettext_lazy("side of an account", "credit")


class Dimension(models.TextChoices):
    DEPARTMENT = "department", pgettext_lazy("dimension", "department")
    EMPLOYEE = "employee", pgettext_lazy("dimension", "employee")
    SUPPLIER = "supplier", pgettext_lazy("dimension", "supplier")
    PROJECT = "project", pgettext_lazy("dimension", "project")


class FindingState(models.TextChoices):
    OPEN = "open", pgettext_lazy("finding", "open")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("finding", "acknowledged")
    GONE = "gone", pgettext_lazy("finding", "over")
