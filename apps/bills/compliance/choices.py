"""Words for the checks and their levels."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CheckCode(models.TextChoices):
    """The values are those of ``rules.RULES``; a test holds both together."""

    TITLE = "title", _("Title is not the company's")
    TAX_NUMBER = "tax_number", _("Taxpayer number is not the company's")
    TAX_NUMBER_MISSING = "tax_number_missing", _("Buyer's taxpayer number missing")
    VERIFICATION_FAILED = "verification_failed", _("Verification failed")
    VERIFICATION_MISSING = "verification_missing", _("Not verified")
    USED_ELSEWHERE = "used_elsewhere", _("Already used elsewhere")
    INVALID = "invalid", _("Void, reversed or lost control")
    DOUBTFUL = "doubtful", _("Partly reversed, reversal pending or abnormal")
    PERSONAL = "personal", _("Personal invoice")
    OTHER_YEAR = "other_year", _("Issued in another year")
    TOO_OLD = "too_old", _("Too old")
    CONSECUTIVE = "consecutive", _("Consecutive numbers of one seller")
    BLACKLIST = "blacklist", _("Seller on the blacklist")
    PAYEE = "payee", _("Seller is not the payee")
    MACHINE_NUMBER = "machine_number", _("Machine number is not the printed one")
    SUM = "sum", _("Amounts do not add up")
    INPUT_TAX = "input_tax", _("Input tax above the invoice's tax")
    EDITED = "edited", _("Edited by hand")
    SENSITIVE = "sensitive", _("Sensitive goods")


class CheckLevel(models.TextChoices):
    """The values are those of ``policy.Level``."""

    OFF = "off", pgettext_lazy("level of a check", "off")
    NOTE = "note", pgettext_lazy("level of a check", "note")
    WARN = "warn", pgettext_lazy("level of a check", "warn")
    BLOCK = "block", pgettext_lazy("level of a check", "block")
