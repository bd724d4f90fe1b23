"""Reserving invoices for a bill and releasing them. A reservation takes effect at once.

All reservations of one invoice wait for one advisory lock (the trigger in ``models.py`` takes the same), so what is
read under it stays true until the reservation is written, and a refusal can name the bill that has the invoice. Locks
are taken in one order everywhere: the bill, its invoices, the ledger.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.visibility import visible_company_ids
from apps.bills.choices import BillInvoiceState
from apps.bills.input_tax import deciding
from apps.bills.input_tax.services import refresh
from apps.bills.models import Bill, BillInvoice, BillLine
from apps.bills.selectors import live, reservations_of, shares_by_amount, sharing_policies
from apps.core import locks
from apps.core.errors import HubError
from apps.core.messages import Message
from apps.duplicates.models import DuplicateCase
from apps.duplicates.selectors import open_certain_case
from apps.invoices.masters import master_ids
from apps.invoices.models import Invoice
from apps.invoices.selectors import ledger

from . import placing
from .placing import Placement
from .writing import editable, free, line_of, name_of, record, update_usage

MOST_AT_ONCE = 1000
_RELEASED_CODE = "bills.was_taken_off"
_LOCK = """
SELECT pg_advisory_xact_lock(%s, place)
  FROM (SELECT DISTINCT hashint8(id) AS place FROM unnest(%s::bigint[]) AS requested(id) ORDER BY place) AS places
"""
# Where invoices are put: on the line with this id, or where a placement proposes; None: on no line, because the bill
# has none. An invoice can be on each line of a bill once, and once on no line.
Place = int | Placement | None
ADJUSTABLE_FIELDS = ("line", "amount", *deciding.TAX_FIELDS)


@dataclass(frozen=True)
class Refusal:
    """An invoice that could not be put on the bill, and why."""

    invoice_id: int
    message: Message


@dataclass
class Picked:
    """Result of reserving: the new bill invoices, and the refused invoices."""

    bill_invoices: list[BillInvoice] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True)
class Restored:
    """Number of invoices reserved again, and of those not: other bills have reserved them, or they are certain
    duplicates."""

    reserved: int
    lost: int


@transaction.atomic
def reserve(
    bill: Bill,
    invoice_ids: Sequence[int],
    user: User | None,
    revision: int | None = None,
    *,
    line: BillLine | None = None,
    amounts: Mapping[int, Decimal] | None = None,
    override_reason: str = "",
) -> Picked:
    """Reserve invoices for a draft: free ones are reserved, the others refused with a message each.

    ``amounts`` (yuan, by invoice id) claims a part of the total. ``override_reason`` lets a person with the permission
    ``bills.override_duplicate`` reserve certain duplicates. Raises HubError when the bill cannot be changed.
    """
    draft = editable(bill, revision)
    line = line and line_of(draft, line)
    masters = master_ids(invoice_ids)
    amount_of = {masters.get(pk, pk): (amounts or {}).get(pk) for pk in invoice_ids}
    lock(amount_of)
    on = ground(amount_of, user)
    place: Place = line.pk if line else placing.placement(draft, on.invoices.values())
    picked = choose(on, draft, place, amount_of, user, override_reason)
    if picked.bill_invoices:
        _write(draft, picked, user)
    return picked


def lock(invoice_ids: Any) -> None:
    """Take the locks of these masters, always in the same order, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [locks.RESERVATION, sorted(invoice_ids)])


@dataclass(frozen=True)
class Ground:
    """What decides whether masters can be reserved: the visible ``invoices``, their reservations (``taken``), the open
    certain duplicate ``cases``, and ``shares`` (company id, bill type): whether such bills may share."""

    invoices: Mapping[int, Invoice]
    taken: dict[int, list[BillInvoice]]
    cases: Mapping[int, DuplicateCase]
    shares: Callable[[int, str], bool]

    def put_back(self, bill_invoices: Iterable[BillInvoice]) -> None:
        """Undo ``choose``: these bill invoices will not be saved."""
        for bill_invoice in bill_invoices:
            self.taken[bill_invoice.invoice_id].remove(bill_invoice)


def ground(invoice_ids: Collection[int], user: User | None) -> Ground:
    """The present state; it stays true only under ``lock``."""
    visible = ledger(user) if user else Invoice.objects.filter(merged_into=None)
    ids = list(invoice_ids)
    return Ground(visible.in_bulk(ids), reservations_of(ids), open_certain_case(ids), sharing_policies())


