"""Words for bills and what they hold, with what people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Origin(models.TextChoices):
    """Who owns a bill: we write our own; of the others we only keep what their system says."""

    OWN = "own", _("made here")
    PIAOZONE = "piaozone", _("Kingdee Piaozone (发票云)")
    MAYCUR = "maycur", _("Maycur expenses (每刻报销)")


UPSTREAMS = (Origin.PIAOZONE, Origin.MAYCUR)


class BillType(models.TextChoices):
    """The values are those of ``apps.sources.pushes.BillType``; a test holds both together."""

    EXPENSE = "expense", _("Expense report")
    TRAVEL = "travel", _("Travel report")
    PURCHASE = "purchase", _("Purchase")
    CORPORATE = "corporate", _("Payment to a company")


class BillState(models.TextChoices):
    """The values are those of ``states.State``; a test holds both together."""

    DRAFT = "draft", pgettext_lazy("bill", "draft")
    SUBMITTED = "submitted", pgettext_lazy("bill", "submitted")
    APPROVED = "approved", pgettext_lazy("bill", "approved")
    BOOKED = "booked", pgettext_lazy("bill", "booked")
    REJECTED = "rejected", pgettext_lazy("bill", "rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("bill", "withdrawn")
    DISCARDED = "discarded", pgettext_lazy("bill", "discarded")


class BillInvoiceState(models.TextChoices):
    """``states.Reservation`` for people."""

    RESERVED = "reserved", pgettext_lazy("invoice on a bill", "held")
    USED = "used", pgettext_lazy("invoice on a bill", "used")
    BOOKED = "booked", pgettext_lazy("invoice on a bill", "booked")
    RELEASED = "released", pgettext_lazy("invoice on a bill", "released")
