"""The buyer that an invoice names: it must be the company that pays."""

import re
from collections.abc import Iterator

from apps.bills.compliance.definition import Level, Setting, check, finding_of
from apps.bills.compliance.definition import gettext_noop as _
from apps.bills.compliance.facts import BillFacts, Finding, InvoiceFacts
from apps.bills.compliance.folding import folded
from apps.invoices.identity import DIGITAL_ON_PAPER, TAX_CONTROL
from apps.sources.records import Direction
from apps.sources.records import InvoiceKind as Kind

# Documents that name their buyer and can be verified; tickets and small paper do neither.
TITLED = frozenset(
    TAX_CONTROL
    | DIGITAL_ON_PAPER
    | {
        Kind.DIGITAL_SPECIAL,
        Kind.DIGITAL_GENERAL,
        Kind.DIGITAL_VEHICLE,
        Kind.DIGITAL_USED_VEHICLE,
        Kind.DIGITAL_RAIL,
        Kind.DIGITAL_AIR,
        Kind.DIGITAL_TOLL,
    }
)
# Without the buyer's taxpayer number these are no proof (announcement 16 of 2017 of the tax administration).
_NEEDS_TAX_NO = TITLED - {Kind.DIGITAL_RAIL, Kind.DIGITAL_AIR, Kind.DIGITAL_TOLL, Kind.VAT_TOLL}
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_PERSON = "个人"


@check(
    "title",
    _("Title is not the company's"),
    Level.BLOCK,
    {
        "checks.title": _(
            "The title is “%(found)s”, the company is “%(expected)s”. Have it reissued; if that is a former name, ask an administrator to add it to the company."
        ),
    },
)
def title(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    name = invoice.buyer_name
    if invoice.direction == Direction.OUTPUT or invoice.kind not in TITLED or not folded(name):
        return
    if folded(name) not in {folded(company_name) for company_name in bill.company_names}:
        yield finding_of("title", "checks.title", "buyer_name", name, bill.company_names[0])


@check(
    "tax_number",
    _("Taxpayer number is not the company's"),
    Level.BLOCK,
    {
        "checks.tax_number": _(
            "The buyer's taxpayer number is %(found)s, the company's is %(expected)s. Have it reissued."
        ),
    },
)
def tax_number(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    number = invoice.buyer_tax_no
    if invoice.direction == Direction.OUTPUT or not folded(number) or not bill.company_tax_no:
        return
    if folded(number) != folded(bill.company_tax_no):
        yield finding_of("tax_number", "checks.tax_number", "buyer_tax_no", number, bill.company_tax_no)


@check(
    "tax_number_missing",
    _("Buyer's taxpayer number missing"),
    Level.NOTE,
    {
        "checks.tax_number_missing": _(
            "The buyer's taxpayer number is missing; the company's is %(expected)s. Look at the original; if it is missing there too, have the invoice reissued."
        ),
    },
)
def tax_number_missing(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    if invoice.direction == Direction.OUTPUT or invoice.kind not in _NEEDS_TAX_NO or not invoice.buyer_name:
        return
    if not folded(invoice.buyer_tax_no):
        yield finding_of("tax_number_missing", "checks.tax_number_missing", "buyer_tax_no", "", bill.company_tax_no)


@check(
    "personal",
    _("Personal invoice"),
    Level.WARN,
    {
        "checks.personal_nobody": _(
            "It names no buyer; it should name “%(expected)s”. Look at the original, and have it reissued to the company."
        ),
        "checks.personal_word": _(
            "It is made out to a person: “%(found)s”, not “%(expected)s”. Have it reissued to the company."
        ),
        "checks.personal_phone": _(
            "The title “%(found)s” holds a telephone number, so it was made out to a person. Have it reissued to “%(expected)s”."
        ),
    },
)
def personal(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    if invoice.direction == Direction.OUTPUT or invoice.kind not in TITLED:
        return
    name, expected = invoice.buyer_name, bill.company_names[0]
    plain = folded(name)
    if not plain:
        if not invoice.buyer_tax_no:
            yield finding_of("personal", "checks.personal_nobody", "buyer_name", "", expected)
    elif _PHONE.search(plain):
        yield finding_of("personal", "checks.personal_phone", "buyer_name", name, expected)
    elif plain == _PERSON or plain.endswith(_PERSON) or plain.startswith(_PERSON):
        yield finding_of("personal", "checks.personal_word", "buyer_name", name, expected)
