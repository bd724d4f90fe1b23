"""The day an invoice was issued against the day it is claimed."""

from collections.abc import Iterator

from apps.bills.compliance.definition import Level, Limit, Setting, check
from apps.bills.compliance.definition import gettext_noop as _
from apps.bills.compliance.facts import BillFacts, Finding, InvoiceFacts


@check(
    "other_year",
    _("Issued in another year"),
    Level.WARN,
    {
        "checks.other_year": _(
            "It was issued on %(found)s and is claimed in %(year)s. Ask whether it may still be booked, and in which period."
        ),
    },
    limit=Limit(
        0,
        12,
        _(
            "Issued in another year: last year's are accepted until the end of this month, 1 to 12 (preset %(preset)s: not at all)."
        ),
    ),
)
def other_year(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
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


@check(
    "too_old",
    _("Too old"),
    Level.WARN,
    {
        "checks.too_old": _(
            "It was issued on %(found)s, %(age)s days before it is claimed; %(days)s are allowed. Ask why it comes so late."
        ),
    },
    limit=Limit(180, 3650, _("Too old: days (preset %(preset)s).")),
)
def too_old(invoice: InvoiceFacts, bill: BillFacts, setting: Setting) -> Iterator[Finding]:
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
            (issued.isoformat(),),  # not the age: a finding that was let pass must not return the next day
        )
