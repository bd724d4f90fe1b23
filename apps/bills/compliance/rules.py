"""The checks. Pure: facts in, findings out; whether and how gravely they count says ``policy``.

A rule that needs a fact nobody states finds nothing, except where the missing fact is the finding.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from apps.invoices.flags import INVOICE_TOLERANCE
from apps.invoices.identity import DIGITAL_ON_PAPER, TAX_CONTROL
from apps.sources.records import Direction, InvoiceStatus, Verification
from apps.sources.records import InvoiceKind as Kind

from .facts import BillFacts, Finding, InvoiceFacts
from .folding import folded
from .policy import Level, Setting, Settings

Rule = Callable[[InvoiceFacts, BillFacts, Setting], Iterator[Finding]]

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
_INVALID = frozenset({InvoiceStatus.VOID, InvoiceStatus.RED, InvoiceStatus.FULLY_RED, InvoiceStatus.LOST_CONTROL})
_DOUBTFUL = frozenset({InvoiceStatus.PARTLY_RED, InvoiceStatus.RED_PENDING, InvoiceStatus.ABNORMAL})
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_PERSON = "个人"
_MOST_NAMED = 5
_HIDDEN = "***"  # of a company the reader may not see


def _title(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    name = invoice.buyer_name
    if invoice.direction == Direction.OUTPUT or invoice.kind not in TITLED or not folded(name):
        return
    if folded(name) not in {folded(known) for known in bill.company_names}:
        yield _finding("title", "checks.title", "buyer_name", name, bill.company_names[0])


def _tax_number(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    number = invoice.buyer_tax_no
    if invoice.direction == Direction.OUTPUT or not folded(number) or not bill.company_tax_no:
        return
    if folded(number) != folded(bill.company_tax_no):
        yield _finding("tax_number", "checks.tax_number", "buyer_tax_no", number, bill.company_tax_no)


def _tax_number_missing(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    if invoice.direction == Direction.OUTPUT or invoice.kind not in _NEEDS_TAX_NO or not invoice.buyer_name:
        return
    if not folded(invoice.buyer_tax_no):
        yield _finding("tax_number_missing", "checks.tax_number_missing", "buyer_tax_no", "", bill.company_tax_no)


def _verification_failed(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    if invoice.verification == Verification.FAILED:
        yield _finding("verification_failed", "checks.verification_failed", "verification", invoice.verification)


def _verification_missing(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    missing = (Verification.NOT_DONE, Verification.UNKNOWN)
    if invoice.kind in TITLED and invoice.direction != Direction.OUTPUT and invoice.verification in missing:
        yield _finding("verification_missing", "checks.verification_missing", "verification", invoice.verification)


def _used_elsewhere(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    for bill_invoice in invoice.elsewhere:
        code = "hidden" if bill_invoice.hidden else "bill" if bill_invoice.bill else "source"
        params: dict[str, str | int] = (
            {} if bill_invoice.hidden else {"bill": bill_invoice.bill, "holder": bill_invoice.holder or "—"}
        )
        yield Finding(
            "used_elsewhere",
            f"checks.used_elsewhere_{code}",
            "expense_status",
            "" if bill_invoice.hidden else bill_invoice.bill or bill_invoice.holder,
            "",
            params,
            (bill_invoice.key,),
        )


def _invalid(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    if invoice.status in _INVALID:
        yield _finding("invalid", f"checks.status_{invoice.status}", "status", invoice.status, InvoiceStatus.NORMAL)


def _doubtful(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    if invoice.status in _DOUBTFUL:
        yield _finding("doubtful", f"checks.status_{invoice.status}", "status", invoice.status, InvoiceStatus.NORMAL)


def _personal(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    if invoice.direction == Direction.OUTPUT or invoice.kind not in TITLED:
        return
    name, expected = invoice.buyer_name, bill.company_names[0]
    plain = folded(name)
    if not plain:
        if not invoice.buyer_tax_no:
            yield _finding("personal", "checks.personal_nobody", "buyer_name", "", expected)
    elif _PHONE.search(plain):
        yield _finding("personal", "checks.personal_phone", "buyer_name", name, expected)
    elif plain == _PERSON or plain.endswith(_PERSON) or plain.startswith(_PERSON):
        yield _finding("personal", "checks.personal_word", "buyer_name", name, expected)


def _other_year(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    issued, claimed, until = invoice.issue_date, bill.claimed_on, setting.limit or 0
    if issued is None or issued.year >= claimed.year:
        return
    if issued.year + 1 < claimed.year or claimed.month > until:
        year = claimed.year
        yield Finding(
            "other_year",
            "checks.other_year",
            "issue_date",
            issued.isoformat(),
            str(year),
            {"found": issued.isoformat(), "year": year},
            (issued.isoformat(), str(year)),
        )


def _too_old(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    issued, days = invoice.issue_date, setting.limit or 0
    if issued is not None and (bill.claimed_on - issued).days > days:
        age = (bill.claimed_on - issued).days
        yield Finding(
            "too_old",
            "checks.too_old",
            "issue_date",
            issued.isoformat(),
            str(days),
            {"found": issued.isoformat(), "age": age, "days": days},
            (issued.isoformat(),),  # that it gets older every day is no news
        )


def _consecutive(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    near = [one for one in invoice.neighbours if one.distance <= (setting.limit or 0)]
    if not near or invoice.kind == Kind.FIXED_AMOUNT:  # those are torn off a pad
        return
    shown = [_HIDDEN if one.hidden else f"{one.number} ({one.bill})" for one in near[:_MOST_NAMED]]
    said = ", ".join(shown)
    params = {"found": invoice.number, "expected": said, "seller": invoice.seller_name}
    evidence = (invoice.number, *sorted(one.number for one in near))
    yield Finding("consecutive", "checks.consecutive", "number", invoice.number, said, params, evidence)


def _blacklist(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    for entry in setting.entries:
        plain = folded(entry)
        if plain and plain in (folded(invoice.seller_name), folded(invoice.seller_tax_no)):
            seller = invoice.seller_name or invoice.seller_tax_no
            yield _finding("blacklist", "checks.blacklist", "seller_name", seller, entry)
            return


def _payee(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    seller, payee = folded(invoice.seller_name), folded(bill.payee)
    if seller and payee and seller != payee:
        yield _finding("payee", "checks.payee", "seller_name", invoice.seller_name, bill.payee)


def _machine_number(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    """The number the machine typed on the form against the one the printer put there. A longer number names the
    device (税控机器编号) and says nothing of the invoice."""
    printed = folded(invoice.number)
    for number in invoice.machine_numbers:
        if printed and len(folded(number)) == len(printed) and folded(number) != printed:
            yield _finding("machine_number", "checks.machine_number", "machine_number", number, invoice.number)


def _sum(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    amount, tax, total = invoice.amount_excl_tax, invoice.tax_amount, invoice.total_amount
    if amount is not None and tax is not None and total is not None and abs(amount + tax - total) > INVOICE_TOLERANCE:
        yield _finding("sum", "checks.sum", "total_amount", f"{total:.2f}", f"{amount + tax:.2f}")
    elif "lines_do_not_add_up" in invoice.flags and amount is not None:
        yield _finding("sum", "checks.sum_of_lines", "lines", "", f"{amount:.2f}")


def _input_tax(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    deducted, tax = invoice.deducted, invoice.tax_amount
    if deducted is not None and tax is not None and abs(deducted) > abs(tax):
        yield _finding("input_tax", "checks.input_tax", "tax_amount", f"{deducted:.2f}", f"{tax:.2f}")


def _edited(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    if "edited_by_hand" in invoice.flags:
        yield _finding("edited", "checks.edited", "flags", "edited_by_hand")


@lru_cache(maxsize=100)
def _folded_words(entries: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each word of a list as it is compared, and as it was entered."""
    return tuple((folded(word), word) for word in entries if folded(word))


