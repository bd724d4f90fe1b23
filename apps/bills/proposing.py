"""Proposes the bill line, or without lines the cost type, of an invoice. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Use:
    """How often, and how recently (``latest``: id of the latest use), a seller's invoices were put on lines of a cost
    type."""

    cost_type: str
    count: int
    latest: int


@dataclass(frozen=True)
class Experience:
    """What a company's earlier bills and its cost types tell of an invoice. ``uses``: seller id → its uses;
    ``of_kind``: kind of invoice → names of the cost types that list it, the most specific first."""

    uses: Mapping[int, Sequence[Use]] = field(default_factory=dict)
    of_kind: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def cost_types(self, seller: int | None, kind: str) -> list[str]:
        """The cost types that suit an invoice, the best first: those of its seller, the most frequent and then the most
        recent one first, then those of its kind."""
        uses = self.uses.get(seller, ()) if seller is not None else ()
        of_seller = [use.cost_type for use in sorted(uses, key=lambda use: (-use.count, -use.latest))]
        return list(dict.fromkeys([*of_seller, *self.of_kind.get(kind, ())]))


@dataclass
class OpenLine:
    """A line that may take invoices. ``uncovered`` (yuan): its amount minus its invoices; None for a line that costs
    what its invoices come to."""

    line_id: int
    cost_type: str
    uncovered: Decimal | None = None

    def take(self, amount: Decimal | None) -> None:
        """Count an invoice of this amount as one of the line's."""
        if self.uncovered is not None and amount is not None:
            self.uncovered -= amount


def propose(amount: Decimal | None, cost_types: Iterable[str], lines: Sequence[OpenLine]) -> OpenLine | None:
    """The line for an invoice of this amount: the first line of the best cost type that has one, else the only line,
    else the line with the most uncovered money. None without lines."""
    for cost_type in cost_types:
        line = next((line for line in lines if line.cost_type == cost_type), None)
        if line is not None:
            return line
    sign = -1 if amount is not None and amount < 0 else 1
    return max(lines, key=lambda line: sign * (line.uncovered or Decimal()), default=None)
