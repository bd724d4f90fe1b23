"""What an import of accounts or dimension items would do: each row is new, changed, the same or refused. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from apps.accounts.models import Company
from apps.core.messages import Message
from apps.vouchers.models import Account, AccountBook, DimensionItem

from . import rows
from .chart import parent_code
from .rows import AccountRow, ItemRow, Raw

Row = TypeVar("Row", AccountRow, ItemRow)
Existing = TypeVar("Existing", Account, DimensionItem)


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass
class Planned(Generic[Row, Existing]):
    """The plan for one row. ``existing``: the stored row that it names; ``values``: all columns as they will be;
    ``changes``: those that differ from what is stored."""

    row: Row
    existing: Existing | None = None
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[Message]:
        return self.row.problems

    @property
    def outcome(self) -> Outcome:
        if self.problems:
            return Outcome.REFUSED
        if self.existing is None:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes else Outcome.SAME


PlannedAccount = Planned[AccountRow, Account]
PlannedItem = Planned[ItemRow, DimensionItem]


def counts(planned: Iterable[PlannedAccount] | Iterable[PlannedItem]) -> dict[str, int]:
    """Outcome → number of rows."""
    outcomes = [one.outcome for one in planned]
    return {outcome.value: outcomes.count(outcome) for outcome in Outcome}


def accounts(book: AccountBook, raw: Sequence[Raw]) -> list[PlannedAccount]:
    """The plan for these accounts of a book, in two queries. ``values["parent"]``: the code of the parent, '' for
    none."""
    stored = {one.code: one for one in Account.objects.filter(book=book).select_related("parent")}
    planned = [PlannedAccount(rows.account(one, line)) for line, one in enumerate(raw, 1)]
    first: dict[str, PlannedAccount] = {}
    for one in planned:
        one.existing = stored.get(one.row.code)
        if one.row.code and first.setdefault(one.row.code, one) is not one:
            about = {"code": one.row.code, "line": first[one.row.code].row.line}
            one.problems.append(Message("chart_import.twice", about))
    codes = stored.keys() | first.keys()
    parents = {code: account.parent.code if account.parent else "" for code, account in stored.items()}
    for code, one in first.items():
        parents[code] = _parent(one, parents.get(code), codes)
    for one in first.values():
        _fill_account(one, parents, stored, first)
    return planned


def items(company: Company, raw: Sequence[Raw]) -> list[PlannedItem]:
    """The plan for these dimension items of a company, in one query. An item is known by its dimension and name."""
    stored = {(one.kind, one.name): one for one in DimensionItem.objects.filter(company=company)}
    planned = [PlannedItem(rows.item(one, line)) for line, one in enumerate(raw, 1)]
    first: dict[tuple[str, str], PlannedItem] = {}
    for one in planned:
        key = one.row.kind, one.row.name
        one.existing = stored.get(key)
        if all(key) and first.setdefault(key, one) is not one:
            one.problems.append(Message("chart_import.twice", {"code": one.row.name, "line": first[key].row.line}))
        old, row = one.existing, one.row
        one.values = {
            "code": row.code if row.code is not None else old.code if old else "",
            "active": row.active if row.active is not None else old.active if old else True,
        }
        if old:
            one.changes = [name for name, value in one.values.items() if getattr(old, name) != value]
    return planned


def _parent(one: PlannedAccount, stored: str | None, codes: Iterable[str]) -> str:
    """The code of the parent: the one that the row names, else the longest code that this one begins with. A row
    without the column leaves it as it is stored."""
    row = one.row
    if row.parent is None and stored is not None:
        return stored
    if not row.parent:
        return parent_code(row.code, set(codes))
    if row.parent not in codes:
        row.problems.append(Message("chart_import.unknown_parent", {"code": row.code, "parent": row.parent}))
        return ""
    return row.parent


def _fill_account(
    one: PlannedAccount,
    parents: Mapping[str, str],
    stored: Mapping[str, Account],
    first: Mapping[str, PlannedAccount],
) -> None:
    row, old = one.row, one.existing
    above = _above(row.code, parents)
    if above and row.code == above[-1]:
        row.problems.append(Message("chart_import.circle", {"code": row.code, "parent": parents[row.code]}))
    direction = row.direction or (old.direction if old else "") or _direction(above, stored, first)
    if not direction and not any(problem.code == "chart_import.bad_value" for problem in row.problems):
        row.problems.append(Message("chart_import.missing", {"column": Message("chart_import.column.direction")}))
    one.values = {
        "name": row.name,
        "parent": parents[row.code],
        "direction": direction,
        "dimensions": row.dimensions if row.dimensions is not None else list(old.dimensions) if old else [],
        "active": row.active if row.active is not None else old.active if old else True,
    }
    if old:
        before = {name: getattr(old, name) for name in one.values} | {"parent": old.parent.code if old.parent else ""}
        one.changes = [name for name, value in one.values.items() if before[name] != value]


def _above(code: str, parents: Mapping[str, str]) -> list[str]:
    """The codes above an account, nearest first; they end with its own when it is above itself, and stop at any other
    circle."""
    above: list[str] = []
    at = parents.get(code, "")
    while at and at not in above:
        above.append(at)
        if at == code:
            break
        at = parents.get(at, "")
    return above


def _direction(above: Sequence[str], stored: Mapping[str, Account], first: Mapping[str, PlannedAccount]) -> str:
    """The side of the nearest account above that has one; '' for none."""
    for code in above:
        side = (first[code].row.direction if code in first else "") or (
            stored[code].direction if code in stored else ""
        )
        if side:
            return side
    return ""
