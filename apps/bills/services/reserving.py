"""Putting invoices on a bill and taking them off. Picking holds at once, for everybody.

All holds of one invoice queue at one lock of the database (the trigger in ``models.py`` takes the same), so what is
read under it stays true until the hold is written, and the second picker is told who has it. Locks are taken in one
order everywhere: the bill, its invoices, the ledger.
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
from apps.bills.models import Bill, BillInvoice, BillLine
from apps.bills.selectors import holders, live, shares_by_amount, sharing_policies
from apps.core import locks
from apps.core.errors import HubError
from apps.core.messages import Message
from apps.duplicates.models import DuplicateCase
from apps.duplicates.selectors import open_certain_case
from apps.invoices.masters import master_ids
from apps.invoices.models import Invoice
from apps.invoices.selectors import ledger

from .writing import editable, free, line_of, name_of, record, tell_ledger

MOST_AT_ONCE = 1000
_RELEASED = "bills.was_taken_off"
_LOCK = """
SELECT pg_advisory_xact_lock(%s, place)
  FROM (SELECT DISTINCT hashint8(id) AS place FROM unnest(%s::bigint[]) AS asked(id) ORDER BY place) AS places
"""
USE_FIELDS = ("line", "amount", "deductible", "input_tax", "transfer_out_reason")


@dataclass(frozen=True)
class Refusal:
    """An invoice that could not be put on the bill, and why."""

    invoice_id: int
    message: Message


@dataclass
class Picked:
    """What a pick did: the new uses, and what was refused. Nothing was held twice, whatever happened."""

    bill_invoices: list[BillInvoice] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True)
class Restored:
    """How many invoices are on the bill again, and how many somebody else has by now."""

    held: int
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
    """Put invoices on a draft: those that are free; the others are refused with a sentence each.

    ``amounts`` (yuan, by invoice id) claims a part of the total. ``override_reason`` lets a person with the permission
    ``bills.override_duplicate`` take invoices that are certainly there twice. Raises HubError when the bill cannot be
    changed.
    """
    found = editable(bill, revision)
    line = line and line_of(found, line)
    living = master_ids(invoice_ids)
    wanted = {living.get(pk, pk): (amounts or {}).get(pk) for pk in invoice_ids}
    lock(wanted)
    picked = choose(ground(wanted, user), found, line, wanted, user, override_reason)
    if picked.bill_invoices:
        _write(found, picked, user)
    return picked


def lock(invoice_ids: Any) -> None:
    """Queue for these (living) invoices, always in the same order, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [locks.RESERVATION, sorted(invoice_ids)])


@dataclass(frozen=True)
class Ground:
    """What is to be known of (living) invoices before they are put on bills: those one may see, who holds them, what
    certainly is there twice, and which bills may share."""

    invoices: Mapping[int, Invoice]
    taken: dict[int, list[BillInvoice]]
    cases: Mapping[int, DuplicateCase]
    shares: Callable[[int, str], bool]

    def give_back(self, bill_invoices: Iterable[BillInvoice]) -> None:
        """What was chosen is not taken after all."""
        for bill_invoice in bill_invoices:
            self.taken[bill_invoice.invoice_id].remove(bill_invoice)


def ground(invoice_ids: Collection[int], user: User | None) -> Ground:
    """As things are now; call it under ``lock`` if it is to stay true."""
    visible = ledger(user) if user else Invoice.objects.filter(merged_into=None)
    ids = list(invoice_ids)
    return Ground(visible.in_bulk(ids), holders(ids), open_certain_case(ids), sharing_policies())