def choose(
    on: Ground, bill: Bill, place: Place, amount_of: Mapping[int, Decimal | None], user: User | None,
    override: str = "",
) -> Picked:  # fmt: skip
    """Unsaved bill invoices for those that can be reserved, entered into ``on.taken``, and refusals of the rest. Raises
    HubError for more than MOST_AT_ONCE invoices."""
    if len(amount_of) > MOST_AT_ONCE:
        raise HubError("bills.too_many", most=MOST_AT_ONCE)
    picked, now = Picked(), timezone.now()
    sharing = on.shares(bill.company_id, bill.type)
    may_override = bool(override.strip()) and (user is None or user.has_perm("bills.override_duplicate"))
    for pk, amount in amount_of.items():
        invoice, others = on.invoices.get(pk), on.taken.get(pk, [])
        if invoice is None:
            picked.refused.append(Refusal(pk, Message("bills.unknown_invoice", {"invoice": pk})))
            continue
        claimed, refusal = _share(invoice, amount, others, sharing, user)
        lines = {bill_invoice.line_id for bill_invoice in others if bill_invoice.bill_id == bill.pk}
        line_id = place.choose(invoice, claimed, lines) if isinstance(place, Placement) else place
        if refusal is None and (line_id in lines or (line_id is None and place is not None)):
            refusal = Message("bills.on_line_already", {"invoice": str(invoice)})
        if bill.company_id not in invoice.company_ids:
            refusal = Message("bills.not_of_company", {"invoice": str(invoice), "company": bill.company.name})
        elif refusal is None and pk in on.cases and not may_override:
            refusal = Message("bills.duplicate", {"invoice": str(invoice), "case": on.cases[pk].pk})
        if refusal is not None:
            picked.refused.append(Refusal(pk, refusal))
            continue
        bill_invoice = BillInvoice(
            bill=bill, line_id=line_id, line_proposed=isinstance(place, Placement), invoice=invoice, amount=claimed,
            shared=sharing, picked_by=user, picked_at=now,
            deductible=False if bill.company.small_scale else None,
            override_reason=override.strip()[:300] if pk in on.cases else "",
        )  # fmt: skip
        picked.bill_invoices.append(bill_invoice)
        on.taken.setdefault(pk, []).append(bill_invoice)
        if isinstance(place, Placement):
            place.take(line_id, claimed)
    return picked


def _share(
    invoice: Invoice, amount: Decimal | None, others: Sequence[BillInvoice], sharing: bool, user: User | None
) -> tuple[Decimal | None, Message | None]:
    """The amount that can be claimed of the invoice (yuan), or the refusal. An invoice without a total has no limit."""
    total = invoice.total_amount
    blocking = [bill_invoice for bill_invoice in others if not sharing or not bill_invoice.shared]
    if blocking:
        return None, _reserved_message(invoice, blocking[0], user)
    if total is None:
        return amount, None
    left = abs(total) - sum((abs(bill_invoice.amount or Decimal()) for bill_invoice in others), Decimal())
    claimed = left if amount is None else abs(amount)
    if claimed > left or (others and not left):
        code = "bills.exceeds_rest" if others else "bills.exceeds_total"
        return None, Message(code, {"invoice": str(invoice), "left": f"{left:.2f}", "total": f"{total:.2f}"})
    return claimed.copy_sign(total), None


def _reserved_message(invoice: Invoice, bill_invoice: BillInvoice, user: User | None) -> Message:
    """The refusal that names bill, person and time of a reservation, without names of a company the user may not
    see."""
    since = f"{timezone.localtime(bill_invoice.picked_at):%Y-%m-%d %H:%M}"
    visible = None if user is None else visible_company_ids(user)
    if visible is not None and bill_invoice.bill.company_id not in visible:
        return Message("bills.reserved_unseen", {"invoice": str(invoice), "since": since})
    who = (
        name_of(bill_invoice.picked_by)
        if bill_invoice.picked_by or bill_invoice.bill.is_own
        else str(bill_invoice.bill.source)
    )
    return Message(
        "bills.reserved_already",
        {"invoice": str(invoice), "bill": bill_invoice.bill.number, "who": who, "since": since},
    )


def _write(bill: Bill, picked: Picked, user: User | None) -> None:
    BillInvoice.objects.bulk_create(picked.bill_invoices)
    refresh([bill.pk])
    update_usage(bill_invoice.invoice_id for bill_invoice in picked.bill_invoices)
    record(bill, "pick", user, "bills.was_picked", count=len(picked.bill_invoices))
    overridden = [bill_invoice for bill_invoice in picked.bill_invoices if bill_invoice.override_reason]
    if overridden:
        reason = overridden[0].override_reason
        record(bill, "override", user, "bills.was_overridden", reason, invoices=invoice_names(overridden))


@transaction.atomic
def release(
    bill: Bill,
    bill_invoice_ids: Sequence[int],
    user: User | None,
    revision: int | None = None,
    *,
    code: str = _RELEASED_CODE,
) -> int:
    """Release invoices of a draft; their number. ``code``: the timeline's message, with ``count`` and ``invoices``."""
    draft = editable(bill, revision)
    rows = list(live(draft.bill_invoices.filter(pk__in=bill_invoice_ids)).select_related("invoice").order_by("pk"))
    freed = free(draft.bill_invoices.filter(pk__in=[bill_invoice.pk for bill_invoice in rows]), user)
    if freed:
        update_usage(freed)
        record(draft, "release", user, code, count=len(freed), invoices=invoice_names(rows))
    return len(freed)


def invoice_names(bill_invoices: Sequence[BillInvoice]) -> str:
    """The invoices as a list for messages; load ``invoice`` with the rows."""
    return ", ".join(str(bill_invoice.invoice) for bill_invoice in bill_invoices)[:500]


