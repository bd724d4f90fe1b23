"""Counts the attachments (附件张数) of vouchers: their invoices and the cover sheets of their bills.

The count follows the links of a voucher, until a person enters another one.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from apps.bills.models import BillCover
from apps.core.bulk import update_rows
from apps.invoices.masters import master_ids

from .models import Voucher, VoucherInvoice


def counted(voucher_ids: Collection[int]) -> dict[int, int]:
    """Voucher → number of its attachments; an invoice that was merged into another one on it counts once. At most three
    queries."""
    links = list(VoucherInvoice.objects.filter(voucher__in=voucher_ids).values_list("voucher_id", "invoice_id"))
    masters = master_ids({invoice for _voucher, invoice in links}) if links else {}
    originals: dict[int, set[object]] = defaultdict(set)
    for voucher, invoice in links:
        originals[voucher].add(masters.get(invoice, invoice))
    covers = BillCover.objects.filter(bill__voucher_links__voucher__in=voucher_ids)
    for voucher, cover in covers.values_list("bill__voucher_links__voucher", "pk"):
        if voucher in voucher_ids:
            originals[voucher].add(("cover", cover))
    return {pk: len(originals[pk]) for pk in voucher_ids}


def enter(voucher: Voucher, head: Mapping[str, Any]) -> None:
    """Take over the count that somebody entered, on the object; None: count again from now on. Nothing changes without
    one, and when it is the number that was counted so far, which forms and programs send back."""
    count = head.get("attachments_count", voucher.attachments_count)
    if not voucher.attachments_by_hand and count == voucher.attachments_count:
        return
    voucher.attachments_by_hand = count is not None
    voucher.attachments_count = count or 0


def count(vouchers: Sequence[Voucher]) -> None:
    """Update the count of those for which nobody has entered one, on the objects and in the database."""
    followed = [voucher for voucher in vouchers if not voucher.attachments_by_hand]
    counts = counted([voucher.pk for voucher in followed]) if followed else {}
    changed = [voucher for voucher in followed if voucher.attachments_count != counts[voucher.pk]]
    for voucher in changed:
        voucher.attachments_count = counts[voucher.pk]
    if changed:
        rows = [[voucher.pk, voucher.attachments_count] for voucher in changed]
        update_rows("vouchers_voucher", ("id", "attachments_count"), rows)
