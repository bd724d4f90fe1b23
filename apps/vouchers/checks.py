"""Checks of a voucher before it is collected. Pure; ``sentences.py`` has the texts.

Blocking problems refuse the collect; the others are shown as warnings. Checked are the fields that the vendor
requires, its formats, the balance of debit and credit to the cent, that the period is open and, where the book has a
chart of accounts, that entries obey it.
"""

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any

import msgspec

from apps.sources.records import BAD_STATUSES

from . import dimensions
from .charts.chart import Chart, ChartAccount
from .content import EntryContent, InvoiceContent, VoucherContent

_CENT = Decimal("0.01")
_REQUIRED = ("vouch_id", "business_date", "account_date", "period")  # the number is given before it is sent


class Problem(msgspec.Struct, frozen=True):
    """One problem of a voucher. ``field``: the field concerned; entries count from 1 (``entries.2.account``)."""

    code: str
    field: str = ""
    params: dict[str, Any] = {}
    blocking: bool = True


def problems(content: VoucherContent, closed_periods: Collection[str] = ()) -> list[Problem]:
    """All problems in the order of the form; [] when the voucher may be collected without warnings.

    ``closed_periods``: closed periods (yyyyMM) of its account book.
    """
    return [
        *_head(content),
        *_period(content, closed_periods),
        *_entries(content),
        *_chart(content),
        *_balance(content),
        *_invoices(content),
        *_bills(content),
    ]


def blocking(reported: list[Problem]) -> list[Problem]:
    return [problem for problem in reported if problem.blocking]


def valid_period(period: str) -> bool:
    """yyyyMM, as the vendor writes it."""
    return len(period) == 6 and period.isascii() and period.isdecimal() and "01" <= period[4:] <= "12"


def _head(content: VoucherContent) -> Iterator[Problem]:
    for name in _REQUIRED:
        if not getattr(content, name):
            yield Problem("voucher.missing", name, {"field": name})
    if not content.book.account_id:
        yield Problem("voucher.book_without_id", "book")
    if not content.book.source:
        yield Problem("voucher.book_without_source", "book")


def _period(content: VoucherContent, closed: Collection[str]) -> Iterator[Problem]:
    period = content.period
    if not period:
        return
    if not valid_period(period):
        yield Problem("voucher.bad_period", "period", {"period": period})
        return
    if content.account_date and f"{content.account_date:%Y%m}" != period:
        params = {"date": content.account_date.isoformat(), "period": period}
        yield Problem("voucher.date_outside_period", "account_date", params)
    if period in closed:
        yield Problem("voucher.period_closed", "period", {"period": period})


def _entries(content: VoucherContent) -> Iterator[Problem]:
    if len(content.entries) < 2:
        yield Problem("voucher.too_few_entries", "entries", {"count": len(content.entries)})
    for line, entry in enumerate(content.entries, 1):
        yield from _entry(line, entry, content.book.base_currency)


def _entry(line: int, entry: EntryContent, base_currency: str) -> Iterator[Problem]:
    if not entry.account:
        yield Problem("voucher.entry_without_account", f"entries.{line}.account", {"line": line})
    if entry.debit and entry.credit:
        yield Problem("voucher.entry_on_both_sides", f"entries.{line}.debit", {"line": line})
    if not entry.debit and not entry.credit:
        yield Problem("voucher.entry_without_amount", f"entries.{line}.debit", {"line": line})
    if not entry.summary:
        yield Problem("voucher.entry_without_summary", f"entries.{line}.summary", {"line": line}, blocking=False)
    if entry.currency == base_currency:
        return
    if entry.amount is None or entry.exchange_rate is None:
        params = {"line": line, "currency": entry.currency}
        yield Problem("voucher.entry_without_rate", f"entries.{line}.exchange_rate", params)
    elif abs(entry.amount * entry.exchange_rate - (entry.debit or entry.credit)) > _CENT:
        params = {"line": line, "currency": entry.currency}
        yield Problem("voucher.entry_rate_differs", f"entries.{line}.exchange_rate", params, blocking=False)


def _chart(content: VoucherContent) -> Iterator[Problem]:
    """Entries name active accounts at the lowest level, and the dimensions that these require. A reversal keeps those
    of its original, however the chart has changed, so that none of this stops it."""
    for problem in _of_chart(content):
        yield msgspec.structs.replace(problem, blocking=problem.blocking and not content.reverses)


def _of_chart(content: VoucherContent) -> Iterator[Problem]:
    if content.chart is None:
        return
    for line, entry in enumerate(content.entries, 1):
        account = content.chart.account(entry.account)
        place, about = f"entries.{line}.account", {"line": line, "account": entry.account}
        if not entry.account:
            continue
        if account is None:
            yield Problem("voucher.account_unknown", place, about)
            continue
        if not account.active:
            yield Problem("voucher.account_inactive", place, about)
        if not account.leaf:
            yield Problem("voucher.account_with_children", place, about)
        if not account.is_called(entry.account):
            yield Problem("voucher.account_name_differs", place, {**about, "name": account.name}, blocking=False)
        yield from _dimensions(line, entry, account, content.chart)


def _dimensions(line: int, entry: EntryContent, account: ChartAccount, chart: Chart) -> Iterator[Problem]:
    """Only the dimensions that the account requires are checked; further ones are the accountant's."""
    items = dimensions.parse(entry.dimension).items
    place = f"entries.{line}.dimension"
    for kind in account.dimensions:
        about = {"line": line, "account": account.text, "dimension": kind, "item": items.get(kind, "")}
        active = chart.items.get((kind, items.get(kind, "")))
        if kind not in items:
            yield Problem("voucher.dimension_missing", place, about)
        elif active is None:
            yield Problem("voucher.dimension_item_unknown", place, about)
        elif not active:
            yield Problem("voucher.dimension_item_inactive", place, about)


def _balance(content: VoucherContent) -> Iterator[Problem]:
    difference = content.total_debit - content.total_credit
    if difference:
        code = "voucher.debit_exceeds" if difference > 0 else "voucher.credit_exceeds"
        params = {
            "difference": f"{abs(difference):.2f}",
            "debit": f"{content.total_debit:.2f}",
            "credit": f"{content.total_credit:.2f}",
        }
        yield Problem(code, "entries", params)


def _invoices(content: VoucherContent) -> Iterator[Problem]:
    for invoice in content.invoices:
        yield from _invoice(invoice)


def _invoice(invoice: InvoiceContent) -> Iterator[Problem]:
    about = {"invoice": invoice.number}
    tax = invoice.deduction_tax
    if invoice.deductible and tax is None:
        yield Problem("voucher.deduction_without_tax", "invoices", about)
    if not invoice.deductible and tax:
        yield Problem("voucher.tax_without_deduction", "invoices", about)
    if tax is not None and invoice.tax_amount is not None and abs(tax) > abs(invoice.tax_amount):
        params = {**about, "tax": f"{tax:.2f}", "most": f"{invoice.tax_amount:.2f}"}
        yield Problem("voucher.deduction_too_high", "invoices", params, blocking=False)
    if not invoice.serial:
        yield Problem("voucher.invoice_unknown_upstream", "invoices", about, blocking=False)
    if invoice.status in BAD_STATUSES:
        yield Problem("voucher.invoice_used_up", "invoices", {**about, "status": invoice.status}, blocking=False)


def _bills(content: VoucherContent) -> Iterator[Problem]:
    for bill in content.bills:
        if bill.booked_by:
            yield Problem("voucher.bill_booked_twice", "bills", {"bill": bill.number, "voucher": bill.booked_by})
