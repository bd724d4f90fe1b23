"""Writes charts of accounts and dimension items. An import is carried out whole or not at all.

Rows are planned again under the lock of their book or company, so that two imports cannot make an account twice.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Company
from apps.core.errors import HubError
from apps.core.messages import Message
from apps.vouchers.models import Account, AccountBook, DimensionItem

from . import planning, standards
from .planning import Outcome, PlannedAccount, PlannedItem
from .rows import Raw

_COLUMNS = ("name", "parent", "direction", "dimensions", "active")


class RefusedRowsError(HubError):
    """Rows of an import are refused, so nothing was written; ``planned`` has them."""

    def __init__(self, planned: Sequence[PlannedAccount] | Sequence[PlannedItem]) -> None:
        self.planned = planned
        refused = [one for one in planned if one.problems]
        super().__init__("chart_import.refused", count=len(refused), line=refused[0].row.line)
        self.problems = list(refused[0].problems)


def standard_names() -> list[tuple[str, str]]:
    """The standard charts: (name for ``load_standard``, label)."""
    labels = {"small": _("Small-enterprise standard"), "enterprise": _("Enterprise standard")}
    return [(standard, labels[standard]) for standard in standards.STANDARDS]


def load_standard(book: AccountBook, standard: str) -> int:
    """Load a standard chart into a book without accounts; returns their number. Raises HubError ``chart.not_empty``,
    KeyError for an unknown standard."""
    rows = [vars(one) for one in standards.accounts(standard)]
    with transaction.atomic():
        _lock_book(book)
        if Account.objects.filter(book=book).exists():
            raise HubError("chart.not_empty", book=book)
        return import_accounts(book, rows)[Outcome.NEW]


def import_accounts(book: AccountBook, raw: Sequence[Raw]) -> dict[str, int]:
    """Make and change accounts; returns outcome → number of rows. Raises RefusedRowsError."""
    with transaction.atomic():
        _lock_book(book)
        planned = planning.accounts(book, raw)
        _require_all(planned)
        _write_accounts(book, planned)
    return planning.counts(planned)


def import_items(company: Company, raw: Sequence[Raw]) -> dict[str, int]:
    """Make and change dimension items; returns outcome → number of rows. Raises RefusedRowsError."""
    with transaction.atomic():
        _lock_company(company)
        planned = planning.items(company, raw)
        _require_all(planned)
        new = [one for one in planned if one.outcome == Outcome.NEW]
        DimensionItem.objects.bulk_create(
            [DimensionItem(company=company, kind=one.row.kind, name=one.row.name, **one.values) for one in new]
        )
        changed = [_set(one.existing, one.values) for one in planned if one.outcome == Outcome.CHANGED]
        DimensionItem.objects.bulk_update(changed, ["code", "active"])
    return planning.counts(planned)


def put_account(book: AccountBook, values: Raw, account: Account | None = None) -> Account:
    """Make one account (``account`` None), or change this one, whose code stays. Raises HubError
    ``chart.account_taken``, or the problem of the values."""
    row = {**values, "code": account.code} if account else values
    with transaction.atomic():
        _lock_book(book)
        (planned,) = planning.accounts(book, [row])
        if account is None and planned.existing:
            raise HubError("chart.account_taken", account=planned.existing)
        _require_first(planned.problems)
        _write_accounts(book, [planned])
        return Account.objects.select_related("book", "parent").get(book=book, code=planned.row.code)


def put_item(company: Company, values: Raw, item: DimensionItem | None = None) -> DimensionItem:
    """Make one dimension item (``item`` None), or change this one, its name included. Raises HubError
    ``dimension_item.taken``, or the problem of the values."""
    with transaction.atomic():
        _lock_company(company)
        (planned,) = planning.items(company, [values])
        _require_first(planned.problems)
        if planned.existing and (item is None or planned.existing.pk != item.pk):
            raise HubError("dimension_item.taken", name=planned.existing)
        row = planned.row
        saved = item or DimensionItem(company=company)
        saved.kind, saved.name = row.kind, row.name
        saved.code = row.code if row.code is not None else saved.code
        saved.active = row.active if row.active is not None else saved.active
        saved.save()
    return saved


def _write_accounts(book: AccountBook, planned: Sequence[PlannedAccount]) -> None:
    """Parents before children: one statement for each level of new accounts."""
    by_code = {account.code: account for account in Account.objects.filter(book=book)}
    new = [one for one in planned if one.outcome == Outcome.NEW]
    while new:
        level = [one for one in new if not one.values["parent"] or one.values["parent"] in by_code]
        made = [_set(Account(book=book, code=one.row.code), _with_parent(one.values, by_code)) for one in level]
        by_code |= {account.code: account for account in Account.objects.bulk_create(made)}
        new = [one for one in new if one.row.code not in by_code]
    changed = [
        _set(by_code[o.row.code], _with_parent(o.values, by_code)) for o in planned if o.outcome == Outcome.CHANGED
    ]
    Account.objects.bulk_update(changed, _COLUMNS)


def _with_parent(values: dict[str, Any], by_code: dict[str, Account]) -> dict[str, Any]:
    return {**values, "parent": by_code.get(values["parent"])}


def _set(row: Any, values: dict[str, Any]) -> Any:
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _require_all(planned: Sequence[PlannedAccount] | Sequence[PlannedItem]) -> None:
    if any(one.problems for one in planned):
        raise RefusedRowsError(planned)


def _require_first(problems: Sequence[Message]) -> None:
    for problem in problems:
        raise HubError(problem.code, **problem.params)


def _lock_book(book: AccountBook) -> None:
    AccountBook.objects.select_for_update(no_key=True).only("pk").get(pk=book.pk)


def _lock_company(company: Company) -> None:
    Company.objects.select_for_update(no_key=True).only("pk").get(pk=company.pk)
