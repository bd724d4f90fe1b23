"""What reading records and pulling sources says to people, whatever the vendor. Each connector adds its own."""

from django.utils.translation import gettext_lazy as _

from apps.core.messages import define


def register() -> None:
    define(
        {
            "record.bad_amount": _("“%(value)s” in field %(field)s is not an amount. Correct it in the source system, or retry after a fix."),
            "record.bad_date": _("“%(value)s” in field %(field)s is not a possible date. Correct it in the source system, or retry after a fix."),
            "record.not_an_object": _("The record is not in the agreed form (it reads “%(value)s”). Report it to the vendor."),
            "record.no_id": _("The record carries no id of its own (field %(field)s), so it cannot be recognised again. Report it to the vendor."),
            "record.missing": _("Field %(field)s is empty, and without it the record cannot be used. Complete it in the source system."),
            "record.unexpected": _("The record could not be read (%(error)s). It is kept as it came; an administrator can retry it after an update."),
        }
    )
