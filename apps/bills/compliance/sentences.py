"""What the checks say: what was found, against what, and what to do. Registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from apps.core.messages import define, define_labels

from .choices import CheckCode

SENTENCES = {
    "checks.title": _(
        "The title is “%(found)s”, the company is “%(expected)s”. Have it reissued; if that is a former name, ask an administrator to add it to the company."
    ),
    "checks.tax_number": _(
        "The buyer's taxpayer number is %(found)s, the company's is %(expected)s. Have it reissued."
    ),
    "checks.tax_number_missing": _(
        "The buyer's taxpayer number is missing; the company's is %(expected)s. Look at the original; if it is missing there too, have the invoice reissued."
    ),
    "checks.verification_failed": _(
        "The tax bureau does not know it with these values. Compare number, date and amount with the original; do not pay before it passes."
    ),
    "checks.verification_missing": _("Nobody has verified it with the tax bureau yet. Verify it in the source system."),
    "checks.used_elsewhere_bill": _(
        "It is also on bill %(bill)s (%(holder)s). Find out which of the two is right, and take it off the other."
    ),
    "checks.used_elsewhere_source": _(
        "%(holder)s says that it is used already, on no bill we know. Ask there what it was used for."
    ),
    "checks.used_elsewhere_hidden": _(
        "It is also used by a company you may not see. Ask your finance manager which of the two is right."
    ),
    "checks.status_void": _("It is void. Take it off the bill, and ask for a new one."),
    "checks.status_red": _("It was reversed by a red invoice. Take it off the bill, and ask for a new one."),
    "checks.status_fully_red": _("It was fully reversed. Take it off the bill, and ask for a new one."),
    "checks.status_lost_control": _(
        "The tax bureau says it is out of control (失控). Take it off the bill, and ask the seller."
    ),
    "checks.status_partly_red": _(
        "A part of it was reversed. Claim no more than what is left, and attach the red invoice."
    ),
    "checks.status_red_pending": _("A reversal of it has been applied for. Ask the seller before it is paid."),
    "checks.status_abnormal": _(
        "The tax bureau says it is abnormal. Ask the seller, and do not deduct its tax before that is cleared up."
    ),
    "checks.personal_nobody": _(
        "It names no buyer; it should name “%(expected)s”. Look at the original, and have it reissued to the company."
    ),
    "checks.personal_word": _(
        "It is made out to a person: “%(found)s”, not “%(expected)s”. Have it reissued to the company."
    ),
    "checks.personal_phone": _(
        "The title “%(found)s” holds a telephone number, so it was made out to a person. Have it reissued to “%(expected)s”."
    ),
    "checks.other_year": _(
        "It was issued on %(found)s and is claimed in %(year)s. Ask whether it may still be booked, and in which period."
    ),
    "checks.too_old": _(
        "It was issued on %(found)s, %(age)s days before it is claimed; %(days)s are allowed. Ask why it comes so late."
    ),
    "checks.consecutive": _(
        "Number %(found)s is next to others of “%(seller)s” on bills: %(expected)s. Check that one purchase was not split, and that each was really paid."
    ),
    "checks.blacklist": _("The seller “%(found)s” is on the blacklist. Do not pay before purchasing agrees."),
    "checks.payee": _(
        "The seller is “%(found)s”, the money goes to “%(expected)s”. Correct the payee, or attach why somebody else is paid."
    ),
    "checks.machine_number": _(
        "The machine typed number %(found)s on a form printed with %(expected)s. Such an invoice is not valid: have it reissued."
    ),
    "checks.sum": _(
        "The total is %(found)s, amount and tax make %(expected)s. Compare with the original and correct what was misread."
    ),
    "checks.sum_of_lines": _(
        "The lines do not make the amount excluding tax, %(expected)s. Look for a missing line in the original."
    ),
    "checks.input_tax": _(
        "%(found)s is to be booked as input tax, but the invoice's tax is only %(expected)s. Correct the input tax."
    ),
    "checks.edited": _("Somebody changed recognised values by hand in the source system. Compare with the original."),
    "checks.sensitive": _("It lists “%(found)s” (sensitive: %(expected)s). Ask for the occasion and the approval."),
    "checks.stopped": _(
        "Bill %(bill)s was not submitted; findings that stop it: %(count)s. The first, invoice %(invoice)s: %(first)s Correct it, take the invoice off, or have a reviewer let it pass with a reason."
    ),
    "checks.stopped_approval": _(
        "Bill %(bill)s was not approved; findings that stop it: %(count)s. The first, invoice %(invoice)s: %(first)s Reject the bill to have it corrected, or have a reviewer let it pass with a reason."
    ),
    "checks.stopped_booking": _(
        "Bill %(bill)s was not booked; findings that stop it: %(count)s. The first, invoice %(invoice)s: %(first)s Take the approval back and reject the bill to have it corrected, or have a reviewer let it pass with a reason."
    ),
    "checks.nothing_ahead": _(
        "Nothing was changed: findings are let pass while a bill is a draft, submitted or approved. Bill %(bill)s is none of these."
    ),
    "checks.gone": _(
        "Nothing was changed: what you ticked on bill %(bill)s is no longer what the checks find. Look at it as it is now."
    ),
    "checks.none_ticked": _("Tick the findings first."),
    "checks.was_overridden": _("Let pass: %(checks)s (%(count)s)."),
    "checks.was_taken_back": _("The finding counts again: %(checks)s."),
}


def register() -> None:
    define(SENTENCES)
    define_labels("checks.label", CheckCode)
