"""The state of an invoice: verified or not, void, reversed, edited, used elsewhere."""

from collections.abc import Iterator

from apps.bills.compliance.definition import Level, Setting, check, finding_of
from apps.bills.compliance.definition import gettext_noop as _
from apps.bills.compliance.facts import BillFacts, Finding, InvoiceFacts
from apps.sources.records import Direction, InvoiceStatus, Verification

from .buyer import TITLED

_INVALID = frozenset({InvoiceStatus.VOID, InvoiceStatus.RED, InvoiceStatus.FULLY_RED, InvoiceStatus.LOST_CONTROL})
_DOUBTFUL = frozenset({InvoiceStatus.PARTLY_RED, InvoiceStatus.RED_PENDING, InvoiceStatus.ABNORMAL})


@check(
    "verification_failed",
    _("Verification failed"),
    Level.BLOCK,
    {
        "checks.verification_failed": _(
            "The tax bureau does not know it with these values. Compare number, date and amount with the original; do not pay before it passes."
        ),
    },
)
def verification_failed(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    if invoice.verification == Verification.FAILED:
        yield finding_of("verification_failed", "checks.verification_failed", "verification", invoice.verification)


@check(
    "verification_missing",
    _("Not verified"),
    Level.NOTE,
    {
        "checks.verification_missing": _(
            "Nobody has verified it with the tax bureau yet. Verify it in the source system."
        ),
    },
)
def verification_missing(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    missing = (Verification.NOT_DONE, Verification.UNKNOWN)
    if invoice.kind in TITLED and invoice.direction != Direction.OUTPUT and invoice.verification in missing:
        yield finding_of("verification_missing", "checks.verification_missing", "verification", invoice.verification)


@check(
    "used_elsewhere",
    _("Already used elsewhere"),
    Level.BLOCK,
    {
        "checks.used_elsewhere_bill": _(
            "It is also on bill %(bill)s (%(holder)s). Find out which of the two is right, and take it off the other."
        ),
        "checks.used_elsewhere_source": _(
            "%(holder)s says that it is used already, on no bill we know. Ask there what it was used for."
        ),
        "checks.used_elsewhere_hidden": _(
            "It is also used by a company you may not see. Ask your finance manager which of the two is right."
        ),
    },
)
def used_elsewhere(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    for use in invoice.elsewhere:
        code = "hidden" if use.hidden else "bill" if use.bill else "source"
        params: dict[str, str | int] = {} if use.hidden else {"bill": use.bill, "holder": use.reserved_by or "—"}
        yield Finding(
            "used_elsewhere",
            f"checks.used_elsewhere_{code}",
            "expense_status",
            "" if use.hidden else use.bill or use.reserved_by,
            "",
            params,
            (use.key,),
        )


@check(
    "invalid",
    _("Void, reversed or lost control"),
    Level.BLOCK,
    {
        "checks.status_void": _("It is void. Take it off the bill, and ask for a new one."),
        "checks.status_red": _("It was reversed by a red invoice. Take it off the bill, and ask for a new one."),
        "checks.status_fully_red": _("It was fully reversed. Take it off the bill, and ask for a new one."),
        "checks.status_lost_control": _(
            "The tax bureau says it is out of control (失控). Take it off the bill, and ask the seller."
        ),
    },
)
def invalid(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    if invoice.status in _INVALID:
        yield finding_of("invalid", f"checks.status_{invoice.status}", "status", invoice.status, InvoiceStatus.NORMAL)


@check(
    "doubtful",
    _("Partly reversed, reversal pending or abnormal"),
    Level.WARN,
    {
        "checks.status_partly_red": _(
            "A part of it was reversed. Claim no more than what is left, and attach the red invoice."
        ),
        "checks.status_red_pending": _("A reversal of it has been applied for. Ask the seller before it is paid."),
        "checks.status_abnormal": _(
            "The tax bureau says it is abnormal. Ask the seller, and do not deduct its tax before that is cleared up."
        ),
    },
)
def doubtful(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    if invoice.status in _DOUBTFUL:
        yield finding_of("doubtful", f"checks.status_{invoice.status}", "status", invoice.status, InvoiceStatus.NORMAL)


@check(
    "edited",
    _("Edited by hand"),
    Level.NOTE,
    {
        "checks.edited": _(
            "Somebody changed recognised values by hand in the source system. Compare with the original."
        ),
    },
)
def edited(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
    if "edited_by_hand" in invoice.flags:
        yield finding_of("edited", "checks.edited", "flags", "edited_by_hand")
