"""The meaning of each flag, and what to do about it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .choices import Flag

ADVICE: Mapping[str, str | Promise] = {
    Flag.AMOUNTS_DO_NOT_ADD_UP: _(
        "Amount plus tax differs from the total by more than 0.06. Compare with the original; a figure may be misread."
    ),
    Flag.LINES_DO_NOT_ADD_UP: _(
        "The lines add up to another amount than the invoice states. Look for a missing line or a discount line."
    ),
    Flag.KIND_AND_CODE_DISAGREE: _(
        "The invoice code belongs to another kind of invoice than the source says. Check the kind before deducting."
    ),
    Flag.NUMBER_LENGTH: _("Code or number is longer or shorter than usual. Check it against the original."),
    Flag.BUYER_TAX_NO: _("The check character does not fit. Old numbers may fail; otherwise a character was misread."),
    Flag.SELLER_TAX_NO: _("The check character does not fit. Old numbers may fail; otherwise a character was misread."),
    Flag.NO_STATUTORY_KEY: _(
        "Without a statutory number it cannot be recognised in other sources. Complete the number in the source system."
    ),
    Flag.SOURCES_DISAGREE: _("Settle the conflict below: choose the right value and say why."),
    Flag.NUMBERS_CONTRADICT: _(
        "The same number appears on another invoice, too. Compare both with the originals; nothing was merged."
    ),
    Flag.DELETED_AT_SOURCE: _(
        "No source lists it any more. Find out whether it was entered by mistake before using it."
    ),
    Flag.UNKNOWN_CODE: _(
        "The source uses a code we do not know. The value is kept in the raw record; tell an administrator."
    ),
    Flag.NAMES_SWAPPED: _("Code and number were swapped at the source and put right here. Nothing to do."),
    Flag.DAMAGED_DETAILS: _(
        "Some details of the source could not be read, so lines may be missing. See the raw record."
    ),
    Flag.EDITED_BY_HAND: _("Somebody changed recognised values by hand in the source. Compare with the original."),
    Flag.TITLE_CONFLICT: _(
        "The buyer is not the company the source belongs to. Ask for a reissue, or correct the company."
    ),
    Flag.TAX_NUMBER_CONFLICT: _("The buyer's taxpayer number is not the company's. Ask for a reissue."),
    Flag.RECEIPT_DATE: _("The source knows only when it received the invoice. The issue date may be earlier."),
    Flag.NOT_DEDUCTIBLE_REASON: _(
        "The source gives a reason why the input tax may not be deducted; see the raw record."
    ),
    Flag.ABNORMAL_MANAGEMENT: _(
        "The tax bureau lists it under abnormal management. Do not deduct until it is cleared up."
    ),
}
