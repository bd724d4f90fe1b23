"""Makes a draft voucher from approved bills, with their costs, invoices and deductions."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple
from datetime import date
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.bills.choices import BillInvoiceState, BillState
from apps.bills.history import experience
from apps.bills.input_tax.judgement import BY_TICKING, TICKED
from apps.bills.input_tax.services import refresh
from apps.bills.models import Bill, BillInvoice
from apps.bills.proposing import Experience
from apps.bills.selectors import amounts_of
from apps.core.errors import HubError

from . import services
from .charts import selectors as chart_selectors
from .choices import VoucherState
from .content import ZERO
from .costs import InvoicePart, TaxExceedsCostsError, bill_costs
from .dimensions import dimensions_for
from .drafting import Accounts, Cost, draft_entries
from .models import AccountBook, AccountMapping, Voucher, VoucherBill
from .selectors import is_reversed


def bookable_bills(book: AccountBook) -> QuerySet[Bill]:
    """Approved bills of the book's company that are on no voucher, void and reversed ones apart; oldest first."""
    on_voucher = VoucherBill.objects.filter(~Q(is_reversed("voucher_id")), bill=OuterRef("pk"))
    on_voucher = on_voucher.exclude(voucher__state=VoucherState.VOID)
    approved = Bill.objects.filter(company=book.company_id, state=BillState.APPROVED)
    return approved.filter(~Exists(on_voucher)).order_by("bill_date", "pk")


@transaction.atomic
def draft_from_bills(bill_ids: Sequence[int], book: AccountBook, user: User | None, day: date | None = None) -> Voucher:
    """Make a draft voucher of these bills for a person to review. ``day``: its accounting date; None: today.

    Raises HubError when a bill is not bookable, when its tax is more than its costs, or when the bills have no amounts.
    """
    chosen = set(bill_ids)
    bills = list(bookable_bills(book).filter(pk__in=chosen))
    if len(bills) < len(chosen):
        others = Bill.objects.filter(pk__in=chosen - {bill.pk for bill in bills}, company=book.company_id)
        numbers = ", ".join(others.values_list("number", flat=True)) or "—"
        raise HubError("voucher.bills_not_approved", bills=numbers)
    refresh([bill.pk for bill in bills])
    bill_invoices = list(_reserved(bills).select_related("invoice"))
    accounts = mapping(book)
    costs = _costs(bills, bill_invoices, book)
    entries = draft_entries(costs, accounts, _dimension_of(bills, book, accounts))
    if not entries:
        raise HubError("voucher.no_entries_to_draft")
    day = day or timezone.localdate()
    head = {
        "account_date": day,
        "business_date": day,
        "period": f"{day:%Y%m}",
    }
    links = _links(bill_invoices)
    return services.create(book, services.Change(head, entries, links, [bill.pk for bill in bills]), user)


def mapping(book: AccountBook) -> dict[str, Accounts]:
    """Cost type → accounts; the key '' has the defaults."""
    rows = AccountMapping.objects.filter(book=book)
    return {
        row.cost_type: Accounts(
            row.debit_account, row.tax_account, row.credit_account, row.pending_tax_account, row.transfer_out_account
        )
        for row in rows
    }


def _dimension_of(
    bills: Sequence[Bill], book: AccountBook, accounts: Mapping[str, Accounts]
) -> Callable[[str, str], str]:
    """A function (account, bill number) → the dimensions that the account requires, as far as the bill states them."""
    by_number = {bill.number: bill for bill in bills}
    required = chart_selectors.required(book, {text for one in accounts.values() for text in astuple(one)})
    return lambda account, number: dimensions_for(by_number[number], required.get(account, ()))


def _reserved(bills: Sequence[Bill]) -> QuerySet[BillInvoice]:
    live = BillInvoice.objects.filter(bill__in=bills, contested=False).exclude(state=BillInvoiceState.RELEASED)
    return live.order_by("bill_id", "pk")


def _costs(bills: Sequence[Bill], bill_invoices: Sequence[BillInvoice], book: AccountBook) -> list[Cost]:
    """The costs of these bills, bill after bill. Raises HubError ``voucher.tax_exceeds_costs``."""
    amounts = amounts_of(bills)
    suggested = experience([book.company_id], [use.invoice for use in bill_invoices])[book.company_id]
    parts: dict[int, list[InvoicePart]] = defaultdict(list)
    for use in bill_invoices:
        parts[use.bill_id].append(_part(use, suggested, book))
    costs = []
    for bill in bills:
        try:
            costs += bill_costs(bill.number, amounts[bill.pk], parts[bill.pk], partial(_summary, bill))
        except TaxExceedsCostsError as error:
            raise HubError("voucher.tax_exceeds_costs", bill=bill.number) from error
    return costs


def _part(use: BillInvoice, suggested: Experience, book: AccountBook) -> InvoicePart:
    invoice = use.invoice
    cost_types = suggested.cost_types(invoice.seller_id, invoice.kind)
    tax = (use.input_tax or ZERO) if use.deductible else ZERO
    waits = book.unticked_to_pending and invoice.kind in BY_TICKING and invoice.deduction_status not in TICKED
    return InvoicePart(
        use.line_id,
        next(iter(cost_types), ""),
        use.amount or ZERO,
        tax=ZERO if waits else tax,
        pending=tax if waits else ZERO,
        transferred_out=use.transferred_out or ZERO,
    )


def _summary(bill: Bill, cost_type: str) -> str:
    """The summary of an entry. It is stored and pushed with the voucher, so it is in Chinese for every user."""
    text = f"{bill.employee or bill.payee} {cost_type or bill.title}（{bill.number}）"
    return " ".join(text.split())[:300]


def _links(bill_invoices: Sequence[BillInvoice]) -> list[services.InvoiceLink]:
    """One link per invoice; its tax is summed over the bill lines that share it."""
    links: dict[int, services.InvoiceLink] = {}
    for use in bill_invoices:
        link = links.get(use.invoice_id)
        tax = use.input_tax if use.deductible else None
        both = tax if link is None or link.deduction_tax is None else link.deduction_tax + (tax or ZERO)
        links[use.invoice_id] = services.InvoiceLink(
            use.invoice_id,
            both is not None,
            both,
            use.transfer_out_reason or (link.transfer_out_remark if link else ""),
        )
    return list(links.values())
