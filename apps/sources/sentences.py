"""What reading records and pulling sources says to people, whatever the vendor. Each connector adds its own."""

from django.utils.translation import gettext_lazy as _

from apps.core.messages import define

SENTENCES = {
    "record.bad_amount": _(
        "“%(value)s” in field %(field)s is not an amount. Correct it in the source system, or retry after a fix."
    ),
    "record.bad_date": _(
        "“%(value)s” in field %(field)s is not a possible date. Correct it in the source system, or retry after a fix."
    ),
    "record.not_an_object": _("The record is not in the agreed form (it reads “%(value)s”). Report it to the vendor."),
    "record.no_id": _(
        "The record carries no id of its own (field %(field)s), so it cannot be recognised again. Report it to the vendor."
    ),
    "record.missing": _(
        "Field %(field)s is empty, and without it the record cannot be used. Complete it in the source system."
    ),
    "record.rounded_number": _(
        "“%(value)s” in field %(field)s is not the number itself but what a spreadsheet made of it. Format the column"
        " as text, enter the number again and import the file again."
    ),
    "record.lost_zeros": _(
        "“%(value)s” in field %(field)s is too short: a spreadsheet has dropped its leading zeros. Format the column as"
        " text, complete the number and import the file again."
    ),
    "record.bad_choice": _(
        "“%(value)s” is not a known value of field %(field)s. Correct the file and import it again."
    ),
    "record.bad_structure": _("Field %(field)s is not in the agreed form. Correct the file and import it again."),
    "record.unexpected": _(
        "The record could not be read (%(error)s). It is kept as it came; an administrator can retry it after an update."
    ),
    "run.cancelled": _("Stopped by a person. What had arrived until then is kept; the next pull goes on from there."),
    "run.cancelled_by": _("Cancelled by %(who)s before it began."),
    "run.taken_over": _("Another worker has taken this pull over."),
    "run.interrupted": _(
        "The worker stopped in the middle. What had arrived is kept, and a new pull goes on from there."
    ),
    "run.more_notes": _("… and %(count)s more remarks of this kind."),
    "run.source_disabled": _("Source %(source)s is switched off. Switch it on in the administration first."),
    "source.changed": _(
        "The settings of source %(source)s were changed while this was running. It is tried again by itself with the"
        " new ones."
    ),
    "run.not_pulled": _("Source %(source)s is filled from files; there is nothing to pull."),
    "run.unexpected": _(
        "The pull met something nobody foresaw (%(error)s). What had arrived is kept; an administrator finds the details in the log."
    ),
    # Values of InvoiceRecord.facts
    "fact.yes": _("yes"),
    "fact.several": _("several"),
    "fact.closed": _("closed"),
    "fact.personal": _("personal invoice"),
    "fact.corporate": _("corporate invoice"),
}


def register() -> None:
    define(SENTENCES)