def _sensitive(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    words = _folded_words(setting.entries)
    goods = [(name, folded(name)) for name in invoice.goods]
    met = [(name, word) for name, plain in goods for known, word in words if known in plain]
    if met:
        found = list(dict.fromkeys(name for name, _word in met))
        said = ", ".join(dict.fromkeys(word for _name, word in met))
        named = ", ".join(found[:_MOST_NAMED])
        params = {"found": named, "expected": said}
        yield Finding("sensitive", "checks.sensitive", "lines", named, said, params, tuple(sorted(found)))


RULES: Mapping[str, Rule] = {
    "title": _title,
    "tax_number": _tax_number,
    "tax_number_missing": _tax_number_missing,
    "verification_failed": _verification_failed,
    "verification_missing": _verification_missing,
    "used_elsewhere": _used_elsewhere,
    "invalid": _invalid,
    "doubtful": _doubtful,
    "personal": _personal,
    "other_year": _other_year,
    "too_old": _too_old,
    "consecutive": _consecutive,
    "blacklist": _blacklist,
    "payee": _payee,
    "machine_number": _machine_number,
    "sum": _sum,
    "input_tax": _input_tax,
    "edited": _edited,
    "sensitive": _sensitive,
}


def findings(invoice: InvoiceFacts, bill: BillFacts, settings: Settings) -> list[Finding]:
    """Everything the checks that are switched on object to, in the order of RULES."""
    return [
        finding
        for check, rule in RULES.items()
        if settings[check].level != Level.OFF
        for finding in rule(invoice, bill, settings[check])
    ]


def _finding(check: str, code: str, field: str, found: str, expected: str = "") -> Finding:
    found, expected = str(found), str(expected)
    return Finding(check, code, field, found, expected, {"found": found, "expected": expected}, (code, found, expected))
