"""Reasons for which input tax is never deducted, and ways to compute the tax of a ticket."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NonDeductibleUse(models.TextChoices):
    """Uses whose input tax may not be deducted whatever the document (VAT Law art. 22; docs/domain.md)."""

    WELFARE = "welfare", _("collective welfare or personal consumption")
    ENTERTAINMENT = "entertainment", _("business entertainment")
    CATERING = "catering", _("catering, daily-life or leisure services")
    SIMPLIFIED = "simplified", _("project taxed by the simplified method")
    EXEMPT = "exempt", _("VAT-exempt project")
    LOSS = "loss", _("abnormal loss")
    LOAN_INTEREST = "loan_interest", _("loan interest")


class TaxFormula(models.TextChoices):
    """How the deductible tax of a ticket follows from it."""

    STATED = "stated", _("the tax the document states")
    FACE = "face", _("face value ÷ (1 + rate) × rate")
    FARE_AND_FUEL = "fare_and_fuel", _("(fare + fuel surcharge) ÷ (1 + rate) × rate")