@transaction.atomic
def restore(bill: Bill, bill_invoice_ids: Sequence[int], user: User | None, revision: int | None = None) -> Restored:
    """Reserve released invoices of a draft again with their former values, where they are free."""
    draft = editable(bill, revision)
    restored = _reserve_where_free(draft, draft.bill_invoices.filter(pk__in=bill_invoice_ids), user)
    if restored.reserved:
        placing.place(draft)
        refresh([draft.pk])
        record(draft, "pick", user, "bills.was_put_back", held=restored.reserved, lost=restored.lost)
    return restored


@transaction.atomic
def adjust_bill_invoice(
    bill: Bill, bill_invoice: BillInvoice, user: User | None, revision: int | None = None, **changes: Any
) -> BillInvoice:
    """Change ADJUSTABLE_FIELDS of an invoice on a draft; an amount of None claims the whole rest. What a person changes
    of the tax stays; ``deductible`` None goes back to the computed tax. Raises HubError when the amount exceeds the
    rest, or the tax does not fit."""
    draft = editable(bill, revision)
    if changes.keys() - set(ADJUSTABLE_FIELDS):
        raise TypeError(f"not for adjusting: {changes.keys() - set(ADJUSTABLE_FIELDS)}")
    current = (
        draft.bill_invoices.select_related("invoice", "bill__company", "line")
        .exclude(state=BillInvoiceState.RELEASED)
        .filter(pk=bill_invoice.pk)
        .first()
    )
    if current is None:
        raise HubError("bills.bill_invoice_gone", bill=draft.number)
    if changes.get("line") is not None:
        changes["line"] = line_of(draft, changes["line"])
    if "line" in changes:
        _must_be_alone(current, changes["line"])
        changes["line_proposed"] = False
    if "amount" in changes:
        changes["amount"] = _readjusted(current, changes["amount"], user)
    changes = deciding.completed(current, changes, name_of(user))
    for name, value in changes.items():
        setattr(current, name, value)
    current.save(update_fields=list(changes))
    refresh([draft.pk])
    current.refresh_from_db()
    record(draft, "adjust", user, "bills.use_adjusted", invoice=str(current.invoice))
    return current


def _must_be_alone(bill_invoice: BillInvoice, line: BillLine | None) -> None:
    """Raise HubError when another share of the same invoice is on this line already."""
    if (
        live(bill_invoice.bill.bill_invoices.filter(line=line, invoice=bill_invoice.invoice_id))
        .exclude(pk=bill_invoice.pk)
        .exists()
    ):
        raise HubError("bills.on_line_already", invoice=str(bill_invoice.invoice))


def _readjusted(bill_invoice: BillInvoice, amount: Decimal | None, user: User | None) -> Decimal | None:
    master = master_ids([bill_invoice.invoice_id]).get(bill_invoice.invoice_id, bill_invoice.invoice_id)
    lock([master])
    others = [other for other in reservations_of([master]).get(master, []) if other.pk != bill_invoice.pk]
    claimed, refusal = _share(bill_invoice.invoice, amount, others, bill_invoice.shared, user)
    if refusal is not None:
        raise HubError(refusal.code, **refusal.params)
    return claimed


def reserve_again(bill: Bill, user: User | None) -> Restored:
    """Reserve again the invoices that were released with the bill, where they are free."""
    restored = _reserve_where_free(bill, bill.bill_invoices.filter(released_with_bill=True), user)
    bill.bill_invoices.filter(released_with_bill=True).update(released_with_bill=False)
    placing.place(bill)
    refresh([bill.pk])
    return restored


def _reserve_where_free(bill: Bill, bill_invoices: QuerySet[BillInvoice], user: User | None) -> Restored:
    former = list(bill_invoices.filter(state=BillInvoiceState.RELEASED).select_related("invoice").order_by("pk"))
    masters = master_ids([bill_invoice.invoice_id for bill_invoice in former])
    lock(masters.values())
    taken = reservations_of(masters.values())
    sharing, cases = shares_by_amount(bill.company_id, bill.type), open_certain_case(masters.values())
    free_again = []
    for bill_invoice in former:
        pk = masters[bill_invoice.invoice_id]
        others = taken.get(pk, [])
        _claimed, refusal = _share(bill_invoice.invoice, bill_invoice.amount, others, sharing, user)
        place = bill.pk, bill_invoice.line_id
        there = any((other.bill_id, other.line_id) == place for other in others)
        if refusal is None and not there and (pk not in cases or bill_invoice.override_reason):
            free_again.append(bill_invoice)
            taken.setdefault(pk, []).append(bill_invoice)
    back = bill.bill_invoices.filter(pk__in=[bill_invoice.pk for bill_invoice in free_again])
    back.update(
        state=BillInvoiceState.RESERVED, shared=sharing, picked_by=user, picked_at=timezone.now(), released_at=None,
        released_by=None, released_with_bill=False,
    )  # fmt: skip
    update_usage(bill_invoice.invoice_id for bill_invoice in free_again)
    return Restored(len(free_again), len(former) - len(free_again))
