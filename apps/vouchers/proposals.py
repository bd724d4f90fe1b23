"""Makes a draft voucher from approved bills, with their costs, invoices and deductions."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.bills.choices import BillInvoiceState, BillState
from apps.bills.models import Bill, BillInvoice, BillLine
from apps.core.errors import HubError

from . import services
from .choices import VoucherState
from .content import ZERO
from .drafting import Accounts, Cost, draft_entries
from .models import AccountBook, AccountMapping, Voucher, VoucherBill
from .selectors import is_reversed


def bookable_bills(book: AccountBook) -> QuerySet[Bill]:
    """Approved bills of the book's company that are on no voucher, void and reversed ones apart; oldest first."""
    on_voucher = VoucherBill.objects.filter(~Q(is_reversed("voucher_id")), bill=OuterRef("pk"))
    on_voucher = on_voucher.exclude(voucher__state=VoucherState.VOID)
    approved = Bill.objects.filter(company=book.company_id, state=BillState.APPROVED)
    return approved.filter(~Exists(on_voucher)).order_by("bill_date", "pk")


def draft_from_bills(bill_ids: Sequence[int], book: AccountBook, user: User | None, day: date | None = None) -> Voucher:
    """Make a draft voucher of these bills for a person to review. ``day``: its accounting date; None: today.

    Raises HubError when a bill is not bookable, or when the bills have no amounts.
    """
    chosen = set(bill_ids)
    bills = list(bookable_bills(book).filter(pk__in=chosen))
    if len(bills) < len(chosen):
        others = Bill.objects.filter(pk__in=chosen - {bill.pk for bill in bills}, company=book.company_id)
        numbers = ", ".join(others.values_list("number", flat=True)) or "—"
        raise HubError("voucher.bills_not_approved", bills=numbers)
    bill_invoices = list(_reserved(bills).select_related("bill"))
    entries = draft_entries(_costs(bills, bill_invoices), mapping(book))
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
    return {row.cost_type: Accounts(row.debit_account, row.tax_account, row.credit_account) for row in rows}


def _reserved(bills: Sequence[Bill]) -> QuerySet[BillInvoice]:
    live = BillInvoice.objects.filter(bill__in=bills, contested=False).exclude(state=BillInvoiceState.RELEASED)
    return live.order_by("bill_id", "pk")


def _costs(bills: Sequence[Bill], bill_invoices: Sequence[BillInvoice]) -> list[Cost]:
    """One cost per bill line, and one per bill for its invoices without a line. A line without an amount costs what its
    invoices come to."""
    by_line: dict[tuple[int, int | None], list[BillInvoice]] = defaultdict(list)
    for use in bill_invoices:
        by_line[use.bill_id, use.line_id].append(use)
    by_id = {bill.pk: bill for bill in bills}
    costs = []
    for line in BillLine.objects.filter(bill__in=bills).order_by("bill_id", "position"):
        on_line = by_line.pop((line.bill_id, line.pk), [])
        total = line.amount if line.amount is not None else _total(on_line)
        bill = by_id[line.bill_id]
        costs.append(Cost(bill.number, line.cost_type, total, _tax(on_line), _summary(bill, line.cost_type)))
    for (bill_id, _line), without_line in by_line.items():
        bill = by_id[bill_id]
        costs.append(Cost(bill.number, "", _total(without_line), _tax(without_line), _summary(bill, "")))
    return costs


def _total(bill_invoices: Sequence[BillInvoice]) -> Decimal:
    return sum((use.amount for use in bill_invoices if use.amount is not None), ZERO)


def _tax(bill_invoices: Sequence[BillInvoice]) -> Decimal:
    return sum((use.input_tax for use in bill_invoices if use.deductible and use.input_tax is not None), ZERO)


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
