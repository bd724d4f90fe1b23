"""People decide about the input tax of a bill's invoices, or take their decisions back. Until the bill is booked."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from apps.accounts.models import User
from apps.bills.choices import BillInvoiceState
from apps.bills.models import Bill, BillInvoice
from apps.bills.services.reserving import invoice_names
from apps.bills.services.writing import locked, name_of, record
from apps.core.bulk import update_rows
from apps.core.errors import HubError
from apps.core.messages import Message

from . import deciding
from .selectors import DECIDABLE
from .services import refresh

_COLUMNS = (
    "id", "deductible", "input_tax", "transferred_out", "transfer_out_reason", "tax_reason", "tax_by_hand",
)  # fmt: skip


@transaction.atomic
def decide(
    bill: Bill,
    bill_invoice_ids: Sequence[int],
    user: User | None,
    revision: int | None = None,
    *,
    deductible: bool,
    input_tax: Decimal | None = None,
    reason: str = "",
) -> int:
    """Decide whether the tax of these invoices of the bill is deducted; their number. ``input_tax``: yuan of each,
    None for what its document offers. Nothing computed replaces the decision. Raises HubError; then nothing changes.
    The number of queries does not depend on the number of invoices."""
    current, bill_invoices = _locked(bill, bill_invoice_ids, revision)
    offered = deciding.offers(bill_invoices)
    because = deciding.reasoned(reason.strip(), name_of(user))
    if deductible:
        because["transfer_out_reason"] = ""
    for one in bill_invoices:
        values = deciding.decision(one, one.amount, offered[one.pk], deductible, input_tax) | because
        for name, value in values.items():
            setattr(one, name, value)
    update_rows(
        "bills_billinvoice",
        _COLUMNS,
        [[getattr(one, name) for name in _COLUMNS] for one in bill_invoices],
    )
    if bill_invoices:
        _record(current, bill_invoices, user, "tax.was_decided", reason.strip())
    return len(bill_invoices)


@transaction.atomic
def recompute(bill: Bill, bill_invoice_ids: Sequence[int], user: User | None, revision: int | None = None) -> int:
    """Take back what people decided about the tax of these invoices of the bill, and compute it; their number. Raises
    HubError."""
    current, bill_invoices = _locked(bill, bill_invoice_ids, revision)
    BillInvoice.objects.filter(pk__in=[one.pk for one in bill_invoices], tax_by_hand=True).update(tax_by_hand=False)
    refresh([current.pk])
    if bill_invoices:
        _record(current, bill_invoices, user, "tax.was_recomputed")
    return len(bill_invoices)


def _locked(bill: Bill, bill_invoice_ids: Sequence[int], revision: int | None) -> tuple[Bill, list[BillInvoice]]:
    """The bill, locked, and its live invoices among these. Raises HubError ``tax.too_late`` for a booked bill."""
    current = locked(bill, revision)
    if current.state not in DECIDABLE:
        state = Message(f"bills.state.{current.state}")
        raise HubError("tax.too_late", bill=current.number, state=state)
    rows = current.bill_invoices.filter(pk__in=bill_invoice_ids, contested=False)
    rows = rows.exclude(state=BillInvoiceState.RELEASED).select_related("invoice", "bill__company", "line")
    return current, list(rows.order_by("pk"))


def _record(bill: Bill, bill_invoices: Sequence[BillInvoice], user: User | None, code: str, reason: str = "") -> None:
    names = invoice_names(bill_invoices)
    record(bill, "tax", user, code, reason, count=len(bill_invoices), invoices=names)
