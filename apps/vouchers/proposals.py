"""Drafts from approved bills: their costs through the book's account mapping, with their invoices and deductions."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.bills.choices import BillInvoiceState, BillState
from apps.bills.models import Bill, BillInvoice, BillLine
from apps.core.errors import HubError

from . import selectors, services
from .choices import VoucherState
from .content import ZERO
from .drafting import Accounts, Cost, draft_entries
from .models import AccountBook, AccountMapping, Voucher, VoucherBill


def bookable_bills(book: AccountBook) -> QuerySet[Bill]:
    """Approved bills of the book's company that no voucher names yet, oldest first."""
    named = VoucherBill.objects.filter(bill=OuterRef("pk")).exclude(voucher__state=VoucherState.VOID)
    approved = Bill.objects.filter(company=book.company_id, state=BillState.APPROVED)
    return approved.filter(~Exists(named)).order_by("bill_date", "pk")


def draft_from_bills(bill_ids: Sequence[int], book: AccountBook, user: User | None, day: date | None = None) -> Voucher:
    """A proposed voucher that books these bills on ``day`` (None: today), as a draft for a person to look at.

    Raises HubError when one of them is not bookable, or they hold no amounts.
    """
    wanted = set(bill_ids)
    bills = list(bookable_bills(book).filter(pk__in=wanted))
    if len(bills) < len(wanted):
        others = Bill.objects.filter(pk__in=wanted - {bill.pk for bill in bills}, company=book.company_id)
        numbers = ", ".join(others.values_list("number", flat=True)) or "—"
        raise HubError("voucher.bills_not_approved", bills=numbers)
    bill_invoices = list(_live(bills).select_related("bill"))
    entries = draft_entries(_costs(bills, bill_invoices), mapping(book))
    if not entries:
        raise HubError("voucher.no_entries_to_draft")
    day = day or timezone.localdate()
    period = f"{day:%Y%m}"
    head = {
        "account_date": day,
        "business_date": day,
        "period": period,
        "vouch_no": selectors.next_number(book, period, ""),
        "creator": (user.get_full_name() or user.get_username()) if user else "",
        "attachments_count": len({use.invoice_id for use in bill_invoices}),
    }
    links = _links(bill_invoices)
    return services.create(book, services.Change(head, entries, links, [bill.pk for bill in bills]), user)


def mapping(book: AccountBook) -> dict[str, Accounts]:
    rows = AccountMapping.objects.filter(book=book)
    return {row.cost_type: Accounts(row.debit_account, row.tax_account, row.credit_account) for row in rows}


def _live(bills: Sequence[Bill]) -> QuerySet[BillInvoice]:
    live = BillInvoice.objects.filter(bill__in=bills, contested=False).exclude(state=BillInvoiceState.RELEASED)
    return live.order_by("bill_id", "pk")


def _costs(bills: Sequence[Bill], bill_invoices: Sequence[BillInvoice]) -> list[Cost]:
    """A cost for every entry, and one for what lies on a bill but on no entry. Where an entry does not say its amount,
    its invoices do."""
    by_entry: dict[tuple[int, int | None], list[BillInvoice]] = defaultdict(list)
    for use in bill_invoices:
        by_entry[use.bill_id, use.line_id].append(use)
    names = {bill.pk: bill for bill in bills}
    costs = []
    for entry in BillLine.objects.filter(bill__in=bills).order_by("bill_id", "position"):
        of_entry = by_entry.pop((entry.bill_id, entry.pk), [])
        total = entry.amount if entry.amount is not None else _total(of_entry)
        bill = names[entry.bill_id]
        costs.append(Cost(bill.number, entry.cost_type, total, _tax(of_entry), _summary(bill, entry.cost_type)))
    for (bill_id, _entry), loose in by_entry.items():
        bill = names[bill_id]
        costs.append(Cost(bill.number, "", _total(loose), _tax(loose), _summary(bill, "")))
    return costs


def _total(bill_invoices: Sequence[BillInvoice]) -> Decimal:
    return sum((use.amount for use in bill_invoices if use.amount is not None), ZERO)


def _tax(bill_invoices: Sequence[BillInvoice]) -> Decimal:
    return sum((use.input_tax for use in bill_invoices if use.deductible and use.input_tax is not None), ZERO)


def _summary(bill: Bill, cost_type: str) -> str:
    """The 摘要 of an entry. Part of the voucher, which is kept and pushed in Chinese: always in Chinese form, whatever
    language the person who drafts it reads."""
    text = f"{bill.employee or bill.payee} {cost_type or bill.title}（{bill.number}）"
    return " ".join(text.split())[:300]


def _links(bill_invoices: Sequence[BillInvoice]) -> list[services.InvoiceLink]:
    """One link per invoice, its tax added up where several entries or bills share it."""
    found: dict[int, services.InvoiceLink] = {}
    for use in bill_invoices:
        held = found.get(use.invoice_id)
        tax = use.input_tax if use.deductible else None
        both = tax if held is None or held.deduction_tax is None else held.deduction_tax + (tax or ZERO)
        found[use.invoice_id] = services.InvoiceLink(
            use.invoice_id,
            both is not None,
            both,
            use.transfer_out_reason or (held.transfer_out_remark if held else ""),
        )
    return list(found.values())
