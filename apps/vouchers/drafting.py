"""Builds the entries of a proposed voucher from the costs of bills, through the book's account mapping. Pure.

Debit and credit balance by construction, to the cent. An account that the mapping does not have stays empty; the
checks report it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from .content import ZERO, EntryContent

TRANSFER_OUT = "进项税额转出"


@dataclass(frozen=True)
class Cost:
    """One cost of one bill in yuan.

    ``total`` is the part of the amount to be paid that it is. ``tax`` and ``pending`` are the deductible tax within it:
    of ticked invoices, and of those that wait to be ticked. ``transferred_out``: tax that was ticked but may not be
    deducted; it stays in the expense. ``apart``: it gets an entry of its own.
    """

    bill: str
    cost_type: str
    total: Decimal
    tax: Decimal = ZERO
    summary: str = ""
    pending: Decimal = ZERO
    transferred_out: Decimal = ZERO
    apart: bool = False


@dataclass(frozen=True)
class Accounts:
    """The accounts of a cost type; '': not entered."""

    debit: str = ""
    tax: str = ""
    credit: str = ""
    pending_tax: str = ""
    transfer_out: str = ""


def _no_dimension(_account: str, _bill: str) -> str:
    return ""


def draft_entries(
    costs: Iterable[Cost],
    mapping: Mapping[str, Accounts],
    dimension_of: Callable[[str, str], str] = _no_dimension,
) -> tuple[EntryContent, ...]:
    """Debits by account and cost type, then input tax and pending input tax by account; credits of transferred-out tax
    by account, then of payables by bill. Zero sums are left out. Facts: docs/domain.md, "Vouchers of an expense claim".

    ``mapping``: cost type → accounts; the key '' has the defaults for accounts that are not entered. ``dimension_of``:
    (account, bill) → dimensions of the entry; entries of different dimensions are not added up.
    """
    expense: dict[Any, EntryContent] = {}
    tax: dict[Any, EntryContent] = {}
    pending: dict[Any, EntryContent] = {}
    out: dict[Any, EntryContent] = {}
    payable: dict[Any, EntryContent] = {}
    for cost in costs:
        accounts = _accounts(cost.cost_type, mapping)
        summary = cost.summary or " ".join(filter(None, (cost.cost_type, cost.bill)))
        net = cost.total - cost.tax - cost.pending
        expense_key = cost.cost_type, cost.bill if cost.apart else None
        add = partial(_add, bill=cost.bill, dimension_of=dimension_of)
        add(expense, expense_key, accounts.debit, summary, debit=net)
        add(tax, None, accounts.tax, summary, debit=cost.tax + cost.transferred_out)
        add(pending, None, accounts.pending_tax, summary, debit=cost.pending)
        moved_out = f"{TRANSFER_OUT} {summary}"
        add(out, None, accounts.transfer_out, moved_out, credit=cost.transferred_out)
        add(payable, cost.bill, accounts.credit, cost.bill, credit=cost.total)
    entries = [entry for by_key in (expense, tax, pending, out, payable) for entry in by_key.values()]
    return tuple(entry for entry in entries if entry.debit or entry.credit)


def _accounts(cost_type: str, mapping: Mapping[str, Accounts]) -> Accounts:
    own, default = mapping.get(cost_type, Accounts()), mapping.get("", Accounts())
    return Accounts(
        own.debit or default.debit,
        own.tax or default.tax,
        own.credit or default.credit,
        own.pending_tax or default.pending_tax,
        own.transfer_out or default.transfer_out,
    )


def _add(
    entries: dict[Any, EntryContent],
    apart_by: Any,
    account: str,
    summary: str,
    *,
    bill: str,
    dimension_of: Callable[[str, str], str],
    debit: Decimal = ZERO,
    credit: Decimal = ZERO,
) -> None:
    """Add an amount to the entry of this account, its dimensions and ``apart_by``. The first amount that is not zero
    gives it its summary."""
    if debit or credit:
        dimension = dimension_of(account, bill)
        key = account, dimension, apart_by
        entry = entries.get(key) or EntryContent(summary=summary[:300], account=account, dimension=dimension)
        entries[key] = replace(entry, debit=entry.debit + debit, credit=entry.credit + credit)
