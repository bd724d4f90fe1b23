"""Making and changing bills and their entries."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone

from apps.accounts.models import Company, User
from apps.bills import pushing
from apps.bills.choices import BillState, UseState
from apps.bills.covers import services as covers
from apps.bills.models import Bill, BillEntry
from apps.bills.selectors import live
from apps.core.copying import next_ids
from apps.core.errors import HubError

from .writing import editable, entry_of, free, locked, record, tell_ledger

EDITABLE_FIELDS = (
    "number",
    "type",
    "title",
    "employee",
    "department",
    "payee",
    "currency",
    "bill_date",
    "amount",
    "source",
)
ENTRY_FIELDS = ("cost_type", "description", "spent_on", "amount")
_DELETABLE = (BillState.DRAFT, BillState.DISCARDED)


@transaction.atomic
def create_bill(company: Company, user: User | None, **values: Any) -> Bill:
    """A new draft of our own. Without a number it gets one. Raises HubError ``bills.number_taken``."""
    (pk,) = next_ids("bills_bill", 1)
    today = timezone.localdate()
    values.setdefault("bill_date", today)
    number = values.pop("number", "") or f"BX{today:%Y%m}{pk:06d}"
    bill = Bill(pk=pk, company=company, number=number, created_by=user, **values)
    try:
        with transaction.atomic():
            bill.save(force_insert=True)
    except IntegrityError as error:
        raise HubError("bills.number_taken", number=number) from error
    record(bill, "create", user, "bills.was_created")
    return bill


@transaction.atomic
def edit_bill(bill: Bill, user: User | None, revision: int | None = None, **changes: Any) -> Bill:
    """Change fields of EDITABLE_FIELDS of a draft. Raises HubError."""
    found = editable(bill, revision)
    differing = {name: value for name, value in changes.items() if getattr(found, name) != value}
    if differing.keys() - set(EDITABLE_FIELDS):
        raise TypeError(f"not for editing: {differing.keys() - set(EDITABLE_FIELDS)}")
    if not differing:
        return found
    if "source" in differing:
        pushing.leave(found, found.source, user)
    for name, value in differing.items():
        setattr(found, name, value)
    labels = ", ".join(str(Bill._meta.get_field(name).verbose_name) for name in differing)  # type: ignore[union-attr]
    try:
        with transaction.atomic():
            record(found, "edit", user, "bills.was_edited", fields=labels)
    except IntegrityError as error:
        raise HubError("bills.number_taken", number=found.number) from error
    return found


@transaction.atomic
def delete_bill(bill: Bill, user: User | None, revision: int | None = None) -> None:
    """Remove a draft or a discarded bill for good; its invoices are free. What it was stays in the audit trail. Raises
    HubError, also when a voucher names it."""
    found = locked(bill, revision)
    if found.state not in _DELETABLE:
        raise HubError("bills.not_editable", bill=found.number)
    freed = free(found.uses.all(), user)
    pushing.leave(found, found.source, user)
    covers.remove(found)
    try:
        found.delete()
    except ProtectedError as error:
        raise HubError("bills.still_named", bill=bill.number) from error
    tell_ledger(freed)


@transaction.atomic
def put_entry(
    bill: Bill, user: User | None, revision: int | None = None, entry: BillEntry | None = None, **values: Any
) -> BillEntry:
    """A new entry at the end of a draft, or new ENTRY_FIELDS of one it has."""
    found = editable(bill, revision)
    if entry is None:
        last = found.entries.aggregate(last=Max("position"))["last"] or 0
        entry = BillEntry(bill=found, position=last + 1)
    else:
        entry = entry_of(found, entry)
    for name in ENTRY_FIELDS:
        if name in values:
            setattr(entry, name, values[name])
    entry.save()
    record(found, "entry", user, "bills.entry_put", position=entry.position)
    return entry


@transaction.atomic
def drop_entry(bill: Bill, entry: BillEntry, user: User | None, revision: int | None = None) -> Bill:
    """Take an entry off a draft. Its invoices stay on the bill, on no entry."""
    found = editable(bill, revision)
    entry = entry_of(found, entry)
    position = entry.position
    freely = live(found.uses.filter(entry=None)).values("invoice")
    twice = live(entry.uses.filter(invoice__in=freely)).select_related("invoice").first()
    if twice is not None:
        raise HubError("bills.there_already", invoice=str(twice.invoice))
    if found.uses.filter(entry=entry).exclude(state=UseState.RELEASED).update(entry=None):
        pushing.drop_entry(found, entry.branch_id, user)
    found.uses.filter(entry=entry).update(entry=None)
    found.entries.filter(pk=entry.pk).delete()
    record(found, "entry", user, "bills.entry_dropped", position=position)
    return found
