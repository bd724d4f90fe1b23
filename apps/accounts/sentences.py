"""What this app says to people; registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from apps.core.messages import define, define_labels

from .choices import Duty

SENTENCES = {
    "accounts.nobody": _("Nobody is called %(name)s here, or the account is switched off."),
    "duties.own": _("%(why)s The administration can allow it for the company under “separation of duties”."),
    "duties.own.bill": _(
        "This bill is yours: you made or submitted it, or it claims your expenses. Another person approves it."
    ),
    "duties.own.voucher": _("You prepared or changed this voucher. Another person audits it."),
    "duties.own.closing": _("You asked for this period to be closed. Another person closes it."),
    "duties.limit": _(
        "%(amount)s yuan are above your limit of %(limit)s yuan for %(duty)s. Ask somebody with a higher limit."
    ),
    "duties.person_needed": _("This step is a person's. Say who takes it: --as USERNAME."),
}


def register() -> None:
    define(SENTENCES)
    define_labels("duties", Duty)
