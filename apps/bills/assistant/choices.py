"""Choices of the assistant, with labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Page(models.TextChoices):
    """The vendor's pages; the values are those of the connector's ``PAGES``."""

    CHOOSE = "choose", _("Choose invoices in the assistant")
    ADJUST = "adjust", _("Adjust the line in the assistant")
    LINE = "line", _("See the line in the assistant")
    LIST = "list", _("See the invoices in the assistant")
    INVOICE = "invoice", _("See the invoice in the assistant")
    EDIT = "edit", _("Correct the invoice in the assistant")


class MessageState(models.TextChoices):
    """``waiting`` and ``no_bill`` are tried again automatically."""

    WAITING = "waiting", pgettext_lazy("message", "waiting")
    NO_BILL = "no_bill", pgettext_lazy("message", "no such bill yet")
    APPLIED = "applied", pgettext_lazy("message", "done")
    PARTLY = "partly", pgettext_lazy("message", "partly done")
    REFUSED = "refused", pgettext_lazy("message", "a person is needed")
    DISMISSED = "dismissed", pgettext_lazy("message", "put aside")


UNSETTLED = (MessageState.WAITING, MessageState.NO_BILL)
FOR_PEOPLE = (MessageState.NO_BILL, MessageState.PARTLY, MessageState.REFUSED)
REPEATABLE = (MessageState.WAITING, MessageState.NO_BILL, MessageState.PARTLY, MessageState.REFUSED)
