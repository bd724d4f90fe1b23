"""The compliance checks: one entry each, in the order in which their findings are shown. Pure: facts in, findings out.

A rule that needs a fact nobody states finds nothing, except where the missing fact is the finding. Choices, presets,
forms, the administration, the preview and the sentences are all derived from these entries.
"""

from collections.abc import Iterator, Mapping

from apps.bills.compliance.definition import Check, Level, Setting, Settings
from apps.bills.compliance.facts import BillFacts, Finding, InvoiceFacts

from . import amounts, buyer, content, dates, seller, state

CHECKS: Mapping[str, Check] = {
    check.code: check
    for check in (
        amounts.difference,
        buyer.title,
        buyer.tax_number,
        buyer.tax_number_missing,
        state.verification_failed,
        state.verification_missing,
        state.used_elsewhere,
        state.invalid,
        state.doubtful,
        buyer.personal,
        dates.other_year,
        dates.too_old,
        seller.consecutive,
        seller.blacklist,
        seller.payee,
        content.machine_number,
        content.amounts,
        content.input_tax,
        state.edited,
        content.sensitive,
    )
}


def findings(invoice: InvoiceFacts, bill: BillFacts, settings: Settings) -> list[Finding]:
    """Everything the checks that are switched on object to, in the order of CHECKS."""
    return [
        finding
        for code, check in CHECKS.items()
        if check.rule is not None and settings[code].level != Level.OFF
        for finding in check.rule(invoice, bill, settings[code])
    ]


def bill_findings(bill: BillFacts, settings: Settings) -> list[Finding]:
    """As ``findings``, about the bill as a whole."""
    return [
        finding
        for code, check in CHECKS.items()
        if check.bill_rule is not None and settings[code].level != Level.OFF
        for finding in check.bill_rule(bill, settings[code])
    ]


def findings_of(check: Check, invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    """What one check objects to about an invoice and its bill, whatever its level."""
    if check.rule is not None:
        yield from check.rule(invoice, bill, setting)
    if check.bill_rule is not None:
        yield from check.bill_rule(bill, setting)
