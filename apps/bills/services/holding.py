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
from django.utils.formats import date_format

from apps.accounts.models import User
from apps.accounts.selectors import visible_company_ids
from apps.bills.choices import UseState
from apps.bills.models import Bill, BillEntry, InvoiceUse
from apps.bills.selectors import holders, live, shares_by_amount, sharing_policies
from apps.core.errors import HubError
from apps.core.messages import Message
from apps.duplicates.models import Case
from apps.duplicates.selectors import open_certain_case
from apps.invoices import standing
from apps.invoices.models import Invoice
from apps.invoices.selectors import ledger

from .writing import editable, entry_of, free, name_of, record, tell_ledger

MOST_AT_ONCE = 1000
_RELEASED = "bills.was_taken_off"
_HOLD_LOCK = 7_301  # as in the trigger
_LOCK = """
SELECT pg_advisory_xact_lock(%s, place)
  FROM (SELECT DISTINCT hashint8(id) AS place FROM unnest(%s::bigint[]) AS asked(id) ORDER BY place) AS places
"""
USE_FIELDS = ("entry", "amount", "deductible", "input_tax", "transfer_out_reason")


@dataclass(frozen=True)
class Refusal:
    """An invoice that could not be put on the bill, and why."""

    invoice_id: int
    message: Message


@dataclass
class Picked:
    """What a pick did: the new uses, and what was refused. Nothing was held twice, whatever happened."""

    uses: list[InvoiceUse] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True)
class Restored:
    """How many invoices are on the bill again, and how many somebody else has by now."""

    held: int
    lost: int


@transaction.atomic
def hold(
    bill: Bill,
    invoice_ids: Sequence[int],
    user: User | None,
    revision: int | None = None,
    *,
    entry: BillEntry | None = None,
    amounts: Mapping[int, Decimal] | None = None,
    override_reason: str = "",
) -> Picked:
    """Put invoices on a draft: those that are free; the others are refused with a sentence each.

    ``amounts`` (yuan, by invoice id) claims a part of the total. ``override_reason`` lets a person with the permission
    ``bills.override_duplicate`` take invoices that are certainly there twice. Raises HubError when the bill cannot be
    changed.
    """
    found = editable(bill, revision)
    entry = entry and entry_of(found, entry)
    living = standing.living(invoice_ids)
    wanted = {living.get(pk, pk): (amounts or {}).get(pk) for pk in invoice_ids}
    lock(wanted)
    picked = choose(ground(wanted, user), found, entry, wanted, user, override_reason)
    if picked.uses:
        _write(found, picked, user)
    return picked


