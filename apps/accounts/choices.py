"""Labels of choices."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Duty(models.TextChoices):
    """A step that a second person takes: approving a bill, auditing a voucher (审核), closing a period (结账)."""

    BILL = "bill", _("approving bills")
    VOUCHER = "voucher", _("auditing vouchers")
    CLOSING = "closing", _("closing periods")
