"""Sentences about input tax: why it is deducted or not, each with the rule and where it stands (``docs/domain.md``)."""

from django.utils.translation import gettext_lazy as _

from apps.core.messages import define, define_labels
from apps.invoices.choices import Kind, Status

SENTENCES = {
    "tax.by_hand": _("%(who)s decided so."),
    "tax.by_hand_because": _("%(who)s decided so: %(why)s"),
    "tax.contested": _("Another bill has reserved the invoice, and its tax with it."),
    "tax.small_scale": _(
        "The company is a small-scale taxpayer: it deducts no input tax; the tax is part of the cost."
    ),
    "tax.issued": _("The company issued this invoice itself: it has no input tax."),
    "tax.bureau_refuses": _("The tax bureau lists it as not deductible."),
    "tax.refund": _("It was ticked for an export refund, so its tax is not deducted."),
    "tax.status": _("The invoice is “%(status)s”."),
    "tax.transferred_out": _("%(why)s It was ticked all the same, so its tax is transferred out."),
    "tax.zero": _("%(why)s No tax is left for this part."),
    "tax.ticked": _("Ticked: the tax bureau lets %(tax)s yuan be deducted."),
    "tax.ticked_without_amount": _("Ticked, but no source states the tax. Enter the input tax yourself."),
    "tax.document": _("%(kind)s: it carries deductible tax, as much as it states."),
    "tax.not_stated": _("No source states its tax. Enter the input tax yourself when the document shows it."),
    "tax.ordinary": _("%(kind)s: a document of this kind carries no deductible tax."),
    "tax.agency": _(
        "The service of an agency, not passenger transport: an ordinary invoice carries no deductible tax."
    ),
    "tax.passenger_transport": _("Passenger transport: the tax shown is deductible (%(source)s)."),
    "tax.travel_stated": _("The tax that the document states is deductible (%(source)s)."),
    "tax.face": _("%(base)s ÷ (1 + %(rate)s%%) × %(rate)s%% is deductible (%(source)s)."),
    "tax.fare_and_fuel": _("(Fare + fuel) %(base)s ÷ (1 + %(rate)s%%) × %(rate)s%% is deductible (%(source)s)."),
    "tax.no_price": _("No source states the price that the tax is computed from. Enter the input tax yourself."),
    "tax.no_date": _("No source states its date, so no rule can be chosen. Enter the input tax yourself."),
    "tax.no_passenger": _("It does not name the passenger, so its tax is not deductible (%(source)s)."),
    "tax.road_toll": _("Only paper receipts of bridges and gates carry deductible tax (%(source)s)."),
    "tax.rule_ended": _("Documents of this kind carry deductible tax only when issued until %(day)s (%(source)s)."),
    "tax.rule_begins": _("Documents of this kind carry deductible tax only when issued since %(day)s (%(source)s)."),
    "tax.abroad": _("The journey leaves the mainland (%(place)s): its tax is not deductible."),
    "tax.service": _("“%(service)s” is consumed directly: its tax is never deducted (%(law)s)."),
    "tax.use.welfare": _("Collective welfare or personal consumption: its tax is never deducted (%(law)s)."),
    "tax.use.entertainment": _("Business entertainment: its tax is never deducted (%(law)s)."),
    "tax.use.catering": _("Catering, daily-life or leisure services: their tax is never deducted (%(law)s)."),
    "tax.use.simplified": _("A project taxed by the simplified method: its tax is never deducted (%(law)s)."),
    "tax.use.exempt": _("A VAT-exempt project: its tax is never deducted (%(law)s)."),
    "tax.use.loss": _("An abnormal loss: its tax is never deducted (%(law)s)."),
    "tax.use.loan_interest": _("Loan interest: its tax is never deducted (%(law)s)."),
    "tax.law.vat_law": _("VAT Law, article 22"),
    "tax.law.before_2026": _("Cai Shui [2016] No. 36, article 27"),
    "tax.law.implementing_rules": _("implementing rules of the VAT Law"),
    "tax.was_decided": _("Input tax of %(count)s invoices was decided by hand: %(invoices)s."),
    "tax.was_recomputed": _("Input tax of %(count)s invoices was computed anew: %(invoices)s."),
    "tax.too_late": _(
        "Bill %(bill)s is “%(state)s”: its input tax can no longer be changed. Take the bill back first."
    ),
    "tax.amount_needed": _("How much of invoice %(invoice)s is deductible? No rule says it: enter the input tax."),
    "tax.exceeds_amount": _(
        "%(tax)s yuan of input tax do not fit invoice %(invoice)s, of which this bill uses %(amount)s yuan. Enter less."
    ),
}


def register() -> None:
    define(SENTENCES)
    define_labels("tax.kind", Kind)
    define_labels("tax.status", Status)
