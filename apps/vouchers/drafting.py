"""Builds the entries of a proposed voucher from the costs of bills, through the book's account mapping. Pure.

Debit and credit balance by construction, to the cent. An account that the mapping does not have stays empty; the
checks report it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from .content import ZERO, EntryContent


@dataclass(frozen=True)
class Cost:
    """One cost of one bill in yuan. ``tax``: the deductible part of ``total``."""

    bill: str
    cost_type: str
    total: Decimal
    tax: Decimal = ZERO
    summary: str = ""


@dataclass(frozen=True)
class Accounts:
    """The accounts of a cost type; '': not entered."""

    debit: str = ""
    tax: str = ""
    credit: str = ""


def draft_entries(costs: Iterable[Cost], mapping: Mapping[str, Accounts]) -> tuple[EntryContent, ...]:
    """Debits by account and cost type, then input tax by account, then credits by bill; zero sums are left out.

    ``mapping``: cost type → accounts; the key '' has the defaults for accounts that are not entered.
    """
    net: dict[tuple[str, str], EntryContent] = {}
    tax: dict[str, EntryContent] = {}
    credit: dict[tuple[str, str], EntryContent] = {}
    for cost in costs:
        accounts = _accounts(cost.cost_type, mapping)
        summary = cost.summary or " ".join(filter(None, (cost.cost_type, cost.bill)))
        _add(net, (accounts.debit, cost.cost_type), accounts.debit, summary, debit=cost.total - cost.tax)
        _add(tax, accounts.tax, accounts.tax, summary, debit=cost.tax)
        _add(credit, (accounts.credit, cost.bill), accounts.credit, cost.bill, credit=cost.total)
    return tuple(entry for entry in (*net.values(), *tax.values(), *credit.values()) if entry.debit or entry.credit)


def _accounts(cost_type: str, mapping: Mapping[str, Accounts]) -> Accounts:
    own, default = mapping.get(cost_type, Accounts()), mapping.get("", Accounts())
    return Accounts(own.debit or default.debit, own.tax or default.tax, own.credit or default.credit)


def _add(
    entries: dict[Any, EntryContent],
    key: Any,
    account: str,
    summary: str,
    debit: Decimal = ZERO,
    credit: Decimal = ZERO,
) -> None:
    entry = entries.get(key) or EntryContent(summary=summary[:300], account=account)
    entries[key] = replace(entry, debit=entry.debit + debit, credit=entry.credit + credit)
