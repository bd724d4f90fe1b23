"""The messages about checks. Those of findings come from the checks themselves. Registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from apps.core.messages import define

from .checks import CHECKS

SENTENCES = {
    "checks.stopped": _(
        "Bill %(bill)s was not submitted; findings that stop it: %(count)s. The first, invoice %(invoice)s: %(first)s Correct it, take the invoice off, or have a reviewer let it pass with a reason."
    ),
    "checks.stopped_approval": _(
        "Bill %(bill)s was not approved; findings that stop it: %(count)s. The first, invoice %(invoice)s: %(first)s Reject the bill to have it corrected, or have a reviewer let it pass with a reason."
    ),
    "checks.stopped_booking": _(
        "Bill %(bill)s was not booked; findings that stop it: %(count)s. The first, invoice %(invoice)s: %(first)s Take the approval back and reject the bill to have it corrected, or have a reviewer let it pass with a reason."
    ),
    "checks.stopped_whole": _(
        "Bill %(bill)s was not submitted; findings that stop it: %(count)s. The first: %(first)s"
    ),
    "checks.stopped_approval_whole": _(
        "Bill %(bill)s was not approved; findings that stop it: %(count)s. The first: %(first)s Reject the bill to have it corrected, or have a reviewer let it pass with a reason."
    ),
    "checks.stopped_booking_whole": _(
        "Bill %(bill)s was not booked; findings that stop it: %(count)s. The first: %(first)s Take the approval back and reject the bill to have it corrected, or have a reviewer let it pass with a reason."
    ),
    "checks.nothing_ahead": _(
        "Nothing was changed: findings are let pass while a bill is a draft, submitted or approved. Bill %(bill)s is none of these."
    ),
    "checks.findings_changed": _(
        "Nothing was changed: what you ticked on bill %(bill)s is no longer what the checks find. Look at it as it is now."
    ),
    "checks.none_ticked": _("Tick the findings first."),
    "checks.was_overridden": _("Let pass: %(checks)s (%(count)s)."),
    "checks.was_taken_back": _("The finding counts again: %(checks)s."),
}


def register() -> None:
    define(SENTENCES)
    define({f"checks.label.{code}": _(check.label) for code, check in CHECKS.items()})
    for check in CHECKS.values():
        define({code: _(text) for code, text in check.sentences.items()})
