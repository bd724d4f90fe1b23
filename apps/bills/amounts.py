"""The money of a bill: what is to be paid, and how its lines and its invoices differ. Pure; all amounts in yuan.

A bill has one amount to be paid. Its lines and its invoices are two views of it, and neither is added to the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

ZERO = Decimal("0.00")
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class LineAmounts:
    """The money of one line. ``entered`` None: the line costs what its invoices come to. ``invoices``: the sum used of
    its invoices, ``count`` their number; ``reason``: why the line claims more than they support."""

    line_id: int
    position: int
    cost_type: str
    entered: Decimal | None
    invoices: Decimal = ZERO
    count: int = 0
    reason: str = ""

    @property
    def cost(self) -> Decimal:
        """The part of the amount to be paid that this line is."""
        return self.invoices if self.entered is None else self.entered

    @property
    def difference(self) -> Decimal:
        """What the line claims beyond its invoices; negative when the invoices come to more."""
        return self.cost - self.invoices

    @property
    def usable_partly(self) -> bool:
        """Whether the line claims only a part of its invoices, so that using them partly settles the difference."""
        return usable_partly(self.cost, self.invoices)

    @property
    def unexplained(self) -> bool:
        return self.difference != 0 and (self.usable_partly or not self.reason)


@dataclass(frozen=True)
class BillAmounts:
    """The money of a bill. ``claimed``: the amount entered for the whole bill, None: none was; ``without_line``: the
    sum used of its invoices on no line, ``lineless`` their number."""

    claimed: Decimal | None = None
    lines: tuple[LineAmounts, ...] = ()
    without_line: Decimal = ZERO
    lineless: int = 0

    @property
    def of_lines(self) -> Decimal:
        return sum((line.cost for line in self.lines), ZERO)

    @property
    def of_invoices(self) -> Decimal:
        return sum((line.invoices for line in self.lines), self.without_line)

    @property
    def itemized(self) -> Decimal:
        """What the lines come to; without lines, what the invoices come to."""
        return self.of_lines if self.lines else self.of_invoices

    @property
    def to_be_paid(self) -> Decimal:
        """The amount claimed, when one was entered; else what the lines or the invoices come to."""
        return self.itemized if self.claimed is None else self.claimed

    @property
    def not_itemized(self) -> Decimal:
        """The part of the amount to be paid that neither a line nor an invoice states; may be negative."""
        return self.to_be_paid - self.itemized

    @property
    def difference(self) -> Decimal:
        """What the bill claims beyond its invoices; negative when the invoices come to more."""
        return self.to_be_paid - self.of_invoices

    @property
    def line_difference(self) -> Decimal:
        """What the lines claim beyond all invoices; negative when the invoices come to more."""
        return self.of_lines - self.of_invoices

    @cached_property
    def by_line(self) -> dict[int, LineAmounts]:
        """Line id → its money."""
        return {line.line_id: line for line in self.lines}

    @property
    def invoices(self) -> int:
        """The number of its invoices; one that is on two lines counts twice."""
        return sum((line.count for line in self.lines), self.lineless)


def usable_partly(cost: Decimal, invoices: Decimal) -> bool:
    """Whether invoices that come to ``invoices`` can be reduced to ``cost``: a smaller amount of the same sign."""
    return invoices != 0 and 0 <= cost / invoices < 1


def reduced(amounts: Sequence[Decimal], cost: Decimal) -> list[Decimal]:
    """These amounts reduced in proportion, so that they come to ``cost``; the cents left by rounding go to the largest
    amounts. None becomes larger than it was. Raises ValueError unless ``usable_partly``."""
    total = sum(amounts, ZERO)
    if not usable_partly(cost, total):
        raise ValueError(f"{total} cannot be reduced to {cost}")
    parts = [_toward_zero(amount * cost / total) for amount in amounts]
    rest = cost - sum(parts, ZERO)
    for place in sorted(range(len(amounts)), key=lambda place: -abs(amounts[place])):
        room = amounts[place] - parts[place]
        if rest * room > 0:
            step = min(abs(rest), abs(room)).copy_sign(rest)
            parts[place] += step
            rest -= step
    return parts


def _toward_zero(amount: Decimal) -> Decimal:
    return Decimal(int(amount / _CENT)) * _CENT
