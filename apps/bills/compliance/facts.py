"""What the rules look at, and what they answer. Pure."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Somebody else's use of the invoice: on another bill of ours, or what a source says. ``key`` names it for good;
    ``hidden``: the reader may not see that company, so neither bill nor holder is named."""

    key: str
    bill: str = ""
    holder: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An invoice of the same seller on some bill, ``distance`` numbers away."""

    number: str
    distance: int
    bill: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """One invoice as it is now. Amounts in yuan; None and '' mean that nobody says. ``kind``, ``status`` and
    ``verification`` are those of ``apps.sources.records``; ``deducted`` is the input tax that the bill books of it."""

    number: str = ""
    kind: str = "unknown"
    direction: str = "input"
    issue_date: date | None = None
    amount_excl_tax: Decimal | None = None
    tax_amount: Decimal | None = None
    deducted: Decimal | None = None
    total_amount: Decimal | None = None
    buyer_name: str = ""
    buyer_tax_no: str = ""
    seller_name: str = ""
    seller_tax_no: str = ""
    status: str = "normal"
    verification: str = "unknown"
    flags: frozenset[str] = frozenset()
    goods: tuple[str, ...] = ()
    machine_numbers: tuple[str, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()


@dataclass(frozen=True, slots=True)
class BillFacts:
    """The bill an invoice is on. ``company_names``: the name of today first, former ones behind it."""

    company_names: tuple[str, ...]
    company_tax_no: str
    claimed_on: date
    payee: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, in which canonical ``field``, against what. ``code`` and ``params`` make the sentence
    (``sentences.py``); ``evidence`` are the facts it stands on: other evidence is another finding."""

    check: str
    code: str
    field: str
    found: str
    expected: str = ""
    params: Mapping[str, str | int] = dataclasses.field(default_factory=dict)
    evidence: tuple[str, ...] = ()
