"""Judges bill invoices anew when the ledger changed their invoice: ticked, certified, void, reversed, corrected."""

from django.db import transaction

from apps.bills.choices import BillInvoiceState, BillState
from apps.bills.models import BillInvoice
from apps.invoices import changes
from apps.invoices.masters import family_ids, master_ids

from .services import refresh

FOLLOWER = "input_tax"
_BATCH = 500  # invoices


def behind() -> bool:
    """Whether the ledger has changed since. Its cost does not grow with the changes."""
    return changes.pending(FOLLOWER).exists()


def follow() -> int:
    """Bring the input tax of unbooked bills up to date with the ledger; the number of bills judged anew. Concurrent
    calls are safe, repeating one changes nothing."""
    judged, more = 0, True
    while more:
        bills, more = _follow_batch()
        judged += bills
    return judged


@transaction.atomic
def _follow_batch() -> tuple[int, bool]:
    """Work off the next changes; the number of bills judged, and whether there may be further changes."""
    cursor = changes.lock(FOLLOWER)
    batch = changes.next_batch(cursor, _BATCH)
    changes.move(cursor, batch.end)
    members = family_ids(set(master_ids(batch.invoice_ids).values()))
    rows = BillInvoice.objects.filter(invoice__in=members, tax_by_hand=False).exclude(bill__state=BillState.BOOKED)
    bills = set(rows.exclude(state=BillInvoiceState.RELEASED).values_list("bill", flat=True)) if members else set()
    if bills:
        refresh(bills)
    return len(bills), batch.more
