"""Texts of the messages about vouchers; registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from apps.core.messages import Message, define, define_labels

from .charts import sentences as chart_sentences
from .checks import Problem
from .choices import Dimension, VoucherState

SENTENCES = {
    # Problems of the checks
    "voucher.missing": _("“%(field)s” is missing. Fill it in."),
    "voucher.book_without_id": _("The account book has no id upstream. Enter it in the account book."),
    "voucher.book_without_source": _(
        "The account book does not say which Piaozone source its vouchers are collected into. Choose one in the account book."
    ),
    "voucher.bad_period": _("“%(period)s” is not a period. Write year and month, like 202601."),
    "voucher.date_outside_period": _(
        "The accounting date %(date)s is not in the period %(period)s. Correct one of them."
    ),
    "voucher.period_closed": _(
        "Period %(period)s is closed, nothing in it may change. Choose an open period, or ask the finance manager to open it again."
    ),
    "voucher.too_few_entries": _("A voucher needs at least two entries; this one has %(count)s."),
    "voucher.entry_without_account": _("Entry %(line)s has no account. Enter one."),
    "voucher.entry_on_both_sides": _("Entry %(line)s has a debit and a credit. Make two entries of it."),
    "voucher.entry_without_amount": _("Entry %(line)s has neither debit nor credit. Enter an amount, or remove it."),
    "voucher.entry_without_summary": _("Entry %(line)s has no summary."),
    "voucher.entry_without_rate": _(
        "Entry %(line)s is in %(currency)s: enter its amount in that currency and the exchange rate."
    ),
    "voucher.entry_rate_differs": _(
        "Entry %(line)s: the amount in %(currency)s times the exchange rate is not what is booked."
    ),
    "voucher.debit_exceeds": _(
        "The voucher does not balance: debit %(debit)s is %(difference)s more than credit %(credit)s."
    ),
    "voucher.credit_exceeds": _(
        "The voucher does not balance: credit %(credit)s is %(difference)s more than debit %(debit)s."
    ),
    "voucher.deduction_by_hand": _("Entered on the voucher: the rules of input tax give another value."),
    "voucher.deduction_without_tax": _("Invoice %(invoice)s is marked deductible. Enter the deducted tax."),
    "voucher.tax_without_deduction": _(
        "Invoice %(invoice)s has a deducted tax but is not marked deductible. Mark it, or remove the tax."
    ),
    "voucher.deduction_too_high": _("Invoice %(invoice)s: %(tax)s is deducted, but its tax is only %(most)s."),
    "voucher.invoice_unknown_upstream": _(
        "Invoice %(invoice)s is not known to the upstream system. The voucher can go, but that invoice is not named there."
    ),
    "voucher.invoice_used_up": _(
        "Invoice %(invoice)s is void, reversed, lost-control or abnormal. Check whether it may be booked."
    ),
    "voucher.bill_booked_twice": _("Bill %(bill)s is booked by voucher %(voucher)s already. Remove it here or there."),
    "voucher.account_unknown": _(
        "Entry %(line)s: the chart of accounts has no account “%(account)s”. Choose one of the chart, or add it there."
    ),
    "voucher.account_inactive": _("Entry %(line)s: account “%(account)s” is not active. Choose another one."),
    "voucher.account_with_children": _(
        "Entry %(line)s: account “%(account)s” has accounts below it. Choose one of these."
    ),
    "voucher.account_name_differs": _(
        "Entry %(line)s: account “%(account)s” is called “%(name)s” in the chart of accounts."
    ),
    "voucher.dimension_missing": _(
        "Entry %(line)s: account “%(account)s” requires the dimension %(dimension)s. Enter it."
    ),
    "voucher.dimension_item_unknown": _(
        "Entry %(line)s: “%(item)s” is not in the list of the dimension %(dimension)s. Choose another one, or add it there."
    ),
    "voucher.dimension_item_inactive": _(
        "Entry %(line)s: “%(item)s” is not active in the list of the dimension %(dimension)s. Choose another one."
    ),
    # Refusals of the services
    "voucher.not_ready": _("%(voucher)s cannot be collected. %(reasons)s"),
    "voucher.not_auditable": _("%(voucher)s cannot be audited. %(reasons)s"),
    "voucher.not_audited": _("%(voucher)s is not audited yet. Another person audits it, then it can be collected."),
    "voucher.is_audited": _("%(voucher)s is audited and cannot be changed. Take the audit back first."),
    "voucher.is_booked": _(
        "%(voucher)s is booked and cannot be changed any more. Reverse it in red (红字冲销) or void it, then make a corrected copy."
    ),
    "voucher.reason_needed": _("Say why it is voided: the reason is kept with the voucher."),
    "voucher.is_reversal": _(
        "%(voucher)s reverses another voucher and cannot be reversed itself. Make a new voucher instead."
    ),
    "voucher.reversed_already": _("%(voucher)s is reversed by %(reversal)s already. Look at that one."),
    "voucher.has_reversal": _(
        "%(reversal)s reverses %(voucher)s. Remove or void %(reversal)s first, then %(voucher)s can be changed or voided."
    ),
    "voucher.not_upstream": _(
        "%(voucher)s is not collected upstream yet, so there is nothing to reverse. Wait until it is, or void it."
    ),
    "voucher.reversal_fixed": _(
        "%(voucher)s reverses another voucher: its entries, invoices and bills follow from that one. Change dates and period only, or remove it."
    ),
    "voucher.booked_again": _(
        "%(voucher)s freed bill %(bill)s, which %(other)s books now. Void %(other)s first, then %(voucher)s can be voided."
    ),
    "voucher.template_name_taken": _("This account book has a template called %(name)s already. Choose another name."),
    "voucher.template_empty": _("%(voucher)s has no entries, so there is nothing to keep as a template."),
    "voucher.number_not_last": _(
        "%(voucher)s has a number, and later numbers are in use: removing it would leave a gap. Void it instead."
    ),
    "voucher.gone": _("The voucher is not there any more. Reload the page."),
    "voucher.too_many": _("At most %(most)s vouchers go at once. Choose fewer."),
    "voucher.changed_meanwhile": _(
        "Somebody has changed %(voucher)s meanwhile. Reload the page to see it, then enter your change again."
    ),
    "voucher.not_possible": _("%(voucher)s is %(state)s; that is not possible now."),
    "voucher.number_taken": _(
        "There is another voucher with the number or id %(number)s in this book and period. Choose another number."
    ),
    "voucher.invoice_twice": _("Invoice %(invoice)s is named twice. Name it once."),
    "voucher.too_large": _("The entries come to more than an amount can hold. Check them for a slip of the keys."),
    "voucher.sent_before": _("%(voucher)s has been sent upstream before and is kept. Void it instead."),
    "voucher.id_fixed": _(
        "The upstream system knows %(voucher)s by its id, which must stay. Void it and make a new one instead."
    ),
    "voucher.no_bills_chosen": _("Choose at least one bill."),
    "voucher.tax_exceeds_costs": _(
        "No voucher was drafted: the input tax of the invoices on bill %(bill)s is more than the bill pays for. Take the bill back to a draft, then use the invoices partly or deduct less."
    ),
    "voucher.no_entries_to_draft": _("These bills hold no amounts, so there is nothing to book. Check their entries."),
    "voucher.bills_not_approved": _(
        "These bills are not approved, or booked already: %(bills)s. Choose approved ones."
    ),
    "voucher.period_with_open_work": _(
        "Period %(period)s of %(book)s still has %(count)s vouchers that are drafts or not collected. Finish or void them first."
    ),
    "closing.not_requested": _(
        "Nobody has asked to close period %(period)s of %(book)s. One person asks for it, another closes it."
    ),
    "closing.reason_needed": _("Say why the period is opened again: the reason is kept."),
    "finding.settled_meanwhile": _(
        "The finding about invoice %(invoice)s has been dealt with meanwhile. Reload the page."
    ),
    # Problems of an imported row
    "voucher_import.missing": _("“%(column)s” is missing."),
    "voucher_import.bad_value": _("“%(value)s” does not fit “%(column)s”."),
    "voucher_import.unknown_book": _("There is no account book “%(book)s” that you may see."),
    "voucher_import.ambiguous_book": _(
        "Several account books are called “%(book)s”. Write the id of the one that is meant."
    ),
    "voucher_import.ambiguous_invoice": _(
        "Several invoices have the number %(invoice)s. Write the key of the one that is meant, like %(key)s."
    ),
    "voucher_import.unknown_invoice": _("There is no invoice %(invoice)s in the ledger that you may see."),
    "voucher_import.unknown_bill": _("The company of this account book has no bill %(bill)s."),
    "voucher_import.unknown_column": _("Nobody knows the column “%(column)s”."),
    "voucher_import.unreadable": _("The file cannot be read. Save it as Excel (.xlsx) or JSON and try again."),
    "voucher_import.too_many": _("The file holds more than %(most)s vouchers. Split it."),
    "voucher_import.twice": _("%(voucher)s is in line %(line)s of this file already. Keep one of the two."),
    "voucher_import.people": _(
        "The names of people are left out: preparing, auditing and booking enter them. Only vouchers made in another system come with theirs."
    ),
    "voucher_import.void": _("%(voucher)s is void; an import changes drafts only. Make it a draft again first."),
}


def message_of(problem: Problem) -> Message:
    """A problem as a message; a dimension is named by its label."""
    params = dict(problem.params)
    if "dimension" in params:
        params["dimension"] = Message(f"voucher.dimension.{params['dimension']}")
    return Message(problem.code, params)


def register() -> None:
    define(SENTENCES)
    define(chart_sentences.SENTENCES)
    define_labels("voucher.dimension", Dimension)
    define_labels("voucher.state", VoucherState)
