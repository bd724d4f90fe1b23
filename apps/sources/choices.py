"""What people choose from, in the words they see."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunStatus(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    SUCCEEDED = "succeeded", _("succeeded")
    PARTIAL = "partial", _("partly succeeded")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")
    INTERRUPTED = "interrupted", _("interrupted")


ACTIVE_RUNS = (RunStatus.QUEUED, RunStatus.RUNNING)


class RunTrigger(models.TextChoices):
    SCHEDULE = "schedule", _("schedule")
    PERSON = "person", _("a person")
    COMMAND = "command", _("command line")
    API = "api", _("API")
    RECOVERY = "recovery", _("resumed after an interruption")


class QuarantineState(models.TextChoices):
    OPEN = "open", _("waiting")
    RESOLVED = "resolved", _("resolved")
    DISMISSED = "dismissed", _("dismissed")


class PushKind(models.TextChoices):
    """What can be sent to an upstream system; ``pushes.PAYLOADS`` has the content of each."""

    VOUCHER_COLLECT = "voucher_collect", _("collect voucher")
    VOUCHER_VOID = "voucher_void", _("void voucher")
    INVOICE_STATUS = "invoice_status", _("invoice status")
    BILL_LINES_CACHE = "bill_lines_cache", _("invoices of a bill (draft)")
    BILL_LINES_SAVE = "bill_lines_save", _("invoices of a bill (final)")
    BILL_LINE_REMOVE = "bill_line_remove", _("take a line off a bill")
    BILL_REMOVE = "bill_remove", _("take all invoices off a bill")
    ORDER_INVOICE = "order_invoice", _("invoice number of an order")