def choose(
    on: Ground, bill: Bill, line: BillLine | None, wanted: Mapping[int, Decimal | None], user: User | None,
    override: str = "",
) -> Picked:  # fmt: skip
    """New uses of what may be held, unsaved and taken from the ground, and refusals of the rest. Raises HubError when
    it is too much at once."""
    if len(wanted) > MOST_AT_ONCE:
        raise HubError("bills.too_many", most=MOST_AT_ONCE)
    picked, now = Picked(), timezone.now()
    invoices, taken, cases = on.invoices, on.taken, on.cases
    sharing = on.shares(bill.company_id, bill.type)
    may_override = bool(override.strip()) and (user is None or user.has_perm("bills.override_duplicate"))
    for pk, amount in wanted.items():
        invoice = invoices.get(pk)
        if invoice is None:
            picked.refused.append(Refusal(pk, Message("bills.unknown_invoice", {"invoice": pk})))
            continue
        others = taken.get(pk, [])
        claimed, refusal = _share(invoice, amount, others, sharing, user)
        if refusal is None and any(_at(bill_invoice) == (bill.pk, line and line.pk) for bill_invoice in others):
            refusal = Message("bills.there_already", {"invoice": str(invoice)})
        if bill.company_id not in invoice.company_ids:
            refusal = Message("bills.not_of_company", {"invoice": str(invoice), "company": bill.company.name})
        elif refusal is None and pk in cases and not may_override:
            refusal = Message("bills.duplicate", {"invoice": str(invoice), "case": cases[pk].pk})
        if refusal is not None:
            picked.refused.append(Refusal(pk, refusal))
            continue
        bill_invoice = BillInvoice(
            bill=bill,
            line=line,
            invoice=invoice,
            amount=claimed,
            shared=sharing,
            picked_by=user,
            picked_at=now,
            deductible=False if bill.company.small_scale else None,
            override_reason=override.strip()[:300] if pk in cases else "",
        )
        picked.bill_invoices.append(bill_invoice)
        taken.setdefault(pk, []).append(bill_invoice)
    return picked


def _at(bill_invoice: BillInvoice) -> tuple[int, int | None]:
    """Where it lies: once on each line of a bill, and once on none."""
    return bill_invoice.bill_id, bill_invoice.line_id


def _share(
    invoice: Invoice, amount: Decimal | None, others: Sequence[BillInvoice], sharing: bool, user: User | None
) -> tuple[Decimal | None, Message | None]:
    """How much of the invoice can be claimed, or why nothing can. An invoice without a total has no limit."""
    total = invoice.total_amount
    blocking = [bill_invoice for bill_invoice in others if not sharing or not bill_invoice.shared]
    if blocking:
        return None, _held(invoice, blocking[0], user)
    if total is None:
        return amount, None
    left = abs(total) - sum((abs(bill_invoice.amount or Decimal()) for bill_invoice in others), Decimal())
    claimed = left if amount is None else abs(amount)
    if claimed > left or (others and not left):
        code = "bills.little_left" if others else "bills.too_much"
        return None, Message(code, {"invoice": str(invoice), "left": f"{left:.2f}", "total": f"{total:.2f}"})
    return claimed.copy_sign(total), None


def _held(invoice: Invoice, bill_invoice: BillInvoice, user: User | None) -> Message:
    """Who has it, on which bill, since when; no names of a company this person may not see."""
    since = f"{timezone.localtime(bill_invoice.picked_at):%Y-%m-%d %H:%M}"
    visible = None if user is None else visible_company_ids(user)
    if visible is not None and bill_invoice.bill.company_id not in visible:
        return Message("bills.held_unseen", {"invoice": str(invoice), "since": since})
    who = (
        name_of(bill_invoice.picked_by)
        if bill_invoice.picked_by or bill_invoice.bill.is_own
        else str(bill_invoice.bill.source)  # a name, not text of ours
    )
    return Message(
        "bills.held", {"invoice": str(invoice), "bill": bill_invoice.bill.number, "who": who, "since": since}
    )


def _write(bill: Bill, picked: Picked, user: User | None) -> None:
    BillInvoice.objects.bulk_create(picked.bill_invoices)
    tell_ledger(bill_invoice.invoice_id for bill_invoice in picked.bill_invoices)
    record(bill, "pick", user, "bills.was_picked", count=len(picked.bill_invoices))
    overridden = [bill_invoice for bill_invoice in picked.bill_invoices if bill_invoice.override_reason]
    if overridden:
        reason = overridden[0].override_reason
        record(bill, "override", user, "bills.was_overridden", reason, invoices=named(overridden))


@transaction.atomic
def release(
    bill: Bill, use_ids: Sequence[int], user: User | None, revision: int | None = None, *, said: str = _RELEASED
) -> int:
    """Take invoices off a draft; how many. ``said``: the sentence of the timeline, with ``count`` and ``invoices``."""
    found = editable(bill, revision)
    going = list(live(found.bill_invoices.filter(pk__in=use_ids)).select_related("invoice").order_by("pk"))
    freed = free(found.bill_invoices.filter(pk__in=[bill_invoice.pk for bill_invoice in going]), user)
    if freed:
        tell_ledger(freed)
        record(found, "release", user, said, count=len(freed), invoices=named(going))
    return len(freed)