def lock(invoice_ids: Any) -> None:
    """Queue for these (living) invoices, always in the same order, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [_HOLD_LOCK, sorted(invoice_ids)])


@dataclass(frozen=True)
class Ground:
    """What is to be known of (living) invoices before they are put on bills: those one may see, who holds them, what
    certainly is there twice, and which bills may share."""

    invoices: Mapping[int, Invoice]
    taken: dict[int, list[InvoiceUse]]
    cases: Mapping[int, Case]
    shares: Callable[[int, str], bool]

    def give_back(self, uses: Iterable[InvoiceUse]) -> None:
        """What was chosen is not taken after all."""
        for use in uses:
            self.taken[use.invoice_id].remove(use)


def ground(invoice_ids: Collection[int], user: User | None) -> Ground:
    """As things are now; call it under ``lock`` if it is to stay true."""
    visible = ledger(user) if user else Invoice.objects.filter(merged_into=None)
    ids = list(invoice_ids)
    return Ground(visible.in_bulk(ids), holders(ids), open_certain_case(ids), sharing_policies())


def choose(
    on: Ground, bill: Bill, entry: BillEntry | None, wanted: Mapping[int, Decimal | None], user: User | None,
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
        if refusal is None and any(_at(use) == (bill.pk, entry and entry.pk) for use in others):
            refusal = Message("bills.there_already", {"invoice": str(invoice)})
        if bill.company_id not in invoice.company_ids:
            refusal = Message("bills.not_of_company", {"invoice": str(invoice), "company": bill.company.name})
        elif refusal is None and pk in cases and not may_override:
            refusal = Message("bills.duplicate", {"invoice": str(invoice), "case": cases[pk].pk})
        if refusal is not None:
            picked.refused.append(Refusal(pk, refusal))
            continue
        use = InvoiceUse(
            bill=bill,
            entry=entry,
            invoice=invoice,
            amount=claimed,
            shared=sharing,
            picked_by=user,
            picked_at=now,
            deductible=False if bill.company.small_scale else None,
            override_reason=override.strip()[:300] if pk in cases else "",
        )
        picked.uses.append(use)
        taken.setdefault(pk, []).append(use)
    return picked


def _at(use: InvoiceUse) -> tuple[int, int | None]:
    """Where it lies: once on each entry of a bill, and once on none."""
    return use.bill_id, use.entry_id


def _share(
    invoice: Invoice, amount: Decimal | None, others: Sequence[InvoiceUse], sharing: bool, user: User | None
) -> tuple[Decimal | None, Message | None]:
    """How much of the invoice can be claimed, or why nothing can. An invoice without a total has no limit."""
    total = invoice.total_amount
    blocking = [use for use in others if not sharing or not use.shared]
    if blocking:
        return None, _held(invoice, blocking[0], user)
    if total is None:
        return amount, None
    left = abs(total) - sum((abs(use.amount or Decimal()) for use in others), Decimal())
    claimed = left if amount is None else abs(amount)
    if claimed > left or (others and not left):
        code = "bills.little_left" if others else "bills.too_much"
        return None, Message(code, {"invoice": str(invoice), "left": f"{left:.2f}", "total": f"{total:.2f}"})
    return claimed.copy_sign(total), None


def _held(invoice: Invoice, use: InvoiceUse, user: User | None) -> Message:
    """Who has it, on which bill, since when; no names of a company this person may not see."""
    since = date_format(timezone.localtime(use.picked_at), "SHORT_DATETIME_FORMAT")
    visible = None if user is None else visible_company_ids(user)
    if visible is not None and use.bill.company_id not in visible:
        return Message("bills.held_unseen", {"invoice": str(invoice), "since": since})
    who = name_of(use.picked_by) if use.picked_by or use.bill.is_own else str(use.bill.source)
    return Message("bills.held", {"invoice": str(invoice), "bill": use.bill.number, "who": who, "since": since})


def _write(bill: Bill, picked: Picked, user: User | None) -> None:
    InvoiceUse.objects.bulk_create(picked.uses)
    tell_ledger(use.invoice_id for use in picked.uses)
    record(bill, "pick", user, "bills.was_picked", count=len(picked.uses))
    overridden = [use for use in picked.uses if use.override_reason]
    if overridden:
        reason = overridden[0].override_reason
        record(bill, "override", user, "bills.was_overridden", reason, invoices=named(overridden))


@transaction.atomic
def release(
    bill: Bill, use_ids: Sequence[int], user: User | None, revision: int | None = None, *, said: str = _RELEASED
) -> int:
    """Take invoices off a draft; how many. ``said``: the sentence of the timeline, with ``count`` and ``invoices``."""
    found = editable(bill, revision)
    going = list(live(found.uses.filter(pk__in=use_ids)).select_related("invoice").order_by("pk"))
    freed = free(found.uses.filter(pk__in=[use.pk for use in going]), user)
    if freed:
        tell_ledger(freed)
        record(found, "release", user, said, count=len(freed), invoices=named(going))
    return len(freed)


def named(uses: Sequence[InvoiceUse]) -> str:
    """Their invoices, as sentences list them; ``use.invoice`` should be at hand."""
    return ", ".join(str(use.invoice) for use in uses)[:500]


@transaction.atomic
def restore(bill: Bill, use_ids: Sequence[int], user: User | None, revision: int | None = None) -> Restored:
    """Put onto a draft again what was taken off it, as it was, where it is still free."""
    found = editable(bill, revision)
    restored = _take_up(found, found.uses.filter(pk__in=use_ids), user)
    if restored.held:
        record(found, "pick", user, "bills.was_put_back", held=restored.held, lost=restored.lost)
    return restored


@transaction.atomic
def adjust_use(
    bill: Bill, use: InvoiceUse, user: User | None, revision: int | None = None, **changes: Any
) -> InvoiceUse:
    """Change USE_FIELDS of an invoice on a draft; an amount of None claims all that is left. Raises HubError when the
    amount is more than there is."""
    found = editable(bill, revision)
    if changes.keys() - set(USE_FIELDS):
        raise TypeError(f"not for adjusting: {changes.keys() - set(USE_FIELDS)}")
    now = found.uses.select_related("invoice").exclude(state=UseState.RELEASED).filter(pk=use.pk).first()
    if now is None:
        raise HubError("bills.use_gone", bill=found.number)
    if changes.get("entry") is not None:
        changes["entry"] = entry_of(found, changes["entry"])
    if "entry" in changes:
        _must_be_alone(now, changes["entry"])
    if "amount" in changes:
        changes["amount"] = _readjusted(now, changes["amount"], user)
    for name, value in changes.items():
        setattr(now, name, value)
    now.save(update_fields=list(changes))
    record(found, "adjust", user, "bills.use_adjusted", invoice=str(now.invoice))
    return now


def _must_be_alone(use: InvoiceUse, entry: BillEntry | None) -> None:
    """Raise HubError when another share of the same invoice lies where this one would."""
    if live(use.bill.uses.filter(entry=entry, invoice=use.invoice_id)).exclude(pk=use.pk).exists():
        raise HubError("bills.there_already", invoice=str(use.invoice))


def _readjusted(use: InvoiceUse, amount: Decimal | None, user: User | None) -> Decimal | None:
    living = standing.living([use.invoice_id]).get(use.invoice_id, use.invoice_id)
    lock([living])
    others = [other for other in holders([living]).get(living, []) if other.pk != use.pk]
    claimed, refusal = _share(use.invoice, amount, others, use.shared, user)
    if refusal is not None:
        raise HubError(refusal.code, **refusal.params)
    return claimed


def hold_again(bill: Bill, user: User | None) -> Restored:
    """Take up again what the bill released when it went back, where it is still free."""
    restored = _take_up(bill, bill.uses.filter(released_with_bill=True), user)
    bill.uses.filter(released_with_bill=True).update(released_with_bill=False)
    return restored


def _take_up(bill: Bill, uses: QuerySet[InvoiceUse], user: User | None) -> Restored:
    former = list(uses.filter(state=UseState.RELEASED).select_related("invoice").order_by("pk"))
    living = standing.living([use.invoice_id for use in former])
    lock(living.values())
    taken = holders(living.values())
    sharing, cases = shares_by_amount(bill.company_id, bill.type), open_certain_case(living.values())
    held = []
    for use in former:
        pk = living[use.invoice_id]
        _claimed, refusal = _share(use.invoice, use.amount, taken.get(pk, []), sharing, user)
        if refusal is None and (pk not in cases or use.override_reason):
            held.append(use)
            taken.setdefault(pk, []).append(use)
    back = bill.uses.filter(pk__in=[use.pk for use in held])
    back.update(
        state=UseState.HELD, shared=sharing, picked_by=user, picked_at=timezone.now(), released_at=None,
        released_by=None, released_with_bill=False,
    )  # fmt: skip
    tell_ledger(use.invoice_id for use in held)
    return Restored(len(held), len(former) - len(held))
