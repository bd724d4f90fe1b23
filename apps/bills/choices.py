"""Choices of bills and their invoices, with labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Origin(models.TextChoices):
    """The system that owns a bill: this one writes its own bills; bills of an upstream are copies of its data."""

    OWN = "own", _("made here")
    PIAOZONE = "piaozone", _("Kingdee Piaozone (发票云)")
    MAYCUR = "maycur", _("Maycur expenses (每刻报销)")


UPSTREAMS = (Origin.PIAOZONE, Origin.MAYCUR)


class BillType(models.TextChoices):
    """The values are those of ``apps.sources.pushes.BillType``; a test compares both."""

    EXPENSE = "expense", _("Expense report")
    TRAVEL = "travel", _("Travel report")
    PURCHASE = "purchase", _("Purchase")
    CORPORATE = "corporate", _("Payment to a company")


class BillState(models.TextChoices):
    """The values are those of ``states.State``; a test compares both."""

    DRAFT = "draft", pgettext_lazy("bill", "draft")
    SUBMITTED = "submitted", pgettext_lazy("bill", "submitted")
    APPROVED = "approved", pgettext_lazy("bill", "approved")
    BOOKED = "booked", pgettext_lazy("bill", "booked")
    REJECTED = "rejected", pgettext_lazy("bill", "rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("bill", "withdrawn")
    DISCARDED = "discarded", pgettext_lazy("bill", "discarded")


class BillInvoiceState(models.TextChoices):
    """The values of ``states.Reservation`` with labels."""

    RESERVED = "reserved", pgettext_lazy("invoice on a bill", "reserved")
    USED = "used", pgettext_lazy("invoice on a bill", "used")
    BOOKED = "booked", pgettext_lazy("invoice on a bill", "booked")
    RELEASED = "released", pgettext_lazy("invoice on a bill", "released")
