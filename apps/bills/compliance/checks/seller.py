"""The seller of an invoice: its other invoices, its reputation, and whether it is the one who is paid."""

from collections.abc import Iterator

from apps.bills.compliance.definition import Entries, Level, Limit, Setting, check, finding_of
from apps.bills.compliance.definition import gettext_noop as _
from apps.bills.compliance.facts import BillFacts, Finding, InvoiceFacts
from apps.bills.compliance.folding import folded
from apps.sources.records import InvoiceKind as Kind

REACH = Limit(3, 20, _("Consecutive numbers: how far apart (preset %(preset)s)."))

_MOST_NAMED = 5
_HIDDEN = "***"  # of a company the reader may not see
_CORPORATE = {"purchase": Level.WARN, "corporate": Level.WARN}  # payments to companies


@check(
    "consecutive",
    _("Consecutive numbers of one seller"),
    Level.WARN,
    {
        "checks.consecutive": _(
            "Number %(found)s is next to others of “%(seller)s” on bills: %(expected)s. Check that one purchase was not split, and that each was really paid."
        ),
    },
    limit=REACH,
)
def consecutive(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    neighbours = [one for one in invoice.neighbours if one.distance <= (setting.limit or 0)]
    if not neighbours or invoice.kind == Kind.FIXED_AMOUNT:  # those are torn off a pad
        return
    shown = [_HIDDEN if one.hidden else f"{one.number} ({one.bill})" for one in neighbours[:_MOST_NAMED]]
    listed = ", ".join(shown)
    params = {"found": invoice.number, "expected": listed, "seller": invoice.seller_name}
    evidence = (invoice.number, *sorted(one.number for one in neighbours))
    yield Finding("consecutive", "checks.consecutive", "number", invoice.number, listed, params, evidence)


@check(
    "blacklist",
    _("Seller on the blacklist"),
    Level.BLOCK,
    {
        "checks.blacklist": _("The seller “%(found)s” is on the blacklist. Do not pay before purchasing agrees."),
    },
    entries=Entries(_("Blacklist: names or taxpayer numbers of sellers.")),
)
def blacklist(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    for entry in setting.entries:
        plain = folded(entry)
        if plain and plain in (folded(invoice.seller_name), folded(invoice.seller_tax_no)):
            seller = invoice.seller_name or invoice.seller_tax_no
            yield finding_of("blacklist", "checks.blacklist", "seller_name", seller, entry)
            return


@check(
    "payee",
    _("Seller is not the payee"),
    Level.OFF,
    {
        "checks.payee": _(
            "The seller is “%(found)s”, the money goes to “%(expected)s”. Correct the payee, or attach why somebody else is paid."
        ),
    },
    levels_by_type=_CORPORATE,
)
def payee(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    seller, payee = folded(invoice.seller_name), folded(bill.payee)
    if seller and payee and seller != payee:
        yield finding_of("payee", "checks.payee", "seller_name", invoice.seller_name, bill.payee)
