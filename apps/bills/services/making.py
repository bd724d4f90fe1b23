"""Many new bills at once with their lines and invoices, each as a whole or not at all, in as many statements as one.

``hindrances`` says beforehand what would refuse them; ``make_all`` asks the same under the locks and then makes them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import Company, User
from apps.bills.models import Bill, BillInvoice, BillLine, BillStep
from apps.core.bulk import next_ids
from apps.core.errors import HubError
from apps.invoices.masters import master_ids

from . import reserving
from .reserving import Ground
from .writing import noted, tell_ledger

_LOOKS = 3  # how often a number may be snatched away while we write, before we give up


@dataclass(frozen=True)
class NewLine:
    """``values`` of a line (``drafting.LINE_FIELDS``; empty: none) and the ids of the invoices on it."""

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
class _Made:
    """A bill with all that is on it, unsaved, and its timeline."""

    bill: Bill
    lines: list[BillLine] = field(default_factory=list)
    bill_invoices: list[BillInvoice] = field(default_factory=list)
    steps: list[BillStep] = field(default_factory=list)

    def note(self, action: str, user: User | None, code: str, **params: int) -> None:
        self.bill.revision += 1
        self.steps.append(noted(self.bill, action, user, code, "", **params))


def hindrances(wanted: Sequence[NewBill], user: User | None) -> dict[int, HubError]:
    """Why some of these cannot be made one after the other as things are, by their place in the row. Reads only."""
    return _put_together(wanted, user, _living(wanted), count(-1, -1), count(-1, -1))[1]


@transaction.atomic
def make_all(wanted: Sequence[NewBill], user: User | None) -> dict[int, HubError]:
    """Make those that can be; why the others cannot, by place. For bills that belong to no system: nobody is told."""
    living = _living(wanted)
    reserving.lock(set(living.values()))
    ids = next_ids("bills_bill", len(wanted)), next_ids("bills_billline", sum(len(one.lines) for one in wanted))
    refused: dict[int, HubError] = {}
    for _look in range(_LOOKS):
        made, refused = _put_together(wanted, user, living, iter(ids[0]), iter(ids[1]))
        try:
            with transaction.atomic():
                _write(made)
        except IntegrityError:  # somebody took a number since we looked; by now it can be seen
            continue
        return refused
    return {place: HubError("bills.number_taken", number=one.number) for place, one in enumerate(wanted)} | refused


def _living(wanted: Iterable[NewBill]) -> dict[int, int]:
    return master_ids(list({pk for one in wanted for line in one.lines for pk in line.invoices}))


def _put_together(
    wanted: Sequence[NewBill],
    user: User | None,
    living: Mapping[int, int],
    bill_ids: Iterator[int],
    line_ids: Iterator[int],
) -> tuple[list[_Made], dict[int, HubError]]:
    """The bills that can be made, and why the others cannot, by place; what the earlier ones hold, the later ones
    cannot."""
    ground = reserving.ground(set(living.values()), user)
    numbers = Bill.objects.filter(number__in={one.number for one in wanted})
    taken = set(numbers.values_list("company_id", "number"))
    made: list[_Made] = []
    refused: dict[int, HubError] = {}
    for place, one in enumerate(wanted):
        bill = Bill(pk=next(bill_ids), company=one.company, number=one.number, created_by=user, **one.head)
        bill.bill_date = bill.bill_date or timezone.localdate()
        found = _Made(bill)
        try:
            if (one.company.pk, one.number) in taken:
                raise HubError("bills.number_taken", number=one.number)
            _fill(found, one.lines, user, living, ground, line_ids)
        except HubError as error:
            refused[place] = error
            ground.give_back(found.bill_invoices)
        else:
            taken.add((one.company.pk, one.number))
            made.append(found)
    return made, refused


def _fill(
    found: _Made,
    lines: Sequence[NewLine],
    user: User | None,
    living: Mapping[int, int],
    ground: Ground,
    line_ids: Iterator[int],
) -> None:
    """Put the lines on the bill. Raises HubError for the first invoice that cannot be held."""
    found.note("create", user, "bills.was_imported")
    for new_line in lines:
        line = None
        if new_line.values:
            position = len(found.lines) + 1
            line = BillLine(pk=next(line_ids), bill=found.bill, position=position, **new_line.values)
            found.lines.append(line)
            found.note("line", user, "bills.line_put", position=position)
        if new_line.invoices:
            wanted = dict.fromkeys(living.get(pk, pk) for pk in new_line.invoices)
            picked = reserving.choose(ground, found.bill, line, wanted, user)
            found.bill_invoices += picked.bill_invoices
            if picked.refused:
                message = picked.refused[0].message
                raise HubError(message.code, **message.params)
            found.note("pick", user, "bills.was_picked", count=len(picked.bill_invoices))


def _write(made: Sequence[_Made]) -> None:
    # In one order, so that two who make bills of the same numbers wait for each other and not in a circle.
    Bill.objects.bulk_create(sorted((one.bill for one in made), key=lambda bill: (bill.company_id, bill.number)))
    BillLine.objects.bulk_create([line for one in made for line in one.lines])
    BillInvoice.objects.bulk_create([bill_invoice for one in made for bill_invoice in one.bill_invoices])
    BillStep.objects.bulk_create([step for one in made for step in one.steps])
    tell_ledger([bill_invoice.invoice_id for one in made for bill_invoice in one.bill_invoices])
