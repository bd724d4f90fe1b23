"""The input of the rules (facts) and their output (findings). Pure."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.bills.amounts import BillAmounts


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another use of the invoice: by another bill here, or as reported by a source. ``key`` identifies it and does not
    change; ``reserved_by``: a person or a source; ``hidden``: the reader may not see that company, so that messages
    name neither the bill nor ``reserved_by``."""

    key: str
    bill: str = ""
    reserved_by: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An invoice of the same seller on a bill; its number differs by ``distance``."""

    number: str
    distance: int
    bill: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """One invoice as it is now. Amounts in yuan; None and '' mean unknown. ``kind``, ``status`` and ``verification``
    have the values of ``apps.sources.records``; ``deducted``: the input tax of it that the bill books."""

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
    """The bill of the invoice. ``company_names``: the current name first, then former names; ``is_own``: it was made
    here, so that its lines can be corrected here."""

    company_names: tuple[str, ...]
    company_tax_no: str
    claimed_on: date
    payee: str = ""
    is_own: bool = True
    amounts: BillAmounts = dataclasses.field(default_factory=BillAmounts)


@dataclass(frozen=True, slots=True)
class Finding:
    """One objection of a check: the canonical ``field`` has the value ``actual`` instead of ``expected``. ``code`` and
    ``params`` make the message (params are stored in overrides); findings with different ``evidence`` are different
    findings."""

    check: str
    code: str
    field: str
    actual: str
    expected: str = ""
    params: Mapping[str, str | int] = dataclasses.field(default_factory=dict)
    evidence: tuple[str, ...] = ()
