"""Divides a bill's amount to be paid into costs, and its deductible tax among them. Pure; amounts in yuan.

The lines are the costs; for a bill without lines its invoices are, by cost type. Invoices add no money beside lines,
only their tax. What the amount claimed differs by is a cost of its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.bills.amounts import BillAmounts

from .content import ZERO
from .drafting import Cost

DIFFERENCE = "与报销金额的差额"


class TaxExceedsCostsError(Exception):
    """The deductible tax of a bill is more than its costs, so an expense would be negative."""


@dataclass(frozen=True)
class InvoicePart:
    """What a bill uses of one invoice. ``line_id`` None: it is on no line; ``cost_type``: the proposed one, for bills
    without lines. The taxes are those of ``Cost``."""

    line_id: int | None
    cost_type: str
    amount: Decimal = ZERO
    tax: Decimal = ZERO
    pending: Decimal = ZERO
    transferred_out: Decimal = ZERO


@dataclass
class _Share:
    """A cost in the making."""

    cost_type: str
    total: Decimal
    tax: Decimal = ZERO
    pending: Decimal = ZERO
    transferred_out: Decimal = ZERO

    @property
    def room(self) -> Decimal:
        """How much tax the cost takes before its expense becomes negative; negative when it has too much."""
        return max(self.total, ZERO) - self.tax - self.pending

    def add(self, part: InvoicePart) -> None:
        self.tax += part.tax
        self.pending += part.pending
        self.transferred_out += part.transferred_out


def bill_costs(
    number: str, amounts: BillAmounts, parts: Sequence[InvoicePart], summary: Callable[[str], str]
) -> list[Cost]:
    """The costs of a bill; their totals make its amount to be paid. ``parts``: its invoices; ``summary``: the text of
    an entry for a cost type or for DIFFERENCE.

    Raises TaxExceedsCostsError, unless the bill has red-letter invoices: then an expense may be negative.
    """
    shares = _of_lines(amounts, parts) if amounts.lines else _of_cost_types(parts)
    _spread_tax(shares, allow_negative=any(part.amount < 0 for part in parts))
    costs = [
        Cost(
            number,
            share.cost_type,
            share.total,
            share.tax,
            summary(share.cost_type),
            share.pending,
            share.transferred_out,
        )
        for share in shares
    ]
    if amounts.not_itemized:
        costs.append(Cost(number, "", amounts.not_itemized, summary=summary(DIFFERENCE), apart=True))
    return costs


def _of_lines(amounts: BillAmounts, parts: Sequence[InvoicePart]) -> list[_Share]:
    """One share per line. The tax of invoices on no line goes to the largest line."""
    shares = {line.line_id: _Share(line.cost_type, line.cost) for line in amounts.lines}
    largest = _largest(list(shares.values()))
    for part in parts:
        share = largest if part.line_id is None else shares[part.line_id]
        share.add(part)
    return list(shares.values())


def _of_cost_types(parts: Sequence[InvoicePart]) -> list[_Share]:
    shares: dict[str, _Share] = {}
    for part in parts:
        share = shares.setdefault(part.cost_type, _Share(part.cost_type, ZERO))
        share.total += part.amount
        share.add(part)
    return list(shares.values())


def _largest(shares: Sequence[_Share]) -> _Share:
    """The largest cost; of costs that are all negative, the one furthest from zero."""
    return max(shares, key=lambda share: (share.total > 0, abs(share.total)))


def _spread_tax(shares: Sequence[_Share], *, allow_negative: bool) -> None:
    """Move tax from costs that have more than their total to the others, the largest first."""
    tax = pending = ZERO
    for share in shares:
        excess = -share.room
        if excess > 0:
            of_pending = min(excess, max(share.pending, ZERO))
            of_tax = min(excess - of_pending, max(share.tax, ZERO))
            share.pending, share.tax = share.pending - of_pending, share.tax - of_tax
            tax, pending = tax + of_tax, pending + of_pending
    for share in sorted(shares, key=lambda share: -share.total):
        of_tax = min(tax, max(share.room, ZERO))
        share.tax, tax = share.tax + of_tax, tax - of_tax
        of_pending = min(pending, max(share.room, ZERO))
        share.pending, pending = share.pending + of_pending, pending - of_pending
    if tax or pending:
        if not allow_negative:
            raise TaxExceedsCostsError
        largest = _largest(shares)
        largest.tax, largest.pending = largest.tax + tax, largest.pending + pending
