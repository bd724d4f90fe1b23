"""Messages about bills; registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from apps.core.messages import define, define_labels

from .choices import BillState, Origin
from .models import Bill

SENTENCES = {
    "bills.changed_meanwhile": _(
        "Nothing was changed: %(who)s has changed bill %(bill)s since you opened it. Look at it as it is now."
    ),
    "bills.not_editable": _("Bill %(bill)s can only be changed while it is a draft. Take it back to a draft first."),
    "bills.impossible": _(
        "Nothing was changed: bill %(bill)s is “%(state)s” by now, and this step does not lead on from there. Look at it as it is now."
    ),
    "bills.line_gone": _(
        "Nothing was changed: this line is no longer on bill %(bill)s. Look at the bill as it is now."
    ),
    "bills.nothing_to_reduce": _(
        "Nothing was changed: line %(position)s of bill %(bill)s does not claim a part of its invoices. Enter the line's amount first, or change the amounts used of its invoices."
    ),
    "bills.bill_invoice_gone": _(
        "Nothing was changed: this invoice is no longer on bill %(bill)s. Look at the bill as it is now."
    ),
    "bills.named_by_voucher": _(
        "Bill %(bill)s was not deleted: a voucher names it. Take the bill off the voucher first, or discard the bill instead."
    ),
    "bills.not_ours": _(
        "Bill %(bill)s belongs to %(system)s. Change it there; what changes appears here after the next pull."
    ),
    "bills.booked_by_voucher": _(
        "%(voucher)s books bill %(bill)s. Void that voucher, or take the bill off it; the bill follows."
    ),
    "bills.reason_needed": _("Say why: the reason is kept in the bill's timeline."),
    "bills.empty": _("There is nothing on bill %(bill)s yet. Put invoices or lines on it before you submit it."),
    "bills.no_employee": _(
        "Bill %(bill)s does not say whose expenses it claims. Enter the employee before you submit it."
    ),
    "bills.number_taken": _("There is a bill %(number)s of this company already. Choose another number."),
    "bills.reserved_already": _(
        "Invoice %(invoice)s is on bill %(bill)s: %(who)s put it there on %(since)s. Ask them to take it off, or choose another one."
    ),
    "bills.reserved_unseen": _(
        "Invoice %(invoice)s is on a bill of another company, since %(since)s. Ask your finance manager."
    ),
    "bills.exceeds_rest": _(
        "Of invoice %(invoice)s only %(left)s yuan are left: other bills use the rest. Enter no more than that."
    ),
    "bills.exceeds_total": _("Invoice %(invoice)s is worth %(total)s yuan. Enter no more than that."),
    "bills.on_line_already": _(
        "Another share of invoice %(invoice)s is already on this line, or on no line. Change its amount, or take one of the two off first."
    ),
    "bills.duplicate": _(
        "Invoice %(invoice)s is a certain duplicate (case %(case)s). Decide the case first; a finance manager may put it on the bill with a reason."
    ),
    "bills.not_of_company": _(
        "Invoice %(invoice)s is not known to %(company)s, so it cannot be on a bill of that company."
    ),
    "bills.unknown_invoice": _("There is no invoice %(invoice)s that you may see."),
    "bills.too_many": _("No more than %(most)s invoices can be put on a bill at once. Do it in parts."),
    "bills.import_problem": _("%(problem)s Correct the file and import it again."),
    "bills.was_created": _("Made."),
    "bills.cover_put": _("Cover sheet %(number)s was put on the bill."),
    "bills.cover_dropped": _("The cover sheet was taken off the bill."),
    "bills.cover_gone": _(
        "The file of cover sheet %(number)s cannot be read, so bill %(bill)s cannot be submitted with it. Put the cover on again, or take it off."
    ),
    "bills.was_imported": _("Imported from a file."),
    "bills.was_edited": _("Changed: %(fields)s."),
    "bills.line_put": _("Line %(position)s was saved."),
    "bills.line_dropped": _("Line %(position)s was removed."),
    "bills.was_picked": _("%(count)s invoices were put on the bill."),
    "bills.was_overridden": _("Put on the bill although they are certain duplicates: %(invoices)s."),
    "bills.was_released": _("%(count)s invoices were taken off the bill."),  # only in older timelines
    "bills.was_taken_off": _("%(count)s invoices were taken off the bill: %(invoices)s."),
    "bills.was_put_back": _(
        "%(held)s invoices were put back on the bill; %(lost)s were not: another bill has reserved them, or they are certain duplicates."
    ),
    "bills.was_placed": _("%(count)s invoices were put on the lines proposed for them."),
    "bills.was_used_partly": _("The %(count)s invoices of line %(position)s are used partly, up to the line's amount."),
    "bills.use_adjusted": _("How invoice %(invoice)s is used was changed."),
    "bills.was_submitted": _("Submitted."),
    "bills.was_approved": _("Approved."),
    "bills.was_booked": _("Booked."),
    "bills.was_rejected": _("Rejected; its invoices are free again."),
    "bills.was_withdrawn": _("Withdrawn; its invoices are free again."),
    "bills.was_unapproved": _("The approval was taken back."),
    "bills.was_unbooked": _("The booking was taken back."),
    "bills.voucher_unbooked": _("The booking was taken back: voucher %(voucher)s no longer books it."),
    "bills.system": _("the system"),  # the acting person, when none acted
    "bills.was_discarded": _("Discarded; its invoices are free again."),
    "bills.was_reopened": _(
        "Taken back to a draft; %(held)s invoices are on it again, %(lost)s are not: another bill has reserved them, or they are certain duplicates."
    ),
    "bills.was_seen": _("Seen in %(source)s for the first time."),
    "bills.was_linked": _("%(source)s knows this bill, too."),
    "bills.upstream_moved": _("%(source)s: %(added)s invoices more, %(gone)s fewer."),
}


def register() -> None:
    define(SENTENCES)
    define_labels("bills.state", BillState)
    define_labels("bills.origin", Origin)
    define({f"bills.field.{field.name}": field.verbose_name for field in Bill._meta.fields})
