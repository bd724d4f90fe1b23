"""Putting invoices that name no line on a line of their bill (``proposing`` decides which), and using them partly."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction

from apps.accounts.models import User
from apps.bills.amounts import ZERO, reduced, usable_partly
from apps.bills.history import experience
from apps.bills.input_tax.services import refresh
from apps.bills.models import Bill, BillInvoice, BillLine
from apps.bills.proposing import Experience, OpenLine, propose
from apps.bills.selectors import amounts_of, live
from apps.core.errors import HubError
from apps.invoices.models import Invoice

from .writing import editable, line_of, record

_CENT = Decimal("0.01")


class Placement:
    """Chooses lines of one bill for invoices, and counts what it has put on each."""

    def __init__(self, lines: Iterable[OpenLine], on: Experience) -> None:
        self._lines = list(lines)
        self._experience = on

    def choose(self, invoice: Invoice, amount: Decimal | None, taken: Collection[int | None] = ()) -> int | None:
        """The id of the line for this invoice, of which ``amount`` (yuan) is used. ``taken``: lines that have a share
        of it already. None when no other line is left."""
        free = [line for line in self._lines if line.line_id not in taken]
        line = propose(amount, self._experience.cost_types(invoice.seller_id, invoice.kind), free)
        return line.line_id if line else None

    def take(self, line_id: int | None, amount: Decimal | None) -> None:
        """Count an invoice of this amount on this line."""
        for line in self._lines:
            if line.line_id == line_id:
                line.take(amount)


def placement(bill: Bill, invoices: Collection[Invoice]) -> Placement | None:
    """The placement for these invoices on the lines of a bill; None for a bill without lines."""
    lines = amounts_of([bill])[bill.pk].lines
    if not lines:
        return None
    uncovered = {line.line_id: None if line.entered is None else line.difference for line in lines}
    open_lines = [OpenLine(line.line_id, line.cost_type, uncovered[line.line_id]) for line in lines]
    return Placement(open_lines, experience([bill.company_id], invoices)[bill.company_id])


def place(bill: Bill) -> int:
    """Put the invoices of a draft that are on no line, or on a proposed one, on the lines proposed for them now; the
    number of those that moved.

    The caller holds the bill's lock and records the change.
    """
    rows = live(bill.bill_invoices.filter(contested=False)).select_related("invoice")
    bill_invoices = list(rows.defer("invoice__travel", "invoice__remark").order_by("pk"))
    open_rows = [row for row in bill_invoices if row.line_id is None or row.line_proposed]
    chooser = placement(bill, [row.invoice for row in open_rows]) if open_rows else None
    if chooser is None:
        return 0
    lines_of: dict[int, set[int | None]] = defaultdict(set)
    for row in bill_invoices:
        lines_of[row.invoice_id].add(row.line_id)
    moved = []
    for row in open_rows:
        chooser.take(row.line_id, -(row.amount or ZERO))
    for row in open_rows:
        taken, before = lines_of[row.invoice_id], row.line_id
        row.line_id = chooser.choose(row.invoice, row.amount, taken - {before}) or before
        chooser.take(row.line_id, row.amount)
        if row.line_id != before:
            row.line_proposed = True
            taken.discard(before)
            taken.add(row.line_id)
            moved.append(row)
    BillInvoice.objects.bulk_update(moved, ["line", "line_proposed"], batch_size=500)
    return len(moved)


@transaction.atomic
def use_partly(bill: Bill, line: BillLine, user: User | None, revision: int | None = None) -> BillLine:
    """Reduce the amounts used of the invoices on a line in proportion, so that they come to what the line claims. They
    stay on the line from then on. Raises HubError ``bills.nothing_to_reduce`` unless the line claims only a part of
    them."""
    draft = editable(bill, revision)
    line = line_of(draft, line)
    rows = list(live(line.bill_invoices.filter(contested=False)).exclude(amount=None).order_by("pk"))
    amounts = [row.amount for row in rows if row.amount is not None]
    total = sum(amounts, ZERO)
    if line.amount is None or not usable_partly(line.amount, total):
        raise HubError("bills.nothing_to_reduce", bill=draft.number, position=line.position)
    for row, amount in zip(rows, reduced(amounts, line.amount), strict=True):
        if row.tax_by_hand:  # the rules compute the other rows
            row.input_tax, row.transferred_out = (
                _in_proportion(tax, amount, row.amount) for tax in (row.input_tax, row.transferred_out)
            )
        row.amount, row.line_proposed = amount, False
    columns = ["amount", "line_proposed", "input_tax", "transferred_out"]
    BillInvoice.objects.bulk_update(rows, columns, batch_size=500)
    refresh([draft.pk])
    record(draft, "adjust", user, "bills.was_used_partly", position=line.position, count=len(rows))
    return line


def _in_proportion(tax: Decimal | None, amount: Decimal, before: Decimal | None) -> Decimal | None:
    """The tax (yuan) of an invoice of which ``amount`` is used instead of ``before``."""
    return (tax * amount / before).quantize(_CENT, ROUND_HALF_UP) if tax and before else tax
