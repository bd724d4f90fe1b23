"""Messages about the assistant; registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from apps.core.messages import define, define_labels

from .choices import Page

SENTENCES = {
    "assistant.no_source": _(
        "No invoice cloud (发票云) is chosen for bill %(bill)s. Edit the bill and choose one as its upstream; an administrator adds it under Sources."
    ),
    "assistant.source_off": _(
        "Source %(source)s is switched off. Ask an administrator to switch it on, then open the assistant again."
    ),
    "assistant.not_there": _(
        "%(source)s does not know this invoice, so the assistant cannot show it. Choose it in the assistant first."
    ),
    "assistant.was_opened": _("The assistant was opened: %(page)s."),
    "assistant.was_told_again": _("The invoice cloud was told again which invoices are on the bill."),
    "assistant.unreadable": _(
        "This message is not in the agreed form. It is kept as it came; report it to the vendor."
    ),
    "assistant.new_type": _("Messages of type “%(type)s” are not known here. It is kept as it came."),
    "assistant.no_bill": _(
        "No bill %(bill)s is known here. The message is kept, and applied by itself once there is such a bill."
    ),
    "assistant.theirs": _(
        "Bill %(bill)s belongs to the invoice cloud. Its invoices are in the ledger; the bill follows after the next pull."
    ),
    "assistant.took": _("%(taken)s invoices were put on the bill."),
    "assistant.nothing": _("Everything was as the message says already."),
    "assistant.stayed": _("The bill was left as it is."),
    "assistant.done": _(
        "Put on the bill: %(taken)s. Taken off: %(released)s. Moved or renewed: %(moved)s. Refused: %(refused)s."
    ),
    "assistant.no_serial": _(
        "One invoice came without a serial number, so nobody can tell which one it is. Choose it again in the assistant."
    ),
    "assistant.not_in_ledger": _(
        "Invoice %(serial)s could not be read into the ledger. Look into the quarantine for the reason, then apply the message again."
    ),
    "assistant.was_unticked": _(
        "Unticked in the assistant and taken off the bill: %(invoices)s (%(count)s). Its message puts them back."
    ),
    "assistant.ticked_and_not": _(
        "%(invoices)s (%(count)s) stay on bill %(bill)s: of two messages of this window one names them and one does not, and which was sent first cannot be told. Take off what you do not want."
    ),
    "assistant.unticked_unclear": _(
        "%(invoices)s (%(count)s) were unticked in the assistant and stay on bill %(bill)s, because another invoice of this message is not known: it may be one of them. See to that one, then apply the message again."
    ),
    "assistant.unticked_late": _(
        "%(invoices)s (%(count)s) were unticked in the assistant and stay on bill %(bill)s: it is no draft any more. Take it back to a draft and take them off there, if that is still wanted."
    ),
    "assistant.nothing_taken_off": _(
        "Nothing is left to put back: this message took nothing off a bill, or it is there again."
    ),
    "assistant.former_unknown": _(
        "Invoice %(serial)s was corrected and has a new serial number, but which invoice of this bill it replaces cannot be told. Take the old one off and choose the new one."
    ),
    "assistant.failed": _(
        "The message could not be applied (%(error)s). It is tried again by itself; the log has the details."
    ),
}


def register() -> None:
    define(SENTENCES)
    define_labels("assistant.page", Page)
