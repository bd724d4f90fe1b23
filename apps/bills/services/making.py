"""Creating many bills with lines and invoices, each as a whole or not at all, in a fixed number of statements.

``hindrances`` reports refusals in advance; ``make_all`` decides the same under the locks and creates the bills.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import Company, User
from apps.bills.history import experience
from apps.bills.input_tax.services import refresh
from apps.bills.models import Bill, BillInvoice, BillLine, BillStep
from apps.bills.proposing import Experience, OpenLine
from apps.core.bulk import next_ids
from apps.core.errors import HubError
from apps.invoices.masters import master_ids

from . import reserving
from .placing import Placement
from .reserving import Ground, Place
from .writing import noted, update_usage

_ATTEMPTS = 3  # how often another transaction may take one of the numbers before we give up


@dataclass(frozen=True)
class NewLine:
    """``values`` of a line (``drafting.LINE_FIELDS``) and the ids of the invoices on it. Without values: invoices that
    name no line; they are put on the lines proposed for them."""

    values: Mapping[str, Any]
    invoices: Sequence[int]


@dataclass(frozen=True)
class NewBill:
    """``head``: further fields of the bill."""

    company: Company
    number: str
    head: Mapping[str, Any]
    lines: Sequence[NewLine]


@dataclass
class _BuiltBill:
    """An unsaved bill with its lines, invoices and timeline."""

    bill: Bill
    lines: list[BillLine] = field(default_factory=list)
    bill_invoices: list[BillInvoice] = field(default_factory=list)
    steps: list[BillStep] = field(default_factory=list)

    def note(self, action: str, user: User | None, code: str, **params: int) -> None:
        self.bill.revision += 1
        self.steps.append(noted(self.bill, action, user, code, "", **params))


def hindrances(new_bills: Sequence[NewBill], user: User | None) -> dict[int, HubError]:
    """Position → refusal, for the bills that could not be created in this order now. Reads only."""
    return _build(new_bills, user, _masters(new_bills), count(-1, -1), count(-1, -1))[1]


@transaction.atomic
def make_all(new_bills: Sequence[NewBill], user: User | None) -> dict[int, HubError]:
    """Create the bills; position → refusal of those that cannot be. Only for bills without an upstream: queues no
    pushes."""
    masters = _masters(new_bills)
    reserving.lock(set(masters.values()))
    ids = next_ids("bills_bill", len(new_bills)), next_ids("bills_billline", sum(len(one.lines) for one in new_bills))
    refused: dict[int, HubError] = {}
    for _attempt in range(_ATTEMPTS):
        made, refused = _build(new_bills, user, masters, iter(ids[0]), iter(ids[1]))
        try:
            with transaction.atomic():
                _write(made)
        except IntegrityError:  # another transaction took a number since the check; the next check sees it
            continue
        return refused
    return {place: HubError("bills.number_taken", number=one.number) for place, one in enumerate(new_bills)} | refused


def _masters(new_bills: Iterable[NewBill]) -> dict[int, int]:
    return master_ids(list({pk for one in new_bills for line in one.lines for pk in line.invoices}))


def _build(
    new_bills: Sequence[NewBill],
    user: User | None,
    masters: Mapping[int, int],
    bill_ids: Iterator[int],
    line_ids: Iterator[int],
) -> tuple[list[_BuiltBill], dict[int, HubError]]:
    """The bills that can be created, and position → refusal of the others. An invoice reserved by an earlier bill is
    taken for the later ones."""
    ground = reserving.ground(set(masters.values()), user)
    numbers = Bill.objects.filter(number__in={one.number for one in new_bills})
    taken = set(numbers.values_list("company_id", "number"))
    suggested = _experience(new_bills, ground)
    created: list[_BuiltBill] = []
    refused: dict[int, HubError] = {}
    for place, one in enumerate(new_bills):
        bill = Bill(pk=next(bill_ids), company=one.company, number=one.number, created_by=user, **one.head)
        bill.bill_date = bill.bill_date or timezone.localdate()
        built = _BuiltBill(bill)
        try:
            if (one.company.pk, one.number) in taken:
                raise HubError("bills.number_taken", number=one.number)
            _fill(built, one.lines, user, masters, ground, line_ids)
            _place_rest(built, one.lines, user, masters, ground, suggested.get(one.company.pk, Experience()))
        except HubError as error:
            refused[place] = error
            ground.put_back(built.bill_invoices)
        else:
            taken.add((one.company.pk, one.number))
            created.append(built)
    return created, refused


def _fill(
    built: _BuiltBill,
    lines: Sequence[NewLine],
    user: User | None,
    masters: Mapping[int, int],
    ground: Ground,
    line_ids: Iterator[int],
) -> None:
    """Put the lines on the bill, with their invoices. Raises HubError for the first invoice that cannot be reserved."""
    built.note("create", user, "bills.was_imported")
    for new_line in lines:
        if new_line.values:
            position = len(built.lines) + 1
            line = BillLine(pk=next(line_ids), bill=built.bill, position=position, **new_line.values)
            built.lines.append(line)
            built.note("line", user, "bills.line_put", position=position)
            _pick(built, new_line.invoices, line.pk, user, masters, ground)


def _place_rest(
    built: _BuiltBill,
    lines: Sequence[NewLine],
    user: User | None,
    masters: Mapping[int, int],
    ground: Ground,
    suggested: Experience,
) -> None:
    """Reserve the invoices that name no line, on the lines proposed for them. Raises HubError as ``_fill`` does."""
    open_lines = {line.pk: OpenLine(line.pk, line.cost_type, line.amount) for line in built.lines}
    for bill_invoice in built.bill_invoices:
        open_lines[bill_invoice.line_id or 0].take(bill_invoice.amount)
    place = Placement(open_lines.values(), suggested) if open_lines else None
    for new_line in lines:
        if not new_line.values:
            _pick(built, new_line.invoices, place, user, masters, ground)


def _pick(
    built: _BuiltBill,
    invoices: Sequence[int],
    place: Place,
    user: User | None,
    masters: Mapping[int, int],
    ground: Ground,
) -> None:
    if not invoices:
        return
    amount_of = dict.fromkeys(masters.get(pk, pk) for pk in invoices)
    picked = reserving.choose(ground, built.bill, place, amount_of, user)
    built.bill_invoices += picked.bill_invoices
    if picked.refused:
        message = picked.refused[0].message
        raise HubError(message.code, **message.params)
    built.note("pick", user, "bills.was_picked", count=len(picked.bill_invoices))


def _experience(new_bills: Iterable[NewBill], ground: Ground) -> dict[int, Experience]:
    """Company id → experience, of the companies whose bills have invoices that name no line; no query without such."""
    companies = {one.company.pk for one in new_bills if any(line.invoices and not line.values for line in one.lines)}
    return experience(companies, ground.invoices.values()) if companies else {}


def _write(made: Sequence[_BuiltBill]) -> None:
    # In one order, so that two transactions with the same numbers cannot deadlock.
    Bill.objects.bulk_create(sorted((one.bill for one in made), key=lambda bill: (bill.company_id, bill.number)))
    BillLine.objects.bulk_create([line for one in made for line in one.lines])
    BillInvoice.objects.bulk_create([bill_invoice for one in made for bill_invoice in one.bill_invoices])
    BillStep.objects.bulk_create([step for one in made for step in one.steps])
    refresh([one.bill.pk for one in made])
    update_usage([bill_invoice.invoice_id for one in made for bill_invoice in one.bill_invoices])