def named(bill_invoices: Sequence[BillInvoice]) -> str:
    """Their invoices, as sentences list them; ``use.invoice`` should be at hand."""
    return ", ".join(str(bill_invoice.invoice) for bill_invoice in bill_invoices)[:500]


@transaction.atomic
def restore(bill: Bill, use_ids: Sequence[int], user: User | None, revision: int | None = None) -> Restored:
    """Put onto a draft again what was taken off it, as it was, where it is still free."""
    found = editable(bill, revision)
    restored = _take_up(found, found.bill_invoices.filter(pk__in=use_ids), user)
    if restored.held:
        record(found, "pick", user, "bills.was_put_back", held=restored.held, lost=restored.lost)
    return restored


@transaction.atomic
def adjust_bill_invoice(
    bill: Bill, bill_invoice: BillInvoice, user: User | None, revision: int | None = None, **changes: Any
) -> BillInvoice:
    """Change USE_FIELDS of an invoice on a draft; an amount of None claims all that is left. Raises HubError when the
    amount is more than there is."""
    found = editable(bill, revision)
    if changes.keys() - set(USE_FIELDS):
        raise TypeError(f"not for adjusting: {changes.keys() - set(USE_FIELDS)}")
    now = (
        found.bill_invoices.select_related("invoice")
        .exclude(state=BillInvoiceState.RELEASED)
        .filter(pk=bill_invoice.pk)
        .first()
    )
    if now is None:
        raise HubError("bills.use_gone", bill=found.number)
    if changes.get("line") is not None:
        changes["line"] = line_of(found, changes["line"])
    if "line" in changes:
        _must_be_alone(now, changes["line"])
    if "amount" in changes:
        changes["amount"] = _readjusted(now, changes["amount"], user)
    for name, value in changes.items():
        setattr(now, name, value)
    now.save(update_fields=list(changes))
    record(found, "adjust", user, "bills.use_adjusted", invoice=str(now.invoice))
    return now


def _must_be_alone(bill_invoice: BillInvoice, line: BillLine | None) -> None:
    """Raise HubError when another share of the same invoice lies where this one would."""
    if (
        live(bill_invoice.bill.bill_invoices.filter(line=line, invoice=bill_invoice.invoice_id))
        .exclude(pk=bill_invoice.pk)
        .exists()
    ):
        raise HubError("bills.there_already", invoice=str(bill_invoice.invoice))


def _readjusted(bill_invoice: BillInvoice, amount: Decimal | None, user: User | None) -> Decimal | None:
    living = master_ids([bill_invoice.invoice_id]).get(bill_invoice.invoice_id, bill_invoice.invoice_id)
    lock([living])
    others = [other for other in holders([living]).get(living, []) if other.pk != bill_invoice.pk]
    claimed, refusal = _share(bill_invoice.invoice, amount, others, bill_invoice.shared, user)
    if refusal is not None:
        raise HubError(refusal.code, **refusal.params)
    return claimed


def reserve_again(bill: Bill, user: User | None) -> Restored:
    """Take up again what the bill released when it went back, where it is still free."""
    restored = _take_up(bill, bill.bill_invoices.filter(released_with_bill=True), user)
    bill.bill_invoices.filter(released_with_bill=True).update(released_with_bill=False)
    return restored


def _take_up(bill: Bill, bill_invoices: QuerySet[BillInvoice], user: User | None) -> Restored:
    former = list(bill_invoices.filter(state=BillInvoiceState.RELEASED).select_related("invoice").order_by("pk"))
    living = master_ids([bill_invoice.invoice_id for bill_invoice in former])
    lock(living.values())
    taken = holders(living.values())
    sharing, cases = shares_by_amount(bill.company_id, bill.type), open_certain_case(living.values())
    held = []
    for bill_invoice in former:
        pk = living[bill_invoice.invoice_id]
        _claimed, refusal = _share(bill_invoice.invoice, bill_invoice.amount, taken.get(pk, []), sharing, user)
        if refusal is None and (pk not in cases or bill_invoice.override_reason):
            held.append(bill_invoice)
            taken.setdefault(pk, []).append(bill_invoice)
    back = bill.bill_invoices.filter(pk__in=[bill_invoice.pk for bill_invoice in held])
    back.update(
        state=BillInvoiceState.RESERVED, shared=sharing, picked_by=user, picked_at=timezone.now(), released_at=None,
        released_by=None, released_with_bill=False,
    )  # fmt: skip
    tell_ledger(bill_invoice.invoice_id for bill_invoice in held)
    return Restored(len(held), len(former) - len(held))
