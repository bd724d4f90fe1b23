"""Choices of cases and their labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    CLAIM = "claim", _("claimed twice")
    SUSPECT = "suspect", _("same invoice under two numbers")


class Tier(models.TextChoices):
    CERTAIN = "certain", _("certain")
    LIKELY = "likely", _("likely")
    POSSIBLE = "possible", _("possible")


class State(models.TextChoices):
    OPEN = "open", _("open")
    MERGED = "merged", _("merged")
    CONFIRMED = "confirmed", _("confirmed: claimed twice")
    DISMISSED = "dismissed", _("not a duplicate")
    GONE = "gone", _("no longer suspected")


DECIDED = (State.MERGED, State.CONFIRMED, State.DISMISSED)


class Action(models.TextChoices):
    MERGE = "merge", _("merged")
    CONFIRM = "confirm", _("confirmed as claimed twice")
    DISMISS = "dismiss", _("said not to be a duplicate")
    ASSIGN = "assign", _("asked")
    COMMENT = "comment", _("commented")


UNDOABLE = (Action.MERGE, Action.CONFIRM, Action.DISMISS)


class Scope(models.TextChoices):
    CHANGED = "changed", _("new and changed invoices")
    ALL = "all", _("the whole ledger")


class RuleCode(models.TextChoices):
    """The rules of ``rules.py`` with their labels."""

    DIGIT_WRONG = "digit_wrong", _("One digit of the number differs")
    LOOK_ALIKE = "look_alike", _("One digit of the number was read as one that looks like it")
    NEIGHBOURS_SWAPPED = "neighbours_swapped", _("Two neighbouring digits of the number are swapped")
    DIGIT_LOST = "digit_lost", _("The number lacks a digit or has one too many")
    ZERO_LOST = "zero_lost", _("Leading zeros of the number were lost")
    CODE_LOST = "code_lost", _("One of them has no invoice code")
    CODE_SLIP = "code_slip", _("One digit of the invoice code differs")
    FIELDS_SWAPPED = "fields_swapped", _("Code and number stand in each other's field")
    NUMBER_MISSING = "number_missing", _("One of them has no number; date, total and seller are equal")
    DAY_OFF = "day_off", _("The dates are a day apart")
    MONTH_DAY_SWAPPED = "month_day_swapped", _("Day and month are swapped")
    DATE_SLIP = "date_slip", _("One digit of the date differs")
    TAX_LEFT_OUT = "tax_left_out", _("One total is the other's amount without tax")
    AMOUNT_SLIP = "amount_slip", _("The totals differ by one slip")
    NAME_VARIANT = "name_variant", _("The sellers' names are written differently")
    FORMER_NAME = "former_name", _("Other name of the seller, same taxpayer number")
    SAME_TRIP = "same_trip", _("The same journey on paper and as an e-ticket")
    SCANNED_TWICE = "scanned_twice", _("One paper ticket, read twice")
