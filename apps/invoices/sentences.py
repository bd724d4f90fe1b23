"""Messages of the ledger to people; registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from apps.core.messages import define

SENTENCES = {
    "conflict.bad_value": _("“%(value)s” does not fit this field. Amounts look like 1234.50, dates like 2025-01-31."),
    "quarantine.settled_meanwhile": _(
        "Somebody else has dealt with record %(record)s meanwhile. Reload the page to see how."
    ),
}


def register() -> None:
    define(SENTENCES)
