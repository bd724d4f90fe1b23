"""Labels for people. The values are those of ``apps.sources.records``; a test holds both together."""

from collections.abc import Mapping

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.sources import records


class Kind(models.TextChoices):
    VAT_SPECIAL_PAPER = "vat_special_paper", _("VAT special invoice (paper)")
    VAT_FREIGHT = "vat_freight", _("VAT freight invoice")
    VEHICLE_SALE = "vehicle_sale", _("Vehicle sales invoice")
    VAT_GENERAL_PAPER = "vat_general_paper", _("VAT general invoice (paper)")
    VAT_SPECIAL_ELECTRONIC = "vat_special_electronic", _("VAT special invoice (electronic)")
    VAT_GENERAL_ELECTRONIC = "vat_general_electronic", _("VAT general invoice (electronic)")
    VAT_ROLL = "vat_roll", _("VAT roll invoice")
    VAT_TOLL = "vat_toll", _("Toll e-invoice")
    USED_VEHICLE = "used_vehicle", _("Used-vehicle sales invoice")
    DIGITAL_SPECIAL = "digital_special", _("Digital special invoice")
    DIGITAL_GENERAL = "digital_general", _("Digital general invoice")
    DIGITAL_VEHICLE = "digital_vehicle", _("Digital vehicle sales invoice")
    DIGITAL_USED_VEHICLE = "digital_used_vehicle", _("Digital used-vehicle sales invoice")
    DIGITAL_RAIL = "digital_rail", _("Rail e-ticket")
    DIGITAL_AIR = "digital_air", _("Air e-ticket itinerary")
    DIGITAL_TOLL = "digital_toll", _("Digital toll invoice")
    DIGITAL_PAPER_SPECIAL = "digital_paper_special", _("Digital special invoice on paper")
    DIGITAL_PAPER_GENERAL = "digital_paper_general", _("Digital general invoice on paper")
    DIGITAL_PAPER_VEHICLE = "digital_paper_vehicle", _("Digital vehicle sales invoice on paper")
    DIGITAL_PAPER_USED_VEHICLE = "digital_paper_used_vehicle", _("Digital used-vehicle sales invoice on paper")
    CUSTOMS_PAYMENT = "customs_payment", _("Customs payment slip")
    TAX_PAYMENT_PROOF = "tax_payment_proof", _("Tax payment proof")
    TRAIN_PAPER = "train_paper", _("Train ticket (paper)")
    AIR_PAPER = "air_paper", _("Air itinerary (paper)")
    TAXI = "taxi", _("Taxi receipt")
    COACH = "coach", _("Coach ticket")
    SHIP = "ship", _("Ship ticket")
    TOLL_RECEIPT = "toll_receipt", _("Road or bridge toll receipt")
    FIXED_AMOUNT = "fixed_amount", _("Fixed-amount receipt")
    MACHINE_PRINTED = "machine_printed", _("Machine-printed invoice")
    MACHINE_PRINTED_ELECTRONIC = "machine_printed_electronic", _("Machine-printed invoice (electronic)")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Unknown")


class Flow(models.TextChoices):
    INPUT = "input", pgettext_lazy("invoice direction", "received")
    OUTPUT = "output", pgettext_lazy("invoice direction", "issued")


class Status(models.TextChoices):
    NORMAL = "normal", _("normal")
    VOID = "void", _("void")
    RED = "red", _("reversed (red)")
    PARTLY_RED = "partly_red", _("partly reversed")
    FULLY_RED = "fully_red", _("fully reversed")
    RED_PENDING = "red_pending", _("reversal pending")
    LOST_CONTROL = "lost_control", _("lost control")
    ABNORMAL = "abnormal", _("abnormal")
    UNKNOWN = "unknown", _("not known")


class Verified(models.TextChoices):
    PASSED = "passed", _("verified")
    FAILED = "failed", _("verification failed")
    NOT_DONE = "not_done", _("not verified")
    UNKNOWN = "unknown", _("not known")


class Deduction(models.TextChoices):
    NOT_TICKED = "not_ticked", _("not ticked")
    TICKED = "ticked", _("ticked")
    CERTIFIED = "certified", _("certified")
    NOT_DEDUCTIBLE = "not_deductible", _("not deductible")
    REFUND = "refund", _("export refund")
    UNKNOWN = "unknown", _("not known")


class Expense(models.TextChoices):
    UNUSED = "unused", _("unused")
    RESERVED = "reserved", _("on a bill")
    USED = "used", _("approved")
    BOOKED = "booked", _("booked")
    UNKNOWN = "unknown", _("not known")


# The labels of each enum of canonical records, by value.
LABELS_OF: Mapping[type, Mapping[str, str | Promise]] = {
    records.InvoiceKind: dict(Kind.choices),
    records.Direction: dict(Flow.choices),
    records.InvoiceStatus: dict(Status.choices),
    records.Verification: dict(Verified.choices),
    records.DeductionStatus: dict(Deduction.choices),
    records.ExpenseStatus: dict(Expense.choices),
}


class ConflictState(models.TextChoices):
    OPEN = "open", _("open")
    SETTLED = "settled", _("settled")
    GONE = "gone", _("no longer differs")


class Flag(models.TextChoices):
    """What deserves a look on an invoice. Computed ones come from ``flags.py``, the rest from the connectors."""

    AMOUNTS_DO_NOT_ADD_UP = "amounts_do_not_add_up", _("Amount and tax do not add up to the total")
    LINES_DO_NOT_ADD_UP = "lines_do_not_add_up", _("The lines do not add up to the invoice")
    KIND_AND_CODE_DISAGREE = "kind_and_code_disagree", _("Kind and invoice code disagree")
    NUMBER_LENGTH = "number_length", _("Code or number has an unusual length")
    BUYER_TAX_NO = "buyer_tax_no", _("The buyer's taxpayer number fails its check digit")
    SELLER_TAX_NO = "seller_tax_no", _("The seller's taxpayer number fails its check digit")
    NO_STATUTORY_KEY = "no_statutory_key", _("No statutory number: can only be compared by hand")
    SOURCES_DISAGREE = "sources_disagree", _("Sources disagree")
    NUMBERS_CONTRADICT = "numbers_contradict", _("Numbers point to different invoices")
    DELETED_AT_SOURCE = "deleted_at_source", _("Deleted at every source")
    UNKNOWN_CODE = "unknown_code", _("Holds a code nobody knows yet")
    NAMES_SWAPPED = "names_swapped", _("Code and number were in each other's field")
    DAMAGED_DETAILS = "damaged_details", _("Details could not be read")
    UNREADABLE_TEXT = "unreadable_text", _("Holds characters that arrived damaged")
    EDITED_BY_HAND = "edited_by_hand", _("Edited by hand at the source")
    TITLE_CONFLICT = "title_conflict", _("Title differs from the company")
    TAX_NUMBER_CONFLICT = "tax_number_conflict", _("Taxpayer number differs from the company")
    RECEIPT_DATE = "receipt_date", _("Only the day of receipt is known")
    NOT_DEDUCTIBLE_REASON = "not_deductible_reason", _("Marked as not deductible")
    ABNORMAL_MANAGEMENT = "abnormal_management", _("The tax bureau has doubts about it")
